"""The PDF of a shared office file, kept for its recipient as long as it is shared.

It is sealed with the share's key and lies on the share, in the owner's space: with the
document's entry, or the share's end, it is gone.
"""

from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import NOT_READABLE
from civisdata.content.vault.reading.previews import apart
from civisdata.content.vault.render import Picture
from civisdata.content.vault.sharing.received import Received
from civisdata.content.vault.sharing.storage import Share


PURPOSE = "share preview"


class SharedPreviews:
    """What ``drawable`` asks of the previews of one shared document."""

    def __init__(self, received: Received, document_id: str):
        self._share = received.share
        self._key = BoxKey(received.letter.share_key)
        self._id = document_id
        self._names = {
            "space_id": received.letter.owner,
            "item_id": document_id,
            "purpose": PURPOSE,
        }

    def pdf(self) -> bytes | None:
        """Give the kept PDF, None where there is none."""
        blob = self._share.previews.get(self._id)
        if blob is None:
            return None
        try:
            with blob.open("r") as stream:
                return self._key.open_bytes(stream.read(), **self._names)
        except NOT_READABLE:
            # It is made again: only the document itself is worth an alarm.
            return None

    def keep_pdf(self, content: bytes) -> None:
        box = self._key.seal_bytes(content, **self._names)

        def keep(share: Share) -> bool:
            # It may have ended meanwhile; what waits for its owner has no entry yet.
            if self._id not in share.entries:
                return False
            share.keep_preview(self._id, box)
            return True

        apart(self._share, keep)

    def page(self) -> Picture | None:
        """None: of what is shared, pages are drawn each time."""
        return None

    def keep_page(self, picture: Picture) -> None:
        """Nothing is kept of a page."""
