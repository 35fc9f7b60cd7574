"""Reminders by e-mail (R19): what the server knows for them, and the letters.

The server can't read dates. Of citizens who wish for it, and of nobody else, it keeps the
weeks in which something is to be announced: no day, no document, no kind. They are made
anew whenever the opened vault is changed, so that nothing is announced after a deletion.
The letter says no more than that a reminder waits in the space.
"""

from BTrees.OOBTree import OOBTree
from BTrees.OOBTree import OOTreeSet
from civisdata.content import _
from civisdata.content.citizens.registrations import is_open
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from civisdata.content.mail import send_mail
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.listing import present
from civisdata.content.vault.reminders import iso_week
from civisdata.content.vault.reminders import weeks
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from persistent import Persistent
from plone import api
from zope.i18n import translate
from zope.i18nmessageid import Message
import logging
import transaction


logger = logging.getLogger("civisdata.vault")

_ATTRIBUTE = "_civisdata_reminders"

LETTER = (
    _("A reminder waits for you in your space"),
    _(
        """Hello,

A reminder waits for you in your space: one of your papers ends soon.

Log in to see which one and what to do: ${login_url}

Nobody but you can read your documents, and this message does not know more than that.
You asked for it in « Reminders » of your space, where you can also end it.

${site}
${url}
"""
    ),
)


@dataclass(frozen=True)
class Wish:
    """Since when a citizen wishes for letters, the week of the last, and weeks to come."""

    since: str
    sent: str = ""
    weeks: tuple[str, ...] = ()


class Wishes(Persistent):
    """The wishes of all citizens, by space and by week."""

    def __init__(self):
        self._by_space = OOBTree()
        self._by_week = OOBTree()

    def get(self, space_id: str) -> Wish | None:
        found = self._by_space.get(space_id)
        return None if found is None else Wish(**found)

    def put(self, space_id: str, wish: Wish) -> None:
        self.drop(space_id)
        self._by_space[space_id] = asdict(wish)
        for week in wish.weeks:
            if week not in self._by_week:
                self._by_week[week] = OOTreeSet()
            self._by_week[week].insert(space_id)

    def drop(self, space_id: str) -> None:
        wish = self.get(space_id)
        if wish is None:
            return
        del self._by_space[space_id]
        for week in wish.weeks:
            spaces = self._by_week.get(week)
            if spaces is not None and space_id in spaces:
                spaces.remove(space_id)
            if spaces is not None and not spaces:
                del self._by_week[week]

    def of_week(self, week: str) -> list[str]:
        return list(self._by_week.get(week, ()))

    def forget_before(self, week: str) -> None:
        """Drop weeks that are over, so that they don't gather."""
        for old in list(self._by_week.keys(max=week, excludemax=True)):
            for space_id in list(self._by_week[old]):
                wish = self.get(space_id)
                kept = tuple(one for one in wish.weeks if one >= week)
                self.put(space_id, replace(wish, weeks=kept))


def _wishes(spaces, create: bool = False) -> Wishes:
    found = getattr(spaces.aq_base, _ATTRIBUTE, None)
    if found is None:
        found = Wishes()
        if create:
            setattr(spaces.aq_base, _ATTRIBUTE, found)
    return found


def wish_of(space) -> Wish | None:
    """Give a citizen's wish for letters, None where there is none."""
    return _wishes(space.__parent__).get(space.getId())


def set_wish(space, wanted: bool, contents: Contents, today: date) -> None:
    """Begin or end letters; what was kept for them is dropped at the end."""
    wishes = _wishes(space.__parent__, create=True)
    if not wanted:
        wishes.drop(space.getId())
    elif wish_of(space) is None:
        wishes.put(space.getId(), Wish(today.isoformat()))
        keep_weeks(space, contents, today)


def keep_weeks(space, contents: Contents, today: date) -> bool:
    """Make the weeks anew from an opened vault; say whether they have changed."""
    wish = wish_of(space)
    if wish is None:
        return False
    found = tuple(
        week for week in weeks(present(contents, today), today) if week > wish.sent
    )
    if found == wish.weeks:
        return False
    _wishes(space.__parent__).put(space.getId(), replace(wish, weeks=found))
    return True


def forget_weeks(space) -> None:
    """The documents are gone: there is nothing left to be reminded of."""
    wish = wish_of(space)
    if wish is not None and wish.weeks:
        _wishes(space.__parent__).put(space.getId(), replace(wish, weeks=()))


def forget_wish(space) -> None:
    """Keep nothing of a citizen's wish for letters."""
    _wishes(space.__parent__).drop(space.getId())


def send_reminders(site, today: date) -> int:
    """Write to those for whom something is to be announced this week; give how many.

    Each letter is a transaction of its own, which is committed here. Whoever was written
    to isn't again this week, however often this runs. A letter that the mail server
    doesn't take stays due; closed, suspended and deleted spaces get none.
    """
    spaces, week, count = get_spaces(site), iso_week(today), 0
    for space_id in _wishes(spaces).of_week(week):
        try:
            sent = _remind(site, spaces, space_id, week)
            transaction.commit()
            count += sent
        except MailNotSent:
            transaction.abort()
            logger.error("reminders: the mail server took no letter")
            return count
        except ValueError:
            # An address that can't be written to; it must not hold up the others.
            transaction.abort()
            logger.error("reminders: no letter for space %s", space_id)
    _wishes(spaces).forget_before(week)
    transaction.commit()
    return count


def _remind(site, spaces, space_id: str, week: str) -> int:
    wishes, space = _wishes(spaces), spaces.get_space(space_id)
    if space is None:
        wishes.drop(space_id)
        return 0
    wish = wishes.get(space_id)
    if not is_open(space) or not space.email or wish.sent >= week:
        return 0
    kept = tuple(one for one in wish.weeks if one > week)
    wishes.put(space_id, replace(wish, sent=week, weeks=kept))
    subject, text = LETTER
    language, url = api.portal.get_default_language(), site.absolute_url()
    values = {"login_url": f"{url}/@@mon-espace", "site": site.Title(), "url": url}
    send_mail(
        site,
        space.email,
        translate(subject, target_language=language),
        translate(Message(text, mapping=values), target_language=language),
    )
    return 1
