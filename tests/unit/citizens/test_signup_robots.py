"""The protection against robots, seen by robots and by hurried people."""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens.signup import proof
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
        {"shown": "1700000000.15.aa.0123"},
        {"shown": "x.y"},
        {"shown": "²."},
        {"shown": "1700000000.é"},
        {"shown": "\ud800.1"},
        # As a former version made it.
        {"shown": "1700000000." + antirobot._sign(SECRET, "1700000000")},
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
    assert counter.total(NOW) == 3


def test_networks_are_forgotten_and_never_kept_in_clear():
    counter = antirobot.NetworkCounter()
    counter.count(SECRET, "192.0.2.7", NOW)
    kept = str([dict(window) for window in counter.windows.values()])
    assert "192.0.2" not in kept
    counter.count(SECRET, "192.0.2.8", NOW + 3 * antirobot.WINDOW)
    assert len(counter.windows) == len(counter.totals) == 1


def test_a_counter_of_the_former_version_goes_on():
    counter = antirobot.NetworkCounter()
    counter.count(SECRET, "192.0.2.7", NOW)
    del counter.totals
    assert counter.total(NOW) == 0
    assert counter.full(SECRET, "192.0.2.7", 1, NOW)
    counter.count(SECRET, "192.0.2.7", NOW)
    assert counter.total(NOW) == 1


def shown(bits: int = 8) -> antirobot.Stamp:
    return antirobot.read_stamp(SECRET, antirobot.stamp(SECRET, NOW, bits))


def test_the_computation_fits_its_own_form_alone(monkeypatch):
    monkeypatch.setattr(proof, "LEAST", 8)
    one, other = shown(), shown()
    answer = proof.solve(one)
    assert proof.is_solved(one, answer, load=0)
    assert one.nonce != other.nonce
    # By chance one answer in 256 would fit another form: take one that doesn't.
    while proof.zero_bits(f"{other.nonce}:{answer}") >= 8:
        other = shown()
    assert not proof.is_solved(other, answer, load=0)


@pytest.mark.parametrize("answer", ["", "-1", "x", "9" * 40, "1.0", "²"])
def test_what_is_no_answer_is_none(answer):
    assert not proof.is_solved(shown(0), answer, load=0)
    assert not proof.is_solved(shown(8), answer, load=0)


def test_it_gets_harder_with_the_load_and_stays_bearable():
    hard = [proof.bits_for(load) for load in (0, 59, 60, 120, 1000, 10**9)]
    assert hard == [15, 15, 16, 17, 20, 21]


def test_forms_gathered_on_a_quiet_day_do_not_serve_in_a_flood(monkeypatch):
    monkeypatch.setattr(proof, "LEAST", 8)
    quiet = shown(8)
    answer = proof.solve(quiet)
    assert proof.is_solved(quiet, answer, load=120)
    assert not proof.is_solved(quiet, answer, load=100_000)
