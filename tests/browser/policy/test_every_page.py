"""Every page against WCAG 2.2 A and AA, by machine.

The table is that of tests/api/policy/test_our_urls.py: a page that is added there is
looked at here, as the first of GROUPS that reaches it sees it.
"""

from api.policy.test_our_urls import ROLES
from api.policy.test_our_urls import TABLE
from api.policy.test_our_urls import world  # noqa: F401
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
from helpers.wcag import check
from helpers.wcag import VIEWS
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
import base64
import pytest
import requests


#: As whom pages are looked at.
GROUPS = ("visitor", "owner", "agent", "administrator", "webmaster")

#: Two of the four views each, in turn: what all pages have is seen in all of them.
PAIRS = (
    (("light", 1280), ("dark", 320)),
    (("dark", 1280), ("light", 320)),
)


def views_of(role: str, number: int) -> tuple[tuple[str, int], ...]:
    """Return the views of a page: two in turn; one for staff, whose pages are alike."""
    if role in ("visitor", "owner"):
        return PAIRS[number % 2]
    return (VIEWS[number % len(VIEWS)],)


def is_page(http: requests.Session, url: str) -> bool:
    """Say whether a GET brings a page, neither a file nor a way to another one."""
    answer = http.get(url, allow_redirects=False, headers={"Accept": "text/html"})
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code == 200 and kind.startswith("text/html")


def pages_of(role: str) -> list[str]:
    """Return the URLs of all rows that no earlier one of GROUPS reaches."""
    found = []
    for _name, url, who in TABLE:
        reaching = {name for name, sign in zip(ROLES, who, strict=True) if sign == "+"}
        if next((name for name in GROUPS if name in reaching), None) == role:
            found.append(url)
    return list(dict.fromkeys(found))


def context_of(
    chromium: Browser,
    http: requests.Session,
    server: str,  # noqa: F811
) -> BrowserContext:
    """Open a browser with the log-in of a session."""
    headers = {}
    if http.auth:
        secret = base64.b64encode(":".join(http.auth).encode()).decode()
        headers["Authorization"] = f"Basic {secret}"
    context = chromium.new_context(locale="fr-FR", extra_http_headers=headers)
    context.add_cookies(
        [{"name": row.name, "value": row.value, "url": server} for row in http.cookies]
    )
    return context


@pytest.mark.parametrize("role", GROUPS)
def test_no_violation_and_nothing_is_cut_off(world, chromium, role):  # noqa: F811
    address, people, values = world
    found, seen = {}, 0
    context = context_of(chromium, people[role], address)
    for url in pages_of(role):
        full = address + url.format(**values)
        if not is_page(people[role], full):
            continue
        page = context.new_page()
        answer = page.goto(full)
        assert answer.status == 200, (role, url)
        for key, what in check(page, views_of(role, seen)).items():
            found[role, url, *key[1:]] = what
        seen += 1
        page.close()
    context.close()
    assert seen
    assert not found, "\n".join(f"{key}: {nodes}" for key, nodes in found.items())
