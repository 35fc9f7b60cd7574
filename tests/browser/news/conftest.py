"""The portal behind its door, with editors."""

from helpers.editors import people  # noqa: F401
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
