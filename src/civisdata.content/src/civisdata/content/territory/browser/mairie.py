"""The form of a mairie, for the agents of the commune and the CUB's webmasters."""

from civisdata.content import _
from civisdata.content.territory import mairie
from civisdata.content.territory.hours import MOST_EXCEPTIONS
from civisdata.content.territory.rules import LOGO_REASONS
from civisdata.content.territory.services import MOST_SERVICES
from civisdata.theme.browser.charter import current
from civisdata.theme.logo import LogoError
from civisdata.theme.logo import MAX_BYTES
from civisdata.theme.logo import media_type
from plone import api
from plone.namedfile.file import NamedBlobImage
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.event import notify
from zope.i18nmessageid import Message
from zope.lifecycleevent import ObjectModifiedEvent


#: Lines of the form that are empty, to be filled in.
SPARE = 2

LABELS = {
    "address": _("Address"),
    "phone": _("Telephone"),
    "email": _("E-mail address"),
    "website": _("Web site"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "colour_main": _("Main colour"),
    "colour_second": _("Second colour"),
    "logo": _("Coat of arms or logo"),
}

SPECIAL_LABELS = {
    "from": _("First day"),
    "to": _("Last day, if there are several"),
    "hours": _("Hours (nothing: closed)"),
    "label": _("Reason, which visitors read"),
}

SERVICE_LABELS = {
    "name": _("Name of the service"),
    "phone": _("Telephone"),
    "hours": _("Hours"),
    "link": _("Web page"),
}

HINTS = {
    "website": _("It begins with https://."),
    "colour_main": _("Six digits or letters a to f after #, as in #6d1233."),
}


class MairieForm(BrowserView):
    """Address, hours, services, logo and colours; without JavaScript too."""

    page_title = _("The mairie: hours, contacts, services, colours")
    field_macro = ViewPageTemplateFile("templates/field.pt")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        self.request.set("disable_plone.leftcolumn", 1)
        self.form = mairie.typed_of(self.context)
        self.conflict = False
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            if self._save():
                return self._done()
            self.request.response.setStatus(422)
        return self.index()

    @property
    def stamp(self) -> str:
        """When the commune was last changed, as the form remembers it."""
        return (
            self.context.modified().ISO8601() + f"/{self.context.modified().micros()}"
        )

    @property
    def url(self) -> str:
        return self.context.absolute_url()

    def value(self, name: str) -> str:
        return self.form.texts.get(name, "")

    def error(self, name: str) -> Message | None:
        return self.form.errors.get(name)

    def invalid(self, name: str) -> str | None:
        return "true" if name in self.form.errors else None

    def described(self, name: str, hint: bool = False) -> str | None:
        """Return the ids of what describes a field."""
        ids = [f"{name}-hint"] if hint else []
        if name in self.form.errors:
            ids.append(f"{name}-error")
        return " ".join(ids) or None

    def error_list(self) -> list[dict]:
        """What is wrong, in the order of the form, for the summary."""
        return [
            {"field": name, "label": self._label(name), "message": message}
            for name, message in sorted(
                self.form.errors.items(), key=lambda row: self._order(row[0])
            )
        ]

    def _order(self, name: str) -> tuple:
        head, _dash, rest = name.partition("-")
        kinds = [*LABELS, "day", "specials", "special", "services", "service"]
        digits = rest.partition("-")[0]
        number = int(digits) if digits.isdigit() else 0
        return kinds.index(head) if head in kinds else len(kinds), number

    def _label(self, name: str) -> str:
        head, _dash, rest = name.partition("-")
        say = api.portal.translate
        if head == "day":
            return say(mairie.WEEKDAYS[int(rest)]).capitalize()
        if head in ("special", "service") and rest:
            number, _dash, part = rest.partition("-")
            special = head == "special"
            title = _("Particular days") if special else _("Services")
            label = (SPECIAL_LABELS if special else SERVICE_LABELS)[part]
            return f"{say(title)} ({int(number) + 1}), {say(label)}"
        if head == "specials":
            return say(_("Particular days"))
        if head == "services":
            return say(_("Services"))
        return say(LABELS[name])

    def contact_fields(self) -> list[dict]:
        types = {"phone": "tel", "email": "email", "website": "url"}
        return [
            self._line(name, types.get(name, "text"))
            for name in ("phone", "email", "website", "latitude", "longitude")
        ]

    def colour_fields(self) -> list[dict]:
        return [self._line(name) for name in ("colour_main", "colour_second")]

    def day_fields(self) -> list[dict]:
        return [
            {"name": f"day-{n}", "label": self._label(f"day-{n}")} for n in range(7)
        ]

    def _line(self, name: str, type: str = "text") -> dict:
        return {
            "name": name,
            "label": LABELS[name],
            "hint": HINTS.get(name),
            "type": type,
        }

    def special_rows(self) -> list[dict]:
        return self._rows(
            "special",
            _("Particular days"),
            self.form.specials,
            mairie.SPECIAL_FIELDS,
            MOST_EXCEPTIONS,
        )

    def service_rows(self) -> list[dict]:
        return self._rows(
            "service",
            _("Services"),
            self.form.services,
            mairie.SERVICE_FIELDS,
            MOST_SERVICES,
        )

    def _rows(
        self, kind: str, title: Message, typed: list[dict], names: tuple, most: int
    ) -> list[dict]:
        """The lines that were filled in, and some empty ones."""
        types = {"from": "date", "to": "date", "phone": "tel", "link": "url"}
        labels = SPECIAL_LABELS if kind == "special" else SERVICE_LABELS
        spare = max(0, min(SPARE, most - len(typed)))
        rows = [*typed, *[dict.fromkeys(names, "")] * spare]
        return [
            {
                "label": f"{api.portal.translate(title)} ({number + 1})",
                "fields": [
                    {
                        "name": f"{kind}-{number}-{name}",
                        "label": labels[name],
                        "type": types.get(name, "text"),
                        "value": row[name],
                    }
                    for name in names
                ],
            }
            for number, row in enumerate(rows)
        ]

    @property
    def has_logo(self) -> bool:
        return bool(self.context.logo)

    def _save(self) -> bool:
        self.form = mairie.read(self.request.form, current())
        logo = self._logo()
        seen = self.request.form.get("stamp")
        self.conflict = seen != self.stamp
        if self.form.errors or self.conflict:
            return False
        for name, value in self.form.values.items():
            setattr(self.context, name, value)
        if logo is not None:
            self.context.logo = logo
        elif self.request.form.get("remove_logo"):
            self.context.logo = None
        notify(ObjectModifiedEvent(self.context))
        return True

    def _logo(self) -> NamedBlobImage | None:
        upload = self.request.form.get("logo")
        if not getattr(upload, "filename", None):
            return None
        data = upload.read(MAX_BYTES + 1)
        try:
            kind = media_type(data)
        except LogoError as error:
            self.form.errors["logo"] = LOGO_REASONS[error.reason]
            return None
        name = "blason.svg" if kind == "image/svg+xml" else "blason.png"
        return NamedBlobImage(data=data, contentType=kind, filename=name)

    def _done(self) -> str:
        api.portal.show_message(_("The mairie is saved."), self.request)
        # « one more line »: back to the form, which has empty lines again.
        again = "more" in self.request.form
        self.request.response.redirect(
            f"{self.url}/@@mairie" if again else self.url, status=303
        )
        return ""
