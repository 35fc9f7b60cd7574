"""What rooms add to an archive besides documents, each on its own side of the wall.

A section is one name, a function that gives plain JSON, and one that takes it in again.
Whatever a portal can't take in (unknown name, no function) isn't lost: it is kept with
the former file (see ``former``).
"""

from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.keys import KeyBundle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
import logging


logger = logging.getLogger("civisdata.vault")

#: Gives what a room holds of a space, as plain JSON; None where it holds nothing.
Export = Callable[[IPersonalSpace, KeyBundle], Any]
#: Takes in what ``Export`` gave at another portal; called once for each archive, and
#: again for the same one if the citizen imports it again. ValueError: it isn't ours.
Import = Callable[[IPersonalSpace, KeyBundle, Any], None]


@dataclass(frozen=True)
class Section:
    name: str
    export: Export
    import_: Import | None = None


_sections: dict[str, Section] = {}


def register_export(name: str, export: Export, import_: Import | None = None) -> None:
    """Add a section to every archive; a room does so when imported.

    ``import_`` None: it is kept as history of the former portal only.
    """
    _sections[name] = Section(name, export, import_)


def export_sections(space: IPersonalSpace, bundle: KeyBundle) -> dict[str, Any]:
    """Give the sections by name; a room that holds nothing has none."""
    found = {
        section.name: section.export(space, bundle) for section in _sections.values()
    }
    return {name: content for name, content in found.items() if content is not None}


def import_sections(
    space: IPersonalSpace, bundle: KeyBundle, sections: dict[str, Any]
) -> list[str]:
    """Hand each section to its room; give the names of those that were taken in."""
    taken = []
    for name, content in sections.items():
        section = _sections.get(name)
        if section is None or section.import_ is None:
            continue
        try:
            section.import_(space, bundle, content)
        except (ValueError, TypeError, KeyError):
            logger.warning("an archive's section « %s » isn't understood", name[:40])
            continue
        taken.append(name)
    return taken
