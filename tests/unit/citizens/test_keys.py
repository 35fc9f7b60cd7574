"""Keys, password records and recovery codes."""

from civisdata.content.citizens import keys
from civisdata.content.citizens.keys import KeyBundle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
import pickle
import pyrage
import pytest
import stat
import threading
import time


PEPPER = b"p" * 32
QUICK = keys.Argon2Params(memory_kib=8, passes=1, lanes=1)


@pytest.fixture(autouse=True)
def quick():
    former = keys.set_default_params(QUICK)
    yield
    keys.set_default_params(former)


def test_design_cost_is_the_default():
    assert keys.Argon2Params() == keys.Argon2Params(64 * 1024, 3, 1)


def test_bundle_survives_bytes_and_hides_itself():
    bundle = KeyBundle.new()
    assert KeyBundle.from_bytes(bundle.to_bytes()) == bundle
    shown = repr(bundle) + str(bundle)
    assert bundle.vault_key.hex() not in shown
    assert repr(bundle.vault_key) not in shown
    with pytest.raises(TypeError):
        pickle.dumps(bundle)


@pytest.mark.parametrize(
    "data", [b"", b"\x02" + b"a" * 96, b"\x01" + b"a" * 95, b"\x01" + b"a" * 97]
)
def test_foreign_bundles_are_refused(data):
    with pytest.raises(ValueError):
        KeyBundle.from_bytes(data)


def test_age_reads_our_addresses():
    bundle = KeyBundle.new()
    sealed = pyrage.encrypt(b"x", [pyrage.x25519.Recipient.from_str(bundle.recipient)])
    identity = pyrage.x25519.Identity.from_str(bundle.identity)
    assert pyrage.decrypt(sealed, [identity]) == b"x"
    assert str(identity.to_public()) == bundle.recipient
    assert keys.PublicKeys.from_dict(bundle.public.to_dict()) == bundle.public
    assert bundle.fingerprint == bundle.public.fingerprint
    assert bundle.fingerprint != KeyBundle.new().fingerprint


def test_bech32_decodes_what_it_encodes_and_nothing_else():
    text = keys.bech32.encode("age", b"\x00" * 32)
    assert keys.bech32.decode("age", text) == b"\x00" * 32
    wrong = text[:-1] + ("q" if text[-1] != "q" else "p")
    for bad in (wrong, text[:-3] + text[-3:].upper(), "age1", "", text[:-6]):
        with pytest.raises(ValueError):
            keys.bech32.decode("age", bad)


def test_right_password_opens_the_bundle():
    bundle = KeyBundle.new()
    record = keys.new_password_record("été 2026", PEPPER, bundle, user_id="u")
    again = keys.PasswordRecord.from_dict(record.to_dict())
    assert again == record
    # The same letters typed on a keyboard that decomposes accents.
    check = keys.check_password(again, "e\u0301te\u0301 2026", PEPPER, user_id="u")
    assert (check.ok, check.bundle, check.needs_rehash) == (True, bundle, False)


@pytest.mark.parametrize(
    "password,pepper,user",
    [("other", PEPPER, "u"), ("right", b"q" * 32, "u"), ("right", PEPPER, "v")],
    ids=["password", "pepper", "account"],
)
def test_anything_wrong_opens_nothing(password, pepper, user):
    record = keys.new_password_record("right", PEPPER, KeyBundle.new(), user_id="u")
    check = keys.check_password(record, password, pepper, user_id=user)
    assert (check.ok, check.bundle) == (False, None)


def test_first_password_wraps_nothing():
    record = keys.new_password_record("first", PEPPER, user_id="u")
    check = keys.check_password(record, "first", PEPPER, user_id="u")
    assert (check.ok, check.bundle) == (True, None)
    assert record.to_dict()["wrapped"] is None


def test_record_holds_neither_verifier_nor_keys():
    bundle = KeyBundle.new()
    record = keys.new_password_record("right", PEPPER, bundle, user_id="u")
    stored = pickle.dumps(record.to_dict())
    for secret in (b"right", bundle.vault_key, bundle.exchange_key, PEPPER):
        assert secret not in stored
    other = keys.new_password_record("right", PEPPER, bundle, user_id="u")
    assert other.verifier_hash != record.verifier_hash


def test_altered_wrap_is_told_from_a_wrong_password():
    record = keys.new_password_record("right", PEPPER, KeyBundle.new(), user_id="u")
    broken = replace(record, wrapped=record.wrapped[:-1] + b"\0")
    if broken == record:
        broken = replace(record, wrapped=record.wrapped[:-1] + b"\1")
    with pytest.raises(keys.DamagedRecord):
        keys.check_password(broken, "right", PEPPER, user_id="u")


def test_unknown_suite_is_refused():
    record = keys.new_password_record("right", PEPPER, user_id="u")
    with pytest.raises(keys.UnknownSuite):
        keys.check_password(replace(record, suite="x"), "right", PEPPER, user_id="u")
    recovery = keys.wrap_with_recovery_code(
        KeyBundle.new(), keys.new_recovery_code(), "u"
    )
    with pytest.raises(keys.UnknownSuite):
        keys.open_with_recovery_code(
            replace(recovery, suite="x"), keys.new_recovery_code(), "u"
        )


def test_raised_cost_asks_for_a_new_record():
    record = keys.new_password_record("right", PEPPER, user_id="u")
    keys.set_default_params(replace(QUICK, passes=2))
    check = keys.check_password(record, "right", PEPPER, user_id="u")
    assert check.ok and check.needs_rehash


def test_a_check_and_a_burn_are_one_argon2_run_each(monkeypatch):
    runs = []
    real = keys.hash_secret_raw

    def counted(**kw):
        runs.append((kw["memory_cost"], kw["time_cost"]))
        return real(**kw)

    record = keys.new_password_record("right", PEPPER, KeyBundle.new(), user_id="u")
    monkeypatch.setattr(keys, "hash_secret_raw", counted)
    keys.check_password(record, "right", PEPPER, user_id="u")
    keys.burn()
    assert runs == [(8, 1), (8, 1)]


def test_few_runs_at_a_time(monkeypatch):
    under_way, peak, lock = 0, 0, threading.Lock()
    two = threading.Barrier(2)

    def slow(**kw):
        nonlocal under_way, peak
        with lock:
            under_way += 1
            peak = max(peak, under_way)
        two.wait(60)
        time.sleep(0.02)
        with lock:
            under_way -= 1
        return b"0" * 32

    monkeypatch.setattr(keys, "hash_secret_raw", slow)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keys.burn(), range(8)))
    assert peak == 2


def test_full_house_says_so(monkeypatch):
    monkeypatch.setattr(keys, "_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(keys, "_slots", threading.BoundedSemaphore(1))
    with keys._slot(), pytest.raises(keys.TooBusy):
        keys.burn()


def test_recovery_code_opens_the_bundle_as_people_type_it():
    bundle, code = KeyBundle.new(), keys.new_recovery_code()
    record = keys.wrap_with_recovery_code(bundle, code, "u")
    record = keys.RecoveryRecord.from_dict(record.to_dict())
    typed = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert keys.open_with_recovery_code(record, typed, "u") == bundle
    assert keys.open_with_recovery_code(record, code.replace("-", "–"), "u") == bundle


def test_other_code_or_account_opens_nothing():
    code = keys.new_recovery_code()
    record = keys.wrap_with_recovery_code(KeyBundle.new(), code, "u")
    for other, user in ((keys.new_recovery_code(), "u"), (code, "v")):
        with pytest.raises(keys.WrongRecoveryCode):
            keys.open_with_recovery_code(record, other, user)


def test_recovery_code_has_enough_bits():
    code = keys.new_recovery_code()
    groups = code.split("-")
    assert [len(group) for group in groups] == [5] * 6
    assert 5 * (30 - 1) >= 128
    assert code != keys.new_recovery_code()


def test_one_wrong_or_two_swapped_symbols_are_noticed():
    code = keys.new_recovery_code().replace("-", "")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for place in range(30):
        for symbol in alphabet:
            if symbol != code[place]:
                with pytest.raises(keys.InvalidRecoveryCode):
                    keys.normalise_recovery_code(
                        code[:place] + symbol + code[place + 1 :]
                    )
        for other in range(place + 1, 30):
            if code[place] != code[other]:
                swapped = list(code)
                swapped[place], swapped[other] = swapped[other], swapped[place]
                with pytest.raises(keys.InvalidRecoveryCode):
                    keys.normalise_recovery_code("".join(swapped))


@pytest.mark.parametrize("text", ["", "A", "U" * 30, "é" * 30, "0" * 29, "0" * 31])
def test_what_is_no_code_is_said_so(text):
    with pytest.raises(keys.InvalidRecoveryCode):
        keys.normalise_recovery_code(text)


def test_pepper_is_made_once_and_private(tmp_path):
    path = tmp_path / "secrets" / "pepper"
    with ThreadPoolExecutor(4) as pool:
        peppers = set(pool.map(lambda _: keys.load_pepper(path), range(8)))
    assert len(peppers) == 1 and len(peppers.pop()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["pepper"]


def test_pepper_of_another_size_is_refused(tmp_path):
    path = tmp_path / "pepper"
    path.write_bytes(b"short")
    with pytest.raises(ValueError):
        keys.load_pepper(path)
