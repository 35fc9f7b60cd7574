"""``@@export`` and ``@@export-selection``: archives out of a space."""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens import accounts
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.passwords import check_strength
from civisdata.content.citizens.passwords import Refused
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.journal_words import ALTERED as ALTERED_NOTED
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.transfer.authorities import authorities
from civisdata.content.vault.transfer.authorities import Authority
from civisdata.content.vault.transfer.authorities import is_recipient
from civisdata.content.vault.transfer.browser.base import OpenVaultForm
from civisdata.content.vault.transfer.browser.base import send
from civisdata.content.vault.transfer.browser.texts import duration_text
from civisdata.content.vault.transfer.export import choose
from civisdata.content.vault.transfer.export import Chosen
from civisdata.content.vault.transfer.export import prepare
from civisdata.content.vault.transfer.export import prepare_selection
from civisdata.content.vault.transfer.export import Prepared
from civisdata.content.vault.transfer.journal_words import alteration_noter
from civisdata.content.vault.transfer.journal_words import EXPORTED
from civisdata.content.vault.transfer.journal_words import SELECTION
from civisdata.content.vault.transfer.sealed import to_passphrase
from civisdata.content.vault.transfer.sealed import to_recipient
from civisdata.content.vault.transfer.sections import export_sections
from civisdata.content.vault.transfer.types import known_types
from datetime import date
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
import transaction


ZIP, PASSPHRASE, AUTHORITY = "zip", "passphrase", "authority"

#: What an archive can be: title, and whom it suits.
FORMS = {
    ZIP: (
        _("An ordinary ZIP"),
        _(
            "Every computer opens it. Nothing in it is encrypted any more: keep it in a "
            "safe place."
        ),
    ),
    PASSPHRASE: (
        _("An archive with a passphrase"),
        _(
            "Encrypted with words that you choose. Another Civis Data portal imports it; "
            "the free program age opens it too. Without the passphrase, nobody does."
        ),
    ),
    AUTHORITY: (
        _("An archive for another authority"),
        _(
            "You are moving: only the portal of the authority that you name can open it, "
            "and import it into your space there."
        ),
    ),
}


def note_unreadable(space, chosen: Chosen) -> None:
    """Note in the journal what didn't open, by its id."""
    for item in chosen.unreadable:
        note(space, ALTERED_NOTED, item=item)


class Export(OpenVaultForm):
    """Tells what there is to take along, then sends it, after the password."""

    index = ViewPageTemplateFile("templates/export.pt")
    page_title = _("Take everything along")
    labels = {
        "recipient": _("Address of the authority (age1…)"),
        "passphrase": _("Passphrase of the archive"),
        "repeated": _("The same passphrase again"),
        "current": _("Current password"),
        "consent": _("Your agreement"),
    }

    def prepare(self) -> str | None:
        elsewhere = super().prepare()
        if elsewhere is None:
            self.recipient = self._recipient()
        return elsewhere

    def _recipient(self) -> str:
        """The address chosen or pasted; an error where it is none."""
        if self.form != AUTHORITY:
            return ""
        asked = self.typed("other").strip() or self.typed("recipient").strip()
        asked = "".join(asked.split()).lower()
        if is_recipient(asked):
            return asked
        self.errors["recipient"] = _(
            "This is not the address of an authority. It begins with « age1 » and has 62 "
            "characters; its portal shows it."
        )
        return ""

    @property
    def form(self) -> str:
        """The kind of archive that was chosen, empty before."""
        asked = self.typed("archive")
        return asked if asked in FORMS else ""

    @property
    def ready(self) -> bool:
        """Whether all is chosen, and the password is what is left to give."""
        return bool(self.form) and "recipient" not in self.errors

    @property
    def with_bin(self) -> bool:
        return self.typed("bin") == "1"

    @property
    def forms(self) -> list[dict]:
        chosen = self.form or ZIP
        return [
            {"id": id, "title": title, "text": text, "chosen": id == chosen}
            for id, (title, text) in FORMS.items()
        ]

    @property
    def form_title(self):
        return FORMS[self.form][0]

    @property
    def form_text(self):
        return FORMS[self.form][1]

    @cached_property
    def authorities(self) -> list[Authority]:
        return authorities()

    @property
    def authority(self) -> Authority:
        """Who opens the archive, as far as it is known."""
        for known in self.authorities:
            if known.recipient == self.recipient:
                return known
        return Authority(self.text(_("Unknown authority")), "", self.recipient, "")

    @cached_property
    def contents(self) -> Contents:
        return open_contents(get_vault(self.context), self.context.getId(), self.bundle)

    @property
    def facts(self) -> dict:
        """How much there is, and how long it takes."""
        rows = self.contents.documents.values()
        kept = [row for row in rows if not self.contents.is_binned(row)]
        size = sum(row.size for row in rows if self.with_bin or row in kept)
        return {
            "documents": len(kept),
            "binned": len(rows) - len(kept),
            "size": self.size(size),
            "duration": self.text(duration_text(size)),
            "altered": len(self.contents.altered),
        }

    def act(self, action: str):
        if action != "download" or not self.ready:
            return None
        self.counted(
            lambda: accounts.need_current(self.context, self.secret("current")),
            "current",
        )
        if not self.ticked("consent", "1"):
            raise Refused(
                _("Tick the box: it says that you know what the archive holds."),
                "consent",
            )
        if self.form == PASSPHRASE:
            self._check_passphrase()
        try:
            return self._send()
        except TooBusy:
            # Not exported, so not noted.
            transaction.abort()
            raise Refused(
                _("The service is very busy. Please try again in a moment.")
            ) from None

    def _check_passphrase(self) -> None:
        passphrase = self.secret("passphrase")
        if passphrase != self.secret("repeated"):
            raise Refused(_("The two passphrases are not the same."), "repeated")
        check_strength(passphrase, accounts.known_words(self.context), "passphrase")

    def _send(self):
        portal = api.portal.get()
        chosen = choose(
            get_vault(self.context),
            self.context.getId(),
            self.bundle,
            with_bin=self.with_bin,
        )
        note(self.context, EXPORTED, form=self.form, count=len(chosen.sources))
        note_unreadable(self.context, chosen)
        prepared = prepare(
            chosen,
            self.context._p_jar.db(),
            self.bundle,
            space_id=self.context.getId(),
            portal={"name": portal.Title(), "url": portal.absolute_url()},
            sections=export_sections(self.context, self.bundle),
            translate=self.text,
            types=known_types(
                get_vault(self.context), self.context.getId(), self.bundle
            ),
            found_altered=alteration_noter(self.context),
        )
        name = f"civisdata-{date.today().isoformat()}.zip"
        if self.form != ZIP:
            prepared, name = self._sealed(prepared), f"{name}.age"
        return send(self.request, prepared, name)

    def _sealed(self, prepared: Prepared) -> Prepared:
        if self.form == PASSPHRASE:
            return to_passphrase(prepared, self.secret("passphrase"))
        return to_recipient(prepared, self.recipient)


class ExportSelection(VaultView):
    """Documents (``documents``) and folders (``folders``), by their ids, as one ZIP.

    It holds their bytes and names alone, as downloads one by one would: no password is
    asked for. Only POST gives it; GET leads to the documents.
    """

    def respond(self):
        if self.request.get("REQUEST_METHOD") != "POST":
            return self._back()
        self.check_token()
        chosen = choose(
            self.vault,
            self.space_id,
            self.bundle,
            with_bin=False,
            only=self._chosen,
        )
        if not chosen.sources and not chosen.unreadable:
            return self._back(_("Choose at least one document or folder."))
        note(self.context, SELECTION, count=len(chosen.sources))
        note_unreadable(self.context, chosen)
        prepared = prepare_selection(
            chosen, self.context._p_jar.db(), alteration_noter(self.context)
        )
        name = f"documents-{date.today().isoformat()}.zip"
        try:
            return send(self.request, prepared, name)
        except TooBusy:
            self.undo()
            return self._back(
                _("The service is very busy. Please try again in a moment.")
            )

    def _back(self, problem=None):
        if problem is not None:
            api.portal.show_message(problem, self.request, "error")
        self.request.response.redirect(self.list_url, status=303)
        return ""

    def _chosen(self, contents: Contents) -> set[str]:
        """Give the chosen documents, and those that lie in chosen folders."""
        form = self.request.form
        wanted = set(as_list(form.get("documents"))) & set(contents.documents)
        for folder_id in set(as_list(form.get("folders"))) & set(contents.folders):
            inside = {folder.id for folder in contents.below(folder_id)}
            wanted |= {
                id for id, row in contents.documents.items() if row.folder in inside
            }
        return wanted
