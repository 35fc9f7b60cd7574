"""Who can be shared with: found by exact name, never listed."""

from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.keys import PublicKeys
from civisdata.content.citizens.mail import sender_of
from civisdata.content.citizens.passwords import normalise_login
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault


def standard_address(portal, login: str) -> str:
    """Give the address of the portal by which a citizen is known."""
    return f"{login}@{sender_of(portal)[1].rpartition('@')[2]}"


def find_person(portal, spaces, typed: str):
    """Give the space of whom a log-in name or standard address names; None."""
    login, at, domain = normalise_login(typed).partition("@")
    if at and f"{login}@{domain}" != standard_address(portal, login).lower():
        return None
    return spaces.space_by_login(login)


def keys_of(space) -> PublicKeys | None:
    """Give the public keys of an active account, None for any other."""
    account = None if space is None else get_account(space)
    if account is None or account.disabled or account.activated is None:
        return None
    return account.public


def welcomes_offers(space) -> bool:
    """Say whether a citizen wants to be offered shares."""
    return sharing_of(get_vault(space)).welcome


def name_of(space) -> str:
    """Give a citizen's name as others who share with them see it."""
    return f"{space.first_name} {space.last_name}".strip() or space.login
