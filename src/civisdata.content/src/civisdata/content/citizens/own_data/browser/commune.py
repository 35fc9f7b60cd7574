"""``@@ma-commune``: moving, in two steps: what will happen is said before it happens."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens.own_data import letters
from civisdata.content.citizens.own_data import moving
from civisdata.content.citizens.own_data.browser.base import OwnForm
from civisdata.content.citizens.own_data.person import ADDRESS
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registration import ELSEWHERE
from civisdata.content.citizens.registrations import NotPossible
from civisdata.content.citizens.signup.browser.words import LABELS


class MyCommune(OwnForm):
    """Asks for the new address; shows what follows; moves."""

    page_title = _("My commune")
    labels = {name: LABELS[name] for name in (*ADDRESS, "commune")}
    elsewhere_value = ELSEWHERE
    fields_of_address = ADDRESS
    #: What the page shows beneath the form: nothing, ``confirm`` or ``elsewhere``.
    step = ""

    def options(self) -> list[dict]:
        """The communes that take part, but for the present one."""
        chosen = self.typed("commune")
        return [
            {"id": slug, "name": one.name, "selected": slug == chosen}
            for slug, one in self.communes.items()
            if one.participating and slug != self.person.commune
        ]

    @property
    def ends_consent(self) -> bool:
        return moving.ends_consent(self.context)

    @property
    def new_name(self) -> str:
        known = self.communes.get(self.typed("commune"))
        return "" if known is None else known.name

    def act(self, action: str) -> str | None:
        if self.typed("commune") == ELSEWHERE:
            self.step = "elsewhere"
            return None
        if self.typed("commune") == self.person.commune:
            raise Refused(_("This is your commune already."), "commune")
        form = self.request.form
        if action != "move":
            self.take(lambda: moving.planned(self.context, form, self.offer))
            self.step = "confirm"
            return None
        former = self.commune_name
        try:
            _before, after = self.take(
                lambda: moving.move(self.context, form, self.offer)
            )
        except NotPossible:
            raise Refused(_("This is your commune already."), "commune") from None
        commune = self.communes[after].name
        account_mail.write(self.context, letters.MOVED, commune=commune, former=former)
        self.say(
            _("Your space now belongs to ${commune}.", mapping={"commune": commune})
        )
        return self.again()
