"""Citizens with opened vaults, over HTTP."""

from helpers.vault import citizen  # noqa: F401
from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
