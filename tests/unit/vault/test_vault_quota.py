"""The quota: one count for all that comes into a space."""

from civisdata.content.vault import contents
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.sharing.arrivals import add_document
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import start_upload
from dataclasses import replace
from helpers.sharing import LIMITS
from helpers.sharing import Person
from helpers.sharing import Spaces
from io import BytesIO
from ZODB.POSException import ConflictError
import pytest
import transaction


@pytest.fixture
def spaces(db):
    connection = db.open()
    connection.root()["spaces"] = Spaces()
    yield connection.root()["spaces"]
    transaction.abort()
    connection.close()


@pytest.fixture
def owner(spaces):
    return Person(spaces, "owner")


@pytest.fixture
def friend(spaces):
    return Person(spaces, "friend")


def test_what_waits_for_the_owner_counts_for_uploads_too(owner, friend):
    """Uploads, what others added and what is deposited are one count."""
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    add_document(
        taken.vault,
        owner.id,
        owner.bundle.recipient,
        friend.bundle,
        folder=home.id,
        others=(),
        by="",
        name="a.bin",
        size=100,
        category="bills",
        limits=LIMITS,
        stream=BytesIO(bytes(100)),
    )
    small = replace(LIMITS, quota=150)
    assert owner.vault.held == 100
    # As it was stored by the former version, which didn't know its space.
    owner.vault._space = None

    def upload(size: int) -> None:
        start_upload(
            get_vault(owner.space),
            owner.id,
            owner.bundle,
            name="b.bin",
            size=size,
            category="bills",
            limits=small,
        )

    with pytest.raises(Refused, match="quota"):
        upload(51)
    upload(50)
    with pytest.raises(Refused, match="quota"):
        upload(1)


def test_of_two_uploads_at_once_the_second_is_counted_with_the_first(db, owner):
    transaction.commit()
    managers = [transaction.TransactionManager() for _ in range(2)]
    connections = [db.open(transaction_manager=manager) for manager in managers]
    try:
        for connection in connections:
            space = connection.root()["spaces"][owner.id]
            start_upload(
                get_vault(space),
                owner.id,
                owner.bundle,
                name="a.bin",
                size=100,
                category="bills",
                limits=replace(LIMITS, quota=150),
            )
        managers[0].commit()
        with pytest.raises(ConflictError):
            managers[1].commit()
    finally:
        for manager, connection in zip(managers, connections, strict=True):
            manager.abort()
            connection.close()
