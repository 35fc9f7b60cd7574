"""The PAS plugin ``staff``: what members of the staff directory may do."""

from AccessControl import ClassSecurityInfo
from AccessControl.class_init import InitializeClass
from civisdata.policy.ldap.interfaces import IStaffDirectory
from civisdata.policy.ldap.plugin import group_table
from civisdata.policy.ldap.plugin import login_of
from civisdata.policy.roles.groups import global_roles
from civisdata.policy.roles.groups import staff_groups
from Products.PluggableAuthService.interfaces.plugins import IGroupsPlugin
from Products.PluggableAuthService.interfaces.plugins import IRolesPlugin
from Products.PluggableAuthService.plugins.BasePlugin import BasePlugin
from zope.interface import implementer


@implementer(IGroupsPlugin, IRolesPlugin)
class StaffRoles(BasePlugin):
    """Maps groups of the directory to groups and roles of the portal."""

    security = ClassSecurityInfo()
    meta_type = "Civis Data Staff Roles"

    def __init__(self, id: str, title: str = "") -> None:
        self._setId(id)
        self.title = title

    @security.private
    def getGroupsForPrincipal(self, principal, request=None) -> tuple[str, ...]:
        user_id = principal.getId()
        if login_of(user_id) is None:
            return ()
        directory = getattr(self._getPAS(), "pasldap", None)
        if not IStaffDirectory.providedBy(directory):
            return ()
        member = directory.member(user_id)
        if member is None:
            return ()
        return staff_groups(member.groups, group_table())

    @security.private
    def getRolesForPrincipal(self, principal, request=None) -> tuple[str, ...]:
        return global_roles(self.getGroupsForPrincipal(principal, request))


InitializeClass(StaffRoles)
