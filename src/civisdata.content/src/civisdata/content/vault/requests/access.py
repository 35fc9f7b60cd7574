"""What « Qui voit quoi » says of requests."""

from civisdata.content import _
from civisdata.content.citizens.access import Access
from civisdata.content.citizens.access import register_access
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.territory.directory import publisher_names
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.requests.answering import stop
from civisdata.content.vault.requests.asking import read_answer
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.noted import ENDED
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import request_to
from civisdata.content.vault.requests.storage import requests_to
from plone import api


class CopiesGiven:
    """Administrations that may read a copy."""

    title = _("Administrations to which I have given a copy")
    none = _("No administration has a copy from you.")

    def entries(self, space, request, bundle: KeyBundle) -> list[Access]:
        site, names, found = api.portal.get(), publisher_names(), []
        for each in requests_to(site, space):
            if each.state != GIVEN or is_over(space.__parent__, each):
                continue
            try:
                answer = read_answer(each, bundle.identity)
            except IntegrityError:
                continue
            found.append(
                Access(
                    id=each.id,
                    who=names.get(each.publisher, each.publisher),
                    what=answer.title,
                    right=_("Read a copy"),
                    since=each.answered_at,
                    until=each.until,
                    stop=_("Erase this copy"),
                )
            )
        return found

    def stop(self, space, request, bundle: KeyBundle, access_id: str) -> None:
        """Erase a copy; NoSuchItem."""
        stop(request_to(api.portal.get(), space, access_id))
        note(space, ENDED)


register_access("requests", CopiesGiven(), order=20)
