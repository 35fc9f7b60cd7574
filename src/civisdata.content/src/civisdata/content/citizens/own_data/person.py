"""Name, address and birth date: what a citizen changes of the own registration.

Plain values in; the checks are those of the sign-up. What isn't asked for here can't be
changed here, whatever a form sends along.
"""

from civisdata.content.citizens.journal import note
from civisdata.content.citizens.own_data.noted import DATA_CHANGED
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import validate
from civisdata.content.citizens.registrations import change_by_citizen
from civisdata.content.citizens.registrations import registration_of
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zope.i18nmessageid import Message


NAMES = ("first_name", "last_name", "usage_name")
AGE = ("birth_date", "age_bracket")
ADDRESS = ("address", "address_more", "postal_code", "town")
FIELDS = (*NAMES, *AGE, *ADDRESS)


class WrongFields(ValueError):
    """What was typed can't be taken; ``errors`` says why, by field."""

    def __init__(self, errors: dict[str, Message]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def checked(
    before: Registration, raw: Mapping[str, Any], offer: Offer, names: Sequence[str]
) -> Registration:
    """Return a registration with the fields ``names`` taken from a form; WrongFields.

    What isn't among ``names`` is as before, and isn't judged again.
    """
    typed = {**_as_form(before), **{name: raw.get(name) for name in names}}
    if not set(AGE) & set(names):
        # A bracket may have been retired meanwhile: not asked here.
        typed["birth_date"] = "1980-01-01"
    result = validate(typed, _lenient(offer, before, names))
    errors = {name: result.errors[name] for name in result.errors if name in names}
    if errors:
        raise WrongFields(errors)
    if result.registration is None:
        raise WrongFields(result.errors)
    values = {name: getattr(result.registration, name) for name in names}
    return replace(before, **values)


def _as_form(person: Registration) -> dict[str, Any]:
    """Return a registration as the form would send it."""
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in person.to_dict().items()
    }
    for name in ("by_page", "by_email"):
        values[name] = "yes" if values[name] else ""
    return values


def _lenient(offer: Offer, before: Registration, names: Sequence[str]) -> Offer:
    """Let the own commune pass, though it may have left meanwhile."""
    own = offer.communes.get(before.commune)
    if "commune" in names or own is None or own.participating:
        return offer
    communes = {**offer.communes, before.commune: replace(own, participating=True)}
    return replace(offer, communes=communes)


def change_person(space: Any, raw: Mapping[str, Any], offer: Offer) -> bool:
    """Take over name, birth date and address; say whether anything changed.

    WrongFields; nothing is changed then.
    """
    before = registration_of(space)
    after = checked(before, raw, offer, FIELDS)
    changed = {
        name: getattr(after, name)
        for name in FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    if not changed:
        return False
    change_by_citizen(space, "data", **changed)
    note(space, DATA_CHANGED)
    return True
