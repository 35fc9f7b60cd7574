"""Archives that somebody made to do harm: refused in words, never an error or worse."""

from civisdata.content.citizens.keys import TooBusy
from civisdata.content.vault.transfer import intake as intakes
from civisdata.content.vault.transfer import reader
from civisdata.content.vault.transfer import signatures
from civisdata.content.vault.transfer.former import former_files
from helpers.transfer import Holder
from zipfile import ZIP_STORED
from zipfile import ZipFile
import io
import json
import pytest
import struct
import transaction
import zipfile


@pytest.fixture
def root(db):
    connection = db.open()
    yield connection.root()
    transaction.abort()
    connection.close()


@pytest.fixture
def there(root):
    holder = Holder(root, "a" * 16)
    holder.folder("Impôts")
    holder.store("Avis.bin", b"avis", notes="À garder")
    return holder


@pytest.fixture
def here(root):
    return Holder(root, "b" * 16)


def resigned(data: bytes, holder, change, **options) -> bytes:
    """Change a manifest and sign it as its owner and a portal of one's own would."""
    with ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest, key = json.loads(members["manifest.json"]), b"p" * 32
    manifest["portal"]["signing_key"] = signatures.public_of(key)
    change(manifest)
    text = json.dumps(manifest).encode()
    statement = json.dumps({"manifest_sha256": signatures.digest(text), "altered": []})
    members["manifest.json"] = text
    members["signatures.json"] = json.dumps(
        {
            "citizen": signatures.sign(
                signatures.MANIFEST, text, holder.bundle.signing_key
            ),
            "portal": signatures.sign(signatures.MANIFEST, text, key),
        }
    ).encode()
    members["controle.json"] = json.dumps(
        {
            "statement": statement,
            "signature": signatures.sign(signatures.CLOSING, statement.encode(), key),
        }
    ).encode()
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def refused(holder, data: bytes) -> str:
    state = holder.import_(data)
    assert state["phase"] == intakes.REFUSED
    return state["reason"]


def test_a_directory_that_tells_too_few_members_is_not_read(here, there, monkeypatch):
    data = there.export()
    start = struct.unpack("<L", data[-6:-2])[0]
    entry = zipfile.structCentralDir
    empty = struct.pack(entry, b"PK\1\2", *[0] * 18)
    directory = empty * (reader.MAX_MEMBERS + 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 5, 5, len(directory), start, 0)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert refused(here, data[:start] + directory + end) == "zip"


def test_a_document_whose_own_header_is_no_text_is_refused(here, there):
    data = bytearray(there.export())
    name = b"documents/Avis.bin"
    central = data.rindex(name) - 46
    (local,) = struct.unpack("<L", data[central + 42 : central + 46])
    # Said to be UTF-8, and isn't.
    data[local + 6 : local + 8] = struct.pack("<H", 0x808)
    data[local + 30 : local + 30 + len(name)] = b"\xff" * len(name)
    assert refused(here, bytes(data)) == "hash"


@pytest.mark.parametrize(
    "change",
    [
        # Pages that show or compare days would fail: for good, and for all documents.
        {"valid_until": "0001-01-05"},
        {"ends_on": "9999-12-31"},
        {"valid_until": "20300131"},
        {"binned_at": 2**52},
        {"stored_at": 2**52},
        {"notes": "a\ud800b"},
        {"paper": "\udfff"},
        {"signer": "not a key"},
        {"record": {"x": "y" * 200_000}},
        {"record": {"x": "\ud800"}},
        {"origin": {"x": "\ud800"}},
    ],
)
def test_values_that_no_page_could_show_are_refused(here, there, change):
    def hostile(manifest):
        manifest["documents"][0].update(change)

    assert refused(here, resigned(there.export(), there, hostile)) == "manifest"


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(made_at="\ud800"),
        lambda m: m["portal"].update(name="\ud800"),
        lambda m: m.update(sections={"x": "\ud800"}),
        lambda m: m.update(sections={"\ud800": 1}),
        lambda m: m["folders"][0].update(made_at=2**52),
        lambda m: m["folders"][0].update(binned_at=2**52),
    ],
)
def test_other_values_that_can_not_be_kept_are_refused(here, there, change):
    assert refused(here, resigned(there.export(), there, change)) == "manifest"


def test_former_files_have_a_limit_together(here, there, monkeypatch):
    monkeypatch.setattr(
        "civisdata.content.vault.transfer.former.MAX_FORMER", 3000, raising=False
    )
    big = {"unknown": "x" * 1500}
    assert here.import_(there.export(sections=big))["phase"] == intakes.DONE
    state = here.import_(there.export(sections=big))
    assert (state["phase"], state["reason"]) == (intakes.REFUSED, "former")
    assert len(former_files(here.space, here.bundle)) == 1


def test_one_manifest_is_read_at_a_time(here, there, monkeypatch):
    monkeypatch.setattr(reader, "WAIT", 0.0)
    here.send(there.export())
    with reader._turn, pytest.raises(TooBusy):
        here.step()
    transaction.abort()
    assert here.state["phase"] == intakes.VERIFYING
    assert here.step()["phase"] == intakes.READY
    with reader._turn:
        assert here.step()["phase"] == intakes.READY
