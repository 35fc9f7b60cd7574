"""Metadata boxes and signed records."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.keys import UnknownSuite
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.boxes import read_json
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.records import DocumentRecord
from civisdata.content.vault.records import sign
from civisdata.content.vault.records import verify
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from dataclasses import fields
from dataclasses import replace
import hmac
import json
import pytest


NAMES = {"space_id": "s", "item_id": "d", "purpose": "document"}
CONTENT = {"title": "Carte d’identité 🪪", "size": 12, "pages": None}


def test_a_box_opens_for_its_item_only():
    key = BoxKey(b"k" * 32)
    box = key.seal(CONTENT, **NAMES)
    assert key.open(box, **NAMES) == CONTENT
    assert "identité".encode() not in box
    for name in NAMES:
        with pytest.raises(IntegrityError):
            key.open(box, **{**NAMES, name: "other"})
    with pytest.raises(IntegrityError):
        BoxKey(b"l" * 32).open(box, **NAMES)


def test_many_boxes_open_as_single_ones_do():
    key = BoxKey(b"k" * 32)
    opened = key.opener(space_id="s", purpose="document")
    for item_id in ("d", "é", ""):
        names = {**NAMES, "item_id": item_id}
        box = key.seal(CONTENT, **names)
        assert read_json(opened(box, item_id)) == CONTENT == key.open(box, **names)
        with pytest.raises(IntegrityError):
            opened(box, "other")
        with pytest.raises(IntegrityError):
            key.opener(space_id="s", purpose="folder")(box, item_id)
        with pytest.raises(IntegrityError):
            key.opener(space_id="t", purpose="document")(box, item_id)
        with pytest.raises(UnknownSuite):
            opened(b"\x09" + box[1:], item_id)


def test_a_box_of_suite_1_is_made_of_what_the_reference_says():
    """Whoever reads boxes without the portal needs HMAC and ChaCha20-Poly1305 alone."""
    box = BoxKey(b"k" * 32).seal(CONTENT, **NAMES)
    label = hmac.digest(b"k" * 32, b"civisdata metadata box 1", "sha256")
    cipher = ChaCha20Poly1305(hmac.digest(label, box[1:25], "sha256"))
    names = b"\x00\x01s\x00\x01d\x00\x08document"
    clear = cipher.decrypt(bytes(12), box[25:], b"\x01" + names)
    assert json.loads(clear) == CONTENT


def test_names_do_not_run_into_each_other():
    key = BoxKey(b"k" * 32)
    box = key.seal(CONTENT, space_id="ab", item_id="c", purpose="p")
    with pytest.raises(IntegrityError):
        key.open(box, space_id="a", item_id="bc", purpose="p")


def test_every_flipped_byte_of_a_box_is_noticed():
    key = BoxKey(b"k" * 32)
    box = key.seal(CONTENT, **NAMES)
    for place in range(len(box)):
        broken = bytearray(box)
        broken[place] ^= 1
        with pytest.raises((IntegrityError, UnknownSuite)):
            key.open(bytes(broken), **NAMES)
    for length in range(len(box)):
        with pytest.raises((IntegrityError, UnknownSuite)):
            key.open(box[:length], **NAMES)


def test_a_box_hides_the_length_of_a_name():
    key = BoxKey(b"k" * 32)
    sizes = {len(key.seal({"title": "x" * n}, **NAMES)) for n in (1, 50, 200)}
    assert len(sizes) == 1


def test_a_thousand_boxes_open_with_one_key():
    key = BoxKey(b"k" * 32)
    boxes = [
        key.seal({**CONTENT, "n": n}, space_id="s", item_id=str(n), purpose="p")
        for n in range(1000)
    ]
    opened = [
        BoxKey(b"k" * 32).open(box, space_id="s", item_id=str(n), purpose="p")
        for n, box in enumerate(boxes)
    ]
    assert [content["n"] for content in opened] == list(range(1000))


BUNDLE = KeyBundle.new()
RECORD = DocumentRecord(
    document_id="d",
    owner_id="u",
    header_sha256="00",
    payload_sha256="11",
    size=5,
    stored_at=1,
    signer=BUNDLE.public.signing.hex(),
)


def test_a_record_verifies():
    signature = sign(RECORD, BUNDLE.signing_key)
    again = DocumentRecord.from_dict(RECORD.to_dict())
    verify(again, signature, BUNDLE.public.signing)


@pytest.mark.parametrize("name", [field.name for field in fields(DocumentRecord)])
def test_any_other_value_is_noticed(name):
    signature = sign(RECORD, BUNDLE.signing_key)
    value = getattr(RECORD, name)
    other = value + 1 if isinstance(value, int) else value + "2"
    with pytest.raises((IntegrityError, UnknownSuite)):
        verify(replace(RECORD, **{name: other}), signature, BUNDLE.public.signing)


def test_another_signer_or_signature_is_noticed():
    stranger = KeyBundle.new()
    forged = replace(RECORD, signer=stranger.public.signing.hex())
    signature = sign(forged, stranger.signing_key)
    with pytest.raises(IntegrityError):
        verify(forged, signature, BUNDLE.public.signing)
    with pytest.raises(IntegrityError):
        verify(RECORD, signature, BUNDLE.public.signing)
    with pytest.raises(IntegrityError):
        verify(RECORD, b"", BUNDLE.public.signing)
    with pytest.raises(ValueError):
        sign(RECORD, stranger.signing_key)
