"""Partners: their keys, « may I send », idempotent deposits, and what the docs say."""

from civisdata.content.citizens import consents
from civisdata.content.citizens import guard
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.addresses import standard_address
from civisdata.content.citizens.publishers import publishers
from civisdata.content.partners import rate
from civisdata.content.partners import registry
from civisdata.content.vault.deposits.arrivals import get_arrivals
from helpers.deposits import allow
from helpers.deposits import make_recipient
from helpers.people import staff
from html import unescape
from pathlib import Path
from urllib.parse import quote
import hashlib
import json
import pytest
import re
import requests
import transaction


DOCS = Path(__file__).resolve().parents[3] / "docs/reference/deposits-api.md"
TELESERVICE = "service.cantine"


@pytest.fixture(autouse=True)
def fresh_counters(monkeypatch, tmp_path):
    monkeypatch.setattr(guard, "_limiters", {})
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path / "sessions"))


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def partner(portal):
    return registry.add_partner(portal, "cantine", "Cantine scolaire")


@pytest.fixture
def token(portal, partner):
    token = registry.add_key(portal, partner, "essai")
    transaction.commit()
    return token


@pytest.fixture
def willing(portal, partner):
    recipient = make_recipient(portal, TELESERVICE)
    transaction.commit()
    return recipient


class Client:
    """A télé-service."""

    def __init__(self, server: str, token: str = ""):
        self.server = server
        self.http = requests.Session()
        self.http.headers["Accept"] = "application/json"
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    def may_i_send(self, to: str) -> requests.Response:
        return self.http.get(f"{self.server}/@may-i-send", params={"to": to})

    def put(self, id: str, to: str, data=b"facture", **said: str) -> requests.Response:
        headers = {
            "Civis-To": quote(to),
            "Civis-File-Name": quote(said.pop("name", "facture.txt")),
            "Content-Type": "application/octet-stream",
            **{f"Civis-{name.title()}": quote(text) for name, text in said.items()},
        }
        return self.http.put(
            f"{self.server}/@deposits/{id}", data=data, headers=headers
        )


@pytest.fixture
def client(server, token):
    return Client(server, token)


def waiting(recipient) -> int:
    transaction.begin()
    return len(get_arrivals(recipient.space).waiting)


# may I send


def test_may_i_send_is_true_for_who_agreed_and_false_for_all_others(
    client, willing, portal, partner
):
    unwilling = make_recipient(portal, "bordeaux")
    suspended = make_recipient(portal, TELESERVICE)
    need_account(suspended.space).disabled = True
    transaction.commit()
    for name in (willing.login, standard_address(portal, willing.space)):
        answer = client.may_i_send(name)
        assert (answer.status_code, answer.json()) == (200, {"may_send": True})
    refusals = [
        client.may_i_send(name)
        for name in ("personne", unwilling.login, suspended.login, "x@y.example")
    ]
    assert {(a.status_code, a.text) for a in refusals} == {(200, '{"may_send": false}')}
    headers = {frozenset(set(answer.headers) - {"Date"}) for answer in refusals}
    assert len(headers) == 1
    assert client.may_i_send(" ").status_code == 400


def test_withdrawing_counts_at_once(client, willing):
    assert client.may_i_send(willing.login).json()["may_send"]
    consents.withdraw(willing.space, TELESERVICE)
    transaction.commit()
    assert not client.may_i_send(willing.login).json()["may_send"]
    answer = client.put("1", willing.login)
    assert answer.status_code == 403
    assert answer.json()["error"] == "not-accepted"
    assert answer.json()["send_by"] == "post"


# deposits


def test_a_deposit_is_made_once_and_its_receipt_is_given_again(client, willing):
    data = "Facture de mars, 42 €".encode()
    first = client.put(
        "mars-42", willing.login, data, title="Facture d’été", category="bills"
    )
    assert first.status_code == 201, first.text
    assert first.headers["Content-Type"].startswith("application/json")
    assert first.headers["Cache-Control"] == "no-store"
    again = client.put("mars-42", willing.login, data)
    assert (again.status_code, again.json()) == (200, first.json())
    other = client.put("mars-42", willing.login, data + b".")
    assert other.status_code == 409 and other.json()["error"] == "id-used"
    assert other.headers["Content-Type"] == "application/problem+json"
    nobody = client.put("mars-42", "personne", data)
    assert nobody.status_code == 409
    assert waiting(willing) == 1
    receipt = first.json()
    assert receipt["opening"]["document"] == hashlib.sha256(data).hexdigest()
    assert receipt["signed"]["publisher"] == TELESERVICE


def test_the_citizen_reads_what_a_teleservice_deposited(
    client, portal, partner, make_citizen
):
    recipient = make_recipient(portal, TELESERVICE)
    who = make_citizen(space=recipient.space)
    need_account(recipient.space).public = who.bundle.public
    transaction.commit()
    data = bytes(range(256)) * 40_000
    assert client.put("1", recipient.login, data, name="x.bin").status_code == 201
    page = who.page(who.documents)
    assert "Déposé par Cantine scolaire" in page
    url = re.search(r'href="([^"]+)/telecharger"', who.http.get(who.documents).text)[1]
    assert who.http.get(f"{url}/telecharger").content == data


def test_refusals_are_one_for_all_reasons(client, willing, portal):
    unwilling = make_recipient(portal)
    transaction.commit()
    answers = [client.put("1", name) for name in ("personne", unwilling.login)]
    assert {(a.status_code, a.text) for a in answers} == {
        (403, answers[0].text),
    }


@pytest.mark.parametrize(
    "id, change, status",
    [
        ("a b", {}, 400),
        ("é", {}, 400),
        ("x" * 129, {}, 400),
        ("1", {"name": ""}, 400),
        ("1", {"data": b""}, 422),
        ("1", {"name": "faux.pdf", "data": b"MZ"}, 422),
        ("1", {"category": "poesie"}, 422),
    ],
)
def test_what_is_wrong_is_said(client, willing, id, change, status):
    answer = client.put(quote(id), willing.login, **change)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert waiting(willing) == 0


def test_a_document_that_is_too_large_is_not_read(client, willing, portal):
    portal.portal_registry["civisdata.vault.max_document"] = 1
    transaction.commit()
    answer = client.put("1", willing.login, bytes(10**6 + 1))
    assert answer.status_code == 413 and answer.json()["largest"] == 10**6


# keys


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer civis_x",
        "Basic Y2l2aXNfOng=",
        "bearer civis_é",
    ],
)
def test_without_a_key_there_is_no_answer(server, willing, given):
    client = Client(server)
    if given:
        client.http.headers["Authorization"] = given.encode()
    for answer in (client.may_i_send(willing.login), client.put("1", willing.login)):
        assert answer.status_code == 401, answer.text
        assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert waiting(willing) == 0


def test_a_key_opens_nothing_else(server, client, willing, portal):
    space = willing.space.getId()
    for path in (
        f"/espaces/{space}",
        "/espaces/@@registrations",
        "/@@partenaires",
        "/cub/@@deposer",
        "/@users",
        "/@registry",
    ):
        answer = client.http.get(server + path, allow_redirects=False)
        assert answer.status_code in (302, 401, 404), path


def test_a_stopped_key_or_partner_is_none(client, willing, partner):
    (key,) = partner.keys.values()
    for change in (
        lambda on: setattr(key, "active", on),
        lambda on: setattr(partner, "active", on),
        lambda on: setattr(key, "scopes", ("deposit",) if on else ()),
    ):
        change(False)
        transaction.commit()
        assert client.may_i_send(willing.login).status_code == 401
        change(True)
        transaction.commit()
        assert client.may_i_send(willing.login).status_code == 200


def test_the_key_itself_is_stored_nowhere(portal, partner, token):
    import pickle

    partners = registry.get_partners(portal)
    stored = pickle.dumps(
        [
            list(partners.by_hash.items()),
            vars(partner),
            [vars(key) for key in partner.keys.values()],
        ],
    )
    assert token.encode() not in stored and token[6:].encode() not in stored


def test_uses_are_noted_without_names(client, willing, portal):
    client.may_i_send(willing.login)
    client.put("dossier-secret", willing.login)
    client.put("1", "personne")
    transaction.begin()
    partner = registry.get_partners(portal).by_id["cantine"]
    uses = list(partner.uses())
    assert [(use.action, use.result) for use in uses] == [
        ("deposit", 403),
        ("deposit", 201),
        ("may-i-send", 200),
    ]
    assert all(use.key_id in partner.keys for use in uses)
    assert partner.last_use(uses[0].key_id) == uses[0].date
    assert willing.login not in repr(uses) and "secret" not in repr(uses)


def test_a_key_may_not_call_without_end(client, willing, monkeypatch):
    monkeypatch.setattr(rate.wait, "__defaults__", (rate.Rate(3, 0.001),))
    statuses = [client.may_i_send("personne").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    answer = client.put("1", willing.login)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert waiting(willing) == 0


def test_a_partner_can_deposit_for_a_commune(server, portal):
    partner = registry.add_partner(portal, "etat-civil", "État civil", "bordeaux")
    client = Client(server, registry.add_key(portal, partner))
    recipient = make_recipient(portal)
    transaction.commit()
    assert not client.may_i_send(recipient.login).json()["may_send"]
    allow(portal, recipient.space, "bordeaux")
    transaction.commit()
    receipt = client.put("1", recipient.login).json()
    assert receipt["signed"]["publisher_name"] == "Ville de Bordeaux"
    assert "service.etat-civil" not in publishers(portal)


@pytest.mark.parametrize(
    "values, reason",
    [
        (("", "x"), "id"),
        (("Cantine", "x"), "id"),
        (("a", "x"), "id"),
        (("cantine", "x"), "taken"),
        (("autre", " "), "title"),
        (("autre", "x", "paris"), "publisher"),
    ],
)
def test_partners_are_checked(portal, partner, values, reason):
    with pytest.raises(registry.BadPartner) as error:
        registry.add_partner(portal, *values)
    assert error.value.reason == reason


# the page of the partners


@pytest.fixture
def administrator(server, portal):
    http = requests.Session()
    http.headers["Accept-Language"] = "fr"
    http.auth = ("cubadmin", staff("cubadmin", roles=("Staff", "CUB Administrator")))
    transaction.commit()
    return http


def test_partners_are_managed_on_their_page(administrator, server, portal):
    url = f"{server}/@@partenaires"
    page = administrator.get(url).text
    token = re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]

    def send(token=token, **values):
        values = {**values, "_authenticator": token} if token else values
        return administrator.post(url, data=values)

    added = {"action": "add", "id": "creche", "title": "Crèche", "publisher": ""}
    assert send(None, **added).status_code == 403
    transaction.begin()
    assert len(registry.get_partners(portal).by_id) == 0
    assert "Crèche" in unescape(send(**added).text)
    assert send(**added).status_code == 422
    assert send(None, action="key", partner="creche").status_code == 403
    shown = send(action="key", partner="creche", label="production").text
    key = re.search(r'id="shown-key">(civis_[^<]+)<', shown)[1]
    assert key not in administrator.get(url).text
    client = Client(server, key)
    assert client.may_i_send("personne").status_code == 200
    id = re.search(r'name="key"[^>]*value="([0-9a-f]{8})"', shown)[1]
    stop = {"action": "stop-key", "partner": "creche", "key": id}
    assert send(None, **stop).status_code == 403
    assert client.may_i_send("personne").status_code == 200
    send(**stop)
    assert client.may_i_send("personne").status_code == 401
    again = send(action="key", partner="creche").text
    client = Client(server, re.search(r"civis_[\w-]+", again)[0])
    send(action="stop", partner="creche")
    assert client.may_i_send("personne").status_code == 401
    send(action="resume", partner="creche")
    assert client.may_i_send("personne").status_code == 200
    assert "Question préalable" in unescape(administrator.get(url).text)


def test_a_partner_whose_commune_is_gone_is_shown_plainly(
    administrator, server, portal
):
    registry.add_partner(portal, "creche", "Crèche", "talence")
    transaction.commit()
    page = unescape(administrator.get(f"{server}/@@partenaires").text)
    assert "n’existe plus" not in page
    # Nobody can delete one; an old database may have lost one.
    portal["communes"]._delObject("talence", suppress_events=True)
    transaction.commit()
    answer = administrator.get(f"{server}/@@partenaires")
    assert answer.status_code == 200
    page = unescape(answer.text)
    assert "Crèche" in page and "talence" in page
    assert "Cette commune n’existe plus sur le portail" in page


# the documentation


def transcript(answer: requests.Response) -> str:
    """Write an exchange as the documentation does, what varies replaced."""
    request = answer.request
    path = request.url.partition("//")[2].partition("/")[2]
    lines = [f"{request.method} /{path} HTTP/1.1"]
    lines += [
        f"{name}: {value if name != 'Authorization' else 'Bearer civis_…'}"
        for name, value in sorted(request.headers.items())
        if name in ("Accept", "Authorization", "Content-Type")
        or name.startswith("Civis-")
    ]
    lines += ["", f"HTTP/1.1 {answer.status_code} {answer.reason}"]
    lines += [f"Content-Type: {answer.headers['Content-Type']}", ""]
    content = json.dumps(answer.json(), ensure_ascii=False, indent=2)
    content = re.sub(r'"[0-9a-f]{16,}"', '"…"', content)
    content = re.sub(r'"20\d\d-[^"]+Z"', '"2026-11-24T07:00:00Z"', content)
    return "\n".join(lines) + "\n" + content


def test_the_documentation_shows_what_happens(client, portal, partner):
    recipient = make_recipient(portal, TELESERVICE, login="zoe-k7m2")
    transaction.commit()
    answers = [
        client.may_i_send(recipient.login),
        client.put(
            "mars-42",
            recipient.login,
            title="Facture de mars",
            category="bills",
            name="facture été.pdf",
            data=b"%PDF-1.7\n",
        ),
        client.put("mars-43", "personne", name="facture.pdf", data=b"%PDF-1.7\n"),
    ]
    text = DOCS.read_text()
    for answer in answers:
        assert transcript(answer) in text, transcript(answer)
