"""A portal with example news, in Chromium."""

from civisdata.policy.distribution.example import create_examples
from collections.abc import Iterator
from contextlib import contextmanager
from playwright.sync_api import Page
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
import pytest
import transaction


@pytest.fixture
def site(functional) -> str:
    """Return the address of a portal with example news, served for real."""
    portal = functional["portal"]
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.title = "Civis Data"
    create_examples(portal)
    setRoles(portal, TEST_USER_ID, ["Member"])
    transaction.commit()
    return f"http://{functional['host']}:{functional['port']}/{portal.getId()}"


@pytest.fixture
def visit(chromium, site):
    """Open a path of the portal: ``with visit("/communes", width=320) as page``."""

    @contextmanager
    def visit(path: str, width: int = 1280, **options) -> Iterator[Page]:
        context = chromium.new_context(
            locale="fr-FR", viewport={"width": width, "height": 800}, **options
        )
        page = context.new_page()
        page.goto(site + path, wait_until="networkidle")
        try:
            yield page
        finally:
            context.close()

    return visit
