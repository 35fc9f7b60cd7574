"""What happens once somebody has proved to be a citizen: session, journal, way on."""

from civisdata.content.citizens import sessions
from civisdata.content.citizens.browser.account_form import landing_url
from civisdata.content.citizens.browser.account_form import start_session
from civisdata.content.citizens.devices import known
from civisdata.content.citizens.devices import letters
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.journal import checkpoint
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import LOG_IN
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.secondfactor.noted import ASKED
from urllib.parse import urlencode


def enter(
    request,
    space,
    state: str,
    bundle: KeyBundle | None,
    came_from: str = "",
    once_committed: bool = False,
) -> str:
    """Give a session to who has proved all; return where to go on. StoreDown.

    A browser never seen is told of, and known from now on.
    """
    user_id, unusual = space.getId(), known.is_unusual(space, request)
    client = start_session(request, user_id, state, bundle, once_committed)
    attempts.flush(space)
    note(space, LOG_IN, client=client, **({"unusual": 1} if unusual else {}))
    if unusual:
        letters.tell(space, client)
    known.remember(space, request)
    if bundle is not None:
        checkpoint(space, bundle)
    if state != sessions.OPEN:
        return landing_url(user_id, state)
    if bundle is None:
        return landing_url(user_id, state) + "/@@deverrouiller"
    return came_from or landing_url(user_id, state)


def ask_second_step(
    request, space, bundle: KeyBundle | None, came_from: str = ""
) -> str:
    """Give a session that waits for the second step; return where it is. StoreDown.

    Whoever knows the password only is told of, too.
    """
    unusual = known.is_unusual(space, request)
    user_id = space.getId()
    client = start_session(request, user_id, sessions.SECOND, bundle)
    note(space, ASKED, client=client)
    if unusual and known.may_tell(space):
        letters.tell(space, client, halfway=True)
    query = f"?{urlencode({'came_from': came_from})}" if came_from else ""
    return landing_url(user_id, sessions.SECOND) + query
