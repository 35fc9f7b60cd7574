"""Set-up of the staff's PAS plugins; what is there is left as it is."""

from civisdata.policy.ldap.plugin import StaffDirectory
from civisdata.policy.roles.plugin import StaffRoles
from Products.CMFPlone.Portal import PloneSite
from Products.PluggableAuthService.interfaces import plugins as pas


#: Ids of the plugins in the site's ``acl_users``.
DIRECTORY_ID = "pasldap"
ROLES_ID = "staff"


def _activate(users, interface, plugin_id: str, first: bool = False) -> None:
    if plugin_id in users.plugins.listPluginIds(interface):
        return
    users.plugins.activatePlugin(interface, plugin_id)
    if first:
        users.plugins.movePluginsTop(interface, [plugin_id])


def set_up_staff(site: PloneSite) -> None:
    """Install ``pasldap`` and ``staff`` in the site's user folder."""
    users = site.acl_users
    if DIRECTORY_ID not in users.objectIds():
        users._setObject(
            DIRECTORY_ID, StaffDirectory(DIRECTORY_ID, "Annuaire du personnel")
        )
    if ROLES_ID not in users.objectIds():
        users._setObject(ROLES_ID, StaffRoles(ROLES_ID, "Rôles du personnel"))
    _activate(users, pas.IAuthenticationPlugin, DIRECTORY_ID)
    _activate(users, pas.IUserEnumerationPlugin, DIRECTORY_ID)
    # First of all: what it answers can't be written by the others (see the plugin).
    _activate(users, pas.IPropertiesPlugin, DIRECTORY_ID, first=True)
    _activate(users, pas.IGroupsPlugin, ROLES_ID)
    _activate(users, pas.IRolesPlugin, ROLES_ID)
