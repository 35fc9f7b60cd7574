"""Citizens with opened vaults, in Chromium."""

from helpers.vault import citizen  # noqa: F401
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
import pytest


@pytest.fixture
def open_page(chromium, citizen):  # noqa: F811
    """Open ``@@documents`` as the citizen; options go to the browser's context."""
    contexts = []

    def open_page(**options):
        context = chromium.new_context(locale="fr-FR", **options)
        contexts.append(context)
        for cookie in citizen.http.cookies:
            context.add_cookies(
                [{"name": cookie.name, "value": cookie.value, "url": citizen.base}]
            )
        page = context.new_page()
        page.goto(citizen.documents)
        return page

    yield open_page
    for context in contexts:
        context.close()
