"""Log-in, activation, forgotten password, unlocking: through the real publisher."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.app.testing import TEST_USER_NAME
from plone.app.testing import TEST_USER_PASSWORD
import pytest
import transaction


COOKIE = "civis"


def sessions_of(citizen) -> int:
    return len(session_service().list(citizen.id))


def test_the_first_day(newcomer, visitor, space_of):
    visitor.log_in(newcomer.login, newcomer.first_password)
    assert visitor.path == f"/espaces/{newcomer.id}/@@activation"
    page = visitor.send("password", new=PASSWORD, repeated=PASSWORD)
    assert page.headers["Cache-Control"] == "no-store"
    code = page.html.find(id="shown-code").text
    before = visitor.cookies[COOKIE]
    visitor.send("confirm", code=code.lower().replace("-", " "))
    assert visitor.path == f"/espaces/{newcomer.id}"
    assert visitor.page.status_int == 200
    assert visitor.cookies[COOKIE] != before
    assert space_of(newcomer)._account.activated
    assert sessions_of(newcomer) == 1
    assert visitor.logged_in


def test_before_the_activation_nothing_else_is_reached(newcomer, visitor):
    visitor.log_in(newcomer.login, newcomer.first_password)
    for path in ("", "/@@securite", "/@@deverrouiller", "/@@nouveau-mot-de-passe"):
        assert visitor.get(f"/espaces/{newcomer.id}{path}").status_int in (302, 404)
    visitor.get("/@@mon-espace")
    visitor.follow()
    assert visitor.path == f"/espaces/{newcomer.id}/@@activation"


def test_a_bad_password_at_the_activation_stores_nothing(newcomer, visitor, space_of):
    visitor.log_in(newcomer.login, newcomer.first_password)
    page = visitor.send("password", new="kQ8zP", repeated="kQ8zP")
    assert page.status_int == 422
    assert page.html.find(id="new-error") and "12" in visitor.text
    assert page.html.find(id="new")["aria-describedby"] == "new-hint new-error"
    assert "kQ8zP" not in page.html.find("main").decode()
    assert space_of(newcomer)._account.password is None


def test_a_mistyped_code_and_a_lost_page(newcomer, visitor, space_of):
    visitor.log_in(newcomer.login, newcomer.first_password)
    page = visitor.send("password", new=PASSWORD, repeated=PASSWORD)
    first = page.html.find(id="shown-code").text
    assert visitor.send("confirm", code="0" * 30).status_int == 422
    assert first not in visitor.page.text
    assert space_of(newcomer)._account.activated is None
    page = visitor.send("show")
    second = page.html.find(id="shown-code").text
    assert visitor.send("confirm", code=first).status_int == 422
    visitor.log_in(newcomer.login, PASSWORD)
    assert visitor.path == f"/espaces/{newcomer.id}/@@activation"
    page = visitor.send("show")
    assert second != page.html.find(id="shown-code").text
    visitor.send("confirm", code=page.html.find(id="shown-code").text)
    assert visitor.path == f"/espaces/{newcomer.id}"


def test_the_password_sent_twice(newcomer, visitor, space_of):
    visitor.log_in(newcomer.login, newcomer.first_password)
    page = visitor.page
    visitor.send("password", new=PASSWORD, repeated=PASSWORD)
    public = space_of(newcomer)._account.public
    visitor.page = page
    assert visitor.send("password", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    assert visitor.page.status_int == 422
    assert space_of(newcomer)._account.public == public


def test_an_expired_first_password(newcomer, visitor, moved_clock):
    moved_clock.moved = 8 * 86400
    visitor.log_in(newcomer.login, newcomer.first_password)
    assert visitor.page.status_int == 422
    assert COOKIE not in visitor.cookies


def test_the_cookie(citizen, visitor, new_visitor):
    visitor.get("/@@login")
    form = visitor.page.forms["log-in"]
    form["login"], form["password"] = citizen.login, PASSWORD
    answer = form.submit("action", value="log-in", status="*")
    (cookie,) = [
        value
        for value in answer.headers.getall("Set-Cookie")
        if value.startswith("civis=")
    ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert not any(part.startswith(("domain", "expires")) for part in parts)
    secure = new_visitor(base="https://civis.example")
    secure.get("/@@login")
    form = secure.page.forms["log-in"]
    form["login"], form["password"] = citizen.login, PASSWORD
    answer = form.submit("action", value="log-in", status="*")
    (cookie,) = [
        value
        for value in answer.headers.getall("Set-Cookie")
        if value.startswith("__Host-civis=")
    ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", "secure"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_no_log_in_over_plain_http_from_elsewhere(citizen, new_visitor):
    visitor = new_visitor(base="http://civis.example")
    assert visitor.log_in(citizen.login, PASSWORD).status_int == 422
    assert "https" in visitor.text
    assert not visitor.cookies.get(COOKIE)
    assert sessions_of(citizen) == 0


def test_unknown_and_wrong_look_the_same(citizen, visitor):
    def answer(login, password):
        page = visitor.log_in(login, password)
        body = page.text.replace(login, "LOGIN")
        for form in page.forms.values():
            if "_authenticator" in form.fields:
                body = body.replace(form["_authenticator"].value, "TOKEN")
        varying = ("Content-Length", "Date")
        headers = {k: v for k, v in page.headers.items() if k not in varying}
        return page.status_int, body, headers

    assert answer(citizen.login, "wrong") == answer("c-22222222", "wrong")
    assert answer(citizen.login, "wrong")[0] == 422


def test_the_session_is_a_new_one_at_each_log_in(citizen, visitor):
    fixed = "A" * 43
    visitor.app.set_cookie(COOKIE, fixed)
    visitor.log_in(citizen.login, PASSWORD)
    first = visitor.cookies[COOKIE]
    assert first != fixed
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.cookies[COOKIE] != first
    assert sessions_of(citizen) == 1


def test_a_stolen_cookie_is_worth_nothing_after_the_log_out(
    citizen, visitor, new_visitor
):
    visitor.log_in(citizen.login, PASSWORD)
    thief = new_visitor("203.0.113.9")
    thief.app.set_cookie(COOKIE, visitor.cookies[COOKIE])
    assert thief.get(f"/espaces/{citizen.id}/@@securite").status_int == 200
    visitor.get("/@@logout")
    assert sessions_of(citizen) == 1, "a GET must not log out"
    visitor.send("log-out")
    assert visitor.path == "/"
    assert thief.get(f"/espaces/{citizen.id}/@@securite").status_int == 404
    assert sessions_of(citizen) == 0
    assert not visitor.cookies.get(COOKIE)


def test_forged_requests(citizen, visitor):
    visitor.log_in(citizen.login, PASSWORD)
    data = {"action": "log-out"}
    assert visitor.post("/@@logout", data).status_int == 403
    page = visitor.get("/@@logout")
    token = page.html.find("input", {"name": "_authenticator"})["value"]
    data["_authenticator"] = token
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert visitor.post("/@@logout", data, headers=headers).status_int == 403
    assert sessions_of(citizen) == 1


@pytest.mark.parametrize(
    ("came_from", "path"),
    [
        ("/communes/bordeaux", "/communes/bordeaux"),
        ("http://127.0.0.1:8099/communes", "/communes"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("/\\evil.example", None),
        ("http://127.0.0.1:8099@evil.example/", None),
        ("javascript:alert(1)", None),
        ("/@@logout", None),
    ],
)
def test_going_back_after_the_log_in(citizen, visitor, came_from, path):
    visitor.log_in(citizen.login, PASSWORD, came_from)
    assert visitor.path == (path or f"/espaces/{citizen.id}")


def test_going_back_tells_nothing_of_other_spaces(citizen, new_citizen, visitor):
    other = new_citizen("Berthe")
    answers = []
    for target in (other.id, "a" * 16):
        page = visitor.log_in(citizen.login, PASSWORD, f"/espaces/{target}")
        answers.append((page.status_int, visitor.path.replace(target, "ID")))
    assert answers[0] == answers[1] == (404, "/espaces/ID")


def test_idle_and_absolute_limits(citizen, visitor, moved_clock):
    visitor.log_in(citizen.login, PASSWORD)
    page = f"/espaces/{citizen.id}/@@securite"
    moved_clock.moved = 29 * 60
    assert visitor.get(page).status_int == 200
    moved_clock.moved = 58 * 60
    assert visitor.get(page).status_int == 200
    moved_clock.moved = 89 * 60
    assert visitor.get(page).status_int == 404


def test_looking_at_the_time_left_is_no_use_of_the_session(
    citizen, visitor, moved_clock
):
    visitor.log_in(citizen.login, PASSWORD)
    page = visitor.get(f"/espaces/{citizen.id}/@@securite")
    token = page.html.find("input", {"name": "_authenticator"})["value"]
    moved_clock.moved = 20 * 60
    assert 590 <= visitor.get("/@@session-etat").json["seconds"] <= 600
    assert visitor.get("/@@session-prolonger").status_int == 405
    moved_clock.moved = 25 * 60
    assert visitor.post("/@@session-prolonger", {}).status_int == 403
    visitor.post("/@@session-prolonger", {"_authenticator": token})
    assert visitor.page.json["seconds"] > 1700


def test_an_expired_session_in_the_middle_of_a_form(
    citizen, visitor, moved_clock, space_of
):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    before = space_of(citizen)._account.password
    moved_clock.moved = 3600
    fields = {"current": PASSWORD, "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert visitor.send("password", **fields).status_int == 404
    assert space_of(citizen)._account.password == before


def test_change_of_password(citizen, visitor, new_visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    other = new_visitor()
    other.log_in(citizen.login, PASSWORD)
    assert sessions_of(citizen) == 2
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    assert "cette session" in visitor.text or "(" in visitor.text
    fields = {"current": "wrong", "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert visitor.send("password", **fields).status_int == 422
    before = visitor.cookies[COOKIE]
    fields["current"] = PASSWORD
    assert visitor.send("password", **fields).status_int == 200
    assert visitor.path.endswith("@@securite")
    assert visitor.cookies[COOKIE] != before
    assert sessions_of(citizen) == 1
    assert not other.logged_in
    assert other.log_in(citizen.login, PASSWORD).status_int == 422
    other.log_in(citizen.login, NEW_PASSWORD)
    assert other.logged_in


def test_ending_the_other_sessions(citizen, visitor, new_visitor):
    visitor.log_in(citizen.login, PASSWORD)
    other = new_visitor()
    other.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    visitor.send("others")
    assert visitor.logged_in and not other.logged_in


def test_a_new_recovery_code(citizen, visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    before = space_of(citizen)._account.recovery
    assert visitor.send("code", current_for_code="wrong").status_int == 422
    page = visitor.send("code", current_for_code=PASSWORD)
    code = page.html.find(id="shown-code").text
    assert visitor.send("confirm", code="0" * 30).status_int == 422
    assert space_of(citizen)._account.recovery == before
    visitor.send("confirm", code=code)
    space = space_of(citizen)
    assert space._account.recovery != before
    found = unlocking.keys.open_with_recovery_code(
        space._account.recovery, code, citizen.id
    )
    assert found == citizen.bundle


def test_an_old_password_has_to_be_changed(citizen, visitor, moved_clock):
    moved_clock.moved = 400 * 86400
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}/@@nouveau-mot-de-passe"
    page = visitor.page
    assert visitor.get(f"/espaces/{citizen.id}").status_int == 404
    assert visitor.get(f"/espaces/{citizen.id}/@@securite").status_int == 302
    visitor.page = page
    same = {"current": PASSWORD, "new": PASSWORD, "repeated": PASSWORD}
    assert visitor.send("password", **same).status_int == 422
    new = {"current": PASSWORD, "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    visitor.send("password", **new)
    assert visitor.path == f"/espaces/{citizen.id}"


def reset_link(smtp_server, number=1):
    text = smtp_server.wait(number)[-1]
    start = text.index("/@@mot-de-passe-oublie?jeton=")
    return text[start:].split()[0]


def test_forgotten_password_and_recovery_code(citizen, visitor, site, space_of):
    transaction.begin()
    ticket = unlocking.ask_reset(get_spaces(site).get_space(citizen.id))
    transaction.commit()
    page = visitor.get(f"/@@mot-de-passe-oublie?jeton={ticket}")
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.html.find(class_="alert-warning"), "the warning before a reset"
    visitor.send("reset", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    assert visitor.path == "/@@login"
    assert visitor.get(f"/@@mot-de-passe-oublie?jeton={ticket}")
    assert visitor.page.html.find(id="errors")
    visitor.log_in(citizen.login, NEW_PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}/@@deverrouiller"
    wrong = {"current": NEW_PASSWORD, "code": "0" * 30}
    assert visitor.send("code", **wrong).status_int == 422
    right = {"current": NEW_PASSWORD, "code": citizen.code}
    visitor.send("code", **right)
    assert visitor.path == f"/espaces/{citizen.id}"
    (row,) = session_service().list(citizen.id)
    assert row.wrapped is not None
    visitor.log_in(citizen.login, NEW_PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}"


def test_forgotten_password_and_the_old_one(citizen, visitor, site):
    transaction.begin()
    ticket = unlocking.ask_reset(get_spaces(site).get_space(citizen.id))
    transaction.commit()
    visitor.get(f"/@@mot-de-passe-oublie?jeton={ticket}")
    visitor.send("reset", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.send("old", current=NEW_PASSWORD, old=PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}"


def test_starting_anew(citizen, visitor, site, moved_clock, space_of):
    transaction.begin()
    ticket = unlocking.ask_reset(get_spaces(site).get_space(citizen.id))
    transaction.commit()
    visitor.get(f"/@@mot-de-passe-oublie?jeton={ticket}")
    visitor.send("reset", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    assert visitor.send("ask-anew", word="oui").status_int == 422
    visitor.send("ask-anew", word="recommencer")
    visitor.send("cancel-anew")
    visitor.send("ask-anew", word="RECOMMENCER")
    assert not visitor.page.html.find("button", value="start-anew")
    moved_clock.moved = 73 * 3600
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.send("start-anew", current=NEW_PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}/@@activation"
    page = visitor.send("show")
    visitor.send("confirm", code=page.html.find(id="shown-code").text)
    assert visitor.path == f"/espaces/{citizen.id}"
    account = space_of(citizen)._account
    assert account.public != citizen.bundle.public
    assert account.previous is None


def test_a_new_first_password_from_the_desk(citizen, visitor, site):
    transaction.begin()
    space = get_spaces(site).get_space(citizen.id)
    _login, first = accounts.issue_first_password(space)
    transaction.commit()
    assert visitor.log_in(citizen.login, PASSWORD).status_int == 422
    visitor.log_in(citizen.login, first)
    visitor.send("password", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}/@@deverrouiller"
    visitor.send("code", current=NEW_PASSWORD, code=citizen.code)
    assert visitor.path == f"/espaces/{citizen.id}"


def test_a_link_in_a_mail_meets_a_page_that_goes_on(citizen, visitor):
    visitor.log_in(citizen.login, PASSWORD)
    cookie = visitor.cookies[COOKIE]
    visitor.app.reset()
    page = visitor.get("/@@mon-espace")
    assert page.status_int == 200
    visitor.app.set_cookie(COOKIE, cookie)
    visitor.page = page.click(href="suite=1")
    visitor.follow()
    assert visitor.path == f"/espaces/{citizen.id}"
    visitor.app.reset()
    visitor.get("/@@mon-espace?suite=1")
    visitor.follow()
    assert visitor.path == "/@@login"


@pytest.mark.parametrize(
    ("login", "password"),
    [(TEST_USER_NAME, TEST_USER_PASSWORD), (SITE_OWNER_NAME, SITE_OWNER_PASSWORD)],
)
def test_staff_log_in_and_out_by_the_same_form(citizen, visitor, login, password):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.log_in(login, password, "/communes")
    assert visitor.path == "/communes"
    assert visitor.logged_in
    assert sessions_of(citizen) == 0
    assert "__ac" in visitor.cookies
    visitor.get("/@@logout")
    visitor.send("log-out")
    assert not visitor.logged_in
    assert visitor.log_in(login, "wrong").status_int == 422
