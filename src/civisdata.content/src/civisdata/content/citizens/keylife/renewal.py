"""New keys for a citizen whose password may be known to somebody else.

A change of password wraps the same keys again: whoever has an old copy of the database
and the old password still has keys that open today's documents. So this makes other
keys. Until the new recovery code was typed, they lie aside and nothing counts; then one
transaction seals everything again and puts them in force. Before it, the old keys are
whole; after it, the new ones are; a crash leaves one or the other.
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.accounts import check_new
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.accounts import pepper
from civisdata.content.citizens.events import KeysRenewed
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keylife.noted import KEYS_RENEWED
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.resealers import reseal
from typing import Any
from zope.event import notify


#: How long new keys wait for their recovery code to be typed.
WAITS_SECONDS = 3600
_CHANGED = _("Your keys have changed meanwhile. Please log in again.")


def ask_new_keys(space: Any, current: str, new: str, repeated: str) -> str:
    """Lay new keys aside, under a new password and a new recovery code; return it.

    Raises Refused; the keys, the password and the code in force stay.
    """
    account = need_account(space)
    if need_current(space, current).bundle is None:
        raise Refused(_("Unlock your documents first."))
    check_new(space, new, repeated)
    bundle, user_id = keys.KeyBundle.new(), space.getId()
    code = keys.new_recovery_code()
    password = keys.new_password_record(new, pepper(), bundle, user_id=user_id)
    recovery = keys.wrap_with_recovery_code(bundle, code, user_id)
    account.renewal = {
        "password": password.to_dict(),
        "recovery": recovery.to_dict(),
        "public": bundle.public.to_dict(),
        "asked": clock.now(),
    }
    return code


def is_waiting(space: Any) -> bool:
    """Say whether new keys wait for their recovery code."""
    account = get_account(space)
    renewal = None if account is None else account.renewal
    return renewal is not None and clock.now() - renewal["asked"] < WAITS_SECONDS


def confirm_new_keys(space: Any, old: keys.KeyBundle | None, typed: str):
    """Put the new keys in force, once their code was typed; return them.

    ``old``: the keys that are open in the session. Everything is sealed again, the new
    password and code count, those before are worth nothing. Refused.
    """
    account = need_account(space)
    if not is_waiting(space):
        raise Refused(_("Ask for new keys first."))
    if old is None or old.public != account.public:
        raise Refused(_CHANGED)
    renewal = account.renewal
    recovery = keys.RecoveryRecord.from_dict(renewal["recovery"])
    try:
        new = keys.open_with_recovery_code(recovery, typed, space.getId())
    except (keys.InvalidRecoveryCode, keys.WrongRecoveryCode):
        raise Refused(
            _("This isn't the code that was shown. Check each group."), "code"
        ) from None
    if new.public.to_dict() != renewal["public"]:
        raise Refused(_CHANGED)
    reseal(space, old, new)
    account.remember(account.password)
    account.password = keys.PasswordRecord.from_dict(renewal["password"])
    account.changed = clock.now()
    account.recovery, account.public = recovery, new.public
    account.pending = account.previous = account.renewal = None
    account.reset_hash = None
    note(space, KEYS_RENEWED, former_key=old.public.signing.hex())
    checkpoint(space, new)
    notify(KeysRenewed(space))
    return new


def drop_new_keys(space: Any) -> None:
    """Forget new keys that don't count yet."""
    need_account(space).renewal = None
