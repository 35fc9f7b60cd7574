"""The page of a mairie and its form, for every role, over HTTP."""

from civisdata.content.territory.localroles import ADMINISTRATORS
from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import WEBMASTERS
from civisdata.content.territory.structure import create_territory  # noqa: F401
from helpers.people import staff
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
from html import unescape
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
import pytest
import re
import requests
import transaction


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    b'<path d="M0 0h9v9z" fill="#0b3d91"/></svg>'
)


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def people(portal, server, make_citizen):  # noqa: F811
    """HTTP sessions of every role."""
    known = {"visitor": requests.Session(), "citizen": make_citizen().http}
    for name, roles, group in (
        ("agent", ("Staff",), agents_group("33063")),
        ("elsewhere", ("Staff",), agents_group("33281")),
        ("administrator", ("Staff", "CUB Administrator"), ADMINISTRATORS),
        ("webmaster", ("Staff", "CUB Webmaster"), WEBMASTERS),
    ):
        known[name] = requests.Session()
        known[name].auth = (name, staff(name, roles=roles, group=group))
    known["manager"] = requests.Session()
    known["manager"].auth = (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    transaction.commit()
    return known


@pytest.fixture
def bordeaux(server):  # noqa: F811
    return f"{server}/communes/bordeaux"


def form_of(http: requests.Session, url: str) -> dict[str, str]:
    page = http.get(url).text
    return {
        name: unescape(re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1])
        for name in ("_authenticator", "stamp")
    }


def save(
    http: requests.Session, commune: str, logo=None, **values
) -> requests.Response:
    """Send the form with what it holds by itself, and ``values``."""
    url = f"{commune}/@@mairie"
    return http.post(
        url,
        data=form_of(http, url) | values,
        files={"logo": logo} if logo else {"logo": ("", b"")},
        allow_redirects=False,
    )


@pytest.mark.parametrize(
    ("role", "may_keep", "may_rule"),
    [
        ("visitor", False, False),
        ("citizen", False, False),
        ("agent", True, False),
        ("elsewhere", False, False),
        ("administrator", False, False),
        ("webmaster", True, True),
        ("manager", True, True),
    ],
)
def test_who_edits_what(people, portal, bordeaux, role, may_keep, may_rule):
    http = people[role]
    for view, may in (
        ("@@mairie", may_keep),
        ("edit", may_rule),
        ("@@reunir", may_rule),
    ):
        answer = http.get(f"{bordeaux}/{view}", allow_redirects=False)
        assert (answer.status_code == 200) is may, view
        if may:
            assert (
                "no-store" in answer.headers.get("Cache-Control", "") or view == "edit"
            )
    assert ("@@mairie" in http.get(bordeaux).text) is may_keep
    if may_keep:
        assert save(http, bordeaux, phone="05 56 00 00 00").status_code == 303
        transaction.begin()
        assert portal["communes"]["bordeaux"].phone == "05 56 00 00 00"
    else:
        http.post(f"{bordeaux}/@@mairie", data={"phone": "1234"})
        transaction.begin()
        assert portal["communes"]["bordeaux"].phone is None


@pytest.mark.parametrize("role", ["agent", "webmaster", "manager"])
def test_without_a_token_nothing_happens(people, portal, bordeaux, role):
    http = people[role]
    stamp = form_of(http, f"{bordeaux}/@@mairie")["stamp"]
    answer = http.post(f"{bordeaux}/@@mairie", data={"stamp": stamp, "phone": "1234"})
    assert answer.status_code == 403
    transaction.begin()
    assert portal["communes"]["bordeaux"].phone is None
    if role != "agent":
        answer = http.post(
            f"{bordeaux}/@@reunir", data={"name": "Bordeaux", "successor": "pessac"}
        )
        assert answer.status_code == 403
        transaction.begin()
        assert portal["communes"]["bordeaux"].successor == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("insee_code", "33281"),
        ("postal_codes", ["33700"]),
        ("participating", False),
        ("population", 1),
        ("title", "Autre"),
    ],
)
def test_an_agent_does_not_change_these_over_rest(
    people, portal, bordeaux, field, value
):
    answer = people["agent"].patch(
        bordeaux, json={field: value}, headers={"Accept": "application/json"}
    )
    transaction.begin()
    assert getattr(portal["communes"]["bordeaux"], field) != value
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "change",
    [
        {"opening_hours": {"week": [[["17:00", "08:00"]], [], [], [], [], [], []]}},
        {"website": "javascript:alert(1)"},
        {"colour_main": "#ffee00"},
        {"services": [{"name": "x", "link": "javascript:alert(1)"}]},
        {
            "logo": {
                "data": SVG.replace(
                    b"<path", b"<script>alert(1)</script><path"
                ).decode(),
                "content-type": "image/svg+xml",
                "filename": "x.svg",
            }
        },
    ],
)
def test_rest_refuses_what_the_form_refuses(people, portal, bordeaux, change):
    answer = people["agent"].patch(
        bordeaux, json=change, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 400, answer.text
    transaction.begin()
    (name,) = change
    assert getattr(portal["communes"]["bordeaux"], name) in (
        None,
        "https://www.bordeaux.fr",
    )


@pytest.mark.parametrize("role", ["agent", "webmaster", "manager"])
def test_nobody_deletes_or_renames_a_commune(people, portal, bordeaux, role):
    http = people[role]
    assert http.delete(
        bordeaux, headers={"Accept": "application/json"}
    ).status_code in (401, 403, 404)
    http.patch(bordeaux, json={"id": "bx"}, headers={"Accept": "application/json"})
    transaction.begin()
    assert "bordeaux" in portal["communes"] and "bx" not in portal["communes"]


def test_what_is_saved_is_shown_and_scripts_stay_text(people, server, bordeaux):  # noqa: F811
    evil = "<script>alert(1)</script>"
    days = {f"day-{n}": "0h-24h" for n in range(7)}
    answer = save(
        people["agent"],
        bordeaux,
        logo=("blason.svg", SVG, "image/svg+xml"),
        address=evil,
        holidays="open",
        colour_main="#0b3d91",
        **days,
        **{
            "special-0-from": "2030-01-02",
            "special-0-label": evil,
            "service-0-name": evil,
            "service-0-hours": evil,
        },
    )
    assert answer.status_code == 303, answer.text
    page = people["visitor"].get(bordeaux).text
    assert "alert(1)</script>" not in page and "&lt;script&gt;alert(1)" in page
    assert "Ouvert en ce moment" in unescape(page)
    assert "application/ld+json" in page
    css = re.search(r'href="([^"]+couleurs\.css[^"]+)"', page)[1]
    style = people["visitor"].get(css)
    assert style.text.startswith(":root:root{--civ-primary:light-dark(#0b3d91,")
    assert "immutable" in style.headers["Cache-Control"]
    logo = people["visitor"].get(re.search(r'src="([^"]+@@blason[^"]+)"', page)[1])
    assert logo.content == SVG and logo.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    # another commune has none of it
    other = people["visitor"].get(f"{server}/communes/pessac").text
    assert "couleurs.css" not in other and "blason" not in other
    assert (
        people["visitor"].get(f"{server}/communes/pessac/@@blason").status_code == 404
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.svg", SVG.replace(b"<path", b"<script>alert(1)</script><path")),
        ("x.svg", SVG.replace(b"<path", b'<path onclick="alert(1)"')),
        ("x.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"x" * 300_000),
        ("x.gif", b"GIF89a"),
        ("x.html", b"<html></html>"),
    ],
)
def test_a_logo_that_is_no_drawing_is_refused(people, portal, bordeaux, name, data):
    answer = save(
        people["agent"], bordeaux, logo=(name, data, "image/png"), phone="1234"
    )
    assert answer.status_code == 422
    assert "logo-error" in answer.text
    transaction.begin()
    commune = portal["communes"]["bordeaux"]
    assert commune.logo is None and commune.phone is None


def test_a_huge_image_is_refused(people, portal, bordeaux):
    from helpers.hostile import png

    data = png(30_000, 30_000)
    answer = save(people["agent"], bordeaux, logo=("x.png", data, "image/png"))
    assert answer.status_code == 422


def test_what_is_wrong_is_said_and_what_was_typed_stays(people, portal, bordeaux):
    answer = save(
        people["agent"],
        bordeaux,
        **{"day-2": "17h-8h", "address": "Ici", "colour_main": "#ffee00"},
    )
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Une plage horaire se termine avant de commencer." in text
    assert "Trop pâle" in text and "4,5 pour 1" in text
    assert 'value="17h-8h"' in text and ">Ici</textarea>" in text
    assert 'href="#day-2"' in text and 'aria-describedby="day-2-error"' in text
    transaction.begin()
    assert portal["communes"]["bordeaux"].address is None


def test_of_two_who_edit_at_once_the_second_is_told(people, portal, bordeaux):
    url = f"{bordeaux}/@@mairie"
    first = form_of(people["agent"], url)
    assert (
        save(people["webmaster"], bordeaux, phone="05 56 11 11 11").status_code == 303
    )
    answer = people["agent"].post(
        url, data=first | {"phone": "05 56 22 22 22"}, allow_redirects=False
    )
    assert answer.status_code == 422
    assert "entre-temps" in answer.text and "05 56 22 22 22" in answer.text
    transaction.begin()
    assert portal["communes"]["bordeaux"].phone == "05 56 11 11 11"


def test_a_webmaster_renames_a_commune_and_its_new_address_leads_there(
    people,
    server,  # noqa: F811
    portal,
    bordeaux,
):
    http = people["webmaster"]
    page = http.get(f"{bordeaux}/edit").text
    token = re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]
    assert "form.widgets.address" not in page and "form.widgets.services" not in page
    answer = http.post(
        f"{bordeaux}/edit",
        data={
            "_authenticator": token,
            "form.widgets.title": "Bordeaux-Centre",
            "form.widgets.insee_code": "33063",
            "form.widgets.postal_codes": "33000\n33100",
            "form.widgets.population": "267991",
            "form.widgets.population_year": "2023",
            "form.widgets.population_source": "INSEE",
            "form.widgets.participating:list": "selected",
            "form.widgets.participating-empty-marker": "1",
            "form.buttons.save": "Enregistrer",
        },
        allow_redirects=False,
    )
    assert answer.status_code == 302, answer.text
    visitor = people["visitor"]
    answer = visitor.get(
        f"{server}/communes/bordeaux-centre",
        headers={"Accept": "text/html"},
        allow_redirects=False,
    )
    assert answer.status_code in (301, 302)
    assert answer.headers["Location"] == bordeaux
    assert "Bordeaux-Centre" in visitor.get(bordeaux).text


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("33000", "bordeaux"),
        ("st médard", "saint-medard-en-jalles"),
        ("bordaux", "bordeaux"),
    ],
)
def test_one_match_opens_the_commune(people, server, wanted, leads_to):  # noqa: F811
    answer = people["visitor"].get(
        f"{server}/communes", params={"q": wanted}, allow_redirects=False
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{server}/communes/{leads_to}"


def test_several_matches_are_listed_and_none_is_said(people, server):  # noqa: F811
    visitor = people["visitor"]
    several = unescape(visitor.get(f"{server}/communes", params={"q": "33290"}).text)
    assert "Laquelle de ces communes est la vôtre" in several
    assert several.count("data-codes") == 2
    none = visitor.get(f"{server}/communes", params={"q": "<b>Paris"}).text
    assert "ne porte ce nom ou ce code" in unescape(none) and "<b>Paris" not in none
    assert none.count("data-codes") == 28


def test_a_commune_that_does_not_take_part(people, server, portal):  # noqa: F811
    portal["communes"]["bordeaux"].participating = False
    transaction.commit()
    visitor = people["visitor"]
    page = unescape(visitor.get(f"{server}/communes/bordeaux").text)
    assert "ne participe pas" in page and "@@inscription?commune" not in page
    assert (
        "@@inscription?commune=pessac" in visitor.get(f"{server}/communes/pessac").text
    )
    token = re.search(
        r'name="_authenticator"[^>]*value="([^"]+)"',
        people["agent"].get(f"{server}/communes/bordeaux/@@demandes-de-documents").text,
    )[1]
    answer = people["agent"].post(
        f"{server}/communes/bordeaux/@@demandes-de-documents",
        data={
            "_authenticator": token,
            "action": "ask",
            "to": "quelquun",
            "paper": "Avis",
            "purpose": "Dossier",
            "days": "30",
        },
    )
    assert answer.status_code == 400
    assert "ne participe plus" in unescape(answer.text)


def test_the_sign_up_form_has_the_commune_chosen(people, server):  # noqa: F811
    url, carried = f"{server}/@@inscription", 'name="commune" type="hidden"'
    page = people["visitor"].get(f"{url}?commune=pessac&email=a@example.org").text
    assert f'{carried} value="pessac"' in page and "a@example.org" not in page
    for strange in ("<script>", "nulle-part"):
        page = people["visitor"].get(url, params={"commune": strange}).text
        assert carried not in page and strange not in page.partition("<main")[2]


def test_a_merger_from_the_form_to_the_old_address(people, server, portal):  # noqa: F811
    url = f"{server}/communes/cenon/@@reunir"
    http = people["webmaster"]
    page = http.get(url).text
    token = re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]
    wrong = http.post(
        url, data={"_authenticator": token, "name": "Cenon", "successor": "cenon"}
    )
    assert wrong.status_code == 422
    wrong = http.post(
        url, data={"_authenticator": token, "name": "oui", "successor": "floirac"}
    )
    assert wrong.status_code == 422
    done = http.post(
        url,
        data={"_authenticator": token, "name": "cenon", "successor": "floirac"},
        allow_redirects=False,
    )
    assert done.status_code == 303, done.text
    visitor = people["visitor"]
    answer = visitor.get(f"{server}/communes/cenon", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"{server}/communes/floirac",
    )
    assert "/communes/cenon" not in visitor.get(f"{server}/communes").text
    assert 'value="cenon"' not in visitor.get(f"{server}/@@inscription").text
