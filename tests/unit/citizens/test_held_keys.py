"""What is stored under keys that are replaced at the same moment isn't kept."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.account_record import hold_keys
from civisdata.content.citizens.account_record import recipient_keys
from civisdata.content.citizens.keys import KeyBundle
from persistent.mapping import PersistentMapping
from transaction import TransactionManager
from types import SimpleNamespace
from ZODB.POSException import ConflictError
import pytest
import transaction
import ZODB


@pytest.fixture
def db():
    db = ZODB.DB(None)
    with db.transaction() as connection:
        account = Account()
        account.public = KeyBundle.new().public
        connection.root()["account"] = account
        connection.root()["vault"] = PersistentMapping()
    yield db
    transaction.abort()
    db.close()


@pytest.fixture
def root(db):
    """The database as a request sees it."""
    transaction.begin()
    connection = db.open()
    yield connection.root()
    transaction.abort()
    connection.close()


def replace_keys(db):
    """Another request puts other keys in force."""
    manager = TransactionManager()
    connection = db.open(manager)
    connection.root()["account"].public = KeyBundle.new().public
    manager.commit()
    connection.close()


def test_it_is_tried_again(db, root):
    hold_keys(root["account"])
    root["vault"]["document"] = "sealed under the former keys"
    replace_keys(db)
    with pytest.raises(ConflictError):
        transaction.commit()
    transaction.abort()
    assert "document" not in root["vault"]


def test_after_a_savepoint_too(db, root):
    hold_keys(root["account"])
    root["vault"]["document"] = "sealed under the former keys"
    transaction.savepoint()
    root["account"]._p_deactivate()
    replace_keys(db)
    with pytest.raises(ConflictError):
        transaction.commit()


def test_who_seals_something_for_a_citizen_as_well(db, root):
    account = root["account"]
    assert recipient_keys(SimpleNamespace(_account=account)) == account.public
    root["vault"]["deposit"] = "sealed under the former keys"
    replace_keys(db)
    with pytest.raises(ConflictError):
        transaction.commit()


def test_reading_and_undisturbed_writing_go_on(db, root):
    hold_keys(root["account"])
    replace_keys(db)
    transaction.commit()
    hold_keys(root["account"])
    root["vault"]["document"] = "sealed"
    transaction.commit()
    hold_keys(root["account"])
    root["account"].changed = 5.0
    transaction.commit()


def test_accounts_that_have_no_keys_or_are_not_stored():
    assert recipient_keys(SimpleNamespace(_account=None)) is None
    assert recipient_keys(SimpleNamespace(_account=Account())) is None
    hold_keys(Account())


def test_a_raised_cost_never_undoes_a_change_of_password(
    db, root, monkeypatch, tmp_path
):
    """The password is checked and its record made again, while another one is chosen."""
    monkeypatch.setenv("CIVIS_PEPPER_FILE", str(tmp_path / "pepper"))
    account = root["account"]
    cheap = keys.Argon2Params(64, 1, 1)
    account.password = keys.new_password_record(
        "old", accounts.pepper(), params=cheap, user_id="u"
    )
    transaction.commit()
    former = keys.set_default_params(keys.Argon2Params(128, 1, 1))
    try:
        assert accounts.check_current(account, "old", "u").ok
        manager = TransactionManager()
        connection = db.open(manager)
        connection.root()["account"].password = new = keys.new_password_record(
            "new", accounts.pepper(), user_id="u"
        )
        manager.commit()
        connection.close()
        with pytest.raises(ConflictError):
            transaction.commit()
        transaction.abort()
        assert account.password == new
        assert not accounts.check_current(account, "old", "u").ok
    finally:
        keys.set_default_params(former)
