"""The style guide: each component as it is, light and dark, with what to copy."""

from civisdata.theme import _
from pathlib import Path
from Products.Five import BrowserView
import re


SAMPLES = Path(__file__).parent / "samples"

#: Name of the file in ``samples`` → title. The samples are data, in French.
COMPONENTS = {
    "buttons": _("Buttons"),
    "texts": _("Kinds of text"),
    "layout": _("Cards and columns"),
    "widths": _("Bands"),
    "feed": _("News and results"),
    "services": _("Services of a space"),
    "communes": _("Communes"),
    "mairie": _("Mairie and hours"),
    "forms": _("Forms"),
    "secrets": _("Passwords and codes"),
    "messages": _("Messages"),
    "labels": _("Labels"),
    "tables": _("Tables and pairs"),
    "progress": _("Progress"),
    "uploads": _("Uploads and documents"),
    "viewer": _("Reading page by page"),
    "steps": _("Steps"),
    "pages": _("Tabs and pages"),
    "arranging": _("Choices and order"),
}

_CLASSES = re.compile(r'class="([^"]+)"')


def sample(name: str, id: str = "exemple") -> str:
    """Return the HTML of a sample; ``id`` makes its ids its own on a page."""
    return (SAMPLES / f"{name}.html").read_text(encoding="utf-8").replace("{id}", id)


def classes_of(html: str) -> list[str]:
    """Return the class names of a piece of HTML, in their order, each once."""
    names = (name for value in _CLASSES.findall(html) for name in value.split())
    return list(dict.fromkeys(names))


class StyleGuide(BrowserView):
    """``@@guide-de-style``."""

    page_title = _("Style guide")

    def components(self) -> list[dict]:
        return [
            {
                "name": name,
                "title": title,
                "classes": classes_of(sample(name)),
                "code": sample(name).strip(),
                "samples": [
                    {"scheme": scheme, "html": sample(name, f"{name}-{scheme}")}
                    for scheme in ("light", "dark")
                ],
            }
            for name, title in COMPONENTS.items()
        ]
