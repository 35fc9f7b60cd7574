"""``@@depot``: documents of the own vault that come in pieces; see ``pieces``.

- ``POST`` ``{"name", "size", "category", "folder", "first"}`` → 201, or 200 with the offset
  of the upload of this very file that stopped half-way: ``first`` is the SHA-256
  (hexadecimal) of the first piece. ``folder`` (an id) and ``first`` may be left out.
- the last ``PUT`` → ``{"offset", "document"}``
- ``GET ?dossier=…`` → ``{"documents": [[name, size, SHA-256], …]}``: what lies in a folder, so
  that a folder that is sent again goes on where it stopped.
"""

from civisdata.content.vault.browser.pieces import Pieces
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.interrupted import file_under
from civisdata.content.vault.interrupted import find_upload
from civisdata.content.vault.journal_words import STORED
from civisdata.content.vault.listing import present
from civisdata.content.vault.settings import limits
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import add_piece
from civisdata.content.vault.uploads import cancel_upload
from civisdata.content.vault.uploads import get_upload
from civisdata.content.vault.uploads import start_upload
from civisdata.content.vault.uploads import store_stream
from typing import Any
from typing import BinaryIO


class Depot(Pieces):
    """Uploads into the own vault."""

    def start(self, asked: dict[str, Any]):
        vault, folder = ensure_vault(self.context), asked["folder"]
        if folder and folder not in vault.folders:
            raise NoSuchItem(folder)
        found = find_upload(
            vault,
            self.space_id,
            self.bundle,
            name=asked["name"],
            size=asked["size"],
            first_sha256=asked["first"],
        )
        if found is not None and asked["category"] in self.categories:
            file_under(
                vault, self.space_id, self.bundle, found, folder, asked["category"]
            )
            return self.answer(
                200, id=found.id, offset=found.received, piece=found.piece_size
            )
        upload = start_upload(
            vault,
            self.space_id,
            self.bundle,
            name=asked["name"],
            size=asked["size"],
            category=asked["category"],
            limits=limits(),
            folder=folder,
            categories=self.categories,
        )
        return self.answer(201, id=upload.id, offset=0, piece=upload.piece_size)

    def piece(self, id: str, offset: int, body: BinaryIO) -> dict[str, Any]:
        progress = add_piece(self.vault, self.space_id, self.bundle, id, offset, body)
        if progress.document_id is None:
            return {"offset": progress.offset}
        self.note(STORED, progress.document_id, window=0)
        return {"offset": progress.offset, "document": progress.document_id}

    def store(self, asked: dict[str, Any], stream: BinaryIO) -> str:
        vault, id, folder = ensure_vault(self.context), asked["id"], asked["folder"]
        if id in vault.documents:
            # Sent again, because the answer was lost.
            stream.skip()
            return id
        if id in vault.folders or id in vault.uploads:
            raise Refused("name")
        if folder and folder not in vault.folders:
            raise Refused("folder")
        store_stream(
            vault,
            self.space_id,
            self.bundle,
            id=id,
            name=asked["name"],
            size=asked["size"],
            category=asked["category"],
            limits=limits(),
            stream=stream,
            folder=folder,
            categories=self.categories,
        )
        self.note(STORED, id, window=0)
        return id

    def list(self):
        folder = self.field("dossier")
        if folder and folder not in self.vault.folders:
            raise NoSuchItem(folder)
        here = present(self.opened.contents(), self.today).documents_in(folder)
        rows = [[item.name, item.size, item.sha256] for item in here.values()]
        return self.answer(200, offset=0, documents=rows)

    def find(self, id: str):
        return get_upload(self.vault, id)

    def cancel(self, id: str) -> None:
        cancel_upload(self.vault, id)
