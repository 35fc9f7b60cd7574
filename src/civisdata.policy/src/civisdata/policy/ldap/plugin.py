"""The PAS plugin ``pasldap``: pas.plugins.ldap with its dangers taken out.

What it changes, and why, stands in docs/decisions/0002. In short: only staff are ever
looked up, by their very log-in; each question ends after a second or two, and after a
failure nobody asks for a while; nothing is listed and nothing is written.
"""

from AccessControl import ClassSecurityInfo
from AccessControl.class_init import InitializeClass
from civisdata.content.citizens.guard import UNDECIDED
from civisdata.content.citizens.passwords import is_citizen_login
from civisdata.policy.ldap import settings as ldap_settings
from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.client import Client
from civisdata.policy.ldap.client import get_client
from civisdata.policy.ldap.directory import is_login
from civisdata.policy.ldap.directory import Member
from civisdata.policy.ldap.interfaces import IStaffDirectory
from civisdata.policy.ldap.settings import LdapSettings
from civisdata.policy.ldap.settings import SettingsError
from civisdata.policy.roles.groups import DEFAULT_TABLE
from civisdata.policy.roles.groups import staff_groups
from collections.abc import Mapping
from DateTime import DateTime
from pas.plugins.ldap.plugin import LDAPPlugin
from plone.registry.interfaces import IRegistry
from Products.CMFCore.utils import getToolByName
from Products.PluggableAuthService.interfaces import plugins as pas
from Products.PluggableAuthService.UserPropertySheet import UserPropertySheet
from zope.component import queryUtility
from zope.globalrequest import getRequest
from zope.interface import implementer_only
import logging


logger = logging.getLogger("civisdata.policy.ldap")

#: User ids of staff begin so: no citizen's id and no id of Plone's has a colon, so
#: an entry of the directory can never be taken for somebody of the portal.
PREFIX = "staff:"

#: Record of the registry that holds the table of groups.
TABLE_RECORD = "civisdata.policy.staff_groups"

_ASKER = "civisdata.staff_login"


def is_down(request) -> bool:
    """Say whether the sender of ``request`` could not be looked up."""
    return bool(request.other.get(UNDECIDED))


def login_of(user_id: object) -> str | None:
    """Return the log-in in a member of staff's user id; None for anybody else's."""
    if not isinstance(user_id, str) or not user_id.startswith(PREFIX):
        return None
    login = user_id.removeprefix(PREFIX)
    return login if is_login(login) and login == login.lower() else None


def group_table() -> Mapping[str, str]:
    """Return the table of LDAP groups that is in force."""
    registry = queryUtility(IRegistry)
    table = registry.get(TABLE_RECORD) if registry is not None else None
    return DEFAULT_TABLE if table is None else table


def _has_credentials(request) -> bool:
    """Say whether who sent ``request`` claims to be somebody and is not known yet."""
    if "AUTHENTICATED_USER" in request.other:
        return False
    return bool(
        getattr(request, "_auth", None)
        or request.cookies.get("__ac")
        or request.form.get("__ac_password")
    )


@implementer_only(
    IStaffDirectory,
    pas.IAuthenticationPlugin,
    pas.IPropertiesPlugin,
    pas.IUserEnumerationPlugin,
)
class StaffDirectory(LDAPPlugin):
    """Staff of the directory, and nobody else."""

    security = ClassSecurityInfo()
    meta_type = "Civis Data Staff Directory"
    manage_options = LDAPPlugin.manage_options[1:]

    # What pas.plugins.ldap would list, search and write through.
    users = None
    groups = None

    @security.private
    def configuration(self) -> tuple[LdapSettings | None, str]:
        """Return the settings in force and their source, or None and what is wrong.

        The source is ``environment``, ``database`` or empty.
        """
        try:
            found = ldap_settings.from_environment()
            if found is not None:
                return found, "environment"
            return ldap_settings.from_plugin(self.settings), "database"
        except SettingsError as error:
            return None, error.message

    @security.private
    def client(self) -> Client | None:
        """Return this process's client; None where no directory is configured."""
        settings, source = self.configuration()
        if settings is None:
            if source not in ("environment", "database"):
                logger.error("The staff directory is not asked: %s", source)
            return None
        return get_client(settings)

    def _is_staff(self, member: Member | None) -> bool:
        return member is not None and bool(staff_groups(member.groups, group_table()))

    def _note_failure(self) -> None:
        request = getRequest()
        if request is not None:
            request.other[UNDECIDED] = True

    def _may_ask(self, login: str) -> bool:
        """Say whether this request is one to ask the directory for.

        It is while its own sender is being recognised. Names of authors, pages of
        members and searches by visitors and citizens are answered from memory.
        """
        request = getRequest()
        if request is None or request.other.get(_ASKER) == login:
            return True
        if _has_credentials(request):
            request.other[_ASKER] = login
            return True
        return False

    @security.private
    def member(self, user_id: str) -> Member | None:
        """Return the member of staff with this user id, None for anybody else.

        Nobody is staff while the directory does not answer and they are not remembered.
        """
        login = login_of(user_id)
        client = self.client() if login else None
        if client is None:
            return None
        if not self._may_ask(login):
            member = client.recall(login)
        else:
            try:
                member = client.find(login)
            except Unavailable:
                self._note_failure()
                return None
        return member if self._is_staff(member) else None

    # IAuthenticationPlugin

    @security.private
    def authenticateCredentials(self, credentials: Mapping) -> tuple[str, str] | None:
        login = credentials.get("login")
        password = credentials.get("password")
        if not is_login(login) or not isinstance(password, str) or not password:
            return None
        if is_citizen_login(login.lower()):
            return None
        client = self.client()
        if client is None:
            return None
        try:
            member = client.authenticate(login, password)
        except Unavailable:
            self._note_failure()
            return None
        if not self._is_staff(member):
            return None
        request = getRequest()
        if request is not None:
            request.other[_ASKER] = member.login
        return PREFIX + member.login, member.login

    # IUserEnumerationPlugin

    @security.private
    def enumerateUsers(
        self,
        id: str | None = None,
        login: str | None = None,
        exact_match: bool = False,
        sort_by: str | None = None,
        max_results: int | None = None,
        **kw,
    ) -> tuple:
        """Answer for one exact id or log-in; staff are never listed or searched."""
        if not exact_match:
            return ()
        if id is None and is_login(login):
            id = PREFIX + login.lower()
        member = self.member(id)
        if member is None:
            return ()
        return (
            {
                "id": PREFIX + member.login,
                "login": member.login,
                "title": member.full_name,
                "pluginid": self.getId(),
            },
        )

    # IPropertiesPlugin

    @security.private
    def getPropertiesForUser(self, user, request=None) -> UserPropertySheet | None:
        """Return all properties of a member, read-only.

        Plone stores what no read-only sheet before its own has: with this one, a log-in
        of staff writes neither times nor preferences.
        """
        member = self.member(user.getId())
        if member is None:
            return None
        memberdata = getToolByName(self, "portal_memberdata", None)
        properties = dict(memberdata.propertyItems()) if memberdata is not None else {}
        now = DateTime()
        properties.update(
            fullname=member.full_name,
            email=member.email,
            login_time=now,
            last_login_time=now,
        )
        return UserPropertySheet(self.getId(), **properties)

    # What pas.plugins.ldap would do beside this

    @security.private
    def getRolesForPrincipal(self, principal, request=None) -> tuple:
        return ()

    @security.private
    def getGroupsForPrincipal(self, principal, request=None) -> tuple:
        return ()

    @security.private
    def doChangeUser(self, user_id, password, **kw) -> None:
        raise RuntimeError("Passwords of staff are changed in the directory.")

    @security.public
    def allowPasswordSet(self, id) -> bool:
        return False


InitializeClass(StaffDirectory)
