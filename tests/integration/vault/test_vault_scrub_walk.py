"""The check of the night over all spaces: in steps, resumed, with a report of ids."""

from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks.queue import get_queue
from civisdata.content.tasks.registry import get_task
from civisdata.content.tasks.runner import Runner
from civisdata.content.tasks.surroundings import Place
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.filing import file_arrivals
from civisdata.content.vault.scrub import walk
from civisdata.content.vault.scrub.interfaces import IKnownSigners
from civisdata.content.vault.scrub.report import get_reports
from civisdata.content.vault.scrub.report import LISTED
from civisdata.content.vault.scrub.report import Report
from civisdata.content.vault.scrub.report import Reports
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import EXPIRES
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import start_upload
from civisdata.content.vault.uploads import store_stream
from helpers.deposits import make_recipient
from helpers.deposits import put
from helpers.tasks import in_a_thread
from io import BytesIO
from pathlib import Path
from zope.component import getGlobalSiteManager
import logging
import pytest
import time
import transaction


LIMITS = Limits(10**9, 10**9)
SIZE = 1000


@pytest.fixture
def spaces(functional):
    return get_spaces(functional["portal"])


@pytest.fixture
def fill(spaces):
    """Make spaces with so many documents each; give the spaces' and documents' ids."""

    def fill_spaces(*counts: int) -> list[tuple[str, str]]:
        made = []
        for count in counts:
            space, bundle = spaces.create_space(), KeyBundle.new()
            need_account(space).public = bundle.public
            for number in range(count):
                document_id = store_stream(
                    ensure_vault(space),
                    space.getId(),
                    bundle,
                    name=f"secret-name-{number}.bin",
                    size=SIZE,
                    category="local",
                    limits=LIMITS,
                    stream=BytesIO(bytes([number]) * SIZE),
                )
                made.append((space.getId(), document_id))
        transaction.commit()
        return sorted(made)

    return fill_spaces


def document(spaces, place: tuple[str, str]):
    return get_vault(spaces.get_space(place[0])).documents[place[1]]


def damage(spaces, place: tuple[str, str]) -> None:
    flip(document(spaces, place).parts[0])


def flip(part) -> None:
    """Change the last bit of a stored file."""
    path = Path(part.committed())
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def quiet(done: int, total: int) -> None:
    pass


def scrub(spaces, progress=quiet, **step):
    step = walk.Step(**step) if step else walk.Step()
    return walk.scrub(spaces.__parent__, spaces, progress, step)


@pytest.mark.parametrize("items", [1, 2, 3, 7, 200])
def test_whole_vaults_give_no_finding(spaces, fill, items):
    fill(3, 0, 1, 5)
    told = []
    report = scrub(spaces, lambda *numbers: told.append(numbers), items=items)
    assert (report.spaces, report.documents, report.findings) == (4, 9, 0)
    assert report.bytes == 9 * (SIZE + 32)
    assert report.finished >= report.started
    assert told[-1] == (4, 4)
    assert told == sorted(told)
    reports = get_reports(spaces)
    assert (reports.last, reports.current) == (report, None)


def test_a_step_ends_when_much_was_read(spaces, fill):
    fill(4)
    told = []
    scrub(spaces, lambda *numbers: told.append(numbers), bytes=2 * SIZE)
    assert len(told) == 2 + 0


def test_no_space_at_all(spaces):
    assert scrub(spaces).spaces == 0


def test_what_is_wrong_is_reported_with_ids_only(spaces, fill, caplog):
    places = fill(2, 2)
    damage(spaces, places[1])
    space_id, stray_id = places[2]
    del get_vault(spaces.get_space(space_id)).documents[stray_id]
    transaction.commit()
    report = scrub(spaces, items=1)
    assert dict(report.counts) == {"payload": 1, "stray-box": 1}
    assert sorted(report.listed) == [
        ("payload", *places[1]),
        ("stray-box", *places[2]),
    ]
    errors = [row for row in caplog.records if row.name == "civisdata.vault"]
    assert len(errors) == 3
    assert all(row.levelno == logging.ERROR for row in errors)
    assert "secret-name" not in caplog.text
    assert "secret-name" not in repr(report.__dict__)


def test_a_walk_that_is_cut_off_goes_on_where_it_was(spaces, fill):
    class CutOff(Exception):
        pass

    def cut(done, total):
        seen.append(done)
        if len(seen) == 4:
            raise CutOff

    seen: list[int] = []
    places = fill(3, 3, 3)
    damage(spaces, places[0])
    with pytest.raises(CutOff):
        scrub(spaces, cut, items=1)
    transaction.abort()
    current = get_reports(spaces).current
    assert (current.spaces, current.documents, current.findings) == (1, 3, 1)
    report = scrub(spaces, items=2)
    assert (report.spaces, report.documents, report.findings) == (3, 9, 1)
    assert get_reports(spaces).current is None
    assert scrub(spaces).documents == 9


def test_a_space_that_went_while_the_walk_was_cut_off(spaces, fill):
    class CutOff(Exception):
        pass

    def cut(done, total):
        raise CutOff

    places = fill(2, 2)
    with pytest.raises(CutOff):
        scrub(spaces, cut, items=2)
    spaces.delete_space(places[0][0])
    transaction.commit()
    report = scrub(spaces)
    assert (report.spaces, report.findings) == (2, 0)
    assert report.documents == 3


def test_a_document_that_is_deleted_meanwhile_is_no_finding(
    spaces, fill, functional, monkeypatch
):
    places = fill(2)
    damage(spaces, places[0])
    confirm = walk._confirm

    def delete_first(*arguments):
        in_a_thread(delete)
        return confirm(*arguments)

    def delete():
        connection = functional["portal"]._p_jar.db().open()
        site = connection.root()["Application"][functional["portal"].getId()]
        get_vault(get_spaces(site).get_space(places[0][0])).remove(places[0][1])
        transaction.commit()
        connection.close()

    monkeypatch.setattr(walk, "_confirm", delete_first)
    assert scrub(spaces).findings == 0


def test_memory_does_not_grow_with_the_vaults(spaces, fill):
    connection = spaces._p_jar
    loaded = []
    for count in (2, 40):
        fill(*[2] * count)
        most = 0

        def look(done, total):
            nonlocal most
            most = max(most, connection._cache.cache_non_ghost_count)

        scrub(spaces, look, items=5)
        loaded.append(most)
    assert loaded[1] < loaded[0] + 20


def test_many_findings_are_counted_and_the_first_listed():
    report = Report(0.0)
    for number in range(LISTED + 5):
        report.add("size", "s", str(number))
    report.add("box", "s", "x")
    assert report.findings == LISTED + 6
    assert len(report.listed) == LISTED


def test_reports_stored_without_what_came_later_have_defaults():
    bare = Report.__new__(Report)
    bare.__dict__["started"] = 1.0
    assert (bare.finished, bare.at, bare.findings, bare.listed) == (
        None,
        ("", ""),
        0,
        (),
    )
    assert Reports.__new__(Reports).last is None


def test_other_signers_are_believed_where_a_room_names_them(spaces, fill):
    ((space_id, document_id),) = fill(1)
    signer = document(spaces, (space_id, document_id)).record["signer"]
    need_account(spaces.get_space(space_id)).public = KeyBundle.new().public
    transaction.commit()
    assert dict(scrub(spaces).counts) == {"signer": 1}

    def signers(site):
        return {signer}

    manager = getGlobalSiteManager()
    manager.registerUtility(signers, IKnownSigners, "tests")
    try:
        assert scrub(spaces).findings == 0
    finally:
        manager.unregisterUtility(signers, IKnownSigners, "tests")


def test_deposits_are_examined_while_they_wait_and_when_they_are_filed(
    spaces, functional
):
    recipient = make_recipient(functional["portal"], "bordeaux")
    put(functional["portal"], recipient)
    transaction.commit()
    space = recipient.space
    (arrival,) = get_arrivals(space).waiting.values()
    report = scrub(spaces)
    assert dict(report.counts) == {}
    assert report.bytes == arrival.payload_size
    flip(arrival.parts[0])
    report = scrub(spaces)
    assert report.listed == (("payload", space.getId(), arrival.id),)
    flip(arrival.parts[0])
    file_arrivals(space, recipient.bundle)
    transaction.commit()
    report = scrub(spaces)
    assert (report.documents, dict(report.counts)) == (1, {})


def test_stale_uploads_are_dropped_and_others_kept(spaces, fill):
    fill(1, 0, 1)
    bundle, ids = KeyBundle.new(), list(spaces.space_ids())
    for space_id in ids[:2]:
        vault = ensure_vault(spaces.get_space(space_id))
        for _ in range(2):
            start_upload(
                vault,
                space_id,
                bundle,
                name="a.bin",
                size=5,
                category="local",
                limits=LIMITS,
            )
    next(iter(vault.uploads.values())).touched_at += EXPIRES
    transaction.commit()
    later = time.time() + EXPIRES + 60
    step = walk.Step(items=1)
    assert walk.purge_stale_uploads(spaces, quiet, step) == 0
    assert walk.purge_stale_uploads(spaces, quiet, step, now=later) == 3
    assert walk.purge_stale_uploads(spaces, quiet, step, now=later) == 0
    left = [len(get_vault(spaces.get_space(space_id)).uploads) for space_id in ids]
    assert left == [0, 1, 0]
    assert spaces.get_space(ids[2])._p_changed is not True


@pytest.mark.parametrize("name,hour", [("scrub-vaults", 3), ("purge-uploads", 2)])
def test_the_tasks_of_the_night_run_on_the_portal(
    spaces, fill, functional, name, hour, tmp_path, monkeypatch
):
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    fill(2)
    portal, queue = functional["portal"], get_queue()
    assert get_task(name).hour == hour
    queue.store.plan("night", name, time.time() - 1)
    place = Place(portal._p_jar.db(), portal.getId(), "https://civis.example.org")
    in_a_thread(lambda: Runner(queue, place, "w")("night"))
    row = queue.store.get("night")
    assert (row.state, row.done, row.total, row.error) == ("done", 1, 1, "")
    queue.close()
    transaction.begin()
    if name == "scrub-vaults":
        assert get_reports(spaces).last.documents == 2
