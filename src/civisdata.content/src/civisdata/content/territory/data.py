"""The 28 communes of the Communauté urbaine, shipped as data."""

from dataclasses import dataclass
from importlib.resources import files
import json


#: Where the shipped figures of the population come from (content, so in French).
POPULATION_SOURCE = "INSEE, population municipale"


@dataclass(frozen=True)
class CommuneData:
    """One commune: URL name, official name, codes, and what is known for certain."""

    slug: str
    name: str
    insee_code: str
    postal_codes: tuple[str, ...]
    population: int | None = None
    population_year: int | None = None
    website: str = ""

    @property
    def known(self) -> dict[str, object]:
        """Values of the commune's fields that the data has, by name."""
        values = {}
        if self.population is not None:
            values |= {
                "population": self.population,
                "population_year": str(self.population_year),
                "population_source": POPULATION_SOURCE,
            }
        if self.website:
            values["website"] = self.website
        return values


def communes() -> list[CommuneData]:
    """Return the communes in the order of their names; sources: territory/README.md."""
    raw = json.loads(
        files("civisdata.content.territory").joinpath("communes.json").read_text()
    )
    return [
        CommuneData(**{**row, "postal_codes": tuple(row["postal_codes"])})
        for row in raw
    ]
