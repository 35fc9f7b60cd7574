"""``/espaces/@@guichet/<id>``: an agent confirms an identity at the counter."""

from civisdata.content import _
from civisdata.content.citizens import registrations
from civisdata.content.citizens.counter import identity
from civisdata.content.citizens.counter.browser.facts import IdentityFacts
from civisdata.content.citizens.counter.browser.facts import may_confirm
from civisdata.content.citizens.desk import may_manage
from civisdata.content.citizens.office.browser.facts import person_facts
from civisdata.content.citizens.office.browser.item import OneRegistration
from civisdata.content.citizens.office.browser.words import NOT_POSSIBLE
from zExceptions import NotFound
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import transaction


#: Fields that are compared with the paper.
COMPARED = 4


@implementer(IPublishTraverse)
class Counter(OneRegistration, IdentityFacts):
    """Confirm, confirm again with another paper, or withdraw.

    An agent confirms those of the own commune, for that commune; an administrator of the
    CUB all, for the CUB.
    """

    papers = identity.PAPERS

    def check_rights(self) -> None:
        """Whoever may not confirm finds nothing here."""
        if not may_confirm(self.space):
            raise NotFound(self.space_id)

    @property
    def may_act(self) -> bool:
        return True

    @property
    def page_title(self):
        return _("At the counter: ${name}", mapping={"name": self.name})

    @property
    def name(self) -> str:
        return self.registration.display_name

    @property
    def url(self) -> str:
        return self.counter_url

    @property
    def publisher(self) -> str:
        return "cub" if may_manage(self.space) else self.space.commune

    def compared(self) -> list[dict]:
        """What the agent compares with the paper."""
        return person_facts(self.registration, "", {})[:COMPARED]

    def act(self) -> str | None:
        action, publisher = self.typed("action"), self.publisher
        name = self.publisher_name(publisher)
        try:
            if action == "confirm":
                self._confirm(publisher, name)
            elif action == "withdraw":
                reason = self.typed("reason")
                identity.withdraw(self.space, reason, self.me, publisher, name)
            else:
                raise registrations.NotPossible(action)
        except identity.NoConfirmation:
            transaction.abort()
            self.refuse_with(
                _("Choose the kind of paper, and tick that you have compared it."), 422
            )
        except registrations.ReasonMissing:
            transaction.abort()
            self.refuse_with(
                _(
                    "Write the reason, in ${longest} characters at most: it is kept in "
                    "the history.",
                    mapping={"longest": registrations.LONGEST_REASON},
                ),
                422,
            )
        except registrations.NotPossible:
            transaction.abort()
            self.refuse_with(NOT_POSSIBLE)
        else:
            self.say(DONE[action])
            return self.redirect(self.url_of_item)
        return None

    def _confirm(self, publisher: str, name: str) -> None:
        if self.typed("compared") != "yes":
            raise identity.NoConfirmation("compared")
        identity.confirm(self.space, self.typed("paper"), self.me, publisher, name)


DONE = {
    "confirm": _("The identity is confirmed. The person is told by e-mail."),
    "withdraw": _("The confirmation is withdrawn. The person is told by e-mail."),
}
