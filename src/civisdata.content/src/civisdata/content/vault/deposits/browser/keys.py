"""``@@cles-publiques``: the keys with which receipts are verified, for everybody."""

from civisdata.content import _
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.site_keys import published_keys
from civisdata.content.vault.deposits.receipts import iso
from plone import api
from Products.Five import BrowserView
import json


class PublicKeysPage(BrowserView):
    """The keys for people."""

    page_title = _("Public keys of the deposits")
    page_description = _("With these keys anybody can verify a receipt of a deposit.")

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    def keys(self) -> list[dict]:
        return [
            {
                "id": key.id,
                "title": key.title,
                "public": key.public,
                "fingerprint": key.fingerprint,
                "since": written_moment(key.valid_from),
                "until": key.valid_until and written_moment(key.valid_until),
            }
            for key in published_keys(self.context)
        ]


class PublicKeysFile(BrowserView):
    """The keys for programs: JSON."""

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Content-Type", "application/json")
        response.setHeader("Access-Control-Allow-Origin", "*")
        return json.dumps(
            {
                "type": "civisdata-keys-1",
                "keys": [
                    {
                        "id": key.id,
                        "algorithm": "Ed25519",
                        "publisher": key.publisher,
                        "publisher_name": key.title,
                        "public_key": key.public,
                        "sha256": key.fingerprint.replace(" ", ""),
                        "valid_from": iso(key.valid_from),
                        "valid_until": key.valid_until and iso(key.valid_until),
                    }
                    for key in published_keys(self.context)
                ],
            },
            ensure_ascii=False,
            indent=2,
        )
