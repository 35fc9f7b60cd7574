"""Folders, and all of a vault opened at once."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import contents
from civisdata.content.vault import documents
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import store_stream
from dataclasses import FrozenInstanceError
from dataclasses import replace
from io import BytesIO
import pytest
import transaction


SPACE = "a" * 32


def store(vault, bundle, limits, name="a.bin") -> str:
    return store_stream(
        vault,
        SPACE,
        bundle,
        name=name,
        size=1,
        category="local",
        limits=limits,
        stream=BytesIO(b"x"),
    )


def test_items_lie_where_their_boxes_say(vault, bundle, limits):
    home = contents.make_folder(vault, SPACE, bundle, " Maison\n")
    bills = contents.make_folder(vault, SPACE, bundle, "Factures", home.id)
    inside, outside = (store(vault, bundle, limits, f"{n}.bin") for n in "ab")
    documents.update_metadata(
        vault, SPACE, vault.document(inside), bundle, folder=bills.id
    )
    found = contents.open_contents(vault, SPACE, bundle)
    assert [folder.title for folder in found.path(bills.id)] == ["Maison", "Factures"]
    assert list(found.documents_in(bills.id)) == [inside]
    assert list(found.documents_in(contents.TOP)) == [outside]
    assert found.folders_in(contents.TOP) == [home]
    assert list(found.below(home.id)) == [home, bills]
    assert found.altered == ()


def test_what_lies_in_a_folder_that_is_gone_lies_at_the_top(vault, bundle, limits):
    folder = contents.make_folder(vault, SPACE, bundle, "Maison")
    child = contents.make_folder(vault, SPACE, bundle, "Travaux", folder.id)
    vault.remove_folder(folder.id)
    found = contents.open_contents(vault, SPACE, bundle)
    assert found.folders_in(contents.TOP) == [child]
    assert found.path(child.id) == [child]
    with pytest.raises(NoSuchItem):
        vault.remove_folder(folder.id)


def test_what_lies_in_a_binned_folder_is_binned(vault, bundle, limits):
    folder = contents.make_folder(vault, SPACE, bundle, "Maison")
    child = contents.make_folder(vault, SPACE, bundle, "Travaux", folder.id)
    contents.put_folder(vault, SPACE, bundle, replace(folder, binned_at=5))
    found = contents.open_contents(vault, SPACE, bundle)
    assert found.is_binned(found.folders[folder.id])
    assert found.is_binned(child)


@pytest.mark.parametrize("ids", ["ab", "ba"])
def test_folders_that_lie_in_each_other_end_nothing(vault, bundle, monkeypatch, ids):
    """Two browsers can move two folders into each other at the same time.

    Whichever of them is found first lies at the top then, and the other one in it.
    """
    new = (letter * 32 for letter in ids)
    monkeypatch.setattr(contents, "new_id", lambda: next(new))
    one = contents.make_folder(vault, SPACE, bundle, "1")
    two = contents.make_folder(vault, SPACE, bundle, "2", one.id)
    contents.put_folder(vault, SPACE, bundle, replace(one, parent=two.id))
    found = contents.open_contents(vault, SPACE, bundle)
    (top,) = (f for f in found.folders.values() if f.parent == contents.TOP)
    assert {folder.id for folder in found.below(top.id)} == {one.id, two.id}
    assert [len(found.path(folder_id)) for folder_id in ("a" * 32, "b" * 32)] == [1, 2]


@pytest.mark.parametrize("title", ["", " \n", "\u202e", None, 5])
def test_a_title_needs_a_character(vault, bundle, title):
    with pytest.raises(Refused, match="title"):
        contents.make_folder(vault, SPACE, bundle, title)


def test_folders_have_a_depth_and_a_place(vault, bundle):
    parent = contents.TOP
    for number in range(contents.MAX_DEPTH):
        parent = contents.make_folder(vault, SPACE, bundle, str(number), parent).id
    with pytest.raises(Refused, match="depth"):
        contents.make_folder(vault, SPACE, bundle, "x", parent)
    with pytest.raises(NoSuchItem):
        contents.make_folder(vault, SPACE, bundle, "x", "f" * 32)


def test_only_the_own_key_opens_a_folder(vault, bundle):
    folder = contents.make_folder(vault, SPACE, bundle, "Maison")
    found = contents.open_contents(vault, SPACE, KeyBundle.new())
    assert (found.folders, found.altered) == ({}, (folder.id,))
    assert b"Maison" not in vault.folders[folder.id]


def test_boxes_of_the_first_version_have_the_later_fields(vault, bundle, limits):
    document = vault.document(store(vault, bundle, limits))
    first = {
        "title": "Passeport",
        "name": "passeport.pdf",
        "kind": "pdf",
        "category": "national",
        "size": 1,
        "sha256": "0" * 64,
        "stored_at": 1_700_000_000,
    }
    box = BoxKey(bundle.vault_key).seal(
        first, space_id=SPACE, item_id=document.id, purpose="document"
    )
    vault.set_box(document, box)
    metadata = documents.metadata_of(vault, SPACE, document, bundle)
    assert (metadata.title, metadata.folder, metadata.favourite) == (
        "Passeport",
        contents.TOP,
        False,
    )
    assert documents.update_metadata(
        vault, SPACE, document, bundle, notes="au coffre"
    ) == replace(metadata, notes="au coffre", revision=1)


def test_a_vault_of_the_first_version_gets_its_folders(db, bundle):
    connection = db.open()
    vault = Vault()
    vault.__dict__.pop("_folders", None)
    connection.root()["old"] = vault
    transaction.commit()
    assert len(vault.folders) == 0
    folder = contents.make_folder(vault, SPACE, bundle, "Maison")
    transaction.commit()
    assert list(vault.folders) == [folder.id]
    connection.close()


def test_a_box_of_another_version_has_what_it_has_and_defaults():
    """The first version had no folders, notes, dates; a later one may have more."""
    first = {
        "title": "Bail",
        "name": "bail.pdf",
        "kind": "pdf",
        "category": "local",
        "size": 3,
        "sha256": "0" * 64,
        "stored_at": 5,
    }
    old = documents.Metadata.from_dict(first)
    assert old == documents.Metadata(**first)
    assert (old.folder, old.notes, old.origin, old.revision) == ("", "", None, 0)
    assert replace(old, notes="n").to_dict() == {**old.to_dict(), "notes": "n"}
    assert documents.Metadata.from_dict({**first, "later": 1}) == old
    assert not hasattr(documents.Metadata.from_dict({**first, "later": 1}), "later")
    with pytest.raises(FrozenInstanceError):
        old.title = "x"
    for name in first:
        with pytest.raises(KeyError):
            documents.Metadata.from_dict(
                {key: first[key] for key in first if key != name}
            )
