"""What an administrator is told of an account, to help its citizen without seeing it.

States and days; no times, no devices, no addresses, nothing of the documents. Nothing
here opens a session or a vault.
"""

from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.dates import ZONE
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.journal.own_actions import LOG_IN
from civisdata.content.citizens.journal.own_actions import LOG_IN_FAILED
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.unlocking import is_locked
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from itertools import islice


DAY = 86400

#: Entries of the journal that are looked at for the last log-in.
LOOKED_AT = 500


@dataclass(frozen=True)
class AccountState:
    """``first_password``: one waits to be used, until ``first_until``; days, or None."""

    activated: date | None = None
    last_log_in: date | None = None
    failures_today: int = 0
    first_password: bool = False
    first_until: date | None = None
    first_is_over: bool = False
    suspended: bool = False
    documents_locked: bool = False
    second_factor: bool = False


def day_of(seconds: float) -> date:
    """Return the day in France of a time in seconds since 1970."""
    return datetime.fromtimestamp(seconds, ZONE).date()


def account_state(space: IPersonalSpace) -> AccountState | None:
    """Return the state of an account, None before there is one."""
    account = get_account(space)
    if account is None:
        return None
    last, failures = _log_ins(space)
    waits = account.first is not None
    active = account.activated is not None
    return AccountState(
        activated=day_of(account.activated) if active else None,
        last_log_in=last,
        failures_today=failures,
        first_password=waits,
        first_until=day_of(account.first_expires) if waits else None,
        first_is_over=waits and account.first_expires < clock.now(),
        suspended=account.disabled,
        documents_locked=active and is_locked(space),
        second_factor=bool(getattr(account, "second", None)),
    )


def _log_ins(space: IPersonalSpace) -> tuple[date | None, int]:
    """Return the day of the last log-in, and how many failed within a day."""
    since, failures = clock.now() - DAY, 0
    for entry in islice(get_journal(space).newest_first(), LOOKED_AT):
        if entry.action == LOG_IN:
            return day_of(entry.time), failures
        if entry.action == LOG_IN_FAILED and entry.time >= since:
            failures += int(entry.details.get("count", 1))
    return None, failures
