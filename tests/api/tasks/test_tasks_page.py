"""« Tâches » and the report of the documents, as a webmaster sees them."""

from bs4 import BeautifulSoup
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks.browser.tasks import PAGE_SIZE
from civisdata.content.vault.scrub.report import ensure_reports
import pytest
import requests
import time
import transaction


@pytest.fixture
def page(server, webmaster):
    def get(path: str = "/@@taches") -> BeautifulSoup:
        answer = webmaster.get(f"{server}{path}")
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser")

    return get


@pytest.fixture
def add(queue):
    """Put a task into a state."""

    def add_task(task_id: str, name: str, state: str, error: str = "") -> None:
        now, store = time.time() - 60, queue.store
        store.prepare([(task_id, name, '{"secret": "a-value"}')], now)
        store.release([task_id])
        if state != "waiting":
            store.claim(task_id, "w", now)
        if state == "running":
            store.progress(task_id, "w", 3, 10)
        elif state == "done":
            store.finish(task_id, "w", now)
        elif state == "failed":
            store.fail(task_id, "w", error, now)

    return add_task


def words(element) -> str:
    return " ".join(element.get_text().split())


def rows(soup) -> list[str]:
    return [words(row) for row in soup.select("tbody tr")]


def test_an_empty_list_says_so_and_names_what_runs_each_night(page):
    soup = page()
    assert "Aucune tâche pour l’instant." in words(soup)
    nightly = [words(item) for item in soup.select("section:first-of-type li")]
    assert "Contrôle des documents conservés, à 3 h (dernier compte rendu)" in nightly
    assert "Suppression des envois restés inachevés, à 2 h" in nightly


def test_each_state_is_shown_in_words_without_values(page, add):
    add("a", "scrub-vaults", "running")
    add("b", "mow", "failed", "ValueError")
    add("c", "mow", "failed", "ServerDied")
    add("d", "mow", "waiting")
    add("e", "mow", "done")
    soup = page()
    found = " / ".join(rows(soup))
    assert "Contrôle des documents conservés En cours 3 sur 10" in found
    assert "mow En échec ValueError Relancer" in found
    assert "Le serveur s’est arrêté pendant cette tâche." in found
    assert "En attente" in found
    assert "Terminée" in found
    bar = soup.select_one("tbody progress")
    assert (bar["value"], bar["max"]) == ("3", "10")
    assert soup.find(id=bar["aria-labelledby"]) is not None
    assert "a-value" not in soup.prettify()


def test_pages_begin_with_the_newest(page, queue):
    now = time.time()
    for number in range(PAGE_SIZE + 3):
        queue.store.prepare(
            [(f"t{number:02}", f"name-{number:02}", "{}")], now + number
        )
        queue.store.release([f"t{number:02}"])
    first = page()
    assert len(rows(first)) == PAGE_SIZE
    assert rows(first)[0].startswith(f"name-{PAGE_SIZE + 2}")
    second = page("/@@taches?page=2")
    assert [row[:7] for row in rows(second)] == ["name-02", "name-01", "name-00"]
    assert "Page suivante" not in words(second)
    for odd in ("0", "x", "-1", "99", "1" * 50):
        page(f"/@@taches?page={odd}")


def test_a_failed_task_is_run_again_by_post(page, add, queue, server, webmaster):
    add("b", "mow", "failed", "ValueError")
    form = page().select_one("tbody form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    button = form.select_one("button")
    answer = webmaster.post(form["action"], {**fields, button["name"]: button["value"]})
    assert "La tâche va être relancée." in answer.text
    assert queue.store.get("b").state == "waiting"
    assert queue.huey.pending_count() == 1
    answer = webmaster.post(form["action"], {**fields, "retry": "b"})
    assert "Seule une tâche en échec peut être relancée." in answer.text
    assert queue.huey.pending_count() == 1


def test_without_a_token_nothing_happens(add, queue, server, webmaster):
    add("b", "mow", "failed", "ValueError")
    answer = webmaster.post(f"{server}/@@taches", {"retry": "b"})
    assert answer.status_code == 403
    answer = webmaster.get(f"{server}/@@taches?retry=b")
    assert answer.status_code == 200
    assert queue.store.get("b").state == "failed"


def test_a_webmasters_menu_leads_there_and_a_visitors_does_not(
    page, server, functional
):
    link = page("/").select_one("a[href$='/@@taches']")
    assert words(link) == "Tâches"
    assert "@@taches" not in requests.get(server).text


def test_a_control_panel_leads_there(functional):
    panel = functional["portal"].portal_controlpanel
    urls = [action.getActionExpression() for action in panel.listActions()]
    assert "string:${portal_url}/@@taches" in urls


def test_the_report_before_the_first_check(page):
    assert "Aucun contrôle n’est encore arrivé à son terme." in words(
        page("/@@controle-documents")
    )


def test_the_report_of_whole_and_of_damaged_documents(page, functional):
    reports = ensure_reports(get_spaces(functional["portal"]))
    report = reports.begin(1_790_000_000.0)
    report.spaces, report.documents, report.bytes = 4, 12, 3_400_000
    transaction.commit()
    assert "En cours Commencé le 21/09/2026" in words(page("/@@controle-documents"))
    reports.end(1_790_000_600.0)
    transaction.commit()
    text = words(page("/@@controle-documents"))
    assert "Tous les documents conservés sont intacts." in text
    assert "Volume lu 3,4 Mo Anomalies 0" in text
    report.add("payload", "thespace", "thedocument")
    transaction.commit()
    text = words(page("/@@controle-documents"))
    assert "Des documents conservés présentent une anomalie." in text
    assert "thedocument thespace" in text
    assert "L’empreinte du contenu conservé ne correspond pas" in text
