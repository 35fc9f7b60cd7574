"""The feed: one query by publishers, topics and age brackets."""

from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.interfaces import ICivisdataLayer
from civisdata.content.news.feed import feed
from civisdata.content.news.topics import RETIRED_RECORD
from civisdata.content.news.topics import topics_vocabulary
from DateTime import DateTime
from helpers.people import person
from plone import api
from zope.component import getMultiAdapter
from zope.interface import alsoProvides
import pytest


@pytest.fixture
def news(write):
    write("Pour tous")
    write("Élections", topics=("elections",))
    write("Jeunes et travaux", topics=("grands-travaux",), age_brackets=("18-25",))
    write("Jeunes", "communes/bordeaux", age_brackets=("15-17", "18-25"))


def titles(page) -> set[str]:
    return {item.title for item in page.items if not item.example}


def test_without_choices_all_news_come(news):
    assert titles(feed()) == {
        "Pour tous",
        "Élections",
        "Jeunes et travaux",
        "Jeunes",
    }


@pytest.mark.parametrize(
    "choices,expected",
    [
        ({"topics": ["elections"]}, {"Pour tous", "Élections", "Jeunes"}),
        ({"topics": []}, {"Pour tous", "Jeunes"}),
        ({"topics": ["gone"]}, {"Pour tous", "Jeunes"}),
        ({"brackets": ["60-plus"]}, {"Pour tous", "Élections"}),
        ({"brackets": []}, {"Pour tous", "Élections"}),
        (
            {"topics": ["grands-travaux"], "brackets": ["18-25"]},
            {"Pour tous", "Jeunes et travaux", "Jeunes"},
        ),
        ({"topic": "elections"}, {"Élections"}),
        ({"topic": "gone"}, set()),
        ({"publishers": []}, set()),
        ({"publishers": ["bordeaux"], "topics": []}, {"Jeunes"}),
    ],
)
def test_choices_are_mine_or_everybodys(news, choices, expected):
    assert titles(feed(**choices)) == expected


def test_only_what_is_public_now_is_in_it_whoever_asks(portal, write):
    write("Demain", effective_date=DateTime() + 1)
    write("Hier", effective_date=DateTime() - 2, expiration_date=DateTime() - 1)
    write("Brouillon", publish=False)
    with api.env.adopt_roles(["Manager"]):
        assert titles(feed()) == set()


def test_a_citizen_reads_what_was_chosen(portal, news):
    alsoProvides(portal.REQUEST, ICivisdataLayer)

    def shown(**changes):
        changes["email"] = f"{len(get_spaces(portal).objectIds())}@exemple.fr"
        space = register(get_spaces(portal), person(**changes), with_mail=False)
        return titles(getMultiAdapter((space, portal.REQUEST), name="view").news)

    assert shown(birth_date="1950-01-01") == {"Pour tous", "Élections"}
    assert shown(birth_date="", age_bracket="18-25", topics=("grands-travaux",)) == {
        "Pour tous",
        "Jeunes et travaux",
        "Jeunes",
    }
    assert shown(birth_date="1950-01-01", ages="all", publishers=("commune",)) == {
        "Jeunes"
    }


def test_a_retired_topic_stays_where_it_is_and_is_offered_to_nobody(portal, write):
    item = write("Élections", topics=("elections",))
    records = api.portal.get_registry_record("civisdata.topics")
    kept = {id: title for id, title in records.items() if id != "elections"}
    api.portal.set_registry_record("civisdata.topics", kept)
    api.portal.set_registry_record(RETIRED_RECORD, {"elections": "Élections"})
    assert "elections" in topics_vocabulary(item)
    assert "elections" not in topics_vocabulary(portal)
    assert titles(feed(topics=["elections"])) == {"Élections"}
    (found,) = [row for row in feed().items if row.title == "Élections"]
    assert found.topics == ("elections",)


def test_an_item_of_before_has_no_topic_and_goes_to_everybody(portal, write):
    item = write("Ancienne")
    for name in ("topics", "age_brackets", "image_alt"):
        item.__dict__.pop(name, None)
    item.reindexObject()
    assert titles(feed(topics=[], brackets=[])) == {"Ancienne"}
    assert item.topics == ()
