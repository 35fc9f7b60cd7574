"""``@@mes-accords``: all that a citizen has agreed to or not: text, version, date, answer."""

from civisdata.content import _
from civisdata.content.citizens import consents
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.news_mail.wishes import turn_on
from civisdata.content.citizens.news_mail.wishes import WEB
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import NEWS_BY_EMAIL
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.own_data.browser.base import OwnForm
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registrations import consents_of
from civisdata.content.citizens.registrations import text_of_version
from functools import cached_property


TITLES = {
    INFORMATION: _("Information notice"),
    NEWS_BY_EMAIL: _("News by e-mail"),
    consents.TEXT: _("Deposit of documents"),
}
CHANNELS = {
    "web": _("On this site"),
    "paper": _("On paper"),
    "courriel": _("By the link of a message"),
    "closing": _("With the closing of the space"),
    "moving": _("With a move to another commune"),
}


class MyAgreements(OwnForm):
    """The two consents of the sign-up; those to deposits are on their own page."""

    page_title = _("My consents")

    @property
    def by_email(self) -> bool:
        return self.person.by_email

    @cached_property
    def news_notice(self) -> Notice:
        return notice(NEWS_BY_EMAIL)

    @property
    def news_text(self) -> list[str]:
        sections = self.news_notice.sections
        return [text for section in sections for text in section.paragraphs]

    @property
    def deposits(self) -> list[str]:
        """Names of those who may deposit."""
        return [answer.title for answer in consents.active(self.context)]

    @cached_property
    def _answers(self) -> list[tuple[float, dict]]:
        rows = [(one.date.timestamp(), self._of_signup(one)) for one in self._signup]
        rows += [(one.date, self._of_deposit(one)) for one in self._deposit]
        return sorted(rows, key=lambda row: row[0], reverse=True)

    @cached_property
    def _signup(self) -> list[Consent]:
        return consents_of(self.context)

    @cached_property
    def _deposit(self) -> list[consents.Answer]:
        return consents.history(self.context)

    def _of_signup(self, one: Consent) -> dict:
        read = one.id == INFORMATION
        given = _("Read and accepted") if read else _("Consent given")
        withdrawn = _("Consent withdrawn") if self._was_given(one) else _("Not agreed")
        return self._row(
            one.id,
            "",
            given if one.answer else withdrawn,
            one.date.timestamp(),
            one.channel,
            one.version,
        )

    def _was_given(self, one: Consent) -> bool:
        before = self._signup[: self._signup.index(one)]
        return any(other.id == one.id and other.answer for other in before)

    def _of_deposit(self, one: consents.Answer) -> dict:
        answer = _("Consent given") if one.given else _("Consent withdrawn")
        return self._row(
            one.text, one.title, answer, one.date, one.channel, one.version
        )

    def _row(self, id, whom, answer, seconds, channel, version) -> dict:
        return {
            "title": TITLES.get(id, id),
            "whom": whom,
            "answer": answer,
            "date": written_moment(seconds),
            "channel": CHANNELS.get(channel, channel),
            "version": version[:12],
            "url": f"{self.space_url}/@@mes-accords?texte={version}#texte",
        }

    def history(self) -> list[dict]:
        """All answers, the newest first."""
        return [row for _seconds, row in self._answers]

    @cached_property
    def text_shown(self) -> Notice | None:
        """The text of a version that this citizen has answered to, if asked for."""
        asked = self.typed("texte")
        versions = {one.version: one.id for one in self._signup}
        versions |= {one.version: one.text for one in self._deposit}
        text = None
        if asked in versions:
            text = text_of_version(self.context.__parent__, asked)
        return None if text is None else Notice(versions[asked], text)

    @property
    def text_title(self):
        return TITLES.get(self.text_shown.id, self.text_shown.id)

    def act(self, action: str) -> str:
        if action == "withdraw-news":
            if turn_off(self.context, WEB):
                self.say(_("You will receive no more news by e-mail."))
        elif action == "give-news":
            if self.typed("version") != self.news_notice.version:
                raise Refused(
                    _("The text has changed meanwhile. Read it again, then answer.")
                )
            rhythm = self.person.rhythm if self.person.rhythm in RHYTHMS else "weekly"
            turn_on(self.context, rhythm, self.person.publishers or tuple(PUBLISHERS))
            self.say(_("Your choice is saved."))
        return self.again()
