"""Headers of every answer."""

from civisdata.policy.door.headers import EDITOR_POLICY
from civisdata.policy.door.headers import protected
from civisdata.policy.door.headers import protecting
from civisdata.policy.door.headers import STRICT_POLICY
from civisdata.policy.door.headers import strict_policy
import pytest


def answer(path="/", query="", scheme="http", headers=(), status="200 OK"):
    environ = {
        "HTTP_HOST": "civis.example",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.url_scheme": scheme,
    }
    return dict(protected(list(headers), status, environ))


def test_a_page_gets_the_strict_policy_and_says_little():
    got = answer(headers=[("X-Powered-By", "Zope"), ("Content-Type", "text/html")])
    assert got["Content-Security-Policy"] == strict_policy("http", "civis.example")
    assert "unsafe" not in STRICT_POLICY
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'self'" in got["Content-Security-Policy"]
    assert "X-Powered-By" not in got


def test_a_page_that_brings_its_policy_keeps_it():
    got = protected(
        [("content-security-policy", EDITOR_POLICY)], "200 OK", {"PATH_INFO": "/"}
    )
    values = [v for k, v in got if k.lower() == "content-security-policy"]
    assert values == [EDITOR_POLICY]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_strict_transport_goes_over_https_only(scheme):
    got = answer(scheme=scheme)
    assert ("Strict-Transport-Security" in got) == (scheme == "https")


@pytest.mark.parametrize(
    "path, query, status, expected",
    [
        ("/++theme++civisdata/css/civis.min.css", "v=ab", "200 OK", "immutable"),
        ("/++theme++civisdata/fonts/a.woff2", "", "200 OK", "max-age=604800"),
        ("/++theme++civisdata/nothing", "v=ab", "404 Not Found", "no-store"),
        ("/cub", "v=ab", "200 OK", "no-store"),
        ("/cub", "", "304 Not Modified", None),
    ],
)
def test_files_of_the_theme_are_kept_by_browsers(path, query, status, expected):
    got = answer(path, query, status=status).get("Cache-Control")
    assert (got is None) if expected is None else expected in got


def test_the_path_is_that_of_the_visitor_even_when_it_is_rewritten_later():
    seen = {}
    environ = {"PATH_INFO": "/++theme++civisdata/a.css", "QUERY_STRING": "v=1"}
    start = protecting(lambda status, headers: seen.update(headers), environ)
    environ["PATH_INFO"] = "/VirtualHostBase/…"
    start("200 OK", [])
    assert "immutable" in seen["Cache-Control"]


def test_scripts_come_from_the_disk_of_the_server_only():
    policy = answer(scheme="https")["Content-Security-Policy"]
    (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src")]
    sources = scripts.split()[1:]
    assert "https://civis.example/++theme++civisdata/" in sources
    assert all(source.startswith("https://civis.example/++") for source in sources)
    assert "script-src 'none'" in strict_policy("http", "x; script-src *")


@pytest.mark.parametrize("sent", ["__ac=x; Path=/", "__ac=x; Path=/; SameSite=None"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_of_staff_is_guarded(scheme, sent):
    cookie = answer(scheme=scheme, headers=[("Set-Cookie", sent)])["Set-Cookie"]
    assert cookie.startswith("__ac=x; Path=/; HttpOnly; SameSite=Lax")
    assert ("Secure" in cookie) == (scheme == "https")


def test_other_cookies_go_over_https_only_once_they_came_so():
    cookies = [("Set-Cookie", "I18N=fr; Path=/"), ("Set-Cookie", "a=b; Secure; Path=/")]
    got = protected(cookies, "200 OK", {"wsgi.url_scheme": "https"})
    sent = [value for name, value in got if name == "Set-Cookie"]
    assert sent == ["I18N=fr; Path=/; Secure", "a=b; Secure; Path=/"]
    assert protected(cookies, "200 OK", {})[0] == cookies[0]
