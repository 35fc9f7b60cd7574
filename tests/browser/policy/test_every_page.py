"""Every page of the table of roles and URLs against WCAG 2.2 A and AA, by machine.

The table is that of tests/api/policy/test_our_urls.py: a page that is added there is
looked at here. A page that several roles reach is looked at for those to whom it looks
different: visitors, the citizen of the space, and staff with Plone's tools.
"""

from api.policy.test_our_urls import ROLES
from api.policy.test_our_urls import TABLE
from api.policy.test_our_urls import world  # noqa: F401
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
from helpers.wcag import check
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
import base64
import pytest
import requests


#: For whom a page is looked at, the first that reaches it of each group.
GROUPS = (
    ("visitor",),
    ("owner",),
    ("webmaster", "administrator", "agent", "elsewhere", "manager"),
)
#: Staff sees public pages with Plone's tools around them: these stand for all.
WITH_TOOLS = ("accueil", "search", "section-news", "view")


def is_page(http: requests.Session, url: str) -> bool:
    """Say whether a GET brings a page, neither a file nor a way to another one."""
    answer = http.get(url, allow_redirects=False, headers={"Accept": "text/html"})
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code == 200 and kind.startswith("text/html")


def pages_of(group: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return role and URL of all rows that are this group's."""
    found = {}
    for name, url, who in TABLE:
        reaching = {role for role, sign in zip(ROLES, who, strict=True) if sign == "+"}
        role = next((role for role in group if role in reaching), None)
        if role is None:
            continue
        public = "visitor" in reaching and role != "visitor"
        if public and (role == "owner" or name not in WITH_TOOLS):
            continue
        found[url] = role
    return [(role, url) for url, role in found.items()]


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


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_no_violation_and_nothing_is_cut_off(world, chromium, group):  # noqa: F811
    address, people, values = world
    found, seen = {}, 0
    contexts: dict[str, BrowserContext] = {}
    for role, url in pages_of(group):
        full = address + url.format(**values)
        if not is_page(people[role], full):
            continue
        if role not in contexts:
            contexts[role] = context_of(chromium, people[role], address)
        page = contexts[role].new_page()
        answer = page.goto(full)
        assert answer.status == 200, (role, url)
        for key, what in check(page).items():
            found[role, url, *key[1:]] = what
        seen += 1
        page.close()
    for context in contexts.values():
        context.close()
    assert seen > 10
    assert found == {}
