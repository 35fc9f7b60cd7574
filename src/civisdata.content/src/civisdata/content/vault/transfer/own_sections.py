"""The sections that are there from the start: registration, choices, consents, past."""

from civisdata.content.citizens import consents
from civisdata.content.citizens.appearance.look import keep_look
from civisdata.content.citizens.appearance.look import known_look
from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.appearance.look import plain
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.journal import head
from civisdata.content.citizens.journal.export import to_jsonl
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.newsread.export import news_read
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import RHYTHMS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.citizens.registrations import change_choices
from civisdata.content.citizens.registrations import consents_of
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.registrations import text_of_version
from civisdata.content.news.topics import topics
from civisdata.content.vault.transfer.former import former_files
from civisdata.content.vault.transfer.sections import register_export
from dataclasses import asdict
from plone import api
from typing import Any


#: Registration values that are choices, not who one is.
CHOICES = (
    "services",
    "publishers",
    "topics",
    "ages",
    "by_page",
    "by_email",
    "rhythm",
)


def _values(space: IPersonalSpace) -> dict[str, Any]:
    if getattr(space, "_registration", None) is None:
        return {}
    return registration_of(space).to_dict()


def export_registration(space: IPersonalSpace, bundle: KeyBundle) -> dict | None:
    values = {
        name: value for name, value in _values(space).items() if name not in CHOICES
    }
    if not values:
        return None
    registered = space._registered.isoformat(timespec="seconds")
    return {**values, "registered": registered}


def export_choices(space: IPersonalSpace, bundle: KeyBundle) -> dict | None:
    values = _values(space)
    found = {name: values[name] for name in CHOICES if name in values}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in found.items()
    } or None


def import_choices(space: IPersonalSpace, bundle: KeyBundle, content: Any) -> None:
    """Choose here what was chosen there, as far as it exists here.

    News by e-mail isn't turned on: that consent was given to the other authority.
    """
    if not isinstance(content, dict):
        raise ValueError("choices are a mapping")
    if not _values(space):
        return
    change_choices(space, **_known(content))


def _known(content: dict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, known in (
        ("services", SERVICES),
        ("publishers", PUBLISHERS),
        ("topics", topics()),
    ):
        if isinstance(content.get(name), list):
            found[name] = tuple(id for id in known if id in content[name])
    for name, known in (("ages", AGES), ("rhythm", RHYTHMS)):
        if isinstance(content.get(name), str) and content[name] in known:
            found[name] = content[name]
    if isinstance(content.get("by_page"), bool):
        found["by_page"] = content["by_page"]
    return found


def export_look(space: IPersonalSpace, bundle: KeyBundle) -> dict | None:
    """How the citizen arranged the space; None where nothing was chosen."""
    return None if space._look is None else plain(look_of(space))


def import_look(space: IPersonalSpace, bundle: KeyBundle, content: Any) -> None:
    """Arrange the space as it was there, as far as it can be here. ValueError."""
    keep_look(space, known_look(content))


def export_consents(space: IPersonalSpace, bundle: KeyBundle) -> list | None:
    """Answers to texts, with the texts themselves: what was agreed to can be read."""
    if not getattr(space, "_consents", None):
        return None
    return [
        {
            **consent.to_dict(),
            "text": text_of_version(space.__parent__, consent.version) or "",
        }
        for consent in consents_of(space)
    ]


def export_deposit_consents(space: IPersonalSpace, bundle: KeyBundle) -> list | None:
    """Answers to publishers that wanted to deposit, with the text that was shown."""
    return [
        {
            **asdict(answer),
            "shown": text_of_version(space.__parent__, answer.version) or "",
        }
        for answer in consents.history(space)
    ] or None


def export_journal(space: IPersonalSpace, bundle: KeyBundle) -> str | None:
    """The journal as its own page exports it: lines of JSON, signed."""
    if not head(space)[0]:
        return None
    return to_jsonl(space, bundle, api.portal.get().absolute_url()).decode()


def export_news_read(space: IPersonalSpace, bundle: KeyBundle) -> dict | None:
    """Which news were read, as far as it is kept."""
    return news_read(space)


def export_former(space: IPersonalSpace, bundle: KeyBundle) -> list | None:
    """Files of portals before this one."""
    return former_files(space, bundle) or None


register_export("registration", export_registration)
register_export("choices", export_choices, import_choices)
register_export("appearance", export_look, import_look)
# As history: nobody here may act on a consent that was given to others.
register_export("consents", export_consents)
register_export("deposit_consents", export_deposit_consents)
register_export("journal", export_journal)
register_export("former", export_former)
# As history: other portals have other news.
register_export("news_read", export_news_read)
