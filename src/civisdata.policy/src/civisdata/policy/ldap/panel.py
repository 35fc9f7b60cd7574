"""« Annuaire du personnel »: what is configured, what is understood, who may do what.

Seen and tested by CUB administrators, who also edit the table of groups. The connection
itself is set by the Manager, and only where the server's environment says nothing: who
points the portal at another directory decides who the staff are.
"""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.policy.ldap import client as client_module
from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.plugin import group_table
from civisdata.policy.ldap.plugin import TABLE_RECORD
from civisdata.policy.ldap.settings import default_tls
from civisdata.policy.ldap.settings import LdapSettings
from civisdata.policy.ldap.settings import PLUGIN_KEYS
from civisdata.policy.ldap.settings import SettingsError
from civisdata.policy.ldap.settings import TLS_MODES
from civisdata.policy.roles.groups import format_table
from civisdata.policy.roles.groups import global_roles
from civisdata.policy.roles.groups import parse_table
from civisdata.policy.roles.groups import staff_groups
from civisdata.policy.roles.groups import TableError
from civisdata.policy.roles.setup import DIRECTORY_ID
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zExceptions import NotFound
from zExceptions import Unauthorized


MANAGE_DIRECTORY = "civisdata.policy: Manage staff directory"

#: Fields of the form, in its order; the password is never sent to a browser.
FIELDS = ("uri", "tls", "bind_dn", "users_dn", "groups_dn", "users_filter", "ca_file")


class StaffDirectoryPanel(BrowserView):
    """``@@ldap-annuaire``."""

    page_title = _("Staff directory")
    tls_modes = TLS_MODES

    def __init__(self, context, request) -> None:
        super().__init__(context, request)
        self.error: object = ""
        self.survey: dict | None = None
        self.table_text = ""
        self.typed: dict[str, str] = {}

    @property
    def plugin(self):
        plugin = getattr(self.context.acl_users, DIRECTORY_ID, None)
        if plugin is None:
            raise NotFound("ldap-annuaire")
        return plugin

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "no-store")
        self.table_text = format_table(group_table())
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            actions = {
                "test": self.test,
                "save_table": self.save_table,
                "save_connection": self.save_connection,
            }
            for name, action in actions.items():
                if name in self.request.form:
                    action()
                    break
        return self.index()

    def _field(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    # What is in force

    def may_edit_connection(self) -> bool:
        """Say whether the connection can be edited here, by whoever asks."""
        return self.source() != "environment" and bool(
            getSecurityManager().checkPermission(MANAGE_DIRECTORY, self.context)
        )

    def source(self) -> str:
        """Return ``environment``, ``database`` or, as a line, what is wrong."""
        return self.plugin.configuration()[1]

    def problem(self) -> str:
        """Return why the settings cannot be used; empty when they can."""
        source = self.source()
        return "" if source in ("environment", "database") else source

    def configuration(self) -> list[tuple[str, str]]:
        """Return the settings in force, by title, without any password."""
        settings = self.plugin.configuration()[0]
        if settings is None:
            return []
        tls = {
            "start": _("on (StartTLS), the certificate is checked"),
            "ldaps": _("on (LDAPS), the certificate is checked"),
            "off": _("off: passwords cross the network in clear"),
        }
        return [
            (_("Address"), settings.uri),
            (_("Encryption (TLS)"), tls[settings.tls]),
            (_("Account of the portal"), settings.bind_dn),
            (_("Branch of the staff"), settings.users_dn),
            (_("Branch of the groups"), settings.groups_dn),
            (_("Filter of the staff"), settings.users_filter),
            (
                _("Certification authorities"),
                settings.ca_file or _("those of the system"),
            ),
        ]

    def connection(self) -> dict[str, str]:
        """Return the values for the form: what was typed, else what is stored."""
        stored = self.plugin.settings
        values = {name: stored.get(PLUGIN_KEYS[name]) or "" for name in FIELDS}
        return values | self.typed

    # Actions

    def test(self) -> None:
        """Ask the directory, and say what was understood."""
        client = self.plugin.client()
        if client is None:
            self.error = self.problem() or _("No directory is configured.")
            return
        try:
            users, groups = client.survey()
        except Unavailable as error:
            self.error = _(
                "The directory does not answer: ${reason}",
                mapping={"reason": str(error)},
            )
            return
        table = group_table()
        rows = []
        for name in sorted(groups):
            ours = staff_groups([name], table)
            roles = [
                *(role for role in global_roles(ours) if role != "Staff"),
                *(
                    f"Commune Agent {group.partition(':')[2]}"
                    for group in ours
                    if group.startswith("agents:")
                ),
            ]
            rows.append(
                {"name": name, "members": groups[name], "roles": ", ".join(roles)}
            )
        self.survey = {"users": users, "groups": rows}

    def save_table(self) -> None:
        """Store the table of groups, or say which line cannot be used."""
        self.table_text = self._field("table")
        try:
            table = parse_table(self.table_text)
        except TableError as error:
            self.error = error.message
            return
        api.portal.set_registry_record(TABLE_RECORD, table)
        self.table_text = format_table(table)
        api.portal.show_message(_("The table of groups is saved."), self.request)

    def save_connection(self) -> None:
        """Store the connection in the plugin, or say what cannot be used."""
        if not self.may_edit_connection():
            raise Unauthorized("connection of the staff directory")
        self.typed = {name: self._field(name) for name in FIELDS}
        values = {name: value for name, value in self.typed.items() if value}
        stored = self.plugin.settings
        password = self.request.form.get("password")
        if not isinstance(password, str) or not password:
            password = ""
            # A stored password goes to the server it was given for, to no other.
            if stored.get(PLUGIN_KEYS["uri"]) == values.get("uri"):
                password = stored.get(PLUGIN_KEYS["password"]) or ""
        values.setdefault("tls", default_tls(values.get("uri", "")))
        try:
            required = dict.fromkeys(("uri", "bind_dn", "users_dn", "groups_dn"), "")
            LdapSettings(**(required | values), password=password).read_password()
        except SettingsError as error:
            self.error = error.message
            return
        for name, key in PLUGIN_KEYS.items():
            stored[key] = password if name == "password" else values.get(name, "")
        client_module.forget()
        api.portal.show_message(_("The connection is saved."), self.request)
