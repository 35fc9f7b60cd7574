"""Finding one's commune, the map, and the page of a commune, in Chromium."""

from helpers.wcag import check
import json
import pytest
import re


PAGES = {
    "home": "",
    "communes": "/communes",
    "found": "/communes?q=33290",
    "not found": "/communes?q=paris",
    "whole": "/communes/bordeaux",
    "apart": "/communes/ambes",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_violation_and_nothing_is_cut_off(visit, name):
    with visit(PAGES[name]) as page:
        assert check(page) == {}
        assert page.said == []


def test_suggestions_come_while_typing_and_are_chosen_by_keyboard(visit, site):
    with visit("") as page:
        field = page.get_by_role("combobox", name="Nom ou code postal de la commune")
        field.fill("st medar")
        options = page.get_by_role("option")
        assert options.all_inner_texts() == ["Saint-Médard-en-Jalles\n33160"]
        assert field.get_attribute("aria-expanded") == "true"
        assert page.locator(".civ-find [role=status]").inner_text() == "1\u00a0commune"
        field.fill("33290")
        assert options.count() == 2
        field.press("ArrowDown")
        field.press("ArrowDown")
        marked = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
        assert marked.inner_text().startswith("Parempuyre")
        assert marked.get_attribute("aria-selected") == "true"
        field.press("Escape")
        assert field.get_attribute("aria-expanded") == "false"
        assert field.input_value() == "33290"
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url(f"{site}/communes/blanquefort")


def test_a_suggestion_is_clicked(visit, site):
    with visit("/communes") as page:
        page.get_by_role("combobox").fill("bègl")
        page.get_by_role("option").click()
        page.wait_for_url(f"{site}/communes/begles")


def test_a_slip_of_the_pen_is_the_server_s(visit, site):
    with visit("") as page:
        field = page.get_by_role("combobox")
        field.fill("merginac")
        assert page.get_by_role("option").count() == 0
        assert "Aucune commune" in page.locator(".civ-find [role=status]").inner_text()
        field.press("Enter")
        page.wait_for_url(f"{site}/communes/merignac")


def test_without_scripts_the_form_finds(visit, site):
    with visit("", java_script_enabled=False) as page:
        page.fill("#communes-q", "St-Aubin")
        with page.expect_navigation():
            page.get_by_role("button", name="Trouver").click()
        page.wait_for_url(f"{site}/communes/saint-aubin-de-medoc")
    with visit("/communes", java_script_enabled=False) as page:
        page.fill("#communes-q", "nulle part")
        with page.expect_navigation():
            page.get_by_role("button", name="Trouver").click()
        assert "Aucune commune du territoire" in page.inner_text("main")
        assert page.locator(".civ-communes li").count() == 28


def test_the_map_leads_to_each_commune_by_keyboard(visit, site):
    with visit("/communes") as page:
        links = page.locator(".civ-map svg a")
        assert links.count() == 28
        names = set(page.locator(".civ-communes .name").all_inner_texts())
        tree = page.locator(".civ-map svg").aria_snapshot()
        assert {name for name in names if f'link "{name}"' in tree} == names
        link = page.locator(f'.civ-map a[href="{site}/communes/talence"]')
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        outline = link.locator("polygon").evaluate(
            "e => getComputedStyle(e).strokeWidth"
        )
        assert outline == "5px"
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/communes/talence")


def test_who_takes_no_part_is_told_apart_on_the_map(visit, site):
    with visit("/communes") as page:
        apart = page.locator(".civ-map a.apart")
        assert apart.count() == 1
        assert apart.get_attribute("href") == f"{site}/communes/ambes"


def test_on_a_narrow_screen_the_list_suffices(visit):
    with visit("/communes", width=320) as page:
        assert not page.locator(".civ-map").is_visible()
        assert page.locator(".civ-communes a").count() == 28


def test_the_map_is_seen_in_forced_colours(visit):
    with visit("/communes", forced_colors="active") as page:
        fill, stroke = page.locator(".civ-map polygon").first.evaluate(
            "e => [getComputedStyle(e).fill, getComputedStyle(e).stroke]"
        )
        assert fill != stroke


def test_search_engines_read_the_mairie(visit):
    with visit("/communes/bordeaux") as page:
        data = json.loads(
            page.locator("script[type='application/ld+json']").text_content()
        )
        assert data["@type"] == ["CityHall", "GovernmentOrganization"]
        assert data["name"] == "Mairie de Bordeaux"
        assert len(data["openingHoursSpecification"]) == 10
        assert page.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_commune_s_colours_are_on_its_page_and_nowhere_else(visit, scheme):
    def colour(path: str) -> str:
        with visit(path, color_scheme=scheme) as page:
            return page.locator(".btn-primary").first.evaluate(
                "e => getComputedStyle(e).backgroundColor"
            )

    own, other = colour("/communes/bordeaux"), colour("/communes/pessac")
    assert own != other == colour("/communes/ambes")


def test_all_of_the_mairie_is_shown(visit):
    with visit("/communes/bordeaux") as page:
        text = page.inner_text("#mairie")
        for words in (
            "Place Pey-Berland",
            "05 56 00 00 00",
            "État civil",
            "Portes ouvertes",
        ):
            assert words in text
        assert re.search(r"(Ouvert|Fermé) en ce moment", text)
        assert page.locator(".civ-hours tr").count() == 7
        assert "267 991" in page.inner_text(".civ-commune-facts").replace("\u202f", " ")
        assert page.locator(".civ-blason").evaluate("e => e.naturalWidth") > 0
