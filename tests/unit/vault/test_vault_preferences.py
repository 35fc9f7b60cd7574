"""Types of documents, and a citizen's own settings."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault import categories
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.preferences import keep_preferences
from civisdata.content.vault.preferences import open_preferences
from civisdata.content.vault.preferences import Preferences
from civisdata.content.vault.preferences import THUMBNAILS
from civisdata.content.vault.preferences import with_type
from civisdata.content.vault.preferences import without_type
from civisdata.content.vault.resealing import reseal_vault
from civisdata.content.vault.storage import Vault
from types import SimpleNamespace
import pytest


SPACE = "a" * 32


def test_no_lines_are_the_shipped_types():
    assert categories.with_titles(()) == categories.CATEGORIES


def test_lines_keep_their_order_and_shipped_titles():
    found = categories.with_titles(["other|", "", " pets | Mes  animaux "])
    assert list(found) == ["other", "pets"]
    assert found["pets"] == "Mes animaux"
    assert found["other"] is categories.CATEGORIES["other"]


@pytest.mark.parametrize(
    "line,reason",
    [
        ("Été|x", "id"),
        ("|x", "id"),
        ("own-1|x", "id"),
        ("pets", "title"),
        ("pets|" + "x" * 81, "title"),
        ("other|x", "twice"),
    ],
)
def test_wrong_lines_are_named(line, reason):
    with pytest.raises(categories.BadCategories) as bad:
        categories.read_lines(["other|", line])
    assert (bad.value.reason, bad.value.line) == (reason, line)


def test_the_default_stays_and_there_is_an_end():
    with pytest.raises(categories.BadCategories, match="default"):
        categories.check_offered({"pets": "x"})
    many = {"other": "", **{f"a{n}": "x" for n in range(60)}}
    with pytest.raises(categories.BadCategories, match="too_many"):
        categories.check_offered(many)


def test_what_is_taken_away_keeps_its_title():
    before = {"other": "", "pets": "Animaux"}
    retired = categories.retire(before, {}, {"other": ""})
    assert retired == {"pets": "Animaux"}
    assert categories.retire({"other": ""}, retired, {"other": "", "pets": "x"}) == {}


def test_preferences_are_sealed(vault, bundle):
    assert open_preferences(vault, SPACE, bundle) == Preferences()
    preferences, id = with_type(Preferences(view=THUMBNAILS), " Santé  familiale")
    assert id.startswith("own-")
    keep_preferences(vault, SPACE, bundle, preferences)
    assert "Santé".encode() not in vault.preferences
    found = open_preferences(vault, SPACE, bundle)
    assert found == preferences and found.types == {id: "Santé familiale"}
    assert with_type(found, "santé familiale") == (found, id)
    assert without_type(found, id).types == {}
    with pytest.raises(IntegrityError):
        open_preferences(vault, SPACE, KeyBundle.new())
    with pytest.raises(IntegrityError):
        open_preferences(vault, "b" * 32, bundle)


def test_types_of_ones_own_have_bounds():
    for title in ("", " ", "x" * 81, "a\x00b"):
        with pytest.raises(categories.BadCategories, match="title"):
            with_type(Preferences(), title)
    full = Preferences(types={f"own-{n}": str(n) for n in range(60)})
    with pytest.raises(categories.BadCategories, match="too_many"):
        with_type(full, "x")


def test_a_vault_of_the_first_version_has_none(bundle):
    old = Vault.__new__(Vault)
    old.__setstate__({"documents": None})
    assert open_preferences(old, SPACE, bundle) == Preferences()


def test_new_keys_open_the_preferences(vault, bundle):
    preferences = Preferences(view=THUMBNAILS, types={"own-1": "Santé"})
    keep_preferences(vault, SPACE, bundle, preferences)
    new = KeyBundle.new()
    bare = SimpleNamespace(_civisdata_vault=vault)
    reseal_vault(SimpleNamespace(aq_base=bare, getId=lambda: SPACE), bundle, new)
    assert open_preferences(vault, SPACE, new) == preferences
    with pytest.raises(IntegrityError):
        open_preferences(vault, SPACE, bundle)
