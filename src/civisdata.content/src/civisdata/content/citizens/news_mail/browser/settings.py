"""``@@courriels``: how often a citizen is mailed news, and whose."""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.news_mail.wishes import stopped_at
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.news_mail.wishes import turn_on
from civisdata.content.citizens.news_mail.wishes import WEB
from civisdata.content.citizens.notices import NEWS_BY_EMAIL
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.news.dates import long_date
from civisdata.content.news.dates import PARIS
from datetime import datetime
from Products.Five import BrowserView


#: Value of the rhythm for who wishes no mail.
NONE = "none"


def _stopped_on(space) -> str:
    moment = stopped_at(space)
    return "" if moment is None else long_date(datetime.fromtimestamp(moment, PARIS))


class MailSettings(SpaceForm):
    """One choice of four rhythms, and one of publishers."""

    page_title = _("News by e-mail")
    labels = {"rhythm-at-once": _("How often"), "publisher-commune": _("Which news")}

    @property
    def address(self) -> str:
        return registration_of(self.context).email

    @property
    def stopped(self) -> str:
        return _stopped_on(self.context)

    @property
    def consent(self) -> list[str]:
        sections = notice(NEWS_BY_EMAIL).sections
        return [text for section in sections for text in section.paragraphs]

    def rhythms(self) -> list[dict]:
        chosen = self.typed("rhythm") if self.posted else self._rhythm
        choices = {**RHYTHMS, NONE: _("No e-mail")}
        return [
            {"id": id, "title": title, "checked": id == chosen}
            for id, title in choices.items()
        ]

    @property
    def _rhythm(self) -> str:
        return registration_of(self.context).mail_rhythm or NONE

    def publishers(self) -> list[dict]:
        chosen = registration_of(self.context).publishers or tuple(PUBLISHERS)
        return [
            {
                "id": id,
                "title": title,
                "checked": self.ticked("publishers", id, id in chosen),
            }
            for id, title in PUBLISHERS.items()
        ]

    def act(self, action: str) -> str | None:
        rhythm = self.typed("rhythm")
        if rhythm == NONE:
            turn_off(self.context, WEB)
            self.say(_("You will receive no more news by e-mail."))
        elif rhythm not in RHYTHMS:
            raise Refused(
                _("Choose how often you want to be written to."), "rhythm-at-once"
            )
        else:
            chosen = as_list(self.request.form.get("publishers"))
            if not any(id in PUBLISHERS for id in chosen):
                raise Refused(_("Choose whose news you want."), "publisher-commune")
            turn_on(self.context, rhythm, chosen)
            self.say(_("Your choice is saved."))
        return self.redirect(f"{self.space_url}/@@courriels")


class StoppedBlock(BrowserView):
    """Shown on the home page once mails came back too often; else nothing."""

    def __call__(self) -> str:
        self.stopped = _stopped_on(self.context)
        return self.index() if self.stopped else ""
