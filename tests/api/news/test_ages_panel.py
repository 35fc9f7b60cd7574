"""The webmasters' page of age brackets, and what follows from it."""

from civisdata.content.news.ages import ages
import pytest
import re
import transaction


URL = "/@@ages-controlpanel"


@pytest.fixture
def webmaster(people):
    people["webmaster"].get(URL)
    return people["webmaster"]


def form_of(person) -> dict:
    """Return the fields of the form on the page at hand."""
    form = person.page[person.page.index('name="version"') - 200 :]
    found = re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', form)
    return {name: value for name, value in found if not name.startswith("change-")}


def test_a_limit_changes_a_bracket_ends_and_one_is_added(webmaster, people):
    assert "De 18 à 25 ans" in webmaster.page and "60 ans et plus" in webmaster.page
    form = form_of(webmaster)
    form |= {"youngest-18-25": "17", "change-40-59": "1", "added": "75"}
    webmaster.post(URL, data=form)
    assert "Les tranches d’âge sont enregistrées" in webmaster.page
    for title in ("De 15 à 16 ans", "De 17 à 25 ans", "De 26 à 59 ans"):
        assert title in webmaster.page
    for title in ("De 60 à 74 ans", "75 ans et plus", "40 ans et plus"):
        assert title in webmaster.page
    transaction.begin()
    assert ages().retired == {"40-59": 40}
    # The forms that people fill in offer what was set.
    agent = people["agent"]
    agent.get("/communes/bordeaux/actualites/++add++News Item")
    assert "De 26 à 59 ans" in agent.page and "De 40 à 59 ans" not in agent.page


def test_wrong_limits_are_refused_and_what_was_typed_stays(webmaster):
    for wrong, said in (("26", "au même âge"), ("douze", "nombre entier")):
        form = form_of(webmaster) | {"youngest-18-25": wrong, "added": "75"}
        assert webmaster.post(URL, data=form).status_code == 400
        assert said in webmaster.page and f'value="{wrong}"' in webmaster.page
        assert 'value="75"' in webmaster.page
    transaction.begin()
    assert ages().offered["18-25"] == 18 and len(ages().offered) == 5


def test_without_the_token_or_the_right_nothing_happens(webmaster, people):
    form = form_of(webmaster) | {"added": "75"}
    for name in ("visitor", "agent", "webmaster"):
        sent = {key: value for key, value in form.items() if key != "_authenticator"}
        people[name].post(URL, token=False, data=sent)
    transaction.begin()
    assert len(ages().offered) == 5
