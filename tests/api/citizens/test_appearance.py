"""The page « Apparence », without JavaScript, and what it changes on each page."""

from civisdata.content.citizens.appearance.look import Look
from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import PASSWORD
import pytest
import transaction


@pytest.fixture
def inside(visitor, citizen):
    visitor.log_in(citizen.login, PASSWORD)
    return visitor


@pytest.fixture
def page(citizen):
    return f"/espaces/{citizen.id}/@@apparence"


@pytest.fixture
def kept(functional, citizen):
    """Give the look that is stored."""

    def kept() -> Look:
        transaction.begin()
        return look_of(get_spaces(functional["portal"]).get_space(citizen.id))

    return kept


def root(page) -> dict:
    return page.html.find("html").attrs


def blocks(page) -> list[str]:
    return [
        section["id"]
        for section in page.html.find_all("section")
        if section.get("id") in ("actualites", "services")
    ]


def test_choices_count_on_each_page_at_once(inside, citizen, page, kept):
    before = root(inside.get(page))
    assert not {"data-scheme", "data-accent", "data-density"} & set(before)
    inside.send("look", scheme="dark", accent="garonne", density="compact")
    assert "Vos choix sont enregistrés" in inside.text
    assert kept() == Look((), "garonne", "compact", "dark")
    for path in (page, f"/espaces/{citizen.id}", "/communes", "/absente"):
        found = root(inside.get(path, headers={"Accept": "text/html"}))
        assert found["data-scheme"] == "dark", path
        assert found["data-accent"] == "garonne", path
        assert found["data-density"] == "compact", path
        assert "style" not in found
    inside.get(page)
    inside.send("look", scheme="", accent="", density="")
    assert kept() == Look()
    assert not {"data-scheme", "data-accent"} & set(root(inside.get("/communes")))


def test_visitors_follow_their_device(inside, page, new_visitor):
    inside.get(page)
    inside.send("look", scheme="dark")
    other = new_visitor("192.0.2.2").get("/communes")
    assert "data-scheme" not in root(other)


def test_blocks_move_by_their_buttons(inside, citizen, page, kept):
    home = f"/espaces/{citizen.id}"
    assert blocks(inside.get(home)) == ["actualites", "services"]
    inside.get(page)
    inside.send("up:services")
    assert kept().order == ("rappels-bloc", "services", "actualites")
    assert blocks(inside.get(home)) == ["services", "actualites"]
    inside.get(page)
    inside.send("down:services")
    assert kept().order == ()
    assert blocks(inside.get(home)) == ["actualites", "services"]


def test_the_first_order_comes_back_and_the_colour_stays(inside, page, kept):
    inside.get(page)
    inside.send("look", accent="pins")
    inside.send("up:services")
    inside.send("default-order")
    assert kept() == Look(accent="pins")


def test_a_whole_order_is_kept_without_a_page(inside, page, kept):
    form = next(
        form for form in inside.get(page).forms.values() if "data-arrange" in form.text
    )
    token = form["_authenticator"].value
    answer = inside.post(
        page,
        {
            "_authenticator": token,
            "action": "order",
            "order": "services actualites rappels-bloc",
        },
    )
    assert (answer.status_int, answer.body) == (204, b"")
    assert kept().order == ("services", "actualites", "rappels-bloc")


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "look", "scheme": "sepia", "accent": '"><script>', "density": "x"},
        {"action": "order", "order": "nothing " * 2000},
        {"action": "up:nothing"},
        {"action": "up"},
        {"action": ""},
    ],
)
def test_unknown_values(inside, page, kept, sent):
    form = inside.get(page).forms[1]
    token = form["_authenticator"].value
    answer = inside.post(page, {"_authenticator": token, **sent})
    assert answer.status_int in (204, 303)
    assert kept() == Look()


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "look", "scheme": "dark"},
        {"action": "order", "order": "services actualites"},
        {"action": "up:services"},
        {"action": "default-order"},
    ],
)
def test_without_token(inside, page, kept, sent):
    assert inside.post(page, sent).status_int == 403
    assert inside.get(page, params=sent).status_int == 200
    assert kept() == Look()


def test_a_page_of_another_citizen_is_not_there(inside):
    assert inside.get("/espaces/" + "a" * 16 + "/@@apparence").status_int == 404


def test_ways_lead_to_the_page(inside, citizen):
    for path in ("", "/@@mon-compte"):
        assert "/@@apparence" in inside.get(f"/espaces/{citizen.id}{path}").text
