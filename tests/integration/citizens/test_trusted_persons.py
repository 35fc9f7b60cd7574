"""Trusted persons: choosing them, calling them, getting the keys back."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import journal
from civisdata.content.citizens import keys
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.addresses import standard_address
from civisdata.content.citizens.keylife import dealing
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.keylife import renewal
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.passwords import Refused
from dataclasses import dataclass
from itertools import combinations
from typing import Any
import pickle
import pytest


GOOD = "canal vernis tortue plume"
OTHER = "brouette mandarine sifflet"
DELAY = 72 * 3600 + 60


@dataclass
class Person:
    space: Any
    bundle: keys.KeyBundle
    code: str

    @property
    def login(self) -> str:
        return self.space.login

    def held(self, owner: "Person") -> str:
        """The id of what this person holds for the owner."""
        (found,) = [
            held.id
            for held in trust.get_trust(self.space).held.values()
            if held.owner_id == owner.space.getId()
        ]
        return found


@pytest.fixture
def new_person(spaces):
    def new_person(name="Odile") -> Person:
        space = spaces.create_space()
        space.first_name, space.last_name = name, "Martin"
        space.email = f"{name}@example.org"
        accounts.issue_first_password(space)
        bundle = activation.choose_password(space, GOOD, GOOD)
        code = activation.new_code(space, bundle)
        activation.confirm_code(space, code)
        return Person(space, bundle, code)

    return new_person


@pytest.fixture
def owner(new_person):
    return new_person("Aliénor")


@pytest.fixture
def friends(new_person):
    return [new_person(name) for name in ("Odile", "Paul", "Rémi")]


@pytest.fixture
def circle(owner, friends, spaces):
    """The owner's circle: two of the three friends, who have accepted."""
    logins = [friend.login for friend in friends]
    dealing.set_up(owner.space, spaces, owner.bundle, logins, 2)
    for friend in friends:
        dealing.accept(friend.space, spaces, friend.held(owner))
    return trust.circle_of(owner.space)


@pytest.fixture
def locked(owner, spaces, circle):
    """The owner after a new password: locked out."""
    reset(owner, spaces, OTHER)
    return owner


def reset(person, spaces, password):
    """Choose a new password by a link of a mail: the documents are locked then."""
    get_account(person.space).reset_asked = 0.0
    ticket = unlocking.ask_reset(person.space)
    unlocking.reset_password(spaces, ticket, password, password)


def refused(function, *args) -> Refused:
    with pytest.raises(Refused) as error:
        function(*args)
    return error.value


def confirm(friend, owner, spaces, code):
    held = friend.held(owner)
    return helping.confirm(friend.space, spaces, friend.bundle, held, code)


def test_nobody_is_told_whether_a_login_exists(owner, friends, spaces):
    logins = [friends[0].login, "c-22222222", friends[1].login.upper() + " "]
    found = dealing.set_up(owner.space, spaces, owner.bundle, logins, 2)
    assert found == [friends[0].space, friends[1].space]
    circle = trust.circle_of(owner.space)
    states = [trust.state_of(spaces, circle, one) for one in circle.members]
    assert states == ["waiting"] * 3
    names = trust.open_names(owner.bundle, owner.space.getId(), circle.names)
    assert [names[one.id] for one in circle.members][1] == "c-22222222"
    # A refusal, too, looks like an answer that is to come.
    dealing.leave(friends[0].space, spaces, friends[0].held(owner))
    states = [trust.state_of(spaces, circle, one) for one in circle.members]
    assert states == ["waiting"] * 3


def test_standard_addresses_are_logins(portal, owner, friends, spaces):
    typed = [standard_address(portal, friends[0].space).upper(), friends[1].login, ""]
    found = dealing.set_up(owner.space, spaces, owner.bundle, typed, 2)
    assert found == [friends[0].space, friends[1].space]


def test_accounts_that_are_suspended_or_not_active_are_nobody(owner, friends, spaces):
    accounts.disable_account(friends[0].space)
    newcomer = spaces.create_space()
    login, _password = accounts.issue_first_password(newcomer)
    logins = [friends[0].login, login, friends[1].login]
    found = dealing.set_up(owner.space, spaces, owner.bundle, logins, 2)
    assert found == [friends[1].space]


@pytest.mark.parametrize(
    ("names", "k", "field"),
    [
        ((), 2, "person1"),
        (("c-22222222",), 2, "person1"),
        (("c-22222222", "c-33333333"), 3, "needed"),
        (("c-22222222", "c-33333333"), 1, "needed"),
        (("c-22222222", "c-22222222"), 2, "person2"),
        (("c-22222222", "odile@example.org"), 2, "person2"),
        (("c-22222222", "OWN"), 2, "person2"),
        (tuple(f"c-2222222{n}" for n in "234567"), 2, "person1"),
    ],
)
def test_what_cant_be_set_up(owner, spaces, names, k, field):
    names = [owner.login if name == "OWN" else name for name in names]
    refusal = refused(dealing.set_up, owner.space, spaces, owner.bundle, names, k)
    assert refusal.field == field
    assert trust.circle_of(owner.space) is None


def test_a_second_circle_is_refused(circle, owner, friends, spaces):
    logins = [friend.login for friend in friends]
    refused(dealing.set_up, owner.space, spaces, owner.bundle, logins, 2)


def test_any_two_of_three_open_the_keys_and_one_does_not(
    circle, owner, friends, spaces
):
    owner_id = owner.space.getId()
    shares = [
        dealing.open_share(
            trust.get_trust(friend.space).held[friend.held(owner)].share,
            circle.record,
            owner_id,
            friend.bundle,
        )
        for friend in friends
    ]
    for some in combinations(shares, 2):
        assert helping._keys_of(owner.space, circle, list(some)) == owner.bundle
    assert helping._keys_of(owner.space, circle, shares[:1]) is None


def test_a_share_opens_for_its_holder_owner_and_deal_only(
    circle, owner, friends, spaces
):
    held = trust.get_trust(friends[0].space).held[friends[0].held(owner)]
    args = (held.share, circle.record, owner.space.getId())
    assert dealing.open_share(*args, friends[0].bundle)
    for wrong in (
        (*args, friends[1].bundle),
        (*args, owner.bundle),
        (held.share, circle.record, friends[1].space.getId(), friends[0].bundle),
        (held.share, {**circle.record, "salt": b"x"}, args[2], friends[0].bundle),
        (held.share[:-1] + b"\0", *args[1:], friends[0].bundle),
    ):
        with pytest.raises(ValueError):
            dealing.open_share(*wrong)


def test_nothing_in_clear_is_stored(circle, owner, friends):
    stored = repr(vars(circle)) + repr(pickle.dumps(circle.__getstate__()))
    for friend in friends:
        assert friend.login not in stored
        assert friend.space.first_name not in stored
    for secret in (owner.bundle.vault_key, owner.bundle.exchange_key):
        assert repr(secret)[2:-1] not in stored


def test_the_whole_way(locked, friends, spaces, moved_clock):
    owner = locked
    assert helping.may_ask(owner.space, spaces)
    code = helping.ask(owner.space, spaces, OTHER)
    assert len(code.replace(" ", "")) == 12 and code.replace(" ", "").isdecimal()
    assert helping.code_again(owner.space, OTHER) == code
    (call,) = helping.calls_for(friends[0].space, spaces)
    assert call[1] == owner.space
    assert "early" in refused(confirm, friends[0], owner, spaces, code).message
    assert "Not enough" in refused(helping.recover, owner.space, spaces, OTHER).message
    moved_clock.moved = DELAY
    assert confirm(friends[0], owner, spaces, code.replace(" ", "-")) == owner.space
    assert not helping.is_answered(owner.space)
    assert "Not enough" in refused(helping.recover, owner.space, spaces, OTHER).message
    assert helping.calls_for(friends[0].space, spaces) == []
    confirm(friends[2], owner, spaces, code)
    assert helping.is_answered(owner.space)
    refused(helping.recover, owner.space, spaces, "wrong")
    assert helping.recover(owner.space, spaces, OTHER) == owner.bundle
    assert not unlocking.is_locked(owner.space)
    assert helping.call_of(owner.space) is None
    check = accounts.check_current(get_account(owner.space), OTHER, owner.space.getId())
    assert check.bundle == owner.bundle
    assert helping.calls_for(friends[1].space, spaces) == []


def test_each_step_is_noted_once(locked, friends, spaces, moved_clock):
    owner = locked
    helping.ask(owner.space, spaces, OTHER)
    helping.cancel(owner.space)
    helping.cancel(owner.space)
    helping.ask(owner.space, spaces, OTHER)
    helping.deny(friends[2].space, spaces, friends[2].held(owner))
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    for friend in friends[:2]:
        confirm(friend, owner, spaces, code)
    helping.recover(owner.space, spaces, OTHER)
    assert [
        entry.action
        for entry in journal.entries(owner.space)[::-1]
        if entry.action.startswith(("trusted-", "help-"))
    ] == [
        "trusted-named",
        "help-asked",
        "help-cancelled",
        "help-asked",
        "help-denied",
        "help-asked",
        "help-answered",
        "help-answered",
        "help-used",
    ]
    assert [entry.action for entry in journal.entries(friends[0].space)][:2] == [
        "trusted-share-given",
        "trusted-accepted",
    ]
    assert journal.verify(owner.space).broken_at is None


def test_shares_that_have_served_are_replaced(locked, friends, spaces, moved_clock):
    owner, circle = locked, trust.circle_of(locked.space)
    record = circle.record
    held = trust.get_trust(friends[1].space).held[friends[1].held(owner)]
    share = held.share
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    for friend in friends[:2]:
        confirm(friend, owner, spaces, code)
    helping.recover(owner.space, spaces, OTHER)
    circle = trust.circle_of(owner.space)
    assert circle.record != record and held.share != share
    assert dealing.open_share(
        held.share, circle.record, owner.space.getId(), friends[1].bundle
    )
    assert len(trust.helpers_of(spaces, circle)) == 3


def test_only_who_is_locked_out_can_call(circle, owner, spaces):
    assert not helping.may_ask(owner.space, spaces)
    refused(helping.ask, owner.space, spaces, GOOD)


def test_not_enough_acceptances(owner, friends, spaces):
    logins = [friend.login for friend in friends]
    dealing.set_up(owner.space, spaces, owner.bundle, logins, 2)
    dealing.accept(friends[0].space, spaces, friends[0].held(owner))
    reset(owner, spaces, OTHER)
    assert "cannot help" in refused(helping.ask, owner.space, spaces, OTHER).message
    dealing.accept(friends[1].space, spaces, friends[1].held(owner))
    assert helping.ask(owner.space, spaces, OTHER)


def test_wrong_codes_are_counted_for_each_call(locked, friends, spaces, moved_clock):
    owner = locked
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    wrong = code.translate(str.maketrans("0123456789", "1234567890"))
    for _ in range(helping.TRIES):
        assert (
            "isn't the code"
            in refused(confirm, friends[0], owner, spaces, wrong).message
        )
    assert "Too many" in refused(confirm, friends[0], owner, spaces, code).message
    for typed in ("", "é", code[:-1], code + "1"):
        refused(confirm, friends[1], owner, spaces, typed)
    confirm(friends[1], owner, spaces, code)
    helping.cancel(owner.space)
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved += DELAY
    assert confirm(friends[0], owner, spaces, code)


def test_another_key_in_the_database_has_another_code(
    locked, friends, spaces, moved_clock
):
    owner = locked
    code = helping.ask(owner.space, spaces, OTHER)
    call = trust.circle_of(owner.space).request
    thief = keys.KeyBundle.new()
    call.public = thief.public.exchange
    moved_clock.moved = DELAY
    refused(confirm, friends[0], owner, spaces, code)
    # What the citizen is shown is of the key that the password opens.
    assert helping.code_again(owner.space, OTHER) == code
    assert call.released == {}


def test_a_call_ends_after_some_days(locked, friends, spaces, moved_clock):
    owner = locked
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY + helping.DAYS * 86400
    assert helping.call_of(owner.space) is None
    assert "no call" in refused(confirm, friends[0], owner, spaces, code).message
    assert helping.ask(owner.space, spaces, OTHER)


def test_a_new_password_cancels_a_call(locked, friends, spaces, moved_clock):
    owner = locked
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    confirm(friends[0], owner, spaces, code)
    third = "tambour girafe orage colline"
    reset(owner, spaces, third)
    assert helping.call_of(owner.space) is None
    refused(confirm, friends[1], owner, spaces, code)
    refused(helping.recover, owner.space, spaces, third)


def test_raised_cost_does_not_cancel_a_call(locked, friends, spaces, moved_clock):
    owner = locked
    code = helping.ask(owner.space, spaces, OTHER)
    former = keys.set_default_params(keys.Argon2Params(128, 1, 1))
    try:
        accounts.need_current(owner.space, OTHER)
        moved_clock.moved = DELAY
        for friend in friends[:2]:
            confirm(friend, owner, spaces, code)
        assert helping.recover(owner.space, spaces, OTHER) == owner.bundle
    finally:
        keys.set_default_params(former)


def test_the_former_password_cancels_and_bars_until_the_unlocking(
    locked, friends, spaces
):
    owner = locked
    cancel = helping.cancel_with_former_password
    assert cancel(spaces, owner.login, GOOD) is None, "no call yet"
    helping.ask(owner.space, spaces, OTHER)
    assert cancel(spaces, owner.login, "wrong") is None
    assert cancel(spaces, "c-22222222", GOOD) is None
    assert cancel(spaces, owner.login.upper(), GOOD) == owner.space
    assert helping.call_of(owner.space) is None
    assert not helping.may_ask(owner.space, spaces)
    refused(helping.ask, owner.space, spaces, OTHER)
    unlocking.unlock_with_old_password(owner.space, OTHER, GOOD)
    assert not trust.circle_of(owner.space).barred


def test_unlocking_in_another_way_ends_the_call(locked, friends, spaces):
    helping.ask(locked.space, spaces, OTHER)
    unlocking.unlock_with_code(locked.space, OTHER, locked.code)
    assert trust.circle_of(locked.space).request is None
    assert helping.calls_for(friends[0].space, spaces) == []


def test_one_person_can_say_that_it_is_not_the_owner(locked, friends, spaces):
    helping.ask(locked.space, spaces, OTHER)
    held = friends[0].held(locked)
    assert helping.deny(friends[0].space, spaces, held) == locked.space
    assert helping.call_of(locked.space) is None
    refused(helping.deny, friends[0].space, spaces, held)


def test_nobody_answers_with_the_share_of_another(
    locked, friends, new_person, spaces, moved_clock
):
    owner, stranger = locked, new_person("Zoé")
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    held = friends[0].held(owner)
    for somebody in (stranger, friends[1], owner):
        args = (somebody.space, spaces, somebody.bundle, held, code)
        refused(helping.confirm, *args)
        refused(helping.deny, somebody.space, spaces, held)
        refused(dealing.leave, somebody.space, spaces, held)
        refused(dealing.accept, somebody.space, spaces, held)
    assert trust.circle_of(owner.space).request.released == {}


def test_an_offer_that_was_not_accepted_answers_nothing(
    owner, friends, spaces, moved_clock
):
    logins = [friend.login for friend in friends]
    dealing.set_up(owner.space, spaces, owner.bundle, logins, 2)
    for friend in friends[:2]:
        dealing.accept(friend.space, spaces, friend.held(owner))
    reset(owner, spaces, OTHER)
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    refused(confirm, friends[2], owner, spaces, code)


def test_a_damaged_share_does_not_spoil_the_others(
    locked, friends, spaces, moved_clock
):
    owner = locked
    code = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    for friend in friends:
        confirm(friend, owner, spaces, code)
    circle = trust.circle_of(owner.space)
    call, caller = helping._open_call(owner.space, OTHER)
    forged = dealing.seal_share(
        dealing.Share(1, bytes(32)),
        circle.record,
        owner.space.getId(),
        keys.PublicKeys(call.public, b"").recipient,
    )
    call.released = {**call.released, friends[0].held(owner): forged}
    assert len(helping._shares(owner.space, circle, call, caller)) == 3
    assert helping.recover(owner.space, spaces, OTHER) == owner.bundle


def test_removing_a_person_makes_new_shares(circle, owner, friends, spaces):
    member = friends[0].held(owner)
    held = trust.get_trust(friends[1].space).held[friends[1].held(owner)]
    before, record = held.share, circle.record
    dealing.remove(owner.space, spaces, owner.bundle, member)
    after = trust.circle_of(owner.space)
    assert len(after.members) == 2 and after.record != record
    assert held.share != before
    assert list(trust.get_trust(friends[0].space).held) == []
    assert len(trust.helpers_of(spaces, after)) == 2
    assert not dealing.may_remove(after)
    args = (owner.space, spaces, owner.bundle, friends[1].held(owner))
    assert "Too few" in refused(dealing.remove, *args).message
    refused(dealing.remove, owner.space, spaces, owner.bundle, member)
    names = trust.open_names(owner.bundle, owner.space.getId(), after.names)
    assert sorted(names.values()) == sorted(friend.login for friend in friends[1:])


def test_ending_takes_all_shares_back(circle, owner, friends, spaces):
    dealing.end(owner.space, spaces)
    assert trust.circle_of(owner.space) is None
    assert all(not trust.get_trust(friend.space).held for friend in friends)
    dealing.end(owner.space, spaces)


def test_a_person_who_leaves(circle, owner, friends, spaces):
    dealing.leave(friends[0].space, spaces, friends[0].held(owner))
    states = [trust.state_of(spaces, circle, one) for one in circle.members]
    assert states == ["withdrawn", "accepted", "accepted"]
    assert len(trust.helpers_of(spaces, circle)) == 2


def test_a_person_whose_space_is_deleted(circle, owner, friends, spaces):
    spaces.delete_space(friends[0].space.getId())
    states = [trust.state_of(spaces, circle, one) for one in circle.members]
    assert states == ["withdrawn", "accepted", "accepted"]
    dealing.deal(owner.space, spaces, owner.bundle)
    dealing.end(owner.space, spaces)


def test_an_owner_whose_space_is_deleted(circle, owner, friends, spaces):
    spaces.delete_space(owner.space.getId())
    assert list(trust.held_for_others(spaces, friends[0].space)) == []


def test_new_keys_of_the_owner_make_new_shares(
    circle, owner, friends, spaces, moved_clock
):
    code = renewal.ask_new_keys(owner.space, GOOD, OTHER, OTHER)
    new = renewal.confirm_new_keys(owner.space, owner.bundle, code)
    names = trust.open_names(new, owner.space.getId(), circle.names)
    assert len(names) == 3
    (entry,) = journal.entries(owner.space, count=1)
    assert entry.action == "keys-renewed"
    assert entry.details == {"former_key": owner.bundle.public.signing.hex()}
    assert journal.verify(owner.space, new).broken_at is None
    third = "tambour girafe orage colline"
    reset(owner, spaces, third)
    call = helping.ask(owner.space, spaces, third)
    moved_clock.moved = DELAY
    for friend in friends[1:]:
        confirm(friend, owner, spaces, call)
    assert helping.recover(owner.space, spaces, third) == new


def test_new_keys_of_a_trusted_person_keep_the_share(
    circle, owner, friends, spaces, moved_clock
):
    friend = friends[0]
    code = renewal.ask_new_keys(friend.space, GOOD, OTHER, OTHER)
    friend.bundle = renewal.confirm_new_keys(friend.space, friend.bundle, code)
    reset(owner, spaces, OTHER)
    call = helping.ask(owner.space, spaces, OTHER)
    moved_clock.moved = DELAY
    for each in friends[:2]:
        confirm(each, owner, spaces, call)
    assert helping.recover(owner.space, spaces, OTHER) == owner.bundle


def test_whoever_starts_anew_holds_nothing_and_counts_on_nobody(
    circle, owner, friends, spaces, moved_clock
):
    for number, person in enumerate((friends[0], owner)):
        moved_clock.moved = number * 80 * 3600
        reset(person, spaces, OTHER)
        unlocking.ask_anew(person.space, "RECOMMENCER")
        moved_clock.moved += 73 * 3600
        unlocking.start_anew(person.space, OTHER)
        if person is friends[0]:
            states = [trust.state_of(spaces, circle, one) for one in circle.members]
            assert states == ["withdrawn", "accepted", "accepted"]
    assert trust.circle_of(owner.space) is None
    assert all(not trust.get_trust(friend.space).held for friend in friends)


def test_a_space_of_before_has_nothing_and_looking_writes_nothing(space, spaces):
    before = dict(space.__dict__)
    assert trust.circle_of(space) is None
    assert helping.call_of(space) is None
    assert list(trust.held_for_others(spaces, space)) == []
    assert space.__dict__ == before


def test_a_new_suite_of_trusted_wraps(circle, owner, friends, spaces):
    from civisdata.content.citizens.suites import chacha

    record = circle.record
    assert record["suite"] == "civis-trusted-1"
    with dealing.TRUSTED.trying(chacha("civis-trusted-test")):
        dealing.deal(owner.space, spaces, owner.bundle)
        assert circle.record["suite"] == "civis-trusted-test"
    with pytest.raises(keys.UnknownSuite):
        dealing.open_with_secret(circle.record, bytes(32), owner.space.getId())


def test_what_is_stored_of_a_call_makes_guessing_no_cheaper(
    locked, friends, spaces, moved_clock, monkeypatch
):
    owner, costs = locked, []
    monkeypatch.setattr(
        keys, "slow_digest", lambda text, salt, cost: costs.append(cost) or bytes(32)
    )
    helping.ask(owner.space, spaces, OTHER)
    call = trust.circle_of(owner.space).request
    # As the first version stored it.
    call.params = keys.Argon2Params(8, 1, 1).to_dict()
    code = helping.code_again(owner.space, OTHER)
    assert sum(sign.isdecimal() for sign in code) == 12
    assert set(costs) == {helping.CODE_COST}


def test_calls_of_a_day_are_counted(locked, friends, spaces, moved_clock):
    for _ in range(helping.MAX_CALLS):
        helping.ask(locked.space, spaces, OTHER)
        helping.cancel(locked.space)
    refused(helping.ask, locked.space, spaces, OTHER)
    assert helping.call_of(locked.space) is None
    moved_clock.moved = helping.DAY + 60
    assert helping.ask(locked.space, spaces, OTHER)
    assert len(trust.get_trust(locked.space).calls) == 1
    # As it was stored by the former version.
    helping.cancel(locked.space)
    del trust.get_trust(locked.space).calls
    assert helping.ask(locked.space, spaces, OTHER)


def test_denied_calls_count_too(locked, friends, spaces):
    for _ in range(helping.MAX_CALLS):
        helping.ask(locked.space, spaces, OTHER)
        helping.deny(friends[0].space, spaces, friends[0].held(locked))
    refused(helping.ask, locked.space, spaces, OTHER)
