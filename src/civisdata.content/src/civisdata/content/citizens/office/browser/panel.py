"""``@@inscriptions-controlpanel``: the rule, reasons, letters, sign-ups from one network."""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens.browser.forms import commune_choices
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.registration_settings import IRegistrationSettings
from civisdata.content.citizens.registration_settings import PREFIX
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.registrations import LONGEST_REASON
from civisdata.content.numbers import whole_number
from hashlib import sha256
from plone import api
from plone.protect import CheckAuthenticator
from zope import schema
from zope.i18nmessageid import Message
import json


#: All that are whole numbers; rooms that add one find it on the page.
NUMBERS = tuple(
    name
    for name, field in schema.getFieldsInOrder(IRegistrationSettings)
    if isinstance(field, schema.Int)
)

#: Reasons in the list, at most.
MOST_REASONS = 40


class BadSettings(ValueError):
    """What was sent can't be stored; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class RegistrationsPanel(FormView):
    """What webmasters and administrators decide about registrations."""

    page_title = _("Registrations")
    error: Message | None = None

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.posted:
            CheckAuthenticator(self.request)
            if self._save():
                api.portal.show_message(_("The settings are saved."), self.request)
                return self.redirect(self.url)
            self.request.response.setStatus(422)
        return self.index()

    @property
    def url(self) -> str:
        return f"{self.portal_url}/@@inscriptions-controlpanel"

    @property
    def version(self) -> str:
        """What tells whether somebody else has changed the settings meanwhile."""
        values = [setting(name) for name in schema.getFieldNames(IRegistrationSettings)]
        return sha256(json.dumps(values).encode()).hexdigest()[:16]

    def title_of(self, name: str) -> Message:
        return IRegistrationSettings[name].title

    def description_of(self, name: str) -> Message:
        return IRegistrationSettings[name].description

    def value(self, name: str):
        """What a field shows: what was typed, else what is stored."""
        if not self.posted:
            return setting(name)
        return self.typed(name)

    def is_on(self, name: str) -> bool:
        return self.ticked(name, "yes", bool(setting(name)))

    def communes(self) -> list[dict]:
        chosen = (
            as_list(self.request.form.get("automatic_communes"))
            if self.posted
            else setting("automatic_communes") or ()
        )
        return [
            {"id": slug, "name": commune.name, "ticked": slug in chosen}
            for slug, commune in commune_choices(api.portal.get()).items()
        ]

    def numbers(self) -> list[dict]:
        """The settings that are whole numbers, with their limits."""
        return [
            {
                "name": name,
                "title": self.title_of(name),
                "description": self.description_of(name),
                "value": self.value(name),
                "min": IRegistrationSettings[name].min,
                "max": IRegistrationSettings[name].max,
            }
            for name in NUMBERS
        ]

    def _save(self) -> bool:
        if self.typed("version") != self.version:
            self.error = _(
                "Somebody else has changed the settings meanwhile: nothing was saved. "
                "Look at them and make your changes again."
            )
            return False
        try:
            values = self._wanted()
        except BadSettings as error:
            self.error = error.message
            return False
        for name, value in values.items():
            api.portal.set_registry_record(f"{PREFIX}.{name}", value)
        return True

    def _wanted(self) -> dict:
        return {
            "automatic_acceptance": self.is_on("automatic_acceptance"),
            "automatic_without_doubt": self.is_on("automatic_without_doubt"),
            "automatic_communes": tuple(
                row["id"] for row in self.communes() if row["ticked"]
            ),
            "refusal_reasons": self._reasons(),
            **{name: self._number(name) for name in NUMBERS},
        }

    def _reasons(self) -> str:
        lines = [line.strip() for line in self.typed("refusal_reasons").splitlines()]
        lines = [line for line in dict.fromkeys(lines) if line]
        if len(lines) > MOST_REASONS or any(len(r) > LONGEST_REASON for r in lines):
            raise BadSettings(
                _(
                    "${most} reasons at most, of ${longest} characters at most.",
                    mapping={"most": MOST_REASONS, "longest": LONGEST_REASON},
                )
            )
        return "\n".join(lines)

    def _number(self, name: str) -> int:
        field = IRegistrationSettings[name]
        most = field.max or 10**6
        number = whole_number(self.typed(name).strip(), most)
        if number is None or number < (field.min or 0):
            raise BadSettings(
                _(
                    "« ${field} » is a whole number from ${least} to ${most}.",
                    mapping={
                        "field": api.portal.translate(field.title),
                        "least": field.min or 0,
                        "most": most,
                    },
                )
            )
        return number
