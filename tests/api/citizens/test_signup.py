"""Signing up, as a browser without JavaScript does, with a real mail server."""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens import registrations
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.structure import get_spaces
from plone.testing.zope import Browser
import pytest
import transaction


@pytest.fixture
def portal(functional, smtp_server, monkeypatch):
    monkeypatch.setattr(antirobot.objection, "__defaults__", (0,))
    portal = functional["portal"]
    smtp_server.configure(portal)
    transaction.commit()
    return portal


@pytest.fixture
def browser(functional, portal):
    browser = Browser(functional["app"])
    browser.raiseHttpErrors = False
    browser.followRedirects = True
    browser.open(f"{portal.absolute_url()}/@@inscription")
    return browser


PERSON = {
    "first_name": "Zoé",
    "last_name": "O’Brien",
    "email": "zoe@exemple.fr",
    "birth_date": "31/12/1980",
    "address": "3 rue du Loup",
    "postal_code": "33000",
    "town": "Bordeaux",
}


def fill_in(browser, commune="bordeaux", consent=True, **changes):
    for name, value in {**PERSON, **changes}.items():
        browser.getControl(name=name).value = value
    browser.getControl(name="commune").value = [commune]
    browser.getControl(name="consent").value = ["yes"] if consent else []


def send(browser):
    browser.getControl("Envoyer ma demande").click()
    return browser


def spaces_of(portal):
    transaction.begin()
    return get_spaces(portal)


def count(portal):
    return len(registrations.catalog_of(spaces_of(portal)))


def test_a_person_signs_up(browser, portal, smtp_server):
    fill_in(browser)
    send(browser)
    assert browser.url.endswith("/@@inscription-recue")
    assert "Votre demande est bien reçue" in browser.contents
    space = registrations.find(spaces_of(portal), "zoe@exemple.fr")
    assert registrations.state_of(space) == "pending"
    stored = registrations.registration_of(space)
    assert (stored.last_name, stored.commune) == ("O’Brien", "bordeaux")
    assert stored.topics == (
        "amenagement",
        "elections",
        "grands-travaux",
        "immobilier",
        "politique-locale",
    )
    assert stored.by_email is False
    (text,) = smtp_server.texts_to("zoe@exemple.fr")
    assert "Bonjour Zoé O’Brien" in text
    assert "Votre demande d’inscription" in text


def test_consents_are_recorded_with_the_version_that_was_shown(browser, portal):
    fill_in(browser)
    browser.getControl(name="by_email").value = ["yes"]
    send(browser)
    spaces = spaces_of(portal)
    consents = registrations.consents_of(registrations.find(spaces, PERSON["email"]))
    assert [(c.id, c.answer) for c in consents] == [
        ("information", True),
        ("news-by-email", True),
    ]
    shown = notice(INFORMATION)
    assert consents[0].version == shown.version
    assert registrations.text_of_version(spaces, shown.version) == shown.text


def test_without_consent_nothing_is_stored_and_nothing_typed_is_lost(browser, portal):
    fill_in(browser, consent=False, usage_name='"><script>alert(1)</script>')
    browser.getControl(name="topics").value = ["elections"]
    send(browser)
    assert browser.headers["status"].startswith("422")
    assert count(portal) == 0
    assert 'href="#consent"' in browser.contents
    assert "<script>alert(1)" not in browser.contents
    for name, value in PERSON.items():
        assert browser.getControl(name=name).value == value
    assert browser.getControl(name="usage_name").value == '"><script>alert(1)</script>'
    assert browser.getControl(name="commune").value == ["bordeaux"]
    assert browser.getControl(name="topics").value == ["elections"]


def test_errors_are_linked_to_their_fields(browser):
    fill_in(browser, email="zoe", first_name="x" * 10_000)
    send(browser)
    for name in ("first_name", "email"):
        assert f'href="#{name}"' in browser.contents
        field = browser.getControl(name=name)
        assert f'id="{name}-error"' in browser.contents
        assert field._elem.attrs["aria-invalid"] == "true"
        assert f"{name}-error" in field._elem.attrs["aria-describedby"]
    assert browser.getControl(name="first_name").value == "x" * 10_000


def test_a_known_address_gets_the_same_answer_and_a_mail(browser, portal, smtp_server):
    fill_in(browser)
    send(browser)
    first = (browser.url, browser.contents, browser.headers["status"])
    browser.open(f"{portal.absolute_url()}/@@inscription")
    fill_in(browser, email="ZOE@exemple.fr", first_name="Autre")
    send(browser)
    assert (browser.url, browser.contents, browser.headers["status"]) == first
    assert count(portal) == 1
    received, already = smtp_server.texts_to("zoe@exemple.fr")
    assert "Autre" not in already
    assert received != already
    assert len(smtp_server.messages) == 2


def test_a_forged_request_changes_nothing(browser, portal):
    fill_in(browser)
    browser.getControl(name="_authenticator").value = "forged"
    send(browser)
    assert browser.headers["status"].startswith("403")
    assert count(portal) == 0
    assert browser.getControl(name="first_name").value == "Zoé"


def test_reading_the_page_stores_nothing(functional, portal, browser):
    url = f"{portal.absolute_url()}/@@inscription"
    query = "&".join(
        f"{name}={value}" for name, value in PERSON.items() if name != "first_name"
    )
    browser.open(
        f"{url}?first_name=Zoe&commune=bordeaux&consent=yes&{query}".replace(
            " ", "+"
        ).replace("’", "'")
    )
    assert count(portal) == 0


def test_the_trap_is_out_of_the_way_and_catches(browser, portal):
    trap = browser.getControl(name=antirobot.TRAP)
    assert trap._elem.attrs["tabindex"] == "-1"
    fill_in(browser)
    trap.value = "http://spam.example"
    send(browser)
    assert count(portal) == 0
    assert browser.getControl(name=antirobot.TRAP).value == ""
    send(browser)
    assert count(portal) == 1


def test_too_quick_is_said_and_a_second_try_passes(browser, portal, monkeypatch):
    monkeypatch.setattr(antirobot.objection, "__defaults__", (3600,))
    fill_in(browser)
    send(browser)
    assert count(portal) == 0
    assert "très rapide" in browser.contents
    monkeypatch.setattr(antirobot.objection, "__defaults__", (0,))
    send(browser)
    assert count(portal) == 1


def test_a_network_is_stopped_after_its_share(browser, portal):
    from plone import api

    api.portal.set_registry_record("civisdata.registrations.sign_ups_per_hour", 1)
    transaction.commit()
    fill_in(browser)
    send(browser)
    browser.open(f"{portal.absolute_url()}/@@inscription")
    fill_in(browser, email="second@exemple.fr")
    send(browser)
    assert browser.headers["status"].startswith("429")
    assert count(portal) == 1
    assert browser.getControl(name="email").value == "second@exemple.fr"


@pytest.mark.parametrize("commune", ["begles", "elsewhere"])
def test_a_commune_that_does_not_take_part_is_explained(browser, portal, commune):
    portal["communes"]["begles"].participating = False
    transaction.commit()
    fill_in(browser, commune=commune)
    send(browser)
    assert count(portal) == 0
    expected = "Bègles ne participe pas encore" if commune == "begles" else "habitants"
    assert expected in browser.contents


def test_without_mail_server_the_registration_is_kept(browser, portal, smtp_server):
    smtp_server.stop()
    fill_in(browser)
    send(browser)
    assert "courriel=non" in browser.url
    assert "serveur de courriel" in browser.contents
    space = registrations.find(spaces_of(portal), "zoe@exemple.fr")
    actions = [line.action for line in registrations.history_of(space)]
    assert actions == ["register", "no_receipt"]
    # The answer for a known address is the same.
    browser.open(f"{portal.absolute_url()}/@@inscription")
    fill_in(browser)
    send(browser)
    assert "courriel=non" in browser.url
    assert count(portal) == 1


@pytest.mark.parametrize("name", ["first_name", "last_name", "email", "town"])
def test_line_ends_never_reach_a_mail(browser, portal, smtp_server, functional, name):
    fill_in(browser)
    form = browser.getForm(id="sign-up")
    control = form.getControl(name=name)
    control._elem.attrs["type"] = "hidden"
    control.value = "a@exemple.fr\r\nBcc: everybody@exemple.fr"
    form.submit()
    assert count(portal) == 0
    assert smtp_server.messages == []


def test_nothing_of_a_citizen_is_in_the_sites_catalog(browser, portal):
    before = len(portal.portal_catalog)
    fill_in(browser)
    send(browser)
    spaces_of(portal)
    assert len(portal.portal_catalog) == before


def test_the_page_after_it_is_french_as_a_whole(browser, portal):
    browser.open(f"{portal.absolute_url()}/@@inscription-recue")
    assert "La Communauté urbaine vérifie votre inscription." in browser.contents
