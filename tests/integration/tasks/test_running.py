"""Running tasks on a portal: what they find, and how each outcome is written down."""

from civisdata.content.citizens.structure import get_spaces
from civisdata.content.interfaces import ICivisdataLayer
from civisdata.content.tasks import enqueue
from civisdata.content.tasks import TemporaryError
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.schedule import MAX_ATTEMPTS
from civisdata.content.tasks.surroundings import Place
from civisdata.content.tasks.surroundings import portal_of
from helpers.tasks import in_a_thread
from plone import api
from zope.component.hooks import getSite
from zope.globalrequest import getRequest
import logging
import pytest
import threading
import time
import transaction


@pytest.fixture
def start(register, queue, functional):
    """Register a function and enqueue it; give the task's id."""

    def start_task(function, name="mow", values=None, **options) -> str:
        register(name, function, **options)
        task_id = enqueue(name, **(values or {}))
        transaction.commit()
        return task_id

    return start_task


def test_a_task_finds_the_portal_as_a_request_does(start, run, queue, functional):
    seen = {}

    def look(site, progress, *, lawn):
        seen.update(
            site=getSite() is site,
            lawn=lawn,
            url=site.absolute_url(),
            below=site["communes"]["bordeaux"].absolute_url(),
            portal_url=api.portal.get_tool("portal_url")(),
            layer=ICivisdataLayer.providedBy(getRequest()),
            language=api.portal.translate("Tasks", domain="civisdata"),
            record=api.portal.get_registry_record("plone.default_language"),
            may=api.user.has_permission("Modify portal content", obj=site),
            mailhost=api.portal.get_tool("MailHost").getId(),
            connection=site._p_jar is not functional["portal"]._p_jar,
        )

    run(start(look, values={"lawn": "bordeaux"}))
    assert seen == {
        "site": True,
        "lawn": "bordeaux",
        "url": "https://civis.example.org",
        "below": "https://civis.example.org/communes/bordeaux",
        "portal_url": "https://civis.example.org",
        "layer": True,
        "language": "Tâches",
        "record": "fr",
        "may": True,
        "mailhost": "MailHost",
        "connection": True,
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "https://example.org/civis",
        "https://example.org:8443/a/b",
    ],
)
def test_addresses_are_those_that_people_use(place, url):
    seen = []

    def look():
        with portal_of(Place(place.database, place.site_id, url)) as site:
            seen.append(site["cub"].absolute_url())

    in_a_thread(look)
    assert seen == [f"{url}/cub"]


def test_nothing_of_the_portal_stays_in_the_thread(place):
    def look():
        with portal_of(place):
            pass
        assert getSite() is None
        assert getRequest() is None

    in_a_thread(look)


def test_what_a_task_does_is_committed_and_shown(start, run, queue, functional):
    def mow(site, progress):
        site.title = "Mown"
        progress(1, 2)

    task_id = start(mow)
    run(task_id)
    row = queue.store.get(task_id)
    assert (row.state, row.done, row.total, row.attempts) == ("done", 1, 2, 1)
    transaction.begin()
    assert functional["portal"].title == "Mown"


def test_a_task_that_is_done_is_not_run_again(start, run):
    runs = []
    task_id = start(lambda site, progress: runs.append(1))
    run(task_id)
    run(task_id)
    assert runs == [1]


def test_a_conflict_is_tried_again_later(start, run, queue, functional):
    def mow(site, progress):
        site.title = f"{site.title} mown"
        if len(attempts) == 0:
            # Somebody else changes the same in the meantime.
            in_a_thread(change)
        attempts.append(1)

    def change():
        connection = functional["portal"]._p_jar.db().open()
        connection.root()["Application"][functional["portal"].getId()].title = "Long"
        transaction.commit()
        connection.close()

    attempts = []
    task_id = start(mow)
    run(task_id)
    row = queue.store.get(task_id)
    assert (row.state, row.error) == ("waiting", "ConflictError")
    assert queue.store.due(time.time()) == []
    run(task_id, clock=lambda: row.due)
    assert queue.store.get(task_id).state == "done"
    transaction.begin()
    assert functional["portal"].title == "Long mown"


def test_an_error_that_passes_is_tried_again_until_it_is_too_much(start, run, queue):
    def mow(site, progress):
        site.title = "Half mown"
        raise TemporaryError("no mower")

    task_id = start(mow)
    now, dues = time.time() + 1, []
    for _ in range(MAX_ATTEMPTS):
        run(task_id, clock=lambda now=now: now)
        now = queue.store.get(task_id).due
        dues.append(now)
    assert dues == sorted(dues)
    row = queue.store.get(task_id)
    assert (row.state, row.error, row.attempts) == (
        "failed",
        "TemporaryError",
        MAX_ATTEMPTS,
    )


def test_an_error_is_shown_by_its_class_alone(start, run, queue, caplog, functional):
    def mow(site, progress):
        site.title = "Half mown"
        raise ValueError(name)

    name = "-".join(("acte", "de", "naissance"))
    task_id = start(mow)
    with caplog.at_level(logging.DEBUG):
        run(task_id)
    row = queue.store.get(task_id)
    assert (row.state, row.error) == ("failed", "ValueError")
    assert "test_running.py" in caplog.text, "where it happened"
    assert name not in caplog.text
    transaction.begin()
    assert functional["portal"].title != "Half mown"


def test_a_server_that_ends_keeps_the_steps_that_were_committed(
    start, run, queue, functional
):
    ending = threading.Event()

    def mow(site, progress):
        for step in range(int(site.description or 0), 4):
            site.description = str(step + 1)
            transaction.commit()
            if step == 1:
                ending.set()
            progress(step + 1, 4)

    functional["portal"].description = ""
    task_id = start(mow)
    run(task_id, stopping=ending.is_set)
    assert queue.store.get(task_id).state == "waiting"
    transaction.begin()
    assert functional["portal"].description == "2"
    run(task_id, stopping=ending.is_set)
    assert queue.store.get(task_id).state == "waiting", "nothing new is begun"
    run(task_id)
    row = queue.store.get(task_id)
    assert (row.state, row.attempts) == ("done", 1)
    transaction.begin()
    assert functional["portal"].description == "4"


def test_a_nightly_task_is_never_run_twice_at_once(register, queue, place, run):
    running, leave, runs = threading.Event(), threading.Event(), []

    def mow(site, progress):
        runs.append(1)
        running.set()
        assert leave.wait(30)

    register("mow", mow, hour=3)
    now = time.time()
    queue.store.plan("mow-1", "mow", now - 1)
    first = Runner(queue, place, "w1")
    thread = threading.Thread(target=first, args=("mow-1",))
    thread.start()
    assert running.wait(30)
    # As if somebody ran yesterday's failed one again.
    queue.store.prepare([("mow-0", "mow", "{}")], now - 1)
    queue.store.release(["mow-0"])
    run("mow-0")
    assert queue.store.get("mow-0").state == "waiting"
    leave.set()
    thread.join(30)
    run("mow-0")
    assert queue.store.get("mow-0").state == "done"
    assert runs == [1, 1]


def test_one_process_never_runs_a_task_beside_itself(register, queue, place):
    running, leave, runs = threading.Event(), threading.Event(), []

    def mow(site, progress):
        runs.append(1)
        running.set()
        assert leave.wait(30)

    register("mow", mow)
    queue.store.prepare([("a", "mow", "{}")], time.time() - 1)
    queue.store.release(["a"])
    runner = Runner(queue, place, "w")
    thread = threading.Thread(target=runner, args=("a",))
    thread.start()
    assert running.wait(30)
    in_a_thread(lambda: runner("a"))
    assert runner.active == {"a"}
    leave.set()
    thread.join(30)
    assert runs == [1]
    assert runner.active == set()


def test_a_task_enqueues_others_with_its_own_commits(start, register, run, queue):
    register("sow", lambda site, progress, *, bed: None)

    def mow(site, progress):
        enqueue("sow", bed=1)
        transaction.commit()
        enqueue("sow", bed=2)
        raise ValueError

    run(start(mow))
    sown = [row.values for row in queue.store.page(0, 10) if row.name == "sow"]
    assert sown == [{"bed": 1}]


def test_a_task_of_another_version_is_left_for_it(start, run, queue, register):
    task_id = start(lambda site, progress: None)
    register.close()
    run(task_id)
    assert queue.store.get(task_id).state == "waiting"


def test_a_portal_that_is_not_there_yet_is_waited_for(start, queue, place):
    task_id = start(lambda site, progress: None)
    nowhere = Place(place.database, "not-there", place.url)
    in_a_thread(lambda: Runner(queue, nowhere, "w")(task_id))
    assert queue.store.get(task_id).error == "TemporaryError"


def test_a_space_made_by_a_task_is_there(start, run, functional):
    run(start(lambda site, progress: get_spaces(site).create_space()))
    transaction.begin()
    assert get_spaces(functional["portal"]).objectCount() == 1
