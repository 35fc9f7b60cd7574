"""Codes are checked under the limits of ``slowing``, wherever they are typed."""

from civisdata.content.citizens.devices import known
from civisdata.content.citizens.guard import client_address
from civisdata.content.citizens.guard import limiter
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.journal.own_actions import SECOND_REFUSED
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor import factors
from civisdata.content.citizens.secondfactor import letters
from civisdata.content.citizens.secondfactor import slowing
from collections.abc import Callable


_TOLD = {factors.CODE: letters.CODE_USED, factors.RECOVERY: letters.RECOVERY_USED}


def prove(space, request, typed: str, work: Callable[[], str] | None = None) -> str:
    """Check a code, or do ``work`` for a passkey; return the kind. Refused.

    A wrong one counts; what can be used up is told of by e-mail.
    """
    client, of_ours = client_address(request), known.is_known(space, request)
    slowing.refuse_if_slowed(space, typed, limiter(), client, of_ours)
    try:
        kind = factors.use_code(space, typed) if work is None else work()
    except Refused as refusal:
        slowing.count_failure(space, typed, limiter(), client)
        attempts.failed(space, space.login, SECOND_REFUSED)
        raise Refused(refusal.message, refusal.field) from None
    slowing.forgive(space, limiter(), client)
    if kind in _TOLD:
        letters.tell(space, _TOLD[kind])
    return kind
