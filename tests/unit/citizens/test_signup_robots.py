"""The protection against robots, seen by robots and by hurried people."""

from civisdata.content.citizens import antirobot
import pytest


SECRET = b"a secret of the site"
NOW = 1_700_000_000.0


def objection(trap="", shown=None, after=60.0, quickest=antirobot.QUICKEST):
    shown = antirobot.stamp(SECRET, NOW) if shown is None else shown
    return antirobot.objection(SECRET, trap, shown, NOW + after, quickest)


def test_a_person_who_takes_a_minute_is_let_through():
    assert objection() is None


@pytest.mark.parametrize(
    "case",
    [
        {"trap": "http://spam.example"},
        {"shown": ""},
        {"shown": "1700000000"},
        {"shown": "1700000000.0123"},
        {"shown": "x.y"},
        {"shown": "²."},
        {"shown": "1700000000.é"},
        {"after": 1},
        {"after": antirobot.OLDEST + 1},
        {"shown": antirobot.stamp(b"another secret", NOW)},
        {"shown": antirobot.stamp(SECRET, NOW + 9999)},
    ],
)
def test_robots_are_told_in_words_for_a_person(case):
    assert objection(**case)


@pytest.mark.parametrize(
    "address, network",
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_networks(address, network):
    assert antirobot.network_of(address) == network


def test_sign_ups_of_a_network_are_limited_for_an_hour():
    counter = antirobot.NetworkCounter()
    for _ in range(3):
        assert not counter.full(SECRET, "192.0.2.7", 3, NOW)
        counter.count(SECRET, "192.0.2.7", NOW)
    assert counter.full(SECRET, "192.0.2.7", 3, NOW)
    assert not counter.full(SECRET, "192.0.2.8", 3, NOW)
    assert not counter.full(SECRET, "192.0.2.7", 0, NOW)
    assert not counter.full(SECRET, "192.0.2.7", 3, NOW + antirobot.WINDOW)


def test_networks_are_forgotten_and_never_kept_in_clear():
    counter = antirobot.NetworkCounter()
    counter.count(SECRET, "192.0.2.7", NOW)
    kept = str([dict(window) for window in counter.windows.values()])
    assert "192.0.2" not in kept
    counter.count(SECRET, "192.0.2.8", NOW + 3 * antirobot.WINDOW)
    assert len(counter.windows) == 1
