"""The topics that every portal starts with."""

from civisdata.content.news.topics import topics


def test_topics_of_the_mission_have_stable_ids(portal):
    assert topics()["grands-travaux"] == "Grands travaux"
    assert {"immobilier", "politique-locale", "elections", "amenagement"} <= set(
        topics()
    )
