"""Citizens and a server with the door in front, as the vault's tests have them."""

from helpers.vault import make_citizen  # noqa: F401
from helpers.vault import server  # noqa: F401
