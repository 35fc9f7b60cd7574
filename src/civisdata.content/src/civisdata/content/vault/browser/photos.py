"""``@@photos``: photographs of paper become one PDF in the vault."""

from civisdata.content import _
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.contents import clean_title
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.journal_words import STORED
from civisdata.content.vault.photos import MAX_PHOTOS
from civisdata.content.vault.photos import photos_to_pdf
from civisdata.content.vault.settings import limits
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import store_stream
from io import BytesIO
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
import json


class Photos(VaultView):
    """The form, and what comes of it."""

    index = ViewPageTemplateFile("templates/photos.pt")
    page_title = _("Photograph a paper")
    errors: tuple[str, ...] = ()

    def respond(self):
        folder = self.field("dossier")
        if folder and folder not in self.vault.folders:
            raise NotFound("folder")
        return self.store(folder) if self.request.method == "POST" else self.index()

    def store(self, folder: str):
        self.check_token()
        files = self.request.form.get("photo") or []
        files = files if isinstance(files, list) else [files]
        files = [file for file in files if getattr(file, "filename", "")]
        try:
            title = clean_title(self.field("title"))
            data = photos_to_pdf(files)
            document_id = store_stream(
                ensure_vault(self.context),
                self.space_id,
                self.bundle,
                name=f"{title}.pdf",
                size=len(data),
                category=self.field("category"),
                limits=limits(),
                stream=BytesIO(data),
                folder=folder,
                categories=self.categories,
            )
            self.opened.keep(document_id, title=title)
            self.note(STORED, document_id, window=0)
        except Refused as error:
            self.undo()
            self.request.response.setStatus(400, lock=1)
            self.errors = (self.text(REFUSED[error.reason]),)
            return self.index()
        url = f"{self.list_url}?dossier={folder}" if folder != TOP else self.list_url
        return self.go(url, _("The photographs are stored as one PDF document."))

    @property
    def back_url(self) -> str:
        folder = self.field("dossier")
        return f"{self.list_url}?dossier={folder}" if folder else self.list_url

    @property
    def script_settings(self) -> str:
        texts = {
            "page": _("Page"),
            "earlier": _("Earlier"),
            "later": _("Later"),
            "remove": _("Take away"),
            "sending": _("The PDF is being made. This takes a few seconds a page."),
        }
        return json.dumps(
            {
                "largest": MAX_PHOTOS,
                "texts": {name: self.text(text) for name, text in texts.items()},
            },
            ensure_ascii=False,
        )
