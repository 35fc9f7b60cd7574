"""Rooms import one way (DESIGN, Layout): no room knows of those that build on it."""

from pathlib import Path
import ast
import pytest


CONTENT = (
    Path(__file__).resolve().parents[3] / "src/civisdata.content/src/civisdata/content"
)
#: Room → rooms that build on it, which it must not import.
ABOVE = {
    "territory": {"news", "contacts", "search", "citizens", "vault", "partners"},
    "news": {"citizens", "vault", "partners"},
    "citizens": {"vault", "partners"},
    "search": {"citizens", "vault", "partners"},
    "tasks": {"territory", "news", "contacts", "search", "citizens", "vault"},
}


def imports(path: Path) -> set[str]:
    """Give the rooms of civisdata.content that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in getattr(node, "names", ())]
            if isinstance(node, ast.Import)
            else []
        )
        for name in names:
            if name.startswith("civisdata.content."):
                found.add(name.split(".")[2])
    return found


@pytest.mark.parametrize("room", sorted(ABOVE))
def test_a_room_knows_nothing_of_those_above(room):
    paths = sorted((CONTENT / room).rglob("*.py"))
    assert paths
    wrong = {
        str(path.relative_to(CONTENT)): sorted(imports(path) & ABOVE[room])
        for path in paths
    }
    assert {path: rooms for path, rooms in wrong.items() if rooms} == {}
