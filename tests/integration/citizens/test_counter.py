"""The counter: identities, two registrations of one person, the state of an account."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import registrations
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.closing import life
from civisdata.content.citizens.counter import identity
from civisdata.content.citizens.counter import same_person
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import LOG_IN
from civisdata.content.citizens.journal.own_actions import LOG_IN_FAILED
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.office.support import account_state
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.citizens.unlocking import is_locked
from dataclasses import replace
from helpers.people import person
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
import pytest


@pytest.fixture
def portal(integration):
    portal = integration["portal"]
    setRoles(portal, TEST_USER_ID, ["CUB Administrator"])
    return portal


@pytest.fixture
def sent(monkeypatch):
    """Letters instead of a mail server: they leave at the commit, which isn't here."""
    found = []
    monkeypatch.setattr(
        registrations, "send_mail", lambda p, to, *text: found.append((to, *text))
    )
    return found


@pytest.fixture
def space(portal):
    return registrations.register(get_spaces(portal), person(), with_mail=False)


@pytest.fixture
def other(portal):
    changed = person(email="autre@exemple.fr", address="9 rue Neuve")
    return registrations.register(get_spaces(portal), changed, with_mail=False)


def confirm(space, paper="passport"):
    identity.confirm(space, paper, "agent", "bordeaux", "Ville de Bordeaux")


def journal(space) -> list[tuple[str, str]]:
    return [(e.action, e.actor) for e in get_journal(space).oldest_first()]


def activate(space) -> None:
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    open_space(space)


def open_space(space) -> None:
    accounts.issue_first_password(space)
    password = "vernis tortue plume 7"
    bundle = activation.choose_password(space, password, password)
    activation.confirm_code(space, activation.new_code(space, bundle))


def test_an_identity_is_confirmed_and_withdrawn(space):
    assert identity.level_of(space) is None
    confirm(space)
    found = identity.level_of(space)
    assert (found.actor, found.publisher, found.paper) == (
        "agent",
        "bordeaux",
        "passport",
    )
    assert journal(space)[-1] == ("identity-confirmed", "administration:bordeaux")
    with pytest.raises(registrations.ReasonMissing):
        identity.withdraw(space, " ", "agent", "bordeaux", "Ville de Bordeaux")
    identity.withdraw(space, "Mauvaise personne", "jean", "cub", "CUB")
    assert identity.confirmation_of(space) is None
    assert journal(space)[-1] == ("identity-withdrawn", "administration:cub")
    with pytest.raises(registrations.NotPossible):
        identity.withdraw(space, "Encore", "jean", "cub", "CUB")


def test_nothing_of_the_paper_is_kept_but_its_kind(space):
    with pytest.raises(identity.NoConfirmation):
        confirm(space, "carte n° 123456789")
    confirm(space)
    assert set(space._identity) == {"at", "actor", "publisher", "paper", "person"}


def test_a_changed_name_ends_the_confirmation(space):
    confirm(space)
    changed = replace(registrations.registration_of(space), last_name="Martin")
    space._registration.update(changed.to_dict())
    assert identity.level_of(space) is None
    assert identity.confirmation_of(space) is not None
    confirm(space)
    assert identity.level_of(space) is not None


def test_who_has_no_space_any_more_is_not_confirmed(space, sent):
    registrations.refuse(space, "Hors zone")
    with pytest.raises(registrations.NotPossible):
        confirm(space)


def test_spaces_of_before_have_no_confirmation(space):
    assert "_identity" not in vars(space.aq_base)
    assert "_same_person" not in vars(space.aq_base)
    assert identity.level_of(space) is None
    assert same_person.same_as(space) == ()


def test_the_empty_one_of_two_registrations_is_ended(space, other, sent):
    activate(space)
    keys = need_account(space).public
    assert same_person.join(space, other) is True
    assert registrations.state_of(other) == "refused"
    assert registrations.state_of(space) == "accepted"
    assert need_account(space).public == keys
    assert same_person.same_as(space) == (other.getId(),)
    assert [to for to, *_ in sent] == ["autre@exemple.fr"]
    for one, two in ((space, other), (other, space), (space, space)):
        with pytest.raises(registrations.NotPossible):
            same_person.join(one, two)


def test_an_accepted_one_that_nobody_has_opened_is_closed(space, other, sent):
    activate(space)
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(other, "accept")
    accounts.issue_first_password(other)
    with pytest.raises(registrations.NotPossible):
        same_person.join(other, space)
    assert same_person.join(space, other) is True
    assert life.closing_of(other) is not None and life.closing_of(space) is None


def test_two_vaults_both_stay_open(space, other, sent):
    for one in (space, other):
        activate(one)
    records = [need_account(one).password for one in (space, other)]
    assert same_person.join(space, other) is False
    assert [registrations.state_of(one) for one in (space, other)] == ["accepted"] * 2
    assert [need_account(one).password for one in (space, other)] == records
    assert not any(is_locked(one) for one in (space, other))
    assert sent == []
    same_person.part(other, space)
    assert same_person.same_as(space) == same_person.same_as(other) == ()
    with pytest.raises(registrations.NotPossible):
        same_person.part(other, space)
    assert ("registrations-joined", "administration:cub") in journal(space)


def test_the_state_of_an_account_tells_days_only(space, moved_clock):
    assert account_state(space) is None
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    accounts.issue_first_password(space, days=7)
    state = account_state(space)
    assert (state.activated, state.first_password, state.first_is_over) == (
        None,
        True,
        False,
    )
    moved_clock.moved = 8 * 86400
    assert account_state(space).first_is_over
    open_space(space)
    note(space, LOG_IN)
    note(space, LOG_IN_FAILED, count=3)
    state = account_state(space)
    assert state.activated == state.last_log_in
    assert (state.failures_today, state.first_password) == (3, False)
    assert not state.documents_locked and not state.suspended
    accounts.disable_account(space)
    assert account_state(space).suspended
