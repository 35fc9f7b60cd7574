"""``GET /@may-i-send?to=…``: whether a deposit would be accepted now.

The answer is the same for who doesn't exist, whose space is closed, and who doesn't
agree.
"""

from civisdata.content.citizens.addresses import find_space
from civisdata.content.partners.registry import Caller
from civisdata.content.partners.services.base import PartnerService
from civisdata.content.vault.deposits.depositing import accepts


class MayISend(PartnerService):
    """See the module."""

    action = "may-i-send"

    def respond(self, caller: Caller) -> str:
        asked = self.request.form.get("to")
        if not isinstance(asked, str) or not asked.strip():
            return self.problem("bad-request", detail="to: a login or an address")
        found = accepts(find_space(self.site, asked), self.publisher)
        return self.answer(200, {"may_send": found})
