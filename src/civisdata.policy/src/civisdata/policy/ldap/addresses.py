"""Mail addresses of staff, asked from the directory by tasks."""

from civisdata.content.news.editing.interfaces import IStaffAddresses
from civisdata.content.tasks import TemporaryError
from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.client import Client
from civisdata.policy.ldap.directory import Member
from civisdata.policy.ldap.interfaces import IStaffDirectory
from civisdata.policy.ldap.plugin import group_table
from civisdata.policy.ldap.plugin import login_of
from civisdata.policy.ldap.plugin import PREFIX
from civisdata.policy.roles.groups import staff_groups
from collections.abc import Callable
from zope.interface import implementer


@implementer(IStaffAddresses)
class StaffAddresses:
    """Asks the site's directory; who is in no group of staff any more has no address."""

    def members(self, site, group: str) -> dict[str, str]:
        table = group_table()
        found = _ask(
            site,
            lambda client: client.members(
                lambda name: group in staff_groups((name,), table)
            ),
        )
        return {
            PREFIX + member.login: member.email
            for member in found or ()
            if member.email
        }

    def address(self, site, user_id: str) -> str:
        login = login_of(user_id)
        if login is None:
            return ""
        member: Member | None = _ask(site, lambda client: client.find(login))
        if member is None or not staff_groups(member.groups, group_table()):
            return ""
        return member.email


def _ask(site, question: Callable[[Client], object]):
    directory = getattr(site.acl_users, "pasldap", None)
    client = directory.client() if IStaffDirectory.providedBy(directory) else None
    if client is None:
        return None
    try:
        return question(client)
    except Unavailable as error:
        raise TemporaryError("the staff directory does not answer") from error
