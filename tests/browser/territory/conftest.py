"""A portal in which Bordeaux has said all of its mairie, in Chromium."""

from civisdata.content.territory.hours import Hours
from civisdata.content.territory.hours import Special
from civisdata.content.territory.hours import to_json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from datetime import timedelta
from playwright.sync_api import Page
from plone.namedfile.file import NamedBlobImage
import pytest
import transaction


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="90" height="90">'
    b'<path d="M0 0h9v9z" fill="#0b3d91"/></svg>'
)


@pytest.fixture
def site(functional) -> str:
    """Return the address of the portal, served for real."""
    portal = functional["portal"]
    portal.title = "Civis Data"
    commune = portal["communes"]["bordeaux"]
    soon = date.today() + timedelta(7)
    commune.opening_hours = to_json(
        Hours(
            (((510, 750), (810, 1020)),) * 5 + ((), ()),
            (Special(soon, soon, "Portes ouvertes", ((600, 720),)),),
        )
    )
    commune.address = "Place Pey-Berland\n33000 Bordeaux"
    commune.phone, commune.email = "05 56 00 00 00", "mairie@exemple.fr"
    commune.services = [
        {"name": "État civil", "phone": "05 56 00 00 01", "hours": "", "link": ""}
    ]
    commune.colour_main, commune.colour_second = "#0b3d91", "#7a3b00"
    commune.logo = NamedBlobImage(SVG, contentType="image/svg+xml", filename="b.svg")
    portal["communes"]["ambes"].participating = False
    transaction.commit()
    return f"http://{functional['host']}:{functional['port']}/{portal.getId()}"


@pytest.fixture
def visit(chromium, site):
    """Open a path of the portal; what the console says is in ``page.said``."""

    @contextmanager
    def visit(path: str, width: int = 1280, **options) -> Iterator[Page]:
        context = chromium.new_context(
            locale="fr-FR", viewport={"width": width, "height": 800}, **options
        )
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.goto(site + path, wait_until="networkidle")
        try:
            yield page
        finally:
            context.close()

    return visit
