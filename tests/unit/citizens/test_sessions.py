"""Sessions in files, the cookie, and the description of browsers."""

from civisdata.content.citizens import clients
from civisdata.content.citizens import cookies
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.session_files import FileSessionStore
from civisdata.content.citizens.sessions import Sessions
from helpers.session_store_rules import StoreRules
import os
import pickle
import pytest
import stat


class TestFiles(StoreRules):
    @pytest.fixture
    def store(self, tmp_path):
        return FileSessionStore(tmp_path / "sessions")


def test_files_are_private_and_leave_nothing_behind(tmp_path):
    sessions = Sessions(FileSessionStore(tmp_path))
    secret = sessions.create("alice", KeyBundle.new())
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    sessions.end(sessions.open(secret))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["lock"]
    assert os.listdir(tmp_path / "users") == []


@pytest.mark.parametrize("name", ["../x", "a/b", "", "é", "a" * 65])
def test_a_user_id_cant_lead_out_of_the_folder(tmp_path, name):
    sessions = Sessions(FileSessionStore(tmp_path))
    with pytest.raises(ValueError):
        sessions.create(name)


def test_a_damaged_file_is_no_session(tmp_path):
    sessions = Sessions(FileSessionStore(tmp_path))
    secret = sessions.create("alice")
    (path,) = (tmp_path / "rows").iterdir()
    path.write_text("{")
    assert sessions.open(secret) is None


def test_a_session_is_never_pickled_or_printed(tmp_path):
    sessions = Sessions(FileSessionStore(tmp_path))
    secret = sessions.create("alice")
    session = sessions.open(secret)
    with pytest.raises(TypeError):
        pickle.dumps(session)
    cookie = cookies.SessionCookie(secret)
    with pytest.raises(TypeError):
        pickle.dumps(cookie)
    assert cookies.encode(secret) not in repr({"a": cookie, "b": session})
    assert repr(secret) not in repr({"a": cookie, "b": session})


def environ(cookie, scheme="https", host="civis.example"):
    return {"HTTP_COOKIE": cookie, "wsgi.url_scheme": scheme, "HTTP_HOST": host}


def test_the_cookie_leaves_the_headers():
    value = cookies.encode(bytes(range(32)))
    env = environ(f"a=1; __Host-civis={value}; b=2")
    cookies.take_cookie(env)
    assert env["HTTP_COOKIE"] == "a=1; b=2"
    assert env["civisdata.session"].secret == bytes(range(32))
    assert value not in repr(env)
    env = environ(f"__Host-civis={value}")
    cookies.take_cookie(env)
    assert "HTTP_COOKIE" not in env


@pytest.mark.parametrize(
    ("cookie", "scheme", "host", "found"),
    [
        ("__Host-civis", "https", "civis.example", True),
        ("civis", "https", "civis.example", False),
        ("__Host-civis", "http", "127.0.0.1:8080", False),
        ("civis", "http", "127.0.0.1:8080", True),
        ("civis", "http", "localhost", True),
        ("civis", "http", "[::1]:8080", True),
        ("civis", "http", "civis.example", False),
        ("civis", "http", "localhost.evil.example", False),
        ("civis", "http", "127.0.0.1.evil.example", False),
        ("Civis", "http", "127.0.0.1", False),
    ],
)
def test_name_of_the_cookie_by_scheme_and_host(cookie, scheme, host, found):
    value = cookies.encode(bytes(32))
    env = environ(f"{cookie}={value}", scheme, host)
    cookies.take_cookie(env)
    assert ("civisdata.session" in env) is found
    assert (value in repr(env)) is (cookie == "Civis")


@pytest.mark.parametrize(
    "value", ["", "a" * 42, "a" * 44, "é" * 43, "+" * 43, "a" * 42 + "=", "a" * 10_000]
)
def test_a_malformed_cookie_is_none(value):
    env = environ(f"__Host-civis={value}")
    cookies.take_cookie(env)
    assert "civisdata.session" not in env


def test_the_environment_cant_be_forged():
    env = {"civisdata.session": "forged"}
    cookies.take_cookie(env)
    assert "civisdata.session" not in env


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:131.0) Firefox/131.0", "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17 Safari/604",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36 Edg/129.0",
            "Edge, Windows",
        ),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_browsers_are_described_coarsely(agent, words):
    assert clients.describe(agent) == words
