"""Wrong codes slow further ones down, and lock nobody out.

The password is known already to whoever comes here. A right password forgives failures
of the log-in, so these are counted by themselves: by account and address, and for codes of
six digits, which many addresses together could guess, by account alone. Who comes with a
browser that has logged in before, a passkey or a single-use code isn't held up by that.
"""

from civisdata.content import _
from civisdata.content.citizens.accounts import refuse_if_limited
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor.codes import symbols_of
from civisdata.content.citizens.secondfactor.totp import is_form_of_code


_RULE = "second"


def _name(space) -> str:
    return f"\0deuxieme-etape {space.getId()}"


def refuse_if_slowed(space, typed: str, limiter, client: str, known: bool) -> None:
    """Raise Refused while too many codes were wrong.

    ``typed``: the code, empty for a passkey; ``known``: whether the browser is.
    """
    refuse_if_limited(limiter, _name(space), client)
    if known or not is_form_of_code(symbols_of(typed)):
        return
    seconds = limiter.wait_everywhere(_RULE, _name(space))
    if seconds:
        raise Refused(
            _(
                "Too many codes were wrong, perhaps from elsewhere. Type a single-use "
                "code, use a passkey, or try again in ${minutes} min.",
                mapping={"minutes": int(seconds // 60) + 1},
            ),
            "code",
        )


def count_failure(space, typed: str, limiter, client: str) -> None:
    limiter.failure(_name(space), client)
    if is_form_of_code(symbols_of(typed)):
        limiter.failure_everywhere(_RULE, _name(space))


def forgive(space, limiter, client: str) -> None:
    limiter.success(_name(space), client)
