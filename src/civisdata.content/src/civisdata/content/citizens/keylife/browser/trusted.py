"""The page of trusted persons: mine, and those who count on me."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.accounts import need_current
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.keylife import dealing
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.keylife import letters
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.passwords import Refused
from civisdata.content.numbers import whole_number
from functools import cached_property
from typing import Any


_DAY = 86400
_STATES = {
    trust.WAITING: _("no answer yet"),
    trust.ACCEPTED: _("has accepted"),
    trust.WITHDRAWN: _("can no longer help"),
}


def name_of(space: Any) -> str:
    """Return how a citizen is called by others: name and login."""
    name = f"{space.first_name} {space.last_name}".strip()
    return f"{name} ({space.login})" if name else space.login


class TrustedPersons(SpaceForm):
    """``@@personnes-de-confiance``."""

    page_title = _("Trusted persons")
    places = tuple(range(1, dealing.MOST + 1))
    counts = tuple(range(dealing.FEWEST, dealing.MOST + 1))

    @cached_property
    def labels(self) -> dict:
        labels = {
            f"person{place}": _("Login of person ${number}", mapping={"number": place})
            for place in self.places
        }
        labels["needed"] = _("How many of them are needed")
        labels["current"] = _("Current password")
        for held in trust.get_trust(self.context).held:
            labels[f"code-{held}"] = _("Code that was read out to you")
        return labels

    @property
    def spaces(self):
        return self.context.__parent__

    @cached_property
    def bundle(self) -> keys.KeyBundle | None:
        return current_bundle(self.request)

    @property
    def circle(self) -> trust.Circle | None:
        return trust.circle_of(self.context)

    @property
    def needed(self) -> int:
        typed = whole_number(self.typed("needed"))
        return typed if typed in self.counts else 0

    def people(self) -> list[dict]:
        """The own trusted persons; names are there while documents are unlocked."""
        circle, names = self.circle, {}
        if self.bundle is not None:
            names = trust.open_names(self.bundle, self.context.getId(), circle.names)
        rows = []
        for number, member in enumerate(circle.members, start=1):
            state = trust.state_of(self.spaces, circle, member)
            name = names.get(member.id) or _(
                "Person ${number}", mapping={"number": number}
            )
            if state == trust.ACCEPTED and member.id in names:
                name = name_of(self.spaces.get_space(member.space_id))
            rows.append({"id": member.id, "name": name, "state": _STATES[state]})
        return rows

    @property
    def may_remove(self) -> bool:
        return self.bundle is not None and dealing.may_remove(self.circle)

    @property
    def can_help(self) -> int:
        """How many could help today."""
        return len(trust.helpers_of(self.spaces, self.circle))

    def others(self) -> list[dict]:
        """Who counts on this citizen: offers first."""
        rows = [
            {"id": held.id, "name": name_of(owner), "accepted": held.accepted}
            for held, owner in trust.held_for_others(self.spaces, self.context)
        ]
        return sorted(rows, key=lambda row: (row["accepted"], row["name"]))

    def calls(self) -> list[dict]:
        """Calls for help that wait for this citizen's answer."""
        rows = []
        for held, owner, call in helping.calls_for(self.context, self.spaces):
            start = helping.answered_from(call)
            rows.append(
                {
                    "id": held.id,
                    "name": name_of(owner),
                    "asked": written_moment(call.asked),
                    "start": written_moment(start),
                    "open": clock.now() >= start,
                    "tries": helping.tries_left(held, call),
                }
            )
        return rows

    def act(self, action: str) -> str | None:
        action, _colon, item_id = action.partition(":")
        if action == "set-up":
            self._set_up()
        elif action == "remove":
            dealing.remove(self.context, self.spaces, self._keys(), item_id)
            self.say(_("This person is removed. The others have new shares."))
        elif action == "end":
            self._keys()
            dealing.end(self.context, self.spaces)
            self.say(_("Nobody can help you to get your documents back any more."))
        elif action == "accept":
            dealing.accept(self.context, self.spaces, item_id)
            self.say(_("Thank you. This person can count on you now."))
        elif action == "leave":
            # What is erased can't be had back, and somebody counts on it: not for who
            # came in by a link of a mail, as long as the documents are locked.
            self._keys()
            dealing.leave(self.context, self.spaces, item_id)
            self.say(_("This person cannot count on you, and is not told by mail."))
        elif action == "confirm":
            self._confirm(item_id)
        elif action == "deny":
            owner = helping.deny(self.context, self.spaces, item_id)
            account_mail.write(owner, letters.CALL_DENIED)
            self.say(_("The call is cancelled, and the person is told by mail."))
        return self.redirect(f"{self.space_url}/@@personnes-de-confiance")

    def _keys(self) -> keys.KeyBundle:
        if self.bundle is None:
            raise Refused(_("Unlock your documents first."))
        return self.bundle

    def _set_up(self) -> None:
        found = self.counted(
            lambda: need_current(self.context, self.secret("current")), "current"
        )
        if found.bundle is None:
            raise Refused(_("Unlock your documents first."))
        typed = [self.typed(f"person{place}") for place in self.places]
        people = dealing.set_up(
            self.context, self.spaces, found.bundle, typed, self.needed
        )
        for person in people:
            offers = trust.ensure_trust(person)
            if clock.now() - offers.told > _DAY:
                offers.told = clock.now()
                account_mail.write(person, letters.OFFERED)
        self.say(
            _(
                "Your trusted persons are asked. They find your request on this same "
                "page of their space."
            )
        )

    def _confirm(self, item_id: str) -> None:
        owner = helping.confirm(
            self.context,
            self.spaces,
            self._keys(),
            item_id,
            self.typed(f"code-{item_id}"),
        )
        account_mail.write(owner, letters.CALL_ANSWERED)
        self.say(_("Thank you. Your share is given on."))
