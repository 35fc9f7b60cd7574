"""When copies that were given are erased."""

from civisdata.content.citizens.events import ISpaceStartsAnew
from civisdata.content.vault.changes import IVaultListed
from civisdata.content.vault.requests import resealing  # noqa: F401
from civisdata.content.vault.requests.life import end
from civisdata.content.vault.requests.life import end_what_is_over
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import requests_to
from civisdata.content.vault.requests.storage import WAITING
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from ZODB.POSException import ConflictError
from zope.interface import alsoProvides
import transaction


def end_what_no_key_opens(event: ISpaceStartsAnew) -> None:
    """The old keys are given up: what was given under them ends."""
    for request in requests_to(api.portal.get(), event.space):
        # One that waits goes on waiting, as if nobody had been asked.
        if request.state != WAITING:
            end(request)


def erase_what_is_over(event: IVaultListed) -> None:
    """Erase copies whose time is over when their citizen comes by.

    Access had ended before; this writes though the request only reads. Where another
    request does the same at the same time, that one does it.
    """
    spaces = event.space.__parent__
    over = [
        request
        for request in requests_to(api.portal.get(), event.space)
        if request.state in (WAITING, GIVEN) and is_over(spaces, request)
    ]
    if not over:
        return
    alsoProvides(event.request, IDisableCSRFProtection)
    try:
        end_what_is_over(spaces, over)
        transaction.commit()
    except ConflictError:
        transaction.abort()
