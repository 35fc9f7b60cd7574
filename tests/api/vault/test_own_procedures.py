"""Procedures: the public pages, and the citizen's own with the papers that are here."""

from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.storage import get_vault
from html import unescape
import re
import requests
import transaction


def words(page: str) -> str:
    main = re.search(r"<main.*?</main>", page, re.DOTALL)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_visitor_reads_procedures_and_nothing_of_a_vault(server):
    page = requests.get(f"{server}/demarches").text
    assert "S’inscrire sur la liste électorale" in words(page)
    page = requests.get(f"{server}/demarches/liste-electorale").text
    assert "Justificatif de domicile de moins de 3 mois" in words(page)
    assert "mes-demarches" not in page
    for unknown in ("x", "liste-electorale/x", "passeport/view"):
        assert requests.get(f"{server}/demarches/{unknown}").status_code == 404


def test_a_citizen_sees_which_papers_are_here(citizen, functional):
    url = citizen.store("Ma carte.bin", b"x")
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    document = get_vault(space).document(url.rpartition("/")[2])
    update_metadata(
        get_vault(space),
        citizen.id,
        document,
        citizen.bundle,
        paper="identity_card",
        valid_until="2050-05-31",
    )
    transaction.commit()
    public = citizen.http.get(f"{citizen.base}/demarches/liste-electorale").text
    own = f"{citizen.url}/@@mes-demarches/liste-electorale"
    assert own in public
    answer = citizen.http.get(own)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Ma carte , valable jusqu’au 31 mai 2050" in words(answer.text)
    assert "Pas encore parmi vos documents" in words(answer.text)
    overview = words(citizen.http.get(f"{citizen.url}/@@mes-demarches").text)
    assert "S’inscrire sur la liste électorale 1 papier(s) sur 2 déjà là" in overview
    assert citizen.http.get(f"{citizen.url}/@@mes-demarches/x").status_code == 404


def test_while_locked_there_is_the_way_to_unlock(make_citizen):
    citizen = make_citizen(unlocked=False)
    answer = citizen.http.get(f"{citizen.url}/@@mes-demarches", allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/@@deverrouiller")
