"""``@@partager`` and ``@@partages``: the owner's pages."""

from civisdata.content import _
from civisdata.content.citizens.addresses import find_space
from civisdata.content.citizens.journal import note
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing.access import GIVEN
from civisdata.content.vault.sharing.access import STEPS
from civisdata.content.vault.sharing.browser.base import end_of_day
from civisdata.content.vault.sharing.browser.base import SharingView
from civisdata.content.vault.sharing.browser.words import NOT_OFFERED
from civisdata.content.vault.sharing.browser.words import STATES
from civisdata.content.vault.sharing.mail import offered
from civisdata.content.vault.sharing.noted import OFFERED
from civisdata.content.vault.sharing.parts import DOCUMENT
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.people import name_of
from civisdata.content.vault.sharing.storage import ACCEPTED
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.sharing.subscribers import rekey
from civisdata.content.vault.storage import ensure_vault
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound


class Offer(SharingView):
    """``@@partager?document=<id>`` or ``?dossier=<id>``: offer something."""

    index = ViewPageTemplateFile("templates/offer.pt")
    page_title = _("Share")

    def act(self):
        kind, _colon, item = self.typed("item").partition(":")
        if kind not in (DOCUMENT, FOLDER):
            return self.refused(NOT_OFFERED["item"])
        person = find_space(api.portal.get(), self.typed("to"))
        try:
            asked = offers.Asked(
                kind=kind,
                item=item,
                to=self.typed("to"),
                may_add=self.typed("rights") == "add",
                until=end_of_day(self.typed("until")),
                message=self.typed("message"),
                fingerprint=self.typed("fingerprint"),
            )
            _share, reached = offers.offer(
                self.context,
                ensure_vault(self.context),
                self.bundle,
                asked,
                person,
                name_of(self.context),
            )
        except Refused as error:
            return self.refused(NOT_OFFERED[error.reason])
        except NoSuchItem:
            return self.refused(NOT_OFFERED["item"])
        note(self.context, OFFERED, item=item)
        if reached:
            offered(person)
        return self.done(
            self.given_url,
            _(
                "Your offer is on its way. The person finds it under « Shared with "
                "me », if this log-in name exists and takes offers."
            ),
        )

    @cached_property
    def _contents(self):
        return open_contents(self.vault, self.space_id, self.bundle)

    @property
    def chosen(self) -> str:
        """What is to be shared, as ``kind:id``."""
        if self.typed("item"):
            return self.typed("item")
        for kind, name in ((DOCUMENT, "document"), (FOLDER, "dossier")):
            if self.typed(name):
                return f"{kind}:{self.typed(name)}"
        return ""

    def _options(self, kind: str, items: dict) -> list[dict]:
        options = [
            {
                "value": f"{kind}:{id}",
                "title": item.title,
                "selected": f"{kind}:{id}" == self.chosen,
            }
            for id, item in items.items()
            if not self._contents.is_binned(item)
        ]
        return sorted(options, key=lambda option: option["title"].casefold())

    @property
    def documents(self) -> list[dict]:
        return self._options(DOCUMENT, self._contents.documents)

    @property
    def folders(self) -> list[dict]:
        return self._options(FOLDER, self._contents.folders)


class Given(SharingView):
    """``@@partages``: what the citizen shares, and how to stop it."""

    index = ViewPageTemplateFile("templates/given.pt")
    page_title = _("My shares")

    def act(self):
        actions = {"stop": self.stop, "forget": self.forget, "rekey": self.rekey}
        action = actions.get(self.typed("action"))
        if action is None:
            raise NotFound("action")
        try:
            return action(self.typed("id"))
        except NoSuchItem:
            return self.done(self.given_url, _("This share has ended already."))

    def stop(self, share_id: str):
        GIVEN.stop(self.context, self.request, self.bundle, share_id)
        return self.done(
            self.given_url,
            _(
                "The share has ended. What the person has read or downloaded before, "
                "they may have kept."
            ),
        )

    def forget(self, share_id: str):
        offers.forget_share(self.context, self.vault, self.bundle, share_id)
        return self.done(self.given_url, _("Taken out of the list."))

    def rekey(self, share_id: str):
        if rekey(self.vault, self.space_id, self.bundle, STEPS):
            return self.done(self.given_url, _("All documents have their new keys."))
        return self.done(self.given_url, _("Some documents still wait for new keys."))

    @property
    def waiting(self) -> int:
        """How many documents wait for a new key."""
        return len(sharing_of(self.vault).rekeys)

    @cached_property
    def _rows(self) -> list[dict]:
        return [
            self._row(share, own)
            for share, own in offers.given(self.vault, self.space_id, self.bundle)
        ]

    def _row(self, share, own) -> dict:
        return {
            "id": share.id,
            "title": own.title,
            "folder": own.kind == FOLDER,
            "to": own.to,
            "add": own.may_add,
            "state": STATES[share.state],
            "since": self.day(share.offered_at),
            "until": self.last_day(own.until),
            "ended": self.day(share.ended_at) if share.ended_at else "",
            # Before the answer, it would tell whether there is such a person.
            "fingerprint": (own.public.fingerprint if share.state == ACCEPTED else ""),
            "live": not share.ended_at,
        }

    def stop_label(self, row: dict) -> str:
        return f"{self.text(_('Stop this share'))} : {row['title']}, {row['to']}"

    def forget_label(self, row: dict) -> str:
        return f"{self.text(_('Take out of the list'))} : {row['title']}, {row['to']}"

    @property
    def live(self) -> list[dict]:
        return [row for row in self._rows if row["live"]]

    @property
    def ended(self) -> list[dict]:
        return [row for row in self._rows if not row["live"]]
