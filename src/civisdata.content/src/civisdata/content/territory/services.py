"""The services of a mairie: name, telephone, hours, link. Stored as a list of dicts."""

from dataclasses import asdict
from dataclasses import dataclass


MOST_SERVICES = 60

#: Longest text of each field.
LONGEST = {"name": 120, "phone": 30, "hours": 200, "link": 300}


class ServiceError(ValueError):
    """What was given is no list of services."""


@dataclass(frozen=True)
class TownService:
    """One service; only its name is needed."""

    name: str
    phone: str = ""
    hours: str = ""
    link: str = ""


def services_from_json(raw: object) -> list[TownService]:
    """Return the services that were stored; none for ``None``; raise ``ServiceError``."""
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > MOST_SERVICES:
        raise ServiceError
    return [_service(row) for row in raw]


def _service(row: object) -> TownService:
    if not isinstance(row, dict) or set(row) - set(LONGEST):
        raise ServiceError
    for name, value in row.items():
        if not isinstance(value, str) or len(value) > LONGEST[name]:
            raise ServiceError
    if not row.get("name", "").strip():
        raise ServiceError
    return TownService(**row)


def services_to_json(services: list[TownService]) -> list[dict]:
    """Return what is stored."""
    return [asdict(service) for service in services]
