"""The second factor of a citizen: put in force, asked for, taken back.

Plain functions over a personal space. What a citizen did wrong is a ``Refused``; nothing
is stored then. Whoever changes something has to prove the password before and, once the
second step is in force, a code too (see ``browser.slowed``).
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor import codes
from civisdata.content.citizens.secondfactor import noted
from civisdata.content.citizens.secondfactor import passkeys
from civisdata.content.citizens.secondfactor import totp
from civisdata.content.citizens.secondfactor.record import factor_of
from civisdata.content.citizens.secondfactor.record import need_factor
from civisdata.content.citizens.secondfactor.record import Passkey
from civisdata.content.citizens.secondfactor.record import Sealed
from civisdata.content.citizens.secondfactor.record import SecondFactor
from cryptography.exceptions import InvalidTag
from dataclasses import asdict
from dataclasses import replace
import hmac
import logging
import secrets


logger = logging.getLogger(__name__)

#: How long the secret of an app may wait for its first code.
PENDING_SECONDS = 3600
LONGEST_NAME = 60
MOST_PASSKEYS = 10

#: By what somebody went through the second step.
APP, CODE, RECOVERY, PASSKEY = "app", "code", "recovery", "passkey"

_LATE = _("This took too long. Please begin again.")
_WRONG = _("This code is wrong, was used already, or is too old.")


def begin_app(space) -> str:
    """Draw the secret of an app and keep it until the app has given a code; return it."""
    factor = need_factor(space)
    secret = totp.new_secret()
    factor.pending = Sealed.new(space, secret.encode())
    factor.pending_until = clock.now() + PENDING_SECONDS
    return secret


def pending_secret(space) -> str | None:
    """Return the secret that waits for its first code, or None."""
    factor = factor_of(space)
    if factor.pending is None or factor.pending_until < clock.now():
        return None
    return _opened(space, factor.pending)


def _opened(space, sealed: Sealed) -> str | None:
    """Return what was sealed; None where it was altered, or the pepper was lost."""
    try:
        return sealed.open(space).decode()
    except InvalidTag:
        logger.error("A second factor can't be read: is the pepper another one?")
        return None


def confirm_app(space, typed: str) -> list[str]:
    """Put an app in force by its first code; return single-use codes, if they are new."""
    secret = pending_secret(space)
    if secret is None:
        raise Refused(_LATE)
    step = totp.matching_step(secret, codes.symbols_of(typed), clock.now(), 0)
    if step is None:
        raise Refused(
            _(
                "This is not the code that the app should show. Check that your phone "
                "shows the right time."
            ),
            "code",
        )
    factor = need_factor(space)
    factor.app, factor.pending = factor.pending, None
    factor.app_since, factor.app_step = clock.now(), step
    note(space, noted.APP_ADDED)
    return _in_force(space, factor)


def _in_force(space, factor: SecondFactor) -> list[str]:
    if factor.since is None:
        factor.since = clock.now()
    return [] if factor.codes else _draw_codes(space, factor)


def _draw_codes(space, factor: SecondFactor) -> list[str]:
    drawn, salt = codes.new_codes(), secrets.token_bytes(16)
    factor.codes_salt, factor.codes_made = salt, clock.now()
    factor.codes = tuple(
        codes.digest(codes.normalise(code), salt, space.getId()) for code in drawn
    )
    return drawn


def use_code(space, typed: str) -> str:
    """Take a code of the second step; return which kind it is. Refused.

    A code of the app counts once, a single-use code too. The recovery code of the
    documents counts as well: whoever has it, and the password, opens them anyhow.
    """
    factor, symbols = factor_of(space), codes.symbols_of(typed)
    if not symbols:
        raise Refused(_("Please give a code."), "code")
    if totp.is_form_of_code(symbols):
        return _use_app(space, factor, symbols)
    if _use_single(space, factor, typed):
        return CODE
    if _is_recovery_code(space, typed):
        note(space, noted.RECOVERY_USED)
        return RECOVERY
    raise Refused(_WRONG, "code")


def _use_app(space, factor: SecondFactor, symbols: str) -> str:
    secret = None if factor.app is None else _opened(space, factor.app)
    if secret is None:
        raise Refused(_WRONG, "code")
    step = totp.matching_step(secret, symbols, clock.now(), factor.app_step)
    if step is None:
        raise Refused(_WRONG, "code")
    factor.app_step = step
    return APP


def _use_single(space, factor: SecondFactor, typed: str) -> bool:
    symbols = codes.normalise(typed)
    if symbols is None:
        return False
    digest = codes.digest(symbols, factor.codes_salt, space.getId())
    left = tuple(
        known for known in factor.codes if not hmac.compare_digest(known, digest)
    )
    if len(left) == len(factor.codes):
        return False
    factor.codes = left
    note(space, noted.CODE_USED, left=len(left))
    return True


def _is_recovery_code(space, typed: str) -> bool:
    recovery = need_account(space).recovery
    if recovery is None:
        return False
    try:
        keys.open_with_recovery_code(recovery, typed, space.getId())
    except (keys.InvalidRecoveryCode, keys.WrongRecoveryCode):
        return False
    return True


def use_passkey(space, answer: str, challenge: bytes, site: passkeys.Site) -> str:
    """Take what a passkey signed; return PASSKEY. Refused."""
    factor = factor_of(space)
    found = passkeys.signed_by(factor.passkeys, answer, challenge, site)
    used = replace(found, used=clock.now())
    factor.passkeys = [used if row.id == used.id else row for row in factor.passkeys]
    return PASSKEY


def checked_name(typed: str) -> str:
    """Return the name of a passkey; Refused."""
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(
            _(
                "Please give the passkey a name: up to ${count} characters.",
                mapping={"count": LONGEST_NAME},
            ),
            "name",
        )
    return name


def begin_passkey(space, name: str) -> bytes:
    """Draw what a new passkey has to sign, once and soon; return it. Refused."""
    factor = need_factor(space)
    if len(factor.passkeys) >= MOST_PASSKEYS:
        raise Refused(
            _(
                "You have ${count} passkeys; that is all that fits.",
                mapping={"count": MOST_PASSKEYS},
            )
        )
    challenge = secrets.token_bytes(32)
    factor.challenge = {
        "value": challenge,
        "until": clock.now() + passkeys.SECONDS,
        "name": asdict(Sealed.new(space, name.encode())),
    }
    return challenge


def drop_challenge(space) -> tuple[bytes, Sealed] | None:
    """Take the challenge of a new passkey and its name; it counts once, even in vain."""
    factor = need_factor(space)
    drawn, factor.challenge = factor.challenge, None
    if drawn is None or drawn["until"] < clock.now():
        return None
    return drawn["value"], Sealed(**drawn["name"])


def add_passkey(
    space, answer: str, drawn: tuple[bytes, Sealed] | None, site: passkeys.Site
) -> list[str]:
    """Put a new passkey in force; return single-use codes, if they are new. Refused."""
    if drawn is None:
        raise Refused(_LATE)
    challenge, name = drawn
    made = passkeys.registered(answer, challenge, site)
    factor = need_factor(space)
    if any(row.id == made.id for row in factor.passkeys):
        raise Refused(_("This passkey is in your list already."))
    new = Passkey(made.id, made.key, site.name, name, clock.now(), made.count)
    factor.passkeys = [*factor.passkeys, new]
    note(space, noted.PASSKEY_ADDED)
    return _in_force(space, factor)


def name_of(space, passkey: Passkey) -> str:
    """Return how its citizen called a passkey; empty where that can't be read."""
    return _opened(space, passkey.name) or ""


def remove_app(space) -> None:
    """Take the app back."""
    factor = need_factor(space)
    if factor.app is None:
        raise Refused(_("There is no app to remove."))
    factor.app = factor.pending = None
    note(space, noted.APP_REMOVED)
    _out_of_force(space, factor)


def remove_passkey(space, passkey_id: bytes) -> None:
    """Take a passkey back. Refused."""
    factor = need_factor(space)
    left = [row for row in factor.passkeys if row.id != passkey_id]
    if len(left) == len(factor.passkeys):
        raise Refused(_("There is no such passkey."))
    factor.passkeys = left
    note(space, noted.PASSKEY_REMOVED)
    _out_of_force(space, factor)


def _out_of_force(space, factor: SecondFactor) -> None:
    if factor.active:
        return
    factor.since, factor.codes, factor.codes_salt = None, (), b""
    note(space, noted.STOPPED)


def renew_codes(space) -> list[str]:
    """Draw new single-use codes; those before end. Refused."""
    factor = need_factor(space)
    if not factor.active:
        raise Refused(_("Your log-in has no second step."))
    drawn = _draw_codes(space, factor)
    note(space, noted.CODES_RENEWED)
    return drawn
