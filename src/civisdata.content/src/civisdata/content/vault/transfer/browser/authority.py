"""``@@cle-de-transfert``: the keys of this portal, for everybody."""

from civisdata.content import _
from civisdata.content.vault.transfer.authorities import Authority
from civisdata.content.vault.transfer.portal_keys import recipient
from civisdata.content.vault.transfer.portal_keys import signing_publics
from civisdata.content.vault.transfer.signatures import fingerprint
from plone import api
from Products.Five.browser import BrowserView


class TransferKey(BrowserView):
    """Where archives for this authority are sealed to, and what it signs with."""

    page_title = _("Key for transfers to this portal")

    @property
    def authority(self) -> Authority:
        portal = api.portal.get()
        return Authority(
            name=portal.Title(),
            url=portal.absolute_url(),
            recipient=recipient(),
            signing_key=signing_publics()[-1],
        )

    @property
    def signing_fingerprint(self) -> str:
        return fingerprint(self.authority.signing_key)
