"""The public pages against WCAG 2.2 A and AA, by machine, wide and narrow, light and dark."""

from helpers.wcag import check
import pytest


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


#: The others are looked at with every page (tests/browser/policy).
@pytest.mark.parametrize("name", ["empty commune", "news item", "not found"])
def test_no_violation_and_nothing_is_cut_off(visit, name):
    with visit(PAGES[name]) as page:
        assert check(page) == {}


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
