"""News and people, over HTTP."""

from helpers.vault import server  # noqa: F401
