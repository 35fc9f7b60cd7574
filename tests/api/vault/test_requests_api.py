"""Requests for documents over HTTP: agent, citizen, and everybody else."""

from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.publishers import CUB
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.territory.localroles import ADMINISTRATORS
from civisdata.content.territory.localroles import agents_group
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.requests.browser import agent as agent_page
from helpers.pdf import make_pdf
from helpers.people import staff
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
import pytest
import random
import re
import requests
import transaction


PDF = make_pdf("Justificatif 2026")


def member(login: str, group: str) -> requests.Session:
    http = requests.Session()
    http.headers["Accept-Language"] = "fr"
    http.auth = (login, staff(login, roles=("Staff",), group=group))
    transaction.commit()
    return http


@pytest.fixture
def agent(functional):
    return member("agent", agents_group("33063"))


@pytest.fixture
def page(server):
    return f"{server}/communes/bordeaux/@@demandes-de-documents"


def send(http, url: str, token=True, **data) -> requests.Response:
    if token:
        found = http.get(url).text
        data["_authenticator"] = re.search(
            r'name="_authenticator"[^>]*value="([^"]+)"', found
        )[1]
    return http.post(url, data=data, allow_redirects=False)


def ask(http, page: str, to: str, **more) -> requests.Response:
    data = {
        "to": to,
        "paper": "Justificatif de domicile",
        "purpose": "Inscription à l’école",
        "days": "30",
        **more,
    }
    return send(http, page, action="ask", **data)


def ids(http, url: str) -> list[str]:
    found = re.findall(r'name="id"[^>]*value="([0-9a-f]{32})"', http.get(url).text)
    return list(dict.fromkeys(found))


def test_ask_give_read_stop(agent, page, citizen, make_citizen):
    other = make_citizen()
    document = citizen.store("Facture_de_gaz.pdf", PDF).rpartition("/")[2]
    assert ask(agent, page, citizen.login).status_code == 303
    url = f"{citizen.url}/@@demandes"
    text = citizen.page(url)
    for word in ("Justificatif de domicile", "Inscription à l’école", "Bordeaux"):
        assert word in text
    (request,) = ids(citizen.http, url)
    assert ids(other.http, f"{other.url}/@@demandes") == []
    assert agent.get(f"{page}/{request}").status_code == 404
    # Somebody else's document can't be given, nor can one be given for another.
    foreign = other.store("a.bin", b"x").rpartition("/")[2]
    answer = send(citizen.http, url, action="give", id=request, document=foreign)
    assert answer.status_code == 400
    send(other.http, f"{other.url}/@@demandes", action="decline", id=request)
    send(citizen.http, url, action="give", id=request, document=document)
    answer = agent.get(f"{page}/{request}")
    assert answer.content == PDF
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "agent" in citizen.page(url)
    assert "Facture de gaz" in citizen.page(f"{citizen.url}/@@qui-voit-quoi")
    assert "Facture de gaz" in agent.get(page).text
    send(
        citizen.http,
        f"{citizen.url}/@@qui-voit-quoi",
        source="requests",
        id=request,
    )
    assert agent.get(f"{page}/{request}").status_code == 404
    assert "Facture de gaz" not in agent.get(page).text
    assert "Demande terminée" in citizen.page(url)
    journal = citizen.page(f"{citizen.url}/@@journal")
    for words in (
        "a demandé un document",
        "remis une copie",
        "a lu la copie",
        "mis fin",
    ):
        assert words in journal
    send(citizen.http, url, action="forget", id=request)
    assert ids(citizen.http, url) == []


def test_declined_with_a_reason(agent, page, citizen):
    ask(agent, page, citizen.login)
    url = f"{citizen.url}/@@demandes"
    (request,) = ids(citizen.http, url)
    send(citizen.http, url, action="decline", id=request, reason="Déjà remis")
    assert "Déjà remis" in agent.get(page).text


def test_the_agent_ends_a_request(agent, page, citizen):
    document = citizen.store("a.pdf", PDF).rpartition("/")[2]
    ask(agent, page, citizen.login)
    url = f"{citizen.url}/@@demandes"
    (request,) = ids(citizen.http, url)
    send(citizen.http, url, action="give", id=request, document=document)
    send(agent, page, action="stop", id=request)
    assert agent.get(f"{page}/{request}").status_code == 404
    assert citizen.http.get(f"{citizen.documents}/{document}/telecharger").ok


def test_of_what_is_over_the_newest_is_listed(agent, page, citizen, monkeypatch):
    monkeypatch.setattr(agent_page, "SHOWN_ENDED", 1)
    for paper in ("Premier", "Second", "Dernier"):
        ask(agent, page, citizen.login, paper=paper)
    waiting = agent.get(page).text
    assert all(paper in waiting for paper in ("Premier", "Second", "Dernier"))
    for request in ids(agent, page):
        send(agent, page, action="stop", id=request)
    text = agent.get(page).text
    assert sum(paper in text for paper in ("Premier", "Second", "Dernier")) == 1


def test_others_get_nothing(agent, page, citizen, server):
    document = citizen.store("a.pdf", PDF).rpartition("/")[2]
    ask(agent, page, citizen.login)
    url = f"{citizen.url}/@@demandes"
    (request,) = ids(citizen.http, url)
    send(citizen.http, url, action="give", id=request, document=document)
    elsewhere = member("elsewhere", agents_group("33039"))
    administrator = member("administrator", ADMINISTRATORS)
    manager = requests.Session()
    manager.auth = (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    for http in (elsewhere, administrator, manager, citizen.http, requests.Session()):
        for address in (page, f"{page}/{request}"):
            answer = http.get(address, allow_redirects=False)
            assert answer.status_code in (302, 401, 403, 404)
            assert b"Justificatif" not in answer.content
    cub = f"{server}/cub/@@demandes-de-documents"
    assert administrator.get(cub).status_code == 200
    assert administrator.get(f"{cub}/{request}").status_code == 404
    assert agent.get(cub, allow_redirects=False).status_code != 200


def test_without_a_token_nothing_happens(agent, page, citizen):
    document = citizen.store("a.pdf", PDF).rpartition("/")[2]
    data = {"to": citizen.login, "paper": "P", "purpose": "p", "days": "30"}
    assert send(agent, page, token=False, **data).status_code == 403
    url = f"{citizen.url}/@@demandes"
    assert ids(citizen.http, url) == []
    ask(agent, page, citizen.login)
    (request,) = ids(citizen.http, url)
    for action in ("give", "decline", "stop"):
        answer = send(
            citizen.http, url, token=False, action=action, id=request, document=document
        )
        assert answer.status_code == 403
    assert send(agent, page, token=False, action="stop", id=request).status_code == 403
    assert "En attente" in agent.get(page).text


def test_a_person_who_is_not_there_is_answered_alike(agent, page, citizen):
    for to in (citizen.login, "c-22222222"):
        answer = ask(agent, page, to)
        assert answer.status_code == 303
    rows = re.findall(r"<li class=\"civ-card.*?</li>", agent.get(page).text, re.S)
    bare = {
        re.sub(r'value="[0-9a-f]+"', "", row)
        .replace(citizen.login, "")
        .replace("c-22222222", "")
        for row in rows
    }
    assert (len(rows), len(bare)) == (2, 1)
    answer = ask(agent, page, "")
    assert answer.status_code == 400


def test_the_mail_does_not_name_the_document(
    agent, page, citizen, functional, smtp_server
):
    from civisdata.content.citizens.structure import get_spaces

    portal = functional["portal"]
    smtp_server.configure(portal)
    get_spaces(portal).get_space(citizen.id).email = "zoe@exemple.fr"
    transaction.commit()
    ask(agent, page, citizen.login)
    (message,) = smtp_server.wait(1)
    text = message.get_content()
    assert "Bordeaux" in text and "Justificatif" not in text and "école" not in text


def test_a_copy_of_many_parts_is_read_whole(agent, page, citizen):
    data = random.Random(5).randbytes(3 * PIECE + 1000)
    document = citizen.store("Plan.bin", data).rpartition("/")[2]
    ask(agent, page, citizen.login)
    url = f"{citizen.url}/@@demandes"
    (request,) = ids(citizen.http, url)
    send(citizen.http, url, action="give", id=request, document=document)
    assert agent.get(f"{page}/{request}").content == data


def test_a_copy_that_ends_while_it_is_read(agent, page, citizen, functional):
    """The download is cut at the next part at the latest; never a wrong byte."""
    data = random.Random(6).randbytes(4 * PIECE)
    document = citizen.store("Plan.bin", data).rpartition("/")[2]
    ask(agent, page, citizen.login)
    url = f"{citizen.url}/@@demandes"
    (request,) = ids(citizen.http, url)
    send(citizen.http, url, action="give", id=request, document=document)
    with agent.get(f"{page}/{request}", stream=True) as answer:
        begun = answer.raw.read(1000)
        space = get_spaces(functional["portal"]).get_space(citizen.id)
        need_account(space).disabled = True
        transaction.commit()
        rest = b""
        try:
            while part := answer.raw.read(1024 * 1024):
                rest += part
        except Exception:
            rest = rest or b""
    assert data.startswith(begun + rest)
    assert len(begun + rest) < len(data)


def manager() -> requests.Session:
    http = requests.Session()
    http.auth = (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    http.headers["Accept"] = "application/json"
    return http


def test_a_manager_makes_nobody_a_reader_of_copies(agent, page, citizen, server):
    document = citizen.store("a.pdf", PDF).rpartition("/")[2]
    ask(agent, page, citizen.login)
    url = f"{citizen.url}/@@demandes"
    (request,) = ids(citizen.http, url)
    send(citizen.http, url, action="give", id=request, document=document)
    elsewhere = member("elsewhere", agents_group("33039"))
    users, roles = f"{server}/@users", {"Document Requester": True, "Manager": True}
    password = "Correct-horse-9-battery"
    someone = {"username": "someone", "email": "someone@exemple.fr"}
    assert manager().post(users, json={**someone, "password": password}).ok
    assert manager().patch(f"{users}/someone", json={"roles": roles}).ok
    code = {"insee_code": "33039"}
    assert manager().patch(f"{server}/communes/bordeaux", json=code).ok
    helper = requests.Session()
    helper.auth = ("someone", password)
    for http in (helper, elsewhere):
        for address in (page, f"{page}/{request}"):
            assert http.get(address, allow_redirects=False).status_code in (302, 401)
    assert "agent" not in citizen.page(url).partition("Lectures")[2]


def test_a_commune_called_as_the_cub_is_not_the_cub(server, functional):
    agent = member("agent", agents_group("33063"))
    commune = {"@type": "Commune", "id": "cub", "title": "x", "insee_code": "33063"}
    assert manager().post(f"{server}/communes", json=commune).ok
    for name in ("demandes-de-documents", "deposer", "deposer-lot", "depots-remis"):
        answer = agent.get(f"{server}/communes/cub/@@{name}", allow_redirects=False)
        assert answer.status_code in (302, 401, 404)
    transaction.begin()
    assert publishers(functional["portal"])["cub"].kind == CUB
