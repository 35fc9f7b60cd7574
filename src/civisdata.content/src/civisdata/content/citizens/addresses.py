"""How people are found who may be written to: by an exact name, and by nothing less."""

from civisdata.content.citizens.passwords import normalise_login
from civisdata.content.mail import sender_of


def address_domain(portal) -> str:
    """Give what stands after the @ of the standard addresses of ``portal``."""
    return sender_of(portal)[1].rpartition("@")[2].lower()


def standard_address(portal, space) -> str:
    """Give a citizen's address of the portal."""
    return f"{space.login}@{address_domain(portal)}"


def login_of(portal, text: str) -> str:
    """Give the log-in name that a log-in name or standard address stands for.

    An address elsewhere is nobody's: an empty string.
    """
    name = normalise_login(text)
    if "@" not in name:
        return name
    local, _at, domain = name.rpartition("@")
    return local if domain == address_domain(portal) else ""


def find_space(portal, text: str):
    """Return the space of an exact log-in name or standard address, or None."""
    from civisdata.content.citizens.structure import get_spaces

    login = login_of(portal, text)
    return get_spaces(portal).space_by_login(login) if login else None
