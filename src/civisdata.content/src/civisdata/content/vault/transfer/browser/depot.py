"""``@@import-depot``: the pieces of an archive; the protocol of ``@@depot``.

``POST {"name", "size"}``, ``PUT ?id=…&offset=…``, ``GET ?id=…``, ``DELETE ?id=…``. After
the last piece, the answer has ``"done": true``.
"""

from civisdata.content.numbers import whole_number
from civisdata.content.vault.browser.base import limits
from civisdata.content.vault.browser.depot import BadInput
from civisdata.content.vault.browser.depot import Depot
from civisdata.content.vault.transfer.browser.importing import note_end
from civisdata.content.vault.transfer.importing import look
from civisdata.content.vault.transfer.intake import add_piece
from civisdata.content.vault.transfer.intake import drop_intake
from civisdata.content.vault.transfer.intake import need_intake
from civisdata.content.vault.transfer.intake import start_intake
from civisdata.content.vault.turns import turn


class ImportDepot(Depot):
    """One address for the arrival of an archive."""

    def start(self) -> str:
        asked = self._json()
        intake = start_intake(
            self.context,
            self.bundle,
            name=asked["name"],
            size=asked["size"],
            quota=limits().quota,
        )
        return self.answer(201, id=intake.id, offset=0, piece=intake.piece_size)

    def piece(self) -> str:
        body = self.request.get("BODYFILE")
        if body is None:
            raise BadInput
        offset = whole_number(self.request.form.get("offset"))
        if offset is None:
            raise BadInput
        intake = need_intake(self.context, self._id())
        offset = add_piece(self.context, self.bundle, intake, offset, body)
        if offset < intake.size:
            return self.answer(200, offset=offset)
        with turn():
            look(self.context, self.bundle, intake)
        note_end(self.context, self.bundle, intake)
        return self.answer(200, offset=offset, done=True)

    def state(self) -> str:
        intake = need_intake(self.context, self._id())
        return self.answer(
            200, offset=intake.received, size=intake.size, piece=intake.piece_size
        )

    def cancel(self) -> str:
        need_intake(self.context, self._id())
        drop_intake(self.context)
        return self.answer(200)
