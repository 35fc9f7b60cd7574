"""``@@autorites-controlpanel``: other authorities, to whom citizens may move."""

from civisdata.content import _
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.vault.transfer import authorities
from civisdata.content.vault.transfer.signatures import fingerprint
from plone import api
from zope.i18nmessageid import Message
import logging


logger = logging.getLogger(__name__)

BAD = {
    "line": _(
        "This is not the line of an authority. Copy it whole from its page "
        "@@cle-de-transfert: name | address | age1… | key."
    ),
    "name": _("Give a name of at most 120 characters, without the sign |."),
    "url": _("The address of the portal has to be whole: https://…"),
    "own": _("These are the keys of this portal itself."),
    "known": _("This name or one of these keys is in the list already."),
    "many": _("There are too many authorities: 200 at most."),
}


class Authorities(FormView):
    """Lists known authorities with their fingerprints; adds and removes them."""

    page_title = _("Other authorities")
    error: Message | None = None

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if not self.posted:
            return self.index()
        if not self.token_is_valid():
            return self.fail(OUT_OF_DATE, 403)
        return self.add() if self.typed("action") == "add" else self.remove()

    def fail(self, message: Message, status: int = 422) -> str:
        self.error = message
        self.request.response.setStatus(status, lock=1)
        return self.index()

    def add(self) -> str:
        try:
            added = authorities.add_authority(
                self.typed("line").strip(), self.typed("name").strip()
            )
        except authorities.BadAuthority as error:
            return self.fail(BAD[error.reason])
        self._log("added", added)
        return self.again(_("The authority is in the list: citizens can choose it."))

    def remove(self) -> str:
        gone = authorities.drop_authority(self.typed("recipient"))
        if gone is None:
            return self.again(None)
        self._log("removed", gone)
        return self.again(_("The authority is no longer in the list."))

    def _log(self, what: str, authority: authorities.Authority) -> None:
        user = api.user.get_current().getId()
        print_of = authority.fingerprint
        logger.warning("Authority for transfers %s by %s: %s", what, user, print_of)

    def again(self, message: Message | None) -> str:
        if message is not None:
            api.portal.show_message(message, self.request)
        return self.redirect(f"{self.portal_url}/@@autorites-controlpanel")

    def rows(self) -> list[dict]:
        return [
            {
                "name": one.name,
                "url": one.url,
                "recipient": one.recipient,
                "fingerprint": one.fingerprint,
                "signing": fingerprint(one.signing_key),
            }
            for one in authorities.authorities()
        ]
