"""What the door takes out of addresses."""

from civisdata.policy.door.query import clean_query
from civisdata.policy.door.query import repeats_api
import pytest


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", ""),
        ("a=1&b=2", "a=1&b=2"),
        ("__ac=x&a=1", "a=1"),
        ("a=1&__ac_name=x&__ac_password=y", "a=1"),
        ("__ac:utf8:ustring=x", ""),
        ("%5F%5Fac=x&a", "a"),
        ("__ac.x:record=y", ""),
        ("summary_serializer_metadata:list=x&b=1", "b=1"),
        ("q=__ac", "q=__ac"),
        ("__acx=1", "__acx=1"),
    ],
)
def test_query(query, left):
    environ = {"QUERY_STRING": query}
    clean_query(environ)
    assert environ["QUERY_STRING"] == left


def test_repeated_api():
    assert not repeats_api("/++api++/news")
    assert repeats_api("/++api++/++api++/news")
