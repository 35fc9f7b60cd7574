"""What the page of one registration says, in words."""

from civisdata.content import _
from civisdata.content.citizens import registrations
from civisdata.content.citizens.content import is_space_id
from civisdata.content.citizens.counter import identity
from civisdata.content.citizens.office.browser.base import shown_actor
from civisdata.content.citizens.office.browser.words import ACTIONS
from civisdata.content.citizens.office.browser.words import shown_date
from civisdata.content.citizens.office.support import AccountState
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.news.ages import ages
from civisdata.content.news.topics import topic_titles
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from plone import api
from zope.i18nmessageid import Message


def written_day(day: date | None) -> str:
    """Return a day as one reads it; nothing for none."""
    return day.strftime("%d/%m/%Y") if day else ""


def person_facts(
    person: Registration, login: str, communes: Mapping[str, str]
) -> list[dict]:
    """Return the registration data, field by field; empty ones are left out."""
    born = date.fromisoformat(person.birth_date) if person.birth_date else None
    address = ", ".join(filter(None, (person.address, person.address_more)))
    return _rows(
        (_("First name"), person.first_name),
        (_("Family name"), person.last_name),
        (_("Name in use"), person.usage_name),
        (_("Date of birth"), written_day(born)),
        (_("Age bracket"), _bracket(person)),
        (_("E-mail address"), person.email),
        (_("Address"), address),
        (_("Town"), f"{person.postal_code} {person.town}"),
        (_("Commune"), communes.get(person.commune, person.commune)),
        (_("Login"), login),
    )


def choice_facts(person: Registration) -> list[dict]:
    """Return what was chosen « à la carte »."""
    known = topic_titles()
    rows = (
        (_("Services"), [SERVICES[id][0] for id in person.services]),
        (_("News"), [PUBLISHERS[id] for id in person.publishers]),
        (_("Topics"), [known.get(id, id) for id in person.topics]),
        (_("Ages"), [AGES[person.ages]]),
        (_("In the space"), [_("Yes") if person.by_page else _("No")]),
        (_("By e-mail"), [RHYTHMS[person.rhythm] if person.by_email else _("No")]),
    )
    return [
        {"label": label, "value": ", ".join(_words(values)) or "–"}
        for label, values in rows
    ]


def consent_facts(space) -> list[dict]:
    """Return the answers to the texts that were shown."""
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
        for consent in registrations.consents_of(space)
    ]


def history_facts(space) -> list[dict]:
    """Return what happened to the registration, newest first."""
    actors = {
        registrations.BY_CITIZEN: _("the person"),
        registrations.BY_RULE: _("automatically"),
    }
    return [
        {
            "date": shown_date(line.date),
            "actor": actors.get(line.actor, shown_actor(line.actor)),
            "action": ACTIONS.get(line.action, line.action),
            "detail": _detail(line),
        }
        for line in reversed(registrations.history_of(space))
    ]


def account_facts(state: AccountState | None) -> list[dict]:
    """Return the state of an account: what helps its citizen, and nothing more."""
    if state is None:
        return _rows((_("Account"), _("None yet")))
    return _rows(
        (_("Activated on"), written_day(state.activated) or _("Not yet")),
        (_("Last log-in"), written_day(state.last_log_in) or _("None that is known")),
        (_("Failed log-ins within a day"), str(state.failures_today)),
        (_("First password"), _first_password(state)),
        (
            _("Second factor of the log-in"),
            _("On") if state.second_factor else _("Off"),
        ),
        (
            _("Documents"),
            _("Locked until the recovery code or the former password is given")
            if state.documents_locked
            else "",
        ),
    )


def _first_password(state: AccountState) -> Message | str:
    if not state.first_password:
        return ""
    until = {"day": written_day(state.first_until)}
    if state.first_is_over:
        return _("Not used, over since ${day}", mapping=until)
    return _("Not used yet, valid until ${day}", mapping=until)


def _detail(line: registrations.HistoryLine) -> str | Message:
    if line.action == "confirm_identity":
        return identity.PAPERS.get(line.detail, line.detail)
    # The other registration of a person is named above, to those who may see it.
    return "" if is_space_id(line.detail) else line.detail


def _bracket(person: Registration) -> str:
    known = ages()
    title = known.titles().get(person.bracket_on(date.today(), known) or "")
    return "" if title is None else api.portal.translate(title)


def _words(values: Iterable) -> list[str]:
    return [api.portal.translate(v) if isinstance(v, Message) else v for v in values]


def _rows(*rows) -> list[dict]:
    return [{"label": label, "value": value} for label, value in rows if value]
