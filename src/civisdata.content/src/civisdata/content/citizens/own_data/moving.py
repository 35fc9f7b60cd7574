"""Moving to another commune of the urban community: documents stay where they are.

What follows: agents of the former commune no longer see the registration, those of the
new one do; the consent to deposits of the former commune ends; « my commune » in the news
means the new one. Everything else stays: documents, shares, other consents, and copies
that were given to the former commune until their day, as its procedures may go on.
"""

from civisdata.content.citizens import consents
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.own_data.noted import MOVED
from civisdata.content.citizens.own_data.person import ADDRESS
from civisdata.content.citizens.own_data.person import checked
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import change_by_citizen
from civisdata.content.citizens.registrations import NotPossible
from civisdata.content.citizens.registrations import registration_of
from collections.abc import Mapping
from typing import Any


#: How the consent to a former commune ended.
CHANNEL = "moving"


def planned(space: Any, raw: Mapping[str, Any], offer: Offer) -> Registration:
    """Return the registration as it would be after the move; WrongFields."""
    return checked(registration_of(space), raw, offer, (*ADDRESS, "commune"))


def ends_consent(space: Any) -> bool:
    """Say whether the consent to the present commune would end with a move."""
    return consents.may_deposit(space, registration_of(space).commune)


def move(space: Any, raw: Mapping[str, Any], offer: Offer) -> tuple[str, str]:
    """Move to the commune and address of a form; return the former and the new one.

    WrongFields; NotPossible where it is the same commune.
    """
    before, after = registration_of(space), planned(space, raw, offer)
    if after.commune == before.commune:
        raise NotPossible("the same commune")
    values = {name: getattr(after, name) for name in (*ADDRESS, "commune")}
    consents.withdraw(space, before.commune, CHANNEL, noted=False)
    change_by_citizen(space, "move", f"{before.commune} → {after.commune}", **values)
    note(space, MOVED)
    return before.commune, after.commune
