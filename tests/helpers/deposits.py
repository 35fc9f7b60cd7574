"""Citizens who can be deposited to, without Argon2, and what deposits need."""

from civisdata.content.citizens import consents
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.publishers import Publisher
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.deposits.depositing import AGENT
from civisdata.content.vault.deposits.depositing import deposit
from civisdata.content.vault.deposits.depositing import Deposited
from civisdata.content.vault.deposits.depositing import Paper
from civisdata.content.vault.uploads import Limits
from dataclasses import dataclass
from helpers.people import person
from io import BytesIO
from plone import api
from typing import Any
import secrets


LIMITS = Limits(10**9, 10**9)


@dataclass
class Recipient:
    """A citizen with an active account."""

    space: Any
    bundle: KeyBundle

    @property
    def login(self) -> str:
        return self.space.login


def publisher(portal, id: str = "bordeaux") -> Publisher:
    return publishers(portal)[id]


def make_recipient(
    portal, *allowed: str, commune: str = "bordeaux", login: str = ""
) -> Recipient:
    """Register, accept and activate somebody who allows these publishers."""
    spaces, bundle = get_spaces(portal), KeyBundle.new()
    name = secrets.token_hex(4)
    space = register(
        spaces,
        person(commune=commune, email=f"{name}@exemple.fr"),
        with_mail=False,
    )
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    spaces.set_login(space, login or f"citoyen-{name}")
    account = need_account(space)
    account.public, account.activated = bundle.public, 1.0
    for id in allowed:
        allow(portal, space, id)
    return Recipient(space, bundle)


def allow(portal, space, publisher_id: str) -> None:
    version = consents.text_shown().version
    consents.give(space, publisher(portal, publisher_id), version)


def put(
    portal,
    recipient: Recipient,
    data: bytes = b"bonjour",
    *,
    by: str = "bordeaux",
    name: str = "avis.txt",
    sender_id: str = "",
    limits: Limits = LIMITS,
    **said: str,
) -> Deposited:
    """Deposit as the agent's form does."""
    return deposit(
        portal,
        recipient.space,
        publisher(portal, by),
        BytesIO(data),
        Paper(name, **said),
        sender_id=sender_id or secrets.token_hex(8),
        channel=AGENT,
        by="agent",
        limits=limits,
    )
