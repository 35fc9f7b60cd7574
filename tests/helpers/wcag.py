"""Pages in Chromium against WCAG 2.2 AA, by machine, and the log-in there."""

from axe_playwright_python.sync_playwright import Axe


RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}


def log_in(page, portal_url, login, password):
    page.goto(f"{portal_url}/@@login")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_load_state()


def problems(page) -> dict:
    """Return what axe finds, and what is cut off at 320 pixels."""
    found = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for violation in Axe().run(page, options=RULES).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"]]
            found[width, violation["id"]] = nodes
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - window.innerWidth"
        )
        if overflow > 0:
            found[width, "overflow"] = overflow
    page.set_viewport_size({"width": 1280, "height": 900})
    return found
