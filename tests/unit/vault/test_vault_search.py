"""The texts of documents: read, sealed, searched, erased."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import render
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.documents import delete_document
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.reading.previews import Previews
from civisdata.content.vault.search import ocr
from civisdata.content.vault.search import texts
from civisdata.content.vault.search.query import search
from civisdata.content.vault.search.resealing import reseal_beside
from civisdata.content.vault.search.terms import unpack
from civisdata.content.vault.search.texts import index_next
from civisdata.content.vault.search.texts import Later
from civisdata.content.vault.search.texts import pending_count
from civisdata.content.vault.uploads import store_stream
from helpers.pdf import make_pdf
from io import BytesIO
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFont
import pytest
import transaction


SPACE = "a" * 32


@pytest.fixture
def store(vault, bundle, limits):
    """Store a document; give its id."""

    def store(name: str, data: bytes) -> str:
        id = store_stream(
            vault,
            SPACE,
            bundle,
            name=name,
            size=len(data),
            category="local",
            limits=limits,
            stream=BytesIO(data),
        )
        transaction.commit()
        return id

    return store


@pytest.fixture
def find(vault, bundle):
    """Search; give (title, fields) of what is found."""

    def find(query: str, **more):
        found = search(vault, SPACE, bundle, query, **more)
        return [(hit.metadata.title, hit.fields) for hit in found.hits]

    return find


def written(text: str, format: str = "PNG") -> bytes:
    """An image of a text, as a scanner makes it."""
    image = Image.new("L", (1200, 400), 255)
    draw = ImageDraw.Draw(image)
    draw.text((60, 120), text, fill=0, font=ImageFont.load_default(72))
    buffer = BytesIO()
    image.save(buffer, format)
    return buffer.getvalue()


def test_texts_are_read_at_the_end_of_an_upload(store, find, vault):
    store("Avis.pdf", make_pdf("Impôt sur le revenu", "Deuxième page"))
    store("Note.txt", "Élève de troisième".encode())
    store("Photo.bin", b"\0impossible")
    assert pending_count(vault) == 0
    assert find("impots") == [("Avis", ("text",))]
    assert find("deuxieme") == [("Avis", ("text",))]
    assert find("eleve") == [("Note", ("text",))]
    assert find("impossible") == []


def test_better_fields_come_first_then_newer_documents(store, find, vault, bundle):
    store("Un.txt", b"girafe")
    noted = store("Deux.txt", b"rien")
    store("Girafe.txt", b"rien")
    store("Trois.txt", b"girafe")
    document = vault.document(noted)
    update_metadata(vault, SPACE, document, bundle, notes="Une girafe")
    renamed = vault.document(store("girafe-4.txt", b"rien"))
    update_metadata(vault, SPACE, renamed, bundle, title="Quatre")
    assert find("girafe") == [
        ("Girafe", ("title",)),
        ("Quatre", ("name",)),
        ("Deux", ("notes",)),
        ("Trois", ("text",)),
        ("Un", ("text",)),
    ]
    assert find("trois girafe") == [("Trois", ("title", "text"))]
    assert find("girafe", start=1, count=2) == [
        ("Quatre", ("name",)),
        ("Deux", ("notes",)),
    ]


def test_the_bin_is_not_searched(store, find, vault, bundle):
    document = vault.document(store("Girafe.txt", b"x"))
    update_metadata(vault, SPACE, document, bundle, binned_at=1)
    assert find("girafe") == []


def test_nothing_in_clear_is_stored(store, vault):
    store("Avis.pdf", make_pdf("SECRETWORD impayé"))
    sidecars = vault.sidecars
    storage = vault._p_jar._storage
    stored = b"".join(
        storage.load(item._p_oid)[0]
        for item in (vault, sidecars, sidecars.texts, sidecars.pending)
    )
    assert len(stored) > 300
    assert b"secretword" not in stored.lower()
    assert all(b"secretword" not in box for box in sidecars.texts.values())


def test_a_swapped_or_altered_text_matches_nothing(store, find, vault):
    first = store("Un.txt", b"girafe")
    second = store("Deux.txt", b"lapin")
    held = vault.sidecars.texts
    held[first], held[second] = held[second], held[first][:-1]
    assert find("girafe") == find("lapin") == []
    assert find("deux") == [("Deux", ("title",))]


def test_deleting_erases_text_and_previews(store, vault):
    id = store("Un.txt", b"girafe")
    preview = vault.sidecars.preview(id)
    preview.thumbnail = b"x"
    vault.sidecars.expect_text(id)
    delete_document(vault, id)
    sidecars = vault.sidecars
    assert (len(sidecars.texts), len(sidecars.previews), len(sidecars.pending)) == (
        0,
        0,
        0,
    )
    assert preview.thumbnail == b""


def test_a_vault_of_the_former_version_is_read_later(store, find, vault, bundle):
    store("Un.txt", b"girafe")
    store("Deux.pdf", make_pdf("lapin"))
    # As the former version left it.
    del vault._sidecars
    transaction.commit()
    assert "_sidecars" not in vault.__getstate__()
    assert pending_count(vault) == 2
    assert find("girafe") == []
    assert find("deux") == [("Deux", ("title",))]
    transaction.abort()
    assert index_next(vault, SPACE, bundle) == 1
    assert index_next(vault, SPACE, bundle) == 0
    assert index_next(vault, SPACE, bundle) == 0
    assert find("girafe") == [("Un", ("text",))]
    assert find("lapin") == [("Deux", ("text",))]


def test_a_former_vault_deletes_as_before(store, vault):
    id = store("Un.txt", b"girafe")
    del vault._sidecars
    delete_document(vault, id)
    assert pending_count(vault) == 0


def test_the_document_is_stored_though_its_text_cannot_be_read(
    store, find, vault, bundle, monkeypatch
):
    monkeypatch.setattr(texts, "OCR_PAGES", 1)
    store("Faux.pdf", b"%PDF-1.7\n" + bytes(1000))

    def fail(*arguments, **more):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(render, "read_text", fail)
    store("Lapin.pdf", make_pdf("lapin"))
    assert len(vault) == 2
    monkeypatch.undo()
    while index_next(vault, SPACE, bundle):
        pass
    assert find("lapin") == [("Lapin", ("title",))]


def test_a_slow_text_is_read_another_time(store, find, vault, bundle, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(render, "_COMMAND", ("/bin/sleep", "60"))
        patch.setattr(texts, "AT_ONCE", 0.1)
        store("Avis.pdf", make_pdf("girafe"))
    assert pending_count(vault) == 1
    assert index_next(vault, SPACE, bundle) == 0
    assert find("girafe") == [("Avis", ("text",))]


def test_a_busy_machine_keeps_a_document_for_later(store, vault, bundle, monkeypatch):
    store("Lettre.rtf", rb"{\rtf1\ansi girafe}")

    def busy(*arguments, **more):
        raise render.RenderError("busy")

    monkeypatch.setattr(texts, "drawable", busy)
    with pytest.raises(Later):
        index_next(vault, SPACE, bundle)
    assert pending_count(vault) == 1


def test_images_and_scans_are_read_by_tesseract(store, find, vault, bundle):
    store("Photo.png", written("Facture de gaz"))
    store("Scan.pdf", written("Quittance", "PDF"))
    assert pending_count(vault) == 2
    while index_next(vault, SPACE, bundle):
        pass
    assert find("factures") == [("Photo", ("text",))]
    assert find("quittance") == [("Scan", ("text",))]


def test_without_tesseract_images_have_no_text(store, find, vault, monkeypatch):
    monkeypatch.setattr(ocr, "tesseract", lambda: None)
    store("Photo.png", written("Facture de gaz"))
    assert pending_count(vault) == 0
    assert find("facture") == []


def test_office_files_are_read_through_their_pdf(store, find, vault, bundle):
    id = store("Lettre.rtf", rb"{\rtf1\ansi Une girafe}")
    assert pending_count(vault) == 1
    index_next(vault, SPACE, bundle)
    transaction.commit()
    assert find("girafe") == [("Lettre", ("text",))]
    # The PDF was kept for the viewer, in a transaction of its own.
    transaction.begin()
    assert vault.sidecars.previews[id].pdf is not None


class Space:
    """What a resealer is given of a personal space."""

    def __init__(self, vault):
        self._civisdata_vault = vault
        self.aq_base = self

    def getId(self) -> str:
        return SPACE


def test_texts_and_images_follow_new_keys(store, vault, bundle):
    first = store("Un.txt", b"girafe")
    second = store("Deux.txt", b"lapin")
    preview = Previews(vault, SPACE, bundle, first)
    preview.keep_thumbnail(b"image")
    preview.keep_pdf(b"pdf")
    transaction.begin()
    vault.sidecars.texts[second] = b"altered"
    new = KeyBundle.new()
    reseal_beside(Space(vault), bundle, new)
    names = {"space_id": SPACE, "item_id": first, "purpose": "text"}
    packed = BoxKey(new.vault_key).open_bytes(vault.sidecars.texts[first], **names)
    assert "\ngirafe\n" in unpack(packed)
    assert list(vault.sidecars.pending) == [second]
    resealed = Previews(vault, SPACE, new, first)
    assert (resealed.thumbnail(), resealed.pdf()) == (b"image", None)


def test_a_vault_without_texts_follows_new_keys(vault, bundle):
    reseal_beside(Space(vault), bundle, KeyBundle.new())
    assert vault._sidecars is None
