"""A real PDF is converted with the real programs and read in the page."""

from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.surroundings import Place
from civisdata.content.vault.render import RenderError
from civisdata.policy.documents import limits
from civisdata.policy.documents.pages import Pages
from helpers.hostile import odt
from helpers.pdf import make_pdf
from helpers.tasks import in_a_thread
from plone import api
from plone.app.testing import logout
from plone.namedfile.file import NamedBlobFile
from plone.testing.zope import Browser
from uuid import uuid4
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent
import logging
import pytest
import transaction


WORDS = ("Délibération du conseil municipal", "Budget annexe", "Écoles maternelles")


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / uuid4().hex / "queue.sqlite"))
    queue = get_queue()
    yield queue
    queue.close()


@pytest.fixture
def work(queue, functional):
    """Return a function that runs what waits in the queue, as a worker does."""
    portal = functional["portal"]
    place = Place(portal._p_jar.db(), portal.getId(), "https://civis.example.org")

    def work() -> list[str]:
        ids = [row.id for row in queue.store.page(0, 100) if row.state == "waiting"]
        for id in ids:
            in_a_thread(lambda id=id: Runner(queue, place, "w")(id))
        transaction.begin()
        return [queue.store.get(id).state for id in ids]

    return work


@pytest.fixture
def put(functional):
    """Return a function that stores a file among Bordeaux' documents."""

    def put(name: str, content: bytes, type: str, id: str = "essai"):
        folder = functional["portal"]["communes"]["bordeaux"]["documents"]
        file = NamedBlobFile(content, contentType=type, filename=name)
        with api.env.adopt_roles(["Manager"]):
            if id in folder:
                folder[id].file = file
                notify(ObjectModifiedEvent(folder[id]))
            else:
                api.content.create(folder, "File", id, title="Essai", file=file)
        transaction.commit()
        return folder[id]

    return put


@pytest.fixture
def document(functional, work):
    portal = functional["portal"]
    folder = portal["communes"]["bordeaux"]["documents"]
    with api.env.adopt_roles(["Manager"]):
        made = api.content.create(
            folder,
            "File",
            "deliberation",
            title="Délibération",
            file=NamedBlobFile(
                make_pdf(*WORDS),
                contentType="application/pdf",
                filename="deliberation.pdf",
            ),
        )
    transaction.commit()
    work()
    return made


@pytest.fixture
def browser(functional):
    browser = Browser(functional["app"])
    browser.raiseHttpErrors = False
    browser.addHeader("Accept-Language", "fr")
    return browser


def status(browser):
    return browser.headers["status"][:3]


def test_a_visitor_reads_the_pages_without_javascript(document, browser):
    browser.open(f"{document.absolute_url()}/view")
    assert status(browser) == "200"
    assert browser.contents.count("<figure") == 3
    images = [
        part.split('"')[0]
        for part in browser.contents.split('src="')
        if "dvpdffiles" in part.split('"')[0]
    ]
    assert len(images) == 3
    browser.open(images[1])
    assert status(browser) == "200"
    assert browser.headers["Content-Type"] == "image/png"


def test_the_text_is_searched_whatever_the_accents(document, browser):
    browser.open(f"{document.absolute_url()}/view?q=ecoles")
    assert "<mark>Écoles</mark>" in browser.contents
    assert "#page-3" in browser.contents
    browser.open(f"{document.absolute_url()}/view?q=introuvable<script>")
    assert "Aucune page ne contient" in browser.contents
    assert "<script>" not in browser.contents.split("Aucune page")[1]


def test_the_portals_search_finds_its_words(document, browser):
    portal = api.portal.get()
    logout()
    found = portal.portal_catalog(SearchableText="annexe")
    assert [brain.getId for brain in found] == ["deliberation"]


def test_nothing_of_an_unpublished_document_is_read(document, browser):
    browser.open(f"{document.absolute_url()}/view")
    start = browser.contents.index("@@dvpdffiles")
    path = browser.contents[start : browser.contents.index('"', start)]
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(document.aq_parent, "retract")
    transaction.commit()
    browser.open(f"{document.absolute_url()}/view")
    assert "<figure" not in browser.contents
    browser.open(f"{api.portal.get().absolute_url()}/{path}")
    assert browser.headers["Content-Type"].startswith("text/html")


def test_no_name_of_who_put_it_there(document, browser):
    browser.open(f"{document.absolute_url()}/view")
    assert document.Creator() not in browser.contents


PDF = "application/pdf"


def test_a_document_is_in_preparation_until_the_worker_comes(put, work, browser):
    made = put("a.pdf", make_pdf("Girafe"), PDF)
    browser.open(f"{made.absolute_url()}/view")
    assert "en préparation" in browser.contents
    assert "<figure" not in browser.contents
    assert "@@display-file/file" in browser.contents
    assert work() == ["done"]
    browser.open(f"{made.absolute_url()}/view")
    assert "en préparation" not in browser.contents
    assert browser.contents.count("<figure") == 1
    browser.open(f"{made.absolute_url()}/@@display-file/file")
    assert browser.headers["Content-Type"] == PDF
    assert "attachment" not in browser.headers.get("Content-Disposition", "")


def test_an_office_file_becomes_pages(put, work, browser):
    made = put(
        "note.odt",
        odt("<text:p>Bonjour girafe</text:p>"),
        "application/vnd.oasis.opendocument.text",
    )
    assert work() == ["done"]
    browser.open(f"{made.absolute_url()}/view?q=girafe")
    assert "<mark>girafe</mark>" in browser.contents
    assert len(api.portal.get().portal_catalog(SearchableText="girafes")) == 1


def test_a_replaced_file_is_converted_anew_and_a_title_is_not_enough(
    put, work, browser
):
    made = put("a.pdf", make_pdf("Girafe", "Deux"), PDF)
    assert work() == ["done"]
    made.title = "Autre"
    notify(ObjectModifiedEvent(made))
    transaction.commit()
    assert work() == []
    put("b.pdf", make_pdf("Zèbre"), PDF)
    browser.open(f"{made.absolute_url()}/view?q=girafe")
    assert "en préparation" in browser.contents
    assert "<figure" not in browser.contents
    assert work() == ["done"]
    browser.open(f"{made.absolute_url()}/view?q=zebre")
    assert browser.contents.count("<figure") == 1
    assert "<mark>Zèbre</mark>" in browser.contents
    put("c.txt", b"texte", "text/plain")
    assert work() == []
    browser.open(f"{made.absolute_url()}/view")
    assert "<figure" not in browser.contents


def test_a_document_that_is_replaced_or_gone_meanwhile_is_left_alone(put, work, queue):
    made = put("a.pdf", make_pdf("Girafe"), PDF)
    put("b.pdf", make_pdf("Zèbre", "Deux"), PDF)
    assert work() == ["done", "done"]
    assert Pages(made).count == 2
    put("c.pdf", make_pdf("Lion"), PDF)
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(made)
    transaction.commit()
    assert work() == ["done"]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 nothing else",
        make_pdf("x")[:200],
        b"\0" * 5000,
        b"%PDF-" + b"<<" * 9000,
    ],
)
def test_a_broken_pdf_is_offered_for_reading_and_download(put, work, browser, content):
    broken = put("abime.pdf", content, PDF)
    assert work() == ["done"]
    browser.open(f"{broken.absolute_url()}/view")
    assert status(browser) == "200"
    assert "ne peuvent pas être affichées ici" in browser.contents
    assert "@@download/file" in browser.contents
    assert "Traceback" not in browser.contents


def test_limits_of_pages_and_time(put, work, browser, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PAGES", 2)
    made = put("a.pdf", make_pdf("1", "2", "3"), PDF)
    assert work() == ["done"]
    assert Pages(made).failed
    monkeypatch.setattr(limits, "MAX_PAGES", 3)
    notify(ObjectModifiedEvent(made))
    transaction.commit()
    monkeypatch.setattr(limits, "WHOLE", 0.0)
    assert work() == ["done"]
    assert Pages(made).failed
    monkeypatch.setattr(limits, "WHOLE", 900.0)
    notify(ObjectModifiedEvent(made))
    transaction.commit()
    assert work() == ["done"]
    assert Pages(made).count == 3


def test_it_is_tried_again_while_libreoffice_is_at_work(put, work, monkeypatch):
    def busy(kind, content):
        raise RenderError("busy")

    monkeypatch.setattr(limits.office, "to_pdf", busy)
    type = "application/vnd.oasis.opendocument.text"
    made = put("note.odt", odt("<text:p>Bonjour</text:p>"), type)
    assert work() == ["waiting"]
    assert Pages(made).waiting
    assert not Pages(made).failed


def test_programs_get_no_network_and_see_no_other_files(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    with limits.limited(str(folder), lambda done, total: None):
        with pytest.raises(RenderError):
            limits.run_command(None, ["cat", str(secret)])
        (folder / "own").write_text("own")
        assert limits.run_command(None, ["cat", str(folder / "own")]) == "own"
    with pytest.raises(RenderError):
        limits.run_command(None, ["cat", str(folder / "own")])


def test_no_temporary_folder_is_left(put, work, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    put("a.pdf", make_pdf("Girafe"), PDF)
    put("b.pdf", b"%PDF-1.7", PDF, id="autre")
    assert work() == ["done", "done"]
    # The layer's own storage puts its blobs there, too.
    left = [path for path in folder.iterdir() if path.suffix != ".demoblobs"]
    assert left == []


def test_a_missing_program_is_one_line_of_the_log(caplog):
    logger = logging.getLogger("collective.documentviewer")
    with caplog.at_level(logging.INFO, logger="collective.documentviewer"):
        try:
            raise OSError("Unable to find soffice binary")
        except OSError:
            logger.exception("Libreoffice not installed")
    assert caplog.records[-1].exc_info is None
    assert caplog.records[-1].levelno == logging.INFO
    assert "soffice" in caplog.records[-1].getMessage()
