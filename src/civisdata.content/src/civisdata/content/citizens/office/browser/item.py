"""``/espaces/@@registration/<id>``: one registration, and what can be done with it."""

from civisdata.content import _
from civisdata.content.citizens import registrations
from civisdata.content.citizens.accounts import is_active
from civisdata.content.citizens.catalog import LETTER
from civisdata.content.citizens.counter import same_person
from civisdata.content.citizens.counter.browser.facts import IdentityFacts
from civisdata.content.citizens.desk import may_manage
from civisdata.content.citizens.desk import visible_space
from civisdata.content.citizens.journal.own_actions import REGISTRATION_SEEN
from civisdata.content.citizens.journal.visits import note_look
from civisdata.content.citizens.office import printing
from civisdata.content.citizens.office import reasons
from civisdata.content.citizens.office import rule
from civisdata.content.citizens.office.browser import facts
from civisdata.content.citizens.office.browser.base import DeskPage
from civisdata.content.citizens.office.browser.words import DONE
from civisdata.content.citizens.office.browser.words import LIKENESS
from civisdata.content.citizens.office.browser.words import NO_MAIL
from civisdata.content.citizens.office.browser.words import NOT_POSSIBLE
from civisdata.content.citizens.office.browser.words import OBJECTIONS
from civisdata.content.citizens.office.browser.words import shown_date
from civisdata.content.citizens.office.browser.words import STATES
from civisdata.content.citizens.office.support import account_state
from civisdata.content.citizens.registration import Registration
from civisdata.content.mail import MailNotSent
from functools import cached_property
from zExceptions import NotFound
from zope.i18nmessageid import Message
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import transaction


class OneRegistration(DeskPage):
    """A page below ``/espaces`` about one registration, named by the next step of the URL.

    Whoever may not see it gets the answer for an unknown id.
    """

    def __init__(self, context, request) -> None:
        super().__init__(context, request)
        self.space_id = ""

    def publishTraverse(self, request, name: str) -> "OneRegistration":
        if self.space_id:
            raise NotFound(name)
        self.space_id = name
        return self

    def __call__(self) -> str:
        space = visible_space(self.context, self.space_id)
        if space is None:
            raise NotFound(self.space_id)
        self.space = space
        return super().__call__()

    @cached_property
    def may_manage(self) -> bool:
        return may_manage(self.space)

    @property
    def registration(self) -> Registration:
        return registrations.registration_of(self.space)

    @property
    def page_title(self) -> str:
        return self.registration.display_name

    @property
    def url_of_item(self) -> str:
        return f"{self.base_url}/@@registration/{self.space_id}"


@implementer(IPublishTraverse)
class DeskItem(OneRegistration, IdentityFacts):
    """Its data, its history, its account's state, and what can be done with it."""

    states = STATES
    error_action = ""

    def __call__(self) -> str:
        done = super().__call__()
        if not self.request.response.getHeader("Location"):
            note_look(self.space, self.request, REGISTRATION_SEEN, self._looks_for)
        return done

    @property
    def _looks_for(self) -> str:
        """The journal's actor: staff who manage registrations are the CUB's."""
        who = "cub" if self.may_manage else self.space.commune
        return f"administration:{who}"

    @property
    def url(self) -> str:
        return self.url_of_item

    @property
    def state(self) -> str:
        return registrations.state_of(self.space)

    @cached_property
    def actions(self) -> set[str]:
        found = registrations.possible_actions(self.space)
        if "renew_password" in found and printing.may_await(self.space):
            found.add("await_letter")
        return found

    @property
    def communes(self) -> dict[str, str]:
        return self.all_communes

    @property
    def reasons(self) -> dict[str, str]:
        return reasons.reasons()

    @property
    def is_active(self) -> bool:
        return is_active(self.space)

    @property
    def letter_waits(self) -> bool:
        return self.catalog.has_mark(self.space_id, LETTER)

    def facts(self) -> list[dict]:
        return facts.person_facts(self.registration, self.space.login, self.communes)

    def choices(self) -> list[dict]:
        return facts.choice_facts(self.registration)

    def consents(self) -> list[dict]:
        return facts.consent_facts(self.space)

    def history(self) -> list[dict]:
        return facts.history_facts(self.space)

    def account(self) -> list[dict]:
        """The account's state, for those who help its citizen."""
        return facts.account_facts(account_state(self.space)) if self.may_manage else []

    def objections(self) -> list[Message]:
        """Why the rule of automatic acceptance has not accepted it."""
        if not self.may_manage or self.state != "pending" or not rule.is_on():
            return []
        return [OBJECTIONS[id] for id in rule.objections(self.space)]

    @cached_property
    def others(self) -> list[dict]:
        """Registrations that are, or may be, the same person's; all of the CUB's."""
        if not self.may_manage:
            return []
        joined = same_person.same_as(self.space)
        like = self.catalog.like(self.space_id)
        found = []
        for space_id in dict.fromkeys((*joined, *like)):
            space = self.context.get_space(space_id)
            if space is not None:
                found.append(self._other(space, space_id in joined, like))
        return found

    def _other(self, space, joined: bool, like: dict[str, list[str]]) -> dict:
        state = registrations.state_of(space)
        live = {state, self.state} <= same_person.STATES
        active = is_active(space)
        kinds = like.get(space.getId(), ())
        person = registrations.registration_of(space)
        return {
            "id": space.getId(),
            "url": f"{self.base_url}/@@registration/{space.getId()}",
            "name": person.display_name,
            "where": self.communes.get(person.commune, person.commune),
            "date": shown_date(space._registered),
            "state": state,
            "state_title": STATES[state],
            "active": active,
            "joined": joined,
            "why": [LIKENESS[kind] for kind in kinds],
            "keep_this": live and not joined and (self.is_active or not active),
            "keep_other": live and not joined and (active or not self.is_active),
        }

    def act(self) -> str | None:
        """Do what was asked for; None where the page has to be shown again."""
        action = self.error_action = self.typed("action")
        try:
            self._do(action)
            transaction.commit()
        except (registrations.NotPossible, KeyError):
            transaction.abort()
            self.refuse_with(NOT_POSSIBLE)
        except registrations.ReasonMissing:
            transaction.abort()
            self.refuse_with(
                _(
                    "Write the reason, in ${longest} characters at most: it is sent to "
                    "the person.",
                    mapping={"longest": registrations.LONGEST_REASON},
                )
            )
        except MailNotSent:
            transaction.abort()
            self.refuse_with(NO_MAIL)
        else:
            by_post = action == "accept" and self.typed("by") == "post"
            self.say(DONE["await_letter" if by_post else action])
            return self.redirect(self.url)
        return None

    def _do(self, action: str) -> None:
        if action in ("refuse", "suspend"):
            change = getattr(registrations, action)
            change(self.space, self._reason())
        elif action == "accept":
            by_post = self.typed("by") == "post"
            registrations.accept(self.space, by_post=by_post)
        elif action == "reassign":
            commune = self.typed("commune")
            if commune not in self.communes:
                raise registrations.NotPossible(commune)
            registrations.reassign(self.space, commune)
        elif action == "renew_password":
            registrations.renew_first_password(self.space)
        elif action == "await_letter":
            printing.await_letter(self.space)
        elif action in ("join", "join_into", "part"):
            self._do_with_other(action)
        elif action in ("reinstate", "close"):
            getattr(registrations, action)(self.space)
        else:
            raise registrations.NotPossible(action)

    def _reason(self) -> str:
        return reasons.composed(self.typed("reason_id"), self.typed("reason"))

    def _do_with_other(self, action: str) -> None:
        """Join or part this one with one of those that the page names, and no other."""
        other_id = self.typed("other")
        if other_id not in {row["id"] for row in self.others}:
            raise registrations.NotPossible("other")
        other = self.context.get_space(other_id)
        if action == "part":
            same_person.part(self.space, other)
        elif action == "join":
            same_person.join(self.space, other)
        else:
            same_person.join(other, self.space)
