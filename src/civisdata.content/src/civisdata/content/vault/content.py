"""The content class of a vault."""

from civisdata.content.vault.agefile import clear_size
from civisdata.content.vault.interfaces import IVaultDocument
from plone.dexterity.content import Item
from zope.interface import implementer


@implementer(IVaultDocument)
class VaultDocument(Item):
    """One stored document: header and parts of an age file, record and signature.

    Put together, ``header`` and the blobs of ``parts`` are a file that stock age opens.
    It says nothing of its content, is in no catalog and is never published itself: its
    pages are views of the space.
    """

    portal_type = "VaultDocument"

    def __init__(
        self,
        id: str,
        header: bytes = b"",
        parts: tuple = (),
        piece_size: int = 0,
        record: dict | None = None,
        signature: bytes = b"",
        position: int = 0,
    ):
        # Not Item's own: it would note creators and dates.
        self.id = id
        self.header = header
        self.parts = parts
        self.piece_size = piece_size
        self.record = record
        self.signature = signature
        self.position = position

    @property
    def stored_at(self) -> int:
        """Seconds since 1970 UTC."""
        return self.record["stored_at"]

    @property
    def payload_size(self) -> int:
        """Stored bytes of the payload."""
        return self.record["size"]

    @property
    def clear_size(self) -> int:
        """Bytes of the clear text."""
        return clear_size(self.payload_size)

    def Title(self) -> str:
        return ""

    def Description(self) -> str:
        return ""

    def Creator(self) -> str:
        return ""

    def listCreators(self) -> tuple:
        return ()

    def SearchableText(self) -> str:
        return ""

    def _getCatalogTool(self):
        return None

    def _setUID(self, value) -> None:
        """Keep no UID: nothing finds a vault's documents by one."""

    def __repr__(self) -> str:
        return f"<VaultDocument {self.id}>"
