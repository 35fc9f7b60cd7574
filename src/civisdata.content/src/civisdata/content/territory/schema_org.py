"""A mairie for search engines: schema.org's CityHall, as JSON-LD."""

from civisdata.content.territory.hours import from_json
from civisdata.content.territory.hours import Special
from datetime import date
import json


_DAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday"),
    *("Friday", "Saturday", "Sunday"),
)


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}" if minute < 24 * 60 else "23:59"


def _special(special: Special) -> list[dict]:
    days = {
        "@type": "OpeningHoursSpecification",
        "validFrom": special.first.isoformat(),
        "validThrough": special.last.isoformat(),
    }
    # Closed all day: both times the same, as schema.org has it.
    spans = special.spans or ((0, 0),)
    return [
        {**days, "opens": _time(start), "closes": _time(end)} for start, end in spans
    ]


def city_hall(commune, name: str, url: str, logo: str | None, today: date) -> dict:
    """Return the mairie of ``commune`` (its fields), called ``name``, as JSON-LD."""
    hours = from_json(commune.opening_hours)
    data = {
        "@context": "https://schema.org",
        "@type": ["CityHall", "GovernmentOrganization"],
        "name": name,
        "url": url,
        "areaServed": {"@type": "AdministrativeArea", "name": commune.title},
        "address": _address(commune),
        "telephone": commune.phone,
        "email": commune.email,
        "sameAs": commune.website,
        "logo": logo,
    }
    if commune.latitude is not None and commune.longitude is not None:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": commune.latitude,
            "longitude": commune.longitude,
        }
    if hours:
        data["openingHoursSpecification"] = [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{day}",
                "opens": _time(start),
                "closes": _time(end),
            }
            for day, spans in zip(_DAYS, hours.week, strict=True)
            for start, end in spans
        ]
        data["specialOpeningHoursSpecification"] = [
            row for special in hours.coming(today, 366) for row in _special(special)
        ]
    return {name: value for name, value in data.items() if value}


def _address(commune) -> dict | None:
    if not commune.address:
        return None
    return {
        "@type": "PostalAddress",
        "streetAddress": ", ".join(commune.address.split("\n")),
        "addressLocality": commune.title,
        "addressCountry": "FR",
    }


def as_script(data: dict) -> str:
    """Return JSON that may stand in a script element: nothing in it ends the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
