"""Sign-ups that wait for their address to be confirmed; nobody of staff sees them.

They make no space, stand in no catalog and take no address: whoever signs up with
somebody else's keeps nobody out. What is not confirmed in time is erased.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from BTrees.OOBTree import OOTreeSet
from civisdata.content.citizens.antirobot import KeyedCounter
from civisdata.content.citizens.notices import Consent
from civisdata.content.citizens.registration import Registration
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from persistent import Persistent
from persistent.mapping import PersistentMapping
import base64
import secrets


DAY = 86400

#: Letters that one sign-up gets at most, the first one included.
LETTERS = 4

#: Letters to one address within a day, whoever asks for them.
LETTERS_A_DAY = 6

#: What a sign-up is marked with for the desk.
UNPROVEN = "unproven"

_ATTRIBUTE = "_signups_waiting"


@dataclass(frozen=True)
class Waiting:
    """A sign-up; times are seconds since 1970."""

    registration: Registration
    consents: tuple[Consent, ...]
    marks: tuple[str, ...]
    invitation: str
    at: float
    until: float
    letters: int


class WaitingRoom(Persistent):
    """Sign-ups by a random id, those whose time is over, and those confirmed."""

    def __init__(self) -> None:
        self.entries = OOBTree()
        self.ends = OOTreeSet()
        #: Ids that were confirmed, kept until their link is over: a second click is
        #: answered as the first one.
        self.confirmed = OOBTree()
        #: Forms by their nonce: each is taken once.
        self.forms = OOBTree()
        self.form_ends = OOTreeSet()
        #: Letters by address, and sign-ups without the browser's computation.
        self.letters = KeyedCounter()
        self.unproven = KeyedCounter()

    def __len__(self) -> int:
        return len(self.entries)

    def add(
        self,
        registration: Registration,
        consents: Sequence[Consent],
        now: float,
        days: int,
        marks: Sequence[str] = (),
        invitation: str = "",
    ) -> str:
        """Keep a sign-up for some days; return its id."""
        id = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        until = now + days * DAY
        self.entries[id] = PersistentMapping(
            registration=registration.to_dict(),
            consents=[consent.to_dict() for consent in consents],
            marks=tuple(marks),
            invitation=invitation,
            at=now,
            until=until,
            letters=0,
        )
        self.ends.insert((until, id))
        return id

    def get(self, id: str, now: float) -> Waiting | None:
        """Return a sign-up that can still be confirmed, or None."""
        row = self.entries.get(id)
        if row is None or row["until"] <= now:
            return None
        consents = (
            Consent(**{**consent, "date": datetime.fromisoformat(consent["date"])})
            for consent in row["consents"]
        )
        return Waiting(
            registration=Registration.from_dict(row["registration"]),
            consents=tuple(consents),
            **{
                name: row[name]
                for name in ("marks", "invitation", "at", "until", "letters")
            },
        )

    def unsent(self, now: float) -> list[str]:
        """Return the ids of sign-ups to which no letter went yet."""
        return [
            id
            for _until, id in self.ends.keys((now, ""))
            if id in self.entries and self.entries[id]["letters"] == 0
        ]

    def count_letter(self, id: str) -> None:
        """Note that a letter goes to a sign-up."""
        self.entries[id]["letters"] += 1

    def end(self, id: str) -> None:
        """Note that a sign-up is confirmed; its data are no longer kept here."""
        row = self.entries.pop(id)
        self.confirmed[id] = row["until"]

    def was_confirmed(self, id: str) -> bool:
        """Say whether a sign-up was confirmed, as far as its link still counts."""
        return id in self.confirmed

    def take_form(self, nonce: str, id: str, content: str, until: float) -> None:
        """Note that a form was taken; ``content`` is a keyed hash of what it held."""
        self.forms[nonce] = (id, content)
        self.form_ends.insert((until, nonce))

    def form(self, nonce: str) -> tuple[str, str] | None:
        """Return id and content of a form that was taken before, or None."""
        return self.forms.get(nonce)

    def forget(self, now: float) -> int:
        """Erase what is over; return how many sign-ups were not confirmed."""
        count = 0
        for until, id in list(self.ends.keys(None, (now, ""))):
            self.ends.remove((until, id))
            if self.entries.pop(id, None) is not None:
                count += 1
            self.confirmed.pop(id, None)
        for until, nonce in list(self.form_ends.keys(None, (now, ""))):
            self.form_ends.remove((until, nonce))
            self.forms.pop(nonce, None)
        return count


def room_of(spaces, create: bool = False) -> WaitingRoom:
    """Return the waiting room; ``create`` where it will be written to."""
    found = getattr(aq_base(spaces), _ATTRIBUTE, None)
    if found is None:
        found = WaitingRoom()
        if create:
            setattr(aq_base(spaces), _ATTRIBUTE, found)
    return found
