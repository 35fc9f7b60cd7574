"""What happens to an original reaches its copies through the real queue."""

from civisdata.content.news.reuse.sources import source_of
from civisdata.content.news.reuse.taking import take_over
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.surroundings import Place
from helpers.tasks import in_a_thread
from plone import api
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent
import pytest
import time
import transaction


@pytest.fixture
def run(functional, tmp_path, monkeypatch):
    """Return a function that commits and does what waits; it gives the tasks' names."""
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    queue, portal = get_queue(), functional["portal"]
    place = Place(portal._p_jar.db(), portal.getId(), "https://civis.example.org")

    def run() -> list[str]:
        transaction.commit()
        names = []
        for id in queue.store.due(time.time()):
            names.append(queue.store.get(id).name)
            in_a_thread(lambda id=id: Runner(queue, place, "w")(id))
            assert queue.store.get(id).state == "done"
        transaction.begin()
        return names

    yield run
    queue.close()


def test_a_copy_follows_each_change_and_the_end_of_its_original(functional, run):
    portal = functional["portal"]
    with api.env.adopt_roles(["Manager"]):
        section = portal["communes"]["bordeaux"]["actualites"]
        original = api.content.create(section, "News Item", "fete", title="Fête")
        api.content.transition(original, "publish")
        notify(ObjectModifiedEvent(original))
        assert "news-follow" not in run()
        copy = take_over(original, "cub")
        api.content.transition(copy, "publish")
        assert "news-follow" not in run()
        original.title = "Fêtes"
        notify(ObjectModifiedEvent(original))
        assert "news-follow" in run()
        assert copy.title == "Fêtes"
        api.content.transition(original, "retract")
        assert "news-follow" in run()
        assert api.content.get_state(copy) == "draft" and source_of(copy).follows
        api.content.transition(original, "publish")
        api.content.transition(copy, "publish")
        run()
        section.manage_delObjects(["fete"])
        assert "news-follow" in run()
        assert api.content.get_state(copy) == "draft"
        assert not source_of(copy).follows
