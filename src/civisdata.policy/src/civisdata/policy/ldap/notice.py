"""What a page says to staff when their directory does not answer."""

from civisdata.policy.ldap.plugin import DOWN
from civisdata.policy.roles.setup import DIRECTORY_ID
from plone.app.layout.viewlets.common import ViewletBase
from Products.CMFCore.utils import getToolByName


#: Views where staff come in.
LOGIN_VIEWS = ("login", "login-form", "require_login", "failsafe_login")


class DirectoryNotice(ViewletBase):
    """Shown to whoever could not be looked up, and on the log-in page meanwhile."""

    def _directory_is_down(self) -> bool:
        users = getToolByName(self.context, "acl_users")
        directory = getattr(users, DIRECTORY_ID, None)
        client = directory.client() if directory is not None else None
        return client is not None and bool(client.breaker.reason)

    def available(self) -> bool:
        """Say whether the notice is shown; never asks the directory."""
        if not getToolByName(self.context, "portal_membership").isAnonymousUser():
            return False
        if self.request.other.get(DOWN):
            return True
        if getattr(self.view, "__name__", "") not in LOGIN_VIEWS:
            return False
        return self._directory_is_down()
