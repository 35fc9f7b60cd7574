"""Citizens in PAS: known by their own session, and by nothing else.

No log-in name and password, ticket or token of Plone's makes a citizen. Nothing here
can be listed, searched or changed: there is no user management, and a citizen is found
by the exact id in the citizen's own requests only.
"""

from AccessControl.class_init import InitializeClass
from AccessControl.SecurityInfo import ClassSecurityInfo
from civisdata.content.citizens.cookies import expire_cookie
from civisdata.content.citizens.current import current_session
from civisdata.content.citizens.current import current_space
from civisdata.content.citizens.current import forget
from civisdata.content.citizens.current import open_session
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.current import session_space
from civisdata.content.citizens.journal.own_actions import LOG_OUT
from civisdata.content.citizens.journal.visits import note_once
from civisdata.content.citizens.sessions import StoreDown
from Products.PluggableAuthService.interfaces import plugins as pas
from Products.PluggableAuthService.plugins.BasePlugin import BasePlugin
from Products.PluggableAuthService.UserPropertySheet import UserPropertySheet
from typing import Any
from zope.globalrequest import getRequest
from zope.interface import implementer
import logging


logger = logging.getLogger(__name__)

PLUGIN_ID = "citizens"
ROLE = "Citizen"


def own_id() -> str | None:
    """Return the user id of the citizen who sent the request at hand, or None."""
    session = open_session()
    return None if session is None else session.user_id


@implementer(
    pas.IExtractionPlugin,
    pas.IAuthenticationPlugin,
    pas.ICredentialsResetPlugin,
    pas.IUserEnumerationPlugin,
    pas.IPropertiesPlugin,
    pas.IRolesPlugin,
)
class CitizensPlugin(BasePlugin):
    """See the module."""

    meta_type = "Civis Data citizens"
    security = ClassSecurityInfo()

    def __init__(self, id: str = PLUGIN_ID, title: str = "") -> None:
        self._setId(id)
        self.title = title

    @security.private
    def extractCredentials(self, request) -> dict[str, Any]:
        session = open_session(request)
        return {} if session is None else {"civisdata_citizen": session.user_id}

    @security.private
    def authenticateCredentials(self, credentials: dict[str, Any]):
        user_id = credentials.get("civisdata_citizen")
        if credentials.get("extractor") != self.getId() or not user_id:
            return None
        return (user_id, user_id) if user_id == own_id() else None

    @security.private
    def resetCredentials(self, request, response) -> None:
        end_session(request)

    @security.private
    def enumerateUsers(
        self,
        id=None,
        login=None,
        exact_match=False,
        sort_by=None,
        max_results=None,
        **kw,
    ) -> tuple:
        if not exact_match or not isinstance(id, str) or login or kw or id != own_id():
            return ()
        return ({"id": id, "login": id, "pluginid": self.getId()},)

    @security.private
    def getPropertiesForUser(self, user, request=None):
        if user.getId() is None or user.getId() != own_id():
            return {}
        space = current_space()
        if space is None:
            return {}
        name = f"{space.first_name} {space.last_name}".strip()
        return UserPropertySheet(self.getId(), fullname=name)

    @security.private
    def getRolesForPrincipal(self, principal, request=None) -> tuple:
        user_id = principal.getId()
        return (ROLE,) if user_id is not None and user_id == own_id() else ()


InitializeClass(CitizensPlugin)


def end_session(request) -> None:
    """Log out: kill the session on the server, and have the cookie forgotten."""
    request = getRequest() if request is None else request
    session = current_session(request)
    if session is None:
        return
    _note_log_out(session, request)
    try:
        session_service().end(session)
    except StoreDown:
        logger.exception("A session can't be ended")
    expire_cookie(request)
    forget(request)


def _note_log_out(session, request) -> None:
    space = session_space(session)
    if space is not None:
        note_once(space, request, LOG_OUT)
