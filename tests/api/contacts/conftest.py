"""Editors of two communes and of the CUB, over HTTP."""

from helpers.editors import people  # noqa: F401
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
