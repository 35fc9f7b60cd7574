"""Signing up, as a browser without JavaScript does, with a real mail server."""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens import registrations
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.office.work import accept_by_rule
from civisdata.content.citizens.signup import work
from civisdata.content.tasks import TemporaryError
from helpers.signup import fill_in
from helpers.signup import link_of
from helpers.signup import press
from helpers.signup import registered
from helpers.signup import send
from helpers.signup import spaces_of
from helpers.signup import waiting
from helpers.signup import walk
from helpers.signup import WHERE
from helpers.signup import WHO
from plone import api
from plone.testing.zope import Browser
from urllib.parse import urlencode
import pytest
import transaction


EMAIL = WHO["email"]


@pytest.fixture
def portal(functional, smtp_server, monkeypatch):
    monkeypatch.setattr(antirobot.objection, "__defaults__", (0,))
    portal = functional["portal"]
    smtp_server.configure(portal)
    transaction.commit()
    return portal


@pytest.fixture
def new_browser(functional, portal):
    def new_browser(path="/@@inscription"):
        browser = Browser(functional["app"])
        browser.raiseHttpErrors = False
        browser.followRedirects = True
        browser.open(portal.absolute_url() + path)
        return browser

    return new_browser


@pytest.fixture
def browser(new_browser):
    return new_browser()


@pytest.fixture
def link(browser, smtp_server):
    """The link that came by mail after a sign-up."""
    send(fill_in(browser))
    return link_of(smtp_server.texts_to(EMAIL)[0])


def nothing(done, total):
    """Progress that nobody looks at."""


def setting(name, value):
    api.portal.set_registry_record(f"civisdata.registrations.{name}", value)
    transaction.commit()


def confirm(browser, link):
    browser.open(link)
    return press(browser, "Confirmer mon adresse")


def step(browser) -> str:
    return browser.getControl(name="etape").value


def actions_of(portal) -> list[str]:
    space = registrations.find(spaces_of(portal), EMAIL)
    return [line.action for line in registrations.history_of(space)]


def test_a_person_signs_up_and_confirms(browser, portal, smtp_server):
    walk(browser)
    assert step(browser) == "resume"
    assert registered(portal) == waiting(portal) == 0
    send(browser)
    assert "/@@inscription-recue?demande=" in browser.url
    assert "Regardez votre courrier électronique" in browser.contents
    assert (registered(portal), waiting(portal)) == (0, 1)
    (text,) = smtp_server.texts_to(EMAIL)
    assert "Bonjour Zoé O’Brien" in text
    confirm(browser, link_of(text))
    assert "Votre adresse est confirmée" in browser.contents
    assert (registered(portal), waiting(portal)) == (1, 0)
    space = registrations.find(spaces_of(portal), EMAIL)
    assert registrations.state_of(space) == "pending"
    stored = registrations.registration_of(space)
    assert (stored.last_name, stored.commune) == ("O’Brien", "bordeaux")
    assert stored.services == ("documents", "news")
    assert "politique-locale" in stored.topics and not stored.by_email
    assert actions_of(portal) == ["register", "confirm"]
    # One letter: the page is the receipt.
    assert len(smtp_server.messages) == 1


def test_one_goes_back_and_forth_and_nothing_is_lost(browser):
    walk(browser, by_email=True, town="Bordeaux-Lac")
    press(browser, "Retour")
    press(browser, "Retour")
    browser.getControl(name="topics").value = ["elections"]
    press(browser, "Retour")
    assert browser.getControl(name="town").value == "Bordeaux-Lac"
    browser.getControl(name="town").value = "Bordeaux"
    # All is filled in: the way leads back to the summary at once.
    press(browser, "Continuer")
    assert step(browser) == "resume"
    assert "33000 Bordeaux</dd>" in browser.contents
    assert "Élections</dd>" in browser.contents
    browser.getControl(name="action", index=0).click()
    assert step(browser) == "qui"
    assert browser.getControl(name="first_name").value == "Zoé"
    assert browser.url.endswith("/@@inscription")


def test_the_summary_leads_to_each_part(browser):
    fill_in(browser)
    for name in ("qui", "ou", "choix", "notice"):
        buttons = [
            control
            for control in browser.getForm(id="sign-up").controls
            if getattr(control, "name", "") == "action"
            and control._elem.attrs.get("value") == f"go:{name}"
        ]
        assert len(buttons) == 2
        buttons[-1].click()
        assert step(browser) == name
        press(browser, "Continuer")
        assert step(browser) == "resume"


def test_two_tabs_hold_their_own(browser, new_browser, portal):
    other = new_browser()
    fill_in(browser)
    fill_in(other, email="autre@exemple.fr", first_name="Autre")
    assert "zoe@exemple.fr" in browser.contents
    send(other)
    send(browser)
    assert waiting(portal) == 2


def test_a_postal_code_proposes_its_communes(browser, portal):
    towns = portal["communes"]
    towns["begles"].postal_codes = ("33130",)
    towns["talence"].postal_codes = towns["pessac"].postal_codes = ("33999",)
    transaction.commit()
    for name, value in WHO.items():
        browser.getControl(name=name).value = value
    press(browser, "Continuer")
    for name, value in {**WHERE, "postal_code": "33999"}.items():
        browser.getControl(name=name).value = value
    press(browser, "Continuer")
    assert browser.headers["status"].startswith("422") and step(browser) == "ou"
    assert "Pessac, Talence" in browser.contents
    assert browser.getControl(name="commune").value == [""]
    browser.getControl(name="postal_code").value = "33130"
    press(browser, "Continuer")
    # The only one is chosen already, and looked at once more: that is no error.
    assert browser.headers["status"].startswith("200")
    assert "vous habitez <strong>Bègles</strong>" in browser.contents
    assert browser.getControl(name="commune").value == ["begles"]
    press(browser, "Continuer")
    assert step(browser) == "choix"


def test_consents_are_recorded_with_the_version_that_was_shown(browser, portal):
    send(fill_in(browser))
    work.forget(portal, lambda done, total: None)
    spaces = spaces_of(portal)
    shown = notice(INFORMATION)
    assert registrations.text_of_version(spaces, shown.version) == shown.text


def test_consents_come_with_the_registration(browser, portal, link):
    confirm(browser, link)
    space = registrations.find(spaces_of(portal), EMAIL)
    consents = registrations.consents_of(space)
    assert [(c.id, c.answer) for c in consents] == [
        ("information", True),
        ("news-by-email", False),
    ]
    assert consents[0].version == notice(INFORMATION).version


def test_without_consent_one_goes_no_further(browser, portal):
    fill_in(browser, usage_name='"><script>alert(1)</script>')
    browser.getControl(name="action", index=3).click()
    assert step(browser) == "notice"
    browser.getControl(name="consent").value = []
    press(browser, "Continuer")
    assert browser.headers["status"].startswith("422")
    assert 'href="#consent"' in browser.contents
    assert "<script>alert(1)" not in browser.contents


def test_another_notice_has_to_be_read_again(browser, portal, monkeypatch):
    fill_in(browser)
    browser.getControl(name="notice_version").value = "0" * 64
    send(browser)
    assert (step(browser), waiting(portal)) == ("notice", 0)
    assert "La notice d’information a changé" in browser.contents
    assert browser.getControl(name="consent").value == []


def test_errors_stand_in_their_step_and_take_the_focus(browser):
    for name, value in {**WHO, "email": "zoe", "first_name": "x" * 10_000}.items():
        browser.getControl(name=name).value = value
    press(browser, "Continuer")
    assert step(browser) == "qui"
    for name in ("first_name", "email"):
        assert f'href="#{name}"' in browser.contents
        field = browser.getControl(name=name)
        assert f'id="{name}-error"' in browser.contents
        assert field._elem.attrs["aria-invalid"] == "true"
        assert f"{name}-error" in field._elem.attrs["aria-describedby"]
        assert ("autofocus" in field._elem.attrs) is (name == "first_name")
    assert browser.getControl(name="first_name").value == "x" * 10_000


def test_an_error_of_another_step_leads_there(browser, portal):
    fill_in(browser)
    browser.getControl(name="email").value = "zoe"
    browser.getControl(name="postal_code").value = "330"
    send(browser)
    assert (step(browser), waiting(portal)) == ("qui", 0)
    assert 'href="#email"' in browser.contents
    assert 'href="#postal_code"' not in browser.contents
    browser.getControl(name="email").value = EMAIL
    press(browser, "Continuer")
    assert step(browser) == "ou"


def test_a_known_address_gets_the_same_answer_and_a_mail(
    browser, new_browser, portal, link, smtp_server
):
    shown = browser.contents.replace(browser.url.partition("demande=")[2], "")
    confirm(browser, link)
    other = new_browser()
    send(fill_in(other, email="ZOE@exemple.fr", first_name="Autre"))
    token = other.url.partition("demande=")[2]
    assert "/@@inscription-recue?demande=" in other.url
    assert without_tokens(other.contents.replace(token, "")) == without_tokens(shown)
    assert registered(portal) == 1
    already = smtp_server.texts_to("ZOE@exemple.fr")[-1]
    assert "Autre" not in already and "jeton=" not in already
    assert "déjà" in already


def without_tokens(page: str) -> str:
    """Take the token against forged requests out of a page."""
    before, _sep, rest = page.partition('name="_authenticator"')
    return before + rest.partition("/>")[2]


def test_a_second_click_and_a_scanner_do_no_harm(browser, new_browser, portal, link):
    scanner = new_browser(link.partition("/plone")[2])
    for _ in range(3):
        scanner.open(link)
    assert (registered(portal), waiting(portal)) == (0, 1)
    assert "Zoé" not in scanner.contents and "exemple.fr" not in scanner.contents
    confirm(browser, link)
    press(scanner, "Confirmer mon adresse")
    assert "Votre adresse est confirmée" in scanner.contents
    scanner.open(link)
    assert "Votre adresse est confirmée" in scanner.contents
    assert actions_of(portal) == ["register", "confirm"]
    assert registered(portal) == 1


def test_a_link_ends_and_what_was_written_goes(browser, portal, link, moved_clock):
    moved_clock.moved = 8 * 86400
    browser.open(link)
    assert "Ce lien n’est plus valable" in browser.contents
    work.forget(portal, lambda done, total: None)
    transaction.commit()
    assert waiting(portal) == 0
    browser.open(link)
    assert "Ce lien n’est plus valable" in browser.contents


@pytest.mark.parametrize("form", ["sign-up", "confirm", "resend"])
def test_a_forged_request_changes_nothing(browser, portal, smtp_server, form):
    fill_in(browser)
    if form != "sign-up":
        send(browser)
    if form == "confirm":
        browser.open(link_of(smtp_server.texts_to(EMAIL)[0]))
    browser.getControl(name="_authenticator").value = "forged"
    label = {"sign-up": "Envoyer ma demande", "confirm": "Confirmer mon adresse"}
    before = len(smtp_server.messages)
    press(browser, label.get(form, "Renvoyer le message"))
    assert browser.headers["status"].startswith("403")
    assert registered(portal) == 0
    assert waiting(portal) == (0 if form == "sign-up" else 1)
    assert len(smtp_server.messages) == before


def test_the_letter_is_sent_again_but_not_for_ever(browser, portal, link, smtp_server):
    browser.goBack()
    browser.open(f"{portal.absolute_url()}/@@inscription-recue")
    assert "Renvoyer le message" not in browser.contents
    from civisdata.content.citizens.signup import taking
    from civisdata.content.citizens.signup.waiting import room_of

    (id,) = room_of(spaces_of(portal)).entries
    browser.open(
        f"{portal.absolute_url()}/@@inscription-recue?demande={taking.resend_token(id)}"
    )
    for _ in range(6):
        press(browser, "Renvoyer le message")
        assert "le message est reparti" in browser.contents
    assert len(smtp_server.texts_to(EMAIL)) == 4
    assert {link_of(text) for text in smtp_server.texts_to(EMAIL)} == {link}


def test_extra_fields_change_nothing(browser, portal, smtp_server):
    extra = {"login": "c-admin", "review_state": "accepted", "marks": "none"}
    fill_in(browser, **extra)
    values = dict.fromkeys(("state", "_registered", "confirmed"), "accepted")
    assert "c-admin" not in browser.contents
    form = browser.getForm(id="sign-up")
    browser.post(
        browser.url,
        urlencode(
            [
                *((c.name, c.value) for c in hidden_of(form)),
                *{**extra, **values, "action": "send"}.items(),
            ],
            doseq=True,
        ),
    )
    confirm(browser, link_of(smtp_server.texts_to(EMAIL)[0]))
    space = registrations.find(spaces_of(portal), EMAIL)
    assert registrations.state_of(space) == "pending" and space.login == ""


def hidden_of(form) -> list:
    return [c for c in form.controls if c.type in ("hidden", "text") and c.name]


@pytest.mark.parametrize("path", ["/espaces", "/@@inscription"])
def test_rest_takes_no_registration(visitor, portal, path):
    visitor.app.post_json(
        path,
        {"@type": "PersonalSpace", "email": "a@exemple.fr", "action": "send"},
        headers={"Accept": "application/json"},
        status="*",
    )
    assert registered(portal) == waiting(portal) == 0
    assert list(spaces_of(portal).space_ids()) == []


def test_reading_the_page_stores_and_fills_in_nothing(browser, portal):
    query = "first_name=Zoe&commune=bordeaux&consent=yes&action=send&etape=resume"
    browser.open(f"{portal.absolute_url()}/@@inscription?{query}")
    assert browser.getControl(name="first_name").value == ""
    assert registered(portal) == waiting(portal) == 0


def test_the_trap_is_out_of_the_way_and_catches(browser, portal):
    fill_in(browser)
    trap = browser.getControl(name=antirobot.TRAP)
    assert trap._elem.attrs["tabindex"] == "-1"
    trap.value = "http://spam.example"
    send(browser)
    assert waiting(portal) == 0
    assert browser.getControl(name=antirobot.TRAP).value == ""
    send(browser)
    assert waiting(portal) == 1


def test_too_quick_is_said_and_a_second_try_passes(browser, portal, monkeypatch):
    monkeypatch.setattr(antirobot.objection, "__defaults__", (3600,))
    fill_in(browser)
    send(browser)
    assert waiting(portal) == 0
    assert "très rapide" in browser.contents
    monkeypatch.setattr(antirobot.objection, "__defaults__", (0,))
    send(browser)
    assert waiting(portal) == 1


def test_a_network_is_stopped_after_its_share_and_shown_another_way(
    browser, new_browser, portal
):
    setting("sign_ups_per_hour", 1)
    portal["communes"]["bordeaux"].phone = "05 56 10 20 30"
    transaction.commit()
    send(fill_in(browser))
    other = new_browser()
    send(fill_in(other, email="second@exemple.fr"))
    assert other.headers["status"].startswith("429")
    assert waiting(portal) == 1
    assert other.getControl(name="email").value == "second@exemple.fr"
    assert 'href="tel:0556102030"' in other.contents


def test_without_the_computation_one_is_taken_and_the_desk_told(
    browser, new_browser, portal, smtp_server
):
    setting("automatic_acceptance", True)
    setting("automatic_without_doubt", False)
    setting("unproven_per_hour", 1)
    send(fill_in(browser), proven=False)
    confirm(browser, link_of(smtp_server.texts_to(EMAIL)[0]))
    # It isn't accepted without anybody's look, as others are.
    (space,) = spaces_of(portal).objectValues()
    accept_by_rule(portal, nothing, space_id=space.getId())
    assert actions_of(portal) == ["register", "unproven", "confirm"]
    crowded = new_browser()
    send(fill_in(crowded, email="second@exemple.fr"), proven=False)
    assert crowded.headers["status"].startswith("429")
    send(crowded)
    text = smtp_server.texts_to("second@exemple.fr")[0]
    confirm(crowded, link_of(text))
    space = registrations.find(spaces_of(portal), "second@exemple.fr")
    # The answer to the link takes the same time; a task accepts.
    assert registrations.state_of(space) == "pending"
    accept_by_rule(portal, nothing, space_id=space.getId())
    assert registrations.state_of(space) == "accepted"
    assert "Identifiant" in smtp_server.texts_to("second@exemple.fr")[1]
    # Who is accepted and follows the link once more is told the same; nothing happens.
    before = len(smtp_server.messages)
    crowded.open(link_of(text))
    assert "Votre adresse est confirmée" in crowded.contents
    assert "Confirmer mon adresse" not in crowded.contents
    assert len(smtp_server.messages) == before and registered(portal) == 2


def test_a_double_click_is_one_sign_up(browser, new_browser, portal, smtp_server):
    fill_in(browser)
    again = browser.contents
    send(browser)
    first = browser.url
    browser.goBack()
    assert browser.contents == again
    press(browser, "Envoyer ma demande")
    assert browser.url == first
    assert waiting(portal) == len(smtp_server.messages) == 1
    # With other contents the form is shown again, with a new stamp, and then taken.
    browser.goBack()
    browser.getControl(name="first_name").value = "Zoë"
    press(browser, "Envoyer ma demande")
    assert browser.headers["status"].startswith("422")
    send(browser)
    assert waiting(portal) == 2


@pytest.mark.parametrize("commune", ["begles", "elsewhere"])
def test_a_commune_that_does_not_take_part_is_explained(browser, portal, commune):
    portal["communes"]["begles"].participating = False
    transaction.commit()
    for fields in (WHO, WHERE):
        for name, value in fields.items():
            browser.getControl(name=name).value = value
        if fields is WHERE:
            browser.getControl(name="commune").value = [commune]
        press(browser, "Continuer")
    assert step(browser) == "ou"
    expected = "Bègles ne participe pas encore" if commune == "begles" else "habitants"
    assert expected in browser.contents


def test_a_commune_that_left_meanwhile(browser, new_browser, portal, link):
    fill_in(other := new_browser(), email="second@exemple.fr")
    portal["communes"]["bordeaux"].participating = False
    transaction.commit()
    send(other)
    assert (step(other), waiting(portal)) == ("ou", 1)
    confirm_page = new_browser(link.partition("/plone")[2])
    assert "Bordeaux</strong>" in confirm_page.contents
    assert "ne participe plus" in confirm_page.contents
    assert "Confirmer mon adresse" not in confirm_page.contents
    assert (registered(portal), waiting(portal)) == (0, 1)
    portal["communes"]["bordeaux"].successor = "begles"
    transaction.commit()
    confirm(browser, link)
    space = registrations.find(spaces_of(portal), EMAIL)
    assert registrations.registration_of(space).commune == space.commune == "begles"


def test_without_mail_server_nothing_is_lost(browser, portal, smtp_server, queued):
    smtp_server.stop()
    send(fill_in(browser))
    assert "courriel=non" in browser.url
    assert "serveur de courriel" in browser.contents
    assert waiting(portal) == 1
    press(browser, "Renvoyer le message")
    assert browser.headers["status"].startswith("503")
    ((name, values),) = queued
    assert name == work.TASK and set(values) == {"waiting"}
    with pytest.raises(work.TemporaryError):
        work.write_letter(portal, None, **values)
    smtp_server.start()
    work.write_letter(portal, None, **values)
    work.write_letter(portal, None, **values)
    (text,) = smtp_server.texts_to(EMAIL)
    confirm(browser, link_of(text))
    assert registered(portal) == 1


@pytest.fixture
def queued(monkeypatch):
    """What is enqueued, as (name, values)."""
    from civisdata.content.citizens.signup.browser import sending

    found = []
    monkeypatch.setattr(
        sending, "enqueue", lambda name, **values: found.append((name, values))
    )
    return found


def test_accepting_without_mail_server_is_tried_again(
    browser, portal, link, smtp_server
):
    setting("automatic_acceptance", True)
    smtp_server.stop()
    confirm(browser, link)
    assert "Votre adresse est confirmée" in browser.contents
    (space,) = spaces_of(portal).objectValues()
    with pytest.raises(TemporaryError):
        accept_by_rule(portal, nothing, space_id=space.getId())
    transaction.abort()
    assert actions_of(portal) == ["register", "confirm"]
    smtp_server.start()
    accept_by_rule(portal, nothing, space_id=space.getId())
    assert actions_of(portal) == ["register", "confirm", "accept"]


@pytest.mark.parametrize("name", ["first_name", "email"])
def test_line_ends_never_reach_a_mail(browser, portal, smtp_server, name):
    fill_in(browser)
    browser.getControl(name=name).value = "a@exemple.fr\r\nBcc: everybody@exemple.fr"
    send(browser)
    assert waiting(portal) == 0
    assert smtp_server.messages == []


def test_nothing_of_a_citizen_is_in_the_sites_catalog(browser, portal, link):
    before = len(portal.portal_catalog)
    confirm(browser, link)
    spaces_of(portal)
    assert len(portal.portal_catalog) == before


def test_an_old_page_is_said_and_a_second_try_passes(browser, portal, moved_clock):
    fill_in(browser)
    moved_clock.moved = antirobot.OLDEST + 60
    send(browser)
    assert "périmée" in browser.contents
    send(browser)
    assert waiting(portal) == 1
