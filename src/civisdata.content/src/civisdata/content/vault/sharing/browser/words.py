"""States, reasons and dates of shares in words."""

from civisdata.content import _
from civisdata.content.citizens.dates import ZONE
from civisdata.content.news.dates import long_date
from civisdata.content.vault.sharing.storage import ACCEPTED
from civisdata.content.vault.sharing.storage import ENDED
from civisdata.content.vault.sharing.storage import LEFT
from civisdata.content.vault.sharing.storage import OFFERED
from civisdata.content.vault.sharing.storage import REFUSED
from datetime import datetime


#: State of a share → what its owner reads.
STATES = {
    OFFERED: _("Awaiting an answer"),
    ACCEPTED: _("Accepted by this person"),
    REFUSED: _("Refused by this person"),
    LEFT: _("Given back by this person"),
    ENDED: _("Share ended"),
}

#: Reason of ``errors.Refused`` → what the owner is told.
NOT_OFFERED = {
    "nobody": _("Say with whom: a log-in name or a standard address of the portal."),
    "self": _("This is your own log-in name: these documents are yours already."),
    "again": _("You already share this with the same person."),
    "rights": _("Others can add documents to a folder only, not to a document."),
    "until": _("The end date has to lie in the future."),
    "date": _("Write the end date as day, month and year, for example 31/12/2027."),
    "message": _("Your message is too long: 500 characters at most."),
    "fingerprint": _(
        "Nothing was sent: this fingerprint could not be confirmed. Check the log-in "
        "name and the fingerprint with the person, for example by telephone."
    ),
    "shares": _("You have as many shares as there can be. Stop some first."),
    "offers": _("Too many of your offers are waiting for an answer. Stop some first."),
    "daily": _("You have made many offers since yesterday. Go on tomorrow."),
    "item": _("Choose a document or a folder."),
}


def day_text(seconds: float, language: str = "fr") -> str:
    """Write a day, such as « 31 décembre 2027 »."""
    return long_date(datetime.fromtimestamp(seconds, ZONE), language)


def last_day(until: int, language: str = "fr") -> str:
    """Write the last day of a share that ends at ``until``; empty for no end."""
    return day_text(until - 1, language) if until else ""


NO_ROOM = _("There is not enough free space in the owner’s vault.")
TOO_MANY_WAIT = _(
    "Many documents wait already until the owner of the folder looks at them. Add more "
    "of them later."
)
