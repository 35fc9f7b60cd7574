"""A vault whose citizen replaces the keys."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.ageheader import open_header
from civisdata.content.vault.ageheader import parse_header
from civisdata.content.vault.ageheader import reseal_header
from civisdata.content.vault.ageheader import seal_header
from civisdata.content.vault.contents import make_folder
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.documents import list_documents
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NotARecipient
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.records import verify
from civisdata.content.vault.resealing import reseal_vault
from civisdata.content.vault.uploads import add_piece
from civisdata.content.vault.uploads import start_upload
from civisdata.content.vault.uploads import store_stream
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
import pyrage
import pytest
import transaction


SPACE = "a" * 16


@pytest.fixture
def space(vault):
    bare = SimpleNamespace(_civisdata_vault=vault)
    return SimpleNamespace(aq_base=bare, getId=lambda: SPACE)


@pytest.fixture
def store(vault, bundle, limits):
    def store(name: str, data: bytes):
        document_id = store_stream(
            vault,
            SPACE,
            bundle,
            name=name,
            size=len(data),
            category="local",
            limits=limits,
            stream=BytesIO(data),
        )
        return vault.document(document_id)

    return store


def stored_bytes(document) -> bytes:
    return document.header + b"".join(part.open("r").read() for part in document.parts)


def read(vault, document, bundle) -> bytes:
    with open_document(vault, SPACE, document, bundle) as opened:
        return opened.bytes()


def test_everything_opens_with_the_new_keys_and_nothing_with_the_old(
    vault, space, bundle, store
):
    texts = [b"un", b"deux" * 50_000, b"trois"]
    documents = [store(f"{n}.txt", text) for n, text in enumerate(texts)]
    transaction.commit()
    parts = [document.parts for document in documents]
    new = KeyBundle.new()
    reseal_vault(space, bundle, new)
    transaction.commit()
    assert [read(vault, document, new) for document in documents] == texts
    assert [document.parts for document in documents] == parts
    names = [entry.metadata.name for entry in list_documents(vault, SPACE, new)]
    assert names == ["2.txt", "1.txt", "0.txt"]
    for document in documents:
        with pytest.raises(IntegrityError):
            open_document(vault, SPACE, document, bundle)
        with pytest.raises(NotARecipient):
            open_header(document.header, bundle.identity)
    assert all(entry.metadata is None for entry in list_documents(vault, SPACE, bundle))
    identity = pyrage.x25519.Identity.from_str(new.identity)
    assert pyrage.decrypt(stored_bytes(documents[1]), [identity]) == texts[1]


def test_an_upload_under_way_goes_on(vault, space, bundle, limits):
    upload = start_upload(
        vault,
        SPACE,
        bundle,
        name="suite.txt",
        size=65536 + 5,
        category="local",
        limits=limits,
        piece_size=65536,
    )
    add_piece(vault, SPACE, bundle, upload.id, 0, BytesIO(b"a" * 65536))
    new = KeyBundle.new()
    reseal_vault(space, bundle, new)
    done = add_piece(vault, SPACE, new, upload.id, 65536, BytesIO(b"bbbbb"))
    document = vault.document(done.document_id)
    assert read(vault, document, new) == b"a" * 65536 + b"bbbbb"


def test_folders(vault, space, bundle):
    upper = make_folder(vault, SPACE, bundle, "Impôts")
    lower = make_folder(vault, SPACE, bundle, "2025", upper.id)
    new = KeyBundle.new()
    reseal_vault(space, bundle, new)
    contents = open_contents(vault, SPACE, new)
    assert contents.folders == {upper.id: upper, lower.id: lower}
    assert set(open_contents(vault, SPACE, bundle).altered) == {upper.id, lower.id}


def test_a_deposit_keeps_the_proof_of_its_origin(vault, space, bundle, store):
    document, service = store("avis.txt", b"avis"), KeyBundle.new()
    record = DocumentRecord.from_dict(document.record)
    record = replace(record, signer=service.public.signing.hex())
    document.record = record.to_dict()
    document.signature = sign(record, service.signing_key)
    update_metadata(
        vault,
        SPACE,
        document,
        bundle,
        signer=record.signer,
        origin={"publisher": "bordeaux"},
    )
    before = document.record, document.signature
    new = KeyBundle.new()
    reseal_vault(space, bundle, new)
    assert read(vault, document, new) == b"avis"
    metadata = metadata_of(vault, SPACE, document, new)
    assert metadata.signer == "" and metadata.origin["publisher"] == "bordeaux"
    kept = DocumentRecord.from_dict(metadata.origin["record"])
    signature = bytes.fromhex(metadata.origin["signature"])
    assert (kept.to_dict(), signature) == before
    verify(kept, signature, service.public.signing)
    # The next time it is a document of the citizen; the first proof stays.
    newer = KeyBundle.new()
    reseal_vault(space, new, newer)
    again = metadata_of(vault, SPACE, document, newer)
    assert again.origin == metadata.origin
    assert read(vault, document, newer) == b"avis"


def test_a_forged_deposit_is_not_signed(vault, space, bundle, store, caplog):
    document = store("avis.txt", b"avis")
    signer = KeyBundle.new().public.signing.hex()
    update_metadata(vault, SPACE, document, bundle, signer=signer)
    before = document.signature
    reseal_vault(space, bundle, KeyBundle.new())
    assert document.signature == before
    assert "keeps its former keys" in caplog.text


def test_what_was_altered_is_left_as_it_is_and_the_rest_goes_on(
    vault, space, bundle, store, caplog
):
    altered, swapped, whole = store("a", b"a"), store("b", b"b"), store("c", b"c")
    altered.signature = bytes(64)
    vault.set_box(swapped, vault.box(whole))
    before = [dict(document.__dict__) for document in (altered, swapped)]
    new = KeyBundle.new()
    reseal_vault(space, bundle, new)
    assert [dict(document.__dict__) for document in (altered, swapped)] == before
    assert read(vault, whole, new) == b"c"
    assert caplog.text.count("keeps its former keys") == 2
    assert altered.id in caplog.text and "a.txt" not in caplog.text


def test_a_space_without_a_vault():
    bare = SimpleNamespace(aq_base=SimpleNamespace(), getId=lambda: SPACE)
    reseal_vault(bare, KeyBundle.new(), KeyBundle.new())
    assert vars(bare.aq_base) == {}


def test_a_crash_leaves_the_old_keys_in_force(vault, space, bundle, store, monkeypatch):
    """Fail at each write in turn: the state is the one before, whole."""
    documents = [store(f"{n}.txt", b"x") for n in range(3)]
    transaction.commit()
    set_box, calls, limit = type(vault).set_box, [], [0]

    def failing(self, document, box):
        calls.append(document)
        if len(calls) == limit[0]:
            raise OSError("no space left")
        set_box(self, document, box)

    monkeypatch.setattr(type(vault), "set_box", failing)
    for limit[0] in (1, 2, 3):
        calls.clear()
        with pytest.raises(OSError):
            reseal_vault(space, bundle, KeyBundle.new())
        transaction.abort()
        assert [read(vault, document, bundle) for document in documents] == [b"x"] * 3


def test_other_recipients_keep_their_stanzas():
    mine, theirs, new = KeyBundle.new(), KeyBundle.new(), KeyBundle.new()
    header = seal_header(bytes(16), [theirs.recipient, mine.recipient])
    again = reseal_header(header, mine.identity, new.recipient)
    assert len(parse_header(again).stanzas) == 2
    assert open_header(again, new.identity) == bytes(16)
    assert open_header(again, theirs.identity) == bytes(16)
    with pytest.raises(NotARecipient):
        open_header(again, mine.identity)


def test_stanzas_of_other_programs_are_kept_byte_by_byte():
    mine, new = KeyBundle.new(), KeyBundle.new()
    for size in (0, 47, 48, 49, 96, 200):
        header = seal_header(bytes(16), [mine.recipient])
        body = bytes(range(size))
        from civisdata.content.vault import ageheader

        foreign = ageheader._written(ageheader.Stanza((b"grease", b"x", b"y"), body))
        own = ageheader._stanza(bytes(16), mine.recipient)
        header = ageheader.assemble_header(bytes(16), [own, foreign])
        again = reseal_header(header, mine.identity, new.recipient)
        assert foreign in again
        assert parse_header(again).stanzas[1].body == body
        assert open_header(again, new.identity) == bytes(16)
