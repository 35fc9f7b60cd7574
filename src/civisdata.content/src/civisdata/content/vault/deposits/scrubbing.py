"""What the night's check has to know of deposits."""

from civisdata.content.citizens.site_keys import published_keys
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.scrub.interfaces import IKnownSigners
from civisdata.content.vault.scrub.interfaces import IOtherDocuments
from collections.abc import Iterator
from zope.interface import provider


@provider(IKnownSigners)
def publishers_keys(site) -> set[str]:
    """Give all keys that publishers ever signed deposits with."""
    return {key.public for key in published_keys(site)}


@provider(IOtherDocuments)
def waiting_deposits(space) -> Iterator[VaultDocument]:
    """Give the deposits that wait for their citizen, as the documents they become."""
    for arrival in get_arrivals(space).waiting.values():
        yield VaultDocument(
            arrival.id,
            header=arrival.header,
            parts=arrival.parts,
            piece_size=arrival.piece_size,
            record=arrival.record,
            signature=arrival.record_signature,
        )
