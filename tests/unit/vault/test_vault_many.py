"""Many documents: what one more costs must not grow with them."""

from civisdata.content.vault import contents
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.sharing import adding
from civisdata.content.vault.sharing.parts import DOCUMENT
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.reconcile import reconcile
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import store_stream
from helpers.sharing import LIMITS
from helpers.sharing import Person
from helpers.sharing import Spaces
from io import BytesIO
import pytest


@pytest.fixture
def opened(monkeypatch):
    """The ids of items whose boxes were opened."""
    seen = []
    former = BoxKey._open

    def watch(self, box, space_id, item_id, purpose):
        seen.append(item_id)
        return former(self, box, space_id, item_id, purpose)

    monkeypatch.setattr(BoxKey, "_open", watch)
    return seen


@pytest.fixture
def people(db):
    connection = db.open()
    spaces = connection.root()["spaces"] = Spaces()
    yield Person(spaces, "owner"), Person(spaces, "friend")
    connection.transaction_manager.abort()
    connection.close()


def store(person, name: str, folder: str = "") -> str:
    return store_stream(
        person.vault,
        person.id,
        person.bundle,
        name=name,
        size=5,
        category="local",
        limits=LIMITS,
        stream=BytesIO(b"12345"),
        folder=folder,
    )


@pytest.mark.parametrize("count", [0, 40])
def test_storing_opens_the_box_of_the_new_document_alone(people, opened, count):
    owner, _friend = people
    others = {owner.store(b"x") for _number in range(count)}
    opened.clear()
    id = owner.store(b"y")
    assert set(opened) <= {id}
    assert not others & set(opened)


def test_a_new_document_reaches_recipients_without_opening_the_others(people, opened):
    owner, friend = people
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    below = contents.make_folder(owner.vault, owner.id, owner.bundle, "Eau", home.id)
    before = {store(owner, f"{n}.bin", home.id) for n in range(20)}
    alone = store(owner, "seul.bin")
    owner.offer(friend, FOLDER, home.id)
    taken = friend.take()
    owner.offer(friend, DOCUMENT, alone)
    one = friend.take()
    payloads = {id: owner.vault.document(id).header for id in before}
    new, elsewhere = store(owner, "n.bin", below.id), store(owner, "e.bin")
    opened.clear()
    reconcile(owner.vault, owner.id, owner.bundle, only={new, elsewhere})
    assert not (before | {alone}) & set(opened)
    assert friend.read(taken, new) == b"12345"
    assert friend.read(one, alone) == b"12345"
    assert elsewhere not in friend.again(taken).share.entries
    assert {id: owner.vault.document(id).header for id in before} == payloads
    for id in before:
        assert friend.read(taken, id) == b"12345"
    assert not owner.sharing.rekeys


def test_where_a_share_is_over_meanwhile_all_is_done(people):
    owner, friend = people
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    first = store(owner, "a.bin", home.id)
    owner.offer(friend, FOLDER, home.id)
    taken = friend.take()
    taken.share.state = "left"
    new = store(owner, "b.bin", home.id)
    reconcile(owner.vault, owner.id, owner.bundle, only={new})
    assert taken.share.ended_at
    assert first in owner.sharing.rekeys
    assert not taken.share.entries


def test_documents_are_counted_also_in_vaults_that_did_not(people):
    owner, _friend = people
    ids = [owner.store(b"x") for _number in range(3)]
    owner.vault._count = None
    assert owner.vault.count == 3
    owner.store(b"y")
    assert owner.vault.count == 4
    owner.vault.remove(ids[0])
    assert owner.vault.count == len(owner.vault.boxes) == 3
    assert Vault._count is None and Vault().count == 0


def test_a_refused_file_leaves_nothing(people, monkeypatch):
    owner, _friend = people
    monkeypatch.setattr("civisdata.content.vault.uploads.MAX_DOCUMENTS", 1)
    owner.store(b"x")
    with pytest.raises(Refused) as refused:
        owner.store(b"y")
    assert refused.value.reason == "too_many_documents"
    monkeypatch.undo()
    with pytest.raises(Refused):
        owner.store(b"<html>", "faux.pdf")
    assert owner.vault.count == 1 and not owner.vault.uploads
    document = owner.vault.document(next(iter(owner.vault.documents)))
    update_metadata(owner.vault, owner.id, document, owner.bundle, notes="vu")


def test_what_nobody_goes_on_adding_is_dropped_after_a_day(people):
    owner, friend = people
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    owner.offer(friend, FOLDER, home.id, may_add=True)
    taken = friend.take()
    upload = adding.start(
        taken,
        folder=home.id,
        name="a.bin",
        size=5,
        category="local",
        limits=LIMITS,
        categories=("local",),
    )
    assert adding.drop_stale(owner.sharing) == 0
    assert owner.sharing.awaited == 5
    assert adding.drop_stale(owner.sharing, upload.touched_at + 2 * 86400) == 1
    assert not owner.sharing.uploads and not upload.box
