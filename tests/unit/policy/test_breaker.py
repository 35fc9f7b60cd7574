"""The circuit breaker: asks once, pauses, lets one try, and never waits for long."""

from civisdata.policy.ldap.breaker import Breaker
from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.client import Memory
from civisdata.policy.ldap.directory import Member
import pytest
import threading


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def failing():
    raise OSError("down")


def test_after_a_failure_nobody_asks_until_the_pause_is_over():
    clock, asked = Clock(), []
    breaker = Breaker(pause=10, clock=clock)
    with pytest.raises(Unavailable, match="down"):
        breaker.call(failing, (OSError,))
    with pytest.raises(Unavailable, match="down"):
        breaker.call(lambda: asked.append(1), (OSError,))
    assert asked == []
    clock.now += 10
    breaker.call(lambda: asked.append(1), (OSError,))
    assert asked == [1]
    assert breaker.reason == ""


def test_after_the_pause_one_tries_and_the_others_are_refused():
    clock, going_on, tried = Clock(), threading.Event(), threading.Event()
    breaker = Breaker(pause=10, clock=clock)
    with pytest.raises(Unavailable):
        breaker.call(failing, (OSError,))
    clock.now += 10

    def slow():
        tried.set()
        going_on.wait(5)

    first = threading.Thread(target=breaker.call, args=(slow, (OSError,)))
    first.start()
    assert tried.wait(5)
    with pytest.raises(Unavailable):
        breaker.call(lambda: None, (OSError,))
    going_on.set()
    first.join()
    breaker.call(lambda: None, (OSError,))


def test_what_takes_too_long_has_failed():
    end = threading.Event()
    breaker = Breaker(deadline=0.05)
    with pytest.raises(Unavailable):
        breaker.call(lambda: end.wait(5), ())
    assert breaker.is_open
    end.set()


def test_other_exceptions_pass_and_open_nothing():
    breaker = Breaker()
    with pytest.raises(KeyError):
        breaker.call(lambda: {}["x"], (OSError,))
    assert not breaker.is_open


def test_calls_that_hang_are_few_for_ever():
    end, clock = threading.Event(), Clock()
    breaker = Breaker(pause=1, deadline=0.02, concurrent=2, patience=0.01, clock=clock)
    for _ in range(5):
        with pytest.raises(Unavailable):
            breaker.call(lambda: end.wait(5), ())
        clock.now += 2
    hanging = [
        thread for thread in threading.enumerate() if thread.name == "civisdata-ldap"
    ]
    assert len(hanging) <= 2
    end.set()


def test_the_memory_is_short_and_small():
    clock = Clock()
    memory = Memory(seconds=45, size=2, clock=clock)
    for login in ("a", "b", "c"):
        memory.put(login, Member(login, f"uid={login}", login, "", ()))
    assert memory.get("a") == (False, None)
    assert memory.get("c")[0]
    clock.now += 45
    assert not memory.get("c")[0]
