"""« Reprendre cette actualité », over HTTP."""

from civisdata.content.news.reuse.sources import source_of
from plone import api
import pytest
import transaction


ITEM = "/communes/bordeaux/actualites/fete"
COPY = "/cub/actualites/fete"


@pytest.fixture
def original(functional):
    with api.env.adopt_roles(["Manager"]):
        section = functional["portal"].unrestrictedTraverse(ITEM[1:].rpartition("/")[0])
        item = api.content.create(section, "News Item", "fete", title="Fête")
        api.content.transition(item, "publish")
        item.reindexObject()
    transaction.commit()
    return item


def test_a_webmaster_takes_over_publishes_and_detaches(people, original, functional):
    webmaster, visitor = people["webmaster"], people["visitor"]
    webmaster.get(ITEM)
    assert "Pour les rédacteurs" not in webmaster.page
    assert "Reprendre cette actualité" in webmaster.page
    webmaster.get(f"{ITEM}/@@reprendre")
    webmaster.post(f"{ITEM}/@@reprendre", data={"publisher": "cub"})
    assert "reprise comme brouillon" in webmaster.page
    webmaster.post(f"{COPY}/@@publication", data={"step": "publish"})
    visitor.get(COPY)
    assert "Ville de Bordeaux" in visitor.page and "texte modifié" not in visitor.page
    assert f"{ITEM}" in visitor.page
    assert webmaster.get(f"{ITEM}/@@reprendre").status_code == 404
    webmaster.get(f"{COPY}/edit")
    assert "détachez-la pour la modifier" in webmaster.page
    assert 'id="form"' not in webmaster.page
    webmaster.post(f"{COPY}/@@publication", data={"step": "detach"})
    assert "désormais indépendante" in webmaster.page
    webmaster.fill(f"{COPY}/edit", title="Fête à la CUB")
    visitor.get(COPY)
    assert "Fête à la CUB" in visitor.page and "texte modifié par" in visitor.page
    people["agent"].get(ITEM)
    assert "Reprise par" not in people["agent"].page
    webmaster.post(f"{COPY}/@@publication", data={"step": "follow"})
    assert "de nouveau conforme" in webmaster.page
    people["agent"].get(ITEM)
    assert "Reprise par" in people["agent"].page


def test_nobody_takes_over_without_right_or_token(people, original, functional):
    for name in ("visitor", "agent", "colleague"):
        path = f"{ITEM}/@@reprendre"
        assert people[name].get(path).status_code == 404, name
        answer = people[name].post(path, token=False, data={"publisher": "cub"})
        assert answer.status_code in (403, 404), name
    for name, publisher, token in (
        ("webmaster", "cub", False),
        ("webmaster", "merignac", True),
        ("elsewhere", "cub", True),
    ):
        people[name].get(f"{ITEM}/@@reprendre")
        data = {"publisher": publisher}
        people[name].post(f"{ITEM}/@@reprendre", token=token, data=data)
    transaction.begin()
    portal = functional["portal"]
    assert "fete" not in portal["cub"]["actualites"]
    assert "fete" not in portal["communes"]["merignac"]["actualites"]


def test_others_neither_detach_nor_follow(people, original, functional):
    webmaster = people["webmaster"]
    webmaster.get(f"{ITEM}/@@reprendre")
    webmaster.post(f"{ITEM}/@@reprendre", data={"publisher": "cub"})
    webmaster.post(f"{COPY}/@@publication", data={"step": "publish"})
    for name in ("visitor", "agent", "elsewhere"):
        people[name].post(f"{COPY}/@@publication", token=False, data={"step": "detach"})
    webmaster.post(f"{COPY}/@@publication", token=False, data={"step": "detach"})
    transaction.begin()
    assert source_of(functional["portal"].unrestrictedTraverse(COPY[1:])).follows
