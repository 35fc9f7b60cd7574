"""What pages of the desk say of a confirmed identity, and who may confirm one."""

from AccessControl import getSecurityManager
from civisdata.content.citizens import registrations
from civisdata.content.citizens.counter import identity
from civisdata.content.citizens.counter.identity import Confirmation
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.publishers import publishers
from functools import cached_property
from plone import api
from zope.i18nmessageid import Message


CONFIRM = "civisdata.content: Confirm identity"


def may_confirm(space) -> bool:
    """Say whether the current user may confirm this person's identity."""
    return bool(getSecurityManager().checkPermission(CONFIRM, space))


class IdentityFacts:
    """What pages about one registration (``self.space``) say of the identity."""

    @cached_property
    def confirmation(self) -> Confirmation | None:
        """The confirmation that counts."""
        return identity.level_of(self.space)

    @property
    def former_confirmation(self) -> Confirmation | None:
        """One that counts no more, as the names have changed since."""
        found = identity.confirmation_of(self.space)
        return None if found is None or self.confirmation else found

    @property
    def confirmed_when(self) -> str:
        return written_moment(identity.confirmation_of(self.space).at)

    @property
    def confirmed_by(self) -> str:
        """The administration, and who there."""
        found = identity.confirmation_of(self.space)
        name = self.publisher_name(found.publisher)
        return f"{name}, {found.actor.rpartition(':')[2]}"

    @property
    def confirmed_paper(self) -> Message | str:
        found = identity.confirmation_of(self.space)
        return identity.PAPERS.get(found.paper, found.paper)

    @property
    def may_confirm(self) -> bool:
        return may_confirm(self.space) and self.is_live

    @property
    def is_live(self) -> bool:
        return registrations.state_of(self.space) in identity.STATES

    @property
    def counter_url(self) -> str:
        return f"{self.context.absolute_url()}/@@guichet/{self.space.getId()}"

    def publisher_name(self, publisher_id: str) -> str:
        found = publishers(api.portal.get()).get(publisher_id)
        return publisher_id if found is None else found.title
