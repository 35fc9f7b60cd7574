"""The limiter inside PAS, where all log-ins with a password meet it.

Form, query string, Basic, JSON body and ``@login`` all come to the authentication
plugins as a dictionary with log-in name and password. This plugin stands first: it
refuses who has to wait; else it asks the other plugins itself, counts the outcome, and
empties the dictionary so that no plugin is asked twice.
"""

from AccessControl.class_init import InitializeClass
from AccessControl.SecurityInfo import ClassSecurityInfo
from civisdata.content.citizens import clock
from civisdata.content.citizens.limiter import Limiter
from civisdata.content.citizens.limiter import SqliteCounters
from civisdata.content.citizens.passwords import normalise_login
from pathlib import Path
from Products.PluggableAuthService.interfaces.plugins import IAuthenticationPlugin
from Products.PluggableAuthService.PluggableAuthService import (
    _SWALLOWABLE_PLUGIN_EXCEPTIONS,
)
from Products.PluggableAuthService.plugins.BasePlugin import BasePlugin
from typing import Any
from zope.annotation.interfaces import IAnnotations
from zope.globalrequest import getRequest
from zope.interface import implementer
import hashlib
import logging
import os
import secrets
import threading


logger = logging.getLogger(__name__)

PLUGIN_ID = "login_guard"

#: A plugin that could not ask whoever knows (a directory that is down) sets this on the
#: request: a log-in that nobody could judge is no failure, or an outage would shut
#: staff out after its end. Names that are known here are judged all the same.
UNDECIDED = "civisdata.login_undecided"

_COUNTED = "civisdata.citizens.guard"
_PROVEN = "civisdata.citizens.guard.proven"
#: Keys the marks of proven passwords, which live as long as their request.
_MARK_KEY = secrets.token_bytes(32)
_limiters: dict[str, Limiter] = {}
_lock = threading.Lock()


def limiter() -> Limiter:
    """Return the limiter of this process; its counters lie beside the sessions."""
    where = os.environ.get("CIVIS_SESSIONS", "")
    with _lock:
        if where not in _limiters:
            _limiters[where] = Limiter(_store(where), clock.now)
        return _limiters[where]


def _store(where: str):
    if not where or where.startswith("/"):
        folder = Path(where or os.environ.get("TMPDIR", "/dev/shm"))  # noqa: S108
        return SqliteCounters(folder / "failures.sqlite")
    from civisdata.content.citizens.limiter_postgresql import PostgresCounters

    return PostgresCounters(where)


def client_address(request) -> str:
    """Return the address a request comes from, as Zope's trusted proxies give it."""
    return "" if request is None else request.getClientAddr()


def _noted(request, key: str) -> set:
    """Return a set that lives as long as the visitor's request."""
    if request is None:
        return set()
    while "PARENT_REQUEST" in request.other:
        request = request.other["PARENT_REQUEST"]
    return IAnnotations(request).setdefault(key, set())


def _mark(login: str, password: str | bytes) -> bytes:
    """Return what a pair is noted by: the password itself is not kept."""
    if isinstance(password, str):
        password = password.encode("utf-8", "replace")
    pair = login.encode("utf-8", "replace") + b"\0" + password
    return hashlib.blake2b(pair, key=_MARK_KEY).digest()


@implementer(IAuthenticationPlugin)
class LoginGuard(BasePlugin):
    """See the module."""

    meta_type = "Civis Data log-in guard"
    security = ClassSecurityInfo()

    def __init__(self, id: str = PLUGIN_ID, title: str = "") -> None:
        self._setId(id)
        self.title = title

    @security.private
    def authenticateCredentials(self, credentials: dict[str, Any]):
        login, password = credentials.get("login"), credentials.get("password")
        if not isinstance(login, str) or not login or password is None:
            return None
        given = dict(credentials)
        credentials.clear()
        request = getRequest()
        client = client_address(request)
        name = normalise_login(login)
        if limiter().wait(name, client):
            logger.warning("Log-in refused for a while: too many failures")
            return None
        found = self._ask_others(given)
        proven = _noted(request, _PROVEN)
        mark = _mark(login, given["password"])
        if found is not None:
            limiter().success(name, client)
            proven.add(mark)
        elif mark in proven:
            # Right, but not allowed to do this: PAS asks the Zope root's users next.
            logger.debug("A right password, which nobody else knows")
        elif not self._is_for_the_root(login) and not self._undecided(request, login):
            self._count(request, name, client)
        return found

    def _ask_others(self, credentials: dict[str, Any]):
        plugins = self._getPAS()._getOb("plugins")
        for plugin_id, plugin in plugins.listPlugins(IAuthenticationPlugin):
            if plugin_id == self.getId():
                continue
            try:
                found = plugin.authenticateCredentials(dict(credentials))
            except _SWALLOWABLE_PLUGIN_EXCEPTIONS:
                logger.debug("Authentication plugin %s failed", plugin_id)
                continue
            if found is not None and found[0] is not None:
                return found
        return None

    def _is_for_the_root(self, login: str) -> bool:
        """Say whether the Zope root's users, who are asked next, know this name."""
        here = self._getPAS()
        root = here.getPhysicalRoot()._getOb("acl_users", None)
        if root is None or root._getOb(self.getId(), None) is None:
            return False
        if root.getPhysicalPath() == here.getPhysicalPath():
            return False
        return root._verifyUser(root.plugins, login=login) is not None

    def _undecided(self, request, login: str) -> bool:
        """Say whether nobody could judge this log-in; a name of our own is judged."""
        if request is None or not request.other.get(UNDECIDED):
            return False
        here = self._getPAS()
        return here._verifyUser(here.plugins, login=login) is None

    def _count(self, request, name: str, client: str) -> None:
        """Count one failure a request and name, however often they are tried."""
        counted = _noted(request, _COUNTED)
        if name in counted:
            return
        counted.add(name)
        limiter().failure(name, client)


InitializeClass(LoginGuard)
