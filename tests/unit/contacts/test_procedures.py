"""The list of procedures: shipped, edited by lines, retired."""

from civisdata.content.contacts import procedures
from civisdata.content.contacts.procedure_list import apply_lines
from civisdata.content.contacts.procedure_list import BadLines
from civisdata.content.contacts.procedure_list import papers_from_lines
from civisdata.content.contacts.procedure_list import papers_to_lines
from civisdata.content.contacts.procedure_list import to_lines
from civisdata.content.vault.papers import PAPERS
import pytest


SHIPPED = procedures.read(procedures.shipped_text())


def all_of(themes):
    return {found.id: found for theme in themes for found in theme.procedures}


def test_what_is_shipped_is_whole():
    found = all_of(SHIPPED)
    assert {"passeport", "carte-identite", "liste-electorale"} <= set(found)
    assert {"famille", "impots", "travaux"} <= {theme.id for theme in SHIPPED}
    assert sum(len(theme.procedures) for theme in SHIPPED) == len(found)
    for one in found.values():
        assert one.summary and one.whom and one.link.startswith("https://")
        assert one.papers
        assert {kind for paper in one.papers for kind in paper.kinds} <= set(PAPERS)


def test_writing_and_reading_lose_nothing():
    assert procedures.read(procedures.write(SHIPPED)) == SHIPPED


def test_saving_the_same_lines_changes_nothing():
    assert apply_lines(SHIPPED, to_lines(SHIPPED)) == SHIPPED


def test_rename_order_move_add_and_retire():
    after = apply_lines(
        SHIPPED,
        "nouveau | Nouveau thème\n- piscine | Piscine\n"
        "elections | Voter\n- passeport | Un passeport\n",
    )
    assert [theme.id for theme in after if not theme.retired] == [
        "nouveau",
        "elections",
    ]
    found = all_of(after)
    assert found["passeport"].theme == "elections"
    assert found["passeport"].papers == all_of(SHIPPED)["passeport"].papers
    assert found["passeport"].title == "Un passeport"
    assert found["liste-electorale"].retired and found["carte-grise"].retired
    assert not found["piscine"].papers
    assert set(all_of(SHIPPED)) <= set(found)


def test_what_was_retired_comes_back_with_all_it_had():
    lines = to_lines(SHIPPED)
    short = "elections | Voter\n- liste-electorale | Liste\n"
    back = apply_lines(apply_lines(SHIPPED, short), lines)
    assert all_of(back) == all_of(SHIPPED)
    assert not any(theme.retired for theme in back)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a | A", "empty"),
        ("- x | X", "theme"),
        ("a | A\n- b | B\n- b | C", "twice"),
        ("a | A\na | A\n- b | B", "twice"),
        ("a | A\n- B b | B", "id"),
        ("a | A\n- b", "id"),
        ("a | A\n- ../x | B", "id"),
        ("a | \n- b | B", "title"),
        ("a | " + "A" * 161, "title"),
        ("a | A\n- b | x\u202ey", "title"),
        ("a | A\n" + "\n".join(f"- b{n} | B" for n in range(301)), "too_many"),
    ],
)
def test_lines_that_cannot_be_taken(text, reason):
    with pytest.raises(BadLines) as caught:
        apply_lines(SHIPPED, text)
    assert caught.value.reason == reason


def test_papers_as_lines():
    for one in all_of(SHIPPED).values():
        assert papers_from_lines(papers_to_lines(one.papers)) == one.papers
    assert papers_from_lines("\n photo | Photo \n")[0].kinds == ()
    for wrong in ("photo", "a | b | ?", "a | b | c | x", "a | b | c | 1 | d"):
        with pytest.raises(BadLines):
            papers_from_lines(wrong)
    with pytest.raises(BadLines):
        papers_from_lines("a | b\na | c")
