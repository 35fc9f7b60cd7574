"""Who publishes for a publisher, and where mail reaches them."""

from civisdata.content.news.editing.interfaces import IStaffAddresses
from civisdata.content.territory.interfaces import IPublisher
from civisdata.content.territory.localroles import agents_of
from civisdata.content.territory.localroles import WEBMASTERS
from plone import api
from zope.component import getUtilitiesFor


#: People who are written to for one publisher at most.
MOST = 50


def group_of(site, publisher: str) -> str | None:
    """Return the group that publishes for a publisher given by its id."""
    if publisher == "cub":
        return WEBMASTERS
    communes = site.get("communes")
    commune = communes.get(publisher) if communes is not None else None
    return None if commune is None else agents_of(commune.insee_code)


def reviewers_of(site, publisher: str) -> list[str]:
    """Return the user ids of those who publish for a publisher; ``TemporaryError``."""
    group = group_of(site, publisher)
    if group is None:
        return []
    found = dict.fromkeys(_portal_members(group))
    for _name, staff in getUtilitiesFor(IStaffAddresses):
        found |= dict.fromkeys(staff.members(site, group))
    return list(found)[:MOST]


def address_of(site, user_id: str) -> str:
    """Return the mail address of a user, empty without one; ``TemporaryError``."""
    for _name, staff in getUtilitiesFor(IStaffAddresses):
        if found := staff.address(site, user_id):
            return found
    user = api.user.get(userid=user_id)
    return (user.getProperty("email") or "") if user is not None else ""


def name_of(user_id: str) -> str:
    """Return how to call a user: the full name, else the log-in."""
    user = api.user.get(userid=user_id) if user_id else None
    name = user.getProperty("fullname") if user is not None else ""
    return name or user_id.rpartition(":")[2]


def _portal_members(group: str) -> list[str]:
    found = api.group.get(groupname=group)
    return list(found.getMemberIds()) if found is not None else []


def may_publish_for(site) -> list[str]:
    """Return the ids of the publishers for which the current user publishes."""
    places = [
        site.get("cub"),
        *(site["communes"].objectValues() if "communes" in site else ()),
    ]
    return [
        place.getId()
        for place in places
        if IPublisher.providedBy(place)
        and api.user.has_permission("Review portal content", obj=place)
    ]
