"""The life of an account: first password, log-in, change of password, suspension.

Plain functions over a personal space; the views are in ``browser``. What a citizen did
wrong is a ``Refused``; nothing is stored then but that an attempt failed.
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import PASSWORD_CHANGED
from civisdata.content.citizens.passwords import check_not_used
from civisdata.content.citizens.passwords import check_strength
from civisdata.content.citizens.passwords import new_first_password
from civisdata.content.citizens.passwords import new_login
from civisdata.content.citizens.passwords import normalise_first_password
from civisdata.content.citizens.passwords import normalise_login
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.sessions import ACTIVATING
from civisdata.content.citizens.sessions import OPEN
from civisdata.content.citizens.sessions import RENEWING
from civisdata.content.citizens.sessions import SECOND
from civisdata.content.citizens.settings import account_setting
from dataclasses import dataclass
import logging
import os


logger = logging.getLogger(__name__)
DAY = 86400
BUSY = _("The service is very busy. Please try again in a moment.")


def pepper() -> bytes:
    """Return the pepper of this server, from the file CIVIS_PEPPER_FILE names."""
    return keys.load_pepper(os.environ["CIVIS_PEPPER_FILE"])


def known_words(space) -> list[str]:
    """Return what a guesser would know of a citizen."""
    texts = (space.first_name, space.last_name, space.email, space.login)
    words = [text for text in texts if text]
    for text in texts:
        words.extend(part for part in (text or "").replace("@", " ").split() if part)
    return words


def issue_first_password(space, days: int | None = None) -> tuple[str, str]:
    """Give ``space`` a first password; return log-in name and password.

    They are known to nobody but the caller, who hands them over (mail or letter). The
    password is valid for ``days`` (else a setting) and ends when its citizen has chosen
    another. On an account that has a password already, the vault stays locked after
    the log-in until its recovery code or old password opens it; its sessions end.
    """
    from civisdata.content.citizens.current import session_service

    spaces = space.__parent__
    while not space.login:
        login = new_login()
        if spaces.space_by_login(login) is None:
            spaces.set_login(space, login)
    password = new_first_password()
    account = need_account(space)
    account.remember(account.first)
    account.first = keys.new_password_record(
        normalise_first_password(password), pepper(), user_id=space.getId()
    )
    days = account_setting("first_password_days") if days is None else days
    account.first_expires = clock.now() + days * DAY
    account.reset_hash = None
    session_service().end_all(space.getId())
    return space.login, password


@dataclass(frozen=True)
class LoggedIn:
    """A right password: whose, what the session may reach, and the opened keys."""

    space: object
    state: str
    bundle: keys.KeyBundle | None


def log_in(spaces, login: str, password: str, limiter, client: str) -> LoggedIn:
    """Check a citizen's password with one Argon2 run, whatever the outcome.

    ``limiter``: see ``limiter``; ``client``: the address the attempt comes from. Raises
    Refused with one and the same message for an unknown name and a wrong password.
    """
    login = normalise_login(login)
    refuse_if_limited(limiter, login, client)
    space = spaces.space_by_login(login)
    account = None if space is None else get_account(space)
    checked = _check(account, password, space)
    if checked is None:
        limiter.failure(login, client)
        attempts.failed(None if account is None else space, login)
        raise Refused(_("Wrong log-in name or password."), "login")
    state, bundle = checked
    limiter.success(login, client)
    if account.disabled:
        attempts.failed(space, login)
        raise Refused(
            _("This account is suspended. Please contact the administration."), "login"
        )
    if state == ACTIVATING and account.first and account.first_expires < clock.now():
        attempts.failed(space, login)
        raise Refused(
            _(
                "This first password has expired. Ask for a new one through "
                "« Forgotten password »."
            ),
            "login",
        )
    if account.second is not None and account.second.active:
        state = SECOND
    return LoggedIn(space, state, bundle)


def refuse_if_limited(limiter, login: str, client: str) -> None:
    """Raise Refused while too many attempts have failed."""
    seconds = limiter.wait(login, client)
    if seconds:
        raise Refused(
            _(
                "Too many attempts have failed. Try again in ${minutes} min.",
                mapping={"minutes": int(seconds // 60) + 1},
            ),
            "login",
        )


def _check(account: Account | None, password: str, space):
    """Return state and bundle for the right password, else None."""
    try:
        if account is None or (account.first is None and account.password is None):
            keys.burn()
            return None
        user_id = space.getId()
        if account.first is not None:
            symbols = normalise_first_password(password)
            found = keys.check_password(
                account.first, symbols, pepper(), user_id=user_id
            )
            return (state_of(account), None) if found.ok else None
        return _check_own(account, password, user_id)
    except keys.TooBusy:
        raise Refused(BUSY, "login") from None


def _check_own(account: Account, password: str, user_id: str):
    found = check_current(account, password, user_id)
    return (state_of(account), found.bundle) if found.ok else None


def state_of(account: Account) -> str:
    """Return the state of the session that a citizen gets who has proved all."""
    if account.first is not None or account.activated is None:
        return ACTIVATING
    days = account_setting("password_max_age_days")
    if days and clock.now() - account.changed > days * DAY:
        return RENEWING
    return OPEN


def check_current(account: Account, password: str, user_id: str) -> keys.PasswordCheck:
    """Check the current password; a damaged wrap leaves the vault locked.

    A right password's record is made again where its cost or suite isn't today's.
    """
    if account.password is None:
        keys.burn()
        return keys.PasswordCheck(ok=False)
    try:
        found = keys.check_password(
            account.password, password, pepper(), user_id=user_id
        )
    except keys.DamagedRecord:
        logger.error("The wrapped keys of %s were altered", user_id)
        return keys.PasswordCheck(ok=True)
    if found.ok and found.needs_rehash:
        _make_again(account, password, found.bundle, user_id)
    return found


def _make_again(account: Account, password: str, bundle, user_id: str) -> None:
    """Store the same password and keys under today's suite and cost, nothing else.

    Where Argon2 has no room at the moment, it is for the next time.
    """
    try:
        account.password = keys.new_password_record(
            password, pepper(), bundle, user_id=user_id
        )
    except keys.TooBusy:
        logger.info("A password's record is made again another time")


def check_new(space, password: str, repeated: str) -> None:
    """Raise Refused where a new password can't be taken."""
    if password != repeated:
        raise Refused(_("The two passwords are not the same."), "repeated")
    check_strength(password, known_words(space))
    check_not_used(need_account(space), password, pepper(), space.getId())


def set_password(space, password: str, bundle: keys.KeyBundle | None) -> None:
    """Make ``password`` the current one, with the keys wrapped under it if given.

    The former record is remembered; where ``bundle`` is missing, its wrap is kept as
    ``previous``, so that the old password can still open the vault.
    """
    account = need_account(space)
    former = account.password
    if bundle is not None:
        account.previous = None
    elif former is not None and former.wrapped is not None:
        account.previous = former
    account.remember(former)
    if account.first is not None:
        account.remember(account.first)
        account.first = None
    account.password = keys.new_password_record(
        password, pepper(), bundle, user_id=space.getId()
    )
    account.changed = clock.now()
    account.reset_hash = account.renewal = None


def change_password(space, current: str, new: str, repeated: str, session) -> None:
    """Re-wrap the keys under a new password; other sessions end.

    Raises Refused for a wrong current password or a new one that can't be taken.
    """
    from civisdata.content.citizens.current import session_service

    found = need_current(space, current)
    check_new(space, new, repeated)
    set_password(space, new, found.bundle)
    session_service().end_all(space.getId(), except_=session)
    note(space, PASSWORD_CHANGED)


def need_current(space, password: str, field: str = "current") -> keys.PasswordCheck:
    """Check the current password of an open account; Refused where it is wrong."""
    found = check_current(need_account(space), password, space.getId())
    if not found.ok:
        raise Refused(_("This isn't your current password."), field)
    return found


def disable_account(space) -> None:
    """Suspend: end the sessions and refuse log-ins."""
    from civisdata.content.citizens.current import session_service

    need_account(space).disabled = True
    session_service().end_all(space.getId())


def enable_account(space) -> None:
    """End the suspension."""
    need_account(space).disabled = False


def is_active(space) -> bool:
    """Say whether the citizen has gone through the activation."""
    account = get_account(space)
    return account is not None and account.activated is not None
