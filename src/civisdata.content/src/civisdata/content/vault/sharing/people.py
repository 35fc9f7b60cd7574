"""What is asked of a person who is shared with."""

from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.keys import PublicKeys
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault


def keys_of(space) -> PublicKeys | None:
    """Give the public keys of an active account, None for any other."""
    account = None if space is None else get_account(space)
    if account is None or account.disabled or account.activated is None:
        return None
    # Closed, it is as if there were nobody.
    return None if account.closing is not None else account.public


def welcomes_offers(space) -> bool:
    """Say whether a citizen wants to be offered shares."""
    return sharing_of(get_vault(space)).welcome


def name_of(space) -> str:
    """Give a citizen's name as others who share with them see it."""
    return f"{space.first_name} {space.last_name}".strip() or space.login
