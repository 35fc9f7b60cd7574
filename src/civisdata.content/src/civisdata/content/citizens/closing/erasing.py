"""Erasing closed spaces, once their grace is over: steps that can be done again.

Each step is a transaction of its own, and the next run goes on after the last one that
was committed:

1. the id goes on the list outside the database, the counts of the receipt are noted; then
   all keys are dropped, with them everything that was sealed is lost for good;
2. each room erases what it holds of the space, inside it and elsewhere;
3. the space itself goes, its catalog entries, log-in name and address; the receipt is kept
   and sent with the commit.
"""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.closing import life
from civisdata.content.citizens.closing.counting import counts_of
from civisdata.content.citizens.closing.erased import erased_ids
from civisdata.content.citizens.closing.erased import note_erased
from civisdata.content.citizens.closing.letters import ERASED
from civisdata.content.citizens.closing.receipts import keep_receipt
from civisdata.content.citizens.closing.receipts import new_number
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.dates import ZONE
from civisdata.content.citizens.events import SpaceErased
from civisdata.content.citizens.journal import attempts
from civisdata.content.citizens.letters import written
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from civisdata.content.mail import send_mail
from civisdata.content.tasks import Progress
from civisdata.content.tasks import TemporaryError
from dataclasses import replace
from datetime import datetime
from plone import api
from typing import Any
from zope.event import notify
import logging
import transaction


logger = logging.getLogger("civisdata.citizens")

TITLE = _("Erasure of closed spaces")

#: For how long the receipt is tried to be sent; then the space goes without it.
TRIED_SECONDS = 7 * life.DAY


def erase_closed_spaces(site: Any, progress: Progress) -> None:
    """Erase what is due, and what a restored backup has brought back.

    TemporaryError where a receipt couldn't be sent: keys and documents are gone then,
    and the rest goes with the next run.
    """
    spaces, waiting = get_spaces(site), False
    ids = [*_brought_back(spaces), *life.due_ids(spaces, clock.now())]
    for done, space_id in enumerate(dict.fromkeys(ids), start=1):
        waiting |= not erase(site, spaces, space_id)
        progress(done, len(ids))
    if waiting:
        raise TemporaryError("a receipt can't be sent")


def _brought_back(spaces: Any) -> list[str]:
    """Return the erased spaces that are there again."""
    return [id for id in erased_ids() if spaces.get_space(id) is not None]


def erase(site: Any, spaces: Any, space_id: str) -> bool:
    """Erase a space, from where a former run was cut off; commits.

    False where everything is gone but what the receipt needs, which can't be sent yet.
    """
    space = spaces.get_space(space_id)
    if space is None:
        life.forget(spaces, space_id)
        transaction.commit()
        return True
    _drop_keys(space)
    transaction.commit()
    notify(SpaceErased(space))
    transaction.commit()
    try:
        _remove(site, spaces, space)
        transaction.commit()
    except MailNotSent:
        transaction.abort()
        closing = life.closing_of(spaces.get_space(space_id))
        if clock.now() < closing.due + TRIED_SECONDS:
            return False
        logger.error("a space was erased without its receipt being sent")
        _remove(site, spaces, spaces.get_space(space_id), with_mail=False)
        transaction.commit()
    return True


def _drop_keys(space: Any) -> None:
    """Put the space on the list, note what the receipt says, and drop all keys."""
    closing, now = life.closing_of(space), clock.now()
    if closing is None:
        # Brought back by a backup: its citizen was told when it was erased.
        closing = life.Closing(now, now, life.ADMINISTRATION, told=False)
    note_erased(space.getId(), _day(now))
    if not closing.begun:
        closing = replace(
            closing,
            begun=True,
            number=new_number(),
            counts=counts_of(space),
            # Before its time: a backup has brought back what was erased already.
            told=closing.told and closing.due <= now,
        )
    if get_account(space) is not None:
        _empty(get_account(space))
    space._account = Account()
    life.keep(space, closing)
    session_service().end_all(space.getId())


def _empty(account: Account) -> None:
    """Drop all that opens something, also from the record that the space lets go."""
    account.first = account.password = account.previous = None
    account.recovery = account.pending = account.public = None
    account.renewal = account.reset_hash = account.second = None
    account._history = ()


def _remove(site: Any, spaces: Any, space: Any, with_mail: bool = True) -> None:
    closing, space_id = life.closing_of(space), space.getId()
    day = _day(clock.now())
    keep_receipt(site, spaces, closing.number, day, closing.counts)
    if with_mail and closing.told and space.email:
        _send_receipt(site, space, closing, day)
    if space.login:
        attempts.forget(space.login)
    life.forget(spaces, space_id)
    spaces.delete_space(space_id)


def _send_receipt(site: Any, space: Any, closing: life.Closing, day: str) -> None:
    shown = datetime.fromisoformat(day).strftime("%d/%m/%Y")
    counts = {name: str(count) for name, count in closing.counts.items()}
    subject, text = written(
        ERASED,
        api.portal.get_default_language(),
        day=shown,
        number=closing.number,
        site=site.Title(),
        url=site.absolute_url(),
        **counts,
    )
    try:
        send_mail(site, space.email, subject, text)
    except ValueError:
        logger.error("a receipt has an address that can't be written to")


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, ZONE).date().isoformat()
