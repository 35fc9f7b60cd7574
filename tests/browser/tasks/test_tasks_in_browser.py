"""« Tâches » and the report of the documents: WCAG by machine, 320 pixels, the keyboard."""

from base64 import b64encode
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.scrub.report import ensure_reports
from helpers.people import staff
from helpers.wcag import check
import pytest
import time
import transaction


@pytest.fixture
def page(functional, server, chromium, queue):
    functional["portal"].title = "Civis Data"
    password = staff("webmaster", roles=("Staff", "CUB Webmaster"))
    transaction.commit()
    credentials = b64encode(f"webmaster:{password}".encode()).decode()
    context = chromium.new_context(
        locale="fr-FR", extra_http_headers={"Authorization": f"Basic {credentials}"}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def fill(queue) -> None:
    now, store = time.time(), queue.store
    names = ("scrub-vaults", "deposit-batch-of-a-very-long-name-without-a-space", "mow")
    for number, name in enumerate(names):
        store.prepare([(str(number), name, "{}")], now - 9 + number)
        store.release([str(number)])
        store.claim(str(number), "w", now)
        store.progress(str(number), "w", 3, 10)
    store.fail("1", "w", "SomeErrorWithALongName", now)
    store.fail("2", "w", "ServerDied", now)


def test_pages_are_for_everybody(page, server, queue, functional):
    fill(queue)
    reports = ensure_reports(get_spaces(functional["portal"]))
    report = reports.begin(time.time())
    report.add("payload", "a" * 16, "b" * 32)
    reports.end(time.time())
    reports.begin(time.time())
    transaction.commit()
    found = {}
    for name, title in (
        ("taches", "Tâches"),
        ("controle-documents", "Contrôle des documents conservés"),
    ):
        page.goto(f"{server}/@@{name}")
        assert page.locator("h1").all_inner_texts() == [title]
        found |= check(page)
    assert not found, "\n".join(f"{where}: {what}" for where, what in found.items())


def test_a_failed_task_is_run_again_with_the_keyboard(page, server, queue):
    fill(queue)
    page.goto(f"{server}/@@taches")
    button = page.get_by_role("button", name="Relancer mow")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("La tâche va être relancée.").wait_for()
    assert queue.store.get("2").state == "waiting"
    assert queue.store.get("1").state == "failed"
