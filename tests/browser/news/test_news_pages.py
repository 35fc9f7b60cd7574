"""The pages of editors that are ours alone, and visitors' lists: WCAG by machine."""

from helpers.wcag import check
from helpers.wcag import log_in
from plone import api
import pytest
import transaction


ITEM = "/communes/bordeaux/actualites/fete"


@pytest.fixture
def news(functional):
    with api.env.adopt_roles(["Manager"]):
        section = functional["portal"].unrestrictedTraverse(ITEM[1:].rpartition("/")[0])
        item = api.content.create(
            section, "News Item", "fete", title="Fête", topics=("elections",)
        )
        api.content.transition(item, "publish")
    transaction.commit()


@pytest.mark.parametrize(
    "name,paths",
    [
        ("visitor", (ITEM, "/@@actualites?sujet=elections")),
        ("agent", ("/@@a-publier?etat=published", f"{ITEM}/@@apercu")),
        ("webmaster", ("/@@sujets-controlpanel",)),
    ],
)
def test_no_violation_and_nothing_is_cut_off(people, news, chromium, name, paths):
    person, found = people[name], {}
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    if person.http.auth:
        log_in(page, person.server, *person.http.auth)
    for path in paths:
        answer = page.goto(person.server + path)
        assert answer.status == 200 and page.url == person.server + path
        found |= check(page)
    context.close()
    assert found == {}
