"""Pages against WCAG 2.2 A and AA by machine, wide and narrow, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
SIZES = (1280, 320)
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


def check(page: Page) -> dict:
    """Return what is wrong with a page, at both widths, light and dark."""
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": 800})
            for violation in Axe().run(page, options=RULES).response["violations"]:
                nodes = [node["html"][:120] for node in violation["nodes"]]
                found[page.url, scheme, width, violation["id"]] = nodes
            wide = page.evaluate(TOO_WIDE)
            if wide or page.evaluate("document.documentElement.scrollWidth") > width:
                found[page.url, width, "too wide"] = wide
    if not page.title().strip():
        found[page.url, "title"] = "empty"
    page.set_viewport_size({"width": SIZES[0], "height": 900})
    return found
