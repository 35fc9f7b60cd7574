"""Filing, bin, copies and lists of an opened vault."""

from civisdata.content.vault import bin
from civisdata.content.vault import contents
from civisdata.content.vault.contents import MAX_DEPTH
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.copies import copy
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Overtaken
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.filing import change
from civisdata.content.vault.filing import ensure_path
from civisdata.content.vault.filing import move
from civisdata.content.vault.filing import Opened
from civisdata.content.vault.listing import list_items
from civisdata.content.vault.listing import present
from civisdata.content.vault.listing import sort_key
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from dataclasses import replace
from datetime import date
from io import BytesIO
import pytest
import random
import transaction


SPACE = "a" * 32
DAY = 24 * 3600


@pytest.fixture
def opened(vault, bundle):
    return Opened(vault, SPACE, bundle)


@pytest.fixture
def store(opened, limits):
    def store(name="a.bin", data=b"x", **changes) -> str:
        made = store_stream(
            opened.vault,
            SPACE,
            opened.bundle,
            name=name,
            size=len(data),
            category="local",
            limits=limits,
            stream=BytesIO(data),
        )
        if changes:
            opened.keep(made, **changes)
        return made

    return store


@pytest.fixture
def folder(opened):
    def folder(title, parent=TOP) -> str:
        return contents.make_folder(
            opened.vault, SPACE, opened.bundle, title, parent
        ).id

    return folder


def test_what_is_changed_is_cleaned_and_counted(opened, store, folder):
    document, home = store(), folder("Maison")
    found = change(
        opened,
        document,
        {
            "title": "  Quittance\n d’août ",
            "notes": "une\r\nligne\x00 ",
            "category": "bills",
            "favourite": 1,
            "paper": "passport",
            "valid_until": "2030-02-28",
        },
        revision=0,
        categories=("bills",),
    )
    assert (found.title, found.notes) == ("Quittance d’août", "une\nligne")
    assert (found.category, found.favourite, found.paper) == ("bills", True, "passport")
    assert found.valid_until == "2030-02-28"
    assert (found.revision, opened.item(document)) == (1, found)
    assert change(opened, home, {"title": "Logement"}, 0).title == "Logement"
    # The same again is no change.
    assert change(opened, home, {"title": "Logement"}, 1).revision == 1


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"title": " \t "}, "title"),
        ({"category": "x"}, "category"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"paper": "x"}, "paper"),
        ({"valid_until": "31/12/2030"}, "date"),
        ({"valid_until": "2030-02-30"}, "date"),
        ({"valid_until": "20300228"}, "date"),
        ({"valid_until": "0001-01-01"}, "date"),
        ({"ends_on": "2026-11-23"}, "past"),
        ({"ends_on": ["2027-01-01"]}, "date"),
        ({"notes": ["a", "b"]}, "notes"),
    ],
)
def test_what_is_refused_changes_nothing(opened, store, changes, reason):
    document = store()
    with pytest.raises(Refused) as refused:
        change(
            opened, document, {"favourite": True, **changes}, today=date(2026, 11, 24)
        )
    assert refused.value.reason == reason
    assert opened.item(document).revision == 0


def test_a_type_that_is_no_longer_offered_may_stay(opened, store):
    document = store(category="patois")
    found = change(opened, document, {"category": "patois", "notes": "x"})
    assert found.category == "patois"


def test_an_overtaken_change_is_told_what_is_there(opened, store, folder):
    for item in (store(), folder("Maison")):
        change(opened, item, {"title": "Le premier"}, 0)
        with pytest.raises(Overtaken) as overtaken:
            change(opened, item, {"title": "Le second"}, 0)
        assert overtaken.value.current.title == "Le premier"
        assert opened.item(item).title == "Le premier"


def test_two_connections_change_one_item(db, opened, store):
    """The database refuses the second of two, and its repetition is overtaken."""
    document = store()
    transaction.commit()
    managers = [transaction.TransactionManager() for _ in "ab"]
    others = [
        replace(opened, vault=db.open(transaction_manager=one).root()["vault"])
        for one in managers
    ]
    for other, title in zip(others, ("premier", "second"), strict=True):
        change(other, document, {"title": title}, 0)
    managers[0].commit()
    with pytest.raises(Exception, match="conflict"):
        managers[1].commit()
    managers[1].abort()
    with pytest.raises(Overtaken) as overtaken:
        change(others[1], document, {"title": "second"}, 0)
    assert overtaken.value.current.title == "premier"
    for manager, other in zip(managers, others, strict=True):
        manager.abort()
        other.vault._p_jar.close()


def test_documents_and_folders_move_together(opened, store, folder):
    home, work = folder("Maison"), folder("Travail")
    inner, document = folder("Travaux", home), store()
    assert move(opened, [inner, document, inner], work) == 2
    found = opened.contents()
    assert [f.id for f in found.path(inner)] == [work, inner]
    assert list(found.documents_in(work)) == [document]
    assert move(opened, [inner, document], work) == 0
    assert move(opened, [document], TOP) == 1


def test_a_folder_never_lies_in_itself(opened, store, folder):
    home = folder("Maison")
    inner = folder("Travaux", home)
    document = store()
    for target in (home, inner):
        with pytest.raises(Refused, match="into_itself"):
            move(opened, [document, home], target)
        with pytest.raises(Refused, match="into_itself"):
            copy(opened, [home], target, Limits(10**9, 10**9), str)
    assert opened.item(document).folder == TOP
    with pytest.raises(NoSuchItem):
        move(opened, [document], "f" * 32)
    with pytest.raises(NoSuchItem):
        move(opened, ["f" * 32], home)


def test_folders_have_a_deepest_level(opened, folder):
    deepest = TOP
    for number in range(MAX_DEPTH - 1):
        deepest = folder(str(number), deepest)
    tower = folder("Tour")
    folder("Étage", tower)
    with pytest.raises(Refused, match="depth"):
        move(opened, [tower], deepest)
    with pytest.raises(Refused, match="depth"):
        ensure_path(opened, deepest, ["a", "b"])


def test_folders_of_a_path_are_made_once(opened, folder):
    home = folder("Maison")
    first = ensure_path(opened, home, ["Été", "Photos"])
    assert ensure_path(opened, home, ["Été", "Photos"]) == first
    found = opened.contents()
    assert [f.title for f in found.path(first)] == ["Maison", "Été", "Photos"]
    bin.put_in_bin(opened, [first])
    assert ensure_path(opened, home, ["Été", "Photos"]) != first
    with pytest.raises(Refused, match="title"):
        ensure_path(opened, home, ["a", "\n"])


def test_a_copy_is_a_document_of_its_own(opened, store, limits):
    data = random.Random(1).randbytes(PIECE + 1000)
    original = store("a.bin", data, notes="n", favourite=True, origin={"by": "x"})
    assert len(copy(opened, [original], TOP, limits, "{} (copie)".format)) == 1
    found = opened.contents()
    [made] = set(found.documents) - {original}
    metadata = found.documents[made]
    assert (metadata.title, metadata.notes) == ("a (copie)", "n")
    assert (metadata.origin, metadata.signer, metadata.favourite) == (None, "", False)
    documents = [opened.vault.document(id) for id in (original, made)]
    assert documents[0].header != documents[1].header
    stored = [part.open("r") for one in documents for part in one.parts]
    read = [file.read() for file in stored]
    assert len(set(read)) == len(read) == 4
    for file in stored:
        file.close()
    with open_document(opened.vault, SPACE, documents[1], opened.bundle) as copied:
        assert copied.bytes() == data
    assert opened.vault.used == 2 * len(data)


def test_a_folder_is_copied_with_all_but_the_bin(opened, store, folder, limits):
    home, target = folder("Maison"), folder("Archives")
    inner, gone = folder("Travaux", home), folder("Vide", home)
    for name, place in (("a", home), ("b", inner), ("c", gone)):
        store(f"{name}.bin", folder=place)
    store("d.bin", folder=home, binned_at=5)
    bin.put_in_bin(opened, [gone])
    assert len(copy(opened, [home], target, limits, str)) == 2
    found = opened.contents()
    [made] = found.folders_in(target)
    assert made.title == "Maison"
    assert [f.title for f in found.folders_in(made.id)] == ["Travaux"]
    assert [m.title for m in found.documents_in(made.id).values()] == ["a"]


def test_a_copy_needs_room(opened, store):
    document = store(data=b"x" * 600)
    with pytest.raises(Refused, match="quota"):
        copy(opened, [document], TOP, Limits(1000, 1000), str)
    assert len(opened.vault) == 1


def test_the_bin_gives_back(opened, store, folder):
    home = folder("Maison")
    document, inside = store("a.bin"), store("b.bin", folder=home)
    assert bin.put_in_bin(opened, [document, home], now=1000) == 2
    found = opened.contents()
    assert list(bin.binned(found)) == [home, document]
    assert present(found, date(2026, 11, 24)).documents == {}
    assert opened.vault.used == 2
    # What lies in a folder of the bin comes back alone, to the top.
    assert bin.restore(opened, [inside]) == 1
    assert opened.item(inside).folder == TOP
    assert bin.restore(opened, [home, document, document]) == 2
    assert bin.binned(opened.contents()) == {}


def test_a_place_that_is_gone_is_the_top(opened, store, folder):
    home = folder("Maison")
    document = store(folder=home)
    bin.put_in_bin(opened, [document, home])
    bin.restore(opened, [document])
    assert opened.item(document).folder == TOP
    assert opened.item(document).binned_at == 0


def test_a_vault_is_opened_once_however_much_is_restored(
    opened, store, folder, monkeypatch
):
    home = folder("Logement")
    inside = folder("Bail", home)
    documents = [store(folder=inside) for _ in range(5)]
    bin.put_in_bin(opened, [home, inside, *documents])
    calls, open_contents = [], contents.open_contents
    monkeypatch.setattr(
        contents, "open_contents", lambda *a: calls.append(1) or open_contents(*a)
    )
    assert bin.restore(opened, [home, inside, *documents]) == 7
    assert len(calls) == 1
    assert {opened.item(id).folder for id in documents} == {inside}
    assert opened.item(inside).parent == home


def test_only_the_bin_is_emptied(opened, store, folder):
    home = folder("Maison")
    inner = folder("Travaux", home)
    inside, kept = store("a.bin", folder=inner), store("b.bin")
    with pytest.raises(Refused, match="not_binned"):
        bin.erase(opened, [kept])
    bin.put_in_bin(opened, [home])
    assert bin.empty_bin(opened) == [inside]
    assert list(opened.vault.documents) == [kept]
    assert list(opened.vault.folders) == []
    with pytest.raises(NoSuchItem):
        opened.item(inside)
    assert opened.vault.used == 1


def test_the_bin_is_erased_after_thirty_days(opened, store, folder):
    home = folder("Maison")
    store("a.bin", folder=home)
    late = store("b.bin", binned_at=DAY)
    opened.keep(home, binned_at=1)
    found = opened.contents()
    assert bin.tidy(opened, found, now=30 * DAY) == bin.Tidied()
    assert bin.tidy(opened, found, now=30 * DAY + 1) == bin.Tidied(binned=1)
    assert list(opened.vault.documents) == [late]
    assert bin.erased_on(opened.item(late)) == date(1970, 2, 1)


def test_a_temporary_document_ends_after_its_last_day(opened, store):
    store(ends_on="2026-11-24")
    found = opened.contents()
    assert len(present(found, date(2026, 11, 24)).documents) == 1
    assert bin.tidy(opened, found, today=date(2026, 11, 24)) == bin.Tidied()
    assert len(present(found, date(2026, 11, 25)).documents) == 0
    assert bin.tidy(opened, found, today=date(2026, 11, 25)) == bin.Tidied(ended=1)
    assert opened.contents().documents == {}


def test_lists_are_in_the_order_asked_for(opened, store, folder):
    rows = (
        ("n10", 3, "bills", "2027-01-01"),
        ("Été", 1, "work", ""),
        ("n9", 2, "local", "2026-12-01"),
    )
    for name, size, category, day in rows:
        store(f"{name}.bin", b"x" * size, category=category, valid_until=day)
    folder("zèbre"), folder("Arbre")
    here = present(opened.contents(), date(2026, 11, 24))

    def titles(sort, descending=None):
        found = list_items(here, TOP, sort=sort, descending=descending)
        return " ".join(row.item.title for row in found)

    assert titles("titre") == "Arbre zèbre Été n9 n10"
    assert titles("titre", True) == "zèbre Arbre n10 n9 Été"
    assert titles("taille") == "Arbre zèbre n10 n9 Été"
    assert titles("type") == "Arbre zèbre n10 n9 Été"
    assert titles("date") == "Arbre zèbre n9 Été n10"
    assert titles("validite") == "Arbre zèbre n9 n10 Été"
    assert titles("validite", True) == "Arbre zèbre n10 n9 Été"


def test_words_are_sorted_as_people_do():
    ordered = [
        "1 an",
        "2",
        "02",
        "10",
        "1000000000000",
        "a",
        "A",
        "à",
        "a 9",
        "a 10 b",
        "a 10 c",
        "a b",
        "cœur 2",
        "coeurs",
        "école",
        "École 2",
        "ecole ²3",
        "zz",
    ]
    by_key = sorted(sorted(ordered), key=sort_key)
    assert [x for x in by_key if x.casefold() not in ("02", "2", "a", "à")] == [
        x for x in ordered if x.casefold() not in ("02", "2", "a", "à")
    ]
    # Equal but for case, accents or zeros: side by side, always in the same order.
    assert sorted(by_key.index(x) for x in ("2", "02")) == [1, 2]
    assert [by_key.index(x) for x in ("A", "a", "à")] == [5, 6, 7]


def test_filters_look_below(opened, store, folder):
    home = folder("Maison")
    inner = folder("Travaux", home)
    store("a.bin", folder=inner, category="bills")
    store("b.bin", favourite=True)
    here = present(opened.contents(), date(2026, 11, 24))
    found = list_items(here, home, category="bills")
    assert [(row.item.title, row.place) for row in found] == [("a", inner)]
    assert [r.item.title for r in list_items(here, TOP, favourites=True)] == ["b"]
    assert list_items(here, home, favourites=True) == []


def test_folders_that_two_moves_at_once_put_into_each_other_stay_in_reach(
    opened, store, folder
):
    outer, inner = folder("Logement"), folder("Bail")
    store(folder=inner)
    # What is left where each move has seen the other folder at the top.
    opened.keep(outer, parent=inner)
    opened.keep(inner, parent=outer)
    here = opened.contents()
    (top,) = here.folders_in(TOP)
    assert {found.id for found in here.below(top.id)} == {outer, inner}
    assert move(opened, [outer], TOP) == 1
    assert opened.item(outer).parent == TOP and opened.item(inner).parent == outer
