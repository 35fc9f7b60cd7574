"""The portal over HTTP, and a citizen."""

from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
import pytest


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """The clock's minute does not change during a test, unless the test moves it."""
    from civisdata.policy.caching import public

    minute = [1_000]
    monkeypatch.setattr(public, "minute", lambda: minute[0])
    return minute


@pytest.fixture(autouse=True)
def empty_memory():
    """No page of another test is in memory."""
    from plone.app.caching.operations.utils import getRAMCache
    from plone.app.caching.operations.utils import PAGE_CACHE_KEY

    cache = getRAMCache(PAGE_CACHE_KEY)
    if cache is not None:
        cache.ramcache.invalidateAll()
