"""Turns at slow work: few for one citizen, whatever processes there are or die."""

from civisdata.content.vault import turns as module
from civisdata.content.vault.turns import TooManyJobs
from civisdata.content.vault.turns import turn
from civisdata.content.vault.turns import Turns
from types import SimpleNamespace
import pytest
import subprocess
import sys
import threading


TAKER = """
import sys
from civisdata.content.vault.turns import Turns
ends = [Turns(sys.argv[1]).take("zoe") for _ in range(int(sys.argv[2]))]
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def turns(tmp_path):
    return Turns(tmp_path / "turns")


@pytest.fixture
def asking(monkeypatch, tmp_path):
    """Lets a citizen ask."""
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path))
    session = SimpleNamespace(user_id="zoe")
    monkeypatch.setattr(module, "current_session", lambda: session)
    return Turns(tmp_path / "turns")


def process(folder, count: int) -> subprocess.Popen:
    """Another process that has turns until its input ends."""
    started = subprocess.Popen(
        [sys.executable, "-c", TAKER, str(folder), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert started.stdout.readline() == b"taken\n"
    return started


def test_one_citizen_has_two(turns):
    first, second = turns.take("zoe"), turns.take("zoe")
    with pytest.raises(TooManyJobs):
        turns.take("zoe")
    other = turns.take("paul")
    first()
    # Ending twice gives nobody else's turn away.
    third = turns.take("zoe")
    first()
    with pytest.raises(TooManyJobs):
        turns.take("zoe")
    for end in (second, third, other):
        end()
    assert not list(turns.folder.iterdir())


def test_the_folder_names_nobody(turns):
    turns.take("zoe")
    (path,) = turns.folder.iterdir()
    assert "zoe" not in path.name and path.read_bytes() == b""


def test_turns_of_other_processes_count_and_end_with_them(turns):
    started = process(turns.folder, 2)
    try:
        with pytest.raises(TooManyJobs):
            turns.take("zoe")
        started.kill()
        started.wait()
        first, second = turns.take("zoe"), turns.take("zoe")
        with pytest.raises(TooManyJobs):
            turns.take("zoe")
        first()
        second()
        assert not list(turns.folder.iterdir())
    finally:
        started.kill()
        started.communicate()


def test_many_threads_never_have_more_than_two(turns):
    most, now, lock = [0], [0], threading.Lock()

    def work() -> None:
        for _ in range(200):
            try:
                end = turns.take("zoe")
            except TooManyJobs:
                continue
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            with lock:
                now[0] -= 1
            end()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < most[0] <= 2
    turns.take("zoe")()


def test_work_within_work_has_one_turn(asking):
    with turn(), turn():
        end = asking.take("zoe")
        with pytest.raises(TooManyJobs):
            asking.take("zoe")
        end()
    assert not list(asking.folder.iterdir())


def test_a_turn_ends_where_the_work_fails(asking):
    with pytest.raises(ValueError), turn():
        raise ValueError
    assert not list(asking.folder.iterdir())


def test_a_turn_ends_with_who_has_it(asking):
    holder_class = type("Holder", (), {})
    holder = holder_class()
    module.take_turn(holder)
    assert len(list(asking.folder.iterdir())) == 1
    del holder
    assert not list(asking.folder.iterdir())


def test_who_has_no_session_is_not_counted(monkeypatch, tmp_path):
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path))
    monkeypatch.setattr(module, "current_session", lambda: None)
    for _ in range(3):
        module.take_turn(object)
    with turn():
        assert not (tmp_path / "turns").exists()


def test_a_folder_that_cannot_be_written_to_stops_nobody(tmp_path, caplog):
    (tmp_path / "turns").write_text("")
    Turns(tmp_path / "turns").take("zoe")()
    assert "turns" in caplog.text
