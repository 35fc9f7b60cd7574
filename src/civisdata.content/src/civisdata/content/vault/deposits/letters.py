"""The messages that tell a citizen of deposits: not from whom, not what.

The first is written at once; those of the next hours are told together, in a letter
that says how many there are. A batch of thousand lines for one person makes two letters.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.account_mail import write
from civisdata.content.citizens.registrations import is_open
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.deposits.arrivals import ensure_arrivals
from civisdata.content.vault.deposits.arrivals import get_arrivals
import transaction


#: Seconds between two letters to one citizen.
PAUSE = 3 * 3600
_ATTRIBUTE = "_civisdata_untold_deposits"

ARRIVED = (
    _("A document awaits you in your space"),
    _(
        """Hello,

An administration that you have allowed to do so has put a document into your space. Log
in to read it: ${link}

For your safety, this message does not say which document it is, and from whom. You may
withdraw your consent at any time, in your space, under « Who may deposit documents ».

${site}
${url}
"""
    ),
)

SEVERAL = (
    _("Documents await you in your space"),
    _(
        """Hello,

Documents deposited in your space since our last message, which you have not seen yet:
${count}. Log in to read them: ${link}

For your safety, this message does not say which documents they are, and from whom. You
may withdraw your consents at any time, in your space, under « Who may deposit
documents ».

${site}
${url}
"""
    ),
)


def announce(site, space) -> None:
    """Tell the citizen once the transaction is committed, or have it told later."""
    arrivals, now = ensure_arrivals(space), clock.now()
    if now < arrivals.told_at + PAUSE:
        untold, space_id = _ensure_untold(site), space.getId()
        untold[space_id] = untold.get(space_id, 0) + 1
        return
    arrivals.told_at = now
    before = _untold(site).pop(space.getId(), 0)
    if before:
        _write_several(space, before + 1)
    else:
        write(space, ARRIVED, page="@@login")


def _write_several(space, untold: int) -> None:
    """Tell of so many deposits, but for those that were seen meanwhile."""
    count = min(untold, len(get_arrivals(space).waiting))
    write(space, SEVERAL, page="@@login", count=str(count))


def _untold(site) -> OOBTree:
    found = getattr(aq_base(site), _ATTRIBUTE, None)
    return OOBTree() if found is None else found


def _ensure_untold(site) -> OOBTree:
    """Give how many deposits each space is still to be told of, by its id."""
    found = getattr(aq_base(site), _ATTRIBUTE, None)
    if found is None:
        found = OOBTree()
        setattr(aq_base(site), _ATTRIBUTE, found)
    return found


def forget_untold(site, space_id: str) -> None:
    """Tell a space of nothing any more."""
    _untold(site).pop(space_id, None)


def tell_what_waits(site) -> int:
    """Write the letters of those whose pause is over; give how many.

    Each is a transaction of its own. Nobody is told of what they have seen meanwhile.
    """
    count = 0
    for space_id in list(_untold(site)):
        count += _tell(site, space_id)
        transaction.commit()
    return count


def _tell(site, space_id: str) -> int:
    untold = _untold(site)
    space = get_spaces(site).get_space(space_id)
    waiting = 0 if space is None else len(get_arrivals(space).waiting)
    if not waiting or not is_open(space):
        untold.pop(space_id, None)
        return 0
    arrivals, now = get_arrivals(space), clock.now()
    if now < arrivals.told_at + PAUSE:
        return 0
    arrivals.told_at = now
    _write_several(space, untold.pop(space_id))
    return 1
