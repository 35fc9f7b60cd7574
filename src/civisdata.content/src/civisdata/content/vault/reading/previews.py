"""Sealed previews of a document: small image, first page, and the PDF of an office file.

They are made when they are first asked for, by a request that only reads. So they are
kept in a transaction of their own, and not at all where it meets another one: nothing
is lost by that but the time to make them again.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.render import Picture
from civisdata.content.vault.sidecars import Preview
from civisdata.content.vault.storage import Vault
from collections.abc import Callable
from persistent import Persistent
from transaction import TransactionManager
from typing import Any
from ZODB.blob import Blob
from ZODB.POSException import POSError


THUMBNAIL = "thumbnail"
PDF = "preview"
PAGE = "page"

#: Bytes of a first page that are kept; a larger one is drawn each time.
MAX_PAGE = 2 * 1024 * 1024
_MEDIA_TYPES = {b"P": "image/png", b"Q": "image/jpeg"}
#: Bytes of a small image; a larger one is none.
MAX_THUMBNAIL = 128 * 1024
#: Previews of a vault are kept up to the bytes of its documents and so many more. Others
#: are made anew each time.
ALLOWANCE = 100 * 10**6


class Previews:
    """The previews of one document, sealed under the vault key."""

    def __init__(self, vault: Vault, space_id: str, bundle: KeyBundle, id: str):
        self._vault = vault
        self._key = BoxKey(bundle.vault_key)
        self._names = {"space_id": space_id, "item_id": id}
        self._id = id

    def thumbnail(self) -> bytes | None:
        """Give the kept small image: empty where none can be made, None where none is."""
        preview = self._preview
        return self._open(preview and preview.thumbnail, THUMBNAIL)

    def pdf(self) -> bytes | None:
        """Give the kept PDF of an office file, None where there is none."""
        return self._read(self._preview and self._preview.pdf, PDF)

    def page(self) -> Picture | None:
        """Give the kept image of the first page, None where there is none."""
        content = self._read(self._preview and self._preview.page, PAGE)
        if content is None or content[:1] not in _MEDIA_TYPES:
            return None
        return Picture(_MEDIA_TYPES[content[:1]], content[1:])

    def keep_thumbnail(self, image: bytes) -> None:
        """Keep a small image; an empty one notes that none can be made."""
        if len(image) > MAX_THUMBNAIL:
            image = b""
        box = self._key.seal_bytes(image, purpose=THUMBNAIL, **self._names)

        def change(preview: Preview) -> None:
            preview.thumbnail = box

        self._keep(change)

    def keep_pdf(self, content: bytes) -> None:
        box = self._key.seal_bytes(content, purpose=PDF, **self._names)

        def change(preview: Preview) -> None:
            preview.pdf, preview.pdf_size = Blob(box), len(box)

        self._keep(change)

    def keep_page(self, picture: Picture) -> None:
        """Keep the image of the first page, unless it is larger than MAX_PAGE."""
        tags = {media_type: tag for tag, media_type in _MEDIA_TYPES.items()}
        if len(picture.data) > MAX_PAGE:
            return
        content = tags[picture.media_type] + picture.data
        box = self._key.seal_bytes(content, purpose=PAGE, **self._names)

        def change(preview: Preview) -> None:
            preview.page, preview.page_size = Blob(box), len(box)

        self._keep(change)

    @property
    def _preview(self) -> Preview | None:
        return self._vault.sidecars.previews.get(self._id)

    def _read(self, blob: Blob | None, purpose: str) -> bytes | None:
        if blob is None:
            return None
        with blob.open("r") as stream:
            return self._open(stream.read(), purpose)

    def _open(self, box: bytes | None, purpose: str) -> bytes | None:
        if not box:
            return None
        try:
            return self._key.open_bytes(box, purpose=purpose, **self._names)
        except (IntegrityError, ValueError):
            # It is made again: only the document itself is worth an alarm.
            return None

    def _keep(self, change: Callable[[Preview], None]) -> None:
        def keep(vault: Vault) -> bool:
            # It may have been erased meanwhile, or not be committed yet.
            if self._id not in vault.documents:
                return False
            sidecars = vault.ensure_sidecars()
            preview = sidecars.preview(self._id)
            change(preview)
            sidecars.count(preview)
            return sidecars.kept <= vault.used + ALLOWANCE

        apart(self._vault, keep)


def apart(stored: Persistent, change: Callable[[Any], bool]) -> None:
    """Change a stored object in a transaction of its own, or not at all.

    ``change`` says whether what it did is to be kept.
    """
    connection = stored._p_jar
    if connection is None or stored._p_oid is None:
        return
    manager = TransactionManager()
    other = connection.db().open(transaction_manager=manager)
    try:
        if change(other.get(stored._p_oid)):
            manager.commit()
    except POSError:
        pass
    finally:
        manager.abort()
        other.close()
