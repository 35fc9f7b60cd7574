"""A folder whose box was altered: said, removed, and nothing in it lost."""

from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.storage import get_vault
import pytest
import transaction


@pytest.fixture
def alter(functional):
    """Alter the box of a citizen's folder in the database; give the vault's folders."""

    def alter(citizen, folder: str) -> None:
        transaction.begin()
        space = get_spaces(functional["portal"]).get_space(citizen.id)
        vault = get_vault(space)
        box = vault.folders[folder]
        vault.set_folder(folder, box[:-1] + bytes([box[-1] ^ 1]))
        transaction.commit()

    return alter


def test_an_altered_folder_is_said_and_removed(citizen, alter):
    home = citizen.make_folder("Maison")
    citizen.make_folder("Eau", home)
    document = citizen.store("bail.txt", b"bail")
    citizen.classify("deplacer", document.rpartition("/")[2], target=home)
    alter(citizen, home)
    page = citizen.page(citizen.documents)
    assert "Dossier altéré" in page
    assert "hors de tout dossier" in page
    assert "bail" in citizen.listed()
    for url in ("@@corbeille", "@@rappels", "@@recherche?q=bail", "@@export"):
        assert citizen.http.get(f"{citizen.url}/{url}").status_code == 200
    assert citizen.http.get(f"{document}/lire").status_code == 200
    remove = f"{citizen.documents}/{home}/supprimer"
    page = citizen.page(remove)
    assert "Retirer un dossier altéré" in page
    assert "bail" in page and "Eau" in page
    # Without the token nothing happens.
    assert citizen.http.post(remove).status_code == 403
    assert "Dossier altéré" in citizen.page(citizen.documents)
    answer = citizen.http.post(remove, data={"_authenticator": citizen.token()})
    assert "Le dossier altéré a été retiré" in answer.text
    assert "Dossier altéré" not in citizen.page(citizen.documents)
    assert "bail" in citizen.listed()
    assert citizen.http.get(f"{document}/telecharger").content == b"bail"
    assert citizen.http.get(remove).status_code == 404


def test_a_folder_that_opens_is_not_removed_so(citizen, make_citizen, alter):
    home = citizen.make_folder("Maison")
    remove = f"{citizen.documents}/{home}/supprimer"
    for method in ("GET", "POST"):
        answer = citizen.http.request(
            method, remove, data={"_authenticator": citizen.token()}
        )
        assert answer.status_code == 404
    alter(citizen, home)
    other = make_citizen()
    assert other.http.get(remove).status_code == 404
    theirs = f"{other.documents}/{home}/supprimer"
    assert other.http.get(theirs).status_code == 404
