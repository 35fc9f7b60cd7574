"""``@@inviter``: a citizen sends an invitation."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.inviting.arrivals import arrivals_of
from civisdata.content.citizens.inviting.inviting import invite
from civisdata.content.citizens.inviting.inviting import left_today
from civisdata.content.citizens.inviting.inviting import LONGEST_WORD
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from plone import api
from zope.i18nmessageid import Message
import transaction


class Inviter(SpaceForm):
    """An address and a word; what is kept is said beside them."""

    page_title = _("Invite somebody")
    labels = {"email": _("Their e-mail address"), "word": _("Your word to them")}
    longest = LONGEST_WORD

    @property
    def left(self) -> int:
        return left_today(self.context, clock.now())

    @property
    def left_in_words(self) -> Message:
        if not self.left:
            return _(
                "You have sent all of today's invitations. There are more tomorrow."
            )
        if self.left == 1:
            return _("You can send one more invitation today.")
        return _(
            "You can send ${count} more invitations today.",
            mapping={"count": self.left},
        )

    @property
    def came_in_words(self) -> Message | None:
        """How many have come and said so; None while nobody has."""
        count = arrivals_of(self.context)
        if not count:
            return None
        if count == 1:
            return _("One person has come by your invitations and told you so.")
        return _(
            "${count} people have come by your invitations and told you so.",
            mapping={"count": count},
        )

    def act(self, action: str) -> str | None:
        try:
            invite(
                api.portal.get(),
                get_spaces(api.portal.get()),
                self.context,
                self.typed("email"),
                self.typed("word"),
                clock.now(),
            )
            transaction.commit()
        except MailNotSent:
            transaction.abort()
            raise Refused(
                _(
                    "Our mail server does not answer: nothing was sent, and nothing was "
                    "counted. Please try again in a while."
                )
            ) from None
        self.say(
            _(
                "It is done. If this person has not asked to be left alone and was not "
                "invited in the last days, the invitation is on its way."
            )
        )
        return self.redirect(f"{self.space_url}/@@inviter")
