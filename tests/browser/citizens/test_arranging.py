"""Arranging one's own space: pointer, finger, keyboard, and what it looks like then."""

from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.browser.space import home_blocks
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import PASSWORD
from helpers.wcag import check
from helpers.wcag import log_in
from playwright.sync_api import expect
from playwright.sync_api import Page
import pytest
import transaction


@pytest.fixture
def page(portal_url, citizen, new_page) -> Page:
    page = new_page(has_touch=True)
    log_in(page, portal_url, citizen.login, PASSWORD)
    page.wait_for_url(f"**/espaces/{citizen.id}")
    page.goto(f"{portal_url}/espaces/{citizen.id}/@@apparence")
    return page


@pytest.fixture
def kept(functional, citizen):
    """Give the order that is stored."""

    def kept() -> tuple[str, ...]:
        transaction.begin()
        return look_of(get_spaces(functional["portal"]).get_space(citizen.id)).order

    return kept


def order(page: Page) -> list[str]:
    return page.locator(".civ-order > li").evaluate_all(
        "rows => rows.map(row => row.dataset.block)"
    )


def saved(page: Page):
    return page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.status == 204
    )


@pytest.fixture
def first(page) -> list[str]:
    """Give the order of the start: news and services come last."""
    assert order(page) == list(home_blocks())
    return order(page)


def test_a_block_is_dragged_by_its_handle(page, kept, first):
    grip = page.locator("#bloc-services .civ-grip").bounding_box()
    goal = page.locator(f"#bloc-{first[0]}").bounding_box()
    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 20, goal["y"] + 60, steps=12)
    page.mouse.move(grip["x"] + 20, goal["y"] + 2, steps=6)
    with saved(page):
        page.mouse.up()
    wanted = ["services", *first[:-1]]
    assert order(page) == wanted
    assert kept() == tuple(wanted)
    status = page.locator("form[data-arrange] [role=status]")
    expect(status).to_have_text(
        f"«\u00a0Mes services\u00a0»\u00a0: position 1 sur {len(first)}"
    )


def test_a_block_follows_the_finger(page, kept, first):
    page.set_viewport_size({"width": 320, "height": 900})
    page.locator(f"#bloc-{first[0]}").scroll_into_view_if_needed()
    page.locator("#bloc-services").scroll_into_view_if_needed()
    grip = page.locator(f"#bloc-{first[0]} .civ-grip").bounding_box()
    goal = page.locator("#bloc-services").bounding_box()
    touch = page.context.new_cdp_session(page)

    def send(kind: str, y: float | None = None) -> None:
        points = [] if y is None else [{"x": grip["x"] + 20, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    start, end = grip["y"] + 20, goal["y"] + goal["height"] - 2
    send("touchStart", start)
    for step in range(1, 17):
        send("touchMove", start + (end - start) * step / 16)
    with saved(page):
        send("touchEnd")
    wanted = [*first[1:], first[0]]
    assert order(page) == wanted
    assert kept() == tuple(wanted)


def test_the_keyboard_moves_blocks_and_keeps_its_place(page, kept, first):
    button = page.get_by_role("button", name="Monter Mes services")
    button.focus()
    for place in range(len(first) - 1, 0, -1):
        expect(button).to_be_focused()
        with saved(page):
            page.keyboard.press("Enter")
        assert order(page).index("services") == place - 1
    assert kept() == ("services", *first[:-1])
    expect(button).to_be_disabled()
    expect(page.get_by_role("button", name="Descendre Mes services")).to_be_focused()


def test_what_is_chosen_is_seen_without_violation(page, portal_url, citizen):
    page.get_by_label("Sombre").check()
    page.get_by_label("Bleu Garonne").check()
    page.get_by_label("Compacte").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_load_state()
    page.emulate_media(color_scheme="light")
    colours = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, "
        "getComputedStyle(document.documentElement).getPropertyValue('--civ-primary')]"
    )
    assert colours[0] == "rgb(22, 17, 19)"
    assert "#14506a" in colours[1]
    assert page.locator("[style]").count() == 0
    found = check(page)
    page.goto(f"{portal_url}/espaces/{citizen.id}")
    found |= check(page)
    assert found == {}


@pytest.mark.parametrize("accent", ["Vert des pins", "Violet glycine", "Rouge brique"])
def test_each_accent_is_read(page, portal_url, citizen, accent):
    page.get_by_label(accent).check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_load_state()
    page.goto(f"{portal_url}/espaces/{citizen.id}")
    assert check(page) == {}
