"""The age format: against pyrage, against Debian's age, and against tampering."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import agefile
from civisdata.content.vault import ageheader
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.agefile import IntegrityError
from civisdata.content.vault.agefile import SEALED_CHUNK
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pyrage
import pytest
import random
import shutil
import subprocess


OWNER = KeyBundle.new()
FRIEND = KeyBundle.new()
EDGES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7, 20 * CHUNK)


def clear_text(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def seal(clear: bytes, runs: int | None = None) -> tuple[bytes, bytes]:
    """Seal in runs of so many chunks; give header and payload."""
    file_key, nonce = agefile.new_file_key(), agefile.new_nonce()
    header = agefile.seal_header(file_key, [OWNER.recipient, FRIEND.recipient])
    payload = bytearray(nonce)
    step = (runs or 10**6) * CHUNK
    starts = range(0, max(len(clear), 1), step)
    for start in starts:
        sealer = agefile.PayloadSealer(file_key, nonce, start // CHUNK)
        piece = clear[start : start + step]
        for place in range(0, len(piece), 50_000):
            payload += sealer.update(piece[place : place + 50_000])
        payload += sealer.finish(final=start == starts[-1])
    return header, bytes(payload)


def reader(
    header: bytes, payload: bytes, bundle: KeyBundle = OWNER
) -> agefile.PayloadReader:
    file_key = agefile.open_header(header, bundle.identity)
    return agefile.PayloadReader(
        file_key, len(payload), lambda offset, length: payload[offset : offset + length]
    )


def age(*arguments: str, data: bytes) -> bytes:
    return subprocess.run(
        ["age", *arguments], input=data, capture_output=True, check=True
    ).stdout


@pytest.mark.parametrize("runs", [None, 1, 2])
@pytest.mark.parametrize("size", EDGES)
def test_pyrage_opens_what_we_seal(size, runs):
    clear = clear_text(size)
    header, payload = seal(clear, runs)
    assert len(payload) == agefile.sealed_size(size)
    for bundle in (OWNER, FRIEND):
        identity = pyrage.x25519.Identity.from_str(bundle.identity)
        assert pyrage.decrypt(header + payload, [identity]) == clear


@pytest.mark.parametrize("size", EDGES)
def test_we_open_what_pyrage_seals(size):
    clear = clear_text(size)
    recipients = [
        pyrage.x25519.Recipient.from_str(bundle.recipient) for bundle in (FRIEND, OWNER)
    ]
    sealed = pyrage.encrypt(clear, recipients)
    length = agefile.parse_header(sealed).length
    opened = reader(sealed[:length], sealed[length:])
    assert opened.clear_size == size
    assert b"".join(opened.read()) == clear


@pytest.mark.skipif(not shutil.which("age"), reason="Debian's age isn't installed")
@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1])
def test_debians_age_both_ways(size, tmp_path):
    identity = tmp_path / "identity"
    identity.write_text(OWNER.identity + "\n")
    clear = clear_text(size)
    header, payload = seal(clear)
    assert age("-d", "-i", str(identity), data=header + payload) == clear
    theirs = age("-r", OWNER.recipient, data=clear)
    length = agefile.parse_header(theirs).length
    assert b"".join(reader(theirs[:length], theirs[length:]).read()) == clear


BIG = clear_text(20 * CHUNK + 5)
SEALED_BIG = seal(BIG, 3)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(BIG) + 10), st.integers(0, len(BIG) + 10))
@example(0, 1)
@example(CHUNK - 1, CHUNK + 1)
@example(CHUNK, 2 * CHUNK)
@example(len(BIG) - 1, len(BIG))
@example(16 * CHUNK - 1, 16 * CHUNK + 1)
def test_a_range_is_the_slice(start, stop):
    assert b"".join(reader(*SEALED_BIG).read(start, stop)) == BIG[start:stop]


def test_a_range_opens_only_its_chunks():
    header, payload = SEALED_BIG
    touched = []

    def read_at(offset, length):
        touched.append((offset, length))
        return payload[offset : offset + length]

    file_key = agefile.open_header(header, OWNER.identity)
    opened = agefile.PayloadReader(file_key, len(payload), read_at)
    assert b"".join(opened.read(5 * CHUNK, 5 * CHUNK + 1)) == BIG[5 * CHUNK :][:1]
    assert sum(length for _, length in touched) <= 16 + 2 * SEALED_CHUNK
    list(opened.read())
    assert max(length for _, length in touched) <= 16 * SEALED_CHUNK


SMALL = clear_text(2 * CHUNK + 9)
SEALED_SMALL = seal(SMALL)


def opens_wrongly(header: bytes, payload: bytes, clear: bytes) -> bool:
    """Whether anything at all is given; wrong bytes fail the test at once."""
    given_out = b""
    try:
        for part in reader(header, payload).read():
            given_out += part
    except IntegrityError:
        assert clear.startswith(given_out)
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_flipped_bit_is_noticed(data):
    whole = bytearray(b"".join(SEALED_SMALL))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    cut = len(SEALED_SMALL[0])
    assert not opens_wrongly(bytes(whole[:cut]), bytes(whole[cut:]), SMALL)


def test_every_flipped_byte_of_the_header_is_noticed():
    header, payload = SEALED_SMALL
    for place in range(len(header)):
        for mask in (1, 0x20, 0x80):
            broken = bytearray(header)
            broken[place] ^= mask
            assert not opens_wrongly(bytes(broken), payload, SMALL)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SEALED_SMALL[1]) - 1))
@example(16)
@example(16 + SEALED_CHUNK)
@example(16 + SEALED_CHUNK + 16)
@example(16 + 2 * SEALED_CHUNK)
def test_any_cut_is_noticed(length):
    assert not opens_wrongly(SEALED_SMALL[0], SEALED_SMALL[1][:length], SMALL)


@pytest.mark.parametrize(
    "extra", [b"\0", bytes(16), bytes(SEALED_CHUNK), SEALED_SMALL[1][16:]]
)
def test_what_is_appended_is_noticed(extra):
    assert not opens_wrongly(SEALED_SMALL[0], SEALED_SMALL[1] + extra, SMALL)
    assert not opens_wrongly(SEALED_SMALL[0] + extra, SEALED_SMALL[1], SMALL)


def test_swapped_chunks_and_files_are_noticed():
    header, payload = SEALED_SMALL
    one, two = (payload[16:][k * SEALED_CHUNK :][:SEALED_CHUNK] for k in (0, 1))
    swapped = payload[:16] + two + one + payload[16 + 2 * SEALED_CHUNK :]
    assert not opens_wrongly(header, swapped, SMALL)
    other_header, other_payload = seal(SMALL)
    assert not opens_wrongly(other_header, payload, SMALL)
    assert not opens_wrongly(header, other_payload, SMALL)


def test_a_cut_at_a_chunk_gives_nothing_at_all():
    header, payload = SEALED_SMALL
    cut = reader(header, payload[: 16 + 2 * SEALED_CHUNK])
    with pytest.raises(IntegrityError):
        next(cut.read(0, 1))


def test_an_empty_last_chunk_after_others_is_refused():
    file_key, nonce = agefile.new_file_key(), agefile.new_nonce()
    sealer = agefile.PayloadSealer(file_key, nonce)
    payload = nonce + sealer.update(bytes(CHUNK)) + sealer.finish(final=False)
    with pytest.raises(ValueError):
        sealer.finish(final=True)
    forged = agefile.PayloadSealer(file_key, nonce, 1)._seal(b"", True)
    with pytest.raises(IntegrityError):
        agefile.PayloadReader(file_key, len(payload + forged), lambda o, n: b"")


def test_a_run_of_odd_length_must_be_the_last():
    sealer = agefile.PayloadSealer(bytes(16), bytes(16))
    sealer.update(b"x")
    with pytest.raises(ValueError):
        sealer.finish(final=False)


def test_a_stranger_is_no_recipient():
    with pytest.raises(agefile.NotARecipient):
        agefile.open_header(SEALED_SMALL[0], KeyBundle.new().identity)


def test_other_peoples_stanzas_are_read_over():
    file_key = agefile.new_file_key()
    stanza = ageheader._stanza(file_key, OWNER.recipient)
    grease = b"-> grease a b\n" + b"A" * 64 + b"\n\n"
    signed = ageheader.VERSION_LINE + b"\n" + grease + stanza + b"---"
    mac = ageheader.encode_base64(ageheader._mac(file_key, signed))
    header = signed + b" " + mac + b"\n"
    assert agefile.open_header(header, OWNER.identity) == file_key


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v2\n-> X25519 a\n\n--- \n",
        b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n",
        b"age-encryption.org/v1\n-> X25519\n\n--- " + b"A" * 43 + b"\n",
        b"age-encryption.org/v1\r\n-> X25519 A\r\n\r\n--- AAAA\r\n",
        b"age-encryption.org/v1\n->  X25519 a\n\n--- " + b"A" * 43 + b"\n",
        b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n",
        b"age-encryption.org/v1\n" + b"-> x\n\n" * 200_000,
    ],
)
def test_malformed_headers_are_refused(header):
    with pytest.raises(IntegrityError):
        agefile.open_header(header, OWNER.identity)


@pytest.mark.parametrize("text", [b"AB", b"AA==", b"A", b"A A=", b"AA-_", b"AAA\n"])
def test_base64_that_is_not_canonical_is_refused(text):
    with pytest.raises(IntegrityError):
        ageheader.decode_base64(text)


def test_headers_need_good_recipients():
    for recipients in ([], ["age1xyz"], [OWNER.identity]):
        with pytest.raises(ValueError):
            agefile.seal_header(agefile.new_file_key(), recipients)
