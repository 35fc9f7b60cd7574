"""Who is there: the citizen's session, space and keys of a request.

What is found is kept in the annotations of the request alone, never on an object of the
database nor in a cache of the process.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens import sessions
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import hold_keys
from civisdata.content.citizens.cookies import ENVIRON_KEY
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.session_files import FileSessionStore
from civisdata.content.citizens.settings import session_limits
from plone import api
from zope.annotation.interfaces import IAnnotations
from zope.globalrequest import getRequest
import logging
import os
import threading


logger = logging.getLogger(__name__)

#: Pages that look at a session without using it.
UNTOUCHING = ("@@session-etat",)

_SESSION = "civisdata.citizens.session"
_BUNDLE = "civisdata.citizens.bundle"
_services: dict[str, sessions.Sessions] = {}
_lock = threading.Lock()


def session_service() -> sessions.Sessions:
    """Return the sessions of this process, in the store that CIVIS_SESSIONS names.

    A folder on tmpfs, or the connection string of a PostgreSQL database. Raises
    StoreDown.
    """
    where = os.environ.get("CIVIS_SESSIONS", "")
    if not where:
        raise sessions.StoreDown("CIVIS_SESSIONS isn't set")
    with _lock:
        if where not in _services:
            _services[where] = sessions.Sessions(_store(where), clock.now)
        return _services[where]


def _store(where: str) -> sessions.Store:
    if where.startswith("/"):
        return FileSessionStore(where)
    from civisdata.content.citizens.session_postgresql import PostgresSessionStore

    return PostgresSessionStore(where)


def _open(request) -> sessions.Session | None:
    cookie = request.environ.get(ENVIRON_KEY)
    if cookie is None:
        return None
    touch = not request.environ.get("PATH_INFO", "").endswith(UNTOUCHING)
    try:
        return session_service().open(cookie.secret, session_limits(), touch=touch)
    except sessions.StoreDown:
        logger.exception("The sessions of citizens can't be read")
        return None


def current_session(request=None) -> sessions.Session | None:
    """Return the citizen's session of ``request``, or None; whatever its state."""
    request = getRequest() if request is None else request
    if request is None:
        return None
    notes = IAnnotations(request)
    if _SESSION not in notes:
        notes[_SESSION] = _open(request)
    return notes[_SESSION]


def open_session(request=None) -> sessions.Session | None:
    """Return the session if it is an ordinary one (see ``sessions.OPEN``), or None."""
    session = current_session(request)
    return session if session is not None and session.state == sessions.OPEN else None


def current_space(request=None):
    """Return the personal space of an ordinary session, or None."""
    session = open_session(request)
    return None if session is None else session_space(session)


def session_space(session: sessions.Session):
    """Return the space that a session of any state belongs to, or None."""
    from civisdata.content.citizens.structure import get_spaces

    return get_spaces(api.portal.get()).get_space(session.user_id)


def current_bundle(request=None) -> KeyBundle | None:
    """Return the citizen's opened keys; None without session or while locked."""
    request = getRequest() if request is None else request
    session = open_session(request)
    if session is None:
        return None
    notes = IAnnotations(request)
    if _BUNDLE not in notes:
        notes[_BUNDLE] = _in_force(session)
    return notes[_BUNDLE]


def _in_force(session: sessions.Session) -> KeyBundle | None:
    """Open the session's keys; None where they are no longer the account's.

    What such a request stores under keys that are replaced at the same moment is not
    kept: it is tried again, and then finds the vault locked.
    """
    bundle = session.bundle()
    space = session_space(session)
    account = None if space is None else get_account(space)
    if bundle is None or account is None or account.public is None:
        return bundle
    hold_keys(account)
    return bundle if bundle.public == account.public else None


def forget(request) -> None:
    """Look again for session and keys of ``request`` when they are next asked for."""
    notes = IAnnotations(request)
    notes.pop(_SESSION, None)
    notes.pop(_BUNDLE, None)
