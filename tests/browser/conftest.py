"""Debian's Chromium for all browser tests."""

from collections.abc import Iterator
from functools import partial
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright
import pytest


ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: Milliseconds to wait for what is to come: other workers may keep the machine busy.
PATIENCE = 60_000

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; each test opens contexts of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        browser.new_context = partial(_patient_context, browser.new_context)
        yield browser
        browser.close()


def _patient_context(new_context, **options) -> BrowserContext:
    context = new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context
