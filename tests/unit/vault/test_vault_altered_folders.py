"""Boxes of folders and shares that were altered in the store raise nowhere."""

from civisdata.content.vault import contents
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing import received
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.reconcile import reconcile
from helpers.sharing import Person
from helpers.sharing import Spaces
import pytest


#: What may come of a box in the database.
WAYS = {
    "flipped": lambda box: box[:-1] + bytes([box[-1] ^ 1]),
    "suite": lambda box: b"\xff" + box[1:],
    "cut": lambda box: box[:20],
    "short": lambda box: box[:1],
    "empty": lambda box: b"",
}


@pytest.fixture(params=WAYS, ids=str)
def altered(request):
    return WAYS[request.param]


@pytest.fixture
def people(db):
    connection = db.open()
    spaces = connection.root()["spaces"] = Spaces()
    yield Person(spaces, "owner"), Person(spaces, "friend")
    connection.transaction_manager.abort()
    connection.close()


@pytest.fixture
def shared(people):
    """Owner, friend, what was taken, the folder and a document in it."""
    owner, friend = people
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    document = owner.store(b"x", "bail.bin")
    update_metadata(
        owner.vault,
        owner.id,
        owner.vault.document(document),
        owner.bundle,
        folder=home.id,
    )
    owner.offer(friend, FOLDER, home.id, may_add=True)
    return owner, friend, friend.take(), home.id, document


def test_an_altered_folder_leaves_what_lies_in_it_at_the_top(people, altered):
    owner, _friend = people
    home = contents.make_folder(owner.vault, owner.id, owner.bundle, "Maison")
    below = contents.make_folder(owner.vault, owner.id, owner.bundle, "Eau", home.id)
    owner.vault.set_folder(home.id, altered(owner.vault.folders[home.id]))
    here = contents.open_contents(owner.vault, owner.id, owner.bundle)
    assert here.altered == (home.id,)
    assert [folder.id for folder in here.folders_in(contents.TOP)] == [below.id]
    assert contents.open_some(owner.vault, owner.id, owner.bundle, ()).altered


def test_an_altered_folder_ends_its_share_and_nothing_raises(shared, altered):
    owner, friend, taken, home, document = shared
    owner.vault.set_folder(home, altered(owner.vault.folders[home]))
    reconcile(owner.vault, owner.id, owner.bundle, only={document})
    owner.settle()
    assert taken.share.ended_at
    assert not friend.again(taken).is_live


@pytest.mark.parametrize("part", ["folders", "entries", "head", "own"])
def test_an_altered_box_of_a_share_is_made_again_or_ends_it(shared, altered, part):
    owner, friend, taken, home, document = shared
    share = taken.share
    if part in ("folders", "entries"):
        boxes = getattr(share, part)
        key = home if part == "folders" else document
        boxes[key] = altered(boxes[key])
    else:
        setattr(share, part, altered(getattr(share, part)))
    # The recipient finds less, and no error.
    found = friend.received()
    for each in found:
        if each.is_live:
            received.open_shared(each, friend.bundle)
    offers.given(owner.vault, owner.id, owner.bundle)
    owner.settle()
    if part == "own":
        assert share.ended_at
    else:
        assert friend.read(taken, document) == b"x"
