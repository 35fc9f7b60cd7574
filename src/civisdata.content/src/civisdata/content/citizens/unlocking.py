"""Forgotten password and locked vault.

A new password never opens the vault by itself: the recovery code does, or the old
password; or else the citizen starts anew with an empty vault, after some days.
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.accounts import check_new
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.accounts import pepper
from civisdata.content.citizens.activation import take_password
from civisdata.content.citizens.events import SpaceStartsAnew
from civisdata.content.citizens.events import SpaceUnlocked
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import ANEW_ASKED
from civisdata.content.citizens.journal.own_actions import ANEW_CANCELLED
from civisdata.content.citizens.journal.own_actions import ANEW_DONE
from civisdata.content.citizens.journal.own_actions import CODE_USED
from civisdata.content.citizens.journal.own_actions import FORMER_PASSWORD_USED
from civisdata.content.citizens.journal.own_actions import PASSWORD_RESET
from civisdata.content.citizens.journal.own_actions import RESET_ASKED
from civisdata.content.citizens.journal.storage import UNKNOWN
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.settings import account_setting
from zope.event import notify
import hashlib
import hmac
import secrets


#: What a citizen types to give up the documents.
ANEW_WORD = "RECOMMENCER"
_ASK_AGAIN_SECONDS = 300
_BAD_LINK = _("This link has expired or was used already. Please ask for a new one.")


def ask_reset(space) -> str | None:
    """Make a token for a link to choose a new password; None where there is none.

    Its SHA-256 is stored. None for an account without a password or mail address, a
    suspended one, or one that was sent a link a moment ago.
    """
    account = get_account(space)
    now = clock.now()
    if account is None or account.disabled or not space.email:
        return None
    if account.first is None and account.password is None:
        return None
    if now - account.reset_asked < _ASK_AGAIN_SECONDS:
        return None
    token = secrets.token_urlsafe(32)
    account.reset_hash = hashlib.sha256(token.encode()).digest()
    account.reset_expires = now + account_setting("reset_link_minutes") * 60
    account.reset_asked = now
    note(space, RESET_ASKED, actor=UNKNOWN)
    return f"{space.getId()}.{token}"


def find_reset(spaces, ticket: str):
    """Return the space whose valid token this is; Refused where it is none."""
    space_id, _dot, token = ticket.partition(".")
    space = spaces.get_space(space_id)
    account = None if space is None else get_account(space)
    stored = account.reset_hash if account is not None else None
    digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
    same = hmac.compare_digest(digest, stored or bytes(32))
    if stored is None or not same or account.disabled:
        raise Refused(_BAD_LINK)
    if account.reset_expires < clock.now():
        raise Refused(_BAD_LINK)
    return space


def reset_password(spaces, ticket: str, new: str, repeated: str):
    """Set a new password with a link's token, which ends; return the space.

    The vault of an active account is locked afterwards. All sessions end.
    """
    from civisdata.content.citizens.current import session_service

    space = find_reset(spaces, ticket)
    check_new(space, new, repeated)
    take_password(space, new)
    session_service().end_all(space.getId())
    note(space, PASSWORD_RESET)
    return space


def is_locked(space) -> bool:
    """Say whether the password opens the account, but no longer the documents."""
    account = get_account(space)
    return (
        account is not None
        and account.activated is not None
        and account.password is not None
        and account.password.wrapped is None
    )


def has_previous(space) -> bool:
    """Say whether the former password can still open the documents."""
    account = get_account(space)
    return account is not None and account.previous is not None


def unlock_with_code(space, current: str, code: str) -> keys.KeyBundle:
    """Open the keys with the recovery code; wrap them under the current password."""
    account = need_account(space)
    need_current(space, current)
    if account.recovery is None:
        raise Refused(_("There is no recovery code for this account."), "code")
    try:
        bundle = keys.open_with_recovery_code(account.recovery, code, space.getId())
    except keys.InvalidRecoveryCode:
        raise Refused(
            _("This can't be a recovery code: six groups of five characters."), "code"
        ) from None
    except keys.WrongRecoveryCode:
        raise Refused(
            _("This isn't the recovery code of your space."), "code"
        ) from None
    unlocked(space, current, bundle, CODE_USED)
    if keys.is_outdated(account.recovery):
        account.recovery = keys.wrap_with_recovery_code(bundle, code, space.getId())
    return bundle


def unlock_with_old_password(space, current: str, old: str) -> keys.KeyBundle:
    """Open the keys with the former password; wrap them under the current one."""
    account = need_account(space)
    need_current(space, current)
    wrong = Refused(_("This isn't your former password."), "old")
    if account.previous is None:
        raise wrong
    try:
        found = keys.check_password(
            account.previous, old, pepper(), user_id=space.getId()
        )
    except keys.DamagedRecord:
        raise wrong from None
    if found.bundle is None:
        raise wrong
    return unlocked(space, current, found.bundle, FORMER_PASSWORD_USED)


def unlocked(
    space, current: str, bundle: keys.KeyBundle, action: str
) -> keys.KeyBundle:
    """Wrap keys that were found again under the current password, which is checked.

    ``action``: how they were found, for the journal.
    """
    account = need_account(space)
    if bundle.public != account.public:
        raise Refused(_("These keys are not those of your documents."))
    account.password = keys.new_password_record(
        current, pepper(), bundle, user_id=space.getId()
    )
    account.previous = None
    account.anew_asked = None
    note(space, action)
    checkpoint(space, bundle)
    notify(SpaceUnlocked(space))
    return bundle


def ask_anew(space, typed: str) -> float:
    """Ask to start with an empty vault; return when it can be done (s since 1970)."""
    if typed.strip().upper() != ANEW_WORD:
        raise Refused(
            _("Type the word ${word} to confirm.", mapping={"word": ANEW_WORD}), "word"
        )
    account = need_account(space)
    if not is_locked(space):
        raise Refused(_("Your documents are not locked."))
    if account.anew_asked is None:
        account.anew_asked = clock.now()
        note(space, ANEW_ASKED)
    return anew_from(space)


def anew_from(space) -> float | None:
    """Return from when the citizen may start anew; None where not asked for."""
    account = get_account(space)
    if account is None or account.anew_asked is None:
        return None
    return account.anew_asked + account_setting("start_anew_hours") * 3600


def cancel_anew(space) -> None:
    """Take the request to start anew back."""
    account = need_account(space)
    if account.anew_asked is not None:
        account.anew_asked = None
        note(space, ANEW_CANCELLED)


def start_anew(space, current: str) -> keys.KeyBundle:
    """Give the old keys up for new ones, wrapped under the current password.

    What they open is lost: ``ISpaceStartsAnew`` is notified first. A new recovery code
    has to be confirmed, as at the first activation.
    """
    need_current(space, current)
    start = anew_from(space)
    if start is None or not is_locked(space):
        raise Refused(_("Ask to start anew first."))
    if clock.now() < start:
        raise Refused(_("It is too early: the delay protects you from a thief."))
    notify(SpaceStartsAnew(space))
    account = need_account(space)
    note(space, ANEW_DONE, former_key=account.public.signing.hex())
    bundle = keys.KeyBundle.new()
    account.previous = account.recovery = account.pending = account.renewal = None
    account.anew_asked = None
    account.public = bundle.public
    account.activated = None
    account.password = keys.new_password_record(
        current, pepper(), bundle, user_id=space.getId()
    )
    return bundle
