"""The desk's pages by HTTP: batches, letters, lists, the counter, settings; and attacks."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.catalog import LETTER
from civisdata.content.citizens.counter import identity
from civisdata.content.citizens.office import batches
from civisdata.content.citizens.office import letter_pdf
from civisdata.content.citizens.office import reasons
from civisdata.content.citizens.office.browser import panel
from civisdata.content.citizens.office.store import office_of
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.structure import get_spaces
from helpers.desk import desk_browsers
from helpers.desk import status
from helpers.desk import status_of
from helpers.desk import text_of
from helpers.desk import token_of
from helpers.desk import waiting
from plone import api
from urllib.parse import urlencode
import pypdfium2
import pytest
import re
import transaction


MANAGERS = ("administrator", "manager")
#: Who may decide nothing; who sees which page stands in test_our_urls.py.
OTHERS = ("agent", "other agent", "webmaster", "anonymous", "partner")


@pytest.fixture
def portal(functional, smtp_server, monkeypatch, tmp_path):
    portal = functional["portal"]
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "queue.sqlite"))
    smtp_server.configure(portal)
    transaction.commit()
    return portal


@pytest.fixture
def browsers(functional, portal):
    return desk_browsers(functional)


@pytest.fixture
def ids(portal):
    """Two twins of Bordeaux and somebody of Bègles, all waiting."""
    return waiting(
        portal,
        {"last_name": "Duprat"},
        {"last_name": "Duprat", "address": "9 rue Neuve"},
        {"last_name": "Lafitte", "commune": "begles", "first_name": "Léa"},
    )


@pytest.fixture
def base(portal):
    return f"{portal.absolute_url()}/espaces"


def post(browser, url, token="", **data):
    """Send a form; False values are left out, lists are sent one by one."""
    rows = [("_authenticator", token)] if token else []
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            rows.append((name, one))
    browser.post(url, urlencode(rows))
    return status_of(browser)


def flat(text):
    """Return a page's text as it is read, on one line."""
    text = re.sub(r"<[^>]+>", "", text)
    return re.sub(r"[ \n]+", " ", text)


def state(portal, space_id):
    transaction.begin()
    return registrations.state_of(get_spaces(portal).get_space(space_id))


def space_of(portal, space_id):
    transaction.begin()
    return get_spaces(portal).get_space(space_id)


#: What is sent where, and whether it changes something for whom may do it.
FORMS = (
    ("@@registrations", {"action": "accept", "ids": "{id}"}),
    ("@@registrations", {"action": "receipts"}),
    ("@@registrations", {"action": "accept", "scope": "every", "counted": "3"}),
    ("@@registration/{id}", {"action": "accept"}),
    ("@@registration/{id}", {"action": "join", "other": "{twin}"}),
    ("@@registration/{id}", {"action": "suspend", "reason": "non"}),
    ("@@registration/{id}", {"action": "reassign", "commune": "begles"}),
    ("@@guichet/{id}", {"action": "confirm", "paper": "passport", "compared": "yes"}),
    ("@@lot-inscriptions/{batch}", {}),
    ("@@courriers-inscriptions", {"action": "print"}),
    ("@@courriers-inscriptions", {"action": "put_back", "run": "x"}),
    ("@@export-inscriptions", {"purpose": "Courrier de la mairie"}),
)


def filled(values, text):
    return text.format(**values)


def test_nobody_else_changes_anything(browsers, portal, base, ids, smtp_server):
    """With a right token, too, a form works for nobody whom its page is not for."""
    spaces = get_spaces(portal)
    batch = batches.begin(spaces, "accept", [ids[2]], "jean")
    with api.env.adopt_roles(["CUB Administrator"]):
        registrations.accept(spaces.get_space(ids[2]), "jean", by_post=True)
    transaction.commit()
    smtp_server.messages.clear()
    values = {"id": ids[0], "twin": ids[1], "batch": batch}
    administrator = browsers["administrator"]
    administrator.open(f"{base}/@@guichet/{ids[0]}")
    token = token_of(administrator)
    wrong = []
    for role in (*MANAGERS, *OTHERS):
        found = status(browsers[role], f"{base}/@@lot-inscriptions/{batch}")
        assert (found == 200) is (role in MANAGERS), role
    for url, data in FORMS:
        address = f"{base}/{filled(values, url)}"
        data = {name: filled(values, value) for name, value in data.items()}
        for role in OTHERS:
            if role == "agent" and "guichet" in url:
                continue
            found = post(browsers[role], address, token, **data)
            if found not in (401, 403, 404):
                wrong.append((url, data, role, found))
        # Without a token, or with a made-up one, nobody changes anything.
        found = post(administrator, address, "forged", **data)
        if found != 403:
            wrong.append((url, data, "no token", found))
        administrator.open(f"{address}?{urlencode(data)}")
    # A Manager of Zope confirms nobody, prints nothing and takes no list along.
    for url, data in FORMS[7:8] + FORMS[9:]:
        address = f"{base}/{filled(values, url)}"
        data = {name: filled(values, value) for name, value in data.items()}
        assert post(browsers["manager"], address, token, **data) == 404
    assert wrong == []
    assert [state(portal, id) for id in ids] == ["pending", "pending", "accepted"]
    space = space_of(portal, ids[0])
    assert (space.commune, space._identity, space._same_person) == (
        "bordeaux",
        None,
        (),
    )
    assert not office_of(get_spaces(portal)).runs
    assert not office_of(get_spaces(portal)).exports
    assert smtp_server.messages == []


def test_ticked_lines_are_decided_and_named(browsers, portal, base, ids, smtp_server):
    browser = browsers["administrator"]
    browser.open(f"{base}/@@registrations")
    assert browser.contents.count("double possible") == 2
    browser.getControl(name="ids").value = ids[:2]
    browser.getControl("Accepter, premier mot de passe par courriel").click()
    assert status_of(browser) == 303
    browser.open(browser.headers["Location"])
    assert "Lignes traitées\u00a0: 2 sur 2, dont 2" in flat(text_of(browser))
    assert [state(portal, id) for id in ids] == ["accepted", "accepted", "pending"]
    # A second click on the same page, or another administrator's.
    browser.open(f"{base}/@@registrations?state=all")
    token = token_of(browser)
    data = {"action": "refuse", "ids": [*ids[:2], "a" * 16], "reason": "trop tard"}
    assert post(browser, f"{base}/@@registrations", token, **data) == 303
    browser.open(browser.headers["Location"])
    assert text_of(browser).count("quelqu’un en avait déjà décidé") == 2
    assert "cette inscription n’existe plus" in text_of(browser)
    assert [state(portal, id) for id in ids[:2]] == ["accepted", "accepted"]
    assert len(smtp_server.texts_to("p0@exemple.fr")) == 1


def test_what_cannot_be_begun_is_said(browsers, portal, base, ids):
    browser = browsers["administrator"]
    browser.open(f"{base}/@@registrations")
    token, url = token_of(browser), f"{base}/@@registrations"
    for data, code, words in (
        ({"action": "accept"}, 422, "Cochez au moins une ligne"),
        ({"action": "close", "ids": ids}, 422, "Choisissez ce qui est à faire"),
        # Enter in a box, without the script.
        ({"action": "nothing", "ids": ids}, 422, "Choisissez ce qui est à faire"),
        ({"action": "refuse", "ids": ids}, 422, "Écrivez la raison"),
        (
            {"action": "refuse", "ids": ids, "reason_id": "x"},
            409,
            "n’est plus dans la liste",
        ),
        (
            {"action": "accept", "scope": "every", "counted": "2"},
            422,
            "a changé entre-temps",
        ),
    ):
        assert post(browser, url, token, **data) == code
        assert words in text_of(browser)
    assert {state(portal, id) for id in ids} == {"pending"}
    # What was ticked stays ticked.
    post(browser, url, token, action="refuse", ids=ids[:2])
    assert set(browser.getControl(name="ids").value) == set(ids[:2])


def test_all_that_match_go_to_the_worker(browsers, portal, base, ids, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    browser = browsers["administrator"]
    browser.open(f"{base}/@@registrations?commune=bordeaux")
    browser.getControl(name="scope").value = ["every"]
    browser.getControl("Accepter, premier mot de passe par lettre").click()
    url = browser.headers["Location"]
    assert status(browser, url) == 200
    assert "en arrière-plan" in text_of(browser)
    transaction.begin()
    (batch,) = office_of(get_spaces(portal)).batches.values()
    assert set(batch.ids) == set(ids[:2])
    browser.getControl("Réessayer maintenant").click()
    assert status_of(browser) == 303
    spaces = get_spaces(portal)
    with api.env.adopt_roles(["CUB Administrator"]):
        batches.go_on(spaces, url.rpartition("/")[2])
    assert registrations.catalog_of(spaces).has_mark(ids[0], LETTER)
    assert status(browser, f"{base}/@@lots-inscriptions") == 200
    assert "Acceptation, premier mot de passe par lettre" in text_of(browser)


def test_a_batch_waits_while_the_mail_server_is_down(
    browsers, portal, base, ids, smtp_server
):
    smtp_server.stop()
    browser = browsers["administrator"]
    browser.open(f"{base}/@@registrations")
    assert "sans accusé de réception" in text_of(browser)
    token = token_of(browser)
    url = f"{base}/@@registrations"
    assert post(browser, url, token, action="receipts") == 409
    assert post(browser, url, token, action="accept", ids=ids[:2]) == 303
    browser.open(browser.headers["Location"])
    assert "Rien n’est perdu" in text_of(browser)
    smtp_server.start()
    assert post(browser, url, token, action="receipts") == 303
    assert len(smtp_server.messages) == 3
    browser.open(url)
    assert "sans accusé de réception" not in text_of(browser)


def test_a_reason_of_the_list_is_sent_and_markup_stays_text(
    browsers, portal, base, ids, smtp_server
):
    browser = browsers["administrator"]
    browser.open(f"{base}/@@registration/{ids[0]}")
    chosen = next(iter(reasons.reasons()))
    browser.getControl(name="reason_id").value = [chosen]
    browser.getControl(name="reason").value = "<script>alert(1)</script>${password}"
    browser.getControl("Refuser cette inscription").click()
    (text,) = smtp_server.texts_to("p0@exemple.fr")
    assert reasons.reasons()[chosen] in text
    assert "<script>alert(1)</script>" in text
    browser.open(f"{base}/@@registration/{ids[0]}")
    assert "<script>alert" not in text_of(browser)
    assert "&lt;script&gt;alert(1)" in text_of(browser)


def test_letters_are_a_pdf_that_is_given_once(
    browsers, portal, base, ids, smtp_server, monkeypatch
):
    browser = browsers["administrator"]
    spaces = get_spaces(portal)
    for space_id in ids[:2]:
        with api.env.adopt_roles(["CUB Administrator"]):
            registrations.accept(spaces.get_space(space_id), "jean", by_post=True)
    spaces.get_space(ids[0])._registration["first_name"] = "<b>Zoé</b>"
    transaction.commit()
    url = f"{base}/@@courriers-inscriptions"
    browser.open(url)
    token = token_of(browser)
    browser.getControl("Établir les lettres suivantes").click()
    assert browser.headers["Content-Type"].startswith("application/pdf")
    assert "no-store" in browser.headers["Cache-Control"]
    document = pypdfium2.PdfDocument(browser.contents)
    assert len(document) == 2
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert any("<b>Zoé</b> Duprat" in text for text in texts)
    for text in texts:
        login = space_of(portal, ids[0]).login, space_of(portal, ids[1]).login
        assert any(one in text for one in login)
    # The secret lies in the middle third, the address in the upper one.
    page = document[0]
    found = page.get_textpage().search("c-")
    index, _count = found.get_next()
    _left, bottom, _right, _top = page.get_textpage().get_charbox(index)
    assert page.get_height() / 3 < bottom < page.get_height() * 2 / 3
    assert post(browser, url, token, action="print") == 409
    (run_id,) = office_of(get_spaces(portal)).runs
    assert post(browser, url, token, action="put_back", run=run_id) == 303
    browser.open(url)
    assert "Lettres en attente" in text_of(browser)
    smtp_server.wait(4)


def test_a_letter_fetches_nothing():
    made = letter_pdf.pdf_of(
        "<img src='file:///etc/hostname'><img src='http://127.0.0.1:9/x'>"
    )
    assert made.startswith(b"%PDF")
    assert b"/Image" not in made


def test_no_letter_for_a_space_that_is_in_use(browsers, portal, base, ids):
    """Who prints a letter could read it: an active space must not depend on that."""
    spaces = get_spaces(portal)
    space = spaces.get_space(ids[0])
    with api.env.adopt_roles(["CUB Administrator"]):
        registrations.accept(space, "jean")
    need_account(space).activated = 1.0
    transaction.commit()
    browser = browsers["administrator"]
    url = f"{base}/@@registration/{ids[0]}"
    browser.open(url)
    assert "Imprimer une lettre" not in text_of(browser)
    assert post(browser, url, token_of(browser), action="await_letter") == 409
    assert "État du compte" in text_of(browser)
    agent = browsers["agent"]
    agent.open(url)
    assert "État du compte" not in text_of(agent)


def test_a_list_is_exported_for_a_purpose(browsers, portal, base, ids):
    browser = browsers["administrator"]
    browser.open(f"{base}/@@export-inscriptions?commune=bordeaux&text=duprat")
    browser.getControl(name="purpose").value = "court"
    browser.getControl("Télécharger").click()
    assert status_of(browser) == 422
    browser.getControl(name="purpose").value = "Courrier de la mairie"
    browser.getControl("Télécharger").click()
    assert browser.headers["Content-Type"].startswith("text/csv")
    text = text_of(browser)
    assert text.count("Duprat") == 2 and "Lafitte" not in text
    browser.open(f"{base}/@@lots-inscriptions")
    assert "Courrier de la mairie" in text_of(browser)
    assert "duprat" not in text_of(browser).casefold()


def test_an_agent_confirms_those_of_the_own_commune(
    browsers, portal, base, ids, smtp_server
):
    agent = browsers["agent"]
    url = f"{base}/@@guichet/{ids[0]}"
    agent.open(url)
    token = token_of(agent)
    agent.getControl(name="paper").value = ["passport"]
    agent.getControl("Confirmer l’identité").click()
    assert status_of(agent) == 422
    agent.getControl(name="compared").value = ["yes"]
    agent.getControl("Confirmer l’identité").click()
    assert status_of(agent) == 303
    agent.open(f"{base}/@@registration/{ids[0]}")
    assert (
        "Passeport" in text_of(agent)
        and "<form"
        not in text_of(agent)
        .split('id="portal-column-content"')[-1]
        .split("<footer")[0]
    )
    found = identity.level_of(space_of(portal, ids[0]))
    assert (found.actor, found.publisher) == ("agent", "bordeaux")
    assert "Votre identité a été vérifiée" in smtp_server.wait(1)[0]["Subject"]
    # Ids of others, unknown kinds and what a form does not have.
    assert status(agent, f"{base}/@@guichet/{ids[2]}") == 404
    assert post(agent, f"{base}/@@guichet/{ids[2]}", token, action="confirm") == 404
    for data in (
        {"action": "confirm", "paper": "x", "compared": "yes"},
        {"action": "confirm", "compared": "yes"},
        {"action": "withdraw", "reason": " "},
    ):
        assert post(agent, url, token, **data) == 422
    assert post(agent, url, token, action="accept") == 409
    data = {"publisher": "cub", "actor": "x", "at": "1", "commune": "begles"}
    assert post(agent, url, token, action="withdraw", reason="Erreur", **data) == 303
    space = space_of(portal, ids[0])
    assert (space._identity, space.commune) == (None, "bordeaux")
    assert registrations.history_of(space)[-1].actor == "agent"


def test_twins_are_shown_to_who_manages_all_and_joined(
    browsers, portal, base, ids, smtp_server
):
    url = f"{base}/@@registration/{ids[0]}"
    agent = browsers["agent"]
    agent.open(url)
    assert ids[1] not in text_of(agent)
    browser = browsers["administrator"]
    browser.open(url)
    assert "même nom et même date de naissance" in text_of(browser)
    token = token_of(browser)
    for other in (ids[2], ids[0], "a" * 16, ""):
        assert post(browser, url, token, action="join", other=other) == 409
    assert post(browser, url, token, action="join", other=ids[1]) == 303
    assert state(portal, ids[1]) == "refused"
    assert len(smtp_server.texts_to("p1@exemple.fr")) == 1
    browser.open(url)
    assert post(browser, url, token, action="join_into", other=ids[1]) == 409
    assert post(browser, url, token, action="part", other=ids[1]) == 303
    assert space_of(portal, ids[0])._same_person == ()


def test_filters_of_the_desk(browsers, portal, base, ids):
    browser = browsers["administrator"]
    for query, words in (
        ("doubtful=yes", "2 inscriptions."),
        ("waiting=3", "Aucune inscription ne correspond."),
        ("mark=no-receipt&state=all", "3 inscriptions."),
        ("mark=letter&state=all", "Aucune inscription ne correspond."),
        ("mark=x&waiting=x&doubtful=x&state=x", "3 inscriptions."),
    ):
        browser.open(f"{base}/@@registrations?{query}")
        assert words in text_of(browser), query
    # An agent learns nothing of likeness: it tells of other communes' people.
    agent = browsers["agent"]
    agent.open(f"{base}/@@registrations?doubtful=yes&mark=no-receipt")
    assert "2 inscriptions." in text_of(agent)
    assert "double possible" not in text_of(agent)
    assert "<form" not in text_of(agent).split("civ-filter")[-1].split("<footer")[0]


def test_settings_of_registrations(browsers, portal):
    url = f"{portal.absolute_url()}/@@inscriptions-controlpanel"
    browser = browsers["webmaster"]
    browser.open(url)
    token = token_of(browser)
    version = browser.getControl(name="version").value
    browser.getControl(name="automatic_acceptance").value = ["yes"]
    browser.getControl(name="automatic_communes").value = ["begles"]
    browser.getControl(name="refusal_reasons").value = " Un \n\n<b>Deux</b>\nUn"
    browser.getControl("Enregistrer").click()
    assert status_of(browser) == 303
    transaction.begin()
    assert setting("automatic_acceptance") is True
    assert setting("automatic_without_doubt") is True
    assert setting("automatic_communes") == ("begles",)
    assert list(reasons.reasons().values()) == ["Un", "<b>Deux</b>"]
    # An old form, bad numbers, unknown communes, no token.
    values = {name: str(setting(name)) for name in panel.NUMBERS}
    values["refusal_reasons"] = "x"
    assert post(browser, url, token, version=version, **values) == 422
    browser.open(url)
    version = browser.getControl(name="version").value
    for wrong in ({"letter_days": "1"}, {"refusal_reasons": "x" * 1001}):
        sent = {**values, **wrong, "version": version}
        assert post(browser, url, token, **sent) == 422
    assert post(browser, url, "", version=version, **values) == 403
    sent = {**values, "version": version, "automatic_communes": ["x", "begles"]}
    assert post(browser, url, token, **sent) == 303
    transaction.begin()
    assert setting("automatic_communes") == ("begles",)
    assert setting("automatic_acceptance") is False
