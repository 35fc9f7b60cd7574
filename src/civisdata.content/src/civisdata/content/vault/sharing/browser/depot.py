"""``@@partages-recus/<share>/depot``: a recipient adds to a shared folder.

The protocol of ``browser.pieces``; ``folder`` is a shared one. A share that has ended, or
lets its recipient only read, answers 404 with words, whatever is asked of it.
"""

from civisdata.content import _
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.pieces import Pieces
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.settings import offered_categories
from civisdata.content.vault.sharing import adding
from civisdata.content.vault.sharing import noted
from civisdata.content.vault.sharing.browser.words import NO_ROOM
from civisdata.content.vault.sharing.browser.words import TOO_MANY_WAIT
from civisdata.content.vault.sharing.people import name_of
from civisdata.content.vault.sharing.received import find_received
from civisdata.content.vault.sharing.received import open_shared
from typing import Any
from typing import BinaryIO


ENDED = _(
    "This share has ended, or no longer lets you add anything. What had not arrived "
    "completely was not kept."
)


class SharedDepot(Pieces):
    """Documents for somebody else's folder."""

    received_id: str | None = None
    refusals = {"quota": NO_ROOM, "arrivals": TOO_MANY_WAIT}

    def respond(self):
        try:
            self.received = find_received(
                self.context, self.bundle, self.received_id or ""
            )
            adding.need_adder(self.received)
        except NoSuchItem:
            return self.fail(404, "ended", ENDED)
        return super().respond()

    def _file_of(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "folder": asked["folder"],
            "name": asked["name"],
            "size": asked["size"],
            "category": asked["category"],
            "limits": limits(),
            "categories": offered_categories(),
        }

    def start(self, asked: dict[str, Any]):
        upload = adding.start(
            self.received, first_sha256=asked["first"], **self._file_of(asked)
        )
        return self.answer(
            200 if upload.received else 201,
            id=upload.id,
            offset=upload.received,
            piece=upload.piece_size,
        )

    def piece(self, id: str, offset: int, body: BinaryIO) -> dict[str, Any]:
        by = name_of(self.context)
        progress = adding.add_piece(self.received, self.bundle, id, offset, body, by)
        if progress.document_id is None:
            return {"offset": progress.offset}
        self._added(progress.document_id)
        return {"offset": progress.offset, "document": progress.document_id}

    def store(self, asked: dict[str, Any], stream: BinaryIO) -> str:
        before = stream.left
        document_id = adding.add(
            self.received,
            self.bundle,
            id=asked["id"],
            by=name_of(self.context),
            stream=stream,
            **self._file_of(asked),
        )
        if stream.left == before:
            # It had been added before, and the answer was lost.
            stream.skip()
        else:
            self._added(document_id)
        return document_id

    def _added(self, document_id: str) -> None:
        noted.note_answer(self.context, self.received, noted.CONTRIBUTED, document_id)

    def list(self):
        folder = self.field("dossier")
        shared = open_shared(self.received, self.bundle)
        if folder not in shared.folders:
            raise NoSuchItem(folder)
        rows = [
            [item.name, item.size, item.sha256]
            for item in shared.documents.values()
            if item.folder == folder
        ]
        return self.answer(200, offset=0, documents=rows)

    def find(self, id: str):
        return adding.get(self.received, id)

    def cancel(self, id: str) -> None:
        adding.cancel(self.received, id)
