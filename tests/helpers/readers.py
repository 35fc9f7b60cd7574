"""Readers of news by e-mail, for tests."""

from civisdata.content.citizens.registrations import index
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from helpers.people import person
from plone import api


def reader(portal, name: str, rhythm: str = "daily", **changes):
    """Return the space of somebody who is accepted and mailed news."""
    values = {"by_email": True, "rhythm": rhythm, "topics": (), **changes}
    space = register(
        get_spaces(portal),
        person(first_name=name, email=f"{name.lower()}@exemple.fr", **values),
        with_mail=False,
    )
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    index(space)
    return space


def publish(portal, title: str, place: str = "communes/bordeaux", **fields):
    """Publish a news item below a publisher."""
    with api.env.adopt_roles(["Manager"]):
        section = portal.unrestrictedTraverse(f"{place}/actualites")
        item = api.content.create(section, "News Item", title=title, **fields)
        api.content.transition(item, "publish")
    return item
