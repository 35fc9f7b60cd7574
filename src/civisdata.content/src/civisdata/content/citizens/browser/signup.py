"""Sign-up: ``/@@inscription`` and the page that follows it."""

from civisdata.content import _
from civisdata.content.citizens import antirobot
from civisdata.content.citizens import registrations
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.browser.forms import offer
from civisdata.content.citizens.browser.forms import site_secret
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import NEWS_BY_EMAIL
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.office import rule
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import ELSEWHERE
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.citizens.registration import validate
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from datetime import datetime
from datetime import UTC
from functools import cached_property
from plone import api
from Products.Five import BrowserView
from zope.i18nmessageid import Message
import time
import transaction


OUT_OF_DATE = _("This page was out of date. Please check it and send it once more.")

#: Fields by the label that the summary of errors uses, in the order of the form.
LABELS = {
    "first_name": _("First name"),
    "last_name": _("Family name"),
    "usage_name": _("Name in use, if it is another"),
    "birth_date": _("Date of birth"),
    "age_bracket": _("Age bracket"),
    "email": _("E-mail address"),
    "address": _("Number and street"),
    "address_more": _("Building, floor, care of"),
    "postal_code": _("Postal code"),
    "town": _("Town"),
    "commune": _("Commune of residence"),
    "consent": _("Information notice"),
}


class SignUp(FormView):
    """The sign-up form. It asks nothing to prove that one is no robot."""

    page_title = _("Create my personal space")
    labels = LABELS
    services = SERVICES
    publishers = PUBLISHERS
    ages = AGES
    rhythms = RHYTHMS
    elsewhere = ELSEWHERE
    email_hint = _("Your login and your first password are sent to it.")
    birth_date_hint = _("Day/month/year, such as 31/12/1980.")
    trap = antirobot.TRAP
    stamp_name = antirobot.STAMP

    def __call__(self) -> str:
        self.errors: dict[str, Message] = {}
        self.form_error: Message | None = None
        self.suggestions: list[str] = []
        self.request.response.setHeader("Cache-Control", "no-store")
        if self.posted and self._take_in():
            return ""
        return self.index()

    @cached_property
    def offer(self) -> Offer:
        return offer(self.context)

    @cached_property
    def information(self) -> Notice:
        return notice(INFORMATION)

    @cached_property
    def news_by_email(self) -> Notice:
        return notice(NEWS_BY_EMAIL)

    @property
    def communes(self) -> list[dict]:
        """The communes as options: those that take part, then the others."""
        chosen = self.typed("commune")
        if not chosen and len(self.suggestions) == 1:
            chosen = self.suggestions[0]
        groups = []
        for label, participating in (
            (_("Communes that take part"), True),
            (_("Communes that do not take part yet"), False),
        ):
            options = [
                {
                    "id": slug,
                    "name": commune.name,
                    "codes": " ".join(commune.postal_codes),
                    "selected": slug == chosen,
                }
                for slug, commune in self.offer.communes.items()
                if commune.participating is participating
            ]
            if options:
                groups.append({"label": label, "options": options})
        return groups

    @property
    def shown_at(self) -> str:
        """The signed time of the first showing, so that a correction may be quick."""
        now = time.time()
        sent = self.typed(antirobot.STAMP)
        if sent and not antirobot.objection(site_secret(), "", sent, now, quickest=0):
            return sent
        return antirobot.stamp(site_secret(), now)

    def error_list(self) -> list[dict]:
        """What the summary of errors shows, in the order of the form."""
        return [
            {"field": name, "label": label, "message": self.errors[name]}
            for name, label in LABELS.items()
            if name in self.errors
        ]

    def _take_in(self) -> bool:
        """Take in the form; False where the page has to be shown again."""
        form = self.request.form
        checked = validate(form, self.offer)
        self.errors = checked.errors
        self.suggestions = checked.suggestions
        self._check_consent()
        if not self.token_is_valid():
            return self._again(OUT_OF_DATE, 403)
        if self.errors:
            return self._again(None, 422)
        objection = antirobot.objection(
            site_secret(),
            self.typed(antirobot.TRAP),
            self.typed(antirobot.STAMP),
            time.time(),
        )
        if objection is not None:
            return self._again(objection, 422)
        if self._counter_is_full():
            return self._again(
                _(
                    "Many people have signed up from your network within this hour. "
                    "Please send the form again in an hour; nothing is wrong with it."
                ),
                429,
            )
        self._register(checked.registration)
        return True

    def _again(self, message: Message | None, status: int) -> bool:
        self.form_error = message
        self.request.response.setStatus(status)
        return False

    def _check_consent(self) -> None:
        if self.typed("notice_version") != self.information.version:
            self.errors["consent"] = _(
                "The information notice has changed. Please read it again."
            )
        elif not self.ticked("consent", "yes"):
            self.errors["consent"] = _(
                "Please read the information notice and tick the box below it."
            )

    def _counter_is_full(self) -> bool:
        return registrations.networks_of(get_spaces(self.context)).full(
            site_secret(),
            self.request.getClientAddr(),
            setting("sign_ups_per_hour"),
            time.time(),
        )

    def _register(self, registration: Registration) -> None:
        """Register and say « received », whether or not the address was known."""
        mailed = True
        try:
            self._write(registration, with_mail=True)
            transaction.commit()
        except MailNotSent:
            transaction.abort()
            self._write(registration, with_mail=False)
            mailed = False
        url = f"{self.portal_url}/@@inscription-recue"
        self.redirect(url if mailed else f"{url}?courriel=non")

    def _write(self, registration: Registration, with_mail: bool) -> None:
        spaces = get_spaces(self.context)
        now = datetime.now(UTC)
        registrations.networks_of(spaces, create=True).count(
            site_secret(), self.request.getClientAddr(), now.timestamp()
        )
        space = registrations.register(
            spaces,
            registration,
            consents=self._consents(registration, now),
            shown=(self.information, self.news_by_email),
            now=now,
            with_mail=with_mail,
        )
        rule.consider(space)

    def _consents(self, registration: Registration, now: datetime) -> list[Consent]:
        return [
            Consent(INFORMATION, self.information.version, now, True),
            Consent(
                NEWS_BY_EMAIL, self.news_by_email.version, now, registration.by_email
            ),
        ]


class SignedUp(BrowserView):
    """The same page for everybody who has sent the form."""

    page_title = _("Your request has been received")

    @property
    def mailed(self) -> bool:
        return self.request.form.get("courriel") != "non"

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()
