"""``@@mes-donnees``: name, address, date of birth; and the e-mail address."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import accounts
from civisdata.content.citizens.own_data import email
from civisdata.content.citizens.own_data import letters
from civisdata.content.citizens.own_data.browser.base import OwnForm
from civisdata.content.citizens.own_data.person import change_person
from civisdata.content.citizens.own_data.person import FIELDS
from civisdata.content.citizens.signup.browser.words import LABELS
from civisdata.content.news.ages import age_brackets
from civisdata.content.news.ages import ages
from datetime import date


class MyData(OwnForm):
    """Two forms; the second asks for the password, as messages of the account go there."""

    page_title = _("My data")
    labels = {
        **{name: LABELS[name] for name in FIELDS},
        "email": _("New e-mail address"),
        "current": _("Current password"),
    }
    shown = FIELDS
    birth_date_hint = _("Day/month/year, such as 31/12/1980.")

    def stored(self, name: str) -> str:
        value = super().stored(name)
        if name == "birth_date" and value:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        if name == "age_bracket":
            return ages().current(value) or ""
        return value

    def brackets(self) -> list[dict]:
        chosen = self.typed("age_bracket")
        return [
            {"id": id, "title": title, "selected": id == chosen}
            for id, title in age_brackets().items()
        ]

    @property
    def waiting(self) -> str:
        return email.waiting(self.context)

    @property
    def hours(self) -> int:
        return email.CONFIRM_HOURS

    @property
    def away(self) -> bool:
        """Whether the postal code isn't one of the commune: a move is meant, perhaps."""
        known = self.communes.get(self.person.commune)
        return known is not None and self.person.postal_code not in known.postal_codes

    def act(self, action: str) -> str | None:
        if action == "data":
            form = self.request.form
            changed = self.take(lambda: change_person(self.context, form, self.offer))
            self.say(
                _("Your data are saved.") if changed else _("Nothing has changed.")
            )
        elif action == "email":
            self._ask()
        elif action == "keep-email":
            email.drop(self.context)
            self.say(_("Your e-mail address stays as it is."))
        return self.again()

    def _ask(self) -> None:
        self.counted(
            lambda: accounts.need_current(self.context, self.secret("current")),
            "current",
        )
        links = email.ask(self.context, self.typed("email"))
        hours = str(email.CONFIRM_HOURS)
        if links.confirm:
            page = f"@@nouvelle-adresse?jeton={links.confirm}"
            account_mail.write(
                self.context, letters.CONFIRM_EMAIL, page, to=links.email, hours=hours
            )
        else:
            account_mail.write(self.context, letters.EMAIL_TAKEN, to=links.email)
        page = f"@@ancienne-adresse?jeton={links.stop}"
        account_mail.write(self.context, letters.EMAIL_ASKED, page)
        self.say(
            _(
                "A message with a link goes to ${address}. The address counts once you "
                "have followed it.",
                mapping={"address": links.email},
            )
        )
