"""``@@indexer``: reads the text of one document for the search.

``POST`` with the CSRF token (header ``X-CSRF-TOKEN`` or form) → JSON ``{"left": 3}``, with
``"later": true`` where the machine has too much to do just now. A browser without
scripts is sent back to the search.
"""

from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.search.texts import index_next
from civisdata.content.vault.search.texts import Later
from civisdata.content.vault.search.texts import pending_count
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.turns import TooManyJobs
from plone.protect.interfaces import IDisableCSRFProtection
from zope.interface import alsoProvides
import json
import threading


#: One reading at a time in a process: the other threads answer other requests.
_turn = threading.Semaphore(1)


class Reader(VaultView):
    """Reads one document of those whose text is still to be read."""

    def locked(self):
        if self._wants_json:
            return self._answer({"left": 0}, 423)
        return super().locked()

    def respond(self):
        if self.request.method != "POST":
            self.request.response.redirect(f"{self.space_url}/@@recherche")
            return ""
        self.check_token()
        # Checked here and now: what Plone adds looks at HTML only.
        alsoProvides(self.request, IDisableCSRFProtection)
        vault = ensure_vault(self.context)
        try:
            left, later = self._read(vault), False
        except (Later, TooManyJobs):
            left, later = pending_count(vault), True
        if not self._wants_json:
            self.request.response.redirect(f"{self.space_url}/@@recherche", status=303)
            return ""
        return self._answer({"left": left, "later": later})

    def _read(self, vault: Vault) -> int:
        if not _turn.acquire(blocking=False):
            raise Later
        try:
            return index_next(vault, self.space_id, self.bundle)
        finally:
            _turn.release()

    @property
    def _wants_json(self) -> bool:
        return "application/json" in (self.request.getHeader("Accept") or "")

    def _answer(self, content: dict, status: int = 200) -> str:
        response = self.request.response
        harmless(response)
        response.setStatus(status, lock=1)
        response.setHeader("Content-Type", "application/json")
        return json.dumps(content)
