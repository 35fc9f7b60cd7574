"""When a request is over: by its date, by its citizen's account, by either side."""

from Acquisition import aq_base
from civisdata.content.citizens import bech32
from civisdata.content.citizens import clock
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.requests.publisher_key import publisher_identity
from civisdata.content.vault.requests.storage import all_requests
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import Request
from civisdata.content.vault.requests.storage import WAITING
from civisdata.content.vault.sealed import open_letter
from civisdata.content.vault.sealed import seal_letter
from civisdata.content.vault.sharing.people import keys_of
from collections.abc import Callable


#: A request that nobody answers ends after so many seconds.
WAITS = 60 * 86400


def is_over(spaces, request: Request, now: float | None = None) -> bool:
    """Say whether a request has ended, or has to end now."""
    now = clock.now() if now is None else now
    if request.state == WAITING:
        # Whoever was asked: else its end would tell who is registered.
        return now >= request.asked_at + WAITS
    elif request.state == GIVEN:
        if now >= request.until:
            return True
    else:
        return True
    keys = keys_of(spaces.get_space(request.space_id))
    return keys is None or keys.exchange.hex() != request.exchange


def goes_on(spaces) -> Callable[[Request], bool]:
    """Give what says, while a copy is read, whether it is still given.

    It is asked about a request of another connection, and looks up its account there:
    the one of ``spaces`` may serve somebody else by then.
    """
    oid = aq_base(spaces)._p_oid

    def still_given(request: Request) -> bool:
        return request.state == GIVEN and not is_over(request._p_jar.get(oid), request)

    return still_given


def end(request: Request) -> None:
    """End a request; what the citizen's answer said of the copy is theirs alone again."""
    request.end(clock.now())
    if request.state != ENDED or not request.answer:
        return
    try:
        answer = open_letter(request.answer, publisher_identity(request.publisher))
    except IntegrityError:
        return
    citizen = bech32.encode("age", bytes.fromhex(request.exchange))
    request.answer = seal_letter(answer, [citizen])


def end_what_is_over(spaces, requests) -> int:
    """End what is over by date or account, erase the copies; give how many."""
    count = 0
    for request in requests:
        if request.state in (WAITING, GIVEN) and is_over(spaces, request):
            end(request)
            count += 1
    return count


def erase_ended_copies(site, spaces) -> int:
    """Do so for the whole portal; for a regular task. Access has ended before."""
    return end_what_is_over(spaces, list(all_requests(site)))
