"""The second step of the log-in through the real publisher, and who wants to skip it."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import background
from civisdata.content.citizens import door
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.secondfactor import factors
from civisdata.content.citizens.secondfactor import passkeys
from civisdata.content.citizens.secondfactor.record import factor_of
from civisdata.content.citizens.structure import get_spaces
from helpers.second_factor import Authenticator
from helpers.second_factor import code
from helpers.second_factor import start_app
from helpers.second_factor import start_passkey
from helpers.second_factor import stop_clock
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from webauthn.helpers import base64url_to_bytes
from ZPublisher.HTTPRequest import HTTPRequest
import json
import pytest
import transaction


COOKIE = "civis"
SITE = passkeys.Site("localhost", "http://localhost:8099")


@pytest.fixture
def guarded(citizen, space_of, moved_clock):
    """The citizen with an app, whose secret and single-use codes are known."""
    stop_clock(moved_clock)
    citizen.secret, citizen.codes = start_app(space_of(citizen))
    transaction.commit()
    moved_clock.moved += 30
    return citizen


def settings(citizen) -> str:
    return f"/espaces/{citizen.id}/@@connexion-en-deux-etapes"


def step(citizen) -> str:
    return f"/espaces/{citizen.id}/@@deuxieme-etape"


def states(citizen) -> list[str]:
    return sorted(row.state for row in session_service().list(citizen.id))


def actions(space) -> list[str]:
    return [entry.action for entry in space._journal.oldest_first()]


def log_in(visitor, citizen, moved_clock, password=PASSWORD):
    """Go through both steps."""
    moved_clock.moved += 30
    visitor.log_in(citizen.login, password)
    assert visitor.path == step(citizen)
    return visitor.send("code", code=code(citizen.secret))


def test_setting_an_app_up(citizen, visitor, new_visitor, space_of, moved_clock, mail):
    stop_clock(moved_clock)
    visitor.log_in(citizen.login, PASSWORD)
    other = new_visitor()
    other.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@mon-compte")
    visitor.page = visitor.page.click(href="connexion-en-deux-etapes")
    visitor.page = visitor.page.click(href="faire=application")
    assert visitor.send("app", current="wrong").status_int == 422
    page = visitor.send("app", current=PASSWORD)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.html.find("svg").find("path")
    assert not page.html.find("main").find_all(style=True)
    secret = page.html.find(id="app-secret").text.replace(" ", "")
    assert visitor.send("app-confirm", code="000000").status_int == 422
    assert visitor.page.html.find(id="app-secret").text.replace(" ", "") == secret
    assert states(citizen) == ["open", "open"]
    page = visitor.send("app-confirm", code=code(secret))
    shown = [item.text.strip() for item in page.html.find(id="single-use-codes")("li")]
    assert len(shown) == 10
    assert states(citizen) == ["open"] and not other.logged_in
    assert "application" in mail(space_of(citizen).email, 2)[1]
    assert shown[0] not in visitor.get(settings(citizen)).text
    # New codes, then no second step any more: each with password and code.
    visitor.page = visitor.page.click(href="faire=codes")
    assert visitor.send("codes", current=PASSWORD, code="").status_int == 422
    page = visitor.send("codes", current=PASSWORD, code=shown[0])
    new = [item.text.strip() for item in page.html.find(id="single-use-codes")("li")]
    visitor.get(f"{settings(citizen)}?faire=retirer-application")
    refused = visitor.send("app-off", current=PASSWORD, code=shown[1])
    assert refused.status_int == 422 and factor_of(space_of(citizen)).active
    assert visitor.send("app-off", current="wrong", code=new[0]).status_int == 422
    moved_clock.moved += 30
    visitor.send("app-off", current=PASSWORD, code=code(secret))
    assert visitor.path == settings(citizen)
    assert not factor_of(space_of(citizen)).active
    letters = mail(space_of(citizen).email, 5)
    assert len(letters) == 5, "a new browser, the app, a code, new codes, the end"
    assert {"second-app-added", "single-use-codes-renewed", "second-step-stopped"} <= (
        set(actions(space_of(citizen)))
    )
    other.log_in(citizen.login, PASSWORD)
    assert other.path == f"/espaces/{citizen.id}"


def test_both_steps(guarded, visitor, space_of, moved_clock):
    visitor.log_in(guarded.login, PASSWORD, "/communes")
    assert visitor.path == step(guarded)
    assert states(guarded) == ["second"]
    waiting = visitor.cookies[COOKIE]
    assert visitor.send("code", code="000000").status_int == 422
    shown = code(guarded.secret)
    visitor.send("code", code=shown)
    assert visitor.path == "/communes"
    assert visitor.cookies[COOKIE] != waiting and states(guarded) == ["open"]
    (row,) = session_service().list(guarded.id)
    assert row.wrapped is not None, "the documents are open"
    assert {"second-step-asked", "log-in"} <= set(actions(space_of(guarded)))
    # The code that was taken is worth nothing to who overlooked it.
    visitor.log_in(guarded.login, PASSWORD)
    assert visitor.send("code", code=shown).status_int == 422
    visitor.send("code", code=guarded.codes[0])
    assert visitor.path == f"/espaces/{guarded.id}"
    visitor.log_in(guarded.login, PASSWORD)
    assert visitor.send("code", code=guarded.codes[0]).status_int == 422
    visitor.send("code", code=guarded.code)
    assert visitor.path == f"/espaces/{guarded.id}"


def test_one_code_in_two_requests_at_once(guarded, visitor, site, monkeypatch):
    monkeypatch.setattr(HTTPRequest, "retry_max_count", 3)
    monkeypatch.setattr(HTTPRequest, "delay_retry", lambda request: None)
    write = background.writer(get_spaces(site).get_space(guarded.id)._account.second)
    use, tries = factors.use_code, []

    def overtaken(space, typed):
        tries.append(typed)
        kind = use(space, typed)
        if len(tries) == 1:
            step = factor_of(space).app_step
            write(lambda factor: setattr(factor, "app_step", step))
        return kind

    monkeypatch.setattr(factors, "use_code", overtaken)
    visitor.log_in(guarded.login, PASSWORD)
    assert visitor.send("code", code=code(guarded.secret)).status_int == 422
    assert len(tries) == 2
    assert states(guarded) == ["second"]


def test_who_skips_the_second_step_reaches_nothing(
    guarded, visitor, new_visitor, space_of
):
    visitor.log_in(guarded.login, PASSWORD)
    token = visitor.page.html.find("input", {"name": "_authenticator"})["value"]
    stored = space_of(guarded)._account._password
    space = f"/espaces/{guarded.id}"
    names = set(door.allowed_names()) - {"deuxieme-etape"}
    assert len(names) > 30
    reached = []
    fields = {"_authenticator": token, "current": PASSWORD, "action": "unlock"}
    for name in sorted(names):
        for path in (f"{space}/@@{name}", f"{space}/{name}"):
            answers = [visitor.get(path), visitor.post(path, fields)]
            headers = {"Accept": "application/json"}
            answers.append(visitor.get(path, headers=headers))
            reached += [
                (path, answer.status_int)
                for answer in answers
                if answer.status_int not in (401, 404)
                and "login" not in answer.headers.get("Location", "")
            ]
    assert reached == []
    for path in ("", "/@types", "/@workflow", "/@sharing", f"/@users/{guarded.id}"):
        for headers in ({}, {"Accept": "application/json"}):
            answer = visitor.get(space + path, headers=headers)
            assert answer.status_int in (401, 404), path
    assert visitor.get(f"/@users/{guarded.id}").status_int in (401, 404)
    visitor.get("/@@mon-espace")
    visitor.follow()
    assert visitor.path == step(guarded)
    assert states(guarded) == ["second"]
    assert space_of(guarded)._account._password == stored
    # Of another citizen's second step nothing is seen, nor of the own without session.
    assert new_visitor().get(step(guarded)).status_int == 404
    visitor.get("/@@logout")
    visitor.send("log-out")
    assert states(guarded) == []


def test_fixed_and_stolen_sessions(guarded, visitor, new_visitor, moved_clock):
    visitor.app.set_cookie(COOKIE, "A" * 43)
    visitor.log_in(guarded.login, PASSWORD)
    waiting = visitor.cookies[COOKIE]
    assert waiting != "A" * 43
    thief = new_visitor("203.0.113.9")
    thief.app.set_cookie(COOKIE, waiting)
    page = thief.get(step(guarded))
    assert page.status_int == 200
    visitor.send("code", code=code(guarded.secret))
    assert thief.get(step(guarded)).status_int == 404
    assert thief.get(f"/espaces/{guarded.id}").status_int == 404
    thief.page = page
    assert thief.send("code", code=guarded.codes[0]).status_int == 404
    # A session that waits is over after ten minutes, however much it is used.
    visitor.log_in(guarded.login, PASSWORD)
    page = visitor.page
    moved_clock.moved += 601
    visitor.page = page
    assert visitor.send("code", code=code(guarded.secret)).status_int == 404
    log_in(visitor, guarded, moved_clock)
    stolen = visitor.cookies[COOKIE]
    visitor.get("/@@logout")
    visitor.send("log-out")
    thief.app.set_cookie(COOKIE, stolen)
    assert thief.get(f"/espaces/{guarded.id}").status_int == 404


def test_forged_requests(guarded, visitor, space_of, moved_clock):
    def stored():
        factor = factor_of(space_of(guarded))
        return factor.__getstate__(), len(actions(space_of(guarded)))

    visitor.log_in(guarded.login, PASSWORD)
    before = stored()
    fields = {"action": "code", "code": code(guarded.secret)}
    assert visitor.post(step(guarded), fields).status_int == 403
    assert stored() == before and states(guarded) == ["second"]
    log_in(visitor, guarded, moved_clock)
    moved_clock.moved += 30
    before = stored()
    for action in (
        "app",
        "app-confirm",
        "app-off",
        "passkey",
        "passkey-confirm",
        "passkey-off",
        "codes",
    ):
        fields = {
            "action": action,
            "current": PASSWORD,
            "code": code(guarded.secret),
            "name": "a",
            "credential": "{}",
        }
        assert visitor.post(settings(guarded), fields).status_int == 403
        page = visitor.get(f"{settings(guarded)}?faire=codes")
        token = page.html.find("input", {"name": "_authenticator"})["value"]
        fields["_authenticator"] = token
        headers = {"Origin": "https://evil.example"}
        answer = visitor.post(settings(guarded), fields, headers=headers)
        assert answer.status_int == 403
    assert stored() == before


def test_guessing_is_slowed_and_locks_nobody_out(guarded, new_visitor, moved_clock):
    at_home = new_visitor()
    log_in(at_home, guarded, moved_clock)
    for number in range(3):
        thief = new_visitor(f"203.0.{number}.9")
        for _attempt in range(4):
            thief.log_in(guarded.login, PASSWORD)
            thief.send("code", code="000000")
    moved_clock.moved += 30
    thief.log_in(guarded.login, PASSWORD)
    assert thief.send("code", code=code(guarded.secret)).status_int == 422
    # The citizen: at home with the app, elsewhere with a code on paper.
    log_in(at_home, guarded, moved_clock)
    assert at_home.path == f"/espaces/{guarded.id}"
    away = new_visitor("198.51.100.9")
    away.log_in(guarded.login, PASSWORD)
    assert away.send("code", code=code(guarded.secret)).status_int == 422
    away.send("code", code=guarded.codes[0])
    assert away.path == f"/espaces/{guarded.id}"


def test_a_new_password_does_not_go_around_it(guarded, visitor, site, moved_clock):
    transaction.begin()
    space = get_spaces(site).get_space(guarded.id)
    ticket = unlocking.ask_reset(space)
    transaction.commit()
    visitor.get(f"/@@mot-de-passe-oublie?jeton={ticket}")
    visitor.send("reset", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    log_in(visitor, guarded, moved_clock, NEW_PASSWORD)
    assert visitor.path == f"/espaces/{guarded.id}/@@deverrouiller"
    transaction.begin()
    space = get_spaces(site).get_space(guarded.id)
    _login, first = accounts.issue_first_password(space)
    transaction.commit()
    log_in(visitor, guarded, moved_clock, first)
    assert visitor.path == f"/espaces/{guarded.id}/@@activation"
    moved_clock.moved += 400 * 86400
    visitor.send("password", new=PASSWORD, repeated=PASSWORD)
    transaction.begin()
    get_spaces(site).get_space(guarded.id)._account.first = None
    transaction.commit()
    log_in(visitor, guarded, moved_clock, NEW_PASSWORD)
    assert visitor.path == f"/espaces/{guarded.id}/@@nouveau-mot-de-passe"


def options_of(page) -> dict:
    return json.loads(page.html.find("form", {"data-passkey": True})["data-options"])


def challenge_of(page) -> bytes:
    return base64url_to_bytes(options_of(page)["challenge"])


def test_a_passkey_through_the_pages(citizen, new_visitor, space_of):
    visitor = new_visitor(base=SITE.origin)
    key = Authenticator(SITE.name, SITE.origin)
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"{settings(citizen)}?faire=cle")
    assert visitor.send("passkey", name="", current=PASSWORD).status_int == 422
    page = visitor.send("passkey", name="Mon téléphone", current=PASSWORD)
    assert options_of(page)["rp"]["id"] == "localhost"
    wrong = Authenticator(SITE.name, "http://localhost:9999")
    answer = wrong.make(challenge_of(page))
    assert visitor.send("passkey-confirm", credential=answer).status_int == 422
    visitor.page = page
    late = key.make(challenge_of(page))
    assert visitor.send("passkey-confirm", credential=late).status_int == 422
    assert not factor_of(space_of(citizen)).active
    page = visitor.send("passkey", name="Mon téléphone", current=PASSWORD)
    answer = key.make(challenge_of(page))
    page = visitor.send("passkey-confirm", credential=answer)
    spare = page.html.find(id="single-use-codes").find("li").text.strip()
    assert "Mon téléphone" in visitor.get(settings(citizen)).text

    visitor.log_in(citizen.login, PASSWORD)
    former = key.sign(challenge_of(visitor.page))
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.send("passkey", credential=former).status_int == 422
    visitor.send("passkey", credential=key.sign(challenge_of(visitor.page)))
    assert visitor.path == f"/espaces/{citizen.id}"
    (row,) = session_service().list(citizen.id)
    assert row.state == "open" and row.wrapped is not None

    visitor.get(settings(citizen))
    visitor.page = visitor.page.click(href="faire=retirer-cle")
    visitor.send("passkey-off", current=PASSWORD, code=spare)
    assert not factor_of(space_of(citizen)).active


def test_without_a_name_of_its_own_a_site_has_no_passkeys(citizen, visitor, space_of):
    start_passkey(space_of(citizen), Authenticator(SITE.name, SITE.origin), SITE)
    transaction.commit()
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.path == step(citizen)
    assert visitor.page.html.find("form", {"data-passkey": True}) is None
    fields = {
        "_authenticator": visitor.page.html.find("input", {"name": "_authenticator"})[
            "value"
        ],
        "action": "passkey",
        "credential": "{}",
    }
    assert visitor.post(step(citizen), fields).status_int == 422


def test_a_browser_never_seen_is_told_of(
    citizen, new_visitor, space_of, moved_clock, mail
):
    firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    visitor, new = new_visitor(), new_visitor(HTTP_USER_AGENT=firefox)
    # As spaces of the version before.
    space = space_of(citizen)
    assert space._devices is None and "_devices" not in space.__dict__
    visitor.log_in(citizen.login, PASSWORD)
    visitor.log_in(citizen.login, PASSWORD)
    space = space_of(citizen)
    assert "unusual" not in list(space._journal.oldest_first())[-1].details
    new.log_in(citizen.login, PASSWORD)
    new.log_in(citizen.login, PASSWORD)
    (letter,) = mail(space.email, 1)
    assert "Firefox, Windows" in letter and "nouveau navigateur" in letter
    first, second = list(space_of(citizen)._journal.oldest_first())[-2:]
    assert first.details["unusual"] and "unusual" not in second.details
    assert "un navigateur nouveau ici" in " ".join(
        new.get(f"/espaces/{citizen.id}/@@journal").html.get_text().split()
    )
    # Who knows the password only is told of at the first step, once an hour.
    start_app(space_of(citizen))
    transaction.commit()
    thief = new_visitor("203.0.113.9")
    for _ in range(3):
        thief.log_in(citizen.login, PASSWORD)
        thief.app.reset()
    visitor.log_in(citizen.login, PASSWORD)
    letters = mail(space.email, 2)
    assert len(letters) == 2 and "deuxième étape" in letters[1]


def test_sessions_one_by_one(guarded, visitor, new_visitor, space_of, moved_clock):
    log_in(visitor, guarded, moved_clock)
    second, third = new_visitor(), new_visitor()
    log_in(second, guarded, moved_clock)
    third.log_in(guarded.login, PASSWORD)
    page = visitor.get(f"/espaces/{guarded.id}/@@mon-compte")
    assert "attend la deuxième étape" in visitor.text
    buttons = page.html.find_all("button", value=lambda v: v and v.startswith("end:"))
    assert len(buttons) == 2, "none for the session at hand"
    data = {"action": buttons[0]["value"]}
    forged = visitor.post(f"/espaces/{guarded.id}/@@mon-compte", data)
    assert forged.status_int == 403
    assert states(guarded) == ["open", "open", "second"]
    visitor.get(f"/espaces/{guarded.id}/@@mon-compte")
    for button in buttons:
        visitor.send(button["value"])
    assert states(guarded) == ["open"] and visitor.logged_in
    assert not second.logged_in and not third.logged_in
    assert actions(space_of(guarded)).count("session-ended") == 2
