"""The command that verifies an exported journal, run as a citizen would run it."""

from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal import purge
from civisdata.content.citizens.journal import verifier
from civisdata.content.citizens.journal.export import to_csv
from civisdata.content.citizens.journal.own_actions import ANEW_DONE
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.keys import KeyBundle
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from helpers.journal import export
from helpers.journal import filled
from helpers.journal import run_tool
from helpers.journal import TOOL
from random import Random
import ast
import csv
import io
import json
import pytest
import time


@pytest.fixture(scope="module")
def journal() -> bytes:
    """An exported journal: header, 12 entries, 2 checkpoints, end."""
    return export(*filled(12))


@pytest.fixture
def verified(tmp_path):
    """Run the command on some bytes; return exit code, output and complaints."""

    def verified(data: bytes, *arguments, **options):
        path = tmp_path / "journal.jsonl"
        path.write_bytes(data)
        done = run_tool(path, *arguments, **options)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return verified


def lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def altered(data: bytes, number: int, **changes) -> bytes:
    """Change values of a line (0 is the header)."""
    rows = lines(data)
    row = json.loads(rows[number])
    inner = next(iter(row.values())) if len(row) == 1 else row
    inner.update(changes)
    rows[number] = verifier.canonical(row) + b"\n"
    return b"".join(rows)


def test_an_intact_journal_passes(journal, verified):
    code, said, complaints = verified(journal)
    assert (code, complaints) == (0, "")
    assert "intact: 12 entries, from no. 1 to no. 12, 3 signature(s)" in said
    fingerprint = json.loads(lines(journal)[0])["fingerprint"]
    assert fingerprint in said
    assert verified(journal, "--fingerprint", fingerprint)[0] == 0
    code, _said, complaints = verified(journal, "--fingerprint", "00" * 16)
    assert code == 1 and "not the expected one" in complaints


def test_it_speaks_french(journal, verified):
    assert "Le journal est intact" in verified(journal, language="fr")[1]
    broken = altered(journal, 4, time=1)
    assert "La chaîne est rompue" in verified(broken, language="fr")[2]


def test_a_journal_whose_beginning_was_dropped_passes(verified):
    space, bundle = filled(12)
    for _ in range(3):
        note(space, "log-in")
    assert purge(space, time.time() + 9999 * 86400) == 14
    data = export(space, bundle)
    code, said, _complaints = verified(data)
    assert code == 0 and "1 entries, from no. 15 to no. 15" in said
    assert verified(altered(data, 1, previous="00" * 32))[0] == 1


def test_a_journal_with_replaced_keys_passes(verified):
    space, old = filled(12)
    note(space, ANEW_DONE, former_key=old.public.signing.hex())
    assert verified(export(space, space.activate()))[0] == 0


@pytest.mark.parametrize(
    "change,message",
    [
        (lambda rows: altered(b"".join(rows), 4, time=1), "breaks at entry 5"),
        (lambda rows: altered(b"".join(rows), 12, item=""), "signed at entry 12"),
        (lambda rows: b"".join(rows[:4] + rows[5:]), "Entry 4 was expected"),
        (lambda rows: b"".join(rows[:12] + rows[13:]), "signed at entry 12"),
        (
            lambda rows: b"".join([*rows[:4], rows[5], rows[4], *rows[6:]]),
            "Entry 4 was expected and entry 5 found",
        ),
        (lambda rows: b"".join([*rows[:4], rows[4], *rows[4:]]), "Entry 5 was exp"),
        (lambda rows: b"".join(rows[:8]), "doesn't match what was signed|too early"),
        (lambda rows: b"".join(rows[:13]), "ends too early"),
        (lambda rows: b"".join(rows[:-1]), "ends too early"),
        (lambda rows: b"".join(rows)[:-40], "Line 16"),
        (lambda rows: b"".join(rows)[: len(rows[0]) + 30], "Line 2"),
        (lambda rows: b"".join(rows[1:]), "isn't a journal"),
        (lambda rows: b"", "isn't a journal"),
        (lambda rows: b"".join(rows[:13] + rows[14:]), "altered after"),
        (lambda rows: b"".join(rows) + rows[4], "Line 17"),
        (lambda rows: b"".join(rows[:3]) + b"[1]\n" + b"".join(rows[3:]), "Line 4"),
        (lambda rows: b"".join(rows[:3]) + b"\n" + b"".join(rows[3:]), "Line 4"),
        (lambda rows: altered(b"".join(rows), 0, portal="https://x"), "altered after"),
        (lambda rows: altered(b"".join(rows), 13, time=1), "signature at entry 5"),
        (lambda rows: altered(b"".join(rows), 13, hash="0" * 64), "signed at entry 5"),
        (lambda rows: altered(b"".join(rows), 15, time=1), "signature at entry 12"),
        (
            lambda rows: b"".join(rows).replace(b"\n", b"\r\n"),
            "altered after",
        ),
        (lambda rows: b"[" * 100_000, "isn't a journal"),
        (lambda rows: rows[0] + b"[" * 100_000, "Line 2"),
        (lambda rows: rows[0] + b"\xff\xfe\n", "Line 2"),
    ],
)
def test_whatever_is_altered_fails(journal, verified, change, message):
    code, said, complaints = verified(change(lines(journal)))
    assert (code, said) == (1, "")
    assert any(part in complaints for part in message.split("|")), complaints


def test_any_flipped_bit_fails(journal):
    random = Random(7)
    for _ in range(300):
        data = bytearray(journal)
        data[random.randrange(len(data) - 1)] ^= 1 << random.randrange(8)
        with pytest.raises(verifier.Broken):
            verifier.Journal(bytes(data)).check()


def test_an_inserted_entry_fails_even_when_the_chain_is_made_anew(verified):
    space, bundle = filled(12)
    rows = [json.loads(line) for line in lines(export(space, bundle))]
    forged = {**rows[3], "action": "document-deleted"}
    rows.insert(4, forged)
    head = rows[0]["anchor"] or verifier.start_hash(rows[0]["space"])
    for n, row in enumerate(rows[1:14], 1):
        row.update(n=n, previous=head)
        head = verifier.entry_hash(row)
    data = b"".join(verifier.canonical(row) + b"\n" for row in rows)
    code, _said, complaints = verified(data)
    assert code == 1 and "signed at entry 5" in complaints


def test_a_file_signed_by_somebody_else_has_another_fingerprint(verified):
    space, bundle = filled(12, every=100)
    forged = export(space, KeyBundle.new())
    assert verified(forged)[0] == 0
    assert verified(forged, "--fingerprint", bundle.fingerprint)[0] == 1


def test_a_later_export_goes_on_from_an_earlier_one(verified, tmp_path):
    space, bundle = filled(12)
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_bytes(export(space, bundle))
    note(space, "log-in")
    assert verified(export(space, bundle), "--earlier", earlier)[0] == 0
    purge(space, time.time() + 9999 * 86400)
    note(space, "log-in")
    assert verified(export(space, bundle), "--earlier", earlier)[0] == 0
    journal = get_journal(space)
    assert journal.first == 13
    shorter, _bundle = filled(11)
    shorter._account = space._account
    get_journal(shorter)._checkpoints.clear()
    code, _said, complaints = verified(export(shorter, bundle), "--earlier", earlier)
    assert code == 1
    assert "was rewritten or cut in between" in complaints
    other, bundle = filled(3)
    other.space_id = "ponmlkjihgfedcba"
    del other._journal
    note(other, "log-in")
    code, _said, complaints = verified(export(other, bundle), "--earlier", earlier)
    assert code == 1 and "aren't of the same space" in complaints


def test_a_file_that_is_not_there(tmp_path):
    done = run_tool(tmp_path / "nothing.jsonl")
    assert done.returncode == 2
    assert "can't be read" in done.stderr


def test_the_command_is_one_file_for_older_pythons():
    source = TOOL.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
        for alias in node.names
    }  # fmt: skip
    assert imported <= {"argparse", "datetime", "hashlib", "json", "os", "re", "sys"}
    froms = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert [node.module for node in froms] == ["__future__"]


#: RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("key,message,signature", VECTORS)
def test_ed25519_against_the_standard(key, message, signature):
    key, message = bytes.fromhex(key), bytes.fromhex(message)
    signature = bytes.fromhex(signature)
    assert verifier.verify_ed25519(key, signature, message)
    assert not verifier.verify_ed25519(key, signature, message + b"x")


def test_ed25519_agrees_with_cryptography():
    random = Random(3)
    for _ in range(40):
        private = Ed25519PrivateKey.from_private_bytes(random.randbytes(32))
        key = private.public_key().public_bytes_raw()
        message = random.randbytes(random.randrange(200))
        signature = private.sign(message)
        assert verifier.verify_ed25519(key, signature, message)
        flipped = bytearray(signature)
        flipped[random.randrange(64)] ^= 1 << random.randrange(8)
        assert not verifier.verify_ed25519(key, bytes(flipped), message)
        other = random.randbytes(32)
        assert not verifier.verify_ed25519(other, signature, message)


def test_ed25519_refuses_what_is_not_canonical():
    key, message, signature = (bytes.fromhex(text) for text in VECTORS[1])
    number = int.from_bytes(signature[32:], "little") + verifier.ORDER
    stretched = signature[:32] + number.to_bytes(32, "little")
    assert not verifier.verify_ed25519(key, stretched, message)
    for wrong in (b"", key[:31], b"\xff" * 32, (verifier.P + 1).to_bytes(32, "little")):
        assert not verifier.verify_ed25519(wrong, signature, message)
    assert not verifier.verify_ed25519(key, b"", message)
    assert not verifier.verify_ed25519(key, signature[:63], message)


def test_a_table_runs_nothing_in_a_spreadsheet():
    titles = ("=1+1", "+x", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "Avis ; « x »")
    rows = [(Entry(n, 0, "x"), "a", "b", title) for n, title in enumerate(titles, 1)]
    data = to_csv(rows, ["n", "l", "u", "k", "s", "i"])
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data[3:].decode(), newline=""), delimiter=";"))
    assert [row[4] for row in read[1:]] == [f"'{t}" for t in titles[:7]] + [titles[7]]
    assert read[1][2] == "1970-01-01T00:00:00Z"
