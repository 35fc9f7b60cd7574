"""Citizens with their news, in Chromium."""

from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
