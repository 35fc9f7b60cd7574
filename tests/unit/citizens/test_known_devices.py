"""Browsers that a citizen has logged in with; sessions that wait for the second step."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import cookies
from civisdata.content.citizens import sessions
from civisdata.content.citizens.devices import known
from civisdata.content.citizens.session_files import FileSessionStore
from helpers.journal import BareSpace
from types import SimpleNamespace
import pytest
import secrets


class Browser:
    """A request, and what its answer sets."""

    def __init__(self, secret: bytes | None = None) -> None:
        self.environ = {}
        self.response = self
        self.sent = []
        if secret is not None:
            self.environ[cookies.DEVICE_KEY] = cookies.SessionCookie(secret)

    def get(self, name, default=""):
        return "https://civis.example"

    def setCookie(self, name, value, **flags):
        self.sent.append((name, value, flags))

    def again(self) -> "Browser":
        """Come again with the cookie, which the door takes out of the headers."""
        name, value, _flags = self.sent[-1]
        environ = {
            "HTTP_COOKIE": f"{name}={value}; a=b",
            "wsgi.url_scheme": "https",
        }
        cookies.take_cookie(environ)
        assert environ.pop("HTTP_COOKIE") == "a=b"
        browser = Browser()
        browser.environ = environ
        return browser


def test_a_browser_is_known_again():
    space, other = BareSpace(), BareSpace("ponmlkjihgfedcba")
    first = Browser()
    assert not known.is_unusual(space, first), "nothing to compare with"
    known.remember(space, first)
    for name, _value, flags in first.sent:
        assert name.startswith("__Secure-civis-appareil")
        assert flags["http_only"] and flags["secure"] and flags["same_site"] == "Strict"
    # Not to public pages, which caches keep for who sends no cookie.
    assert [flags["path"] for _n, _v, flags in first.sent] == ["/@@login", "/espaces"]
    same = first.again()
    assert known.is_known(space, same) and not known.is_unusual(space, same)
    assert not known.is_known(other, same)
    assert known.is_unusual(space, Browser())
    assert known.is_unusual(space, Browser(secrets.token_bytes(32)))


def test_marks_of_two_citizens_at_one_computer_tell_nothing():
    one, two = BareSpace(), BareSpace("ponmlkjihgfedcba")
    browser = Browser()
    known.remember(one, browser)
    known.remember(two, browser.again())
    assert one._devices.marks != two._devices.marks
    assert browser.again().environ[cookies.DEVICE_KEY].secret not in one._devices.marks


def test_who_comes_no_more_is_forgotten():
    space = BareSpace()
    browsers = [Browser(secrets.token_bytes(32)) for _ in range(known.MOST + 1)]
    for browser in browsers:
        known.remember(space, browser)
        known.remember(space, browsers[0])
    assert known.is_known(space, browsers[0])
    assert not known.is_known(space, browsers[1])
    known.forget_others(space, browsers[0])
    assert known.is_known(space, browsers[0])
    assert not known.is_known(space, browsers[-1])
    known.forget_others(space, Browser())
    assert not known.is_known(space, browsers[0])


def test_halfway_log_ins_are_told_of_once_an_hour():
    space, state = BareSpace(), SimpleNamespace(now=1_800_000_000.0)
    former = clock.set_source(lambda: state.now)
    try:
        assert [known.may_tell(space), known.may_tell(space)] == [True, False]
        state.now += 3601
        assert known.may_tell(space)
    finally:
        clock.set_source(former)


def test_a_cookie_of_plain_http_is_no_cookie_of_https():
    value = cookies.encode(secrets.token_bytes(32))
    environ = {
        "HTTP_COOKIE": f"civis-appareil={value}; civis={value}",
        "wsgi.url_scheme": "https",
        cookies.DEVICE_KEY: "forged",
    }
    cookies.take_cookie(environ)
    assert set(environ) == {"wsgi.url_scheme"}


@pytest.fixture
def service(tmp_path):
    state = SimpleNamespace(now=1_800_000_000.0)
    service = sessions.Sessions(FileSessionStore(tmp_path), lambda: state.now)
    service.state = state
    return service


def test_a_session_waits_ten_minutes_for_the_second_step(service):
    secret = service.create("a" * 16, state=sessions.SECOND)
    ordinary = service.create("a" * 16)
    service.state.now += 599
    session = service.open(secret)
    assert session.ends == service.state.now + 1
    assert len(service.list("a" * 16)) == 2
    service.state.now += 2
    assert [row.state for row in service.list("a" * 16)] == [sessions.OPEN]
    assert service.open(secret) is None
    assert service.open(ordinary)


def test_each_session_has_a_challenge_of_its_own(service):
    found = {
        service.open(service.create("a" * 16, state=sessions.SECOND)).challenge()
        for _ in range(3)
    }
    assert {len(challenge) for challenge in found} == {32} and len(found) == 3
