"""Contacts for tests."""

from plone import api
import pytest


@pytest.fixture
def add(portal):
    """Return a function that publishes a contact below a publisher."""

    def add(title: str, place: str = "cub", publish: bool = True, **fields):
        section = portal.unrestrictedTraverse(f"{place}/contacts")
        with api.env.adopt_roles(["Manager"]):
            item = api.content.create(section, "Contact", title=title, **fields)
            if publish:
                api.content.transition(item, "publish")
        return item

    return add
