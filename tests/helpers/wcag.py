"""Pages against WCAG 2.2 A and AA by machine, wide and narrow, light and dark."""

from axe_playwright_python.base import AXE_SCRIPT
from collections.abc import Iterable
from playwright.sync_api import Page


RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
SIZES = (1280, 320)
VIEWS = tuple((scheme, width) for scheme in ("light", "dark") for width in SIZES)
#: Plone's toolbar sends its link to the history empty; a script writes the date into it.
DATES_SHOWN = """
() => [...document.querySelectorAll('time.pat-display-time')].every(e => e.textContent.trim())
"""
TOO_WIDE = """
[...document.querySelectorAll('#main-container *')].filter(e =>
  !e.closest('svg, .visually-hidden, .table-responsive')
  && e.getBoundingClientRect().right > innerWidth + 1
  && e.getBoundingClientRect().width > 1
).map(e => e.outerHTML.slice(0, 120))
"""


def log_in(page: Page, portal_url: str, login: str, password: str) -> None:
    page.goto(f"{portal_url}/@@login")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_load_state()


def check(page: Page, views: Iterable[tuple[str, int]] = VIEWS) -> dict:
    """Return what is wrong with a page, at both widths, light and dark (or some of it).

    TinyMCE's own toolbar and frame (``.tox``) are left out: the accessibility statement
    says what is known of them.
    """
    found = {}
    page.wait_for_function(DATES_SHOWN)
    page.evaluate(AXE_SCRIPT)
    for scheme, width in views:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        result = page.evaluate("rules => axe.run({exclude: ['.tox']}, rules)", RULES)
        for violation in result["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"]]
            found[page.url, scheme, width, violation["id"]] = nodes
        wide = page.evaluate(TOO_WIDE)
        if wide or page.evaluate("document.documentElement.scrollWidth") > width:
            found[page.url, width, "too wide"] = wide
    if not page.title().strip():
        found[page.url, "title"] = "empty"
    page.set_viewport_size({"width": SIZES[0], "height": 900})
    return found
