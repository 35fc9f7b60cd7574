"""A stream sealed as one age file while it is sent, to a passphrase or to a key."""

from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.agefile import seal_header
from civisdata.content.vault.agefile import sealed_size
from civisdata.content.vault.transfer.export import Prepared
from civisdata.content.vault.transfer.passphrase import seal_to_passphrase
from collections.abc import Iterator


def to_passphrase(prepared: Prepared, passphrase: str) -> Prepared:
    """Seal an archive to a passphrase, as ``age -p`` does; TooBusy."""
    file_key = new_file_key()
    return _sealed(prepared, file_key, seal_to_passphrase(file_key, passphrase))


def to_recipient(prepared: Prepared, recipient: str) -> Prepared:
    """Seal an archive to an ``age1…`` address, as ``age -r`` does; ValueError."""
    file_key = new_file_key()
    return _sealed(prepared, file_key, seal_header(file_key, [recipient]))


def _sealed(prepared: Prepared, file_key: bytes, header: bytes) -> Prepared:
    nonce = new_nonce()

    def chunks() -> Iterator[bytes]:
        sealer = PayloadSealer(file_key, nonce)
        yield header + nonce
        for chunk in prepared.chunks:
            sealed = sealer.update(chunk)
            if sealed:
                yield sealed
        yield sealer.finish(True)

    size = len(header) + sealed_size(prepared.size)
    return Prepared(size, chunks(), prepared.archive_id)
