"""What the forms of one's own data share."""

from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.forms import commune_choices
from civisdata.content.citizens.browser.forms import offer
from civisdata.content.citizens.own_data.person import WrongFields
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registration import CommuneChoice
from civisdata.content.citizens.registration import Offer
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import registration_of
from functools import cached_property
from plone import api
from zExceptions import NotFound
from zope.i18nmessageid import Message


class OwnForm(SpaceForm):
    """A form that shows what is stored until something was sent.

    A space without registration (none is made so) has no such pages.
    """

    def prepare(self) -> None:
        if getattr(self.context.aq_base, "_registration", None) is None:
            raise NotFound(self.__name__)

    @cached_property
    def person(self) -> Registration:
        return registration_of(self.context)

    @cached_property
    def offer(self) -> Offer:
        return offer(api.portal.get())

    @cached_property
    def communes(self) -> dict[str, CommuneChoice]:
        return commune_choices(api.portal.get())

    @property
    def commune_name(self) -> str:
        known = self.communes.get(self.person.commune)
        return self.person.commune if known is None else known.name

    def typed(self, name: str) -> str:
        """Return what was typed, else what is stored."""
        value = super().typed(name)
        if self.posted or name not in self.shown:
            return value
        return self.stored(name)

    #: Fields that show what is stored.
    shown: tuple[str, ...] = ()

    def stored(self, name: str) -> str:
        return getattr(self.person, name)

    def take(self, work):
        """Call ``work``; its wrong fields are shown at their places. Refused."""
        try:
            return work()
        except WrongFields as error:
            self.errors.update(error.errors)
            raise Refused(Message("")) from None

    def _refuse(self, message, status: int) -> None:
        super()._refuse(message or None, status)

    def again(self) -> str:
        return self.redirect(f"{self.space_url}/@@{self.__name__}")
