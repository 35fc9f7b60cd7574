"""The list of erased spaces on the disk, and the receipts that stay."""

from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.closing import counting
from civisdata.content.citizens.closing import receipts
from civisdata.content.citizens.closing.erased import erased_ids
from civisdata.content.citizens.closing.erased import note_erased
from civisdata.content.citizens.closing.erased import VARIABLE
from civisdata.content.citizens.closing.life import closing_of
from civisdata.content.citizens.site_keys import signing_key
from types import SimpleNamespace
import pytest


ONE, TWO = "a" * 16, "b" * 16


@pytest.fixture
def path(tmp_path, monkeypatch):
    path = tmp_path / "erased" / "spaces"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def test_the_list_grows_by_one_line_a_space(path):
    assert erased_ids() == []
    for space_id in (ONE, TWO, ONE):
        note_erased(space_id, "2026-11-24")
    assert erased_ids() == [ONE, TWO]
    assert path.read_text() == f"{ONE} 2026-11-24\n{TWO} 2026-11-24\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_has_cut_off_spoils_nothing(path):
    note_erased(ONE, "2026-11-24")
    with path.open("a") as stream:
        stream.write("bbbbb")
    note_erased(TWO, "2026-11-24")
    assert erased_ids() == [ONE, TWO]


@pytest.mark.parametrize("wrong", ["", "../x", "A" * 16, "a" * 15, f"{ONE}\n{TWO}"])
def test_nothing_but_ids_is_listed(path, wrong):
    with pytest.raises(ValueError):
        note_erased(wrong, "2026-11-24")
    assert not path.exists()


def test_a_receipt_is_believed_as_it_was_signed_only():
    signed = {"type": receipts.TYPE, "number": receipts.new_number(), "counts": {}}
    key = signing_key("cub")
    receipt = {
        "signed": signed,
        "signature": key.sign(receipts.canonical(signed)).hex(),
    }
    assert receipts.is_genuine(receipt)
    assert not receipts.is_genuine(
        {**receipt, "signed": {**signed, "counts": {"a": 1}}}
    )
    assert not receipts.is_genuine({**receipt, "signature": "00" * 64})


def test_only_what_the_receipt_has_is_counted():
    with pytest.raises(ValueError):
        counting.register_count("names", lambda space: 1)


def test_an_account_of_before_is_not_closed():
    account = Account()
    del account.__dict__
    space = SimpleNamespace(_account=account)
    assert closing_of(space) is None
    assert account.email_change is None and account.email_asked == ()
