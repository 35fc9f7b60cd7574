"""A database of its own for each test, with blobs, and a vault in it."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import Limits
import pytest
import transaction
import ZODB
import ZODB.blob
import ZODB.MappingStorage


SPACE = "a" * 32


@pytest.fixture
def db(tmp_path):
    storage = ZODB.blob.BlobStorage(
        str(tmp_path / "blobs"), ZODB.MappingStorage.MappingStorage()
    )
    db = ZODB.DB(storage)
    yield db
    db.close()


@pytest.fixture
def vault(db):
    connection = db.open()
    connection.root()["vault"] = Vault()
    transaction.commit()
    yield connection.root()["vault"]
    transaction.abort()
    connection.close()


@pytest.fixture
def bundle():
    return KeyBundle.new()


@pytest.fixture
def limits():
    return Limits(quota=50_000_000, max_document=40_000_000)
