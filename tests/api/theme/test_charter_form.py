"""The form of the charter, as a webmaster and as everybody else."""

from io import BytesIO
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.testing.zope import Browser
import json
import pytest
import transaction


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def browse(functional):
    def browser(login: str = "") -> Browser:
        made = Browser(functional["app"])
        made.handleErrors = True
        made.raiseHttpErrors = False
        made.addHeader("Accept", "text/html")
        if login:
            made.addHeader("Authorization", f"Basic {login}:{SITE_OWNER_PASSWORD}")
        return made

    return browser


@pytest.fixture
def form(portal, browse):
    webmaster = browse(SITE_OWNER_NAME)
    webmaster.open(f"{portal.absolute_url()}/@@charte-controlpanel")
    return webmaster


def change(browser: Browser, **values) -> Browser:
    for name, value in values.items():
        browser.getControl(name=name).value = value
    browser.getControl("Enregistrer").click()
    return browser


def test_new_colours_are_seen_on_the_home_page(portal, browse, form):
    change(form, primary="#003366")
    assert "La charte est enregistrée" in form.contents
    visitor = browse()
    visitor.open(portal.absolute_url())
    assert "@@charte.css?v=" in visitor.contents
    address = visitor.contents.split("@@charte.css?v=")[1].split('"')[0]
    visitor.open(f"{portal.absolute_url()}/@@charte.css?v={address}")
    assert "--civ-primary:light-dark(#003366," in visitor.contents
    assert visitor.headers["Content-Type"].startswith("text/css")
    assert "immutable" in visitor.headers["Cache-Control"]


def test_a_colour_that_cannot_be_read_is_refused_with_the_reason(portal, browse, form):
    change(form, primary="#f0a0b0")
    assert "La charte n’a pas été enregistrée" in form.contents
    assert "il faut au moins 4,5 pour" in form.contents
    visitor = browse()
    visitor.open(portal.absolute_url())
    assert "charte.css" not in visitor.contents


@pytest.mark.parametrize(
    "data, taken",
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', True),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', False),
    ],
)
def test_a_logo_with_a_script_is_refused(portal, browse, form, data, taken):
    form.getControl(name="logo").add_file(BytesIO(data), "image/svg+xml", "logo.svg")
    form.getControl("Enregistrer").click()
    visitor = browse()
    visitor.open(portal.absolute_url())
    assert ("@@charte-logo?v=" in visitor.contents) is taken
    assert ("il est refusé" in form.contents) is not taken
    visitor.open(f"{portal.absolute_url()}/@@charte-logo")
    assert visitor.headers["Status"].startswith("200" if taken else "404")
    if taken:
        assert "sandbox" in visitor.headers["Content-Security-Policy"]


def test_without_a_token_nothing_changes(portal, browse):
    webmaster = browse(SITE_OWNER_NAME)
    webmaster.post(
        f"{portal.absolute_url()}/@@charte-controlpanel",
        "primary=%23003366&river=%231d5264&stone=%23faf7f1",
    )
    assert webmaster.headers["Status"].startswith("403")


def test_visitors_do_not_reach_the_form(portal, browse):
    visitor = browse()
    visitor.open(f"{portal.absolute_url()}/@@charte-controlpanel")
    assert "charte-primary" not in visitor.contents


def test_the_preview_is_shown_and_nothing_is_saved(portal, browse, form):
    form.getControl(name="primary").value = "#003366"
    form.getControl("Voir l’aperçu").click()
    assert "pas encore enregistrées" in form.contents
    address = form.contents.split("@@charte-apercu.css?")[1].split('"')[0]
    form.open(f"{portal.absolute_url()}/@@charte-apercu.css?{address}")
    assert "--civ-primary:light-dark(#003366," in form.contents
    assert "no-store" in form.headers["Cache-Control"]
    visitor = browse()
    visitor.open(portal.absolute_url())
    assert "charte.css" not in visitor.contents


def test_contrasts_are_said_while_choosing(portal, form):
    url = f"{portal.absolute_url()}/@@charte-apercu.json"
    form.open(f"{url}?primary=%23f0a0b0")
    answer = json.loads(form.contents)
    assert [row["enough"] for row in answer["contrasts"]][:3] == [False, False, True]
    form.open(f"{url}?primary=red;%7Dbody%7Bdisplay:none&river=%3Cscript%3E")
    assert answer["rules"].keys() == json.loads(form.contents)["rules"].keys()
    assert b"display" not in form.contents and b"script" not in form.contents


def test_the_preview_needs_the_token(portal, browse):
    webmaster = browse(SITE_OWNER_NAME)
    webmaster.post(f"{portal.absolute_url()}/@@charte-controlpanel", "preview=yes")
    assert webmaster.headers["Status"].startswith("403")


def test_the_colours_of_the_communes_are_shown_with_their_pages(portal, form):
    assert "28 communes ont les couleurs du portail" in " ".join(form.contents.split())
    commune = portal["communes"]["bordeaux"]
    commune.colour_main, commune.colour_second = "#0b3d91", None
    transaction.commit()
    form.reload()
    assert f'{commune.absolute_url()}/@@mairie"' in form.contents
    assert "#0b3d91" in form.contents and "comme le portail" in form.contents
    assert "27 communes ont les couleurs" in " ".join(form.contents.split())


@pytest.mark.parametrize(
    "name", ["charte-apercu.css", "charte-apercu.json", "guide-de-style"]
)
def test_visitors_do_not_reach_what_is_for_webmasters(portal, browse, name):
    visitor = browse()
    visitor.open(f"{portal.absolute_url()}/@@{name}")
    assert "--civ-" not in visitor.contents and "civ-guide" not in visitor.contents
