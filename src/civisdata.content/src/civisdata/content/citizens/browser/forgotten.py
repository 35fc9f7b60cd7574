"""Forgotten password: the request, which tells nobody anything, and the link."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import accounts
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.browser.account_form import AccountForm
from civisdata.content.citizens.browser.activation import NEW_PASSWORD
from civisdata.content.citizens.guard import client_address
from civisdata.content.citizens.guard import limiter
from civisdata.content.citizens.passwords import normalise_login
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registrations import find
from civisdata.content.citizens.structure import get_spaces
from functools import cached_property
from plone import api


#: What requests for links are counted under, beside the log-ins.
_COUNTED_AS = "\0mot-de-passe-oublie"


class Forgotten(AccountForm):
    """Asks for login or address; answers the same whether or not they are known."""

    page_title = _("Forgotten password")
    labels = {"identifier": _("Login or e-mail address"), **NEW_PASSWORD}
    sent = False

    @property
    def ticket(self) -> str:
        return self.typed("jeton")

    @cached_property
    def spaces(self):
        return get_spaces(api.portal.get())

    @cached_property
    def space(self):
        """The space that a link is for; None without a link or with a bad one."""
        if not self.ticket:
            return None
        try:
            return unlocking.find_reset(self.spaces, self.ticket)
        except Refused as refusal:
            self.form_error = refusal.message
            return None

    @property
    def locks(self) -> bool:
        """Whether there are documents that a new password will not open."""
        return accounts.is_active(self.space)

    def prepare(self) -> None:
        if self.ticket:
            self.request.response.setHeader("Referrer-Policy", "strict-origin")
            if not self.posted and self.space is None:
                self.request.response.setStatus(422)

    def act(self, action: str) -> str | None:
        return self._reset() if action == "reset" else self._ask()

    def _ask(self) -> None:
        typed = self.typed("identifier").strip()
        if not typed:
            raise Refused(_("Please give your login or your address."), "identifier")
        client = client_address(self.request)
        accounts.refuse_if_limited(limiter(), _COUNTED_AS, client)
        limiter().failure(_COUNTED_AS, client)
        space = self._find(typed)
        ticket = None if space is None else unlocking.ask_reset(space)
        if ticket is not None:
            account_mail.reset_link(space, ticket)
        self.sent = True

    def _find(self, typed: str):
        if "@" not in typed:
            return self.spaces.space_by_login(normalise_login(typed))
        space = find(self.spaces, typed)
        return space if space is not None and get_account(space) else None

    def _reset(self) -> str:
        space = unlocking.reset_password(
            self.spaces, self.ticket, self.secret("new"), self.secret("repeated")
        )
        account_mail.password_changed(space)
        self.say(_("Your new password is stored. You can log in with it now."))
        return self.redirect(f"{self.portal_url}/@@login")
