"""Documents examined without a key: each way to damage one is found."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.ageheader import seal_header
from civisdata.content.vault.boxes import is_known
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.scrub.examine import examine
from civisdata.content.vault.scrub.examine import KINDS
from civisdata.content.vault.scrub.examine import stray_boxes
from civisdata.content.vault.uploads import add_piece
from civisdata.content.vault.uploads import start_upload
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from ZODB.blob import Blob
import hashlib
import pytest
import transaction


SPACE = "a" * 32


@pytest.fixture
def store(vault, bundle, limits):
    """Store a document in parts of one chunk; give it, committed."""

    def store_document(size: int = 2 * CHUNK + 5, fill: bytes = b"\x07"):
        upload = start_upload(
            vault,
            SPACE,
            bundle,
            name="a.bin",
            size=size,
            category="local",
            limits=limits,
            piece_size=CHUNK,
        )
        while upload.id in vault.uploads:
            piece = fill * min(CHUNK, size - upload.received)
            add_piece(vault, SPACE, bundle, upload.id, upload.received, BytesIO(piece))
        transaction.commit()
        return vault.documents[upload.id]

    return store_document


@pytest.fixture
def look(vault, bundle):
    def look_at(document_id: str, space: str = SPACE, signers=()) -> set[str]:
        owner = bundle.public.signing
        return examine(vault, space, document_id, owner, signers).kinds

    return look_at


def file_of(part: Blob) -> Path:
    path = Path(part.committed())
    path.chmod(0o600)
    return path


def blob(data: bytes) -> Blob:
    made = Blob()
    with made.open("w") as stream:
        stream.write(data)
    return made


def resign(document, bundle: KeyBundle, **changes) -> None:
    record = replace(DocumentRecord.from_dict(document.record), **changes)
    document.record = record.to_dict()
    document.signature = sign(record, bundle.signing_key)


@pytest.mark.parametrize(
    "size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]
)
def test_a_whole_document_gives_no_finding(store, vault, bundle, size):
    document = store(size)
    found = examine(vault, SPACE, document.id, bundle.public.signing)
    assert found.kinds == set()
    assert found.read == document.payload_size


def test_a_flipped_bit_is_found(store, look):
    document = store()
    path = file_of(document.parts[1])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert look(document.id) == {"payload"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_cut_part_is_found(store, look, place):
    document = store()
    path = file_of(document.parts[place])
    path.write_bytes(path.read_bytes()[:-1])
    assert look(document.id) == {"size", "payload"}


def test_an_emptied_part_is_found(store, look):
    document = store()
    file_of(document.parts[-1]).write_bytes(b"")
    assert look(document.id) == {"size", "payload"}


def test_bytes_put_after_a_part_are_found(store, look):
    document = store()
    path = file_of(document.parts[2])
    path.write_bytes(path.read_bytes() + b"\0")
    assert look(document.id) == {"size", "payload"}


def test_a_lost_file_is_found(store, look):
    document = store()
    file_of(document.parts[1]).unlink()
    assert look(document.id) == {"missing"}


def test_a_folder_in_place_of_a_file_is_found(store, look):
    document = store()
    path = file_of(document.parts[1])
    path.unlink()
    path.mkdir()
    assert look(document.id) == {"unreadable"}


def test_a_dropped_part_is_found(store, look):
    document = store()
    document.parts = document.parts[:-1]
    assert look(document.id) == {"size", "payload"}
    document.parts = ()
    assert look(document.id) == {"size"}


@pytest.mark.parametrize(
    "size,kinds",
    [(3 * CHUNK, {"payload"}), (2 * CHUNK + 5, {"size", "payload"})],
)
def test_swapped_parts_are_found(store, look, size, kinds):
    document = store(size)
    first, second, third = document.parts
    document.parts = (first, third, second)
    assert look(document.id) == kinds


def test_parts_of_another_document_are_found(store, look):
    one, other = store(fill=b"1"), store(fill=b"2")
    one.parts, other.parts = other.parts, one.parts
    assert look(one.id) == look(other.id) == {"payload"}


def test_a_document_under_anothers_id_is_found(store, look, vault):
    one, other = store(), store()
    one_id, other_id = one.id, other.id
    vault.documents[one_id], vault.documents[other_id] = other, one
    assert {"record", "box"} <= look(one_id)
    assert {"record", "box"} <= look(other_id)


def test_a_document_in_anothers_space_is_found(store, look):
    assert look(store().id, space="b" * 32) == {"record"}


def test_a_damaged_header_is_found(store, look, bundle):
    document = store()
    good = document.header
    for bad in (
        b"",
        good[:-1],
        good + b"x",
        good.replace(b"X25519", b"X25518"),
        good[:-5] + b"AAAA\n",
        seal_header(b"k" * 16, [bundle.public.recipient]),
    ):
        document.header = bad
        assert look(document.id) == {"header"}, bad
    document.header = good
    assert look(document.id) == set()


def test_a_header_whose_mac_has_no_right_form_is_found_though_it_is_signed(
    store, look, bundle
):
    document = store()
    document.header = document.header[:-10] + b"\n"
    digest = hashlib.sha256(document.header).hexdigest()
    resign(document, bundle, header_sha256=digest)
    assert look(document.id) == {"header"}


def test_a_changed_record_is_found(store, look):
    document = store()
    record = DocumentRecord.from_dict(document.record)
    document.record = replace(record, stored_at=record.stored_at - 1).to_dict()
    assert look(document.id) == {"signature"}


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, None])
def test_a_wrong_signature_is_found(store, look, signature):
    document = store()
    document.signature = signature
    assert look(document.id) == {"signature"}


def test_a_record_of_an_unknown_suite_is_found(store, look, bundle):
    document = store()
    resign(document, bundle, suite="civis-document-99")
    assert look(document.id) == {"record"}


@pytest.mark.parametrize("record", [None, {}, {"document_id": "x"}, "text"])
def test_a_record_that_is_none_is_found(store, look, record):
    document = store()
    document.record = record
    assert look(document.id) == {"record"}


def test_an_unknown_signer_is_found_and_a_known_one_is_believed(store, look):
    document, stranger = store(), KeyBundle.new()
    signer = stranger.public.signing.hex()
    resign(document, stranger, signer=signer)
    assert look(document.id) == {"signer"}
    assert look(document.id, signers={signer}) == set()


def test_without_an_account_nobody_is_known(store, vault):
    document = store()
    assert examine(vault, SPACE, document.id, None).kinds == {"signer"}


def test_an_impossible_size_is_found(store, look, bundle):
    document = store()
    resign(document, bundle, size=document.payload_size + 1)
    assert look(document.id) == {"size"}
    resign(document, bundle, size=3)
    assert look(document.id) == {"size"}


def test_a_lost_box_is_found(store, look, vault):
    document = store()
    del vault.boxes[document.position]
    assert look(document.id) == {"box"}


def test_anothers_box_is_found(store, look, vault):
    one, other = store(), store()
    boxes = vault.boxes
    boxes[one.position], boxes[other.position] = (
        boxes[other.position],
        boxes[one.position],
    )
    assert look(one.id) == look(other.id) == {"box"}


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x63" + b"x" * 300, None, "text"])
def test_a_box_of_no_known_form_is_found(store, look, vault, box):
    document = store()
    vault.boxes[document.position] = (document.id, box)
    assert look(document.id) == {"box"}


def test_a_box_is_known_by_its_suite(store, vault):
    document = store()
    assert is_known(vault.box(document))
    assert not is_known(b"\x63" + vault.box(document)[1:])


def test_a_box_without_its_document_is_found(store, vault):
    document, other = store(), store()
    assert list(stray_boxes(vault)) == []
    del vault.documents[document.id]
    assert list(stray_boxes(vault)) == [document.id]
    assert other.id in vault.documents


def test_an_object_that_is_lost_or_unreadable_is_found(store, vault, bundle, db):
    lost, damaged, whole = store(), store(), store()
    ids = [document.id for document in (lost, damaged, whole)]
    records = db.storage._BlobStorage__storage._data
    for tid in list(records[damaged._p_oid]):
        records[damaged._p_oid][tid] = b"not a pickle"
    del records[lost._p_oid]
    vault._p_jar.cacheMinimize()
    owner = bundle.public.signing
    found = [examine(vault, SPACE, document_id, owner).kinds for document_id in ids]
    assert found == [{"missing"}, {"unreadable"}, set()]


def test_an_error_that_passes_is_no_finding(store, look, monkeypatch):
    from civisdata.content.vault.scrub import examine as module

    def fail(part):
        raise ConnectionError("the database has gone")

    document = store()
    monkeypatch.setattr(module, "open_part", fail)
    with pytest.raises(ConnectionError):
        look(document.id)


def test_every_kind_is_found_somewhere_and_has_a_title():
    from civisdata.content.vault.scrub.browser.scrub import TITLES

    assert set(TITLES) == set(KINDS)
    tests = Path(__file__).read_text()
    assert all(f'"{kind}"' in tests for kind in KINDS if kind != "stray-box")
