"""What the first version of trusted persons wrote opens today."""

from civisdata.content.citizens import keys
from civisdata.content.citizens.keylife import dealing
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.keylife.shamir import combine
from helpers.frozen import DATA
from helpers.frozen import frozen
from helpers.frozen import frozen_bundle
from itertools import combinations
from types import SimpleNamespace
import json
import pytest


@pytest.fixture
def data():
    return json.loads((DATA / "trusted-1.json").read_text(encoding="utf-8"))


@pytest.fixture
def record(data):
    record = data["record"]
    return {
        "suite": record["suite"],
        "salt": bytes.fromhex(record["salt"]),
        "wrapped": bytes.fromhex(record["wrapped"]),
    }


def test_two_holders_open_the_keys(data, record):
    owner_id = frozen()["space_id"]
    shares = [
        dealing.open_share(
            bytes.fromhex(sealed),
            record,
            owner_id,
            keys.KeyBundle.from_bytes(bytes.fromhex(holder)),
        )
        for sealed, holder in zip(data["shares"], data["holders"], strict=True)
    ]
    for two in combinations(shares, data["needed"]):
        found = dealing.open_with_secret(record, combine(two), owner_id)
        assert found == frozen_bundle()


def test_names(data):
    sealed = bytes.fromhex(data["names"])
    names = trust.open_names(frozen_bundle(), frozen()["space_id"], sealed)
    assert names == data["names_clear"]
    assert trust.open_names(frozen_bundle(), "b" * 16, sealed) == {}


def test_a_call(data, monkeypatch):
    call, citizen = data["call"], frozen()
    stored = call["record"]
    record = keys.PasswordRecord(
        stored["suite"],
        keys.Argon2Params.from_dict(stored["params"]),
        *(bytes.fromhex(stored[name]) for name in ("salt", "verifier_hash", "wrapped")),
    )
    space = SimpleNamespace(getId=lambda: citizen["space_id"])
    found = keys.check_password(
        record,
        citizen["password"],
        citizen["pepper"],
        user_id=helping._caller(space),
    )
    public = bytes.fromhex(call["public"])
    assert found.bundle.public.exchange == public
    params = keys.Argon2Params.from_dict(call["params"])
    monkeypatch.setattr(helping, "CODE_COST", params)
    # The code was shorter then: these are its last digits today.
    code = helping.code_for(public, SimpleNamespace(id=call["id"]))
    assert code.endswith(call["code"]) and len(code) == 14
