"""The form of a mairie: what agents typed, as values of the commune or as errors.

Everything is text until it is checked, so that the form can show it again as it was
typed. Nothing here looks at a request or at the database.
"""

from civisdata.content import _
from civisdata.content.territory import hours
from civisdata.content.territory import rules
from civisdata.content.territory.hours_text import parse
from civisdata.content.territory.hours_text import typed_text
from civisdata.content.territory.services import LONGEST
from civisdata.content.territory.services import MOST_SERVICES
from civisdata.content.territory.services import services_to_json
from civisdata.content.territory.services import TownService
from civisdata.theme.charter import Charter
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from itertools import pairwise
from zope.i18nmessageid import Message
from zope.schema import ValidationError


WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

#: Fields of one line each, with the rule that they follow and their longest text.
TEXTS = {
    "address": (rules.is_text, 300),
    "phone": (rules.is_phone, 30),
    "email": (rules.is_email, 255),
    "website": (rules.is_https, rules.LONGEST_URL),
    "colour_main": (rules.is_colour, 7),
    "colour_second": (rules.is_colour, 7),
}

SPECIAL_FIELDS = ("from", "to", "hours", "label")
SERVICE_FIELDS = tuple(LONGEST)

HOURS_REASONS = {
    "form": _("These hours can't be read. Write them like 8h30-12h30, 13h30-17h."),
    "order": _("A span ends before it begins."),
    "overlap": _("Two spans overlap."),
}

TOO_LONG = _("This text is too long.")
TOO_MANY = _("There are too many lines.")
BAD_DATE = _("This date does not exist. Write it like 2026-12-24.")
NAMES = {"primary": _("Main colour"), "river": _("Second colour")}


@dataclass
class Form:
    """What was typed, what is wrong with it (by field), and what it means."""

    texts: dict[str, str] = field(default_factory=dict)
    specials: list[dict[str, str]] = field(default_factory=list)
    services: list[dict[str, str]] = field(default_factory=list)
    closed_on_holidays: bool = True
    errors: dict[str, Message] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)


def typed_of(commune) -> Form:
    """Return the form as it stands for what is stored."""
    known = hours.from_json(commune.opening_hours)
    texts = {name: getattr(commune, name) or "" for name in TEXTS}
    for name in ("latitude", "longitude"):
        value = getattr(commune, name)
        texts[name] = "" if value is None else f"{value:g}".replace(".", ",")
    texts |= {f"day-{n}": typed_text(day) for n, day in enumerate(known.week)}
    return Form(
        texts=texts,
        specials=[
            {
                "from": special.first.isoformat(),
                "to": special.last.isoformat(),
                "hours": typed_text(special.spans),
                "label": special.label,
            }
            for special in known.exceptions
        ],
        services=[
            {name: service.get(name, "") for name in SERVICE_FIELDS}
            for service in commune.services or ()
        ],
        closed_on_holidays=known.closed_on_holidays,
    )


def read(raw: Mapping[str, object], base: Charter) -> Form:
    """Return the form that was sent; ``values`` count only where ``errors`` is empty.

    ``base`` is the portal's charter: the colours are read on its grounds.
    """
    form = Form(closed_on_holidays=raw.get("holidays") != "open")
    for name, (rule, longest) in TEXTS.items():
        text = _typed(raw, name)
        form.texts[name] = text
        form.values[name] = text or None
        if text:
            _apply(form, name, rule, text, longest)
    _coordinates(form, raw)
    _colours(form, base)
    _hours(form, raw)
    _services(form, raw)
    return form


def _typed(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name, "")
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""


def _apply(form: Form, name: str, rule, text: str, longest: int) -> None:
    if len(text) > longest:
        form.errors[name] = TOO_LONG
        return
    try:
        rule(text)
    except ValidationError as error:
        form.errors[name] = error.doc()


def _coordinates(form: Form, raw: Mapping[str, object]) -> None:
    for name, limit in (("latitude", 90), ("longitude", 180)):
        text = form.texts[name] = _typed(raw, name)
        form.values[name] = None
        if not text:
            continue
        try:
            value = float(text.replace(",", ".")) if len(text) < 25 else None
        except ValueError:
            value = None
        if value is None or not -limit <= value <= limit:
            form.errors[name] = _("A number such as 44,8378 is needed.")
        else:
            form.values[name] = value
    given = [bool(form.texts[name]) for name in ("latitude", "longitude")]
    if any(given) and not all(given):
        missing = "longitude" if given[0] else "latitude"
        form.errors.setdefault(missing, _("Give both coordinates, or none."))


def _colours(form: Form, base: Charter) -> None:
    main, second = form.values["colour_main"], form.values["colour_second"]
    if "colour_main" in form.errors or "colour_second" in form.errors:
        return
    for short in rules.too_pale(base, main, second):
        name = "colour_main" if short.colour == "primary" else "colour_second"
        form.errors.setdefault(
            name,
            _(
                "Too pale: contrast ${ratio} to 1 on the pages' ground; at least "
                "${wanted} to 1 is needed to be read by all.",
                mapping={
                    "ratio": rules.ratio_text(short.ratio),
                    "wanted": rules.ratio_text(short.wanted),
                },
            ),
        )


def _spans(form: Form, name: str, text: str) -> tuple[hours.Span, ...]:
    try:
        return parse(text)
    except hours.HoursError as error:
        form.errors[name] = HOURS_REASONS[error.reason]
        return ()


def _hours(form: Form, raw: Mapping[str, object]) -> None:
    week = []
    for number in range(7):
        name = f"day-{number}"
        form.texts[name] = _typed(raw, name)
        week.append(_spans(form, name, form.texts[name]))
    form.specials = _rows(form, raw, "special", SPECIAL_FIELDS, hours.MOST_EXCEPTIONS)
    specials = []
    for number, row in enumerate(form.specials):
        special = _special(form, number, row)
        if special is not None:
            specials.append((number, special))
    _shared_days(form, specials)
    form.values["opening_hours"] = hours.to_json(
        hours.Hours(
            tuple(week),
            tuple(
                sorted((one for _n, one in specials), key=lambda special: special.first)
            ),
            form.closed_on_holidays,
        )
    )


def _special(form: Form, number: int, row: dict[str, str]) -> hours.Special | None:
    name = f"special-{number}"
    first = _date(form, f"{name}-from", row["from"])
    last = _date(form, f"{name}-to", row["to"]) if row["to"] else first
    spans = _spans(form, f"{name}-hours", row["hours"])
    if len(row["label"]) > hours.LONGEST_LABEL:
        form.errors[f"{name}-label"] = TOO_LONG
    else:
        _apply(form, f"{name}-label", rules.is_text, row["label"], hours.LONGEST_LABEL)
    if first is None or last is None:
        return None
    if last < first:
        form.errors[f"{name}-to"] = _("The last day is before the first one.")
        return None
    return hours.Special(first, last, row["label"], spans)


def _shared_days(form: Form, specials: list[tuple[int, hours.Special]]) -> None:
    ordered = sorted(specials, key=lambda row: row[1].first)
    for (_one, before), (number, after) in pairwise(ordered):
        if after.first <= before.last:
            form.errors.setdefault(
                f"special-{number}-from",
                _("These days stand in another line already."),
            )


def _date(form: Form, name: str, text: str) -> date | None:
    """Read « 2026-12-24 », as browsers send it, or « 24/12/2026 »."""
    day, _slash, rest = text.partition("/")
    month, _slash, year = rest.partition("/")
    if year:
        text = f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        form.errors[name] = BAD_DATE
        return None
    return found


def _services(form: Form, raw: Mapping[str, object]) -> None:
    form.services = _rows(form, raw, "service", SERVICE_FIELDS, MOST_SERVICES)
    found = []
    for number, row in enumerate(form.services):
        name = f"service-{number}"
        if not row["name"]:
            form.errors[f"{name}-name"] = _("Give the name of the service.")
        for part, rule in (
            ("name", rules.is_text),
            ("hours", rules.is_text),
            ("phone", rules.is_phone),
            ("link", rules.is_https),
        ):
            if row[part]:
                _apply(form, f"{name}-{part}", rule, row[part], LONGEST[part])
        found.append(TownService(**row))
    form.values["services"] = services_to_json(found)


def _rows(
    form: Form, raw: Mapping[str, object], kind: str, names: tuple[str, ...], most: int
) -> list[dict[str, str]]:
    """Return the lines in which something was typed."""
    rows = []
    for number in range(most + 10):
        row = {name: _typed(raw, f"{kind}-{number}-{name}") for name in names}
        if any(row.values()):
            rows.append(row)
    if len(rows) > most:
        form.errors[f"{kind}s"] = TOO_MANY
    return rows[:most]
