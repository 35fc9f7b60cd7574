"""Letters as PDF, drawn in memory and never written to a disk.

The sheet is folded in three like a Z: the upper third shows the address in the window of a
DL envelope, the middle third holds the secret and lies face to face with the lower one.
"""

from functools import cache
from importlib.resources import files


@cache
def _style_text() -> str:
    source = files("civisdata.content.citizens.office").joinpath("letter.css")
    return source.read_text(encoding="utf-8")


def pdf_of(html: str) -> bytes:
    """Return the pages of an HTML text as PDF; what it refers to is not fetched."""
    # Loads Pango and half a second of modules: only where letters are printed.
    from weasyprint import CSS
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())
    style = CSS(string=_style_text(), url_fetcher=nothing)
    page = HTML(string=html, url_fetcher=nothing)
    return page.write_pdf(stylesheets=[style])
