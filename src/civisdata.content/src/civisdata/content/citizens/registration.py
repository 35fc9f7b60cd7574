"""What a person tells when signing up (R7), and how it is checked.

Plain values in, plain values out: no request, no database. ``validate`` takes the form
as strings and lists of strings, and an ``Offer`` of what can be chosen.
"""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.checks import clean_line
from civisdata.content.checks import FieldError
from civisdata.content.checks import parse_birth_date
from civisdata.content.checks import parse_email
from civisdata.content.news.ages import age_on
from civisdata.content.news.ages import Ages
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from datetime import date
from zope.i18nmessageid import Message
import re


#: Youngest age at which one may sign up alone (loi Informatique et Libertés, art. 45).
YOUNGEST = 15

#: Value of the commune field for « I live elsewhere ».
ELSEWHERE = "elsewhere"

#: Publishers whose news can be chosen, id → title.
PUBLISHERS = {
    "commune": _("News of my commune"),
    "cub": _("News of the Communauté urbaine"),
}

#: Services that can be chosen, id → (title, what it is).
SERVICES = {
    "documents": (
        _("My documents"),
        _("Store your papers, encrypted, readable by you alone."),
    ),
    "news": (
        _("My news"),
        _("The news of your commune and of the Communauté urbaine, as you like them."),
    ),
}

#: Which ages' news are shown, id → title.
AGES = {
    "mine": _("Those for everybody and for my age"),
    "all": _("Those for all ages"),
}

#: Rhythm of news by e-mail, id → title.
RHYTHMS = {
    "at-once": _("At once"),
    "daily": _("Once a day"),
    "weekly": _("Once a week"),
}


@dataclass(frozen=True)
class CommuneChoice:
    """A commune as the form offers it."""

    name: str
    postal_codes: tuple[str, ...]
    participating: bool


@dataclass(frozen=True)
class Offer:
    """What can be chosen today: communes by slug, topics and brackets by id."""

    communes: Mapping[str, CommuneChoice]
    topics: Mapping[str, str]
    age_brackets: Mapping[str, str]
    today: date
    services: tuple[str, ...] = tuple(SERVICES)

    def communes_of_postal_code(self, postal_code: str) -> list[str]:
        """Return the slugs of the communes that have this postal code."""
        return [
            slug
            for slug, commune in self.communes.items()
            if postal_code in commune.postal_codes
        ]


@dataclass(frozen=True)
class Registration:
    """Registration data, all that an administrator may see of a citizen.

    Either ``birth_date`` (ISO) or ``age_bracket`` is set; ``commune`` is a slug.
    """

    first_name: str
    last_name: str
    usage_name: str
    address: str
    address_more: str
    postal_code: str
    town: str
    commune: str
    birth_date: str
    age_bracket: str
    email: str
    services: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    ages: str = "mine"
    by_page: bool = True
    by_email: bool = False
    rhythm: str = "weekly"

    @property
    def display_name(self) -> str:
        """The name one is addressed with: first name and usage name."""
        return f"{self.first_name} {self.usage_name or self.last_name}"

    @property
    def sortable_name(self) -> str:
        return f"{self.last_name} {self.first_name}"

    @property
    def mail_rhythm(self) -> str:
        """Id of the rhythm of news by e-mail; empty for who wishes none."""
        wanted = self.by_email and "news" in self.services and self.publishers
        return self.rhythm if wanted else ""

    def bracket_on(self, day: date, ages: Ages) -> str | None:
        """Return the id of the age bracket on ``day``, of those of a portal."""
        if self.birth_date:
            return ages.bracket_of(age_on(date.fromisoformat(self.birth_date), day))
        return ages.current(self.age_bracket)

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping) -> "Registration":
        """Make one of stored values; unknown names (of a later version) are left out."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass
class Checked:
    """Result of ``validate``: a registration, or errors by field."""

    registration: Registration | None = None
    errors: dict[str, Message] = field(default_factory=dict)
    suggestions: list[str] = field(default_factory=list)


class _Form:
    """Reads fields one after the other and keeps what is wrong with them."""

    def __init__(self, raw: Mapping) -> None:
        self.raw = raw
        self.errors: dict[str, Message] = {}

    def line(self, name: str, longest: int, missing: Message | None = None) -> str:
        try:
            value = clean_line(self.raw.get(name), longest)
        except FieldError as error:
            self.errors[name] = error.message
            return ""
        if not value and missing is not None:
            self.errors[name] = missing
        return value

    def chosen(self, name: str, known) -> tuple[str, ...]:
        return tuple(id for id in known if id in as_list(self.raw.get(name)))

    def one_of(self, name: str, known, default: str) -> str:
        value = self.raw.get(name)
        return value if isinstance(value, str) and value in known else default

    def flag(self, name: str) -> bool:
        return bool(as_list(self.raw.get(name)))


def validate(raw: Mapping, offer: Offer) -> Checked:
    """Check a filled-in form.

    ``raw`` maps field names to strings (or lists of them, for check boxes). All errors
    are found in one go, each by the name of its field, in the order of the form.
    """
    form = _Form(raw)
    values: dict = {
        "first_name": form.line("first_name", 80, _("Give your first name.")),
        "last_name": form.line("last_name", 80, _("Give your family name.")),
        "usage_name": form.line("usage_name", 80),
    }
    values["birth_date"], values["age_bracket"] = _age(form, offer)
    values["email"] = _email(form)
    values["address"] = form.line(
        "address", 120, _("Give the number and name of your street.")
    )
    values["address_more"] = form.line("address_more", 120)
    values["postal_code"] = _postal_code(form)
    values["town"] = form.line("town", 80, _("Give the town of your address."))
    checked = Checked(errors=form.errors)
    values["commune"] = _commune(form, offer, values["postal_code"], checked)
    values.update(_choices(form, offer))
    if not form.errors:
        checked.registration = Registration(**values)
    return checked


def _age(form: _Form, offer: Offer) -> tuple[str, str]:
    typed = form.line("birth_date", 40)
    bracket = form.one_of("age_bracket", offer.age_brackets, "")
    if "birth_date" in form.errors:
        return "", bracket
    if not typed:
        if not bracket:
            form.errors["birth_date"] = _(
                "Give your date of birth, or choose your age bracket below."
            )
        return "", bracket
    try:
        born = parse_birth_date(typed, offer.today)
    except FieldError as error:
        form.errors["birth_date"] = error.message
        return "", bracket
    if age_on(born, offer.today) < YOUNGEST:
        form.errors["birth_date"] = _(
            "One can sign up alone from the age of ${age}. Before that, please come to "
            "your mairie with a parent.",
            mapping={"age": YOUNGEST},
        )
        return "", bracket
    return born.isoformat(), ""


def _email(form: _Form) -> str:
    try:
        return parse_email(form.raw.get("email"))
    except FieldError as error:
        form.errors["email"] = error.message
        return ""


def _postal_code(form: _Form) -> str:
    code = form.line("postal_code", 12, _("Give your postal code.")).replace(" ", "")
    if "postal_code" not in form.errors and not re.fullmatch(r"[0-9]{5}", code):
        form.errors["postal_code"] = _("A postal code has five digits, such as 33000.")
    return code


def _commune(form: _Form, offer: Offer, postal_code: str, checked: Checked) -> str:
    slug = form.raw.get("commune")
    slug = slug if isinstance(slug, str) else ""
    if slug == ELSEWHERE:
        form.errors["commune"] = _(
            "Civis Data is for the inhabitants of the Communauté urbaine. If you live "
            "elsewhere, ask your own commune for its services."
        )
        return ""
    commune = offer.communes.get(slug)
    if commune is None:
        near = offer.communes_of_postal_code(postal_code)
        checked.suggestions = [s for s in near if offer.communes[s].participating]
        form.errors["commune"] = _missing_commune(offer, near)
        return ""
    if not commune.participating:
        form.errors["commune"] = _(
            "${commune} does not take part in Civis Data yet, so its inhabitants can't "
            "sign up for now. Your mairie can tell you when it joins.",
            mapping={"commune": commune.name},
        )
        return ""
    return slug


def _missing_commune(offer: Offer, near: list[str]) -> Message:
    if not near:
        return _("Choose the commune that you live in.")
    return _(
        "Choose the commune that you live in. With your postal code it may be: "
        "${communes}.",
        mapping={"communes": ", ".join(offer.communes[slug].name for slug in near)},
    )


def _choices(form: _Form, offer: Offer) -> dict:
    by_page = form.flag("by_page")
    by_email = form.flag("by_email")
    return {
        "services": form.chosen("services", offer.services),
        "publishers": form.chosen("publishers", PUBLISHERS),
        "topics": form.chosen("topics", offer.topics),
        "ages": form.one_of("ages", AGES, "mine"),
        "by_page": by_page,
        "by_email": by_email,
        "rhythm": form.one_of("rhythm", RHYTHMS, "weekly"),
    }
