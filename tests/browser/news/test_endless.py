"""A citizen's news in Chromium: they go on by themselves, stop, and are found again."""

from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from DateTime import DateTime
from helpers.people import person
from playwright.sync_api import expect
from plone import api
import pytest
import transaction


@pytest.fixture
def open_space(functional, chromium, make_citizen):
    """Open the space of a citizen of whom 55 news have the topic « élections »."""
    portal = functional["portal"]
    with api.env.adopt_roles(["Manager"]):
        for number in range(55):
            item = api.content.create(
                portal["cub"]["actualites"],
                "News Item",
                title=f"Nouvelle {number:02}",
                description="Un résumé de quelques mots.",
                topics=("elections",),
            )
            item.effective_date = DateTime() - number / 24
            api.content.transition(item, "publish")
            item.reindexObject()
    space = register(get_spaces(portal), person(), with_mail=False)
    transaction.commit()
    citizen = make_citizen(space=space)
    contexts = []

    def open_space(**options):
        context = chromium.new_context(locale="fr-FR", **options)
        contexts.append(context)
        for cookie in citizen.http.cookies:
            context.add_cookies(
                [{"name": cookie.name, "value": cookie.value, "url": citizen.base}]
            )
        page = context.new_page()
        page.goto(f"{citizen.url}?sujet=elections")
        return page

    yield open_space
    for context in contexts:
        context.close()


def test_news_go_on_three_times_then_wait_for_the_link(open_space):
    page = open_space()
    items = page.locator("#my-news .civ-feed > li")
    expect(items).to_have_count(10)
    for count in (20, 30, 40):
        page.locator("#my-news a[rel=next]").scroll_into_view_if_needed()
        expect(items).to_have_count(count)
    expect(page.locator(".civ-endless-status")).to_have_text(
        "10 actualités de plus sont affichées."
    )
    page.locator("#civ-footer, footer").last.scroll_into_view_if_needed()
    more = page.get_by_role("link", name="Plus d’actualités")
    more.click()
    expect(items).to_have_count(50)
    expect(items.nth(40).locator("h3 a")).to_be_focused()
    more.click()
    expect(items).to_have_count(55)
    expect(more).to_have_count(0)
    expect(page.locator(".civ-endless-status")).to_contain_text(
        "Vous êtes au bout de vos actualités."
    )

    # An item, and back: it is where it was, and read.
    title = items.nth(47).locator("h3 a").inner_text()
    items.nth(47).locator("h3 a").click()
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(items.nth(47).locator("h3 a")).to_be_focused()
    expect(items.nth(47).locator("h3 a")).to_be_in_viewport()
    expect(items.nth(47).locator(".civ-tag-unread")).to_have_count(0)
    expect(items.nth(46).locator(".civ-tag-unread")).to_have_count(1)


def test_without_javascript_the_link_leads_to_the_next_page(open_space):
    page = open_space(java_script_enabled=False)
    items = page.locator("#my-news .civ-feed > li")
    page.get_by_role("link", name="Plus d’actualités").click()
    expect(items).to_have_count(10)
    expect(items.first.locator("h3")).to_have_text("Nouvelle 10")
    page.get_by_role("button", name="Tout marquer comme lu").click()
    expect(page.locator("#unread-count")).to_have_text("Vous avez tout lu.")


def test_a_page_that_does_not_come_is_said_and_the_link_stays(open_space):
    page = open_space(viewport={"width": 1280, "height": 500})
    page.route("**/*debut=*", lambda route: route.abort())
    page.locator("#my-news a[rel=next]").scroll_into_view_if_needed()
    expect(page.locator(".civ-endless-status")).to_contain_text("n’a pas pu être")
    page.unroute("**/*debut=*")
    page.get_by_role("link", name="Plus d’actualités").click()
    expect(page.locator("#my-news .civ-feed > li")).to_have_count(20)
