"""Plugins in the user folders of the portal and of the Zope root."""

from civisdata.content.citizens import guard
from civisdata.content.citizens import pas
from plone.session.plugins.session import SessionPlugin
from Products.CMFPlone.Portal import PloneSite
from Products.PluggableAuthService.interfaces import plugins as interfaces
from Products.PluggableAuthService.interfaces.authservice import IPluggableAuthService
from zope.interface import providedBy


def _activate(folder, plugin_id: str, plugin, first: tuple) -> None:
    """Add a plugin, activate all it provides; make it the first of ``first``."""
    if plugin_id not in folder.objectIds():
        folder._setObject(plugin_id, plugin)
    plugin = folder._getOb(plugin_id)
    registry = folder.plugins
    for interface in providedBy(plugin):
        if interface not in registry._plugin_types:
            continue
        if plugin_id not in registry.listPluginIds(interface):
            registry.activatePlugin(interface, plugin_id)
        if interface in first:
            while registry.listPluginIds(interface)[0] != plugin_id:
                registry.movePluginsUp(interface, [plugin_id])


def _use_tickets(folder) -> None:
    """Let the Zope root's users be known by a signed ticket after their log-in.

    The stock helper's cookie holds log-in name and password, readable by anybody who
    gets hold of it.
    """
    helper, ticket = "credentials_cookie_auth", "session"
    if ticket not in folder.objectIds():
        folder._setObject(ticket, SessionPlugin(ticket))
        _activate(folder, ticket, folder._getOb(ticket), ())
    for interface in (
        interfaces.IExtractionPlugin,
        interfaces.ICredentialsUpdatePlugin,
    ):
        if helper in folder.plugins.listPluginIds(interface):
            folder.plugins.deactivatePlugin(interface, helper)


def install_plugins(site: PloneSite) -> None:
    """Put the plugins into the user folders; what is there is left, in its order."""
    folder = site.acl_users
    _activate(
        folder,
        pas.PLUGIN_ID,
        pas.CitizensPlugin(title="Citizens"),
        (interfaces.IExtractionPlugin, interfaces.IPropertiesPlugin),
    )
    for guarded in (folder, site.getPhysicalRoot().acl_users):
        if IPluggableAuthService.providedBy(guarded):
            _activate(
                guarded,
                guard.PLUGIN_ID,
                guard.LoginGuard(title="Limits failed log-ins"),
                (interfaces.IAuthenticationPlugin,),
            )
    root = site.getPhysicalRoot().acl_users
    if IPluggableAuthService.providedBy(root):
        _use_tickets(root)
