"""What all services for partners share: the key, the rate, the journal, the errors."""

from civisdata.content.citizens.guard import limiter
from civisdata.content.partners import rate
from civisdata.content.partners.registry import Caller
from civisdata.content.partners.registry import DEPOSIT
from civisdata.content.partners.registry import find_caller
from civisdata.content.partners.registry import publisher_of
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from plone.rest import Service
from typing import Any
from zope.interface import alsoProvides
import json
import math
import transaction


#: Codes of errors → status and title (RFC 9457, problem details).
PROBLEMS = {
    "bad-request": (400, "The request isn't of the protocol"),
    "unauthorised": (401, "A key of a partner is needed"),
    "not-accepted": (403, "It can't be delivered here"),
    "id-used": (409, "This id was used for another document or recipient"),
    "too-large": (413, "The document is too large"),
    "refused-document": (422, "The document can't be stored"),
    "too-many-requests": (429, "Too many calls"),
}


class PartnerService(Service):
    """A service that a key with ``scope`` opens; ``action`` is its name in the journal.

    ``respond`` gives the answer. CSRF doesn't concern it: a browser never sends the key
    by itself.
    """

    action = ""
    scope = DEPOSIT

    def render(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "no-store")
        self.site = api.portal.get()
        # Zope takes the header out of the environment, so that no log has it.
        caller = find_caller(self.site, self.request._auth, self.scope)
        publisher = None if caller is None else publisher_of(self.site, caller.partner)
        if publisher is None:
            response.setHeader("WWW-Authenticate", 'Bearer realm="partners"')
            return self.problem("unauthorised")
        seconds = rate.wait(limiter().store, caller.key.id)
        if seconds:
            response.setHeader("Retry-After", str(math.ceil(seconds)))
            return self.problem("too-many-requests")
        self.publisher = publisher
        answer = self.respond(caller)
        alsoProvides(self.request, IDisableCSRFProtection)
        caller.partner.note_use(caller.key.id, self.action, response.getStatus())
        return answer

    def respond(self, caller: Caller) -> str:
        raise NotImplementedError

    def answer(self, status: int, content: dict[str, Any]) -> str:
        response = self.request.response
        response.setStatus(status, lock=1)
        response.setHeader("Content-Type", "application/json")
        return json.dumps(content, ensure_ascii=False)

    def problem(self, error: str, **more: Any) -> str:
        """Answer with an error; nothing that was done before is kept."""
        transaction.abort()
        status, title = PROBLEMS[error]
        response = self.request.response
        response.setStatus(status, lock=1)
        response.setHeader("Content-Type", "application/problem+json")
        return json.dumps(
            {
                "type": f"urn:civisdata:problem:{error}",
                "title": title,
                "status": status,
                "error": error,
                **more,
            }
        )
