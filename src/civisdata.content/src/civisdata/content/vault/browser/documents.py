"""``@@documents``: the list and the upload form, and the way to each document."""

from civisdata.content import _
from civisdata.content.citizens.journal.visits import DOWNLOAD_SECONDS
from civisdata.content.vault.browser.base import DocumentView
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.base import logger
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.texts import ALTERED
from civisdata.content.vault.browser.texts import EXPIRED
from civisdata.content.vault.browser.texts import LOCKED
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.categories import CATEGORIES
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.deposits.marks import origin_of
from civisdata.content.vault.documents import delete_document
from civisdata.content.vault.documents import list_documents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.journal_words import ALTERED as ALTERED_NOTED
from civisdata.content.vault.journal_words import DELETED
from civisdata.content.vault.journal_words import STORED
from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.names import split_extension
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import store_stream
from DateTime import DateTime
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.component import getMultiAdapter
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import json
import re


PAGE = 50
#: Names of the views below a document.
DOCUMENT_VIEWS = (
    "lire",
    "page",
    "mots",
    "vignette",
    "vignettes",
    "chercher",
    "telecharger",
    "supprimer",
    "recu",
)
_ID = re.compile(r"[0-9a-f]{32}")


@implementer(IPublishTraverse)
class Documents(VaultView):
    """``@@documents`` and ``@@documents/<id>/<view>``."""

    index = ViewPageTemplateFile("templates/documents.pt")
    page_title = _("My documents")
    document_id: str | None = None
    errors: tuple[str, ...] = ()

    def publishTraverse(self, request, name: str):
        if self.document_id is None and _ID.fullmatch(name):
            self.document_id = name
            return self
        name = name.removeprefix("@@")
        if self.document_id is not None and name in DOCUMENT_VIEWS:
            view = getMultiAdapter((self.context, request), name=name)
            view.document_id = self.document_id
            return view
        raise NotFound(name)

    def respond(self):
        if self.document_id is not None:
            self.request.response.redirect(f"{self.list_url}/{self.document_id}/lire")
            return ""
        if self.request.method == "POST":
            return self.store()
        return self.index()

    def store(self):
        """Store the files of the plain form: all of them or none."""
        self.check_token()
        files = self.request.form.get("file") or []
        files = files if isinstance(files, list) else [files]
        files = [file for file in files if getattr(file, "filename", "")]
        if not files:
            self.errors = (self.text(_("Choose a file first.")),)
            return self.index()
        vault, allowed = ensure_vault(self.context), limits()
        try:
            for file in files:
                file.seek(0, 2)
                size = file.tell()
                file.seek(0)
                document_id = store_stream(
                    vault,
                    self.space_id,
                    self.bundle,
                    name=file.filename,
                    size=size,
                    category=self.request.form.get("category", DEFAULT),
                    limits=allowed,
                    stream=file,
                )
                self.note(STORED, document_id, window=0)
        except Refused as error:
            self.undo()
            self.request.response.setStatus(400)
            self.errors = (f"{file.filename} : {self.text(REFUSED[error.reason])}",)
            return self.index()
        # The message travels in a cookie: it says how many, never which.
        message = _("Documents stored: ${count}.", mapping={"count": len(files)})
        api.portal.show_message(message, self.request)
        self.request.response.redirect(self.list_url, status=303)
        return ""

    @property
    def start(self) -> int:
        try:
            return max(0, int(self.request.form.get("debut", 0)))
        except (TypeError, ValueError):
            return 0

    @property
    def earlier_url(self) -> str | None:
        """The page of newer documents."""
        if not self.start:
            return None
        return f"{self.list_url}?debut={max(0, self.start - PAGE)}"

    @property
    def later_url(self) -> str | None:
        if self.start + PAGE >= len(self.vault):
            return None
        return f"{self.list_url}?debut={self.start + PAGE}"

    @property
    def entries(self) -> list[dict]:
        entries = []
        for entry in list_documents(
            self.vault, self.space_id, self.bundle, self.start, PAGE
        ):
            if entry.metadata is None:
                logger.error("integrity: metadata of document %s", entry.id)
                self.note(ALTERED_NOTED, entry.id, window=DOWNLOAD_SECONDS)
            entries.append(self._entry(entry.id, entry.metadata))
        return entries

    def _entry(self, document_id: str, metadata: Metadata | None) -> dict:
        url = f"{self.list_url}/{document_id}"
        title = metadata.title if metadata else self.text(_("Altered document"))
        entry = {
            "title": title,
            "readable": metadata is not None,
            "delete_url": f"{url}/supprimer",
            "delete_label": f"{self.text(_('Delete'))} {title}",
        }
        if metadata is None:
            return entry
        shown = can_be_shown(metadata.kind)
        return {
            **entry,
            "url": f"{url}/lire" if shown else f"{url}/telecharger",
            "download_url": f"{url}/telecharger",
            "download_label": f"{self.text(_('Download'))} {title}",
            "name": metadata.name,
            "origin": origin_of(metadata),
            "format": split_extension(metadata.name)[1].upper(),
            "category": CATEGORIES.get(metadata.category, CATEGORIES[DEFAULT]),
            "size": self.size(metadata.size),
            "date": api.portal.get_localized_time(
                DateTime(metadata.stored_at), long_format=True
            ),
        }

    @property
    def altered_text(self) -> str:
        return self.text(ALTERED)

    @property
    def categories(self) -> list[dict]:
        return [
            {"id": id, "title": title, "selected": id == DEFAULT}
            for id, title in CATEGORIES.items()
        ]

    @property
    def quota(self) -> dict:
        allowed = limits()
        used = self.vault.used
        return {
            "used": self.size(used),
            "total": self.size(allowed.quota),
            "percent": min(100, -(-100 * used // allowed.quota)),
            "largest": self.size(allowed.max_document),
        }

    @property
    def script_settings(self) -> str:
        """What depot.js needs, as JSON."""
        texts = {
            "waiting": _("Waiting"),
            "sending": _("Sending"),
            "checking": _("Checking"),
            "done": _("Stored"),
            "cancel": _("Cancel"),
            "cancelled": _("Cancelled: nothing was stored."),
            "retrying": _("The connection was lost. Trying again…"),
            "failed": _(
                "The connection was lost. Nothing was stored. Try again later."
            ),
            "expired": EXPIRED,
            "locked": LOCKED,
            "login": _("Log in again"),
            "unlock": _("Unlock"),
            "progress": _("Progress of"),
            "empty": REFUSED["empty"],
            "too_big": REFUSED["too_big"],
        }
        return json.dumps(
            {
                "url": f"{self.space_url}/@@depot",
                "login": f"{self.portal_url}/login",
                "unlock": f"{self.space_url}/@@deverrouiller",
                "list": self.list_url,
                "piece": PIECE,
                "largest": limits().max_document,
                "texts": {name: self.text(text) for name, text in texts.items()},
            },
            ensure_ascii=False,
        )


class Delete(DocumentView):
    """``@@documents/<id>/supprimer``: asks, then erases."""

    index = ViewPageTemplateFile("templates/delete.pt")
    page_title = _("Delete a document")

    def respond(self):
        document = self.document
        if self.request.method != "POST":
            return self.index()
        self.check_token()
        delete_document(self.vault, document.id)
        self.note(DELETED, document.id, window=0)
        api.portal.show_message(_("The document was erased."), self.request)
        self.request.response.redirect(self.list_url, status=303)
        return ""

    @property
    def title(self) -> str:
        try:
            return metadata_of(
                self.vault, self.space_id, self.document, self.bundle
            ).title
        except IntegrityError:
            return self.text(_("Altered document"))
