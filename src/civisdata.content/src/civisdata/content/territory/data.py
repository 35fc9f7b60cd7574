"""The 28 communes of the Communauté urbaine, shipped as data."""

from dataclasses import dataclass
from importlib.resources import files
import json


@dataclass(frozen=True)
class CommuneData:
    """One commune: URL name, official name, INSEE code, postal codes."""

    slug: str
    name: str
    insee_code: str
    postal_codes: tuple[str, ...]


def communes() -> list[CommuneData]:
    """Return the communes in the order of their names.

    Source: Code officiel géographique (INSEE) and La Poste's postal codes.
    """
    raw = json.loads(
        files("civisdata.content.territory").joinpath("communes.json").read_text()
    )
    return [
        CommuneData(
            slug=row["slug"],
            name=row["name"],
            insee_code=row["insee_code"],
            postal_codes=tuple(row["postal_codes"]),
        )
        for row in raw
    ]
