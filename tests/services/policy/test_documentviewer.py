"""A real PDF is converted with the real programs and read in the page."""

from helpers.pdf import make_pdf
from plone import api
from plone.app.testing import logout
from plone.namedfile.file import NamedBlobFile
from plone.testing.zope import Browser
import logging
import pytest
import transaction


WORDS = ("Délibération du conseil municipal", "Budget annexe", "Écoles maternelles")


@pytest.fixture
def document(functional):
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


def test_a_broken_pdf_is_offered_for_download(functional, browser):
    folder = functional["portal"]["communes"]["bordeaux"]["documents"]
    with api.env.adopt_roles(["Manager"]):
        broken = api.content.create(
            folder,
            "File",
            "abime",
            title="Abîmé",
            file=NamedBlobFile(
                b"%PDF-1.7 nothing else",
                contentType="application/pdf",
                filename="abime.pdf",
            ),
        )
    transaction.commit()
    browser.open(f"{broken.absolute_url()}/view")
    assert status(browser) == "200"
    assert "ne peut pas être affiché dans la page" in browser.contents
    assert "Traceback" not in browser.contents


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
