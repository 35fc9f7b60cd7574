"""``@@consentements``: who may deposit documents; what was answered, and when."""

from civisdata.content import _
from civisdata.content.citizens import consents
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.publishers import COMMUNE
from civisdata.content.citizens.publishers import CUB
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.publishers import publishers
from civisdata.content.vault.deposits.arrivals import ensure_arrivals
from civisdata.content.vault.deposits.arrivals import held_arrivals
from civisdata.content.vault.deposits.journal_words import HELD_ERASED
from functools import cached_property
from plone import api


CHANNELS = {"web": _("In the space"), "paper": _("On paper")}


class Consents(SpaceForm):
    """Gives and withdraws consents, one publisher a button."""

    page_title = _("Who may deposit documents")

    @cached_property
    def publishers(self) -> dict[str, Publisher]:
        return publishers(api.portal.get())

    @property
    def notice(self) -> Notice:
        return consents.text_shown()

    @property
    def paragraphs(self) -> list[str]:
        return [line for part in self.notice.sections for line in part.paragraphs]

    @cached_property
    def _given(self) -> dict[str, consents.Answer]:
        return {answer.publisher: answer for answer in consents.active(self.context)}

    def given(self) -> list[dict]:
        """The consents that hold now."""
        return [
            {
                "id": answer.publisher,
                "title": answer.title,
                "since": written_moment(answer.date),
                "label": self._label(_("Withdraw my consent"), answer.title),
            }
            for answer in self._given.values()
        ]

    def near(self) -> list[dict]:
        """Who else may be allowed: the CUB, the own commune, télé-services."""
        return self._offered(
            lambda who: who.kind != COMMUNE or who.id == self.context.commune
        )

    def far(self) -> list[dict]:
        """The other communes."""
        return self._offered(
            lambda who: who.kind == COMMUNE and who.id != self.context.commune
        )

    def _offered(self, wanted) -> list[dict]:
        return [
            {
                "id": who.id,
                "title": who.title,
                "kind": self._kind(who),
                "label": self._label(_("Allow"), who.title),
            }
            for who in self.publishers.values()
            if who.active and who.id not in self._given and wanted(who)
        ]

    @staticmethod
    def _kind(who: Publisher):
        return {CUB: _("Urban community"), COMMUNE: _("Commune")}.get(
            who.kind, _("Online service")
        )

    def _label(self, text, title: str) -> str:
        """What a button is called for who can't see what stands beside it."""
        return f"{api.portal.translate(text)} : {title}"

    def history(self) -> list[dict]:
        """All answers, the newest first."""
        return [
            {
                "date": written_moment(answer.date),
                "title": answer.title,
                "answer": _("Consent given")
                if answer.given
                else _("Consent withdrawn"),
                "channel": CHANNELS.get(answer.channel, answer.channel),
                "version": answer.version[:12],
            }
            for answer in reversed(consents.history(self.context))
        ]

    @property
    def held(self) -> int:
        """How many deposits were held back."""
        return len(held_arrivals(self.context))

    def act(self, action: str) -> str | None:
        asked = self.typed("publisher")
        if action == "give":
            self._give(asked)
        elif action == "withdraw":
            if asked in self._given:
                consents.withdraw(self.context, asked)
                self.say(
                    _(
                        "Consent withdrawn: nothing more can be deposited by "
                        "${publisher}.",
                        mapping={"publisher": self._by(asked)},
                    )
                )
        elif action == "erase-held":
            for arrival in held_arrivals(self.context):
                ensure_arrivals(self.context).erase(arrival.id)
                note(self.context, HELD_ERASED, item=arrival.id)
            self.say(_("The deposits that were held back are erased."))
        return self.redirect(f"{self.space_url}/@@consentements")

    def _by(self, publisher_id: str) -> str:
        known = self.publishers.get(publisher_id)
        return known.by if known else self._given[publisher_id].title

    def _give(self, publisher_id: str) -> None:
        publisher = self.publishers.get(publisher_id)
        if publisher is None or not publisher.active:
            raise Refused(_("This publisher can no longer deposit documents."))
        try:
            consents.give(self.context, publisher, self.typed("version"))
        except consents.OtherText:
            raise Refused(
                _("The text has changed meanwhile. Read it again, then answer.")
            ) from None
        self.say(
            _(
                "Consent given: documents may be deposited by ${publisher}.",
                mapping={"publisher": publisher.by},
            )
        )
