"""What has to hold for content of publishers."""

from Acquisition import aq_chain
from civisdata.content import _
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.interfaces import IPublisher
from civisdata.content.territory.structure import SECTIONS
from OFS.interfaces import IObjectWillBeAddedEvent
from OFS.interfaces import IObjectWillBeMovedEvent
from plone.app.redirector.interfaces import IRedirectionStorage
from plone.dexterity.interfaces import IDexterityContent
from plone.i18n.normalizer.interfaces import IURLNormalizer
from zExceptions import Forbidden
from zope.component import getUtility
from zope.component import queryUtility
from zope.lifecycleevent.interfaces import IObjectAddedEvent
from zope.lifecycleevent.interfaces import IObjectModifiedEvent


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


def lead_from_the_new_name(commune: ICommune, event: IObjectModifiedEvent) -> None:
    """Let the address made of a commune's present name lead to its page.

    The id stays: the registrations of citizens, their consents, and the keys that sign
    and open documents in the name of the commune go by it (decision 0017).
    """
    folder = commune.__parent__
    name = getUtility(IURLNormalizer).normalize(commune.title or "", locale="fr")
    storage = queryUtility(IRedirectionStorage)
    if storage is None or not name or name in folder:
        return
    home = "/".join(folder.getPhysicalPath())
    for tail in ("", *(f"/{section}" for section, _title in SECTIONS)):
        storage.add(f"{home}/{name}{tail}", f"{home}/{commune.getId()}{tail}")


def stay_in_place(commune: ICommune, event: IObjectWillBeMovedEvent) -> None:
    """Refuse to rename, move or delete a commune: too much goes by its id.

    One that ends is merged into another, or no longer takes part.
    """
    if event.object is not commune or IObjectWillBeAddedEvent.providedBy(event):
        return
    raise Forbidden(
        _(
            "A commune can't be moved or deleted: what citizens have allowed it and what "
            "it has signed goes by its address. Change its name, end its participation, "
            "or merge it into another."
        )
    )
