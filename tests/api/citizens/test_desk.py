"""The registrations desk by HTTP: who sees what, who may decide, what is never shown."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import registrations
from civisdata.content.citizens.journal.own_actions import REGISTRATION_SEEN
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.journal.visits import DOWNLOAD_SECONDS
from civisdata.content.citizens.structure import get_spaces
from helpers.desk import desk_browsers
from helpers.desk import status
from helpers.desk import text_of
from helpers.people import person
import pytest
import time
import transaction


@pytest.fixture(autouse=True)
def own_counters(tmp_path, monkeypatch):
    """Counters of failed log-ins of its own for each test."""
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path / "sessions"))


@pytest.fixture
def portal(functional, smtp_server):
    portal = functional["portal"]
    smtp_server.configure(portal)
    transaction.commit()
    return portal


@pytest.fixture
def people(portal):
    """Ids of one inhabitant of Bordeaux and one of Bègles, both waiting."""
    spaces = get_spaces(portal)
    made = {
        commune: registrations.register(
            spaces,
            person(commune=commune, email=f"{commune}@exemple.fr", last_name=name),
            with_mail=False,
        ).getId()
        for commune, name in (("bordeaux", "Duprat"), ("begles", "Lafitte"))
    }
    transaction.commit()
    return made


@pytest.fixture
def browsers(functional, portal):
    """A browser for each role."""
    return desk_browsers(functional)


REFUSED = (401, 403, 404)

#: Role → (the list, an inhabitant of Bordeaux, one of Bègles): may it be seen?
MATRIX = {
    "administrator": (True, True, True),
    "manager": (True, True, True),
    "agent": (True, True, False),
    "other agent": (True, False, True),
    "agent of nothing": (False, False, False),
    "webmaster": (False, False, False),
    "editor": (False, False, False),
    "member": (False, False, False),
    "anonymous": (False, False, False),
}


@pytest.mark.parametrize("role", MATRIX)
def test_who_sees_which_registrations(browsers, portal, people, role):
    url = f"{portal.absolute_url()}/espaces"
    browser = browsers[role]
    urls = (
        f"{url}/@@registrations",
        f"{url}/@@registration/{people['bordeaux']}",
        f"{url}/@@registration/{people['begles']}",
    )
    answers = [status(browser, url) for url in urls]
    for answer, allowed in zip(answers, MATRIX[role], strict=True):
        assert (answer == 200) if allowed else (answer in REFUSED)


@pytest.mark.parametrize("role", ["agent", "administrator", "member", "anonymous"])
@pytest.mark.parametrize(
    "id", ["a" * 16, "x", "%00", "bordeaux", "%C3%A9", "a" * 500, "a/b", ""]
)
def test_a_foreign_id_is_answered_like_an_unknown_one(
    browsers, portal, people, role, id
):
    base = f"{portal.absolute_url()}/espaces/@@registration"
    browser = browsers[role]
    unknown = status(browser, f"{base}/{'b' * 16}"), text_of(browser)
    if role == "agent":
        assert status(browser, f"{base}/{people['begles']}") == unknown[0] == 404
        foreign = text_of(browser).replace(people["begles"], "b" * 16)
        assert foreign == unknown[1]
    assert status(browser, f"{base}/{id}") in REFUSED


def test_the_list_of_an_agent_holds_the_own_commune_only(browsers, portal, people):
    url = f"{portal.absolute_url()}/espaces/@@registrations?state=all"
    agent = browsers["agent"]
    for query in ("", "&commune=begles", "&text=lafitte", "&text=begles@exemple.fr"):
        agent.open(url + query)
        assert "Lafitte" not in agent.contents
        assert people["begles"] not in agent.contents
        assert "Bègles" not in agent.contents
    agent.open(url)
    assert "Duprat" in agent.contents
    assert "Une inscription." in agent.contents


def test_filters_and_pages_of_the_list(browsers, portal, people):
    spaces = get_spaces(portal)
    for number in range(60):
        registrations.register(
            spaces,
            person(email=f"p{number}@exemple.fr", last_name=f"Nom{number:02}"),
            with_mail=False,
        )
    transaction.commit()
    browser = browsers["administrator"]
    url = f"{portal.absolute_url()}/espaces/@@registrations"
    browser.open(f"{url}?text=nom&order=name")
    assert "60 inscriptions." in browser.contents
    assert browser.contents.index("Nom00") < browser.contents.index("Nom49")
    assert "Nom50" not in browser.contents
    browser.getLink("Page suivante").click()
    assert "Nom59" in browser.contents and "Nom49" not in browser.contents
    browser.open(f"{url}?state=refused")
    assert "Aucune inscription ne correspond." in browser.contents
    browser.open(f"{url}?state=all&text=%3Cscript%3E&page=99999&order=x&commune=x")
    assert "<script>alert" not in browser.contents
    assert browser.headers["status"].startswith("200")


def test_an_administrator_accepts(browsers, portal, people, smtp_server):
    browser = browsers["administrator"]
    url = f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}"
    browser.open(url)
    browser.getControl("Accepter cette inscription").click()
    assert browser.headers["status"].startswith("303")
    browser.open(url)
    assert "Inscription acceptée" in browser.contents
    transaction.begin()
    space = get_spaces(portal).get_space(people["bordeaux"])
    assert registrations.state_of(space) == "accepted"
    (text,) = smtp_server.texts_to("bordeaux@exemple.fr")
    password = text.split("mot de passe\u00a0:")[1].split()[0]
    assert password not in browser.contents
    assert registrations.history_of(space)[-1].actor == "administrator"


def test_without_mail_server_the_desk_says_so_and_nothing_changes(
    browsers, portal, people, smtp_server
):
    smtp_server.stop()
    browser = browsers["administrator"]
    url = f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}"
    browser.open(url)
    browser.getControl("Accepter cette inscription").click()
    assert browser.headers["status"].startswith("409")
    assert "Le serveur de courriel ne répond pas" in browser.contents
    smtp_server.start()
    browser.getControl("Accepter cette inscription").click()
    assert len(smtp_server.texts_to("bordeaux@exemple.fr")) == 1


def test_a_reason_is_asked_for_and_kept(browsers, portal, people, smtp_server):
    browser = browsers["administrator"]
    browser.open(f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}")
    browser.getControl(name="reason").value = "x" * 1500
    browser.getControl("Refuser cette inscription").click()
    assert "Écrivez la raison" in browser.contents
    assert browser.getControl(name="reason").value == "x" * 1500
    browser.getControl(name="reason").value = "Hors du territoire"
    browser.getControl("Refuser cette inscription").click()
    assert "Hors du territoire" in smtp_server.texts_to("bordeaux@exemple.fr")[0]


def test_every_change_needs_the_token(browsers, portal, people, smtp_server):
    browser = browsers["administrator"]
    url = f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}"
    for data in (
        "action=accept",
        "action=refuse&reason=non",
        "action=reassign&commune=begles",
        "action=accept&_authenticator=forged",
    ):
        browser.post(url, data)
        assert browser.headers["status"].startswith("403")
        browser.open(f"{url}?{data}")
    transaction.begin()
    space = get_spaces(portal).get_space(people["bordeaux"])
    assert registrations.state_of(space) == "pending"
    assert space.commune == "bordeaux"
    assert smtp_server.messages == []


def test_an_agent_reads_only(browsers, portal, people, smtp_server):
    agent = browsers["agent"]
    url = f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}"
    agent.open(url)
    assert "Accepter cette inscription" not in agent.contents
    assert (
        "<form"
        not in agent.contents.split('id="portal-column-content"')[-1].split("<footer")[
            0
        ]
    )
    agent.open(f"{portal.absolute_url()}/espaces/@@registrations")
    token = browsers["administrator"]
    token.open(url)
    forged = token.getControl(name="_authenticator", index=0).value
    agent.post(url, f"action=accept&_authenticator={forged}")
    assert agent.headers["status"].startswith("403")
    transaction.begin()
    space = get_spaces(portal).get_space(people["bordeaux"])
    assert registrations.state_of(space) == "pending"


@pytest.mark.parametrize("action", ["", "delete", "__class__", "register"])
def test_unknown_actions_are_refused(browsers, portal, people, action):
    browser = browsers["administrator"]
    url = f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}"
    browser.open(url)
    token = browser.getControl(name="_authenticator", index=0).value
    browser.post(url, f"action={action}&_authenticator={token}")
    assert browser.headers["status"].startswith("409")


def test_the_desk_shows_registration_data_and_nothing_of_the_vault(
    browsers, portal, people
):
    spaces = get_spaces(portal)
    space = spaces.get_space(people["bordeaux"])
    space.vault_canary = "canari du coffre"
    transaction.commit()
    browser = browsers["administrator"]
    browser.open(f"{portal.absolute_url()}/espaces/@@registration/{people['bordeaux']}")
    for word in ("Duprat", "3 rue du Loup", "31/12/1980", "bordeaux@exemple.fr"):
        assert word in browser.contents
    for word in ("canari", "quota", "octets"):
        assert word not in browser.contents


@pytest.mark.parametrize("role", MATRIX)
def test_the_way_to_the_desk_is_offered_to_its_users(browsers, portal, role):
    browser = browsers[role]
    browser.open(portal.absolute_url())
    offered = "/espaces/@@registrations" in browser.contents
    assert offered is MATRIX[role][0]


def test_who_looks_at_a_registration_is_in_its_journal(browsers, portal, people):
    base = f"{portal.absolute_url()}/espaces/@@registration"

    def looks(commune: str) -> list[str]:
        transaction.begin()
        space = get_spaces(portal).get_space(people[commune])
        return [
            entry.actor
            for entry in get_journal(space).newest_first()
            if entry.action == REGISTRATION_SEEN
        ]

    for _ in range(2):
        assert status(browsers["agent"], f"{base}/{people['bordeaux']}") == 200
    assert status(browsers["agent"], f"{base}/{people['begles']}") == 404
    assert status(browsers["anonymous"], f"{base}/{people['begles']}") in REFUSED
    # Once in a while, and by administration.
    assert looks("bordeaux") == ["administration:bordeaux"]
    assert looks("begles") == []
    assert status(browsers["administrator"], f"{base}/{people['bordeaux']}") == 200
    assert looks("bordeaux") == ["administration:cub", "administration:bordeaux"]
    # The list tells names only.
    url = f"{portal.absolute_url()}/espaces/@@registrations"
    assert status(browsers["administrator"], url) == 200
    assert looks("begles") == []
    former = clock.set_source(lambda: time.time() + DOWNLOAD_SECONDS + 60)
    try:
        assert status(browsers["agent"], f"{base}/{people['bordeaux']}") == 200
    finally:
        clock.set_source(former)
    assert len(looks("bordeaux")) == 3
