"""A commune that is merged into another, and one that leaves."""

from civisdata.content.citizens import publishers
from civisdata.content.citizens.browser.forms import commune_choices
from civisdata.content.citizens.communes import merging
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import history_of
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.news.publisher import publisher_of
from civisdata.content.territory.directory import directory
from civisdata.content.territory.localroles import InhabitantRoles
from helpers.people import person
from plone import api
from plone.app.redirector.interfaces import IRedirectionStorage
from Products.CMFCore.indexing import processQueue
from types import SimpleNamespace
from zope.component import getUtility
import pytest


@pytest.fixture
def commits(monkeypatch):
    """Count commits; the layer undoes what isn't committed."""
    counted = []
    stand_in = SimpleNamespace(commit=lambda: counted.append(processQueue()))
    monkeypatch.setattr(merging, "transaction", stand_in)
    return counted


@pytest.fixture
def news(portal):
    with api.env.adopt_roles(["Manager"]):
        made = [
            api.content.create(
                portal["communes"]["cenon"]["actualites"],
                "News Item",
                f"nouvelle-{number}",
                title=f"Nouvelle {number}",
            )
            for number in range(merging.ITEMS + 3)
        ]
    processQueue()
    return made


@pytest.fixture
def people(portal):
    return [
        register(
            get_spaces(portal),
            person(commune="cenon", email=f"p{number}@exemple.fr"),
            with_mail=False,
        )
        for number in range(merging.PEOPLE + 2)
    ]


def run(portal, former="cenon", successor="floirac"):
    steps = []
    merging.merge_communes(
        portal,
        lambda done, total: steps.append((done, total)),
        former=former,
        successor=successor,
    )
    return steps


def test_all_follow(portal, news, people, commits):
    merging.begin(portal, "cenon", "floirac")
    steps = run(portal)
    assert steps[-1] == (len(people), len(people))
    assert len(commits) >= 4  # in batches
    assert len(portal["communes"]["floirac"]["actualites"].objectIds()) == len(news)
    moved = portal["communes"]["floirac"]["actualites"]["nouvelle-0"]
    assert publisher_of(moved) == "floirac"
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(
        portal_type="News Item", publisher="floirac"
    )
    assert len(found) == len(news)
    assert portal["communes"]["cenon"].objectIds() == []
    catalog = catalog_of(get_spaces(portal))
    assert catalog.search(communes=["cenon"])[1] == 0
    assert catalog.search(communes=["floirac"])[1] == len(people)
    space = people[0]
    assert space.commune == registration_of(space).commune == "floirac"
    assert history_of(space)[-1].detail == "cenon → floirac"
    assert InhabitantRoles(space).group == "agents:33167"
    redirects = getUtility(IRedirectionStorage)
    home = "/plone/communes"
    for tail in ("actualites", "documents", "contacts", "actualites/nouvelle-0"):
        assert redirects.get(f"{home}/cenon/{tail}") == f"{home}/floirac/{tail}"


def test_run_again_after_the_end_it_changes_nothing(portal, people, commits):
    merging.begin(portal, "cenon", "floirac")
    run(portal)
    before = len(history_of(people[0]))
    assert run(portal) == [(0, 0)]
    assert len(history_of(people[0])) == before


def test_stopped_in_the_middle_the_rest_follows(portal, people, commits):
    class Stop(Exception):
        pass

    def stop(done, total):
        raise Stop

    merging.begin(portal, "cenon", "floirac")
    with pytest.raises(Stop):
        merging.merge_communes(portal, stop, former="cenon", successor="floirac")
    catalog = catalog_of(get_spaces(portal))
    assert 0 < catalog.search(communes=["cenon"])[1] < len(people)
    run(portal)
    assert catalog.search(communes=["floirac"])[1] == len(people)


def test_two_news_of_one_name_both_stay(portal, news, commits):
    with api.env.adopt_roles(["Manager"]):
        api.content.create(
            portal["communes"]["floirac"]["actualites"],
            "News Item",
            "nouvelle-0",
            title="La mienne",
        )
    merging.begin(portal, "cenon", "floirac")
    run(portal)
    kept = portal["communes"]["floirac"]["actualites"]
    assert kept["nouvelle-0"].title == "La mienne"
    assert len(kept.objectIds()) == len(news) + 1


def test_the_former_commune_is_offered_no_more_but_its_signatures_stay(portal):
    merging.begin(portal, "cenon", "floirac")
    assert "cenon" not in {row.slug for row in directory(portal)}
    assert "cenon" not in commune_choices(portal)
    known = publishers.publishers(portal)["cenon"]
    assert not known.active


@pytest.mark.parametrize(
    ("former", "successor", "reason"),
    [
        ("cenon", "cenon", "same"),
        ("cenon", "paris", "unknown"),
        ("paris", "cenon", "unknown"),
        ("cenon", "", "unknown"),
    ],
)
def test_what_cant_be_merged(portal, former, successor, reason):
    with pytest.raises(merging.CannotMerge) as caught:
        merging.begin(portal, former, successor)
    assert caught.value.reason == reason


def test_a_merger_is_made_once_and_in_no_circle(portal):
    merging.begin(portal, "cenon", "floirac")
    for former, successor in (("cenon", "pessac"), ("floirac", "cenon")):
        with pytest.raises(merging.CannotMerge):
            merging.begin(portal, former, successor)
    # the one that goes on may be merged in its turn
    merging.begin(portal, "floirac", "bouliac")


def test_the_space_says_that_the_commune_has_left(portal):
    space = register(get_spaces(portal), person(), with_mail=False)
    block = api.content.get_view("commune-retiree", space, portal.REQUEST)
    assert block() == ""
    portal["communes"]["bordeaux"].participating = False
    block = api.content.get_view("commune-retiree", space, portal.REQUEST)
    assert "Votre commune ne participe plus" in block()
