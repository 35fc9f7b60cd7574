"""Where the staff directory is and how it is asked.

A server's environment wins (``CIVIS_LDAP_URI`` and its companions); then nothing of it,
least of all the password, is in the database. Without it the control panel's values
count, which the plugin keeps.
"""

from civisdata.content import _
from civisdata.policy.refusals import Refusal
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
import os
import re


#: Debian's bundle of certification authorities, used when no file is named.
SYSTEM_CA_FILE = "/etc/ssl/certs/ca-certificates.crt"

TLS_MODES = ("start", "ldaps", "off")

_DN = re.compile(r"\s*[A-Za-z][\w.-]*\s*=\s*[^=]")


class SettingsError(Refusal):
    """A value cannot be used; the message is one clear line."""


@dataclass(frozen=True)
class LdapSettings:
    """Connection to the directory.

    ``tls`` is ``start`` (StartTLS on ``ldap://``), ``ldaps`` or ``off``; the certificate
    is always checked, against ``ca_file`` or the system's authorities. ``timeout`` is
    the longest wait, in seconds, for a connection and for an answer.
    """

    uri: str
    bind_dn: str
    users_dn: str
    groups_dn: str
    password: str = field(default="", repr=False)
    password_file: str = ""
    tls: str = "start"
    ca_file: str = ""
    login_attribute: str = "uid"
    users_filter: str = "(objectClass=inetOrgPerson)"
    timeout: float = 1.0

    def __post_init__(self) -> None:
        scheme, separator, host = self.uri.partition("://")
        if scheme not in ("ldap", "ldaps") or not separator or not host.strip("/"):
            raise SettingsError(
                _(
                    "The address ${uri} is not of the form ldap://host:port or "
                    "ldaps://host:port.",
                    mapping={"uri": self.uri},
                )
            )
        if self.tls not in TLS_MODES:
            raise SettingsError(
                _(
                    "TLS is one of ${modes}, not ${mode}.",
                    mapping={"modes": ", ".join(TLS_MODES), "mode": self.tls},
                )
            )
        if (self.tls == "ldaps") != (scheme == "ldaps"):
            raise SettingsError(
                _(
                    "TLS ${mode} does not fit the address ${uri}: ldaps:// goes with "
                    "ldaps, ldap:// with start or off.",
                    mapping={"mode": self.tls, "uri": self.uri},
                )
            )
        for name in ("bind_dn", "users_dn", "groups_dn"):
            if not _DN.match(getattr(self, name)):
                raise SettingsError(
                    _("${name} is not a distinguished name.", mapping={"name": name})
                )
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", self.login_attribute):
            raise SettingsError(
                _("The log-in attribute is not the name of an attribute.")
            )
        if not (self.users_filter.startswith("(") and self.users_filter.endswith(")")):
            raise SettingsError(_("The filter has to stand in parentheses."))
        if self.ca_file and not Path(self.ca_file).is_file():
            raise SettingsError(
                _("The file ${path} does not exist.", mapping={"path": self.ca_file})
            )

    def read_password(self) -> str:
        """Return the password of ``bind_dn``; raise ``SettingsError`` without one.

        An empty one is refused: a bind with it is anonymous and always succeeds.
        """
        password = self.password
        if self.password_file:
            try:
                password = Path(self.password_file).read_text().rstrip("\r\n")
            except OSError as error:
                raise SettingsError(
                    _(
                        "The password file ${path} cannot be read: ${reason}.",
                        mapping={"path": self.password_file, "reason": error.strerror},
                    )
                ) from None
        if not password:
            raise SettingsError(_("The password of the portal's account is missing."))
        return password


def default_tls(uri: str) -> str:
    """Return the TLS mode that goes with ``uri`` when nothing is said: never off."""
    return "ldaps" if uri.startswith("ldaps:") else "start"


def from_environment(environ: Mapping[str, str] | None = None) -> LdapSettings | None:
    """Read ``CIVIS_LDAP_*``; None where ``CIVIS_LDAP_URI`` is not set.

    Raises ``SettingsError`` with one clear line.
    """
    environ = os.environ if environ is None else environ
    uri = environ.get("CIVIS_LDAP_URI", "").strip()
    if not uri:
        return None
    values = {
        "uri": uri,
        "bind_dn": environ.get("CIVIS_LDAP_BIND_DN", ""),
        "users_dn": environ.get("CIVIS_LDAP_USERS_DN", ""),
        "groups_dn": environ.get("CIVIS_LDAP_GROUPS_DN", ""),
        "password": environ.get("CIVIS_LDAP_PASSWORD", ""),
        "password_file": environ.get("CIVIS_LDAP_PASSWORD_FILE", ""),
        "tls": environ.get("CIVIS_LDAP_TLS") or default_tls(uri),
        "ca_file": environ.get("CIVIS_LDAP_CA_FILE", ""),
    }
    for name in ("login_attribute", "users_filter"):
        value = environ.get(f"CIVIS_LDAP_{name.upper()}")
        if value:
            values[name] = value
    timeout = environ.get("CIVIS_LDAP_TIMEOUT", "1")
    try:
        values["timeout"] = float(timeout)
    except ValueError:
        values["timeout"] = 0.0
    if not 0.1 <= values["timeout"] <= 10:
        raise SettingsError(_("CIVIS_LDAP_TIMEOUT lies between 0.1 and 10 seconds."))
    return LdapSettings(**values)


#: Our names of settings → the keys under which pas.plugins.ldap keeps them.
PLUGIN_KEYS = {
    "uri": "server.uri",
    "bind_dn": "server.user",
    "password": "server.password",
    "users_dn": "users.baseDN",
    "groups_dn": "groups.baseDN",
    "users_filter": "users.queryFilter",
    "ca_file": "server.tls_cacertfile",
    "tls": "civisdata.tls",
}


def from_plugin(stored: Mapping) -> LdapSettings | None:
    """Read the values of the control panel; None where no address was ever set."""
    values = {name: stored[key] for name, key in PLUGIN_KEYS.items() if stored.get(key)}
    if not values.get("uri"):
        return None
    values.setdefault("tls", default_tls(values["uri"]))
    for name in ("bind_dn", "users_dn", "groups_dn"):
        values.setdefault(name, "")
    return LdapSettings(**values)
