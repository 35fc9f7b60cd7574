"""The end of the form: it is sent, and kept until its address is confirmed."""

from civisdata.content.citizens import antirobot
from civisdata.content.citizens import clock
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import site_secret
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import NEWS_BY_EMAIL
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.signup import proof
from civisdata.content.citizens.signup import taking
from civisdata.content.citizens.signup.browser.words import LIMITS
from civisdata.content.citizens.signup.work import TASK
from civisdata.content.mail import MailNotSent
from civisdata.content.tasks import enqueue
from datetime import datetime
from datetime import UTC
from plone import api
import transaction


class SendsForm:
    """What ``SignUp`` does with a form that holds no error any more."""

    def send(self, limits: taking.Limits) -> bool:
        """Take the form in and lead to the next page; False where it is shown again."""
        secret, now = site_secret(), clock.now()
        objection = antirobot.objection(
            secret, self.typed(antirobot.TRAP), self._sent_stamp, now
        )
        if objection is not None:
            return self._again(objection, 422)
        stamp = antirobot.read_stamp(secret, self._sent_stamp)
        before = taking.room_of(self.spaces).form(stamp.nonce)
        if before is not None:
            return self._sent_before(secret, *before)
        proven = proof.is_solved(
            stamp, self.typed("proof"), taking.load_of(self.spaces, now)
        )
        client = self.request.getClientAddr()
        self.limit = taking.limit_reached(
            self.spaces, secret, client, proven, limits, now
        )
        if self.limit is not None:
            return self._again(LIMITS[self.limit], 429)
        self._keep(secret, stamp, client, proven, now)
        return True

    def _sent_before(self, secret: bytes, id: str, content: str) -> bool:
        """Answer a form that comes a second time (a double click) as the first time.

        With other contents it gets a new stamp, and is to be sent once more.
        """
        if taking.content_of(secret, self.checked.registration) != content:
            return self._again(OUT_OF_DATE, 422)
        self._lead_on(id, mailed=True)
        return True

    def _keep(self, secret: bytes, stamp, client: str, proven: bool, now: float):
        values = {
            "secret": secret,
            "client": client,
            "stamp": stamp,
            "oldest": antirobot.OLDEST,
            "days": setting("unconfirmed_days"),
            "proven": proven,
            "now": now,
            "invitation": self.invitation if self.ticked("tell_inviter", "yes") else "",
        }
        site, spaces, mailed = api.portal.get(), self.spaces, True
        content = (
            self.checked.registration,
            self._consents(now),
            (self.information, self.news_by_email),
        )
        try:
            id = taking.take_in(spaces, *content, **values)
            taking.send_letter(site, spaces, id, secret, now)
            transaction.commit()
        except MailNotSent:
            transaction.abort()
            id = taking.take_in(spaces, *content, **values)
            enqueue(TASK, waiting=id)
            mailed = False
        self._lead_on(id, mailed)

    def _lead_on(self, id: str, mailed: bool) -> None:
        url = f"{self.portal_url}/@@inscription-recue?demande={taking.resend_token(id)}"
        self.redirect(url if mailed else f"{url}&courriel=non")

    def _consents(self, now: float) -> list[Consent]:
        moment = datetime.fromtimestamp(now, UTC)
        by_email = self.checked.registration.by_email
        return [
            Consent(INFORMATION, self.information.version, moment, True),
            Consent(NEWS_BY_EMAIL, self.news_by_email.version, moment, by_email),
        ]

    @property
    def mairie(self) -> dict | None:
        """Whom to ask where a form can't be sent: the mairie of the commune chosen."""
        commune = api.portal.get()["communes"].get(self.typed("commune"))
        if commune is None:
            return None
        return {
            "name": commune.title,
            "url": commune.absolute_url(),
            "address": commune.address or "",
            "phone": commune.phone or "",
            "email": commune.email or "",
        }
