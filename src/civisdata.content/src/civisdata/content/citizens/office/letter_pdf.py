"""Letters as PDF, drawn in memory and never written to a disk.

The sheet is folded in three like a Z: the upper third shows the address in the window of a
DL envelope, the middle third holds the secret and lies face to face with the lower one.
"""

from functools import cache
from importlib.resources import files


class FetchRefused(ValueError):
    """A letter refers to something outside of it: nothing is fetched."""


def _refuse(url: str, *_rest, **_options):
    raise FetchRefused(url.partition(":")[0])


@cache
def _style_text() -> str:
    source = files("civisdata.content.citizens.office").joinpath("letter.css")
    return source.read_text(encoding="utf-8")


def pdf_of(html: str) -> bytes:
    """Return the pages of an HTML text as PDF."""
    # Loads Pango and half a second of modules: only where letters are printed.
    from weasyprint import CSS
    from weasyprint import HTML

    style = CSS(string=_style_text(), url_fetcher=_refuse)
    page = HTML(string=html, url_fetcher=_refuse)
    return page.write_pdf(stylesheets=[style])
