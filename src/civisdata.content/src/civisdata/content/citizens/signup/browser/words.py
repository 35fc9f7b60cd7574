"""What the pages of the sign-up say: labels, limits, the summary of answers."""

from civisdata.content import _
from civisdata.content.checks import parse_birth_date
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.citizens.signup import steps
from civisdata.content.citizens.signup.taking import Limit
from civisdata.content.news.dates import long_date
from datetime import datetime
from plone import api
from zope.i18nmessageid import Message


#: Fields by the label that the summary of errors uses, in the order of the form.
LABELS = {
    "first_name": _("First name"),
    "last_name": _("Family name"),
    "usage_name": _("Name in use, if it is another"),
    "birth_date": _("Date of birth"),
    "age_bracket": _("Age bracket"),
    "email": _("E-mail address"),
    "address": _("Number and street"),
    "address_more": _("Building, floor, care of"),
    "postal_code": _("Postal code"),
    "town": _("Town"),
    "commune": _("Commune of residence"),
    "consent": _("Information notice"),
}

#: Why a sign-up has to wait, or to come in another way.
LIMITS = {
    Limit.NETWORK: _(
        "Many people have signed up from your network within this hour. Please send the "
        "form again in an hour; nothing is wrong with it."
    ),
    Limit.CROWD: _(
        "Very many requests are arriving at the moment, and your browser could not do "
        "the small computation that tells them from robots. Please send the form again "
        "in a while; nothing of it is lost as long as this page stays open."
    ),
}


def _yes(value: object) -> Message:
    return _("Yes") if value else _("No")


def _who(person: Registration, offer: Offer) -> list[tuple]:
    age = offer.age_brackets.get(person.age_bracket, "")
    if person.birth_date:
        born = parse_birth_date(person.birth_date, offer.today)
        age = long_date(datetime(born.year, born.month, born.day))
    return [
        (LABELS["first_name"], person.first_name),
        (LABELS["last_name"], person.last_name),
        (_("Name in use"), person.usage_name),
        (LABELS["birth_date"] if person.birth_date else LABELS["age_bracket"], age),
        (LABELS["email"], person.email),
    ]


def _where(person: Registration, offer: Offer) -> list[tuple]:
    return [
        (_("Address"), ", ".join(filter(None, (person.address, person.address_more)))),
        (LABELS["town"], f"{person.postal_code} {person.town}"),
        (_("Commune"), offer.communes[person.commune].name),
    ]


def _choices(person: Registration, offer: Offer) -> list[tuple]:
    rows = [
        (_("Services"), [SERVICES[id][0] for id in person.services]),
        (_("News"), [PUBLISHERS[id] for id in person.publishers]),
    ]
    if person.publishers:
        rows += [
            (_("Topics"), [offer.topics[id] for id in person.topics]),
            (_("Ages"), AGES[person.ages]),
            (_("In the space"), _yes(person.by_page)),
            (
                _("By e-mail"),
                RHYTHMS[person.rhythm] if person.by_email else _("No"),
            ),
        ]
    return [(label, value or _("None")) for label, value in rows]


def summary(person: Registration | None, offer: Offer) -> list[dict]:
    """Return the answers by step: ``step`` and rows of ``label`` and ``value``."""
    if person is None:
        return []
    parts = (
        (steps.WHO, _who(person, offer)),
        (steps.WHERE, _where(person, offer)),
        (steps.CHOICES, _choices(person, offer)),
        (steps.NOTICE, [(LABELS["consent"], _("Read and accepted"))]),
    )
    return [
        {
            "step": step,
            "rows": [
                {"label": label, "value": _words(value)}
                for label, value in rows
                if value
            ],
        }
        for step, rows in parts
    ]


def _words(value) -> str:
    """Return one text, or several with commas, in the visitor's language."""
    each = value if isinstance(value, list) else [value]
    return ", ".join(
        api.portal.translate(text) if isinstance(text, Message) else text
        for text in each
    )
