"""What the formatter of templates turns into entities no catalog finds again."""

from pathlib import Path
import pytest
import re


SOURCES = Path(__file__).parents[3] / "src"
PLAIN = {"amp", "gt", "lt", "nbsp", "ndash", "quot", "hellip", "middot"}


@pytest.mark.parametrize(
    "path", sorted(SOURCES.rglob("*.pt")), ids=lambda path: path.stem
)
def test_texts_to_translate_are_plain(path):
    found = set(re.findall(r"&([a-zA-Z]+);", path.read_text(encoding="utf-8")))
    assert found <= PLAIN
