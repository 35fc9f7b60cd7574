"""What version 1 stored in vaults opens today."""

from civisdata.content.citizens.keys import PublicKeys
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault import boxes
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.documents import list_documents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import verify
from civisdata.content.vault.uploads import add_piece
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from helpers.frozen import frozen
from helpers.frozen import frozen_bundle
from helpers.frozen import ZEXP
from io import BytesIO
import hashlib
import pyrage
import pytest
import transaction


@pytest.fixture
def data():
    return frozen()


@pytest.fixture
def stored(db):
    """An account and a vault, as ZODB exported them."""
    connection = db.open()
    connection.root()["stored"] = connection.importFile(str(ZEXP))
    transaction.commit()
    yield connection.root()["stored"]
    transaction.abort()
    connection.close()


def test_a_document(data):
    document, bundle = data["document"], frozen_bundle()
    record = DocumentRecord.from_dict(document["record"])
    verify(record, document["signature"], bundle.public.signing)
    header, payload = document["header"].encode(), document["payload"]
    assert hashlib.sha256(header).hexdigest() == record.header_sha256
    file_key = open_header(header, bundle.identity)
    reader = PayloadReader(
        file_key, len(payload), lambda start, size: payload[start : start + size]
    )
    assert b"".join(reader.read()).decode() == document["clear"]
    identity = pyrage.x25519.Identity.from_str(data["identity"])
    assert pyrage.decrypt(header + payload, [identity]).decode() == document["clear"]


def test_metadata(data):
    document = data["document"]
    content = BoxKey(frozen_bundle().vault_key).open(
        document["box"],
        space_id=data["space_id"],
        item_id=document["id"],
        purpose="document",
    )
    assert Metadata.from_dict(content).title == document["title"]


def test_an_upload_under_way(data):
    upload = data["upload"]
    content = BoxKey(frozen_bundle().vault_key).open(
        upload["box"],
        space_id=data["space_id"],
        item_id=upload["id"],
        purpose="upload",
    )
    assert content["name"] == upload["name"]


def test_a_whole_vault_of_the_database(data, stored):
    vault, bundle, space_id = stored["vault"], frozen_bundle(), data["space_id"]
    assert stored["account"].public == PublicKeys.from_dict(data["public"])
    assert stored["account"].password.to_dict() == data["password_record"]
    (entry,) = list_documents(vault, space_id, bundle)
    assert entry.metadata.name == "Avis_d_imposition.txt"
    with open_document(vault, space_id, vault.document(entry.id), bundle) as opened:
        assert opened.bytes() == b"Avis d'imposition 2025\n\n"
    (upload,) = vault.uploads.values()
    rest = BytesIO(b"b" * (upload.size - upload.received))
    offset = upload.received
    while True:
        piece = BytesIO(rest.read(min(upload.piece_size, upload.size - offset)))
        progress = add_piece(vault, space_id, bundle, upload.id, offset, piece)
        offset = progress.offset
        if progress.document_id:
            break
    document = vault.document(progress.document_id)
    with open_document(vault, space_id, document, bundle) as opened:
        assert opened.bytes() == b"a" * 65536 + b"b" * 70000


def test_a_new_suite_of_boxes(data, monkeypatch):
    names = {"space_id": "s", "item_id": "i", "purpose": "p"}
    vault_key = frozen_bundle().vault_key
    old = BoxKey(vault_key).seal({"title": "é"}, **names)
    monkeypatch.setitem(boxes.SUITES, 2, (b"civisdata metadata box 2", AESGCM))
    monkeypatch.setattr(boxes, "SUITE", 2)
    key = BoxKey(vault_key)
    new = key.seal({"title": "é"}, **names)
    assert (old[0], new[0]) == (1, 2)
    assert key.open(old, **names) == key.open(new, **names) == {"title": "é"}
    monkeypatch.undo()
    with pytest.raises(UnknownSuite):
        BoxKey(vault_key).open(new, **names)
