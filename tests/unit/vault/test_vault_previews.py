"""Small images and PDFs kept in sealed boxes."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.documents import delete_document
from civisdata.content.vault.reading import previews as previews_module
from civisdata.content.vault.reading.previews import MAX_PAGE
from civisdata.content.vault.reading.previews import Previews
from civisdata.content.vault.render import Picture
from civisdata.content.vault.uploads import store_stream
from io import BytesIO
import pytest
import transaction


SPACE = "a" * 32


@pytest.fixture
def documents(vault, bundle, limits):
    """The ids of two stored documents."""
    ids = [
        store_stream(
            vault,
            SPACE,
            bundle,
            name="a.bin",
            size=1,
            category="local",
            limits=limits,
            stream=BytesIO(b"x"),
        )
        for _ in range(2)
    ]
    transaction.commit()
    return ids


def again(vault):
    """See what other transactions did."""
    transaction.begin()


def test_previews_are_kept_sealed_apart_from_the_request(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    assert previews.thumbnail() is None and previews.pdf() is None
    previews.keep_thumbnail(b"SECRETIMAGE" * 50)
    previews.keep_pdf(b"SECRETPDF" * 50)
    # The request itself changed nothing.
    assert not vault._p_jar._registered_objects
    again(vault)
    assert previews.thumbnail() == b"SECRETIMAGE" * 50
    assert previews.pdf() == b"SECRETPDF" * 50
    kept = vault.sidecars.previews[documents[0]]
    with kept.pdf.open("r") as stream:
        assert b"SECRET" not in stream.read() + kept.thumbnail


def test_the_first_page_is_kept_sealed(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    assert previews.page() is None
    picture = Picture("image/jpeg", b"SECRETPAGE" * 50)
    previews.keep_page(picture)
    again(vault)
    assert previews.page() == picture
    kept = vault.sidecars.previews[documents[0]]
    with kept.page.open("r") as stream:
        assert b"SECRET" not in stream.read()
    assert Previews(vault, SPACE, KeyBundle.new(), documents[0]).page() is None


def test_a_very_large_page_is_not_kept(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    previews.keep_page(Picture("image/png", b"x" * (MAX_PAGE + 1)))
    again(vault)
    assert previews.page() is None


def test_that_there_is_no_image_is_kept_too(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    previews.keep_thumbnail(b"")
    again(vault)
    assert previews.thumbnail() == b""


def test_a_preview_of_another_document_or_key_is_none(vault, bundle, documents):
    Previews(vault, SPACE, bundle, documents[0]).keep_thumbnail(b"x")
    again(vault)
    held = vault.sidecars
    held.preview(documents[1]).thumbnail = held.previews[documents[0]].thumbnail
    assert Previews(vault, SPACE, bundle, documents[1]).thumbnail() is None
    other = KeyBundle.new()
    assert Previews(vault, SPACE, other, documents[0]).thumbnail() is None


def test_a_document_erased_meanwhile_gets_none(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    delete_document(vault, documents[0])
    transaction.commit()
    previews.keep_thumbnail(b"x")
    again(vault)
    assert len(vault.sidecars.previews) == 0


def test_two_requests_at_the_same_time(vault, bundle, documents, db):
    """Each keeps its own; one that meets the other gives way, and breaks nothing."""
    manager = transaction.TransactionManager()
    connection = db.open(transaction_manager=manager)
    other = connection.root()["vault"]

    def meanwhile(preview):
        preview.thumbnail = b"y"
        other.sidecars.preview(documents[1]).thumbnail = b"x"
        manager.commit()

    Previews(vault, SPACE, bundle, documents[0])._keep(meanwhile)
    connection.close()
    again(vault)
    assert documents[1] in vault.sidecars.previews
    assert not vault._p_jar._registered_objects


def test_erasing_drops_the_blob(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    previews.keep_pdf(b"x")
    again(vault)
    preview = vault.sidecars.previews[documents[0]]
    delete_document(vault, documents[0])
    assert preview.pdf is None


def test_previews_are_counted_and_bounded(vault, bundle, documents, monkeypatch):
    monkeypatch.setattr(previews_module, "ALLOWANCE", 2000)
    first, second = (Previews(vault, SPACE, bundle, id) for id in documents)
    first.keep_pdf(b"x" * 1000)
    again(vault)
    size = vault.sidecars.kept
    assert 1000 < size < 1100
    # Made anew: what it was before isn't counted twice.
    first.keep_pdf(b"y" * 1000)
    first.keep_thumbnail(b"z" * 100)
    again(vault)
    assert size < vault.sidecars.kept < size + 400
    second.keep_pdf(b"x" * 1000)
    again(vault)
    # A first page neither.
    second.keep_page(Picture("image/png", b"x" * 1000))
    again(vault)
    assert second.page() is None
    # Beyond the allowance nothing is kept, and what is there stays.
    assert second.pdf() is None
    assert first.pdf() == b"y" * 1000
    delete_document(vault, documents[0])
    transaction.commit()
    assert vault.sidecars.kept == 0
    second.keep_pdf(b"x" * 1000)
    again(vault)
    assert second.pdf() == b"x" * 1000


def test_the_more_documents_the_more_previews(vault, bundle, documents, monkeypatch):
    monkeypatch.setattr(previews_module, "ALLOWANCE", 0)
    monkeypatch.setattr(type(vault), "used", property(lambda self: 1500))
    Previews(vault, SPACE, bundle, documents[0]).keep_pdf(b"x" * 1000)
    Previews(vault, SPACE, bundle, documents[1]).keep_pdf(b"x" * 1000)
    again(vault)
    kept = [vault.sidecars.previews.get(id) is not None for id in documents]
    assert kept == [True, False]


def test_an_image_that_is_too_large_is_none(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    previews.keep_thumbnail(b"x" * (previews_module.MAX_THUMBNAIL + 1))
    again(vault)
    assert previews.thumbnail() == b""


def test_previews_of_the_version_before_are_not_counted(vault, bundle, documents):
    previews = Previews(vault, SPACE, bundle, documents[0])
    previews.keep_pdf(b"x" * 1000)
    again(vault)
    preview = vault.sidecars.previews[documents[0]]
    del preview.pdf_size, preview.counted, vault.sidecars._kept
    assert vault.sidecars.kept == 0
    previews._vault.sidecars.forget(documents[0])
    assert vault.sidecars.kept == 0
