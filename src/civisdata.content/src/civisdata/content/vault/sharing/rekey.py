"""A new key for a payload whose old key somebody has to be kept from.

The payload is read, opened, sealed with a new file key and stored again, a piece (8 MiB)
a transaction. Until the last piece is there and all of it was read back, the old payload
stays the document: a crash in between costs nothing. Memory doesn't grow with the size.
"""

from base64 import b64decode
from base64 import b64encode
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.agefile import new_file_key
from civisdata.content.vault.agefile import new_nonce
from civisdata.content.vault.agefile import PayloadSealer
from civisdata.content.vault.agefile import seal_header
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import seal_metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sharing.headers import owned
from civisdata.content.vault.sharing.headers import put_signed
from civisdata.content.vault.sharing.parts import open_own
from civisdata.content.vault.sharing.storage import Rekey
from civisdata.content.vault.sharing.storage import Sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.stored import hash_stored
from ZODB.blob import Blob
import logging


logger = logging.getLogger("civisdata.vault")

PURPOSE = "rekey"


def queue_rekey(
    sharing: Sharing, space_id: str, bundle: KeyBundle, document: VaultDocument
) -> None:
    """Let a document wait for a new key; one that waits already has given it to nobody."""
    if document.id in sharing.rekeys:
        return
    rekey = Rekey(document.id, document.clear_size, PIECE)
    rekey.box = BoxKey(bundle.vault_key).seal(
        {
            "file_key": b64encode(new_file_key()).decode(),
            "nonce": b64encode(new_nonce()).decode(),
        },
        space_id=space_id,
        item_id=document.id,
        purpose=PURPOSE,
    )
    sharing.rekeys[document.id] = rekey


def rekey_step(vault: Vault, space_id: str, bundle: KeyBundle) -> bool:
    """Seal one more piece of a waiting payload; False where nothing waits.

    The caller commits after each step. A document that is gone, or doesn't open, waits
    no longer.
    """
    sharing = sharing_of(vault)
    if not sharing.rekeys:
        return False
    rekey = sharing.rekeys[sharing.rekeys.minKey()]
    document = vault.documents.get(rekey.id)
    try:
        if document is None:
            _drop(sharing, rekey)
        else:
            _step(vault, sharing, space_id, bundle, rekey, document)
    except IntegrityError as error:
        logger.error("integrity: document %s: %s", rekey.id, error)
        _drop(sharing, rekey)
    return True


def _drop(sharing: Sharing, rekey: Rekey) -> None:
    rekey.box, rekey.parts = b"", ()
    del sharing.rekeys[rekey.id]


def _step(
    vault: Vault,
    sharing: Sharing,
    space_id: str,
    bundle: KeyBundle,
    rekey: Rekey,
    document: VaultDocument,
) -> None:
    state = BoxKey(bundle.vault_key).open(
        rekey.box, space_id=space_id, item_id=rekey.id, purpose=PURPOSE
    )
    file_key, nonce = b64decode(state["file_key"]), b64decode(state["nonce"])
    stop = min(rekey.size, rekey.received + rekey.piece_size)
    final = stop == rekey.size
    blob = Blob()
    with (
        blob.open("w") as sealed,
        open_document(vault, space_id, document, bundle) as opened,
    ):
        if not rekey.received:
            sealed.write(nonce)
        sealer = PayloadSealer(file_key, nonce, rekey.received // CHUNK)
        for data in opened.read(rekey.received, stop):
            sealed.write(sealer.update(data))
        sealed.write(sealer.finish(final))
    rekey.parts += (blob,)
    rekey.received = stop
    if final:
        _finish(vault, sharing, space_id, bundle, rekey, document, file_key)


def _finish(
    vault: Vault,
    sharing: Sharing,
    space_id: str,
    bundle: KeyBundle,
    rekey: Rekey,
    document: VaultDocument,
    file_key: bytes,
) -> None:
    metadata = metadata_of(vault, space_id, document, bundle)
    payload_sha256, clear_sha256 = hash_stored(
        rekey.parts, rekey.piece_size, rekey.size, file_key
    )
    if clear_sha256 != metadata.sha256:
        raise IntegrityError("what was sealed anew isn't the document")
    others = {
        own.public.recipient
        for share in sharing.given.values()
        if rekey.id in share.entries
        for own in (open_own(share, space_id, bundle),)
    }
    header = seal_header(file_key, [bundle.recipient, *sorted(others)])
    kept = owned(metadata, document)
    put_signed(document, bundle, header, payload_sha256)
    document.parts, document.piece_size = rekey.parts, rekey.piece_size
    vault.set_box(document, seal_metadata(bundle, space_id, document.id, kept))
    _drop(sharing, rekey)
