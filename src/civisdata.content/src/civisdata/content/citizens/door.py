"""The one door to personal spaces: who passes, and which names exist behind it.

A space is found by its own citizen's session only; to all others, Managers among them,
it is as absent as an id that was never given. Behind the door, a name is published only
if a room has put it on the list with ``allow``.
"""

from civisdata.content import _
from civisdata.content.citizens import current
from civisdata.content.citizens.account_record import is_closing
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.sessions import ACTIVATING
from civisdata.content.citizens.sessions import OPEN
from civisdata.content.citizens.sessions import RENEWING
from typing import Any
from zExceptions import NotFound
from zExceptions import Redirect
from zope.globalrequest import getRequest
from zope.publisher.interfaces import NotFound as TraversalNotFound
from ZPublisher.BaseRequest import UseTraversalDefault


#: Names that may be published directly below a space (views without their ``@@``), and
#: the states of a session that reach them.
_allowed: dict[str, frozenset[str]] = {
    "activation": frozenset({ACTIVATING}),
    "deverrouiller": frozenset({OPEN}),
    "mon-compte": frozenset({OPEN}),
    "nouveau-mot-de-passe": frozenset({RENEWING}),
    "view": frozenset({OPEN}),
}


#: Names of the list that a closed space has still.
_while_closing: set[str] = set()
CLOSED_PAGE = "fermeture"

#: Title and advice for the page of errors; the same words for every id.
ABSENT = (
    _("This page does not exist, or is not yours"),
    _(
        "If it is your own space, your session has ended: log in again. What you had "
        "sent already is stored; what you had not is not."
    ),
)


def allow(*names: str, states: tuple[str, ...] = (OPEN,)) -> None:
    """Put names of views of a space on the list; a room does so when imported.

    ``states``: of the session, see ``sessions``; ordinary ones unless told otherwise.
    """
    for name in names:
        _allowed[name] = frozenset(states)


def allow_while_closing(*names: str) -> None:
    """Let these names be reached in a space that is closed and waits to be erased.

    All others lead to the page that says so.
    """
    _while_closing.update(names)


def allowed_names() -> dict[str, frozenset[str]]:
    """Return the list, with the states of a session that reach each name."""
    return dict(_allowed)


def _is_listed(name: str, session) -> bool:
    return session is not None and session.state in _allowed.get(name, ())


def _need_open(space, name: str, session) -> None:
    """Lead to the page that says so where the space is closed; few names are left."""
    closed = session.state == OPEN and name not in _while_closing
    if closed and is_closing(space):
        raise Redirect(f"{space.absolute_url()}/@@{CLOSED_PAGE}")


def traverse_spaces(spaces, request, name: str):
    """``__bobo_traverse__`` of the container of spaces.

    Another citizen's id is not even looked up, so that it takes the way and the time
    of an unknown one.
    """
    from civisdata.content.citizens.content import is_space_id

    if not is_space_id(name):
        raise UseTraversalDefault
    session = current.current_session(_real(request))
    if session is None or session.user_id != name:
        raise _absent()
    space = spaces.get_space(name)
    if space is None:
        raise _absent()
    return space


def _absent() -> NotFound:
    """Make the answer to an id that isn't the session's own, given or not."""
    error = NotFound("space")
    error.visitor_text = ABSENT
    return error


def traverse_space(space, request, name: str):
    """``__bobo_traverse__`` of a space: only listed names are published.

    Templates and other code traverse too (with a plain mapping for a request): they
    aren't published by that, and are left alone.
    """
    if not isinstance(request, dict):
        session = current.current_session(request)
        name = name.removeprefix("@@")
        if not _is_listed(name, session):
            raise TraversalNotFound(space, name)
        _need_open(space, name, session)
    raise UseTraversalDefault


def published_is_allowed(published: Any, parents: list, request=None) -> bool:
    """Say whether what traversal found may be published; checked after traversal.

    ``parents`` is ``request["PARENTS"]``, the nearest first. True for what doesn't lie
    below a space. Below one: the space has to be the session's own (namespaces such as
    ``++item++`` don't ask the door), and the first step has to be on the list. Raises
    Redirect where the space is closed.
    """
    chain = [_unwrapped(step) for step in (published, *parents)]
    places = [n for n, step in enumerate(chain) if IPersonalSpace.providedBy(step)]
    if not places:
        held = _holder(chain[0])
        if held is None:
            return True
        chain, places = [chain[0], held], [1]
    session = current.current_session(_real(request))
    if session is None:
        return False
    if any(chain[place].getId() != session.user_id for place in places):
        return False
    first = places[0]
    if first == 0:
        return False
    name = _name(chain[first - 1])
    if not _is_listed(name, session):
        return False
    _need_open(chain[first], name, session)
    return True


def _real(request):
    return getRequest() if request is None or isinstance(request, dict) else request


def _unwrapped(step: Any) -> Any:
    """See through plone.rest's wrapper of traversed objects."""
    from plone.rest.traverse import RESTWrapper

    return step.context if type(step) is RESTWrapper else step


def _holder(published: Any) -> Any:
    """Return the space that a view or a bound method belongs to, if any."""
    owner = getattr(published, "__self__", published)
    for step in (owner, getattr(owner, "context", None)):
        if IPersonalSpace.providedBy(step):
            return step
    return None


def _name(step: Any) -> str:
    return getattr(step, "__name__", "") or ""
