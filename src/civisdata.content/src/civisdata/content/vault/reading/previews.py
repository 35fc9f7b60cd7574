"""Sealed previews of a document: its small image, and the PDF of an office file.

They are made when they are first asked for, by a request that only reads. So they are
kept in a transaction of their own, and not at all where it meets another one: nothing
is lost by that but the time to make them again.
"""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.sidecars import Preview
from civisdata.content.vault.storage import Vault
from collections.abc import Callable
from transaction import TransactionManager
from ZODB.blob import Blob
from ZODB.POSException import POSError


THUMBNAIL = "thumbnail"
PDF = "preview"


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
        preview = self._preview
        if preview is None or preview.pdf is None:
            return None
        with preview.pdf.open("r") as stream:
            return self._open(stream.read(), PDF)

    def keep_thumbnail(self, image: bytes) -> None:
        """Keep a small image; an empty one notes that none can be made."""
        box = self._key.seal_bytes(image, purpose=THUMBNAIL, **self._names)

        def change(preview: Preview) -> None:
            preview.thumbnail = box

        self._keep(change)

    def keep_pdf(self, content: bytes) -> None:
        box = self._key.seal_bytes(content, purpose=PDF, **self._names)

        def change(preview: Preview) -> None:
            preview.pdf = Blob(box)

        self._keep(change)

    @property
    def _preview(self) -> Preview | None:
        return self._vault.sidecars.previews.get(self._id)

    def _open(self, box: bytes | None, purpose: str) -> bytes | None:
        if not box:
            return None
        try:
            return self._key.open_bytes(box, purpose=purpose, **self._names)
        except (IntegrityError, ValueError):
            # It is made again: only the document itself is worth an alarm.
            return None

    def _keep(self, change: Callable[[Preview], None]) -> None:
        connection = self._vault._p_jar
        if connection is None or self._vault._p_oid is None:
            return
        manager = TransactionManager()
        other = connection.db().open(transaction_manager=manager)
        try:
            vault = other.get(self._vault._p_oid)
            # It may have been erased meanwhile, or not be committed yet.
            if self._id in vault.documents:
                change(vault.ensure_sidecars().preview(self._id))
                manager.commit()
        except POSError:
            pass
        finally:
            manager.abort()
            other.close()
