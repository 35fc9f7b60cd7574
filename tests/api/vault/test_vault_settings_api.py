"""What webmasters set for all vaults, and what citizens see of it."""

from helpers.people import staff
from html import unescape
from plone import api
import pytest
import re
import requests
import transaction


@pytest.fixture
def webmaster(functional, server):
    http = requests.Session()
    http.headers["Accept-Language"] = "fr"
    http.auth = ("web", staff("web", roles=("Staff", "CUB Webmaster")))
    transaction.commit()
    http.url = f"{server}/@@coffre-controlpanel"
    return http


def save(webmaster, **changes):
    page = webmaster.get(webmaster.url).text
    form = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]
        for name in ("_authenticator", "quota", "max_document")
    }
    lines = re.search(
        r'<textarea[^>]*name="categories"[^>]*>(.*?)</textarea>', page, re.S
    )
    form["categories"] = unescape(lines[1]).strip()
    answer = webmaster.post(webmaster.url, data={**form, **changes})
    return form["categories"], answer


def test_types_are_added_renamed_and_taken_away(webmaster, citizen):
    lines, _answer = save(webmaster)
    assert lines.splitlines()[5] == "bills|Factures (gaz, électricité…)"
    document = citizen.store("a.bin", b"x").rpartition("/")[2]
    changed = lines.replace("local|Documents locaux (carte électorale…)\n", "")
    changed = changed.replace("Factures (gaz, électricité…)", "Factures & loyers")
    _lines, answer = save(webmaster, categories=f"{changed}\npets|Nos animaux")
    assert "Les réglages sont enregistrés" in unescape(answer.text)
    assert "Ne sont plus proposés" in unescape(answer.text)
    page = citizen.page(citizen.documents)
    offered = re.search(r'<select[^>]*id="vault-category".*?</select>', page, re.S)[0]
    assert "Nos animaux" in offered and "Factures & loyers" in offered
    assert "Documents locaux" not in offered
    # The document of that type keeps it, with its title.
    assert "Documents locaux (carte électorale…)" in page.replace(offered, "")
    form = citizen.page(f"{citizen.documents}/{document}/modifier")
    assert re.search(r"<option[^>]*selected[^>]*>\s*Documents locaux", form)
    assert citizen.start("b.bin", 1, category="pets").status_code == 201
    assert citizen.start("b.bin", 1, category="local").json()["error"] == "category"
    transaction.begin()
    stored = api.portal.get_registry_record("civisdata.vault.categories")
    assert "administrative|" in stored and "bills|Factures & loyers" in stored
    # Offered again, it is no longer among those that were.
    save(webmaster, categories=lines)
    transaction.begin()
    assert api.portal.get_registry_record("civisdata.vault.retired_categories") == [
        "pets|Nos animaux"
    ]


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"categories": "other|Autres\nÉté|x"}, "Été|x : commencez par un identifiant"),
        ({"categories": "other|Autres\nother|x"}, "figure sur deux lignes"),
        ({"categories": "other|Autres\npets"}, "donnez après |"),
        ({"categories": "bills|Factures"}, "doit rester"),
        ({"quota": "0"}, "Donnez les tailles"),
        ({"max_document": "x"}, "Donnez les tailles"),
        ({"quota": "99999999"}, "Donnez les tailles"),
    ],
)
def test_wrong_settings_are_refused(webmaster, changes, words):
    _lines, answer = save(webmaster, **changes)
    assert answer.status_code == 400
    assert words in unescape(answer.text).replace("\u00a0", " ")
    transaction.begin()
    assert not api.portal.get_registry_record("civisdata.vault.categories")
    assert api.portal.get_registry_record("civisdata.vault.quota") == 2048


def test_nothing_is_set_without_the_token(webmaster):
    _lines, answer = save(webmaster, quota="5", _authenticator="")
    assert answer.status_code == 403
    transaction.begin()
    assert api.portal.get_registry_record("civisdata.vault.quota") == 2048


def test_sizes_are_set(webmaster, citizen):
    save(webmaster, quota="5", max_document="3")
    assert citizen.start("a.bin", 4_000_000).json()["error"] == "too_big"
    assert "5 Mo" in citizen.page(citizen.documents).replace("\u00a0", " ")
