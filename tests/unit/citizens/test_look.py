"""What a citizen chooses of how the space looks."""

from civisdata.content.citizens.appearance.look import arranged
from civisdata.content.citizens.appearance.look import keep_look
from civisdata.content.citizens.appearance.look import known_look
from civisdata.content.citizens.appearance.look import Look
from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.appearance.look import moved
from civisdata.content.citizens.appearance.look import plain
from civisdata.content.citizens.appearance.look import with_order
from civisdata.content.citizens.content import PersonalSpace
from civisdata.content.vault.transfer.own_sections import export_look
from civisdata.content.vault.transfer.own_sections import import_look
import pytest


OFFERED = ["rappels", "actualites", "services"]


@pytest.fixture
def space() -> PersonalSpace:
    """A space as former versions stored it: nothing of a look is in it."""
    space = PersonalSpace("a" * 16)
    assert "_look" not in vars(space)
    return space


def test_a_space_of_a_former_version_looks_as_the_portal(space):
    assert look_of(space) == Look()


def test_a_look_is_kept_as_plain_values(space):
    look = Look(("services",), "garonne", "compact", "dark")
    keep_look(space, look)
    assert look_of(space) == look
    assert type(space._look) is dict
    assert {type(value) for value in space._look.values()} == {str, list}


def test_the_first_look_leaves_nothing(space):
    keep_look(space, Look(accent="garonne"))
    keep_look(space, Look())
    assert space._look is None


@pytest.mark.parametrize(
    "stored, found",
    [
        ({"accent": "rose"}, Look()),
        ({"accent": '"><script>'}, Look()),
        ({"scheme": 5, "density": ["compact"]}, Look()),
        ({"order": ["a", "a", 3, "", "x" * 90]}, Look(order=("a",))),
        ({"accent": "pins", "later": 1}, Look(accent="pins")),
    ],
)
def test_what_is_not_known_is_left_out(space, stored, found):
    space._look = stored
    assert look_of(space) == found


@pytest.mark.parametrize("values", [None, [], "dark", {"order": "services"}])
def test_what_is_no_look_is_refused(values):
    with pytest.raises(ValueError):
        known_look(values)


def test_an_order_cannot_grow_without_end():
    ids = [str(number) for number in range(1000)]
    assert len(known_look({"order": ids}).order) == 50


@pytest.mark.parametrize(
    "chosen, result",
    [
        ([], OFFERED),
        (["services", "rappels", "actualites"], ["services", "rappels", "actualites"]),
        # one that came later follows the one that it follows by default
        (["services", "rappels"], ["services", "rappels", "actualites"]),
        (["actualites", "services"], OFFERED),
        # one that is gone
        (["gone", "services"], ["rappels", "actualites", "services"]),
    ],
)
def test_all_blocks_are_there_in_the_order_chosen(chosen, result):
    assert arranged(chosen, OFFERED) == result


@pytest.mark.parametrize(
    "id, step, result",
    [
        ("services", -1, ["rappels", "services", "actualites"]),
        ("rappels", -1, OFFERED),
        ("rappels", 1, ["actualites", "rappels", "services"]),
        ("services", 1, OFFERED),
        ("none", 1, OFFERED),
    ],
)
def test_a_block_moves_as_far_as_there_are_places(id, step, result):
    assert moved(OFFERED, id, step) == result


def test_the_default_order_is_kept_as_none():
    look = with_order(Look(), ["services", "rappels", "actualites"], OFFERED)
    assert look.order == ("services", "rappels", "actualites")
    assert with_order(look, OFFERED, OFFERED).order == ()


def test_a_look_goes_along_to_another_portal(space):
    assert export_look(space, None) is None
    keep_look(space, Look(("services",), "brique", "compact", "light"))
    other = PersonalSpace("b" * 16)
    import_look(other, None, export_look(space, None))
    assert look_of(other) == look_of(space)
    assert export_look(other, None) == plain(look_of(space))
    with pytest.raises(ValueError):
        import_look(other, None, ["dark"])
