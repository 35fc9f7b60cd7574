"""How the public pages are used: by keyboard, without scripts, on slow lines."""

import re


def test_home_page_is_light(visit, site, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on(
        "response", lambda answer: sizes.update({answer.url: len(answer.body() or b"")})
    )
    page.goto(site, wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    context.close()
    host = site.split("/")[2]
    assert {address.split("/")[2] for address in sizes} == {host}
    assert not [address for address in sizes if "++plone++" in address]
    assert len(sizes) < 15
    assert 20_000 < sum(sizes.values()) < 300_000


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(visit):
    with visit("/communes") as page:
        page.keyboard.press("Tab")
        link = page.locator(":focus")
        assert link.inner_text() == "Aller au contenu"
        box = link.bounding_box()
        assert box["y"] >= 0 and box["height"] > 20
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_each_stop_of_the_keyboard_is_seen(visit):
    with visit("") as page:
        for _ in range(14):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle + ' ' + "
                "getComputedStyle(document.activeElement).outlineWidth"
            )
            assert re.fullmatch(r"solid [2-9]px", outline)


def test_the_menu_folds_on_a_narrow_screen(visit):
    with visit("", width=320) as page:
        assert not page.locator(".civ-nav").is_visible()
        page.locator(".civ-menu > summary").press("Enter")
        assert page.locator(".civ-nav").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator(".civ-nav").is_visible()


def test_the_menu_is_open_without_scripts(visit):
    with visit("", width=320, java_script_enabled=False) as page:
        assert page.locator(".civ-nav").is_visible()


def test_motion_stops_where_it_is_not_wanted(visit):
    with visit("", reduced_motion="reduce") as page:
        moving = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => "
            "getComputedStyle(e).transitionDuration.split(',')"
            ".some(d => parseFloat(d) > 0)).length"
        )
        assert moving == 0


def test_the_dark_palette_follows_the_device(visit):
    with visit("", color_scheme="dark") as page:
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    with visit("", color_scheme="light") as page:
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark, light) == ("rgb(22, 17, 19)", "rgb(250, 247, 241)")
