"""Age brackets."""

from civisdata.content.news.ages import age_on
from civisdata.content.news.ages import bracket_of
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
    assert bracket_of(age) == bracket
