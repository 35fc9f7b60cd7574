"""The steps from a first password to an active space: own password, keys, code."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.accounts import check_new
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.accounts import set_password
from civisdata.content.citizens.events import SpaceActivated
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import ACTIVATED
from civisdata.content.citizens.journal.own_actions import CODE_CHANGED
from civisdata.content.citizens.journal.own_actions import PASSWORD_CHOSEN
from civisdata.content.citizens.passwords import Refused
from zope.event import notify


#: Steps: choose a password; print and type the recovery code; nothing is left to do.
PASSWORD, CODE, DONE = "password", "code", "done"


def step(space) -> str:
    """Return the step that comes next."""
    account = get_account(space)
    if account is None or account.first is not None or account.password is None:
        return PASSWORD
    return CODE if account.activated is None else DONE


def choose_password(space, new: str, repeated: str) -> keys.KeyBundle | None:
    """Replace the first password by the citizen's own; return the keys.

    The keys are made here, so never under the mailed password. Where an active account
    got a new first password they exist already: they stay locked, and None is returned.
    """
    account = need_account(space)
    if account.first is None:
        raise Refused(_("Your new password is already stored."))
    check_new(space, new, repeated)
    note(space, PASSWORD_CHOSEN)
    return take_password(space, new)


def take_password(space, new: str) -> keys.KeyBundle | None:
    """Store a checked password; make the keys of an account that isn't active yet."""
    account = need_account(space)
    if account.activated is not None:
        set_password(space, new, None)
        return None
    bundle = keys.KeyBundle.new()
    account.public = bundle.public
    account.recovery = account.pending = None
    set_password(space, new, bundle)
    return bundle


def new_code(space, bundle: keys.KeyBundle) -> str:
    """Draw a recovery code and keep its wrap until it was typed again; return it."""
    account = need_account(space)
    if bundle.public != account.public:
        raise Refused(_("Your keys have changed meanwhile. Please log in again."))
    code = keys.new_recovery_code()
    account.pending = keys.wrap_with_recovery_code(bundle, code, space.getId())
    return code


def change_code(space, password: str) -> str:
    """Draw a new recovery code for who knows the current password; return it."""
    bundle = need_current(space, password).bundle
    if bundle is None:
        raise Refused(_("Unlock your documents first."))
    return new_code(space, bundle)


def confirm_code(space, typed: str) -> keys.KeyBundle:
    """Make the code that was shown the recovery code, once typed again; Refused.

    Activates the space where it wasn't; returns the keys that the code opened.
    """
    account = need_account(space)
    if account.pending is None:
        raise Refused(_("Ask for a recovery code first."))
    try:
        bundle = keys.open_with_recovery_code(account.pending, typed, space.getId())
    except (keys.InvalidRecoveryCode, keys.WrongRecoveryCode):
        raise Refused(
            _("This isn't the code that was shown. Check each group."), "code"
        ) from None
    if bundle.public != account.public:
        raise Refused(_("Your keys have changed meanwhile. Please log in again."))
    account.recovery, account.pending = account.pending, None
    if account.activated is None:
        account.activated = clock.now()
        note(space, ACTIVATED)
        notify(SpaceActivated(space))
    else:
        note(space, CODE_CHANGED)
    checkpoint(space, bundle)
    return bundle
