"""Sign-ups that wait for their confirmation; a flood of them."""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.signup import taking
from civisdata.content.citizens.signup.waiting import DAY
from civisdata.content.citizens.signup.waiting import room_of
from civisdata.content.citizens.signup.waiting import WaitingRoom
from datetime import datetime
from datetime import UTC
from helpers.people import person
from types import SimpleNamespace
import pytest


SECRET = b"a secret of the site"
NOW = 1_700_000_000.0
CONSENT = Consent("information", "0" * 64, datetime(2026, 11, 24, tzinfo=UTC), True)
LIMITS = taking.Limits(of_network=20, unproven=100)


@pytest.fixture
def room():
    return WaitingRoom()


def test_what_was_told_comes_back_whole(room):
    id = room.add(person(), [CONSENT], NOW, 7, ("unproven",), "token")
    found = room.get(id, NOW + 1)
    assert found.registration == person()
    assert found.consents == (CONSENT,)
    assert (found.marks, found.invitation, found.letters) == (("unproven",), "token", 0)
    assert found.until == NOW + 7 * DAY


def test_its_time_ends_and_nothing_is_left(room):
    id = room.add(person(), [CONSENT], NOW, 7)
    room.take_form("nonce", id, "hash", NOW + DAY)
    assert room.get(id, NOW + 7 * DAY) is None
    assert room.forget(NOW + 7 * DAY - 1) == 0
    assert room.forget(NOW + 7 * DAY + 1) == 1
    assert len(room) == len(room.ends) == len(room.forms) == len(room.form_ends) == 0


def test_what_is_confirmed_is_no_longer_kept_but_known_for_a_second_click(room):
    id = room.add(person(), [CONSENT], NOW, 7)
    room.end(id)
    assert len(room) == 0 and room.was_confirmed(id)
    assert room.unsent(NOW) == []
    assert room.forget(NOW + 7 * DAY + 1) == 0
    assert not room.was_confirmed(id)


def test_letters_that_never_left_are_found(room):
    sent, unsent = (room.add(person(), [], NOW, 7) for _ in range(2))
    room.count_letter(sent)
    assert room.unsent(NOW) == [unsent]
    assert room.unsent(NOW + 8 * DAY) == []


def spaces() -> SimpleNamespace:
    return SimpleNamespace()


def take(spaces, number: int, client: str, proven: bool, now: float = NOW) -> bool:
    """Try one sign-up; say whether it was taken."""
    if taking.limit_reached(spaces, SECRET, client, proven, LIMITS, now) is not None:
        return False
    taking.take_in(
        spaces,
        person(email=f"robot-{number}@exemple.fr"),
        [CONSENT],
        (),
        secret=SECRET,
        client=client,
        stamp=antirobot.Stamp(int(now), 15, f"nonce-{number}-{now}"),
        oldest=antirobot.OLDEST,
        days=7,
        proven=proven,
        now=now,
    )
    return True


def test_one_network_is_held_and_the_others_go_on():
    here = spaces()
    taken = [take(here, number, "192.0.2.7", True) for number in range(100)]
    assert sum(taken) == LIMITS.of_network
    assert take(here, 200, "192.0.2.8", True)
    assert take(here, 201, "192.0.2.7", True, NOW + 3600)


def test_a_flood_from_everywhere_without_the_computation_is_held_for_robots_alone():
    here = spaces()
    taken = [take(here, n, f"198.51.{n // 250}.{n % 250}", False) for n in range(500)]
    assert sum(taken) == LIMITS.unproven
    limit = taking.limit_reached(here, SECRET, "192.0.2.9", False, LIMITS, NOW)
    assert limit is taking.Limit.CROWD
    assert take(here, 1000, "192.0.2.9", True)
    assert taking.load_of(here, NOW) == LIMITS.unproven + 1


def test_a_form_is_known_again_by_what_it_held():
    here = spaces()
    take(here, 1, "192.0.2.7", True)
    ((id, content),) = room_of(here).forms.values()
    assert room_of(here).get(id, NOW).registration.email == "robot-1@exemple.fr"
    assert content == taking.content_of(SECRET, person(email="robot-1@exemple.fr"))
    assert content != taking.content_of(SECRET, person(email="robot-2@exemple.fr"))
    assert "exemple" not in content


TOWNS = {
    "bordeaux": SimpleNamespace(successor="", participating=True),
    "begles": SimpleNamespace(successor="bordeaux", participating=True),
    "talence": SimpleNamespace(successor="begles", participating=False),
    "pessac": SimpleNamespace(successor="", participating=False),
    "round": SimpleNamespace(successor="round", participating=True),
}


@pytest.mark.parametrize(
    "slug, today",
    [
        ("bordeaux", "bordeaux"),
        ("begles", "bordeaux"),
        ("talence", "bordeaux"),
        ("pessac", None),
        ("atlantis", None),
        ("round", None),
    ],
)
def test_a_commune_may_have_left_or_been_merged_meanwhile(slug, today):
    assert taking.communes_today(TOWNS)(slug) == today


def test_tokens_have_one_purpose():
    id = "abcdefgh234567zy"
    assert taking.id_to_confirm(taking.confirm_token(id)) == id
    assert taking.id_to_resend(taking.resend_token(id)) == id
    assert taking.id_to_confirm(taking.resend_token(id)) is None
    for text in ("", ".", id, f"{id}.x", "\ud800", "é.é", "a" * 10_000):
        assert taking.id_to_confirm(text) is None
