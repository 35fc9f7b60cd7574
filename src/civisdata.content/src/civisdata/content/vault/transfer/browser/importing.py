"""``@@import``: from an archive into this space; each phase is one state of the page."""

from civisdata.content import _
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.passwords import Refused
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.texts import EXPIRED
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import Refused as VaultRefused
from civisdata.content.vault.sealing import Window
from civisdata.content.vault.transfer import importing
from civisdata.content.vault.transfer import intake as intakes
from civisdata.content.vault.transfer.authorities import authority_of
from civisdata.content.vault.transfer.authorities import is_ours
from civisdata.content.vault.transfer.browser.base import OpenVaultForm
from civisdata.content.vault.transfer.browser.texts import SECTIONS
from civisdata.content.vault.transfer.browser.texts import WRONG
from civisdata.content.vault.transfer.errors import WrongPassphrase
from civisdata.content.vault.transfer.journal_words import IMPORTED
from civisdata.content.vault.transfer.journal_words import REFUSED as REFUSED_NOTED
from civisdata.content.vault.transfer.signatures import fingerprint
from civisdata.content.vault.transfer.store import Intake
from civisdata.content.vault.turns import turn
from datetime import datetime
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.i18nmessageid import Message
import json
import logging
import transaction


logger = logging.getLogger("civisdata.vault")

#: Without a script, one press of the button goes on for so many bytes and documents.
LARGE_STEP = {"step_bytes": 768 * 1024 * 1024, "step_documents": 1000}
NO_ARCHIVE = ""


def note_end(space, bundle: KeyBundle, intake: Intake) -> None:
    """Note in the journal how an archive has just ended, if it has."""
    state = intakes.load_state(space, bundle, intake)
    if state["phase"] == intakes.DONE:
        note(space, IMPORTED, count=state["imported"])
    elif state["phase"] == intakes.REFUSED:
        note(space, REFUSED_NOTED)


class Import(OpenVaultForm):
    """Takes an archive, verifies it, tells what it is, and imports it when told to."""

    index = ViewPageTemplateFile("templates/import.pt")
    page_title = _("Import an archive")
    labels = {
        "file": _("Archive"),
        "passphrase": _("Passphrase of the archive"),
    }

    def prepare(self) -> str | None:
        self.state: dict = {}
        elsewhere = super().prepare()
        if elsewhere is None and self.intake is not None:
            self._load()
        return elsewhere

    def _load(self) -> None:
        try:
            self.state = intakes.load_state(self.context, self.bundle, self.intake)
        except (IntegrityError, ValueError):
            logger.error("integrity: an archive coming in to %s", self.context.getId())
            self.state = {"phase": intakes.REFUSED, "reason": "altered", "detail": ""}

    @property
    def intake(self) -> Intake | None:
        return intakes.current_intake(self.context)

    @property
    def phase(self) -> str:
        return self.state.get("phase", NO_ARCHIVE)

    def act(self, action: str):
        intakes.purge_intake(self.context)
        if action == "upload":
            with turn():
                return self._upload()
        if action == "drop":
            intakes.drop_intake(self.context)
            return self._again()
        if self.intake is None:
            return self._again()
        if action == "open":
            with turn():
                return self._open()
        if action == "agree":
            importing.agree(self.context, self.bundle, self.intake)
            return self._again()
        if action == "step":
            with turn():
                return self._step()
        return self._again()

    def crowded(self, text: str) -> str:
        if self.typed("script") != "1":
            return super().crowded(text)
        self.request.response.setHeader("Content-Type", "application/json")
        return json.dumps({"error": "crowded", "message": text})

    def _again(self) -> str:
        return self.redirect(f"{self.space_url}/@@import")

    def _upload(self) -> str:
        """Take a whole archive from the plain form."""
        file = self.request.form.get("file")
        if not getattr(file, "filename", ""):
            raise Refused(_("Choose a file first."), "file")
        file.seek(0, 2)
        size = file.tell()
        file.seek(0)
        try:
            intake = intakes.start_intake(
                self.context,
                self.bundle,
                name=file.filename,
                size=size,
                quota=limits().quota,
            )
            while intake.received < size:
                length = min(intake.piece_size, size - intake.received)
                intakes.add_piece(
                    self.context,
                    self.bundle,
                    intake,
                    intake.received,
                    Window(file, length),
                )
        except VaultRefused as error:
            transaction.abort()
            raise Refused(REFUSED[error.reason], "file") from None
        importing.look(self.context, self.bundle, intake)
        note_end(self.context, self.bundle, intake)
        return self._again()

    def _open(self) -> str:
        try:
            importing.unlock(
                self.context, self.bundle, self.intake, self.secret("passphrase")
            )
        except WrongPassphrase as error:
            raise Refused(WRONG[error.reason], "passphrase") from None
        except TooBusy:
            raise Refused(
                _("The service is very busy. Please try again in a moment.")
            ) from None
        if self.phase == intakes.RECEIVED:
            note_end(self.context, self.bundle, self.intake)
        return self._again()

    def _step(self) -> str:
        scripted, before = self.typed("script") == "1", self.phase
        self.state = importing.step(
            self.context,
            self.bundle,
            self.intake,
            limits().quota,
            **({} if scripted else LARGE_STEP),
        )
        if self.phase != before:
            note_end(self.context, self.bundle, self.intake)
        if not scripted:
            return self._again()
        self.request.response.setHeader("Content-Type", "application/json")
        return json.dumps(
            {
                "phase": self.phase,
                "done": self.progress["done"],
                "text": self.text(self.progress["text"]),
                "problem": bool(self.state.get("problem")),
            }
        )

    @property
    def progress(self) -> dict:
        """How far verifying or importing is."""
        size = self.summary.get("size", 0)
        done = self.state.get("bytes", 0)
        return {
            "done": done,
            "size": max(1, size),
            "text": _(
                "${done} of ${size}",
                mapping={"done": self.size(done), "size": self.size(size)},
            ),
        }

    @property
    def received(self) -> dict:
        """How much of the archive has come in."""
        return {
            "done": self.intake.received,
            "size": self.intake.size,
            "text": _(
                "${done} of ${size}",
                mapping={
                    "done": self.size(self.intake.received),
                    "size": self.size(self.intake.size),
                },
            ),
        }

    @property
    def summary(self) -> dict:
        return self.state.get("summary", {})

    @property
    def summary_size(self) -> str:
        return self.size(self.summary["size"])

    @property
    def refusal(self) -> Message:
        return WRONG.get(self.state.get("reason", ""), WRONG["archive"])

    @property
    def problem(self) -> Message | None:
        reason = self.state.get("problem")
        return WRONG[reason] if reason else None

    @cached_property
    def signer(self) -> dict:
        """Who signed the archive, as far as this portal knows."""
        portal = self.summary["portal"]
        known = authority_of(portal["signing_key"])
        return {
            "name": known.name if known else portal["name"],
            "url": portal["url"],
            "known": known is not None or is_ours(portal["signing_key"]),
            "fingerprint": fingerprint(portal["signing_key"]),
        }

    @property
    def made_at(self) -> str:
        try:
            made = datetime.fromisoformat(self.summary["made_at"])
        except ValueError:
            return self.summary["made_at"]
        return written_moment(made.timestamp())

    @property
    def sections(self) -> list[Message]:
        """What there is besides documents, in words."""
        return [SECTIONS[name] for name in self.summary["sections"] if name in SECTIONS]

    @property
    def largest(self) -> str:
        return self.size(limits().quota)

    @property
    def script_settings(self) -> str:
        """What import.js needs, as JSON."""
        texts = {
            "sending": _("Sending"),
            "retrying": _("The connection was lost. Trying again…"),
            "failed": _(
                "The connection was lost. What has arrived is kept: go on later with the "
                "same file."
            ),
            "expired": EXPIRED,
            "other": _("This is not the file that was being sent."),
        }
        intake = self.intake
        return json.dumps(
            {
                "depot": f"{self.space_url}/@@import-depot",
                "page": f"{self.space_url}/@@import",
                "phase": self.phase,
                "resume": None
                if intake is None or self.phase != intakes.RECEIVING
                else {
                    "id": intake.id,
                    "size": intake.size,
                    "offset": intake.received,
                    "piece": intake.piece_size,
                    "name": self.state.get("name", ""),
                },
                "texts": {name: self.text(text) for name, text in texts.items()},
            },
            ensure_ascii=False,
        )
