"""The lines of lists: templates of their own, which escape what a citizen wrote."""

from civisdata.content.vault.browser import quick
from civisdata.content.vault.browser.quick import quick_template
from civisdata.content.vault.browser.rows import Line
from civisdata.content.vault.browser.rows import WORDS
from html.parser import HTMLParser
from types import SimpleNamespace
import pytest


HOSTILE = """"'><script>alert(1)</script>&amp; ${words} é"""
TEMPLATES = ("rows.pt", "cards.pt")


class Texts(HTMLParser):
    """Collects elements, attributes and texts of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.values, self.texts = set(), [], []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.values += [value for _name, value in attributes if value]

    def handle_data(self, data):
        self.texts.append(data)


def line(folder: bool, **values) -> Line:
    texts = {
        name: HOSTILE
        for name, field in Line.__dataclass_fields__.items()
        if field.type in ("str", str)
    }
    flags = {"favourite": True, "new": True, "over": True}
    return Line(**{**texts, **flags, "folder": folder, **values})


def render(name: str, *lines: Line) -> str:
    words = SimpleNamespace(**{key: str(text) for key, text in WORDS.items()})
    return quick_template(quick.__file__, name)(
        rows=lines, words=words, icons="icons.svg"
    )


@pytest.mark.parametrize("folder", [True, False])
@pytest.mark.parametrize("name", TEMPLATES)
def test_whatever_a_citizen_writes_stays_text(name, folder):
    page = Texts()
    page.feed(render(name, line(folder), line(folder)))
    assert "script" not in page.tags
    assert HOSTILE in page.texts
    assert f"Choose {HOSTILE}" in page.values


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_empty_leaves_nothing_behind(name):
    bare = Line("1", False, "t", "/u", "/b", "/s")
    html = render(name, bare)
    assert "None" not in html and 'class=""' not in html
    for mark in (
        "badge",
        "civ-tag",
        "files-over",
        "<img",
        "data-target",
        "civ-meta files",
    ):
        assert mark not in html
    assert 'aria-pressed="false"' in html and "icons.svg#star" in html


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_error_names_no_value(name):
    class Wrong(Line):
        @property
        def base(self):
            raise RuntimeError("no base")

    wrong = object.__new__(Wrong)
    wrong.__dict__.update({**line(False).__dict__, "title": "Ordonnance secrète"})
    with pytest.raises(RuntimeError) as caught:
        render(name, wrong)
    assert "secrète" not in str(caught.value)
