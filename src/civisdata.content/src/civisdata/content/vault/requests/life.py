"""When a request is over: by its date, by its citizen's account, by either side."""

from civisdata.content.citizens import clock
from civisdata.content.vault.requests.storage import all_requests
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import Request
from civisdata.content.vault.requests.storage import WAITING
from civisdata.content.vault.sharing.people import keys_of


#: A request that nobody answers ends after so many seconds.
WAITS = 60 * 86400


def is_over(spaces, request: Request, now: float | None = None) -> bool:
    """Say whether a request has ended, or has to end now."""
    now = clock.now() if now is None else now
    if request.state == WAITING:
        if now >= request.asked_at + WAITS:
            return True
    elif request.state == GIVEN:
        if now >= request.until:
            return True
    else:
        return True
    if not request.space_id:
        return False
    keys = keys_of(spaces.get_space(request.space_id))
    return keys is None or keys.exchange.hex() != request.exchange


def end_what_is_over(spaces, requests) -> int:
    """End what is over by date or account, erase the copies; give how many."""
    count = 0
    for request in requests:
        if request.state in (WAITING, GIVEN) and is_over(spaces, request):
            request.end(clock.now())
            count += 1
    return count


def erase_ended_copies(site, spaces) -> int:
    """Do so for the whole portal; for a regular task. Access has ended before."""
    return end_what_is_over(spaces, list(all_requests(site)))
