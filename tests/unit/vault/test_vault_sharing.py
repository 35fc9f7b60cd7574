"""Shares: who opens what, before and after each of them ends."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import contents
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.agefile import PayloadReader
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.parts import open_part
from civisdata.content.vault.parts import PartsReader
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.resealing import reseal_vault
from civisdata.content.vault.sharing import arrivals
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing import received
from civisdata.content.vault.sharing.arrivals import add_document
from civisdata.content.vault.sharing.parts import DOCUMENT
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.reconcile import reconcile
from civisdata.content.vault.sharing.rekey import rekey_step
from civisdata.content.vault.sharing.resealing import reseal_shares
from civisdata.content.vault.sharing.storage import ENDED
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.sharing.storage import LEFT
from civisdata.content.vault.sharing.storage import REFUSED
from dataclasses import replace
from helpers.sharing import LIMITS
from helpers.sharing import Person
from helpers.sharing import Spaces
from io import BytesIO
import pytest
import random
import subprocess
import transaction


DATA = random.Random(18).randbytes(200_000)


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


@pytest.fixture
def other(spaces):
    return Person(spaces, "other")


@pytest.fixture
def moment():
    """Sets the clock; it stands still."""
    now = [clock.now()]
    former = clock.set_source(lambda: now[0])
    yield now
    clock.set_source(former)


def stored_bytes(document) -> bytes:
    data = document.header
    for part in document.parts:
        with open_part(part) as stream:
            data += stream.read()
    return data


def finish(owner) -> int:
    steps = 0
    while rekey_step(owner.vault, owner.id, owner.bundle):
        transaction.commit()
        steps += 1
    return steps


def test_a_shared_document_is_read_once_it_was_taken(owner, friend):
    id = owner.store(DATA, "Avis_d_imposition.pdf.bin")
    share = owner.offer(friend, DOCUMENT, id, message="Voilà")
    (found,) = friend.received()
    assert found.waits
    assert (found.head.title, found.head.message) == ("Avis d’imposition.pdf", "Voilà")
    with pytest.raises(NoSuchItem):
        friend.read(found, id)
    taken = friend.take()
    assert friend.read(taken, id) == DATA
    assert share.state == "accepted"
    with pytest.raises(NoSuchItem):
        friend.read(taken, owner.store(b"x"))


def test_sharing_leaves_the_payload_alone(owner, friend):
    id = owner.store(DATA)
    document = owner.vault.document(id)
    parts, record = document.parts, document.record
    owner.offer(friend, DOCUMENT, id)
    assert document.parts is parts
    assert document.record["payload_sha256"] == record["payload_sha256"]
    with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
        assert opened.bytes() == DATA


def test_stock_age_opens_it_for_owner_and_recipient(owner, friend, other, tmp_path):
    id = owner.store(DATA)
    owner.offer(friend, DOCUMENT, id)
    sealed = tmp_path / "document.age"
    sealed.write_bytes(stored_bytes(owner.vault.document(id)))
    for person, opens in ((owner, True), (friend, True), (other, False)):
        identity = tmp_path / person.id
        identity.write_text(person.bundle.identity + "\n")
        done = subprocess.run(
            ["age", "-d", "-i", str(identity), str(sealed)], capture_output=True
        )
        assert (done.stdout == DATA) is opens


def test_after_a_revocation_nothing_stored_opens_the_payload(owner, friend, other):
    """Not with the identity, the old file key, the share's key and the whole database."""
    id = owner.store(DATA)
    document = owner.vault.document(id)
    share = owner.offer(friend, DOCUMENT, id)
    owner.offer(other, DOCUMENT, id)
    taken, kept = friend.take(), other.take()
    old_key = open_header(document.header, friend.bundle.identity)
    transaction.commit()
    offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
    with pytest.raises(NoSuchItem):
        friend.read(taken, id)
    assert not friend.again(taken).is_live
    # The header is without the recipient at once, the payload follows.
    with pytest.raises(IntegrityError):
        open_header(document.header, friend.bundle.identity)
    assert other.read(kept, id) == DATA
    assert finish(owner) == 1
    document = owner.vault.document(id)
    with pytest.raises(IntegrityError):
        open_header(document.header, friend.bundle.identity)
    parts = PartsReader(document.parts, document.piece_size)
    with pytest.raises(IntegrityError):
        PayloadReader(old_key, document.payload_size, parts.read_at).clear_size  # noqa: B018
    parts.close()
    assert (share.head, len(share.entries), len(share.folders)) == (b"", 0, 0)
    assert other.read(kept, id) == DATA
    with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
        assert opened.bytes() == DATA


def test_a_large_payload_gets_its_key_in_steps_and_stays_readable(owner, friend):
    data = random.Random(1).randbytes(2 * PIECE + 77_777)
    id = owner.store(data)
    share = owner.offer(friend, DOCUMENT, id)
    friend.take()
    transaction.commit()
    offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
    transaction.commit()
    before = owner.vault.document(id).parts
    for step in range(3):
        # A crash before each step, and after what it did.
        rekey_step(owner.vault, owner.id, owner.bundle)
        transaction.abort()
        document = owner.vault.document(id)
        assert document.parts == before
        assert owner.sharing.rekeys[id].received == step * PIECE
        with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
            assert opened.bytes(PIECE, PIECE + 5) == data[PIECE : PIECE + 5]
        rekey_step(owner.vault, owner.id, owner.bundle)
        transaction.commit()
    assert not owner.sharing.rekeys
    document = owner.vault.document(id)
    assert document.parts != before
    with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
        assert opened.bytes() == data


def test_a_payload_that_waits_and_is_erased_waits_no_longer(owner, friend):
    id = owner.store(DATA)
    share = owner.offer(friend, DOCUMENT, id)
    offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
    owner.vault.remove(id)
    assert finish(owner) == 1
    assert not owner.sharing.rekeys


def test_a_folder_is_shared_with_all_below(owner, friend):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    bills = contents.make_folder(owner.vault, owner.id, owner.bundle, "F", home.id)
    inside, deep, outside = (owner.store(DATA + bytes([n])) for n in range(3))
    for id, folder in ((inside, home), (deep, bills)):
        document = owner.vault.document(id)
        update_metadata(
            owner.vault, owner.id, document, owner.bundle, folder=folder.id, notes="n"
        )
    owner.offer(friend, FOLDER, home.id)
    taken = friend.take()
    shared = received.open_shared(taken, friend.bundle)
    assert set(shared.documents) == {inside, deep}
    assert shared.documents[deep].folder == bills.id
    assert [f.title for _id, f in shared.path(bills.id)] == ["Maison", "F"]
    assert friend.read(taken, deep) == DATA + b"\1"
    with pytest.raises(NoSuchItem):
        friend.read(taken, outside)
    # What comes in later reaches the recipient; what goes out, is binned or erased, not.
    document = owner.vault.document(outside)
    update_metadata(owner.vault, owner.id, document, owner.bundle, folder=bills.id)
    transaction.commit()
    reconcile(owner.vault, owner.id, owner.bundle)
    assert friend.read(taken, outside) == DATA + b"\2"
    document = owner.vault.document(inside)
    update_metadata(owner.vault, owner.id, document, owner.bundle, folder="")
    contents.put_folder(
        owner.vault, owner.id, owner.bundle, replace(bills, binned_at=5)
    )
    reconcile(owner.vault, owner.id, owner.bundle)
    for id in (inside, deep, outside):
        with pytest.raises(NoSuchItem):
            friend.read(taken, id)
    assert set(owner.sharing.rekeys) == {inside, deep, outside}
    # Out of the bin, they are shared again.
    contents.put_folder(owner.vault, owner.id, owner.bundle, bills)
    reconcile(owner.vault, owner.id, owner.bundle)
    finish(owner)
    assert friend.read(taken, deep) == DATA + b"\1"
    assert set(received.open_shared(taken, friend.bundle).documents) == {deep, outside}


def test_two_shares_of_one_document_end_one_by_one(owner, friend):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    id = owner.store(DATA)
    document = owner.vault.document(id)
    update_metadata(owner.vault, owner.id, document, owner.bundle, folder=home.id)
    alone = owner.offer(friend, DOCUMENT, id)
    taken = friend.take()
    owner.offer(friend, FOLDER, home.id)
    second = friend.take()
    offers.end_share(owner.space, owner.vault, owner.bundle, alone.id)
    # The other share still gives it: no new key is needed.
    assert not owner.sharing.rekeys
    assert friend.read(second, id) == DATA
    with pytest.raises(NoSuchItem):
        friend.read(taken, id)


def test_an_end_date_passes_by_the_clock_alone(owner, friend, moment):
    id = owner.store(DATA)
    share = owner.offer(friend, DOCUMENT, id, until=int(moment[0]) + 60)
    taken = friend.take()
    assert friend.read(taken, id) == DATA
    moment[0] += 60
    with pytest.raises(NoSuchItem):
        friend.read(taken, id)
    assert share.state == "accepted" and not owner.sharing.rekeys
    owner.settle()
    assert share.state == ENDED
    assert set(owner.sharing.rekeys) == {id}
    with pytest.raises(Refused, match="until"):
        owner.offer(friend, DOCUMENT, id, until=int(moment[0]))


def test_an_offer_that_nobody_answers_ends(owner, friend, moment):
    share = owner.offer(friend, DOCUMENT, owner.store(DATA))
    moment[0] += 31 * 86400
    assert not friend.received()[0].is_live
    owner.settle()
    assert share.state == ENDED


@pytest.mark.parametrize("answer,state", [("refuse", REFUSED), ("leave", LEFT)])
def test_a_recipient_refuses_or_gives_back(owner, friend, answer, state):
    id = owner.store(DATA)
    share = owner.offer(friend, DOCUMENT, id)
    found = friend.take() if answer == "leave" else friend.received()[0]
    getattr(received, answer)(found)
    with pytest.raises(NoSuchItem):
        friend.read(found, id)
    with pytest.raises(NoSuchItem):
        received.accept(friend.again(found))
    owner.settle()
    assert share.state == state and share.ended_at
    assert set(owner.sharing.rekeys) == {id}
    received.forget_received(friend.space, friend.again(found))
    assert friend.received() == []
    offers.forget_share(owner.space, owner.vault, owner.bundle, share.id)
    assert not owner.sharing.given


@pytest.mark.parametrize("who", ["owner", "friend"])
@pytest.mark.parametrize("how", ["closed", "anew"])
def test_an_account_that_ends_ends_its_shares(owner, friend, who, how):
    id = owner.store(DATA)
    share = owner.offer(friend, DOCUMENT, id)
    taken = friend.take()
    account = {"owner": owner, "friend": friend}[who].space._account
    if how == "closed":
        account.disabled = True
    else:
        account.public = KeyBundle.new().public
    if who == "owner":
        with pytest.raises(NoSuchItem):
            friend.read(taken, id)
    else:
        owner.settle()
        assert share.state == ENDED
        assert set(owner.sharing.rekeys) == {id}


def test_an_offer_to_nobody_looks_like_any_other(owner, friend):
    """The unknown, the suspended and the unwilling can't be told from the others."""
    ids = [owner.store(DATA) for _ in range(4)]
    friend.space._account.disabled = True
    owner.offer(friend, DOCUMENT, ids[0])
    friend.space._account.disabled = False
    ensure_sharing(friend.vault).welcome = False
    owner.offer(friend, DOCUMENT, ids[1])
    owner.offer(None, DOCUMENT, ids[2])
    assert friend.received() == []
    friend.sharing.welcome = True
    owner.offer(friend, DOCUMENT, ids[3])
    assert len(friend.received()) == 1
    shares = [share for share, _own in offers.given(owner.vault, "owner", owner.bundle)]
    assert {(share.state, share.ended_at) for share in shares} == {("offered", 0)}
    assert {len(share.own) for share in shares} == {len(shares[0].own)}
    owner.settle()
    assert {share.state for share in shares} == {"offered"}
    friend.space._account.public = KeyBundle.new().public
    owner.settle()
    assert {share.state for share in shares} == {"offered"}


def test_what_cannot_be_offered(owner, friend):
    id = owner.store(DATA)
    cases = (
        ({"person": owner}, "self"),
        ({"to": ""}, "nobody"),
        ({"may_add": True}, "rights"),
        ({"message": "a" * 501}, "message"),
        ({"until": 5}, "until"),
        ({"fingerprint": other_fingerprint()}, "fingerprint"),
        ({"person": None, "fingerprint": friend.bundle.fingerprint}, "fingerprint"),
    )
    for changes, reason in cases:
        person = changes.pop("person", friend)
        with pytest.raises(Refused) as refused:
            owner.offer(person, DOCUMENT, id, **changes)
        assert refused.value.reason == reason
    with pytest.raises(NoSuchItem):
        owner.offer(friend, DOCUMENT, "0" * 32)
    owner.offer(friend, DOCUMENT, id, fingerprint=friend.bundle.fingerprint.upper())
    with pytest.raises(Refused) as refused:
        owner.offer(friend, DOCUMENT, id)
    assert refused.value.reason == "again"
    assert len(friend.received()) == 1


def other_fingerprint() -> str:
    return KeyBundle.new().fingerprint


def add(friend, found, folder: str, data: bytes) -> str:
    shared = received.open_shared(found, friend.bundle)
    return add_document(
        found.vault,
        found.letter.owner,
        found.letter.owner_public.recipient,
        friend.bundle,
        folder=folder,
        others=shared.folders[folder].recipients,
        by="Zoé",
        name="Facture.bin",
        size=len(data),
        category="bills",
        limits=LIMITS,
        stream=BytesIO(data),
    )


def test_a_recipient_adds_to_the_owners_folder(owner, friend, other):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    owner.offer(other, FOLDER, home.id)
    seen = other.take()
    id = add(friend, taken, home.id, DATA)
    # The other recipients see it at once, before the owner comes by.
    for person, found in ((friend, taken), (other, seen)):
        shared = received.open_shared(person.again(found), person.bundle)
        assert shared.documents[id].added_by == "Zoé"
        assert person.read(found, id) == DATA
    assert id not in owner.vault.documents
    assert owner.sharing.awaited == len(DATA)
    owner.settle()
    document = owner.vault.document(id)
    with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
        assert opened.bytes() == DATA
        metadata = opened.metadata
    assert (metadata.folder, metadata.category) == (home.id, "bills")
    assert metadata.origin["added_by"] == "Zoé"
    assert metadata.origin["record"]["signer"] == friend.bundle.public.signing.hex()
    assert owner.vault.used == len(DATA)
    for person, found in ((friend, taken), (other, seen)):
        assert person.read(found, id) == DATA


@pytest.mark.parametrize("ends", ["adder", "watcher", "both"])
def test_what_was_added_gets_a_new_key_when_a_share_ends_before_it_is_filed(
    owner, friend, other, ends
):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    adding = owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    watching = owner.offer(other, FOLDER, home.id)
    other.take()
    id = add(friend, taken, home.id, DATA)
    shares = {"adder": [adding], "watcher": [watching], "both": [adding, watching]}
    for share in shares[ends]:
        offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
    assert set(owner.sharing.rekeys) == {id}
    finish(owner)
    document = owner.vault.document(id)
    for person, share in ((friend, adding), (other, watching)):
        if share in shares[ends]:
            with pytest.raises(IntegrityError):
                open_header(document.header, person.bundle.identity)
        else:
            assert open_header(document.header, person.bundle.identity)
    with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
        assert opened.bytes() == DATA


def test_what_nobody_with_the_right_has_signed_is_not_filed(owner, friend, other):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    owner.offer(friend, FOLDER, home.id)
    taken = friend.take()
    id = add(friend, taken, home.id, DATA)
    assert received.open_shared(taken, friend.bundle).documents == {}
    owner.settle()
    assert id not in owner.vault.documents
    assert not owner.sharing.arrivals


def test_nobody_lets_any_number_of_documents_wait(owner, friend, monkeypatch):
    monkeypatch.setattr(arrivals, "MAX_ARRIVALS", 2)
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    add(friend, taken, home.id, DATA)
    add(friend, taken, home.id, DATA)
    with pytest.raises(Refused, match="arrivals"):
        add(friend, taken, home.id, DATA)
    owner.settle()
    add(friend, taken, home.id, DATA)


def test_the_quota_of_the_owner_counts(owner, friend):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    shared = received.open_shared(taken, friend.bundle)
    with pytest.raises(Refused, match="quota"):
        add_document(
            taken.vault,
            owner.id,
            owner.bundle.recipient,
            friend.bundle,
            folder=home.id,
            others=shared.folders[home.id].recipients,
            by="",
            name="a.bin",
            size=200,
            category="bills",
            limits=replace(LIMITS, quota=150),
            stream=BytesIO(bytes(200)),
        )


def test_a_letter_for_somebody_else_or_altered_is_no_share(owner, friend, other):
    owner.offer(friend, DOCUMENT, owner.store(DATA))
    ((id, letter),) = friend.sharing.received.items()
    ensure_sharing(other.vault).received[id] = letter
    assert other.received() == []
    friend.sharing.received[id] = letter[:-1] + bytes([letter[-1] ^ 1])
    assert friend.received() == []


def test_the_database_does_not_say_who_shares_what_with_whom(owner, friend, db):
    id = owner.store(DATA, "Passeport de Zoé.bin")
    share = owner.offer(friend, DOCUMENT, id, message="Pour toi, Camille")
    transaction.commit()
    records = b"".join(record.data for txn in db.storage.iterator() for record in txn)
    for word in ("Passeport", "Camille", friend.bundle.public.exchange.hex()):
        assert word.encode() not in records
    (received_id,) = friend.sharing.received
    assert received_id != share.id


def test_a_vault_of_the_version_before_shares(owner, friend):
    assert not hasattr(owner.vault, "_civisdata_sharing")
    assert not owner.sharing.given
    owner.offer(friend, DOCUMENT, owner.store(DATA))
    assert len(owner.sharing.given) == 1


def test_a_document_in_place_of_another_is_noticed(owner, friend):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    ids = [owner.store(DATA + bytes([n])) for n in range(2)]
    for id in ids:
        document = owner.vault.document(id)
        update_metadata(owner.vault, owner.id, document, owner.bundle, folder=home.id)
    owner.offer(friend, FOLDER, home.id)
    taken = friend.take()
    documents = owner.vault.documents
    documents[ids[0]], documents[ids[1]] = documents[ids[1]], documents[ids[0]]
    for id in ids:
        with pytest.raises(IntegrityError):
            friend.read(taken, id)


def test_letters_that_lead_nowhere_make_room(owner, friend):
    id = owner.store(DATA)
    for _ in range(4):
        share = owner.offer(friend, DOCUMENT, id)
        friend.take()
        offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
    kept = owner.offer(friend, DOCUMENT, id)
    assert received.drop_ended(friend.space, friend.bundle, 5) == 0
    assert received.drop_ended(friend.space, friend.bundle, 4) == 4
    assert [found.share for found in friend.received()] == [kept]


@pytest.mark.parametrize("how", ["stop", "time", "erase"])
def test_an_offer_that_ends_unanswered_leaves_nothing_behind(
    owner, friend, moment, how
):
    for n in range(5):
        id = owner.store(bytes([n]))
        share = owner.offer(friend, DOCUMENT, id)
        if how == "stop":
            offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
        elif how == "time":
            moment[0] += 31 * 86400
            reconcile(owner.vault, owner.id, owner.bundle)
        else:
            owner.vault.remove(id)
            reconcile(owner.vault, owner.id, owner.bundle)
            offers.forget_share(owner.space, owner.vault, owner.bundle, share.id)
    kept = owner.offer(friend, DOCUMENT, owner.store(DATA))
    assert len(friend.sharing.received) == 1
    assert [found.share for found in friend.received()] == [kept]


def test_what_was_answered_stays_in_the_list(owner, friend):
    share = owner.offer(friend, DOCUMENT, owner.store(DATA))
    friend.take()
    offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
    assert [found.is_live for found in friend.received()] == [False]


def test_offers_of_a_day_are_counted_by_name(owner, friend, moment, monkeypatch):
    monkeypatch.setattr(offers, "MAX_DAILY", 5)
    monkeypatch.setattr(offers, "MAX_DAILY_EACH", 3)
    id = owner.store(DATA)

    def offer_and_stop(person, to: str) -> None:
        share = owner.offer(person, DOCUMENT, id, to=to)
        offers.end_share(owner.space, owner.vault, owner.bundle, share.id)
        offers.forget_share(owner.space, owner.vault, owner.bundle, share.id)

    # Whoever has the name, and nobody: the same limit, however it is written.
    for person, to in ((friend, "c-ami"), (None, "c-nobody")):
        owner.sharing.recent = ()
        for text in (to, to.upper(), f"{to}@civis.example"):
            offer_and_stop(person, text)
        with pytest.raises(Refused, match="daily"):
            offer_and_stop(person, to)
    offer_and_stop(friend, "c-2")
    offer_and_stop(friend, "c-3")
    with pytest.raises(Refused, match="daily"):
        offer_and_stop(friend, "c-4")
    assert b"c-ami" not in repr(owner.sharing.recent).encode()
    moment[0] += 86401
    offer_and_stop(friend, "c-4")
    assert len(owner.sharing.recent) == 1
    # As it was stored by the former version.
    del owner.sharing.recent
    offer_and_stop(friend, "c-ami")


def renew(person) -> None:
    """Replace a citizen's keys, as « Changer mes clés » does."""
    new = KeyBundle.new()
    reseal_vault(person.space, person.bundle, new)
    reseal_shares(person.space, person.bundle, new)
    person.space._account.public = new.public
    person.bundle = new


def test_shares_go_on_when_their_owner_gets_new_keys(owner, friend, other):
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    adding = owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    id = add(friend, taken, home.id, DATA)
    second = owner.store(DATA)
    waiting = owner.offer(other, DOCUMENT, second)
    offers.end_share(owner.space, owner.vault, owner.bundle, waiting.id)
    late = add(friend, taken, home.id, DATA + b"1")
    transaction.commit()
    renew(owner)
    transaction.commit()
    taken = friend.again(taken)
    assert taken.letter.owner_public == owner.bundle.public
    assert friend.read(taken, id) == DATA
    assert friend.read(taken, late) == DATA + b"1"
    finish(owner)
    for document_id in (id, second, late):
        document = owner.vault.document(document_id)
        with open_document(owner.vault, owner.id, document, owner.bundle) as opened:
            assert opened.bytes().startswith(DATA)
    owner.settle()
    assert adding.state == "accepted"


def test_shares_end_when_their_recipient_gets_new_keys(owner, friend):
    id = owner.store(DATA)
    share = owner.offer(friend, DOCUMENT, id)
    friend.take()
    renew(friend)
    assert friend.received() == []
    owner.settle()
    assert share.state == ENDED
    assert set(owner.sharing.rekeys) == {id}
