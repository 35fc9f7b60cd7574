"""``@@documents``: the list and the upload form, and the way to each document."""

from civisdata.content import _
from civisdata.content.vault.bin import put_in_bin
from civisdata.content.vault.browser.base import DocumentView
from civisdata.content.vault.browser.depot_settings import script_settings
from civisdata.content.vault.browser.listing import ListView
from civisdata.content.vault.browser.texts import ALTERED_FOLDER_TITLE
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.changes import changed
from civisdata.content.vault.documents import delete_document
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.filing import Opened
from civisdata.content.vault.interrupted import interrupted
from civisdata.content.vault.journal_words import DELETED
from civisdata.content.vault.journal_words import STORED
from civisdata.content.vault.listing import present
from civisdata.content.vault.listing import sort_key
from civisdata.content.vault.settings import limits
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import store_stream
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.component import getMultiAdapter
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import re


#: Names of the views below a document; « modifier » is below a folder too.
DOCUMENT_VIEWS = (
    "lire",
    "page",
    "mots",
    "vignette",
    "vignettes",
    "chercher",
    "telecharger",
    "supprimer",
    "modifier",
    "recu",
)
_ID = re.compile(r"[0-9a-f]{32}")


@implementer(IPublishTraverse)
class Documents(ListView):
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
        self.announce()
        return self.show()

    def store(self):
        """Store the files of the plain form: all of them or none."""
        self.check_token()
        files = self.request.form.get("file") or []
        files = files if isinstance(files, list) else [files]
        files = [file for file in files if getattr(file, "filename", "")]
        if not files:
            self.errors = (self.text(_("Choose a file first.")),)
            return self.show()
        vault, allowed, folder = ensure_vault(self.context), limits(), self.folder_id
        if folder and folder not in vault.folders:
            raise NotFound("folder")
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
                    folder=folder,
                    categories=self.categories,
                )
                self.note(STORED, document_id, window=0)
        except Refused as error:
            self.undo()
            self.request.response.setStatus(400)
            self.errors = (f"{file.filename} : {self.text(REFUSED[error.reason])}",)
            return self.show()
        message = _("Documents stored: ${count}.", mapping={"count": len(files)})
        return self.go(self.folder_url(folder), message)

    @property
    def interrupted(self) -> list[dict]:
        """Uploads that stopped half-way: they go on when the same file is chosen."""
        return [
            {
                "id": upload.id,
                "name": name,
                "received": self.size(upload.received),
                "size": self.size(upload.size),
            }
            for upload, name in interrupted(self.vault, self.space_id, self.bundle)
        ]

    @property
    def script_settings(self) -> str:
        """What depot.js needs, as JSON."""
        return script_settings(self, self.folder_id)


class Delete(DocumentView):
    """``@@documents/<id>/supprimer``: asks, then puts into the bin or erases."""

    index = ViewPageTemplateFile("templates/delete.pt")
    folder_index = ViewPageTemplateFile("templates/delete_folder.pt")
    page_title = _("Delete a document")

    def respond(self):
        if self.document_id in self.vault.folders:
            return self.remove_folder()
        document = self.document
        if self.request.method != "POST":
            return self.index()
        self.check_token()
        if self.field("bin") and self.can_be_binned:
            opened = Opened(self.vault, self.space_id, self.bundle)
            put_in_bin(opened, [document.id])
            message = _("The document is in the bin.")
        else:
            delete_document(self.vault, document.id)
            self.note(DELETED, document.id, window=0)
            message = _("The document was erased.")
        self.changed()
        return self.go(self.list_url, message)

    def remove_folder(self):
        """Ask, then drop the box of a folder that doesn't open; any other has the bin."""
        try:
            self.opened.item(self.document_id)
        except NOT_READABLE:
            self.page_title = ALTERED_FOLDER_TITLE
        else:
            raise NotFound("folder")
        if self.request.method != "POST":
            return self.folder_index()
        self.check_token()
        self.vault.remove_folder(self.document_id)
        changed(self.vault, self.space_id, self.bundle)
        self.changed()
        message = _("The altered folder was removed. What lay in it is still there.")
        return self.go(self.list_url, message)

    @cached_property
    def orphans(self) -> list[str]:
        """The titles of what lay in a folder that doesn't open, by name."""
        here = present(self.opened.contents(), self.today)
        items = [f for f in here.folders.values() if f.parent == self.document_id]
        items += [d for d in here.documents.values() if d.folder == self.document_id]
        return sorted((item.title for item in items), key=sort_key)

    @property
    def _metadata(self):
        try:
            return metadata_of(self.vault, self.space_id, self.document, self.bundle)
        except NOT_READABLE:
            return None

    @property
    def can_be_binned(self) -> bool:
        metadata = self._metadata
        return metadata is not None and not metadata.binned_at

    @property
    def title(self) -> str:
        metadata = self._metadata
        return metadata.title if metadata else self.text(_("Altered document"))
