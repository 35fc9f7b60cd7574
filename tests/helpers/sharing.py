"""Spaces without Plone, whose citizens share with each other."""

from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing import received as receiving
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from io import BytesIO
from persistent import Persistent
from persistent.mapping import PersistentMapping


LIMITS = Limits(quota=50_000_000, max_document=40_000_000)


class Spaces(PersistentMapping):
    """What the container of spaces is to sharing."""

    def get_space(self, space_id: str):
        return self.get(space_id)


class Space(Persistent):
    """What a personal space is to sharing; ``bundle`` isn't part of it."""

    first_name = last_name = ""

    def __init__(self, id: str, parent: Spaces, bundle: KeyBundle):
        self.id = self.login = id
        self.__parent__ = parent
        self._account = Account()
        self._account.public = bundle.public
        self._account.activated = 1.0
        ensure_vault(self)

    @property
    def aq_base(self):
        return self

    def getId(self) -> str:
        return self.id


class Person:
    """A citizen with opened keys."""

    def __init__(self, spaces: Spaces, id: str):
        self.bundle = KeyBundle.new()
        self.space = spaces[id] = Space(id, spaces, self.bundle)

    @property
    def id(self) -> str:
        return self.space.id

    @property
    def vault(self) -> Vault:
        return ensure_vault(self.space)

    @property
    def sharing(self):
        return sharing_of(self.vault)

    def store(self, data: bytes, name: str = "a.bin") -> str:
        return store_stream(
            self.vault,
            self.id,
            self.bundle,
            name=name,
            size=len(data),
            category="local",
            limits=LIMITS,
            stream=BytesIO(data),
        )

    def offer(self, person, kind: str, item: str, **more):
        to = more.pop("to", person.id if person else "c-nobody")
        asked = offers.Asked(kind=kind, item=item, to=to, **more)
        other = person.space if person else None
        return offers.offer(self.space, self.vault, self.bundle, asked, other, self.id)[
            0
        ]

    def received(self) -> list[receiving.Received]:
        return receiving.all_received(self.space, self.bundle)

    def take(self) -> receiving.Received:
        """Accept the one share that waits."""
        (waiting,) = (each for each in self.received() if each.waits)
        receiving.accept(waiting)
        return receiving.find_received(self.space, self.bundle, waiting.id)

    def again(self, found: receiving.Received) -> receiving.Received:
        return receiving.find_received(self.space, self.bundle, found.id)

    def read(self, found: receiving.Received, document_id: str) -> bytes:
        found = self.again(found)
        with receiving.open_shared_document(found, self.bundle, document_id) as opened:
            return opened.bytes()

    def settle(self) -> None:
        offers.settle(self.space, self.vault, self.bundle)
