"""The staff directory as the site knows it."""

from pas.plugins.ldap.interfaces import ILDAPPlugin


class IStaffDirectory(ILDAPPlugin):
    """The PAS plugin ``pasldap``: pas.plugins.ldap, tamed."""

    def configuration():
        """Return ``(settings or None, where they come from)``."""

    def member(user_id):
        """Return the ``Member`` with this user id, None for anybody else."""
