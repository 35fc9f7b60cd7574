"""The registrations desk: the list at ``/espaces/@@registrations``, and one of them."""

from civisdata.content import _
from civisdata.content.citizens import registrations
from civisdata.content.citizens.browser.desk_words import ACTIONS
from civisdata.content.citizens.browser.desk_words import DONE
from civisdata.content.citizens.browser.desk_words import NO_MAIL
from civisdata.content.citizens.browser.desk_words import NOT_POSSIBLE
from civisdata.content.citizens.browser.desk_words import ORDER_TITLES
from civisdata.content.citizens.browser.desk_words import STATES
from civisdata.content.citizens.browser.forms import commune_choices
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.catalog import Found
from civisdata.content.citizens.catalog import ORDERS
from civisdata.content.citizens.desk import may_manage
from civisdata.content.citizens.desk import visible_communes
from civisdata.content.citizens.desk import visible_space
from civisdata.content.citizens.journal.own_actions import REGISTRATION_SEEN
from civisdata.content.citizens.journal.visits import note_look
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.mail import MailNotSent
from civisdata.content.news.ages import ages
from civisdata.content.news.topics import topic_titles
from civisdata.content.numbers import whole_number
from datetime import date
from datetime import datetime
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from Products.statusmessages.interfaces import IStatusMessage
from urllib.parse import urlencode
from zExceptions import Forbidden
from zExceptions import NotFound
from zoneinfo import ZoneInfo
from zope.i18nmessageid import Message
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import transaction


PAGE_SIZE = 50


def shown_date(moment: datetime) -> str:
    """Return day and time in France, as one reads them."""
    return moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y %H:%M")


class Desk(FormView):
    """List of registrations: filtered, sorted, in pages; read only."""

    page_title = _("Registrations")
    states = STATES
    orders = ORDER_TITLES

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

    @cached_property
    def visible(self) -> set[str] | None:
        return visible_communes(self.context)

    @cached_property
    def communes(self) -> dict[str, str]:
        """Communes that can be filtered by, slug → name."""
        return {
            slug: commune.name
            for slug, commune in commune_choices(api.portal.get()).items()
            if self.visible is None or slug in self.visible
        }

    @property
    def state(self) -> str:
        """The state filtered by; nothing sent means those that wait."""
        asked = self.request.form.get("state", "pending")
        return asked if asked in STATES else ""

    @property
    def commune(self) -> str:
        asked = self.typed("commune")
        return asked if asked in self.communes else ""

    @property
    def text(self) -> str:
        return self.typed("text").strip()[:100]

    @property
    def order(self) -> str:
        asked = self.typed("order")
        return asked if asked in ORDERS else "newest"

    @property
    def page(self) -> int:
        return whole_number(self.typed("page"), 10**6) or 1

    @cached_property
    def _found(self) -> tuple[list[Found], int]:
        return registrations.catalog_of(self.context).search(
            states=[self.state] if self.state else (),
            communes=[self.commune] if self.commune else self.visible,
            text=self.text,
            order=self.order,
            start=(self.page - 1) * PAGE_SIZE,
            size=PAGE_SIZE,
        )

    @property
    def total(self) -> int:
        return self._found[1]

    @property
    def total_in_words(self) -> Message:
        if not self.total:
            return _("No registration matches.")
        if self.total == 1:
            return _("One registration.")
        return _("${count} registrations.", mapping={"count": self.total})

    def rows(self) -> list[dict]:
        base = f"{self.context.absolute_url()}/@@registration"
        return [
            {
                "url": f"{base}/{found.id}",
                "name": found.name,
                "commune": self.communes.get(found.commune, found.commune),
                "state": found.state,
                "state_title": STATES[found.state],
                "date": shown_date(found.created),
            }
            for found in self._found[0]
        ]

    def tabs(self) -> list[dict]:
        """The states with the number of registrations in each."""
        catalog = registrations.catalog_of(self.context)
        tabs = [
            {
                "url": self._url(state=state, page=None),
                "title": title,
                "count": catalog.count(state, self.visible),
                "current": "page" if state == self.state else None,
            }
            for state, title in STATES.items()
        ]
        return tabs

    @property
    def previous_url(self) -> str | None:
        return self._url(page=self.page - 1) if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        more = self.page * PAGE_SIZE < self.total
        return self._url(page=self.page + 1) if more else None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    def _url(self, **changes) -> str:
        asked = {
            "state": self.state or "all",
            "commune": self.commune,
            "text": self.text,
            "order": self.order,
            "page": self.page,
            **changes,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.context.absolute_url()}/@@registrations?{query}"


@implementer(IPublishTraverse)
class DeskItem(FormView):
    """One registration: its data, its history, and what can be done with it.

    Whoever may not see it gets the answer for an unknown id.
    """

    states = STATES

    def __init__(self, context, request) -> None:
        super().__init__(context, request)
        self.space_id = ""
        self.error: Message | None = None
        self.error_action = ""

    def publishTraverse(self, request, name: str) -> "DeskItem":
        if self.space_id:
            raise NotFound(name)
        self.space_id = name
        return self

    def __call__(self) -> str:
        space = visible_space(self.context, self.space_id)
        if space is None:
            raise NotFound(self.space_id)
        self.space = space
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.posted:
            CheckAuthenticator(self.request)
            if not may_manage(space):
                raise Forbidden("registration")
            if self._act(self.typed("action")):
                return self.redirect(self.url)
        note_look(space, self.request, REGISTRATION_SEEN, self._looks_for)
        return self.index()

    @property
    def _looks_for(self) -> str:
        """The journal's actor: staff who manage registrations are the CUB's."""
        who = "cub" if may_manage(self.space) else self.space.commune
        return f"administration:{who}"

    @property
    def url(self) -> str:
        return f"{self.context.absolute_url()}/@@registration/{self.space_id}"

    @property
    def list_url(self) -> str:
        return f"{self.context.absolute_url()}/@@registrations"

    @property
    def page_title(self) -> str:
        return self.registration.display_name

    @property
    def registration(self) -> Registration:
        return registrations.registration_of(self.space)

    @property
    def state(self) -> str:
        return registrations.state_of(self.space)

    @cached_property
    def actions(self) -> set[str]:
        return registrations.possible_actions(self.space)

    @cached_property
    def communes(self) -> dict[str, str]:
        choices = commune_choices(api.portal.get())
        return {slug: commune.name for slug, commune in choices.items()}

    def facts(self) -> list[dict]:
        """The registration data, field by field, in words."""
        person = self.registration
        rows = [
            (_("First name"), person.first_name),
            (_("Family name"), person.last_name),
            (_("Name in use"), person.usage_name),
            (_("Date of birth"), _day(person.birth_date)),
            (_("Age bracket"), self._bracket(person)),
            (_("E-mail address"), person.email),
            (
                _("Address"),
                ", ".join(filter(None, (person.address, person.address_more))),
            ),
            (_("Town"), f"{person.postal_code} {person.town}"),
            (_("Commune"), self.communes.get(person.commune, person.commune)),
            (_("Login"), self.space.login),
        ]
        return [{"label": label, "value": value} for label, value in rows if value]

    def choices(self) -> list[dict]:
        """What was chosen « à la carte », in words."""
        person = self.registration
        known = topic_titles()
        rows = [
            (_("Services"), [SERVICES[id][0] for id in person.services]),
            (_("News"), [PUBLISHERS[id] for id in person.publishers]),
            (_("Topics"), [known.get(id, id) for id in person.topics]),
            (_("Ages"), [AGES[person.ages]]),
            (_("In the space"), [_("Yes") if person.by_page else _("No")]),
            (_("By e-mail"), [RHYTHMS[person.rhythm] if person.by_email else _("No")]),
        ]
        return [
            {"label": label, "value": ", ".join(self._words(values)) or "–"}
            for label, values in rows
        ]

    def consents(self) -> list[dict]:
        titles = {
            "information": _("Information notice"),
            "news-by-email": _("News by e-mail"),
        }
        return [
            {
                "label": titles.get(consent.id, consent.id),
                "answer": _("Yes") if consent.answer else _("No"),
                "date": shown_date(consent.date),
                "version": consent.version[:12],
            }
            for consent in registrations.consents_of(self.space)
        ]

    def history(self) -> list[dict]:
        """What happened, newest first."""
        actors = {
            registrations.BY_CITIZEN: _("the person"),
            registrations.BY_RULE: _("automatically"),
        }
        return [
            {
                "date": shown_date(line.date),
                # Ids of the directory's people begin with its name.
                "actor": actors.get(line.actor, line.actor.rpartition(":")[2]),
                "action": ACTIONS.get(line.action, line.action),
                "detail": line.detail,
            }
            for line in reversed(registrations.history_of(self.space))
        ]

    def _bracket(self, person: Registration) -> str:
        known = ages()
        title = known.titles().get(person.bracket_on(date.today(), known) or "")
        return "" if title is None else api.portal.translate(title)

    def _words(self, values) -> list[str]:
        return [
            api.portal.translate(v) if isinstance(v, Message) else v for v in values
        ]

    def _act(self, action: str) -> bool:
        """Do what was asked for; False where the page has to be shown again."""
        self.error_action = action
        try:
            self._do(action)
            transaction.commit()
        except registrations.NotPossible:
            transaction.abort()
            return self._say(NOT_POSSIBLE)
        except registrations.ReasonMissing:
            transaction.abort()
            return self._say(
                _(
                    "Write the reason, in ${longest} characters at most: it is sent to "
                    "the person.",
                    mapping={"longest": registrations.LONGEST_REASON},
                )
            )
        except MailNotSent:
            transaction.abort()
            return self._say(NO_MAIL)
        IStatusMessage(self.request).add(DONE[action], type="info")
        return True

    def _say(self, message: Message) -> bool:
        self.error = message
        self.request.response.setStatus(409)
        return False

    def _do(self, action: str) -> None:
        if action in ("refuse", "suspend"):
            change = getattr(registrations, action)
            change(self.space, self.typed("reason"))
        elif action == "reassign":
            commune = self.typed("commune")
            if commune not in self.communes:
                raise registrations.NotPossible(commune)
            registrations.reassign(self.space, commune)
        elif action == "renew_password":
            registrations.renew_first_password(self.space)
        elif action in ("accept", "reinstate", "close"):
            getattr(registrations, action)(self.space)
        else:
            raise registrations.NotPossible(action)


def _day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""
