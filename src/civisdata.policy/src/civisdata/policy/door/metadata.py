"""What a stored transaction says of the request that made it: nothing, for citizens.

Zope notes path and user with each transaction, and a FileStorage keeps that for as long as
any of its records is current: ids of spaces and documents would outlive them.
"""

from civisdata.content.citizens.current import current_session
from civisdata.content.interfaces import ICivisdataLayer
from ZPublisher.interfaces import IPubAfterTraversal
import transaction


def note_nothing_of_citizens(event: IPubAfterTraversal) -> None:
    """Have path and user forgotten before anything of the request is committed."""
    request = event.request
    if ICivisdataLayer.providedBy(request) and current_session(request) is not None:
        current = transaction.get()
        current.addBeforeCommitHook(_forget, (current,))


def _forget(current) -> None:
    current.user, current.description = "", ""
