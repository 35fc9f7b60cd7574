"""What a page says to staff when their directory does not answer."""

from civisdata.policy.ldap.plugin import is_down
from civisdata.policy.roles.setup import DIRECTORY_ID
from Products.CMFCore.utils import getToolByName
from Products.Five import BrowserView


#: Views where staff come in.
LOGIN_VIEWS = ("login", "login-form", "require_login", "failsafe_login")


class Notices(BrowserView):
    """Shown to whoever could not be looked up, and on the log-in page meanwhile."""

    def _directory_is_down(self) -> bool:
        users = getToolByName(self.context, "acl_users")
        directory = getattr(users, DIRECTORY_ID, None)
        client = directory.client() if directory is not None else None
        return client is not None and bool(client.breaker.reason)

    def staff_directory_is_down(self) -> bool:
        """Say whether the notice is shown; never asks the directory."""
        if not getToolByName(self.context, "portal_membership").isAnonymousUser():
            return False
        if is_down(self.request):
            return True
        published = getattr(self.request.get("PUBLISHED"), "__name__", "")
        return published in LOGIN_VIEWS and self._directory_is_down()
