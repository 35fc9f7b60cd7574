"""The life of a registration (R8): each change of it is one function of this module.

Each function checks that the change is possible now, changes the state by the workflow
(whose guards ask for ``civisdata.content: Manage registrations``), leaves a line in the
registration's history, keeps the catalog of registrations right, and writes to the
person. Nothing of the vault is read or touched.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content.citizens import letters
from civisdata.content.citizens.account_record import is_closing
from civisdata.content.citizens.antirobot import NetworkCounter
from civisdata.content.citizens.catalog import LETTER
from civisdata.content.citizens.catalog import NO_RECEIPT
from civisdata.content.citizens.catalog import RegistrationsCatalog
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.own_actions import REGISTRATION_ACTIONS
from civisdata.content.citizens.journal.storage import SELF
from civisdata.content.citizens.journal.storage import SYSTEM
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.notices import keep_text
from civisdata.content.citizens.notices import Notice
from civisdata.content.citizens.registration import Registration
from civisdata.content.mail import send_mail
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from persistent.list import PersistentList
from persistent.mapping import PersistentMapping
from plone import api
from Products.CMFCore.WorkflowCore import WorkflowException


#: Who acts, where it is not a user of staff.
BY_CITIZEN = "citizen"
BY_RULE = "automatic"

WORKFLOW = "registration_workflow"

#: Changes after which neither a receipt nor a letter is due.
ENDS_WAITING = {"accept", "refuse", "suspend", "renew_password"}

#: Longest reason, in characters.
LONGEST_REASON = 1000


class NotPossible(Exception):
    """The registration is not in a state that allows this."""


class ReasonMissing(ValueError):
    """A refusal or a suspension needs a reason, of at most LONGEST_REASON characters."""


@dataclass(frozen=True)
class HistoryLine:
    """One line of a registration's history: when (UTC), who, what, and a detail."""

    date: datetime
    actor: str
    action: str
    detail: str = ""


def catalog_of(spaces: ISpaces) -> RegistrationsCatalog:
    """Return the catalog of registrations; an empty one before the first registration."""
    found = getattr(aq_base(spaces), "_registrations_catalog", None)
    return RegistrationsCatalog() if found is None else found


def networks_of(spaces: ISpaces, create: bool = False) -> NetworkCounter:
    """Return the counter of sign-ups by network; ``create`` where it will be written."""
    found = getattr(aq_base(spaces), "_signups_by_network", None)
    if found is None:
        found = NetworkCounter()
        if create:
            spaces._signups_by_network = found
    return found


def registration_of(space: IPersonalSpace) -> Registration:
    """Return the registration data of ``space``."""
    return Registration.from_dict(space._registration)


def consents_of(space: IPersonalSpace) -> list[Consent]:
    """Return the recorded answers, oldest first."""
    return [
        Consent(**{**row, "date": datetime.fromisoformat(row["date"])})
        for row in space._consents
    ]


def history_of(space: IPersonalSpace) -> list[HistoryLine]:
    """Return what happened to the registration, oldest first."""
    return [HistoryLine(**row) for row in space._registration_history]


def state_of(space: IPersonalSpace) -> str:
    """Return pending, accepted, refused, suspended or closed."""
    return api.content.get_state(space)


def is_open(space: IPersonalSpace) -> bool:
    """Say whether the space is in use as far as the registration is concerned."""
    return state_of(space) == "accepted" and not is_closing(space)


def possible_actions(space: IPersonalSpace) -> set[str]:
    """Return the ids of the changes that the current user may make now."""
    workflow = api.portal.get_tool("portal_workflow").getWorkflowById(WORKFLOW)
    return {
        action
        for action in workflow.transitions.objectIds()
        if workflow.isActionSupported(space, action)
    }


def find(spaces: ISpaces, email: str) -> IPersonalSpace | None:
    """Return the live registration with this e-mail address, or None."""
    space_id = catalog_of(spaces).id_by_email(email)
    return None if space_id is None else spaces.get_space(space_id)


def register(
    spaces: ISpaces,
    registration: Registration,
    consents: Sequence[Consent] = (),
    shown: Sequence[Notice] = (),
    now: datetime | None = None,
    with_mail: bool = True,
    confirmed: bool = False,
    marks: Sequence[str] = (),
) -> IPersonalSpace | None:
    """Take in a registration; return its space, None where the address is taken.

    In both cases one mail goes to the address, so that an onlooker can't tell them
    apart: « received », or « there is one already » to the person concerned.
    ``with_mail`` is False where the mail server can't be reached: the registration is
    kept, and its history says that no receipt was sent. ``confirmed``: the address was
    confirmed by the link of ``signup``, whose page is the receipt. ``marks`` are what
    the desk should know of the sign-up, as actions of the history.
    """
    now = now or datetime.now(UTC)
    known = find(spaces, registration.email)
    if known is not None:
        if with_mail:
            _write(known, letters.ALREADY_KNOWN)
        return None
    space = spaces.create_space()
    space._registration = PersistentMapping(registration.to_dict())
    space._registered = now
    space._consents = PersistentList(consent.to_dict() for consent in consents)
    space._registration_history = PersistentList()
    _take_over(space, registration)
    for notice in shown:
        keep_text(_texts(spaces, create=True), notice)
    _note(space, "register", BY_CITIZEN, now=now)
    for mark in marks:
        _note(space, mark, BY_RULE, now=now)
    index(space)
    if confirmed:
        _note(space, "confirm", BY_CITIZEN, now=now)
    elif with_mail:
        _write(space, letters.RECEIVED)
    else:
        _note(space, "no_receipt", BY_RULE, now=now)
        set_mark(space, NO_RECEIPT)
    return space


def accept(
    space: IPersonalSpace, actor: str | None = None, by_post: bool = False
) -> None:
    """Accept a pending registration; login and first password go out by mail.

    ``by_post``: they are printed on a letter later, and the mail says so.
    """
    _change(space, "accept", actor)
    if by_post:
        _note(space, "await_letter", actor)
        set_mark(space, LETTER)
        _write(space, letters.BY_POST)
    else:
        _send_first_password(space, letters.ACCEPTED)


def accept_by_rule(space: IPersonalSpace) -> None:
    """Accept a registration because it keeps the rule of the settings."""
    with api.env.adopt_roles(["Manager"]):
        accept(space, actor=BY_RULE)


def refuse(
    space: IPersonalSpace, reason: str, actor: str | None = None, letter=letters.REFUSED
) -> None:
    """Refuse a pending registration; the person is told the reason, by ``letter``."""
    reason = checked_reason(reason)
    _change(space, "refuse", actor, reason)
    _write(space, letter, reason=reason)


def suspend(space: IPersonalSpace, reason: str, actor: str | None = None) -> None:
    """Suspend an accepted registration: no log-in until it is reinstated."""
    reason = checked_reason(reason)
    _change(space, "suspend", actor, reason)
    _accounts().disable_account(space)
    _write(space, letters.SUSPENDED, reason=reason)


def reinstate(space: IPersonalSpace, actor: str | None = None) -> None:
    """Let a suspended citizen log in again."""
    _change(space, "reinstate", actor)
    _accounts().enable_account(space)
    _write(space, letters.REINSTATED)


def close(space: IPersonalSpace, actor: str | None = None) -> None:
    """Close a space for the administration: see ``closing.life``; NotPossible."""
    from civisdata.content.citizens.closing.work import close_for_administration

    close_for_administration(space, actor)
    _waits_for_nothing(space)


def reassign(space: IPersonalSpace, commune: str, actor: str | None = None) -> None:
    """Move a registration to another commune (its slug); nothing else moves."""
    before = registration_of(space)
    if commune == before.commune:
        raise NotPossible("this is its commune already")
    space._registration["commune"] = commune
    space.commune = commune
    _change(space, "reassign", actor, f"{before.commune} → {commune}")


def follow_commune(space: IPersonalSpace, commune: str) -> None:
    """Move a registration, in any state, to the commune that its own was merged into."""
    before = registration_of(space).commune
    if commune == before:
        return
    space._registration["commune"] = commune
    space.commune = commune
    _note(space, "reassign", BY_RULE, f"{before} → {commune}")
    index(space)


def renew_first_password(space: IPersonalSpace, actor: str | None = None) -> None:
    """Make a new first password and mail it; the one before no longer works."""
    _change(space, "renew_password", actor)
    _send_first_password(space, letters.NEW_PASSWORD)


def change_by_citizen(
    space: IPersonalSpace, action: str, detail: str = "", **values
) -> None:
    """Change what a citizen told of oneself; ``action`` is for the history.

    ``values`` are those of ``Registration``, checked before; ValueError where the e-mail
    address is another one's. Whoever changes it notes that in the journal.
    """
    space._registration.update(values)
    _take_over(space, registration_of(space))
    remember(space, action, BY_CITIZEN, detail)


def remember(
    space: IPersonalSpace, action: str, actor: str | None = None, detail: str = ""
) -> None:
    """Leave a line in the history of a registration; the current user's, if no actor."""
    _note(space, action, actor, detail)
    index(space)


def set_mark(space: IPersonalSpace, mark: str, on: bool = True) -> None:
    """Mark a registration for the desk (see ``catalog``), or take the mark away."""
    space.__parent__._registrations_catalog.set_mark(space.getId(), mark, on)


def write_line(
    space: IPersonalSpace,
    action: str,
    actor: str | None = None,
    detail: str = "",
    publisher: str = "cub",
) -> None:
    """Add a line to the history; to the journal, as ``publisher``'s, if it has words."""
    _note(space, action, actor, detail, publisher=publisher)


def write_letter(space: IPersonalSpace, letter) -> None:
    """Mail a letter to the person when the transaction commits, or not at all."""
    _write(space, letter)


def change_choices(space: IPersonalSpace, **choices) -> None:
    """Change services, publishers, topics and the like: what one chose, not who one is.

    ``choices`` are values of ``Registration``, checked before.
    """
    space._registration.update(choices)
    index(space)


def index(space: IPersonalSpace) -> None:
    """Bring the catalog of registrations up to date with ``space``."""
    spaces = space.__parent__
    if getattr(aq_base(spaces), "_registrations_catalog", None) is None:
        spaces._registrations_catalog = RegistrationsCatalog()
    spaces._registrations_catalog.index(
        space.getId(),
        registration_of(space),
        state_of(space),
        space._registered,
        login=space.login,
    )


def unindex(space: IPersonalSpace) -> None:
    """Forget ``space`` in the catalog of registrations."""
    catalog_of(space.__parent__).unindex(space.getId())


def text_of_version(spaces: ISpaces, version: str) -> str | None:
    """Return the text that was shown under this version, None if there is none."""
    return _texts(spaces).get(version)


def remember_text(spaces: ISpaces, shown: Notice) -> None:
    """Keep a text that was shown to somebody, under its version."""
    keep_text(_texts(spaces, create=True), shown)


def _texts(spaces: ISpaces, create: bool = False) -> OOBTree:
    found = getattr(aq_base(spaces), "_notice_texts", None)
    if found is None:
        found = OOBTree()
        if create:
            spaces._notice_texts = found
    return found


def _take_over(space: IPersonalSpace, registration: Registration) -> None:
    space.commune = registration.commune
    space.email = registration.email
    space.first_name = registration.first_name
    space.last_name = registration.usage_name or registration.last_name


def _change(
    space: IPersonalSpace, action: str, actor: str | None, detail: str = ""
) -> None:
    try:
        api.portal.get_tool("portal_workflow").doActionFor(space, action)
    except WorkflowException as error:
        raise NotPossible(action) from error
    _note(space, action, actor, detail)
    index(space)
    if action in ENDS_WAITING:
        _waits_for_nothing(space)


def _waits_for_nothing(space: IPersonalSpace) -> None:
    """Neither a receipt nor a letter is due any more."""
    for mark in (NO_RECEIPT, LETTER):
        set_mark(space, mark, False)


def _note(
    space: IPersonalSpace,
    action: str,
    actor: str | None,
    detail: str = "",
    now: datetime | None = None,
    publisher: str = "cub",
) -> None:
    space._registration_history.append(
        {
            "date": now or datetime.now(UTC),
            "actor": actor or api.user.get_current().getId() or "",
            "action": action,
            "detail": detail,
        }
    )
    if action in REGISTRATION_ACTIONS:
        note(
            space, REGISTRATION_ACTIONS[action], actor=_journal_actor(actor, publisher)
        )


def _journal_actor(actor: str | None, publisher: str) -> str:
    """Whoever of staff changes registrations does so for the CUB (see ``desk``)."""
    known = {BY_CITIZEN: SELF, BY_RULE: SYSTEM}
    return known.get(actor, f"administration:{publisher}")


def checked_reason(reason: str) -> str:
    """Return a reason as it is sent; ReasonMissing."""
    reason = "\n".join(line.strip() for line in reason.strip().splitlines())
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonMissing
    return reason


def _accounts():
    from civisdata.content.citizens import accounts

    return accounts


def _send_first_password(space: IPersonalSpace, letter) -> None:
    login, password = _accounts().issue_first_password(space)
    index(space)
    _write(space, letter, login=login, password=password)


def _write(space: IPersonalSpace, letter, **values: str) -> None:
    portal = api.portal.get()
    url = portal.absolute_url()
    subject, text = letters.written(
        letter,
        api.portal.get_default_language(),
        name=registration_of(space).display_name,
        site=portal.Title(),
        url=url,
        login_url=f"{url}/login",
        forgotten_url=f"{url}/@@mot-de-passe-oublie",
        sign_up_url=f"{url}/@@inscription",
        **values,
    )
    send_mail(portal, registration_of(space).email, subject, text)
