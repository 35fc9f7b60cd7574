"""Hosts and paths that the door takes."""

from civisdata.policy.door.filter import Door
from civisdata.policy.door.hosts import is_known_host
from civisdata.policy.door.hosts import is_virtual_host_path
import pytest


HOSTS = frozenset(["civis.example"])


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("civis.example", True),
        ("CIVIS.example:443", True),
        ("127.0.0.1:8080", True),
        ("localhost", True),
        ("evil.example", False),
        ("civis.example.evil.example", False),
        ("civis.example:80@evil.example", False),
        ("127.0.0.1:80@evil.example", False),
        ("localhost:8080/evil", False),
        ("[::1]:8080", True),
        ("", False),
    ],
)
def test_hosts(host, known):
    assert is_known_host(host, HOSTS) is known


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/communes/bordeaux", False),
        ("/VirtualHostBase/http/evil.example:80/x", True),
        ("/a/VirtualHostRoot/b", True),
        ("/_vh_evil/communes", True),
    ],
)
def test_paths(path, refused):
    assert is_virtual_host_path(path) is refused


def call(**environ) -> tuple[str, dict]:
    """Send a request through the door; return its status and what Zope saw."""
    seen, statuses = {}, []

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])
        return []

    door = Door(app, "civisdata", HOSTS)
    door(
        {"SERVER_NAME": "x", "REQUEST_METHOD": "GET", **environ},
        lambda status, headers: statuses.append(status),
    )
    return statuses[0], seen


def test_the_root_is_the_portal():
    status, seen = call(PATH_INFO="/", HTTP_HOST="civis.example")
    assert status == "200 OK"
    assert seen["PATH_INFO"] == (
        "/VirtualHostBase/http/civis.example:80/civisdata/VirtualHostRoot/"
    )


def test_a_foreign_host_never_reaches_zope():
    status, seen = call(PATH_INFO="/", HTTP_HOST="evil.example")
    assert status.startswith("400")
    assert not seen


def test_a_path_cannot_move_the_root():
    status, seen = call(
        PATH_INFO="/VirtualHostBase/http/evil:80/VirtualHostRoot/",
        HTTP_HOST="civis.example",
    )
    assert status.startswith("404")
    assert not seen


def test_head_is_get_without_a_body():
    closed = []

    class Body:
        def __iter__(self):
            yield b"page"

        def close(self):
            closed.append(True)

    def app(environ, start_response):
        assert environ["REQUEST_METHOD"] == "GET"
        start_response("200 OK", [("Content-Length", "4")])
        return Body()

    answered = []
    body = Door(app, "civisdata", HOSTS)(
        {"REQUEST_METHOD": "HEAD", "SERVER_NAME": "x", "HTTP_HOST": "civis.example"},
        lambda status, headers: answered.append((status, headers)),
    )
    status, headers = answered[0]
    assert status == "200 OK"
    assert ("Content-Length", "4") in headers
    assert list(body) == []
    assert closed
