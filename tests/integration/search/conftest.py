"""News for tests."""

from plone import api
import pytest


@pytest.fixture
def write(portal):
    """Return a function that publishes a news item below a publisher."""

    def write(title: str, place: str = "cub", publish: bool = True, **fields):
        section = portal.unrestrictedTraverse(f"{place}/actualites")
        with api.env.adopt_roles(["Manager"]):
            item = api.content.create(section, "News Item", title=title, **fields)
            if publish:
                api.content.transition(item, "publish")
            for name in ("effective_date", "expiration_date"):
                if name in fields:
                    setattr(item, name, fields[name])
            item.reindexObject()
        return item

    return write
