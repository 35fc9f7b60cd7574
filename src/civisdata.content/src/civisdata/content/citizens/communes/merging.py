"""A commune that is merged into another (« commune nouvelle »).

The former commune stays in the database, hidden: its signatures and the consents it was
given go by its id. Its pages lead to its successor. What it published and its inhabitants
are moved by a task, in batches, so nothing walks all citizens in a request.
"""

from Acquisition import aq_base
from civisdata.content import _
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import follow_commune
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.structure import SECTIONS
from plone import api
from plone.app.redirector.interfaces import IRedirectionStorage
from zope.component import getUtility
from zope.event import notify
from zope.lifecycleevent import ObjectModifiedEvent
import transaction


#: How much is moved in one transaction.
ITEMS, PEOPLE = 20, 50

TASK = "merge-communes"


class CannotMerge(ValueError):
    """These two can't be merged: ``reason`` is ``unknown``, ``same`` or ``merged``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def begin(site, former: str, successor: str) -> None:
    """Say that a commune is merged into another; from now on its pages lead there.

    Its inhabitants and what it published are moved by the task ``merge-communes``, which
    the caller asks for.
    """
    folder = site["communes"]
    for name in (former, successor):
        if not ICommune.providedBy(aq_base(folder.get(name))):
            raise CannotMerge("unknown")
    if former == successor:
        raise CannotMerge("same")
    if folder[former].successor or folder[successor].successor:
        raise CannotMerge("merged")
    commune = folder[former]
    commune.successor = successor
    commune.participating = False
    notify(ObjectModifiedEvent(commune))


def merge_content(site, former: str, successor: str) -> bool:
    """Move some of what the former commune published; say whether more is left."""
    folder = site["communes"]
    source, target = folder[former], folder[successor]
    for section, _title in SECTIONS:
        if section not in source:
            continue
        for name in list(source[section].objectIds())[:ITEMS]:
            api.content.move(source[section][name], target[section])
        if source[section].objectIds():
            return True
        _end_section(source, target, section)
    for name in list(source.objectIds())[:ITEMS]:
        api.content.move(source[name], target)
    return bool(source.objectIds())


def _end_section(source, target, section: str) -> None:
    """Take an empty section away; its address leads to the successor's."""
    old = "/".join(source[section].getPhysicalPath())
    new = "/".join(target[section].getPhysicalPath())
    source.manage_delObjects([section])
    getUtility(IRedirectionStorage).add(old, new)


def merge_people(site, former: str, successor: str) -> int:
    """Move some inhabitants to the successor; return how many are left."""
    spaces = get_spaces(site)
    found, total = catalog_of(spaces).search(communes=[former], size=PEOPLE)
    for row in found:
        follow_commune(spaces.get_space(row.id), successor)
    return total - len(found)


@task(TASK, title=_("Merger of two communes"))
def merge_communes(site, progress: Progress, *, former: str, successor: str) -> None:
    """Move what the former commune published, then its inhabitants; may be run again."""
    _found, total = catalog_of(get_spaces(site)).search(communes=[former], size=0)
    with api.env.adopt_roles(["Manager"]):
        while merge_content(site, former, successor):
            transaction.commit()
            progress(0, total)
        transaction.commit()
        while True:
            left = merge_people(site, former, successor)
            transaction.commit()
            progress(total - left, total)
            if not left:
                return
