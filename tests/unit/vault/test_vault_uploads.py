"""Uploads in pieces, and what is then stored."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import documents
from civisdata.content.vault import storage
from civisdata.content.vault import uploads
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.errors import WrongOffset
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.uploads import Limits
from io import BytesIO
import hashlib
import pyrage
import pytest
import random
import subprocess
import time
import transaction


SPACE = "a" * 32
PIECE = 2 * CHUNK


def text_of(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def start(vault, bundle, limits, size, name="carte.bin", category="local"):
    return uploads.start_upload(
        vault,
        SPACE,
        bundle,
        name=name,
        size=size,
        category=category,
        limits=limits,
        piece_size=PIECE,
    )


def send(vault, bundle, upload, data, offset=None):
    offset = upload.received if offset is None else offset
    return uploads.add_piece(vault, SPACE, bundle, upload.id, offset, BytesIO(data))


def store(vault, bundle, limits, clear, name="carte.bin"):
    """Upload in pieces, a transaction each; give the document."""
    upload = start(vault, bundle, limits, len(clear), name)
    transaction.commit()
    for offset in range(0, len(clear), PIECE):
        progress = send(vault, bundle, upload, clear[offset : offset + PIECE])
        transaction.commit()
    return vault.document(progress.document_id)


def age_file(document) -> bytes:
    parts = []
    for part in document.parts:
        with open_part(part) as stream:
            parts.append(stream.read())
    return document.header + b"".join(parts)


@pytest.mark.parametrize(
    "size", [1, CHUNK, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 17]
)
def test_what_is_stored_is_an_age_file_of_the_document(vault, bundle, limits, size):
    clear = text_of(size)
    document = store(vault, bundle, limits, clear)
    identity = pyrage.x25519.Identity.from_str(bundle.identity)
    sealed = age_file(document)
    assert pyrage.decrypt(sealed, [identity]) == clear
    payload = sealed[len(document.header) :]
    assert document.payload_size == len(payload)
    assert document.record["payload_sha256"] == hashlib.sha256(payload).hexdigest()
    with documents.open_document(vault, SPACE, document, bundle) as opened:
        assert opened.bytes() == clear
        assert opened.metadata.sha256 == hashlib.sha256(clear).hexdigest()
        assert opened.bytes(size // 2, size // 2 + 100) == clear[size // 2 :][:100]
    assert (vault.used, vault.awaited, len(vault)) == (size, 0, 1)


def test_debians_age_opens_it(vault, bundle, limits, tmp_path):
    document = store(vault, bundle, limits, text_of(PIECE + 5))
    key = tmp_path / "key"
    key.write_text(bundle.identity)
    done = subprocess.run(
        ["age", "-d", "-i", key], input=age_file(document), capture_output=True
    )
    assert done.stdout == text_of(PIECE + 5), done.stderr


def test_nothing_in_clear_is_stored(vault, bundle, limits, tmp_path):
    word = b"SECRETWORD0123456789"
    clear = word * 20_000
    upload = start(vault, bundle, limits, len(clear), "carte-SECRETNAME.bin")
    send(vault, bundle, upload, clear[:PIECE])
    transaction.commit()
    stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    storage = vault._p_jar._storage
    for oid in [upload._p_oid, vault._p_oid, vault.uploads._p_oid]:
        stored += storage.load(oid)[0]
    assert len(stored) > PIECE
    for secret in (word, b"SECRETNAME", bundle.vault_key):
        assert secret not in stored


def test_an_upload_goes_on_where_it_stopped(vault, bundle, limits, db):
    clear = text_of(3 * PIECE)
    upload = start(vault, bundle, limits, len(clear))
    send(vault, bundle, upload, clear[:PIECE])
    transaction.commit()
    for wrong in (0, 1, 2 * PIECE, len(clear)):
        with pytest.raises(WrongOffset) as caught:
            send(vault, bundle, upload, clear[PIECE : 2 * PIECE], offset=wrong)
        assert caught.value.offset == PIECE
    # Another application server goes on.
    other = db.open(transaction.TransactionManager())
    seen = other.root()["vault"]
    for offset in (PIECE, 2 * PIECE):
        progress = send(
            seen, bundle, seen.uploads[upload.id], clear[offset : offset + PIECE]
        )
    other.transaction_manager.commit()
    document = seen.document(progress.document_id)
    with documents.open_document(seen, SPACE, document, bundle) as opened:
        assert opened.bytes() == clear
    other.close()


@pytest.mark.parametrize(
    "length,reason", [(PIECE - 1, "short"), (PIECE + 1, "long"), (0, "short")]
)
def test_a_piece_of_another_length_is_refused(vault, bundle, limits, length, reason):
    upload = start(vault, bundle, limits, 2 * PIECE)
    transaction.commit()
    with pytest.raises(Refused, match=reason):
        send(vault, bundle, upload, bytes(length))
    transaction.abort()
    assert (upload.received, upload.parts, len(vault)) == (0, (), 0)


def test_an_unfinished_upload_is_not_listed(vault, bundle, limits):
    upload = start(vault, bundle, limits, 2 * PIECE)
    send(vault, bundle, upload, bytes(PIECE))
    assert list(documents.list_documents(vault, SPACE, bundle)) == []
    with pytest.raises(NoSuchItem):
        vault.document(upload.id)


@pytest.mark.parametrize(
    "size,reason",
    [(0, "empty"), (-1, "empty"), (40_000_001, "too_big")],
)
def test_sizes_are_refused_before_anything_is_read(vault, bundle, limits, size, reason):
    with pytest.raises(Refused, match=reason):
        start(vault, bundle, limits, size)
    assert len(vault.uploads) == 0


def test_quota_counts_documents_and_what_is_awaited(vault, bundle):
    limits = Limits(quota=4 * PIECE, max_document=4 * PIECE)
    document = store(vault, bundle, limits, bytes(PIECE))
    start(vault, bundle, limits, 2 * PIECE)
    with pytest.raises(Refused, match="quota"):
        start(vault, bundle, limits, PIECE + 1)
    assert start(vault, bundle, limits, PIECE)
    documents.delete_document(vault, document.id)
    assert vault.used == 0
    assert start(vault, bundle, limits, PIECE)


def test_uploads_under_way_are_limited_cancelled_and_expire(vault, bundle, limits):
    made = [start(vault, bundle, limits, 1) for _ in range(uploads.MAX_UPLOADS)]
    with pytest.raises(Refused, match="too_many"):
        start(vault, bundle, limits, 1)
    uploads.cancel_upload(vault, made[0].id)
    assert start(vault, bundle, limits, 1)
    with pytest.raises(NoSuchItem):
        uploads.cancel_upload(vault, made[0].id)
    made[1].touched_at = time.time() - uploads.EXPIRES - 1
    assert uploads.purge_uploads(vault) == 1
    assert made[1].id not in vault.uploads and made[2].id in vault.uploads


def test_a_false_extension_is_refused_at_the_first_piece(vault, bundle, limits):
    upload = start(vault, bundle, limits, 20, "facture.pdf")
    transaction.commit()
    with pytest.raises(Refused, match="kind"):
        send(vault, bundle, upload, b"<html><script></s>  ")


def test_unknown_categories_are_refused(vault, bundle, limits):
    # A form can send a list: an error would put the file's name into the error log.
    for category in ("x", ["local"], {}):
        with pytest.raises(Refused, match="category"):
            start(vault, bundle, limits, 1, category=category)


def test_a_plain_stream_is_stored(vault, bundle, limits):
    clear = text_of(9 * 1024 * 1024)
    document_id = uploads.store_stream(
        vault,
        SPACE,
        bundle,
        name="a.bin",
        size=len(clear),
        category="bills",
        limits=limits,
        stream=BytesIO(clear),
    )
    document = vault.document(document_id)
    assert len(document.parts) == 2
    with documents.open_document(vault, SPACE, document, bundle) as opened:
        assert opened.bytes() == clear


def test_documents_are_listed_newest_first_a_page_at_a_time(vault, bundle, limits):
    for number in range(5):
        store(vault, bundle, limits, b"x", f"d{number}.bin")
    pages = [
        [
            entry.metadata.title
            for entry in documents.list_documents(vault, SPACE, bundle, start, 2)
        ]
        for start in (0, 2, 4)
    ]
    assert pages == [["d4", "d3"], ["d2", "d1"], ["d0"]]
    stranger = documents.list_documents(vault, SPACE, KeyBundle.new())
    assert [entry.metadata for entry in stranger] == [None] * 5


def test_the_list_keeps_its_order_when_the_clock_goes_back(
    vault, bundle, limits, monkeypatch
):
    for number, moment in enumerate((9_000_000, 3_000_000, 3_000_000)):
        monkeypatch.setattr(storage.time, "time_ns", lambda moment=moment: moment)
        store(vault, bundle, limits, b"x", f"d{number}.bin")
    entries = documents.list_documents(vault, SPACE, bundle)
    assert [entry.metadata.title for entry in entries] == ["d2", "d1", "d0"]


def flip_part(document) -> None:
    with document.parts[0].open("r+") as stream:
        stream.seek(100)
        byte = stream.read(1)
        stream.seek(100)
        stream.write(bytes([byte[0] ^ 1]))


def swap_headers(document) -> None:
    document.header = document.header.replace(b"X25519 ", b"X25519 A", 1)


def cut_parts(document) -> None:
    document.parts = document.parts[:-1]


def swap_parts(document) -> None:
    document.parts = document.parts[::-1]


def change_time(document) -> None:
    document.record = {**document.record, "stored_at": 1}


def change_signature(document) -> None:
    document.signature = bytes(64)


@pytest.mark.parametrize(
    "tamper",
    [flip_part, swap_headers, cut_parts, swap_parts, change_time, change_signature],
)
def test_tampering_is_noticed(vault, bundle, limits, tamper):
    document = store(vault, bundle, limits, text_of(2 * PIECE))
    tamper(document)
    with pytest.raises(IntegrityError):
        documents.open_document(vault, SPACE, document, bundle).bytes()


def test_parts_of_two_documents_cannot_be_swapped(vault, bundle, limits):
    one = store(vault, bundle, limits, text_of(10))
    two = store(vault, bundle, limits, text_of(11)[:10])
    one.header, two.header = two.header, one.header
    one.parts, two.parts = two.parts, one.parts
    one.record, two.record = two.record, one.record
    one.signature, two.signature = two.signature, one.signature
    with pytest.raises(IntegrityError):
        documents.open_document(vault, SPACE, one, bundle)


def test_a_stranger_opens_nothing(vault, bundle, limits):
    document = store(vault, bundle, limits, b"x")
    with pytest.raises(IntegrityError):
        documents.open_document(vault, SPACE, document, KeyBundle.new())
    with pytest.raises(IntegrityError):
        documents.open_document(vault, "b" * 32, document, bundle)


def test_deleting_drops_the_keys(vault, bundle, limits):
    document = store(vault, bundle, limits, b"x" * 10)
    documents.delete_document(vault, document.id)
    assert (document.header, document.parts, vault.used) == (b"", (), 0)
    assert len(vault) == 0
    with pytest.raises(NoSuchItem):
        documents.delete_document(vault, document.id)


def test_a_document_says_nothing(vault, bundle, limits):
    document = store(vault, bundle, limits, b"x", "passeport-secret.bin")
    said = [
        document.Title(),
        document.Description(),
        document.Creator(),
        document.SearchableText(),
        repr(document),
        repr(sorted(document.__dict__)),
    ]
    assert "secret" not in "".join(said)
    assert document._getCatalogTool() is None


def test_memory_stays_small(vault, bundle):
    import tracemalloc

    class Zeros:
        def __init__(self, size):
            self.left = size

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    size = 64_000_000
    tracemalloc.start()
    uploads.store_stream(
        vault,
        SPACE,
        bundle,
        name="a.bin",
        size=size,
        category="bills",
        limits=Limits(size, size),
        stream=Zeros(size),
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16_000_000
