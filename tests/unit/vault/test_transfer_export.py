"""Archives out of a vault: what they hold, and what becomes of damaged documents."""

from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.contents import put_folder
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.transfer import signatures
from civisdata.content.vault.transfer.paths import lay_out
from civisdata.content.vault.transfer.paths import safe_name
from civisdata.content.vault.transfer.sealed import to_passphrase
from civisdata.content.vault.transfer.sealed import to_recipient
from dataclasses import replace
from helpers.transfer import age_with_passphrase
from helpers.transfer import damage
from helpers.transfer import Holder
from pathlib import PureWindowsPath
import hashlib
import io
import json
import pyrage
import pytest
import random
import subprocess
import transaction
import zipfile


@pytest.fixture
def root(db):
    connection = db.open()
    yield connection.root()
    transaction.abort()
    connection.close()


@pytest.fixture
def holder(root):
    return Holder(root, "a" * 16)


def blob(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_everything_is_in_the_archive(holder):
    taxes = holder.folder("Impôts")
    year = holder.folder("2025/2026", taxes)
    empty = holder.folder("Vide")
    holder.store("Avis.pdf", b"%PDF-1.7 avis", folder=year, notes="À garder")
    holder.store("Photo.bin", blob(300_000), favourite=True, valid_until="2030-01-31")
    holder.store("Vieux.txt", b"vieux", binned_at=1_700_000_000)
    data = holder.export(sections={"choices": {"topics": ["elections"]}})
    archive = opened(data)
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[:3] + sorted(names[3:-2]) + names[-2:] == [
        "LISEZ-MOI.txt",
        "manifest.json",
        "signatures.json",
        "corbeille/Vieux.txt",
        "documents/Impôts/",
        "documents/Impôts/2025-2026/Avis.pdf",
        "documents/Photo.bin",
        "documents/Vide/",
        "CONTROLE.txt",
        "controle.json",
    ]
    assert archive.read("documents/Photo.bin") == blob(300_000)
    assert archive.read("documents/Impôts/2025-2026/Avis.pdf") == b"%PDF-1.7 avis"
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["format"] == "civisdata-export-1"
    assert manifest["portal"]["name"] == "Communauté urbaine d’essai"
    assert manifest["sections"] == {"choices": {"topics": ["elections"]}}
    folders = {row["id"]: row for row in manifest["folders"]}
    assert folders[year]["title"] == "2025/2026"
    assert folders[year]["parent"] == taxes
    assert folders[empty]["path"] == "documents/Vide"
    by_name = {row["name"]: row for row in manifest["documents"]}
    avis, photo = by_name["Avis.pdf"], by_name["Photo.bin"]
    assert (avis["notes"], avis["folder"], avis["kind"]) == ("À garder", year, "pdf")
    assert photo["favourite"] is True and photo["valid_until"] == "2030-01-31"
    assert photo["sha256"] == hashlib.sha256(blob(300_000)).hexdigest()
    assert photo["record"]["document_id"] == photo["id"]
    assert by_name["Vieux.txt"]["binned_at"] == 1_700_000_000
    report = archive.read("CONTROLE.txt").decode("utf-8-sig")
    assert "ils sont intacts" in report and "ENDOMMAGÉ " not in report


def test_the_signatures_are_of_the_citizen_and_of_the_portal(holder):
    holder.store("a.txt", b"a")
    archive = opened(holder.export())
    data = archive.read("manifest.json")
    manifest, signed = json.loads(data), json.loads(archive.read("signatures.json"))
    assert manifest["citizen"]["signing_key"] == holder.bundle.public.signing.hex()
    for who, key in (
        ("citizen", manifest["citizen"]["signing_key"]),
        ("portal", manifest["portal"]["signing_key"]),
    ):
        signatures.verify(signatures.MANIFEST, data, signed[who], key, who)
    closing = json.loads(archive.read("controle.json"))
    signatures.verify(
        signatures.CLOSING,
        closing["statement"].encode(),
        closing["signature"],
        manifest["portal"]["signing_key"],
        "closing",
    )
    assert json.loads(closing["statement"]) == {
        "manifest_sha256": hashlib.sha256(data).hexdigest(),
        "altered": [],
    }


def test_the_bin_is_left_out_where_it_is_not_wanted(root, holder):
    folder = holder.folder("Jeté")
    holder.store("Dedans.txt", b"dedans", folder=folder)
    holder.store("Reste.txt", b"reste")
    put_folder(
        holder.vault,
        holder.space.id,
        holder.bundle,
        replace(holder.contents.folders[folder], binned_at=1),
    )
    transaction.commit()
    names = opened(holder.export(with_bin=False)).namelist()
    assert [name for name in names if "/" in name] == ["documents/Reste.txt"]
    assert "corbeille/Jeté/Dedans.txt" in opened(holder.export()).namelist()


@pytest.mark.parametrize("place", [100, 200_000, -1])
def test_a_damaged_document_is_named_and_the_rest_comes(holder, place):
    good = holder.store("Bon.bin", blob(100_000))
    bad = holder.store("Mauvais.bin", blob(300_000))
    damage(holder.vault.document(bad).parts[0], place)
    archive = opened(holder.export())
    assert archive.read("documents/Bon.bin") == blob(100_000)
    wrong = archive.read("documents/Mauvais.bin")
    assert len(wrong) == 300_000 and wrong != blob(300_000)
    assert wrong.endswith(wrong[-1:]) and b"ENDOMMAGE DANS LE COFFRE" in wrong
    report = archive.read("CONTROLE.txt").decode("utf-8-sig")
    assert "ENDOMMAGÉ documents/Mauvais.bin" in report
    assert "intact    " in report and "ils sont intacts" not in report
    closing = json.loads(archive.read("controle.json"))
    assert json.loads(closing["statement"])["altered"] == [bad]
    assert good not in closing["statement"]


def test_a_document_erased_while_it_is_sent_is_named(holder):
    holder.store("Premier.bin", blob(400_000), stored_at=1)
    gone = holder.store("Second.bin", blob(300_000))
    prepared = holder.prepared()
    first = next(prepared.chunks)
    holder.vault.remove(gone)
    transaction.commit()
    holder.space._p_jar.db().pack()
    archive = opened(first + b"".join(prepared.chunks))
    closing = json.loads(archive.read("controle.json"))
    assert json.loads(closing["statement"])["altered"] == [gone]


def test_what_does_not_begin_to_open_is_listed_as_unreadable(holder):
    holder.store("Bon.txt", b"bon")
    header = holder.store("Tete.txt", b"tete")
    box = holder.store("Boite.txt", b"boite")
    holder.vault.document(header).header = b"age-encryption.org/v1\nx"
    document = holder.vault.document(box)
    holder.vault.set_box(document, holder.vault.box(document)[:-1] + b"x")
    transaction.commit()
    archive = opened(holder.export())
    manifest = json.loads(archive.read("manifest.json"))
    assert sorted(manifest["unreadable"]) == sorted([header, box])
    assert [row["name"] for row in manifest["documents"]] == ["Bon.txt"]
    assert "2 élément(s)" in archive.read("CONTROLE.txt").decode("utf-8-sig")


@pytest.mark.parametrize(
    "title,expected",
    [
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\Windows\\x.exe", "C-Windows-x.exe"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("e\u0301te\u0301", "été"),
        ("...", "_"),
        (" fin. ", "fin"),
        ('quoi ? "oui" <non>|*', "quoi - -oui- -non-"),
        ("ligne\nsuite", "ligne suite"),
    ],
)
def test_names_are_ones_that_every_system_stores(title, expected):
    assert safe_name(title) == expected
    assert not PureWindowsPath(expected).is_absolute()


def test_long_names_keep_their_extension():
    name = safe_name("é" * 300 + ".pdf")
    assert len(name) <= 80 and name.endswith("é.pdf")
    assert len(safe_name("😀" * 300 + ".pdf").encode()) <= 255


def metadata(name: str, **more) -> Metadata:
    return Metadata(name, name, "other", "other", 1, "0" * 64, 1, **more)


def test_no_two_paths_are_the_same_even_without_case():
    contents = Contents(
        {
            "1": metadata("Photo.jpg"),
            "2": metadata("photo.JPG"),
            "3": metadata("Photo.jpg", folder="f"),
            "4": metadata("dossier"),
        },
        {"f": Folder("f", "Dossier"), "g": Folder("g", "dossier")},
    )
    layout = lay_out(contents)
    paths = [*layout.documents.values(), *layout.folders.values()]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert layout.documents["2"] == "documents/photo (2).JPG"
    assert layout.documents["3"] == "documents/Dossier/Photo.jpg"


def test_folders_in_a_circle_and_very_deep_ones_have_a_path():
    folders = {str(n): Folder(str(n), "Dossier " * 20, str(n - 1)) for n in range(32)}
    folders |= {"x": Folder("x", "X", "y"), "y": Folder("y", "Y", "x")}
    layout = lay_out(Contents({"d": metadata("a.txt", folder="31")}, folders))
    assert set(layout.folders) == set(folders)
    assert layout.documents["d"].endswith("/a.txt")
    assert len(layout.documents["d"]) < 250


def test_stock_age_opens_an_archive_sealed_to_a_key(holder, tmp_path):
    holder.store("a.bin", blob(200_000))
    identity = pyrage.x25519.Identity.generate()
    sealed = to_recipient(holder.prepared(), str(identity.to_public()))
    data = b"".join(sealed.chunks)
    assert len(data) == sealed.size
    (tmp_path / "key").write_text(str(identity))
    clear = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key")],
        input=data,
        capture_output=True,
        check=True,
    ).stdout
    assert opened(clear).read("documents/a.bin") == blob(200_000)
    (tmp_path / "a.zip").write_bytes(clear)
    listed = subprocess.run(
        ["unzip", "-tq", str(tmp_path / "a.zip")], capture_output=True, text=True
    )
    assert listed.returncode == 0, listed.stdout


def test_stock_age_opens_an_archive_with_a_passphrase(holder, tmp_path):
    holder.store("a.bin", blob(200_000))
    sealed = to_passphrase(holder.prepared(), "canal vernis tortue")
    data = b"".join(sealed.chunks)
    assert len(data) == sealed.size
    assert opened(pyrage.passphrase.decrypt(data, "canal vernis tortue"))
    (tmp_path / "a.age").write_bytes(data)
    age_with_passphrase(
        ["-d", "-o", "a.zip", "a.age"], "canal vernis tortue", tmp_path, prompts=1
    )
    clear = (tmp_path / "a.zip").read_bytes()
    assert opened(clear).read("documents/a.bin") == blob(200_000)
