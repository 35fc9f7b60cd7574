"""Records that version 1 wrote open today; new suites come without anybody's loss."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import keys
from civisdata.content.citizens import suites
from civisdata.content.citizens import unlocking
from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.session_files import FileSessionStore
from civisdata.content.citizens.sessions import Row
from civisdata.content.citizens.sessions import Session
from civisdata.content.citizens.sessions import Sessions
from civisdata.content.citizens.suites import Suite
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from dataclasses import asdict
from helpers.frozen import frozen
from helpers.frozen import frozen_bundle
from types import SimpleNamespace
import json
import os
import pytest


TODAY = keys.Argon2Params(512, 2, 1)
BARE = {"wrapped": None}


@pytest.fixture(autouse=True)
def todays_cost():
    former = keys.set_default_params(TODAY)
    yield
    keys.set_default_params(former)


@pytest.fixture
def data(tmp_path, monkeypatch):
    data = frozen()
    path = tmp_path / "pepper"
    path.write_bytes(data["pepper"])
    monkeypatch.setenv("CIVIS_PEPPER_FILE", str(path))
    return data


@pytest.fixture
def account(data):
    """The account as version 1 stored it: no attribute that came later."""
    account = Account()
    account.__setstate__(
        {
            "_password": data["password_record"],
            "_recovery": data["recovery_record"],
            "_public": data["public"],
            "activated": 1_790_000_000.0,
            "changed": 1_780_000_000.0,
            "_history": ({**data["first_record"], **BARE},),
        }
    )
    return account


@pytest.fixture
def space(data, account):
    return SimpleNamespace(_account=account, getId=lambda: data["space_id"])


def aes(name: str) -> Suite:
    def seal(key, clear, aad):
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, clear, aad)

    def open(key, sealed, aad):
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)

    return Suite(name, seal, open)


def test_the_bundle_and_its_public_half(data):
    bundle = frozen_bundle()
    assert bundle.to_bytes() == data["bundle"]
    assert (bundle.recipient, bundle.identity) == (data["recipient"], data["identity"])
    assert bundle.fingerprint == data["fingerprint"]
    assert bundle.public == keys.PublicKeys.from_dict(data["public"])


@pytest.mark.parametrize("name", ["password_record", "password_record_full_cost"])
def test_a_password_record(data, name):
    record = keys.PasswordRecord.from_dict(data[name])
    assert record.to_dict() == data[name]
    arguments = (data["password"], data["pepper"])
    found = keys.check_password(record, *arguments, user_id=data["space_id"])
    assert (found.ok, found.bundle, found.needs_rehash) == (True, frozen_bundle(), True)
    assert not keys.check_password(record, *arguments, user_id="b" * 16).ok


def test_a_first_password(data):
    record = keys.PasswordRecord.from_dict(data["first_record"])
    symbols = accounts.normalise_first_password(data["first_password"])
    found = keys.check_password(
        record, symbols, data["pepper"], user_id=data["space_id"]
    )
    assert (found.ok, found.bundle) == (True, None)


def test_a_recovery_record(data):
    record = keys.RecoveryRecord.from_dict(data["recovery_record"])
    assert record.to_dict() == data["recovery_record"]
    found = keys.open_with_recovery_code(record, data["code"], data["space_id"])
    assert found == frozen_bundle()


def test_a_session(data, tmp_path):
    row = Row(**data["session"]["row"])
    session = Session(row, data["session"]["secret"], 0.0)
    assert session.bundle() == frozen_bundle()
    store = FileSessionStore(tmp_path / "sessions")
    written = {**asdict(row), "wrapped": row.wrapped.hex()}
    path = tmp_path / "sessions" / "rows" / row.id_hash
    path.write_text(json.dumps(written))
    os.utime(path, (row.touched, row.touched))
    found = Sessions(store, lambda: row.created + 5).open(data["session"]["secret"])
    assert found.bundle() == frozen_bundle()


def test_cost_is_raised_at_log_in_and_nothing_else_changes(data, account):
    before = dict(account.__getstate__())
    _state, bundle = accounts._check_own(account, data["password"], data["space_id"])
    assert bundle == frozen_bundle()
    assert account.password.params == TODAY
    after = account.__getstate__()
    assert {key for key in after if after[key] != before.get(key)} == {"_password"}
    assert accounts.check_current(account, data["password"], data["space_id"]).ok
    again = account.password
    accounts.check_current(account, data["password"], data["space_id"])
    assert account.password == again, "written once, not at each log-in"


def test_cost_is_raised_where_documents_are_unlocked(data, account, space):
    assert accounts.need_current(space, data["password"]).bundle == frozen_bundle()
    assert account.password.params == TODAY
    assert account.changed == 1_780_000_000.0
    assert len(account.history) == 1


def test_a_wrong_password_raises_nothing(data, account):
    before = account.password
    assert not accounts.check_current(account, "wrong", data["space_id"]).ok
    assert account.password == before


def test_a_damaged_wrap_is_left_alone(data, account):
    damaged = data["password_record"]["wrapped"][:-1] + b"\0"
    account._password = {**data["password_record"], "wrapped": damaged}
    before = account.password
    assert accounts.check_current(account, data["password"], data["space_id"]).ok
    assert account.password == before


def test_where_there_is_no_room_for_the_second_run_it_waits(data, account, monkeypatch):
    def busy(*args, **kwargs):
        raise keys.TooBusy("busy")

    before = account.password
    monkeypatch.setattr(accounts.keys, "new_password_record", busy)
    found = accounts.check_current(account, data["password"], data["space_id"])
    assert found.bundle == frozen_bundle()
    assert account.password == before


def test_a_new_suite_of_passwords_is_taken_at_log_in(data, account):
    former = keys.set_default_params(account.password.params)
    password, user = data["password"], data["space_id"]
    with suites.PASSWORDS.trying(aes("civis-password-test")):
        assert accounts.check_current(account, password, user).needs_rehash
        assert account.password.suite == "civis-password-test"
        assert account.password.params == former or account.password.params
        found = accounts.check_current(account, password, user)
        assert (found.bundle, found.needs_rehash) == (frozen_bundle(), False)
        assert not accounts.check_current(account, "wrong", user).ok
    with pytest.raises(keys.UnknownSuite):
        accounts.check_current(account, password, user)


def test_a_new_suite_of_recovery_records_is_taken_when_the_code_is_typed(
    data, account, space
):
    accounts.set_password(space, "brouette mandarine sifflet", None)
    with suites.RECOVERIES.trying(aes("civis-recovery-test")):
        found = unlocking.unlock_with_code(
            space, "brouette mandarine sifflet", data["code"]
        )
        assert found == frozen_bundle()
        assert account.recovery.suite == "civis-recovery-test"
        args = (account.recovery, data["code"], data["space_id"])
        assert keys.open_with_recovery_code(*args) == frozen_bundle()
    with pytest.raises(keys.UnknownSuite):
        keys.open_with_recovery_code(*args)


def test_records_of_two_suites_are_not_exchanged(data):
    other = suites.chacha("civis-password-other")
    record = data["password_record"]
    with suites.PASSWORDS.trying(other):
        swapped = keys.PasswordRecord.from_dict({**record, "suite": other.name})
        args = (swapped, data["password"], data["pepper"])
        assert not keys.check_password(*args, user_id=data["space_id"]).ok


def test_an_unknown_version_of_a_bundle_leaves_the_session_locked(data, monkeypatch):
    row = Row(**data["session"]["row"])
    monkeypatch.setattr(keys, "BUNDLE_VERSION", 2)
    assert Session(row, data["session"]["secret"], 0.0).bundle() is None
