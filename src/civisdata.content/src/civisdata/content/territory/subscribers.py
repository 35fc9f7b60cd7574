"""What has to hold for content of publishers."""

from Acquisition import aq_chain
from civisdata.content.territory.interfaces import IPublisher
from plone.dexterity.interfaces import IDexterityContent
from zope.lifecycleevent.interfaces import IObjectAddedEvent


def forget_owner(content: IDexterityContent, event: IObjectAddedEvent) -> None:
    """Take the local role of Owner from who created ``content`` below a publisher.

    Rights come from the commune alone: an agent who changes job loses the pages written
    for the former commune as well.
    """
    if not any(IPublisher.providedBy(parent) for parent in aq_chain(content)):
        return
    owners = [
        user for user, roles in content.get_local_roles() if tuple(roles) == ("Owner",)
    ]
    if owners:
        content.manage_delLocalRoles(owners)
