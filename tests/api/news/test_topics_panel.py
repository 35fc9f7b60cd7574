"""The webmasters' page of topics."""

from civisdata.content.news.topics import retired_topics
from civisdata.content.news.topics import topics
from plone import api
import pytest
import re
import transaction


URL = "/@@sujets-controlpanel"


def form_of(person) -> dict:
    """Return the fields of the form on the page at hand."""
    form = person.page[person.page.index('name="version"') - 200 :]
    found = re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', form)
    return {name: value for name, value in found if not name.startswith("change-")}


@pytest.fixture
def webmaster(people):
    people["webmaster"].get(URL)
    return people["webmaster"]


def test_a_topic_is_renamed_retired_and_added(webmaster, functional):
    with api.env.adopt_roles(["Manager"]):
        for _turn in range(2):
            api.content.create(
                functional["portal"]["cub"]["actualites"],
                "News Item",
                title="x",
                topics=("elections",),
            )
    transaction.commit()
    webmaster.get(URL)
    assert "2 actualités le portent et le gardent" in " ".join(webmaster.page.split())
    form = form_of(webmaster)
    form |= {
        "title-immobilier": "Logement <b>",
        "position-immobilier": "0",
        "change-elections": "1",
        "added": "Plages",
    }
    webmaster.post(URL, data=form)
    assert "Les sujets sont enregistrés" in webmaster.page
    assert "Logement <b>" in webmaster.page  # unescaped by the helper
    transaction.begin()
    assert next(iter(topics())) == "immobilier" and topics()["plages"] == "Plages"
    assert retired_topics() == {"elections": "Élections"}
    form = form_of(webmaster) | {"change-elections": "1"}
    assert "Plus proposés" in webmaster.page
    webmaster.post(URL, data=form)
    assert "Plus proposés" not in webmaster.page
    assert 'name="position-elections"' in webmaster.page


def test_wrong_lists_are_refused_and_what_was_typed_stays(webmaster):
    form = form_of(webmaster) | {"title-immobilier": "Élections"}
    answer = webmaster.post(URL, data=form)
    assert answer.status_code == 400
    assert "deux sujets portent ce titre" in webmaster.page
    assert 'value="Élections"' in webmaster.page
    transaction.begin()
    assert topics()["immobilier"] == "Immobilier"


def test_two_webmasters_do_not_overwrite_each_other(webmaster, people):
    form = form_of(webmaster)
    manager = people["manager"]
    manager.get(URL)
    manager.post(URL, data=form_of(manager) | {"added": "Plages"})
    answer = webmaster.post(URL, data=form | {"added": "Forêts"})
    assert answer.status_code == 400 and "entre-temps" in webmaster.page
    assert 'value="Forêts"' in webmaster.page
    transaction.begin()
    assert "plages" in topics() and "forets" not in topics()


def test_without_the_token_or_the_right_nothing_happens(webmaster, people):
    form = form_of(webmaster) | {"added": "Plages"}
    for name in ("visitor", "agent", "webmaster"):
        sent = {key: value for key, value in form.items() if key != "_authenticator"}
        people[name].post(URL, token=False, data=sent)
    transaction.begin()
    assert "plages" not in topics()
