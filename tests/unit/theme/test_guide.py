"""The style guide shows each component that the reference names."""

from civisdata.theme.browser.guide import classes_of
from civisdata.theme.browser.guide import COMPONENTS
from civisdata.theme.browser.guide import sample
from civisdata.theme.browser.guide import SAMPLES
from pathlib import Path
import re


REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "theme.md"


def test_each_class_of_the_reference_is_shown():
    rows = [
        line.split("|")[1]
        for line in REFERENCE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") or line.startswith("| `.")
    ]
    assert len(rows) > 15
    wanted = set(re.findall(r"\.((?:civ|btn|alert|table)[\w-]*\w)", " ".join(rows)))
    shown = {name for file in COMPONENTS for name in classes_of(sample(file))}
    assert wanted - shown == set()


def test_each_sample_is_shown():
    assert {path.stem for path in SAMPLES.glob("*.html")} == set(COMPONENTS)


def test_ids_are_the_sample_s_own():
    for name in COMPONENTS:
        html = sample(name, "mine")
        assert "{" not in html
        for id in re.findall(r' (?:id|for|name|aria-describedby)="([^"]+)"', html):
            assert id.startswith("mine") or id == "q", (name, id)
        assert "style=" not in html
