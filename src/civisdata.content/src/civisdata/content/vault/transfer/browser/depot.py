"""``@@import-depot``: the pieces of an archive; the protocol of ``browser.pieces``.

After the last piece, the answer has ``"done": true``.
"""

from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.pieces import Pieces
from civisdata.content.vault.transfer.browser.importing import note_end
from civisdata.content.vault.transfer.importing import look
from civisdata.content.vault.transfer.intake import add_piece
from civisdata.content.vault.transfer.intake import drop_intake
from civisdata.content.vault.transfer.intake import need_intake
from civisdata.content.vault.transfer.intake import start_intake
from civisdata.content.vault.turns import turn
from typing import Any
from typing import BinaryIO


class ImportDepot(Pieces):
    """The arrival of an archive."""

    def start(self, asked: dict[str, Any]):
        intake = start_intake(
            self.context,
            self.bundle,
            name=asked["name"],
            size=asked["size"],
            quota=limits().quota,
        )
        return self.answer(201, id=intake.id, offset=0, piece=intake.piece_size)

    def piece(self, id: str, offset: int, body: BinaryIO) -> dict[str, Any]:
        intake = need_intake(self.context, id)
        offset = add_piece(self.context, self.bundle, intake, offset, body)
        if offset < intake.size:
            return {"offset": offset}
        with turn():
            look(self.context, self.bundle, intake)
        note_end(self.context, self.bundle, intake)
        return {"offset": offset, "done": True}

    def find(self, id: str):
        return need_intake(self.context, id)

    def cancel(self, id: str) -> None:
        need_intake(self.context, id)
        drop_intake(self.context)
