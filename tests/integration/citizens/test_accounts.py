"""The life of an account, without a browser."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.citizens.limiter import Limiter
from civisdata.content.citizens.limiter import SqliteCounters
from civisdata.content.citizens.passwords import is_citizen_login
from civisdata.content.citizens.passwords import Refused
from zope.component.hooks import getSite
import itertools
import pytest
import re


GOOD = "canal vernis tortue plume"
OTHER = "brouette mandarine sifflet"
CLIENT = "192.0.2.7"


@pytest.fixture
def limiter(tmp_path, moved_clock):
    return Limiter(SqliteCounters(tmp_path / "failures.sqlite"), moved_clock)


@pytest.fixture
def log_in(spaces, limiter):
    def log_in(login, password, client=CLIENT):
        return accounts.log_in(spaces, login, password, limiter, client)

    return log_in


@pytest.fixture
def active(space):
    """An active space with its password ``GOOD``; gives login, keys and code."""
    accounts.issue_first_password(space)
    bundle = activation.choose_password(space, GOOD, GOOD)
    code = activation.new_code(space, bundle)
    activation.confirm_code(space, code)
    return space.login, bundle, code


def refused(function, *args) -> str:
    with pytest.raises(Refused) as error:
        function(*args)
    return str(error.value.message)


def test_first_password_is_random_and_hashed(space):
    login, password = accounts.issue_first_password(space)
    assert is_citizen_login(login)
    assert re.fullmatch(r"([2-9a-hj-km-np-z]{4}-){3}[2-9a-hj-km-np-z]{4}", password)
    assert password not in repr(vars(get_account(space)))
    again_login, again = accounts.issue_first_password(space)
    assert again_login == login and again != password


def test_first_password_opens_the_activation_only(space, log_in):
    login, password = accounts.issue_first_password(space)
    found = log_in(login.upper() + " ", password.upper().replace("-", " "))
    assert (found.state, found.bundle) == ("activating", None)
    assert activation.step(space) == activation.PASSWORD
    assert not accounts.is_active(space)


def test_first_password_expires(space, log_in, moved_clock):
    login, password = accounts.issue_first_password(space)
    moved_clock.moved = 7 * 86400 + 60
    assert "expired" in refused(log_in, login, password)
    assert "Wrong" in refused(log_in, login, "x" + password)


def test_an_older_first_password_is_worth_nothing(space, log_in):
    login, password = accounts.issue_first_password(space)
    accounts.issue_first_password(space)
    assert "Wrong" in refused(log_in, login, password)


def test_activation(space, log_in):
    login, first = accounts.issue_first_password(space)
    bundle = activation.choose_password(space, GOOD, GOOD)
    assert activation.step(space) == activation.CODE
    assert "Wrong" in refused(log_in, login, first)
    assert log_in(login, GOOD).state == "activating"
    code = activation.new_code(space, bundle)
    assert "isn't the code" in refused(activation.confirm_code, space, "0" * 30)
    assert get_account(space).recovery is None
    assert activation.confirm_code(space, code.lower().replace("-", " ")) == bundle
    assert accounts.is_active(space)
    found = log_in(login, GOOD)
    assert (found.state, found.bundle) == ("open", bundle)


def test_a_second_submission_changes_nothing(space):
    accounts.issue_first_password(space)
    activation.choose_password(space, GOOD, GOOD)
    public = get_account(space).public
    assert "already stored" in refused(activation.choose_password, space, OTHER, OTHER)
    assert get_account(space).public == public


def test_only_the_last_code_shown_can_be_confirmed(space):
    accounts.issue_first_password(space)
    bundle = activation.choose_password(space, GOOD, GOOD)
    lost = activation.new_code(space, bundle)
    shown = activation.new_code(space, bundle)
    refused(activation.confirm_code, space, lost)
    activation.confirm_code(space, shown)
    assert "first" in refused(activation.confirm_code, space, shown)


@pytest.mark.parametrize(
    ("new", "repeated", "message"),
    [
        ("", "", "too short"),
        ("kQ8!zP2x", "kQ8!zP2x", "too short"),
        ("motdepasse123", "motdepasse123", "too easy"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "too easy"),
        ("Bordeaux33000!", "Bordeaux33000!", "too easy"),
        ("alienorduchene", "alienorduchene", "too easy"),
        (GOOD, OTHER, "not the same"),
        ("canal vernis " * 100, "canal vernis " * 100, "too long"),
    ],
)
def test_bad_new_passwords(space, new, repeated, message):
    accounts.issue_first_password(space)
    assert message in refused(activation.choose_password, space, new, repeated)
    assert get_account(space).password is None
    assert get_account(space).public is None


def test_the_handed_over_password_cant_be_kept(space):
    _login, password = accounts.issue_first_password(space)
    assert "already" in refused(activation.choose_password, space, password, password)


def test_long_and_unicode_passwords(space, log_in):
    login, _ = accounts.issue_first_password(space)
    password = "Çà et là, l’été — 木 " + "x" * 200
    activation.choose_password(space, password, password)
    assert log_in(login, password).bundle
    assert log_in(login, password.replace("é", "e\u0301")).bundle


def test_none_of_the_last_five_passwords(active, space):
    passwords = [GOOD] + [f"{OTHER} numero {n} verre" for n in "abcde"]
    for old, new in itertools.pairwise(passwords):
        accounts.change_password(space, old, new, new, None)
    last = passwords[-1]
    for former in passwords[1:]:
        args = (space, last, former, former, None)
        assert "already" in refused(accounts.change_password, *args)


def test_change_of_password(active, space, log_in):
    login, bundle, _code = active
    mine = session_service().create(space.getId(), bundle)
    other = session_service().create(space.getId(), bundle)
    session = session_service().open(mine)
    args = (space, "wrong", OTHER, OTHER, session)
    assert "current" in refused(accounts.change_password, *args)
    assert log_in(login, GOOD).bundle == bundle
    accounts.change_password(space, GOOD, OTHER, OTHER, session)
    assert session_service().open(other) is None
    assert session_service().open(mine).bundle() == bundle
    assert "Wrong" in refused(log_in, login, GOOD)
    assert log_in(login, OTHER).bundle == bundle


def test_old_passwords_have_to_be_changed(active, log_in, moved_clock):
    login, bundle, _code = active
    moved_clock.moved = 366 * 86400
    found = log_in(login, GOOD)
    assert (found.state, found.bundle) == ("renewing", bundle)


def test_unknown_and_wrong_are_the_same(active, log_in, monkeypatch):
    from civisdata.content.citizens import keys

    runs = []
    stretch = keys._stretch
    monkeypatch.setattr(keys, "_stretch", lambda *a: runs.append(1) or stretch(*a))
    login, _bundle, _code = active
    wrong = refused(log_in, login, "wrong password")
    known_runs = len(runs)
    assert refused(log_in, "c-22222222", "wrong password") == wrong
    assert refused(log_in, "", "") == wrong
    assert refused(log_in, "a" * 10_000, "b" * 10_000) == wrong
    assert known_runs == 1 and len(runs) == 4


def test_a_suspended_account(active, space, log_in):
    login, bundle, _code = active
    secret = session_service().create(space.getId(), bundle)
    accounts.disable_account(space)
    assert session_service().open(secret) is None
    assert "suspended" in refused(log_in, login, GOOD)
    assert "Wrong" in refused(log_in, login, OTHER)
    assert unlocking.ask_reset(space) is None
    accounts.enable_account(space)
    assert log_in(login, GOOD)


def test_failures_wait_here_and_not_elsewhere(active, log_in, moved_clock):
    login, _bundle, _code = active
    for _ in range(5):
        assert "Wrong" in refused(log_in, login, "no")
    assert "Too many" in refused(log_in, login, GOOD)
    assert log_in(login, GOOD, "198.51.100.9")
    moved_clock.moved = 20
    assert log_in(login, GOOD)
    assert "Wrong" in refused(log_in, login, "no")


def test_a_reset_leaves_the_vault_locked_and_the_code_opens_it(
    active, space, spaces, log_in
):
    login, bundle, code = active
    secret = session_service().create(space.getId(), bundle)
    ticket = unlocking.ask_reset(space)
    assert ticket.partition(".")[2] not in repr(vars(get_account(space)))
    unlocking.reset_password(spaces, ticket, OTHER, OTHER)
    assert session_service().open(secret) is None
    found = log_in(login, OTHER)
    assert (found.state, found.bundle) == ("open", None)
    assert unlocking.is_locked(space)
    args = (space, OTHER, "0" * 30)
    refused(unlocking.unlock_with_code, *args)
    refused(unlocking.unlock_with_code, space, "wrong", code)
    assert unlocking.is_locked(space)
    assert unlocking.unlock_with_code(space, OTHER, code) == bundle
    assert log_in(login, OTHER).bundle == bundle
    assert not unlocking.has_previous(space)


def test_the_old_password_opens_it_too_even_after_two_resets(
    active, space, spaces, log_in, moved_clock
):
    login, bundle, _code = active
    for number, password in enumerate((OTHER, OTHER + " bis")):
        moved_clock.moved = number * 400
        unlocking.reset_password(spaces, unlocking.ask_reset(space), password, password)
    current = OTHER + " bis"
    refused(unlocking.unlock_with_old_password, space, current, OTHER)
    assert unlocking.unlock_with_old_password(space, current, GOOD) == bundle
    assert log_in(login, current).bundle == bundle


def test_a_new_first_password_for_an_active_account(active, space, log_in):
    login, bundle, code = active
    _login, first = accounts.issue_first_password(space)
    assert "Wrong" in refused(log_in, login, GOOD)
    assert log_in(login, first).state == "activating"
    assert activation.choose_password(space, OTHER, OTHER) is None
    assert activation.step(space) == activation.DONE
    found = log_in(login, OTHER)
    assert (found.state, found.bundle) == ("open", None)
    assert unlocking.unlock_with_code(space, OTHER, code) == bundle


def test_a_link_works_once_and_for_an_hour(active, space, spaces, moved_clock):
    ticket = unlocking.ask_reset(space)
    assert unlocking.ask_reset(space) is None
    unlocking.reset_password(spaces, ticket, OTHER, OTHER)
    assert "expired" in refused(unlocking.find_reset, spaces, ticket)
    moved_clock.moved = 400
    ticket = unlocking.ask_reset(space)
    moved_clock.moved += 3601
    assert "expired" in refused(unlocking.find_reset, spaces, ticket)


@pytest.mark.parametrize("ticket", ["", ".", "x", "a" * 16 + ".", "é.ü", "a" * 5000])
def test_bad_links(active, spaces, ticket):
    assert "expired" in refused(unlocking.find_reset, spaces, ticket)


def test_a_bad_new_password_keeps_the_link(active, space, spaces):
    ticket = unlocking.ask_reset(space)
    refused(unlocking.reset_password, spaces, ticket, "short", "short")
    assert unlocking.find_reset(spaces, ticket) == space


def test_a_reset_before_the_activation(space, spaces, log_in):
    login, _first = accounts.issue_first_password(space)
    ticket = unlocking.ask_reset(space)
    unlocking.reset_password(spaces, ticket, GOOD, GOOD)
    found = log_in(login, GOOD)
    assert found.state == "activating" and found.bundle is not None
    assert activation.step(space) == activation.CODE


def test_start_anew_after_the_delay_only(active, space, spaces, log_in, moved_clock):
    login, bundle, _code = active
    lost = []
    handler = lost.append
    getSite().getSiteManager().registerHandler(handler, [ISpaceStartsAnew])
    assert "not locked" in refused(unlocking.ask_anew, space, "RECOMMENCER")
    unlocking.reset_password(spaces, unlocking.ask_reset(space), OTHER, OTHER)
    assert "Ask" in refused(unlocking.start_anew, space, OTHER)
    assert "Type" in refused(unlocking.ask_anew, space, "oui")
    unlocking.ask_anew(space, " recommencer ")
    moved_clock.moved = 71 * 3600
    assert "early" in refused(unlocking.start_anew, space, OTHER)
    moved_clock.moved = 73 * 3600
    refused(unlocking.start_anew, space, "wrong")
    assert lost == []
    fresh = unlocking.start_anew(space, OTHER)
    assert [event.space for event in lost] == [space]
    assert fresh != bundle
    assert get_account(space).public == fresh.public
    assert log_in(login, OTHER).state == "activating"
    assert activation.step(space) == activation.CODE


def test_unlocking_takes_the_wish_to_start_anew_back(active, space, spaces):
    _login, _bundle, code = active
    unlocking.reset_password(spaces, unlocking.ask_reset(space), OTHER, OTHER)
    unlocking.ask_anew(space, "RECOMMENCER")
    unlocking.unlock_with_code(space, OTHER, code)
    assert unlocking.anew_from(space) is None


def test_a_new_recovery_code_replaces_the_old_one_once_typed(active, space, spaces):
    _login, bundle, old = active
    new = activation.change_code(space, GOOD)
    refused(activation.change_code, space, "wrong")
    unlocking.reset_password(spaces, unlocking.ask_reset(space), OTHER, OTHER)
    assert unlocking.unlock_with_code(space, OTHER, old) == bundle
    activation.confirm_code(space, new)
    ticket_space = space
    get_account(ticket_space).reset_asked = 0
    unlocking.reset_password(
        spaces, unlocking.ask_reset(space), GOOD + " ter", GOOD + " ter"
    )
    refused(unlocking.unlock_with_code, space, GOOD + " ter", old)
    assert unlocking.unlock_with_code(space, GOOD + " ter", new) == bundle


def test_an_altered_wrap_locks_and_doesnt_break(active, space, log_in):
    login, _bundle, _code = active
    account = get_account(space)
    data = dict(account._password)
    data["wrapped"] = data["wrapped"][:-1] + bytes([data["wrapped"][-1] ^ 1])
    account._password = data
    found = log_in(login, GOOD)
    assert (found.state, found.bundle) == ("open", None)


def test_cost_is_raised_at_log_in(active, space, log_in):
    from civisdata.content.citizens import keys

    login, bundle, _code = active
    former = keys.set_default_params(keys.Argon2Params(128, 1, 1))
    try:
        assert log_in(login, GOOD).bundle == bundle
        assert get_account(space).password.params.memory_kib == 128
        assert log_in(login, GOOD).bundle == bundle
    finally:
        keys.set_default_params(former)
