"""Requests to a citizen whose keys are replaced: they go on, under the new keys."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.resealers import register_resealer
from civisdata.content.vault.requests.publisher_key import publisher_recipient
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import requests_to
from civisdata.content.vault.resealing import left_behind
from civisdata.content.vault.resealing import WRONG
from civisdata.content.vault.sealed import open_letter
from civisdata.content.vault.sealed import seal_letter
from plone import api
from typing import Any


@register_resealer
def reseal_requests(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal the letters of all requests again; the copies aren't sealed to the citizen."""
    reseal_letters(requests_to(api.portal.get(), space), old, new)


def reseal_letters(requests, old: KeyBundle, new: KeyBundle) -> None:
    """Do so for these requests."""
    for request in requests:
        both = [publisher_recipient(request.publisher), new.recipient]
        try:
            question = open_letter(request.question, old.identity)
            answer = request.answer and open_letter(request.answer, old.identity)
            accesses = [open_letter(each, old.identity) for each in request.accesses]
        except WRONG as error:
            left_behind("request", request.id, error)
            continue
        request.question = seal_letter(question, both)
        readers = [new.recipient] if request.state == ENDED else both
        request.answer = seal_letter(answer, readers) if answer else b""
        request.accesses = tuple(
            seal_letter(each, [new.recipient]) for each in accesses
        )
        request.exchange = new.public.exchange.hex()
