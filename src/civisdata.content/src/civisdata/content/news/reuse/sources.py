"""Where a news item comes from, kept on the item itself."""

from Acquisition import aq_base
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from plone import api


_ATTRIBUTE = "_civisdata_source"


@dataclass(frozen=True)
class Source:
    """The original: publisher's id, UID; whether the item follows its changes."""

    publisher: str
    uid: str
    follows: bool = True


def source_of(item) -> Source | None:
    """Return the source of a news item that was taken over; None for one's own."""
    found = getattr(aq_base(item), _ATTRIBUTE, None)
    return None if found is None else Source(**found)


def set_source(item, source: Source) -> None:
    setattr(aq_base(item), _ATTRIBUTE, asdict(source))


def set_follows(item, follows: bool) -> None:
    """Let an item follow its original, or stand by itself; KeyError for one's own."""
    source = source_of(item)
    if source is None:
        raise KeyError("follows")
    set_source(item, replace(source, follows=follows))


def item_of(uid: str):
    """Return the item with this UID, whoever asks; None without one."""
    catalog = api.portal.get_tool("portal_catalog")
    for brain in catalog.unrestrictedSearchResults(UID=uid):
        return brain._unrestrictedGetObject()
    return None
