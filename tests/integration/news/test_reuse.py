"""Taking news over: source, following, detaching, withdrawing."""

from civisdata.content.interfaces import ICivisdataLayer
from civisdata.content.news.feed import feed
from civisdata.content.news.reuse.following import copies_of
from civisdata.content.news.reuse.following import detach
from civisdata.content.news.reuse.following import follow
from civisdata.content.news.reuse.following import follow_again
from civisdata.content.news.reuse.sources import source_of
from civisdata.content.news.reuse.taking import may_take
from civisdata.content.news.reuse.taking import take_over
from civisdata.content.territory.localroles import agents_group
from DateTime import DateTime
from helpers.people import staff
from plone import api
from plone.app.testing import logout
from plone.app.textfield.value import RichTextValue
from zope.component import getMultiAdapter
from zope.interface import alsoProvides
import pytest


@pytest.fixture
def agent(portal):
    """An agent of Bègles."""
    staff("begles", ("Staff",), agents_group("33039"))
    return "begles"


@pytest.fixture
def original(write):
    return write("Fête", "communes/bordeaux", topics=("elections",), image_alt="Feu")


@pytest.fixture
def copy(agent, original):
    with api.env.adopt_user(username=agent):
        copy = take_over(original, "begles")
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(copy, "publish")
    return copy


def bring_up_to_date(portal, original) -> None:
    with api.env.adopt_roles(["Manager"]):
        follow(
            portal, None, uid=original if isinstance(original, str) else original.UID()
        )


def titles(*publishers) -> list[str]:
    return [(row.publisher, row.title) for row in feed(publishers or None).items]


def test_a_copy_is_a_draft_that_names_its_source(agent, original):
    with api.env.adopt_user(username=agent):
        assert may_take(original) == ["begles"]
        copy = take_over(original, "begles")
        assert may_take(original) == []
        with pytest.raises(PermissionError):
            take_over(original, "begles")
    assert api.content.get_state(copy) == "draft"
    assert source_of(copy).publisher == "bordeaux"
    assert copy.title == "Fête" and copy.topics == ("elections",)
    assert copy.image_alt == "Feu" and copy.effective_date == original.effective_date
    assert [row.UID for row in copies_of(original.UID())] == [copy.UID()]


def test_only_public_originals_are_taken_over_and_by_publishers(agent, write, copy):
    draft = write("Brouillon", "communes/bordeaux", publish=False)
    planned = write("Demain", "communes/bordeaux", effective_date=DateTime() + 1)
    own = write("À nous", "communes/begles")
    with api.env.adopt_user(username=agent):
        assert [may_take(item) for item in (draft, planned, own)] == [[], [], []]
        for publisher in ("cub", "merignac", "nowhere"):
            with pytest.raises(PermissionError):
                take_over(write("Libre", "communes/bordeaux"), publisher)
    staff("passant", ("Staff",))
    with api.env.adopt_user(username="passant"):
        assert may_take(write("Libre", "communes/bordeaux")) == []
    # No chains, so no loops: what was taken over isn't taken over again.
    with api.env.adopt_roles(["Manager"]):
        assert may_take(copy) == []


def test_a_copy_follows_until_it_is_detached(portal, original, copy):
    original.title, original.text = "Fêtes", RichTextValue("<p>Neuf</p>", "text/html")
    original.expiration_date = DateTime() + 5
    bring_up_to_date(portal, original)
    assert copy.title == "Fêtes" and copy.text.raw == "<p>Neuf</p>"
    assert copy.expiration_date == original.expiration_date
    detach(copy)
    original.title = "Autre"
    bring_up_to_date(portal, original)
    assert copy.title == "Fêtes" and not source_of(copy).follows
    with pytest.raises(KeyError):
        detach(copy)
    follow_again(copy)
    assert copy.title == "Autre" and source_of(copy).follows


@pytest.mark.parametrize("step,state", [("retract", "draft"), ("archive", "archived")])
def test_a_copy_goes_with_its_original(portal, original, copy, step, state):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(original, step)
    for _turn in range(2):
        bring_up_to_date(portal, original)
    assert api.content.get_state(copy) == state
    assert source_of(copy).follows


def test_the_page_names_its_source_with_a_link_while_it_is_public(
    portal, original, copy
):
    alsoProvides(portal.REQUEST, ICivisdataLayer)

    def source():
        return getMultiAdapter((copy, portal.REQUEST), name="news-item").source

    logout()
    assert source() == {
        "title": "Ville de Bordeaux",
        "url": original.absolute_url(),
        "follows": True,
    }
    detach(copy)
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(original, "retract")
    assert source() == {"title": "Ville de Bordeaux", "url": "", "follows": False}


def test_a_copy_of_what_was_deleted_is_a_detached_draft(portal, original, copy):
    uid = original.UID()
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(original)
    for _turn in range(2):
        bring_up_to_date(portal, uid)
    assert api.content.get_state(copy) == "draft"
    assert not source_of(copy).follows
    with pytest.raises(KeyError):
        follow_again(copy)


def test_who_follows_both_sees_it_once(original, copy):
    assert titles("bordeaux", "begles") == [("bordeaux", "Fête")]
    assert titles("begles") == [("begles", "Fête")]
    assert ("begles", "Fête") in titles("begles", "cub")
    assert ("begles", "Fête") not in titles()
    detach(copy)
    assert set(titles("bordeaux", "begles")) == {
        ("bordeaux", "Fête"),
        ("begles", "Fête"),
    }
