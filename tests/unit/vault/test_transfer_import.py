"""Archives into a vault: nothing is lost, nothing doubled, nothing half imported."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.errors import WrongOffset
from civisdata.content.vault.preferences import open_preferences
from civisdata.content.vault.resealing import reseal_vault
from civisdata.content.vault.transfer import importing
from civisdata.content.vault.transfer import intake as intakes
from civisdata.content.vault.transfer import reader
from civisdata.content.vault.transfer import sealed
from civisdata.content.vault.transfer import signatures
from civisdata.content.vault.transfer.authorities import is_ours
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.errors import WrongPassphrase
from civisdata.content.vault.transfer.former import former_files
from civisdata.content.vault.transfer.manifest import read_manifest
from civisdata.content.vault.transfer.passphrase import open_with_passphrase
from civisdata.content.vault.transfer.passphrase import seal_to_passphrase
from civisdata.content.vault.transfer.portal_keys import recipient
from civisdata.content.vault.transfer.resealing import reseal_transfers
from civisdata.content.vault.transfer.sealed import to_passphrase
from civisdata.content.vault.transfer.sealed import to_recipient
from civisdata.content.vault.transfer.store import forget_transfers
from civisdata.content.vault.transfer.types import known_types
from functools import partial
from helpers.leaks import find_leaks
from helpers.transfer import age_with_passphrase
from helpers.transfer import damage
from helpers.transfer import Holder
from helpers.transfer import PIECE
from helpers.transfer import QUOTA
from pathlib import Path
from zipfile import ZIP_DEFLATED
from zipfile import ZIP_STORED
from zipfile import ZipFile
import hashlib
import io
import json
import os
import pyrage
import pytest
import random
import struct
import transaction


@pytest.fixture
def root(db):
    connection = db.open()
    yield connection.root()
    transaction.abort()
    connection.close()


@pytest.fixture
def there(root):
    return Holder(root, "a" * 16)


@pytest.fixture
def here(root):
    return Holder(root, "b" * 16)


def blob(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.fixture
def filled(there):
    """A vault with folders, dates, notes, a favourite and a bin."""
    taxes = there.folder("Impôts")
    year = there.folder("2025", taxes)
    there.folder("2025")
    there.folder("2025")
    there.store("Avis.bin", b"avis", folder=year, notes="À garder\n2 ans")
    there.store(
        "Photo.bin",
        blob(PIECE + 999),
        favourite=True,
        valid_until="2030-01-31",
        ends_on="2031-01-01",
        paper="passport",
        category="assurances",
        stored_at=1_600_000_000,
        title="Titre / à part",
    )
    there.store("Depot.txt", b"depot", origin={"by": "Mairie"}, binned_at=1_700_000_000)
    return there


def view(holder) -> list:
    """What a citizen sees of all documents, and their bytes."""
    contents = holder.contents
    titles = known_types(holder.vault, holder.space.id, holder.bundle)
    return sorted(
        (
            [folder.title for folder in contents.path(row.folder)],
            row.title,
            row.name,
            row.kind,
            titles.get(row.category, row.category),
            row.notes,
            row.favourite,
            row.paper,
            row.valid_until,
            row.ends_on,
            row.binned_at,
            row.stored_at,
            row.sha256,
            hashlib.sha256(holder.read(id)).hexdigest(),
        )
        for id, row in contents.documents.items()
    )


def tree(holder) -> list:
    contents = holder.contents
    return sorted(
        [folder.title for folder in contents.path(id)] for id in contents.folders
    )


def test_nothing_is_lost(filled, here):
    state = here.import_(filled.export(sections={"unknown": {"a": 1}}))
    assert state["phase"] == intakes.DONE
    assert (state["imported"], state["known"]) == (3, 0)
    assert view(here) == view(filled)
    assert tree(here) == tree(filled)
    assert len(here.contents.folders) == 4
    depot = next(
        row for row in here.contents.documents.values() if row.name == "Depot.txt"
    )
    came = depot.origin["import"]
    # Kept, but no claim of a deposit that this portal could not verify.
    assert came["origin"] == {"by": "Mairie"} and "by" not in depot.origin
    assert came["portal"]["name"] == "Communauté urbaine d’essai"
    assert came["signer"] == filled.bundle.public.signing.hex()
    assert came["record"]["owner_id"] == filled.space.id
    (former,) = former_files(here.space, here.bundle)
    assert former["sections"] == {"unknown": {"a": 1}}
    assert former["categories"]["assurances"] == "assurances"
    assert here.intake.parts == ()
    # The search will read them.
    assert set(here.vault.sidecars.pending) == set(here.contents.documents)


def test_unknown_types_become_ones_own(filled, here):
    data = filled.export()
    here.import_(data)
    here.import_(data)
    own = open_preferences(here.vault, here.space.id, here.bundle).types
    assert list(own.values()) == ["assurances"]
    found = {row.name: row.category for row in here.contents.documents.values()}
    assert found["Photo.bin"] in own and found["Avis.bin"] == "other"


@pytest.mark.parametrize("budget,expected", [(1, 6), (100_000, 4)])
def test_it_goes_on_in_steps(filled, here, budget, expected):
    here.send(filled.export())
    steps = 0
    while here.state["phase"] == intakes.VERIFYING:
        assert here.contents.documents == {}
        here.step(step_bytes=budget)
        steps += 1
    assert here.state["phase"] == intakes.READY
    importing.agree(here.space, here.bundle, here.intake)
    transaction.commit()
    while here.state["phase"] == intakes.IMPORTING:
        done = here.state["next"]
        assert len(here.contents.documents) == done
        # A step that fails on the way is as if it had not been.
        importing.step(here.space, here.bundle, here.intake, QUOTA, step_bytes=budget)
        transaction.abort()
        assert len(here.contents.documents) == done
        here.step(step_bytes=budget)
        steps += 1
    assert here.state["phase"] == intakes.DONE
    assert steps == expected
    assert view(here) == view(filled) and tree(here) == tree(filled)


def test_importing_again_doubles_nothing(filled, here):
    first = filled.export()
    here.import_(first)
    erased = next(iter(here.contents.documents))
    here.vault.remove(erased)
    transaction.commit()
    state = here.import_(first)
    assert (state["imported"], state["known"]) == (1, 2)
    filled.store("Neuf.txt", b"neuf")
    state = here.import_(filled.export())
    assert (state["imported"], state["known"]) == (1, 3)
    assert view(here) == view(filled) and tree(here) == tree(filled)
    assert len(former_files(here.space, here.bundle)) == 2


def test_ones_own_archive_brings_back_what_was_erased(filled):
    data, before = filled.export(), view(filled)
    erased = next(iter(filled.contents.documents))
    filled.vault.remove(erased)
    transaction.commit()
    state = filled.import_(data)
    assert (state["imported"], state["known"]) == (1, 2)
    assert view(filled) == before


def test_a_second_move_keeps_the_first_past(filled, here, root):
    here.import_(filled.export(sections={"registration": {"town": "Pau"}}))
    third = Holder(root, "c" * 16)
    past = former_files(here.space, here.bundle)
    third.import_(here.export(sections={"former": past}))
    assert view(third) == view(filled)
    (former,) = former_files(third.space, third.bundle)
    assert former["sections"]["former"][0]["sections"]["registration"]["town"] == "Pau"


def test_an_archive_with_a_passphrase(filled, here, monkeypatch):
    quick = partial(seal_to_passphrase, work=10)
    monkeypatch.setattr(sealed, "seal_to_passphrase", quick)
    data = b"".join(to_passphrase(filled.prepared(), "canal vernis").chunks)
    here.send(data)
    assert here.state["phase"] == intakes.RECEIVED
    with pytest.raises(WrongPassphrase):
        importing.unlock(here.space, here.bundle, here.intake, "autre chose")
    transaction.abort()
    importing.unlock(here.space, here.bundle, here.intake, "canal vernis")
    here.go_on()
    importing.agree(here.space, here.bundle, here.intake)
    assert here.go_on()["phase"] == intakes.DONE
    assert view(here) == view(filled)


def test_an_archive_that_stock_age_encrypted(filled, here, tmp_path):
    (tmp_path / "a.zip").write_bytes(filled.export())
    age_with_passphrase(
        ["-p", "-o", "a.age", "a.zip"], "canal vernis", tmp_path, prompts=2
    )
    here.send((tmp_path / "a.age").read_bytes())
    importing.unlock(here.space, here.bundle, here.intake, "canal vernis")
    assert here.go_on()["phase"] == intakes.READY


def test_an_archive_for_this_authority_opens_by_itself(filled, here):
    data = b"".join(to_recipient(filled.prepared(), recipient()).chunks)
    here.send(data)
    assert here.state["phase"] == intakes.VERIFYING
    assert here.go_on()["phase"] == intakes.READY


def test_an_archive_for_a_key_before_the_last_one_opens(
    filled, here, tmp_path, monkeypatch
):
    data = b"".join(to_recipient(filled.prepared(), recipient()).chunks)
    before = Path(os.environ["CIVIS_SIGNING_KEY_FILE"]).read_bytes()
    (tmp_path / "signing").write_bytes(before + b"n" * 32)
    monkeypatch.setenv("CIVIS_SIGNING_KEY_FILE", str(tmp_path / "signing"))
    here.send(data)
    assert here.go_on()["phase"] == intakes.READY
    assert is_ours(here.state["summary"]["portal"]["signing_key"])
    assert recipient() != here.state["summary"]["portal"]["recipient"]


def test_an_archive_for_another_authority_is_refused(filled, here):
    other = pyrage.x25519.Identity.generate().to_public()
    here.send(b"".join(to_recipient(filled.prepared(), str(other)).chunks))
    assert (here.state["phase"], here.state["reason"]) == (intakes.REFUSED, "key")
    assert here.intake.parts == ()


def refused(here, data: bytes) -> tuple[str, str]:
    state = here.import_(data)
    assert state["phase"] == intakes.REFUSED, state["phase"]
    assert here.contents.documents == {} and here.contents.folders == {}
    assert here.intake.parts == ()
    assert here.vault.uploads == {} or not len(here.vault.uploads)
    return state["reason"], state["detail"]


def test_cut_archives_are_refused(filled, here):
    data = filled.export()
    for size in (10, 30, len(data) // 2, len(data) - 1):
        assert refused(here, data[:size])[0] in ("cut", "archive")
    sealed = b"".join(to_recipient(filled.prepared(), recipient()).chunks)
    for size in (40, len(sealed) // 2, len(sealed) - 1, len(sealed) - 65_600):
        assert refused(here, sealed[:size])[0] in ("cut", "header")


def test_a_changed_byte_is_refused_wherever_it_is(filled, here):
    data = filled.export()
    places = random.Random(1).sample(range(len(data)), 25)
    for place in places:
        changed = data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
        state = here.import_(changed)
        if state["phase"] == intakes.DONE:
            # A text for people, or a time in the ZIP's directory: nothing that counts.
            assert view(here) == view(filled)
            for id in list(here.vault.documents):
                here.vault.remove(id)
            transaction.commit()
        else:
            assert state["phase"] == intakes.REFUSED


def test_a_changed_byte_of_a_sealed_archive_is_refused(filled, here):
    sealed = b"".join(to_recipient(filled.prepared(), recipient()).chunks)
    for place in (30, 200, 70_000, 200_000, len(sealed) - 20):
        changed = sealed[:place] + bytes([sealed[place] ^ 4]) + sealed[place + 1 :]
        assert refused(here, changed)[0] in ("altered", "header", "cut", "key")


def rebuilt(data: bytes, change=lambda members: None, method=ZIP_STORED) -> bytes:
    """Write a ZIP anew with its members changed (name → bytes, by ``change``)."""
    with ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def resigned(data: bytes, holder, change) -> bytes:
    """Change a manifest and sign it as its owner and a portal of one's own would."""

    def sign(members):
        manifest = json.loads(members["manifest.json"])
        key = b"p" * 32
        manifest["portal"]["signing_key"] = signatures.public_of(key)
        change(manifest)
        text = json.dumps(manifest).encode()
        members["manifest.json"] = text
        members["signatures.json"] = json.dumps(
            {
                "citizen": signatures.sign(
                    signatures.MANIFEST, text, holder.bundle.signing_key
                ),
                "portal": signatures.sign(signatures.MANIFEST, text, key),
            }
        ).encode()
        statement = json.dumps(
            {"manifest_sha256": signatures.digest(text), "altered": []}
        )
        signature = signatures.sign(signatures.CLOSING, statement.encode(), key)
        members["controle.json"] = json.dumps(
            {"statement": statement, "signature": signature}
        ).encode()

    return rebuilt(data, sign)


def test_tampering_is_told_by_what_is_wrong(filled, here):
    data = filled.export()
    photo = "documents/Photo.bin"

    def other_bytes(members):
        members[photo] = members[photo][:-1] + b"!"

    def other_size(members):
        members[photo] += b"!"

    def other_notes(members):
        members["manifest.json"] = members["manifest.json"].replace(
            "À garder".encode(), "À jeter !".encode()
        )

    def no_portal(members):
        signed = json.loads(members["signatures.json"])
        signed["portal"] = signed["citizen"]
        members["signatures.json"] = json.dumps(signed).encode()

    def other_closing(members):
        members["controle.json"] = members["controle.json"].replace(b"[]", b'["x"]')

    assert refused(here, rebuilt(data, other_bytes)) == ("hash", "Titre / à part")
    assert refused(here, rebuilt(data, other_size)) == ("size", "Titre / à part")
    assert refused(here, rebuilt(data, other_notes))[0] in ("portal", "citizen")
    assert refused(here, rebuilt(data, no_portal))[0] == "portal"
    assert refused(here, rebuilt(data, other_closing))[0] == "closing"
    for name, reason in (
        (photo, "member"),
        ("manifest.json", "archive"),
        ("controle.json", "cut"),
    ):
        assert refused(here, rebuilt(data, lambda m, n=name: m.pop(n)))[0] == reason


@pytest.mark.parametrize(
    "change,reason",
    [
        (lambda m: m.update(format="civisdata-export-9"), "version"),
        (lambda m: m.update(format=3), "manifest"),
        (lambda m: m["documents"][0].pop("sha256"), "manifest"),
        (lambda m: m["documents"][0].update(size=-1), "manifest"),
        (lambda m: m["documents"][0].update(size="1"), "manifest"),
        (lambda m: m["documents"][0].update(stored_at=2**70), "manifest"),
        (lambda m: m["documents"][0].update(valid_until="demain"), "manifest"),
        (lambda m: m["documents"][0].update(title=" \n "), "manifest"),
        (lambda m: m["documents"][0].update(name="../.."), "manifest"),
        (lambda m: m["documents"][0].update(notes="x" * 200_000), "manifest"),
        (lambda m: m["documents"][0].update(favourite=1), "manifest"),
        (lambda m: m["documents"][0].update(origin=[1]), "manifest"),
        (lambda m: m["documents"][0].update(id="../x"), "manifest"),
        (lambda m: m["documents"].append(m["documents"][0]), "manifest"),
        (lambda m: m["folders"].append(m["folders"][0]), "manifest"),
        (lambda m: m["folders"][0].update(title=None), "manifest"),
        (lambda m: m.update(documents={}), "manifest"),
        (lambda m: m.update(sections=[]), "manifest"),
        (lambda m: m["documents"][1].update(path="LISEZ-MOI.txt"), "size"),
        (lambda m: m["documents"][1].update(path="/etc/passwd"), "member"),
        (
            lambda m: m["folders"].extend(
                {"id": f"f{n}", "title": "x", "parent": f"f{n - 1}"} for n in range(40)
            ),
            "folders",
        ),
        (
            lambda m: m["folders"].extend(
                {"id": f"f{n}", "title": "x"} for n in range(2001)
            ),
            "zip",
        ),
    ],
)
def test_a_manifest_that_cant_be_is_refused(filled, here, change, reason):
    assert refused(here, resigned(filled.export(), filled, change))[0] == reason


@pytest.mark.parametrize("data", [b"[" + b"[]," * 1_100_000, b"[" + b"1," * 5_100_000])
def test_a_manifest_that_would_fill_the_memory_is_not_parsed(data, monkeypatch):
    monkeypatch.setattr(json, "loads", None)
    with pytest.raises(ArchiveError) as error:
        read_manifest(data)
    assert error.value.reason == "manifest"


def test_a_manifest_of_the_next_version_with_more_fields_is_read(filled, here):
    def more(manifest):
        manifest["later"] = 1
        for row in manifest["documents"]:
            row["colour"] = "red"

    state = here.import_(resigned(filled.export(), filled, more))
    assert state["phase"] == intakes.DONE
    assert view(here) == view(filled)


def test_names_of_paths_and_hostile_titles_come_in_harmless(filled, here):
    def hostile(manifest):
        row = manifest["documents"][0]
        row.update(name="../../x\u202egpj.exe", title="a\u202e\nb", kind="pdf")

    here.import_(resigned(filled.export(), filled, hostile))
    names = {row.name: row for row in here.contents.documents.values()}
    assert "xgpj.exe" in names
    # What it is, is seen in the bytes, not believed.
    assert names["xgpj.exe"].kind == "other"


def test_compressed_and_overlapping_members_are_refused(filled, here):
    data = filled.export()
    assert refused(here, rebuilt(data, method=ZIP_DEFLATED))[0] == "zip"
    # Two members of the directory that are the same bytes.
    start = struct.unpack("<L", data[-6:-2])[0]
    directory = data[start:-22]
    doubled = directory + directory.replace(b"documents/Photo", b"documents/Phota")
    count = 2 * struct.unpack("<H", data[-12:-10])[0]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(doubled), start, 0)
    assert refused(here, data[:start] + doubled + end)[0] == "zip"


def test_a_directory_that_is_too_large_is_not_read(here, filled):
    data = filled.export()
    for count, size in ((65_000, 100), (10, 2**31)):
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, 0, 0)
        assert refused(here, data[:-22] + end)[0] == "zip"
    row = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 200_000, 200_000, 100, 0
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(data) - 22, 1)
    assert refused(here, data[:-22] + row + locator + data[-22:])[0] == "zip"


@pytest.mark.parametrize(
    "data,reason",
    [
        (b"%PDF-1.7 not an archive", "archive"),
        (b"PK\5\6" + bytes(18), "zip"),
        (b"age-encryption.org/v1\n", "header"),
        (b"age-encryption.org/v1\n-> scrypt AAAA 18\nAAAA\n--- AAAA\n", "header"),
        (b"x", "archive"),
    ],
)
def test_what_is_no_archive_is_refused(here, data, reason):
    assert refused(here, data)[0] == reason


def test_a_zip_of_anything_is_no_archive(here):
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("../../x.txt", b"x")
    assert refused(here, out.getvalue())[0] == "archive"


def test_the_work_of_a_passphrase_has_a_limit():
    header = seal_to_passphrase(b"k" * 16, "mot", work=10)
    assert open_with_passphrase(header, "mot") == b"k" * 16
    for work in (b"19", b"30", b"99"):
        with pytest.raises(ArchiveError) as error:
            open_with_passphrase(header.replace(b" 10\n", b" " + work + b"\n"), "mot")
        assert error.value.reason == "work"
    for work in (b"0", b"010", b"-1", b"100", b"x"):
        with pytest.raises(ArchiveError) as error:
            open_with_passphrase(header.replace(b" 10\n", b" " + work + b"\n"), "mot")
        assert error.value.reason == "header"


def test_documents_damaged_at_the_export_are_told_and_left_out(filled, here):
    bad = next(
        id for id, row in filled.contents.documents.items() if row.name == "Photo.bin"
    )
    damage(filled.vault.document(bad).parts[0], 70_000)
    here.send(filled.export())
    state = here.go_on()
    assert state["phase"] == intakes.READY
    assert state["summary"]["altered"] == ["Titre / à part"]
    assert state["summary"]["documents"] == 2
    importing.agree(here.space, here.bundle, here.intake)
    assert here.go_on()["imported"] == 2
    assert all(row.name != "Photo.bin" for row in here.contents.documents.values())


def test_no_room_is_told_before_anything_is_imported(filled, here):
    data = filled.export()
    here.send(data)
    state = importing.step(here.space, here.bundle, here.intake, 1000)
    assert (state["phase"], state["problem"]) == (intakes.VERIFYING, "quota")
    assert here.contents.documents == {}
    assert here.go_on()["phase"] == intakes.READY
    with pytest.raises(Refused) as error:
        intakes.start_intake(here.space, here.bundle, name="x", size=2**40, quota=QUOTA)
    assert error.value.reason == "quota"


def test_room_that_is_gone_during_the_import_stops_it_until_there_is_some(filled, here):
    here.send(filled.export())
    here.go_on()
    importing.agree(here.space, here.bundle, here.intake)
    transaction.commit()
    state = importing.step(here.space, here.bundle, here.intake, 100, step_documents=1)
    transaction.commit()
    while "problem" not in state:
        state = importing.step(
            here.space, here.bundle, here.intake, 100, step_documents=1
        )
        transaction.commit()
    assert state["phase"] == intakes.IMPORTING
    assert here.go_on()["phase"] == intakes.DONE
    assert view(here) == view(filled)


def test_pieces_have_to_follow_each_other(filled, here):
    intake = intakes.start_intake(
        here.space, here.bundle, name="x", size=PIECE + 5, quota=QUOTA, piece_size=PIECE
    )
    with pytest.raises(WrongOffset):
        intakes.add_piece(here.space, here.bundle, intake, 5, io.BytesIO(b"x"))
    with pytest.raises(Refused):
        intakes.add_piece(here.space, here.bundle, intake, 0, io.BytesIO(b"x"))
    with pytest.raises(Refused):
        intakes.add_piece(
            here.space, here.bundle, intake, 0, io.BytesIO(bytes(PIECE + 1))
        )


def test_an_archive_that_nobody_goes_on_with_is_dropped(filled, here, monkeypatch):
    here.send(filled.export())
    assert not intakes.purge_intake(here.space)
    later = intakes.clock.now() + intakes.EXPIRES + 1
    monkeypatch.setattr(intakes.clock, "now", lambda: later)
    assert here.intake is None
    assert intakes.purge_intake(here.space)


def test_starting_anew_forgets_archives_and_former_files(filled, here):
    here.import_(filled.export())
    forget_transfers(here.space)
    assert here.intake is None
    assert former_files(here.space, here.bundle) == []
    forget_transfers(here.space)


def test_new_keys_open_former_files_and_an_archive_coming_in(filled, here):
    here.import_(filled.export(sections={"unknown": {"a": 1}}))
    here.send(filled.export())
    old, new = here.bundle, KeyBundle.new()
    reseal_vault(here.space, old, new)
    reseal_transfers(here.space, old, new)
    transaction.commit()
    here.bundle = new
    (former,) = former_files(here.space, new)
    assert former["sections"] == {"unknown": {"a": 1}}
    assert former_files(here.space, old) == []
    assert here.go_on()["phase"] == intakes.READY


def test_a_space_of_the_version_before_has_no_transfers(here):
    assert here.intake is None
    assert former_files(here.space, here.bundle) == []


def test_nothing_of_an_archive_is_in_clear_in_the_database(filled, here, tmp_path):
    word = "Tournesol-des-quais"
    filled.store(f"{word}.txt", word.encode() * 50, notes=word)
    here.import_(filled.export(sections={"registration": {"name": word}}))
    here.send(filled.export())
    assert find_leaks([tmp_path / "blobs"], [word]) == []
    database = here.space._p_jar.db()
    connection = database.open()
    for oid, _tid, data in (
        (row.oid, row.tid, row.data)
        for entry in database.storage.iterator()
        for row in entry
    ):
        assert word.encode() not in (data or b""), oid
    connection.close()


def test_what_came_in_is_seen_by_its_first_bytes(filled, here):
    here.send(filled.export())
    assert here.state["kind"] == reader.ZIP
