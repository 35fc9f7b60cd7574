"""Quick Argon2, a clock that can be moved, and a citizen's space."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.structure import get_spaces
import pytest
import time


@pytest.fixture(autouse=True)
def quick_argon2(monkeypatch):
    former = keys.set_default_params(keys.Argon2Params(64, 1, 1))
    monkeypatch.setattr(helping, "CODE_COST", keys.Argon2Params(64, 1, 1))
    yield
    keys.set_default_params(former)


class Clock:
    """The real time, plus what it was moved by."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


@pytest.fixture
def moved_clock():
    moved = Clock()
    former = clock.set_source(moved)
    yield moved
    clock.set_source(former)


@pytest.fixture
def spaces(portal):
    return get_spaces(portal)


@pytest.fixture
def space(spaces):
    space = spaces.create_space()
    space.first_name, space.last_name = "Aliénor", "Duchêne"
    space.email = "alienor@example.org"
    return space
