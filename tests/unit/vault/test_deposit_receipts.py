"""Receipts: the portal's own check, and the command that needs no portal."""

from civisdata.content.citizens.site_keys import SigningKey
from civisdata.content.vault.deposits import receipts
from civisdata.content.vault.errors import IntegrityError
from pathlib import Path
import copy
import hashlib
import json
import os
import pytest
import subprocess
import sys


COMMAND = Path(__file__).resolve().parents[3] / "tools" / "civisdata-verify-receipt"
DOCUMENT = b"un document"
AT = 1_800_000_000


def published(key: SigningKey, **changes) -> dict:
    row = {
        "id": key.id,
        "publisher": "bordeaux",
        "public_key": key.public.hex(),
        "sha256": hashlib.sha256(key.public).hexdigest(),
        "valid_from": receipts.iso(AT - 10),
        "valid_until": None,
    }
    return {**row, **changes}


@pytest.fixture
def key():
    return SigningKey(os.urandom(32))


@pytest.fixture
def receipt(key):
    salt, sha256 = os.urandom(32), hashlib.sha256(DOCUMENT).hexdigest()
    opened = {"document": sha256, "recipient": "zoe", "space": "a" * 16}
    payload = receipts.make_payload(
        receipt="0" * 32,
        publisher="bordeaux",
        name="Ville de Bordeaux",
        channel="agent",
        at=AT,
        commitments={k: receipts.commitment(salt, k, v) for k, v in opened.items()},
        payload_sha256="1" * 64,
        metadata_sha256="2" * 64,
        key=key,
    )
    return receipts.whole(payload, receipts.sign_payload(payload, key), salt, **opened)


@pytest.fixture
def run(tmp_path):
    def run(receipt, keys, document: bytes | None = None):
        values = {"receipt.json": receipt, "keys.json": keys}
        for name, value in values.items():
            text = value if isinstance(value, str) else json.dumps(value)
            (tmp_path / name).write_text(text)
        more = []
        if document is not None:
            (tmp_path / "document").write_bytes(document)
            more = ["--file", "document"]
        return subprocess.run(
            [sys.executable, "-I", str(COMMAND), "receipt.json", *more],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    return run


def test_the_command_accepts_what_was_signed(run, key, receipt):
    done = run(receipt, {"keys": [published(key)]}, DOCUMENT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("VALID")
    assert "Ville de Bordeaux" in done.stdout and key.id in done.stdout


def test_a_depositors_receipt_does_not_name_the_space(run, key, receipt):
    del receipt["opening"]["space"]
    assert run(receipt, {"keys": [published(key)]}, DOCUMENT).returncode == 0


def test_the_command_tells_another_file(run, key, receipt):
    done = run(receipt, {"keys": [published(key)]}, DOCUMENT + b".")
    assert done.returncode == 1 and "isn't the document" in done.stderr


@pytest.mark.parametrize(
    "part, name",
    [
        *[
            ("signed", name)
            for name in (
                "receipt",
                "publisher_name",
                "channel",
                "deposited_at",
                "stored_sha256",
                "metadata_sha256",
                "document",
                "recipient",
                "space",
            )
        ],
        *[("opening", name) for name in ("salt", "document", "recipient", "space")],
    ],
)
def test_the_command_refuses_whatever_was_altered(run, key, receipt, part, name):
    altered = copy.deepcopy(receipt)
    value = altered[part][name]
    altered[part][name] = value[:-1] + ("0" if value[-1] != "0" else "1")
    done = run(altered, {"keys": [published(key)]})
    assert done.returncode == 1, (part, name, done.stdout)
    assert done.stdout == "" and done.stderr.startswith("NOT VALID")


def test_the_command_refuses_an_added_word(run, key, receipt):
    receipt["signed"]["more"] = "x"
    assert run(receipt, {"keys": [published(key)]}).returncode == 1


def test_the_command_refuses_wrong_keys(run, key, receipt):
    other = SigningKey(os.urandom(32))
    for row, reason in (
        (published(other), "no published key"),
        (published(other, id=key.id), "isn't that of the key"),
        (published(key, publisher="cub"), "another publisher"),
        (published(key, valid_from=receipts.iso(AT + 1)), "not yet in use"),
        (published(key, valid_until=receipts.iso(AT - 1)), "no longer in use"),
    ):
        done = run(receipt, {"keys": [row]})
        assert done.returncode == 1 and reason in done.stderr


@pytest.mark.parametrize(
    "given", ["", "[]", "{}", "null", '{"signed": 1}', '{"signed": {"type": "x"}}']
)
def test_what_is_no_receipt_is_said_to_be_none(run, key, given):
    done = run(given, {"keys": [published(key)]})
    assert done.returncode == 2 and "Traceback" not in done.stderr


@pytest.mark.parametrize("keys", ["", "[]", "{}", '{"keys": 3}'])
def test_what_is_no_list_of_keys_is_said_to_be_none(run, receipt, keys):
    done = run(receipt, keys)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_the_portal_believes_trusted_keys_only(key, receipt):
    other, signature = SigningKey(os.urandom(32)), bytes.fromhex(receipt["signature"])
    signed = receipt["signed"]
    found = receipts.verify_payload(signed, signature, [other.public, key.public])
    assert found == key.public
    for trusted in ([], [other.public]):
        with pytest.raises(IntegrityError):
            receipts.verify_payload(signed, signature, trusted)


def test_secrets_are_not_shown(key):
    assert key.private.hex() not in repr(key)
