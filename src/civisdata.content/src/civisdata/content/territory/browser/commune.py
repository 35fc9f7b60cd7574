"""What the page of a commune shows of its mairie; its style sheet and its logo."""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.content.territory import rules
from civisdata.content.territory.hours import Day
from civisdata.content.territory.hours import from_json
from civisdata.content.territory.hours import Hours
from civisdata.content.territory.hours import HoursError
from civisdata.content.territory.hours import PARIS
from civisdata.content.territory.hours import Special
from civisdata.content.territory.hours_text import spans_text
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.mairie import WEEKDAYS
from civisdata.content.territory.names import of
from civisdata.content.territory.schema_org import as_script
from civisdata.content.territory.schema_org import city_hall
from civisdata.content.territory.words import state_text
from civisdata.theme.browser.charter import current
from civisdata.theme.browser.charter import FOR_LONG
from civisdata.theme.charter import Charter
from civisdata.theme.charter import style_sheet
from civisdata.theme.colours import HEX
from civisdata.theme.logo import LogoError
from civisdata.theme.logo import media_type
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from plone import api
from Products.Five import BrowserView
from zExceptions import NotFound
from zope.i18nmessageid import Message


EDIT = "civisdata.content: Edit mairie"

#: A logo is a picture and nothing else, whatever it holds.
PICTURE_ONLY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _version(data: bytes) -> str:
    return sha256(data).hexdigest()[:10]


def commune_css(commune) -> str:
    """Return the custom properties that a commune's colours change; may be empty."""
    base = current()
    main, second = (
        colour if colour and HEX.match(colour) else None
        for colour in (commune.colour_main, commune.colour_second)
    )
    if not (main or second) or rules.too_pale(base, main, second):
        return ""
    # Only what differs from the theme's own is said: the portal's grounds stay.
    default = Charter()
    css = style_sheet(rules.charter_of(default, main, second))
    # Stronger than the portal's charter, wherever the two stand in the page.
    return css.replace(":root{", ":root:root{")


class CommuneParts(BrowserView):
    """Called once by the page of a publisher; ``there`` only for a commune."""

    def __call__(self) -> None:
        """Not a page of its own."""
        raise NotFound(self.__name__)

    @property
    def there(self) -> bool:
        return ICommune.providedBy(self.context)

    @cached_property
    def now(self) -> datetime:
        return datetime.now(PARIS)

    @cached_property
    def language(self) -> str:
        return api.portal.get_current_language()

    @cached_property
    def hours(self) -> Hours:
        try:
            return from_json(self.context.opening_hours)
        except HoursError:
            return Hours()

    @property
    def url(self) -> str:
        return self.context.absolute_url()

    @property
    def may_edit(self) -> bool:
        return bool(getSecurityManager().checkPermission(EDIT, self.context))

    @property
    def of_name(self) -> str:
        return of(self.context.title)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.context.postal_codes or ())

    @cached_property
    def css_url(self) -> str | None:
        css = commune_css(self.context)
        return f"{self.url}/@@couleurs.css?v={_version(css.encode())}" if css else None

    @cached_property
    def logo_url(self) -> str | None:
        logo = self.context.logo
        return f"{self.url}/@@blason?v={_version(logo.data)}" if logo else None

    @property
    def population(self) -> str:
        """The number of inhabitants with the year and source, or nothing."""
        number = self.context.population
        return "" if number is None else f"{number:,}".replace(",", "\u202f")

    @property
    def population_note(self) -> str:
        parts = (self.context.population_source, self.context.population_year)
        return ", ".join(str(part) for part in parts if part)

    @property
    def address_lines(self) -> list[str]:
        return [line for line in (self.context.address or "").split("\n") if line]

    @property
    def phone_url(self) -> str:
        return "tel:" + "".join(
            c for c in self.context.phone or "" if c in "+0123456789"
        )

    @property
    def website_name(self) -> str:
        return (self.context.website or "").removeprefix("https://").strip("/")

    @property
    def map_url(self) -> str | None:
        """The place on the map of the « geo: » scheme, which no site is asked for."""
        latitude, longitude = self.context.latitude, self.context.longitude
        if latitude is None or longitude is None:
            return None
        return f"geo:{latitude},{longitude}"

    @property
    def has_contact(self) -> bool:
        here = self.context
        return bool(here.address or here.phone or here.email or here.website)

    @property
    def state(self) -> Message:
        return state_text(self.hours, self.now, self.language)

    @property
    def is_open(self) -> bool:
        return self.hours.state(self.now).open

    @property
    def today(self) -> dict:
        """What holds today, in words."""
        return self._words(self.hours.day(self.now.date()))

    def week(self) -> list[dict]:
        """The week's own hours, Monday first."""
        return [
            {
                "day": WEEKDAYS[number],
                "hours": spans_text(spans),
                "today": number == self.now.weekday(),
            }
            for number, spans in enumerate(self.hours.week)
        ]

    def coming(self) -> list[dict]:
        """The days of the next two months that have hours of their own."""
        return [
            {
                "days": self._days(special),
                "label": special.label,
                "hours": spans_text(special.spans),
            }
            for special in self.hours.coming(self.now.date())
        ]

    def _days(self, special: Special) -> Message:
        first, last = (
            day.strftime("%d/%m/%Y") for day in (special.first, special.last)
        )
        if first == last:
            return _("On ${day}", mapping={"day": first})
        return _("From ${first} to ${last}", mapping={"first": first, "last": last})

    def _words(self, day: Day) -> dict:
        label = day.label
        if day.holiday and not label:
            label = api.portal.translate(_("public holiday"))
        return {"hours": spans_text(day.spans), "label": label}

    def services(self) -> list[dict]:
        """The services of the mairie, with the address to call."""
        return [
            {
                **service,
                "tel": "tel:"
                + "".join(c for c in service["phone"] if c in "+0123456789"),
            }
            for service in self.context.services or ()
        ]

    @property
    def json_ld(self) -> str:
        name = f"Mairie {self.of_name}"
        return as_script(
            city_hall(self.context, name, self.url, self.logo_url, self.now.date())
        )


class CommuneCss(BrowserView):
    """The commune's colours, as a style sheet; empty where it has none of its own."""

    def __call__(self) -> bytes:
        body = commune_css(self.context).encode()
        response = self.request.response
        response.setHeader("Content-Type", "text/css; charset=utf-8")
        asked = self.request.form.get("v")
        response.setHeader(
            "Cache-Control",
            FOR_LONG if asked == _version(body) else "public, max-age=300",
        )
        return body


class CommuneLogo(BrowserView):
    """The coat of arms; not found where there is none, or where it is no picture."""

    def __call__(self) -> bytes:
        logo = self.context.logo
        if not logo:
            raise NotFound("blason")
        data = logo.data
        try:
            kind = media_type(data)
        except LogoError as error:
            raise NotFound("blason") from error
        response = self.request.response
        response.setHeader("Content-Type", kind)
        response.setHeader("X-Content-Type-Options", "nosniff")
        response.setHeader("Content-Security-Policy", PICTURE_ONLY)
        asked = self.request.form.get("v")
        response.setHeader(
            "Cache-Control",
            FOR_LONG if asked == _version(data) else "public, max-age=300",
        )
        return data
