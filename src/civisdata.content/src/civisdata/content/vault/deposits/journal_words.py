"""What deposits note in the citizen's journal, how it reads, and titles for it."""

from civisdata.content import _
from civisdata.content.citizens.consents import GIVEN
from civisdata.content.citizens.consents import WITHDRAWN
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.actions import register_titles
from civisdata.content.citizens.journal.actions import SHARING
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.sealing import open_values
from civisdata.content.vault.errors import IntegrityError
from collections.abc import Iterable


DEPOSITED, HELD, HELD_ERASED = "document-deposited", "deposit-held", "deposit-erased"

register_action(DEPOSITED, _("${who} deposited ${title}."), SHARING)
register_action(
    HELD,
    _("The origin of a deposit could not be verified: it was held back."),
    SHARING,
)
register_action(HELD_ERASED, _("You erased a deposit that was held back."), SHARING)
register_action(GIVEN, _("You allowed deposits. Depositor: ${publisher}."), SHARING)
register_action(
    WITHDRAWN,
    _("You withdrew your consent to deposits. Depositor: ${publisher}."),
    SHARING,
)


def titles(space, bundle: KeyBundle, items: Iterable[str]) -> dict[str, str | None]:
    """Return titles of what still waits to be filed; None where it doesn't open."""
    waiting, found = get_arrivals(space).waiting, {}
    for item in items:
        if item not in waiting:
            continue
        try:
            found[item] = open_values(bundle.identity, waiting[item].metadata)["title"]
        except (IntegrityError, KeyError, ValueError):
            found[item] = None
    return found


register_titles(titles)
