"""Who has to know of a step: noted with the step, mailed by a task once it is committed.

What is noted lies in the database until the mail server has taken it, so nothing is lost
when the server is down. Notes for one person gather: one mail tells them all, and no
second one follows within ``PAUSE`` seconds; what comes meanwhile goes with the next one,
at the latest in the morning.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content.news.publisher import publisher_of
from civisdata.content.tasks import enqueue
from persistent import Persistent
from plone import api


#: Seconds between two mails to the same person.
PAUSE = 15 * 60

#: Notes kept for one person; the oldest go first.
MOST = 100

TASK = "news-notices"
_ATTRIBUTE = "_civisdata_news_notices"


class Notices(Persistent):
    """Notes by key: ``publisher:<id>`` for its reviewers, ``person:<user id>``.

    A note is (news item's UID, step, comment, user id of who took the step).
    """

    def __init__(self) -> None:
        self._notes = OOBTree()
        self._mailed = OOBTree()

    def add(self, key: str, note: tuple[str, str, str, str]) -> None:
        kept = [one for one in self._notes.get(key, ()) if one[:2] != note[:2]]
        self._notes[key] = (*kept, note)[-MOST:]

    def take(self, key: str) -> tuple:
        """Return and forget the notes of a key."""
        return self._notes.pop(key, ())

    def pending(self) -> list[str]:
        """Return the keys for which something is noted."""
        return list(self._notes.keys())

    def rests(self, key: str, now: float) -> bool:
        """Return whether the last mail to this person is too fresh for another one."""
        return now - self._mailed.get(key, 0.0) < PAUSE

    def mailed(self, key: str, now: float) -> None:
        for old in [one for one, at in self._mailed.items() if now - at >= PAUSE]:
            del self._mailed[old]
        self._mailed[key] = now


def get_notices(site, create: bool = False) -> Notices:
    """Return the notes of a portal."""
    found = getattr(aq_base(site), _ATTRIBUTE, None)
    if found is None:
        found = Notices()
        if create:
            setattr(aq_base(site), _ATTRIBUTE, found)
    return found


def _actor() -> str:
    return api.user.get_current().getId() or ""


def _note(item, key: str, step: str, comment: str) -> None:
    notices = get_notices(api.portal.get(), create=True)
    notices.add(key, (item.UID(), step, comment[:2000], _actor()))
    enqueue(TASK)


def note_for_reviewers(item) -> None:
    """Note that ``item`` waits for somebody to publish it."""
    publisher = publisher_of(item)
    if publisher:
        _note(item, f"publisher:{publisher}", "submit", "")


def author_of(item) -> str:
    """Return the user id of who submitted ``item`` last, else of who wrote it."""
    workflow = api.portal.get_tool("portal_workflow")
    for entry in reversed(workflow.getInfoFor(item, "review_history", ())):
        if entry.get("action") == "submit":
            return entry.get("actor") or ""
    return item.Creator() or ""


def note_for_author(item, step: str, comment: str) -> None:
    """Note for the author that ``item`` was published or sent back by somebody else."""
    author = author_of(item)
    if author and author != _actor():
        _note(item, f"person:{author}", step, comment)
