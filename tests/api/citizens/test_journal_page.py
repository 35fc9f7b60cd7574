"""The citizen's journal over HTTP: what is noted, how it reads, and its export."""

from civisdata.content.citizens import background
from civisdata.content.citizens import registrations
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.browser import entering
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal import verify
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.structure import get_spaces
from helpers.journal import run_tool
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from plone import api
from ZPublisher.HTTPRequest import HTTPRequest
import csv
import io
import pytest
import transaction


@pytest.fixture
def noted(space_of):
    """Return the actions of a citizen's journal, oldest first; all or from a number."""

    def noted(citizen, after=0):
        background.wait()
        found = entries(space_of(citizen), 0, 1000)
        return [entry.action for entry in reversed(found) if entry.n > after]

    return noted


@pytest.fixture
def inside(citizen, visitor):
    """A citizen's browser, after the log-in."""
    visitor.log_in(citizen.login, PASSWORD)
    return visitor


def journal_url(citizen):
    return f"/espaces/{citizen.id}/@@journal"


def test_the_first_day(newcomer, visitor, noted, space_of):
    visitor.log_in(newcomer.login, newcomer.first_password)
    page = visitor.send("password", new=PASSWORD, repeated=PASSWORD)
    visitor.send("confirm", code=page.html.find(id="shown-code").text)
    assert noted(newcomer) == [
        "registered",
        "log-in",
        "password-chosen",
        "space-activated",
    ]
    journal = get_journal(space_of(newcomer))
    assert [found.n for found in journal.checkpoints()] == [4]


def test_a_log_in_and_a_log_out(citizen, visitor, noted, space_of):
    before = len(noted(citizen))
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    visitor.app.extra_environ["HTTP_USER_AGENT"] = agent
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get("/@@logout")
    visitor.send("log-out")
    assert noted(citizen, before) == ["log-in", "log-out"]
    out, found = entries(space_of(citizen), 0, 2)
    assert found.details == {"client": "Firefox, Linux"}
    assert found.actor == out.actor == "self"
    assert get_journal(space_of(citizen)).last_checkpoint() == found.n
    assert verify(space_of(citizen), citizen.bundle).broken_at is None


def test_a_log_in_that_meets_a_conflict_is_tried_again(
    citizen, visitor, noted, site, monkeypatch
):
    monkeypatch.setattr(HTTPRequest, "retry_max_count", 3)
    monkeypatch.setattr(HTTPRequest, "delay_retry", lambda request: None)
    write = background.writer(get_spaces(site).get_space(citizen.id))
    before, tries = len(noted(citizen)), []

    def meets_a_conflict(space, action, **values):
        tries.append(action)
        if len(tries) == 1:
            write(lambda space: note(space, "unlocked"))
        return note(space, action, **values)

    monkeypatch.setattr(entering, "note", meets_a_conflict)
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}"
    assert len(tries) == 2
    assert noted(citizen, before) == ["unlocked", "log-in"]
    assert len(session_service().list(citizen.id)) == 1


def test_failed_log_ins_make_one_entry_in_ten_minutes(
    citizen, new_visitor, noted, space_of, moved_clock
):
    before = len(noted(citizen))
    for number in range(6):
        new_visitor(f"192.0.2.{number}").log_in(citizen.login, "wrong")
        new_visitor(f"192.0.2.{number}").log_in("c-nobody-has-it", "wrong")
    assert noted(citizen, before) == ["log-in-failed"]
    found = entries(space_of(citizen))[0]
    assert (found.actor, found.details) == ("unknown", {"count": 1})
    moved_clock.moved += 660
    new_visitor("192.0.2.77").log_in(citizen.login, "wrong")
    background.wait()
    assert entries(space_of(citizen))[0].details == {"count": 6}
    new_visitor("192.0.2.78").log_in(citizen.login, "wrong")
    new_visitor("192.0.2.79").log_in(citizen.login, PASSWORD)
    assert noted(citizen, before) == ["log-in-failed"] * 3 + ["log-in"]
    assert entries(space_of(citizen), 1, 1)[0].details == {"count": 1}
    visitor = new_visitor("192.0.2.79")
    visitor.log_in(citizen.login, PASSWORD)
    assert noted(citizen, before) == ["log-in-failed"] * 3 + ["log-in"] * 2


def test_attempts_that_were_only_counted_show_on_the_page(
    citizen, inside, new_visitor, noted
):
    for _ in range(4):
        new_visitor("198.51.100.4").log_in(citizen.login, "wrong")
    background.wait()
    inside.get(journal_url(citizen))
    assert "Une tentative de connexion a échoué." in inside.text
    assert "3 tentatives de connexion ont échoué." in inside.text
    before = len(noted(citizen))
    inside.get(journal_url(citizen))
    assert noted(citizen, before) == []


def test_a_right_password_of_a_suspended_space_is_a_failed_attempt(
    citizen, visitor, noted, site, smtp_server
):
    smtp_server.configure(site)
    space = get_spaces(site).get_space(citizen.id)
    with api.env.adopt_roles(["Manager"]):
        registrations.accept_by_rule(space)
        registrations.suspend(space, "Une vérification est en cours.")
    space._account.first = None
    transaction.commit()
    before = len(noted(citizen))
    visitor.log_in(citizen.login, PASSWORD)
    assert noted(citizen, before) == ["log-in-failed"]


def test_changes_of_the_account(citizen, inside, new_visitor, noted, space_of):
    before = len(noted(citizen))
    new_visitor("192.0.2.9").log_in(citizen.login, PASSWORD)
    inside.get(f"/espaces/{citizen.id}/@@securite")
    inside.send("others")
    assert entries(space_of(citizen))[0].details == {"count": 1}
    inside.send("password", current="wrong", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    background.wait()
    inside.send("password", current=PASSWORD, new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    page = inside.send("code", current_for_code=NEW_PASSWORD)
    inside.send("confirm", code=page.html.find(id="shown-code").text)
    assert noted(citizen, before) == [
        "log-in",
        "sessions-ended",
        "secret-refused",
        "password-changed",
        "recovery-code-changed",
    ]
    assert verify(space_of(citizen), citizen.bundle).broken_at is None


def test_forgotten_password_and_unlocking(citizen, visitor, noted, site, space_of):
    space = get_spaces(site).get_space(citizen.id)
    before = len(noted(citizen))
    visitor.get("/@@mot-de-passe-oublie")
    visitor.send("ask", identifier=citizen.login)
    assert noted(citizen, before) == ["reset-asked"]
    assert entries(space_of(citizen))[0].actor == "unknown"
    space._account.reset_asked = 0.0
    ticket = unlocking.ask_reset(space)
    unlocking.reset_password(get_spaces(site), ticket, NEW_PASSWORD, NEW_PASSWORD)
    transaction.commit()
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.send("ask-anew", word="recommencer")
    visitor.send("cancel-anew")
    visitor.send("code", current=NEW_PASSWORD, code=citizen.code)
    assert noted(citizen, before) == [
        "reset-asked",
        "reset-asked",
        "password-reset",
        "log-in",
        "anew-asked",
        "anew-cancelled",
        "recovery-code-used",
    ]
    journal = get_journal(space_of(citizen))
    assert journal.last_checkpoint() == journal.n


def test_starting_anew_keeps_a_journal_that_verifies(
    citizen, visitor, noted, site, moved_clock, space_of
):
    visitor.log_in(citizen.login, PASSWORD)
    space = get_spaces(site).get_space(citizen.id)
    transaction.begin()
    ticket = unlocking.ask_reset(space)
    unlocking.reset_password(get_spaces(site), ticket, NEW_PASSWORD, NEW_PASSWORD)
    transaction.commit()
    before = len(noted(citizen))
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.send("ask-anew", word="recommencer")
    moved_clock.moved += 73 * 3600
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.send("start-anew", current=NEW_PASSWORD)
    page = visitor.send("show")
    visitor.send("confirm", code=page.html.find(id="shown-code").text)
    assert noted(citizen, before) == [
        "log-in",
        "anew-asked",
        "log-in",
        "anew-done",
        "space-activated",
    ]
    visitor.get(journal_url(citizen))
    assert visitor.page.html.find(id="journal-intact")
    assert len(get_journal(space_of(citizen)).checkpoints()) >= 3


def test_what_the_desk_does_is_told(citizen, visitor, site, smtp_server):
    smtp_server.configure(site)
    space = get_spaces(site).get_space(citizen.id)
    with api.env.adopt_roles(["Manager"]):
        registrations.accept_by_rule(space)
        registrations.reassign(space, "talence")
        registrations.suspend(space, "Une vérification est en cours.")
        registrations.reinstate(space)
    space._account.first = None
    transaction.commit()
    found = list(reversed(entries(space, 0, 4)))
    assert [(entry.action, entry.actor) for entry in found] == [
        ("registration-accepted", "system"),
        ("registration-reassigned", "administration:cub"),
        ("registration-suspended", "administration:cub"),
        ("registration-reinstated", "administration:cub"),
    ]
    assert "vérification" not in repr([entry.details for entry in found])
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(journal_url(citizen) + "?genre=sharing")
    who = "L’administration (Communauté urbaine de Bordeaux)"
    assert f"{who} a suspendu votre espace" in visitor.text
    assert "Votre inscription a été acceptée automatiquement." in visitor.text
    assert "Connexion depuis" not in visitor.text


def test_the_page(citizen, inside):
    page = inside.get(journal_url(citizen))
    assert page.status_int == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "Mon journal" in page.html.find("h1").text
    count = len(page.html.select("dl dd"))
    expected = f"intacte ({count} événements, vérifiée à l’instant)."
    assert expected in inside.text.replace("\xa0", " ")
    assert "Vous avez demandé cet espace." in inside.text
    assert "Connexion depuis un navigateur inconnu." in inside.text
    assert page.html.find("h2").text.split()[0] in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche".split()  # noqa: SIM905
    )
    assert citizen.bundle.fingerprint in inside.text
    assert "1095 jours" in inside.text
    for place in ("", "/@@mon-compte"):
        page = inside.get(f"/espaces/{citizen.id}{place}")
        assert page.html.find("main").find(
            "a", href=lambda href: href.endswith("/@@journal")
        )


def test_filter_and_batches(citizen, inside, space_of):
    space = space_of(citizen)
    for number in range(120):
        note(space, "document-read", item=f"{number:032x}")
    transaction.commit()
    inside.get(journal_url(citizen) + "?genre=documents")
    seen = []
    while True:
        seen += [found["id"] for found in inside.page.html.select("dl dd")]
        older = inside.page.html.find("a", rel="next")
        if older is None:
            break
        assert len(inside.page.html.select("dl dd")) == 50
        inside.page = inside.page.click(href="debut=", index=-1)
    assert len(seen) == len(set(seen)) == 120
    assert inside.page.html.find(id="journal-intact") is None
    assert inside.page.html.find("a", rel="prev")
    inside.get(journal_url(citizen) + "?genre=nothing&debut=-3")
    assert len(inside.page.html.select("dl dd")) == 50
    inside.get(journal_url(citizen) + "?debut=99999999999")
    assert inside.page.status_int == 200
    inside.get(journal_url(citizen) + "?genre=documents&debut=5000")
    assert "Rien de ce genre" in inside.text


def test_unknown_actions_still_show_something(citizen, inside, space_of):
    note(space_of(citizen), "from-the-future", item="ab" * 16, actor="recipient")
    transaction.commit()
    inside.get(journal_url(citizen) + "?genre=account")
    assert "(from-the-future)" in inside.text


def test_a_broken_chain_is_said(citizen, inside, space_of):
    journal = get_journal(space_of(citizen))
    row = journal._entries[2]
    journal._entries[2] = (row[0] + 60, *row[1:])
    transaction.commit()
    inside.get(journal_url(citizen))
    assert inside.page.html.find(id="journal-intact") is None
    assert "rompue à l’événement 3" in inside.page.html.find(id="journal-broken").text


def test_old_entries_are_dropped_when_the_page_is_opened(
    citizen, inside, moved_clock, space_of
):
    moved_clock.moved += 1096 * 86400
    inside.log_in(citizen.login, PASSWORD)
    renewed = inside.send(
        "password", current=PASSWORD, new=NEW_PASSWORD, repeated=NEW_PASSWORD
    )
    assert renewed.status_int == 200
    inside.get(journal_url(citizen))
    assert inside.page.html.find(id="journal-intact")
    journal = get_journal(space_of(citizen))
    assert journal.first > 1 and len(journal) == 2
    assert "Ceux d’avant, jusqu’au" in inside.text


def test_a_space_of_the_first_version_gets_a_journal(citizen, visitor, site, noted):
    space = get_spaces(site).get_space(citizen.id)
    del space._journal
    transaction.commit()
    assert noted(citizen) == []
    visitor.log_in(citizen.login, "wrong")
    assert noted(citizen) == ["log-in-failed"]
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(journal_url(citizen))
    assert visitor.page.html.find(id="journal-intact")


def exported(visitor, citizen, kind):
    visitor.get(journal_url(citizen))
    for form in visitor.page.forms.values():
        if "export" in form.action:
            return form.submit("action", value=kind, status="*")
    raise AssertionError("no form to export")


def test_the_export_is_verified_by_the_command(citizen, inside, noted, tmp_path):
    answer = exported(inside, citizen, "jsonl")
    assert answer.status_int == 200
    assert answer.headers["Content-Type"].startswith("application/jsonl")
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="journal-20')
    assert noted(citizen)[-1] == "journal-exported"
    path = tmp_path / "journal.jsonl"
    path.write_bytes(answer.body)
    done = run_tool(path, "--fingerprint", citizen.bundle.fingerprint)
    assert done.returncode == 0, done.stderr
    assert f"{len(noted(citizen))} entries" in done.stdout
    path.write_bytes(answer.body.replace(b"space-activated", b"space-activatee"))
    assert run_tool(path).returncode == 1
    later = tmp_path / "later.jsonl"
    later.write_bytes(exported(inside, citizen, "jsonl").body)
    path.write_bytes(answer.body)
    assert run_tool(later, "--earlier", path).returncode == 0


def test_the_table(citizen, inside, noted):
    answer = exported(inside, citizen, "csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.body.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert head[0] == "Numéro"
    assert [row[0] for row in rows] == [
        str(n) for n in range(1, len(noted(citizen)) + 1)
    ]
    assert rows[0][3:5] == ["Compte", "Vous avez demandé cet espace."]


def test_an_export_needs_the_token(citizen, inside, noted):
    before = len(noted(citizen))
    url = journal_url(citizen)
    for path in (url, f"{url}/export"):
        answer = inside.post(path, {"action": "jsonl"})
        assert answer.status_int == 403
        assert "Content-Disposition" not in answer.headers
    assert inside.get(f"{url}/export").status_int == 303
    assert inside.get(f"{url}/other").status_int == 404
    assert inside.get(f"{url}/export/export").status_int == 404
    assert noted(citizen, before) == []
    answer = exported(inside, citizen, "exe")
    assert answer.status_int == 422
    assert noted(citizen, before) == []


def test_a_locked_vault_exports_nothing(citizen, visitor, site, noted):
    space = get_spaces(site).get_space(citizen.id)
    ticket = unlocking.ask_reset(space)
    unlocking.reset_password(get_spaces(site), ticket, NEW_PASSWORD, NEW_PASSWORD)
    transaction.commit()
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.get(journal_url(citizen))
    assert visitor.page.html.find(id="journal-intact")
    answer = exported(visitor, citizen, "jsonl")
    assert answer.status_int == 303
    assert answer.headers["Location"].endswith("/@@deverrouiller")
    assert noted(citizen)[-1] == "log-in"


def test_the_program_is_there_for_everybody(visitor):
    answer = visitor.get("/++resource++civisdata-verify-journal.py")
    assert answer.status_int == 200
    assert b"def verify_ed25519" in answer.body


def test_others_find_no_journal(citizen, new_citizen, new_visitor):
    other, visitor = new_citizen("Odile"), new_visitor("192.0.2.50")
    visitor.log_in(other.login, PASSWORD)
    for path in ("", "/export"):
        url = journal_url(citizen) + path
        unknown = url.replace(citizen.id, "a" * 16)
        for found in (url, unknown):
            assert visitor.get(found).status_int == 404
            assert visitor.post(found, {"action": "jsonl"}).status_int == 404
