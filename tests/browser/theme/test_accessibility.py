"""The public pages against WCAG 2.2 A and AA, by machine, wide and narrow, light and dark."""

from axe_playwright_python.sync_playwright import Axe
import pytest


RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}

PAGES = {
    "home": "",
    "communes": "/communes",
    "commune": "/communes/bordeaux",
    "empty commune": "/communes/ambes",
    "news list": "/actualites",
    "news item": "/cub/actualites/pont-de-pierre",
    "search": "/@@search?SearchableText=bordeaux",
    "accessibility": "/accessibilite",
    "sign-up": "/@@inscription",
    "log-in": "/@@login",
    "not found": "/cette-page-n-existe-pas",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_violation(visit, name):
    found = {}
    for scheme in ("light", "dark"):
        for width in (1280, 320):
            with visit(PAGES[name], width=width, color_scheme=scheme) as page:
                result = Axe().run(page, options=RULES).response
                for violation in result["violations"]:
                    nodes = [node["html"][:120] for node in violation["nodes"]]
                    found[scheme, width, violation["id"]] = nodes
    assert found == {}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_at_320_pixels(visit, name):
    with visit(PAGES[name], width=320) as page:
        wide = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => "
            "!e.closest('svg, .visually-hidden') && !e.matches('.civ-moon') && "
            "e.getBoundingClientRect().right > 321 && e.getBoundingClientRect().width)"
            ".map(e => e.outerHTML.slice(0, 120))"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert wide == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_inline_and_nothing_is_english(visit, name):
    with visit(PAGES[name]) as page:
        inline = page.evaluate(
            "[...document.querySelectorAll('[style], style, script:not([src]):not([type=\"application/ld+json\"])')]"
            ".map(e => e.outerHTML.slice(0, 120))"
        )
        assert inline == []
        assert page.evaluate("document.documentElement.lang") == "fr"
        assert page.locator("h1").count() == 1
        assert page.locator("meta[name=generator]").count() == 0
        text = page.inner_text("body").lower()
        for word in ("powered by", "plone", " the ", "log in", "search", " rss"):
            assert word not in text
