"""``@@partages-recus``: the recipient's pages, and the way to each shared document."""

from civisdata.content import _
from civisdata.content.citizens.addresses import standard_address
from civisdata.content.citizens.journal import note
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.depot_settings import script_settings
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.names import split_extension
from civisdata.content.vault.settings import offered_categories
from civisdata.content.vault.sharing import noted
from civisdata.content.vault.sharing import received as receiving
from civisdata.content.vault.sharing.adding import add
from civisdata.content.vault.sharing.browser.base import SharingView
from civisdata.content.vault.sharing.browser.words import NO_ROOM
from civisdata.content.vault.sharing.browser.words import TOO_MANY_WAIT
from civisdata.content.vault.sharing.parts import DOCUMENT
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.people import name_of
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import ensure_vault
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.component import getMultiAdapter
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import re


_ID = re.compile(r"[0-9a-f]{32}")
#: Name below a shared document → the view that answers.
DOCUMENT_VIEWS = {
    "chercher": "partage-chercher",
    "lire": "partage-lire",
    "mots": "partage-mots",
    "page": "partage-page",
    "telecharger": "partage-telecharger",
    "vignettes": "partage-vignettes",
}


@implementer(IPublishTraverse)
class ReceivedShares(SharingView):
    """``@@partages-recus``, ``…/<share>`` and ``…/<share>/<document>/<view>``."""

    index = ViewPageTemplateFile("templates/received.pt")
    page_title = _("Shared with me")
    received_id: str | None = None
    document_id: str | None = None

    def publishTraverse(self, request, name: str):
        if _ID.fullmatch(name):
            if self.received_id is None:
                self.received_id = name
                return self
            if self.document_id is None:
                self.document_id = name
                return self
        name = name.removeprefix("@@")
        if self.document_id is not None and name in DOCUMENT_VIEWS:
            view = getMultiAdapter((self.context, request), name=DOCUMENT_VIEWS[name])
            view.received_id = self.received_id
            view.document_id = self.document_id
            return view
        if name == "depot" and self.received_id and self.document_id is None:
            view = getMultiAdapter((self.context, request), name="partage-depot")
            view.received_id = self.received_id
            return view
        raise NotFound(name)

    def respond(self):
        if self.received_id is None:
            return super().respond()
        if self.document_id is not None:
            url = f"{self.received_url}/{self.received_id}/{self.document_id}/lire"
            self.request.response.redirect(url)
            return ""
        view = getMultiAdapter((self.context, self.request), name="partage-recu")
        view.received_id = self.received_id
        return view()

    def act(self):
        action = self.typed("action")
        if action in ("welcome", "unwelcome"):
            sharing = ensure_sharing(ensure_vault(self.context))
            sharing.welcome = action == "welcome"
            note(self.context, noted.WELCOME if sharing.welcome else noted.UNWELCOME)
            return self.done(self.received_url, _("Your choice is stored."))
        actions = {
            "accept": (
                receiving.accept,
                noted.TAKEN,
                _("You have accepted the share."),
            ),
            "refuse": (
                receiving.refuse,
                noted.DECLINED,
                _("You have refused the share."),
            ),
            "leave": (
                receiving.leave,
                noted.RETURNED,
                _("You have given the share back."),
            ),
            "forget": (self.forget, "", _("Taken out of the list.")),
        }
        if action not in actions:
            raise NotFound("action")
        act, entry, message = actions[action]
        try:
            found = receiving.find_received(self.context, self.bundle, self.typed("id"))
            act(found)
            if entry:
                noted.note_answer(self.context, found, entry)
        except NoSuchItem:
            message = _("This share has ended already.")
        return self.done(self.received_url, message)

    def forget(self, found: receiving.Received) -> None:
        receiving.forget_received(self.context, found)

    @cached_property
    def _rows(self) -> list[dict]:
        return [
            self._row(found)
            for found in receiving.all_received(self.context, self.bundle)
        ]

    def _row(self, found: receiving.Received) -> dict:
        row = {
            "id": found.id,
            "from": found.letter.owner_name,
            "fingerprint": found.letter.owner_public.fingerprint,
            "live": found.is_live,
            "waits": found.waits,
        }
        if not found.is_live:
            return row
        url = f"{self.received_url}/{found.id}"
        head = found.head
        return {
            **row,
            "url": url if head.kind == FOLDER else f"{url}/{head.item}/lire",
            "title": head.title,
            "folder": head.kind == FOLDER,
            "add": head.may_add,
            "message": head.message,
            "since": self.day(found.share.offered_at),
            "until": self.last_day(head.until),
        }

    def label(self, action: str, row: dict) -> str:
        """What a button is called for those who don't see the card around it."""
        words = {
            "accept": _("Accept"),
            "refuse": _("Refuse"),
            "leave": _("Give back"),
            "forget": _("Take out of the list"),
        }
        return f"{self.text(words[action])} : {row.get('title') or row['from']}"

    @property
    def waiting(self) -> list[dict]:
        return [row for row in self._rows if row["waits"]]

    @property
    def taken(self) -> list[dict]:
        return [row for row in self._rows if row["live"] and not row["waits"]]

    @property
    def ended(self) -> list[dict]:
        return [row for row in self._rows if not row["live"]]

    @property
    def welcome(self) -> bool:
        return sharing_of(self.vault).welcome

    @property
    def login(self) -> str:
        return self.context.login

    @property
    def address(self) -> str:
        return standard_address(api.portal.get(), self.context)

    @property
    def fingerprint(self) -> str:
        return self.bundle.fingerprint


class SharedFolderPage(SharingView):
    """``@@partages-recus/<share>?dossier=<id>``: a shared folder, and adding to it."""

    index = ViewPageTemplateFile("templates/shared_folder.pt")
    queue_template = ViewPageTemplateFile("../../browser/templates/upload_queue.pt")
    page_title = _("Shared folder")
    received_id: str | None = None

    def respond(self):
        if self.received_id is None:
            raise NotFound("share")
        try:
            self.received = receiving.find_received(
                self.context, self.bundle, self.received_id
            )
            self.shared = receiving.open_shared(self.received, self.bundle)
        except NoSuchItem:
            raise NotFound("share") from None
        head = self.received.head
        if head.kind == DOCUMENT:
            self.request.response.redirect(f"{self.share_url}/{head.item}/lire")
            return ""
        if self.folder_id not in {head.item, *self.shared.folders}:
            raise NotFound("folder")
        return super().respond()

    def announce(self) -> None:
        """The own vault isn't what is looked at here."""

    @property
    def folder_id(self) -> str:
        return self.typed("dossier") or self.received.head.item

    @property
    def share_url(self) -> str:
        return f"{self.received_url}/{self.received_id}"

    @property
    def may_add(self) -> bool:
        return self.received.head.may_add and self.folder_id in self.shared.folders

    def act(self):
        if not self.may_add:
            raise NotFound("add")
        files = self.request.form.get("file") or []
        files = files if isinstance(files, list) else [files]
        files = [file for file in files if getattr(file, "filename", "")]
        if not files:
            return self.refused(_("Choose a file first."))
        try:
            for file in files:
                file.seek(0, 2)
                size = file.tell()
                file.seek(0)
                document_id = add(
                    self.received,
                    self.bundle,
                    folder=self.folder_id,
                    by=name_of(self.context),
                    name=file.filename,
                    size=size,
                    category=self.typed("category") or DEFAULT,
                    limits=limits(),
                    categories=offered_categories(),
                    stream=file,
                )
                noted.note_answer(
                    self.context, self.received, noted.CONTRIBUTED, document_id
                )
        except Refused as error:
            words = {**REFUSED, "quota": NO_ROOM, "arrivals": TOO_MANY_WAIT}
            return self.refused(words[error.reason])
        message = _("Documents added: ${count}.", mapping={"count": len(files)})
        return self.done(f"{self.share_url}?dossier={self.folder_id}", message)

    @property
    def title(self) -> str:
        folder = self.shared.folders.get(self.folder_id)
        return folder.title if folder else self.received.head.title

    @property
    def owner(self) -> str:
        return self.received.letter.owner_name

    @property
    def until(self) -> str:
        return self.last_day(self.received.head.until)

    @property
    def path(self) -> list[dict]:
        """The folders above, from the shared one down."""
        return [
            {"title": folder.title, "url": f"{self.share_url}?dossier={id}"}
            for id, folder in self.shared.path(self.folder_id)[:-1]
        ]

    @property
    def folders(self) -> list[dict]:
        rows = [
            {"title": folder.title, "url": f"{self.share_url}?dossier={id}"}
            for id, folder in self.shared.folders.items()
            if folder.parent == self.folder_id
        ]
        return sorted(rows, key=lambda row: row["title"].casefold())

    @property
    def documents(self) -> list[dict]:
        rows = []
        for id, document in self.shared.documents.items():
            if document.folder != self.folder_id:
                continue
            url = f"{self.share_url}/{id}"
            shown = can_be_shown(document.kind)
            rows.append(
                {
                    "title": document.title,
                    "url": f"{url}/lire" if shown else f"{url}/telecharger",
                    "download_url": f"{url}/telecharger",
                    "download_label": f"{self.text(_('Download'))} {document.title}",
                    "format": split_extension(document.name)[1].upper(),
                    "size": self.size(document.size),
                    "date": self.day(document.stored_at),
                    "by": document.added_by,
                }
            )
        return sorted(rows, key=lambda row: row["title"].casefold())

    @property
    def categories(self) -> list[dict]:
        return [
            {"id": id, "title": title, "selected": id == DEFAULT}
            for id, title in offered_categories().items()
        ]

    @property
    def script_settings(self) -> str:
        """What depot.js needs; folders can't be made here."""
        url = f"{self.share_url}/depot"
        return script_settings(self, self.folder_id, url=url, filing="")
