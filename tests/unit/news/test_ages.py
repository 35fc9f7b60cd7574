"""Age brackets."""

from civisdata.content.news.ages import age_on
from civisdata.content.news.ages import Ages
from civisdata.content.news.ages import SHIPPED
from datetime import date
import pytest


@pytest.mark.parametrize(
    "birth, day, age",
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(1980, 6, 1), date(2026, 6, 1), 46),
        (date(1980, 6, 2), date(2026, 6, 1), 45),
    ],
)
def test_age_counts_whole_years(birth, day, age):
    assert age_on(birth, day) == age


@pytest.mark.parametrize(
    "age, bracket",
    [
        (14, None),
        (15, "15-17"),
        (17, "15-17"),
        (18, "18-25"),
        (60, "60-plus"),
        (99, "60-plus"),
    ],
)
def test_bracket_of_an_age(age, bracket):
    assert SHIPPED.bracket_of(age) == bracket


def test_titles_follow_from_the_limits_youngest_first():
    titles = Ages({"old": 60, "child": 0, "eighteen": 18, "adult": 19}).titles()
    assert [(id, title, title.mapping) for id, title in titles.items()] == [
        ("child", "Ages ${youngest} to ${oldest}", {"youngest": 0, "oldest": 17}),
        ("eighteen", "Age ${youngest}", {"youngest": 18}),
        ("adult", "Ages ${youngest} to ${oldest}", {"youngest": 19, "oldest": 59}),
        ("old", "Age ${youngest} and over", {"youngest": 60}),
    ]


def test_the_bracket_of_that_age_inherits_people_and_news_of_a_retired_one():
    ages = Ages({"young": 15, "old": 60}, {"adult": 30, "child": 3})
    assert ages.current("adult") == "young" and ages.current("young") == "young"
    assert ages.current("child") is None and ages.current("unknown") is None
    assert ages.reached_by("young") == ("young", "adult")
    assert ages.reached_by("old") == ("old",)
