"""The steps of the sign-up: which fields each has, and where one goes from it.

Nothing is stored before the last one is sent: each page carries what the other steps
hold. Plain values in, plain values out.
"""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import SERVICES
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from zope.i18nmessageid import Message


@dataclass(frozen=True)
class Step:
    """A page of the form; ``lists`` are the fields with several values."""

    id: str
    title: Message
    fields: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


WHO = Step(
    "qui",
    _("Who you are"),
    ("first_name", "last_name", "usage_name", "birth_date", "age_bracket", "email"),
)
WHERE = Step(
    "ou",
    _("Where you live"),
    ("address", "address_more", "postal_code", "town", "commune"),
)
CHOICES = Step(
    "choix",
    _("Services and news"),
    ("ages", "by_page", "by_email", "rhythm"),
    ("services", "publishers", "topics"),
)
NOTICE = Step("notice", _("Your data"), ("notice_version", "consent"))
SUMMARY = Step("resume", _("Check and send"), ("tell_inviter",))

STEPS = (WHO, WHERE, CHOICES, NOTICE, SUMMARY)
BY_ID = {step.id: step for step in STEPS}

_STEP_OF = {name: step for step in STEPS for name in (*step.fields, *step.lists)}


def step_of(field: str) -> Step:
    """Return the step that a field stands in."""
    return _STEP_OF[field]


def first_wrong(errors: Iterable[str], among: Collection[str]) -> Step | None:
    """Return the first step with an error, of those that were ``among`` the seen ones."""
    wrong = {step_of(name).id for name in errors}
    return next((s for s in STEPS if s.id in wrong and s.id in among), None)


def seen_steps(text: str) -> list[str]:
    """Read which steps were filled in, from what a page says of it."""
    named = text.split()[: len(STEPS) * 2]
    return [step.id for step in STEPS if step.id in named]


def after(step: Step, seen: Collection[str]) -> Step:
    """Return where « continue » leads: to the first step that was not seen yet."""
    return next((s for s in STEPS if s.id not in seen and s is not step), SUMMARY)


def before(step: Step) -> Step:
    """Return the step before, or the first one."""
    return STEPS[max(0, STEPS.index(step) - 1)]


def values_of(raw: Mapping, seen: Collection[str], topics: Collection[str]) -> dict:
    """Return the values of all fields: those that were sent, else the first choice.

    Boxes that nobody has seen yet are ticked as the form proposes.
    """
    values: dict = {}
    for step in STEPS:
        for name in step.fields:
            value = raw.get(name, "")
            values[name] = value if isinstance(value, str) else ""
            if isinstance(value, (list, tuple)):
                # Given several times: kept so that it is an error, not a guess.
                values[name] = list(as_list(value))
        for name in step.lists:
            values[name] = as_list(raw.get(name))
    if CHOICES.id not in seen:
        values |= {
            "services": list(SERVICES),
            "publishers": list(PUBLISHERS),
            "topics": list(topics),
            "by_page": "yes",
        }
    values["ages"] = values["ages"] or "mine"
    values["rhythm"] = values["rhythm"] or "weekly"
    return values


def hidden(values: Mapping, shown: Step) -> list[tuple[str, str]]:
    """Return name and value of what the page of a step carries for the other steps."""
    found = []
    for step in STEPS:
        if step is shown:
            continue
        for name in (*step.fields, *step.lists):
            value = values[name]
            each = [value] if isinstance(value, str) else value
            found += [(name, one) for one in each if one]
    return found
