"""An identity that an agent confirms at the counter (R42).

Kept are: who confirmed it, for which administration, when, and the kind of paper seen; of
the paper neither a copy nor a number. What was confirmed is the names and the date of
birth as they stood then: when these change, the confirmation no longer counts.
"""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import clock
from civisdata.content.citizens import registrations
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.registration import Registration
from dataclasses import asdict
from dataclasses import dataclass
from hashlib import sha256


#: Kinds of papers with a photograph, id → title.
PAPERS = {
    "identity-card": _("Identity card"),
    "passport": _("Passport"),
    "residence-permit": _("Residence permit"),
    "driving-licence": _("Driving licence"),
    "other": _("Another official paper with a photograph"),
}

#: Levels of a registration.
DECLARED, CONFIRMED = "declared", "confirmed"

#: States in which one comes to the counter.
STATES = frozenset({"pending", "accepted", "suspended"})

CONFIRMED_LETTER = (
    _("Your identity has been confirmed"),
    _(
        """Hello,

Your identity has been confirmed at the counter: ${publisher}, ${moment}. No copy of
your paper was kept, nor its number.

If you did not go to the counter, write to us at once.

${site}
${url}
"""
    ),
)

WITHDRAWN_LETTER = (
    _("The confirmation of your identity has been withdrawn"),
    _(
        """Hello,

The confirmation of your identity at the counter has been withdrawn: ${publisher},
${moment}. Your space stays open, and your documents are not touched.

If you wish it to be confirmed again, come to the counter with your paper.

${site}
${url}
"""
    ),
)


@dataclass(frozen=True)
class Confirmation:
    """``publisher`` is « cub » or a commune's slug, ``person`` a hash of what was seen."""

    at: float
    actor: str
    publisher: str
    paper: str
    person: str


class NoConfirmation(ValueError):
    """The paper is of no known kind, or the person was not born yet for the portal."""


def confirmation_of(space: IPersonalSpace) -> Confirmation | None:
    """Return the confirmation as it was given, even where it counts no more."""
    stored = space._identity
    return None if stored is None else Confirmation(**stored)


def level_of(space: IPersonalSpace) -> Confirmation | None:
    """Return the confirmation that counts today, or None."""
    found = confirmation_of(space)
    if found is None or found.person != _digest(registrations.registration_of(space)):
        return None
    return found


def confirm(
    space: IPersonalSpace, paper: str, actor: str, publisher: str, publisher_name: str
) -> None:
    """Confirm the identity; the citizen reads it in the journal and by mail.

    Raises NotPossible in a state in which one has no space, NoConfirmation for an
    unknown kind of paper.
    """
    if paper not in PAPERS:
        raise NoConfirmation("paper")
    if registrations.state_of(space) not in STATES:
        raise registrations.NotPossible("identity")
    person = _digest(registrations.registration_of(space))
    found = Confirmation(clock.now(), actor, publisher, paper, person)
    space._identity = asdict(found)
    registrations.write_line(
        space, "confirm_identity", actor, paper, publisher=publisher
    )
    _tell(space, CONFIRMED_LETTER, publisher_name)


def withdraw(
    space: IPersonalSpace,
    reason: str,
    actor: str,
    publisher: str,
    publisher_name: str,
) -> None:
    """Withdraw a confirmation, for a reason that the history keeps; NotPossible."""
    if confirmation_of(space) is None:
        raise registrations.NotPossible("identity")
    reason = registrations.checked_reason(reason)
    space._identity = None
    registrations.write_line(
        space, "withdraw_identity", actor, reason, publisher=publisher
    )
    _tell(space, WITHDRAWN_LETTER, publisher_name)


def _tell(space: IPersonalSpace, letter, publisher_name: str) -> None:
    account_mail.write(
        space,
        letter,
        publisher=publisher_name,
        moment=written_moment(clock.now()),
    )


def _digest(person: Registration) -> str:
    """Return a hash of what a paper shows; salted by nothing, as it stands beside it."""
    seen = (person.first_name, person.last_name, person.birth_date)
    return sha256("\0".join(seen).encode()).hexdigest()
