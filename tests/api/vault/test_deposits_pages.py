"""Deposits over HTTP: the agent's forms, the citizen's pages, tokens and roles."""

from civisdata.content.citizens import consents
from civisdata.content.citizens.account_record import need_account
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.surroundings import Place
from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import WEBMASTERS
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.deliveries import get_deliveries
from helpers.deposits import make_recipient
from helpers.deposits import put
from helpers.people import staff
from helpers.tasks import in_a_thread
from html import unescape
from io import BytesIO
import json
import pytest
import re
import requests
import subprocess
import sys
import transaction
import zipfile


@pytest.fixture
def portal(functional):
    return functional["portal"]


@pytest.fixture
def make_person(portal, make_citizen):
    """Make somebody with a session, who allows these publishers."""

    def make(*allowed: str, unlocked: bool = True):
        recipient = make_recipient(portal, *allowed)
        who = make_citizen(space=recipient.space, unlocked=unlocked)
        need_account(recipient.space).public = who.bundle.public
        transaction.commit()
        who.login, who.space = recipient.login, recipient.space
        return who

    return make


@pytest.fixture
def zoe(make_person):
    return make_person("bordeaux")


class Agent:
    """Somebody of the staff at the browser."""

    def __init__(self, server: str, login: str, password: str):
        self.server = server
        self.http = requests.Session()
        self.http.auth = (login, password)
        self.http.headers["Accept-Language"] = "fr"

    def page(self, path: str) -> str:
        return self.http.get(self.server + path).text

    def hidden(self, page: str, name: str) -> str:
        return unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1])

    def deposit(self, place: str, data: bytes = b"bonjour", token=True, **fields):
        page = self.page(f"{place}/@@deposer")
        values = {
            "once": self.hidden(page, "once"),
            "category": "administrative",
            "title": "",
            "message": "",
            **fields,
        }
        name = values.pop("name", "avis.txt")
        if token:
            values["_authenticator"] = self.hidden(page, "_authenticator")
        return self.http.post(
            f"{self.server}{place}/@@deposer",
            data=values,
            files={"file": (name, data)},
            allow_redirects=False,
        )

    def batch(self, place: str, table: bytes, files: bytes, token=True):
        page = self.page(f"{place}/@@deposer-lot")
        values = {"action": "check"}
        if token:
            values["_authenticator"] = self.hidden(page, "_authenticator")
        return self.http.post(
            f"{self.server}{place}/@@deposer-lot",
            data=values,
            files={"table": ("t.csv", table), "files": ("f.zip", files)},
        )

    def press(self, place: str, page: str, action: str, token=True):
        values = {
            "action": action,
            "batch": self.hidden(page, "batch"),
            "key": self.hidden(page, "key"),
        }
        if token:
            values["_authenticator"] = self.hidden(page, "_authenticator")
        return self.http.post(f"{self.server}{place}/@@deposer-lot", data=values)


@pytest.fixture
def agent(server):
    password = staff("agent", roles=("Staff",), group=agents_group("33063"))
    transaction.commit()
    return Agent(server, "agent", password)


@pytest.fixture
def webmaster(server):
    password = staff("web", roles=("Staff", "CUB Webmaster"), group=WEBMASTERS)
    transaction.commit()
    return Agent(server, "web", password)


@pytest.fixture(autouse=True)
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    queue = get_queue()
    yield queue
    queue.close()


@pytest.fixture
def work(queue, portal):
    """Do what was enqueued, as a worker does."""

    def work() -> list[str]:
        place = Place(portal._p_jar.db(), portal.getId(), "http://127.0.0.1")
        rows = [row for row in queue.store.page(0, 10) if row.state == "waiting"]
        for row in rows:
            in_a_thread(lambda id=row.id: Runner(queue, place, "w")(id))
        return [queue.store.get(row.id).state for row in rows]

    return work


BORDEAUX = "/communes/bordeaux"


def waiting(who) -> int:
    transaction.begin()
    return len(get_arrivals(who.space).waiting)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


# the agent's form


def test_an_agent_deposits_and_the_citizen_reads(agent, zoe, portal, tmp_path, server):
    answer = agent.deposit(
        BORDEAUX,
        "Bonjour à vous".encode(),
        recipient=zoe.login,
        name="Avis.txt",
        title="Avis de passage",
        message="Merci.",
    )
    assert answer.status_code == 200, answer.text
    assert "Le document est remis" in unescape(answer.text)
    receipt = unescape(re.search(r"<pre[^>]*>(.*?)</pre>", answer.text, re.S)[1])
    page = text_of(zoe.page(zoe.documents))
    assert "Documents déposés pour vous : 1." in page
    assert "Avis de passage" in page and "Nouveau" in page
    assert "Déposé par la Ville de Bordeaux" in page
    url = re.search(r'href="([^"]+/lire)"', zoe.http.get(zoe.documents).text)[1]
    read = text_of(zoe.page(url))
    assert "Bonjour à vous" in read and "Merci." in read
    assert "Déposé par la Ville de Bordeaux" in read
    # the receipts of both, verified without the portal
    mine = zoe.http.get(url.replace("/lire", "/recu?telecharger=1"))
    assert mine.headers["Content-Disposition"].startswith("attachment")
    assert mine.json()["signed"] == json.loads(receipt)["signed"]
    shown = text_of(zoe.page(url.replace("/lire", "/recu")))
    assert json.loads(receipt)["signed"]["receipt"] in shown
    (tmp_path / "agent.json").write_text(receipt)
    (tmp_path / "mine.json").write_text(mine.text)
    (tmp_path / "document").write_text("Bonjour à vous")
    keys = requests.get(f"{server}/@@cles-publiques.json")
    assert keys.headers["Content-Type"].startswith("application/json")
    (tmp_path / "keys.json").write_text(keys.text)
    command = f"{__file__.rpartition('/tests/')[0]}/tools/civisdata-verify-receipt"
    for name in ("agent.json", "mine.json"):
        done = subprocess.run(
            [sys.executable, command, name, "--file", "document"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    public = text_of(requests.get(f"{server}/@@cles-publiques").text)
    assert json.loads(receipt)["signed"]["key"] in public
    listed = text_of(agent.page(f"{BORDEAUX}/@@depots-remis"))
    assert json.loads(receipt)["signed"]["receipt"] in listed and "Remis" in listed
    for word in ("Avis", "Merci", zoe.login, zoe.id):
        assert word not in listed


def test_the_same_form_sent_twice_deposits_once(agent, zoe):
    once = "0" * 32
    answers = [
        agent.deposit(BORDEAUX, recipient=zoe.login, once=once) for _ in range(2)
    ]
    receipts = [re.search(r"<pre[^>]*>(.*?)</pre>", a.text, re.S)[1] for a in answers]
    assert receipts[0] == receipts[1] and waiting(zoe) == 1
    again = agent.deposit(BORDEAUX, b"autre", recipient=zoe.login, once=once)
    assert again.status_code == 409 and waiting(zoe) == 1


def test_a_standard_address_is_as_good_as_a_login(agent, zoe, portal):
    from civisdata.content.citizens.addresses import standard_address

    address = standard_address(portal, zoe.space)
    assert agent.deposit(BORDEAUX, recipient=address).status_code == 200
    assert waiting(zoe) == 1


def test_the_answer_is_one_for_all_who_cannot_be_delivered_to(
    agent, make_person, portal
):
    unwilling, suspended = make_person(), make_person("bordeaux")
    need_account(suspended.space).disabled = True
    transaction.commit()
    answers = [
        agent.deposit(BORDEAUX, recipient=name, once="1" * 32)
        for name in ("personne", unwilling.login, suspended.login)
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({text_of(answer.text) for answer in answers}) == 1
    assert "ne peut pas être remis" in text_of(answers[0].text)
    assert waiting(unwilling) == waiting(suspended) == 0


@pytest.mark.parametrize(
    "fields, data",
    [
        ({"recipient": ""}, b"a"),
        ({"category": "nothing"}, b"a"),
        ({"name": "faux.pdf"}, b"MZ"),
        ({"name": ""}, b"a"),
    ],
)
def test_what_is_wrong_with_a_form_is_said(agent, zoe, fields, data):
    answer = agent.deposit(BORDEAUX, data, **{"recipient": zoe.login, **fields})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert waiting(zoe) == 0


def test_without_a_token_nothing_is_deposited(agent, zoe):
    answer = agent.deposit(BORDEAUX, recipient=zoe.login, token=False)
    assert answer.status_code == 403 and waiting(zoe) == 0


def test_nobody_deposits_for_another_publisher(agent, webmaster, zoe, server, portal):
    other = Agent(
        server,
        "other",
        staff("other", roles=("Staff", "Commune Agent"), group=agents_group("33281")),
    )
    transaction.commit()
    for who, place in (
        (agent, "/cub"),
        (agent, "/communes/merignac"),
        (other, BORDEAUX),
        (webmaster, BORDEAUX),
    ):
        for view in ("@@deposer", "@@deposer-lot", "@@depots-remis"):
            answer = who.http.get(f"{server}{place}/{view}", allow_redirects=False)
            assert answer.status_code in (302, 401, 403, 404), (place, view)
        answer = who.http.post(
            f"{server}{place}/@@deposer",
            data={"recipient": zoe.login},
            files={"file": ("a.txt", b"a")},
            allow_redirects=False,
        )
        assert answer.status_code in (302, 401, 403, 404)
    assert waiting(zoe) == 0


def test_the_cub_deposits_for_itself(webmaster, make_person):
    who = make_person("cub")
    assert webmaster.deposit("/cub", recipient=who.login).status_code == 200
    page = text_of(who.page(who.documents))
    assert "Déposé par la Communauté urbaine de Bordeaux" in page


def test_staff_find_their_forms(agent, webmaster, server):
    assert f"{server}{BORDEAUX}/@@deposer" in agent.page("/")
    assert f"{server}/cub/@@deposer" in webmaster.page("/")


# batches


def packed(**files: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.txt", data)
    return stream.getvalue()


def test_a_batch_from_the_table_to_the_receipts(agent, make_person, work):
    one, two = make_person("bordeaux"), make_person("bordeaux")
    unwilling = make_person()
    table = "\n".join(
        (
            "Destinataire;Fichier;Titre",
            f"{one.login};a.txt;Été",
            f"{two.login};b.txt;",
            f"{unwilling.login};a.txt;",
            "personne;a.txt;",
        )
    ).encode("cp1252")
    report = agent.batch(BORDEAUX, table, packed(a=b"pour un", b=b"pour deux"))
    page = text_of(report.text)
    assert report.status_code == 200, page
    assert "Remettre ce qui peut l’être (2)" in page
    assert "N’a pas donné son accord" in page and "Inconnu, ou ne peut pas" in page
    assert waiting(one) == waiting(two) == 0
    refused = agent.press(BORDEAUX, report.text, "deliver", token=False)
    assert refused.status_code == 403 and work() == [] and waiting(one) == 0
    begun = agent.press(BORDEAUX, report.text, "deliver")
    assert "Lignes traitées : 0 sur 2" in text_of(begun.text)
    assert work() == ["done"]
    done = agent.press(BORDEAUX, begun.text, "progress")
    assert "Lignes traitées : 2 sur 2" in text_of(done.text), text_of(done.text)
    assert (waiting(one), waiting(two), waiting(unwilling)) == (1, 1, 0)
    receipts = agent.press(BORDEAUX, done.text, "receipts")
    rows = [json.loads(line) for line in receipts.text.splitlines()]
    assert [row["line"] for row in rows] == [2, 3]
    assert "Été" in text_of(one.page(one.documents))
    again = agent.press(BORDEAUX, report.text, "deliver")
    assert "Lignes traitées : 2 sur 2" in text_of(again.text)
    assert work() == [] and waiting(one) == 0


def test_a_batch_can_be_erased_before_it_is_confirmed(agent, zoe, portal):
    table = f"destinataire;fichier\n{zoe.login};a.txt".encode()
    report = agent.batch(BORDEAUX, table, packed(a=b"a"))
    assert "Lots en attente" in text_of(agent.page(f"{BORDEAUX}/@@deposer-lot"))
    agent.press(BORDEAUX, report.text, "drop", token=False)
    transaction.begin()
    assert len(get_deliveries(portal, "bordeaux").batches) == 1
    assert agent.press(BORDEAUX, report.text, "drop").status_code == 200
    transaction.begin()
    assert len(get_deliveries(portal, "bordeaux").batches) == 0
    gone = agent.press(BORDEAUX, report.text, "deliver")
    assert gone.status_code == 404 and waiting(zoe) == 0


@pytest.mark.parametrize(
    "table, files, words",
    [
        (b"", packed(a=b"a"), "aucune ligne"),
        ("destinataire;fichier\na;b".encode("utf-16"), packed(a=b"a"), "codage"),
        (b"x|y\n1|2", packed(a=b"a"), "nommer les colonnes"),
        (b'destinataire;fichier\na;"b', packed(a=b"a"), "(ligne 2)"),
        (b"destinataire;fichier\na;b", b"not a zip", "archive ZIP"),
    ],
)
def test_what_is_wrong_with_a_batch_is_said(agent, table, files, words):
    answer = agent.batch(BORDEAUX, table, files)
    assert answer.status_code == 422 and words in text_of(answer.text)


def test_a_batch_without_a_token_is_not_read(agent, zoe, portal):
    table = f"destinataire;fichier\n{zoe.login};a.txt".encode()
    answer = agent.batch(BORDEAUX, table, packed(a=b"a"), token=False)
    assert answer.status_code == 403
    transaction.begin()
    assert len(get_deliveries(portal, "bordeaux").batches) == 0


# the citizen's pages


def test_consents_are_given_and_withdrawn_in_the_space(make_person, portal):
    who = make_person()
    url = f"{who.url}/@@consentements"
    page = who.http.get(url).text
    assert "Ville de Bordeaux" in page and "Ville du Bouscat" in unescape(page)
    token = re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]
    version = consents.text_shown().version
    values = {"action": "give", "publisher": "bordeaux", "version": version}

    def may() -> bool:
        transaction.begin()
        return consents.may_deposit(who.space, "bordeaux")

    assert who.http.post(url, data=values).status_code == 403 and not may()
    values["_authenticator"] = token
    stale = who.http.post(url, data={**values, "version": "0" * 64})
    assert stale.status_code == 422 and not may()
    unknown = who.http.post(url, data={**values, "publisher": "paris"})
    assert unknown.status_code == 422 and not may()
    given = text_of(who.http.post(url, data=values).text)
    assert may() and "peuvent être déposés par la Ville de Bordeaux" in given
    withdrawn = {**values, "action": "withdraw"}
    tokenless = {k: v for k, v in withdrawn.items() if k != "_authenticator"}
    assert who.http.post(url, data=tokenless).status_code == 403 and may()
    page = text_of(who.http.post(url, data=withdrawn).text)
    assert not may() and "Accord retiré" in page and version[:12] in page


def test_consents_need_no_open_vault(make_person):
    who = make_person("bordeaux", unlocked=False)
    assert "depuis le" in text_of(who.page(f"{who.url}/@@consentements"))


def test_nothing_is_filed_while_the_vault_is_locked(make_person, portal):
    who = make_person("bordeaux", unlocked=False)
    put(portal, make_like(who))
    transaction.commit()
    who.http.get(who.documents)
    assert waiting(who) == 1


def make_like(who):
    from helpers.deposits import Recipient

    return Recipient(who.space, who.bundle)


def test_a_forged_deposit_is_told_and_can_be_erased(zoe, portal):
    put(portal, make_like(zoe), name="faux.txt", title="Faux titre")
    (arrival,) = get_arrivals(zoe.space).waiting.values()
    arrival.receipt_signature = bytes(64)
    transaction.commit()
    page = text_of(zoe.page(zoe.documents))
    assert "n’a pas pu être vérifiée ont été retenus : 1" in page
    assert "Faux titre" not in page
    url = f"{zoe.url}/@@consentements"
    assert "Dépôts retenus" in text_of(zoe.page(url))
    zoe.http.post(url, data={"action": "erase-held"})
    assert waiting(zoe) == 1
    zoe.http.post(url, data={"action": "erase-held", "_authenticator": zoe.token()})
    assert waiting(zoe) == 0


def test_a_document_of_ones_own_has_no_receipt(zoe):
    url = zoe.store("mien.txt", b"abc")
    assert zoe.http.get(f"{url}/recu").status_code == 404
    assert "Déposé par" not in zoe.page(f"{url}/lire")


def test_the_desk_learns_nothing_of_deposits(zoe, portal, server):
    put(portal, make_like(zoe), title="Titre secret")
    password = staff("cubadmin", roles=("Staff", "CUB Administrator"))
    transaction.commit()
    administrator = Agent(server, "cubadmin", password)
    page = administrator.page(f"/espaces/@@registration/{zoe.id}")
    assert zoe.login in page and "secret" not in page


def test_no_role_opens_what_was_deposited(zoe, portal, agent, webmaster, server):
    from plone.app.testing import SITE_OWNER_NAME
    from plone.app.testing import SITE_OWNER_PASSWORD

    put(portal, make_like(zoe), b"contenu-secret", title="Titre-secret")
    transaction.commit()
    manager = Agent(server, SITE_OWNER_NAME, SITE_OWNER_PASSWORD)
    (arrival_id,) = get_arrivals(zoe.space).waiting
    zoe.http.get(zoe.documents)
    space = f"/espaces/{zoe.id}"
    for who in (agent, webmaster, manager):
        for path in (
            space,
            f"{space}/@@consentements",
            f"{space}/@@documents/{arrival_id}/lire",
            f"{space}/@@documents/{arrival_id}/telecharger",
            f"{space}/@@documents/{arrival_id}/recu",
            f"{space}/_civisdata_arrivals",
            f"{space}/_civisdata_vault",
            "/_civisdata_deliveries",
            "/_civisdata_public_keys",
            "/_civisdata_partners",
        ):
            answer = who.http.get(server + path, allow_redirects=False)
            assert answer.status_code in (302, 401, 403, 404), path
            assert "secret" not in answer.text
