"""Who is there: the citizen's session, space and keys of a request.

What is found is kept in the annotations of the request alone, never on an object of the
database nor in a cache of the process.
"""

from civisdata.content.citizens.keys import KeyBundle
from zope.annotation.interfaces import IAnnotations
from zope.globalrequest import getRequest
from zope.interface import Interface


_SESSION = "civisdata.citizens.session"


def current_session(request=None):
    """Return the citizen's session of ``request``, or None.

    A session has ``user_id`` (the id of the space) and ``state``.
    """
    request = getRequest() if request is None else request
    if request is None:
        return None
    return IAnnotations(request).get(_SESSION)


def current_space(request=None) -> Interface | None:
    """Return the personal space that the session of ``request`` belongs to, or None."""


def current_bundle(request=None) -> KeyBundle | None:
    """Return the citizen's opened keys, or None without session or while locked."""
