"""The search, the viewer's data and small images over HTTP."""

from helpers.pdf import make_pdf
from html import unescape
from PIL import Image
import base64
import io
import json
import pytest
import re


JSON = {"Accept": "application/json"}


def post(citizen, url, token=True, headers=None, **data):
    if token:
        data["_authenticator"] = citizen.token()
    return citizen.http.post(url, data=data, headers=headers, allow_redirects=False)


def find(citizen, query: str, **more) -> list[str]:
    page = post(citizen, f"{citizen.url}/@@recherche", q=query, **more)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    found = re.findall(r"<h3[^>]*>\s*<a[^>]*>(.*?)</a>", page.text)
    return [unescape(title) for title in found]


def picture(size=(400, 300), format="PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "red").save(buffer, format)
    return buffer.getvalue()


def test_documents_are_found_and_ranked(citizen):
    citizen.store("Contrat.pdf", make_pdf("Assurance de l’habitation"))
    citizen.store("Assurance auto.txt", b"Conducteur principal")
    citizen.store("Photo.bin", b"x")
    assert find(citizen, "ASSURANCES") == ["Assurance auto", "Contrat"]
    assert find(citizen, "assurance habitation") == ["Contrat"]
    assert find(citizen, "conduc") == ["Assurance auto"]
    assert find(citizen, "girafe") == []
    assert find(citizen, "") == []


def test_results_come_page_by_page(citizen):
    for number in range(23):
        citizen.store(f"Facture {number:02}.txt", b"eau")
    assert find(citizen, "eau")[0] == "Facture 22"
    assert len(find(citizen, "facture")) == 20
    assert find(citizen, "facture", debut="20") == [
        "Facture 02",
        "Facture 01",
        "Facture 00",
    ]
    assert find(citizen, "facture", debut="x")[0] == "Facture 22"


def test_a_search_needs_the_token_and_is_no_address(citizen):
    citizen.store("Contrat.txt", b"Assurance")
    page = post(citizen, f"{citizen.url}/@@recherche", token=False, q="assurance")
    assert page.status_code == 403
    page = citizen.http.get(f"{citizen.url}/@@recherche?q=assurance")
    assert page.status_code == 200
    assert "Contrat" not in page.text


def test_a_search_writes_no_word_into_logs(citizen, caplog):
    citizen.store("Contrat.txt", b"Assurance")
    with caplog.at_level(0):
        find(citizen, "SECRETWORD assurance")
    assert "SECRETWORD" not in caplog.text


def test_other_documents_are_not_found(citizen, make_citizen):
    citizen.store("Contrat.txt", b"Assurance")
    other = make_citizen()
    assert find(other, "assurance") == []
    page = post(other, f"{citizen.url}/@@recherche", q="assurance")
    assert page.status_code == 404


def test_a_deleted_document_is_found_no_more(citizen):
    url = citizen.store("Contrat.txt", b"Assurance")
    post(citizen, f"{url}/supprimer")
    assert find(citizen, "assurance") == []


def test_what_takes_long_is_read_by_later_requests(citizen):
    citizen.store("Lettre.rtf", rb"{\rtf1\ansi Bonjour girafe}")
    citizen.store("Note.txt", b"Lapin")
    page = citizen.page(citizen.documents)
    settings = re.search(
        r"data-settings=\"({[^>]*})\"[^>]*id=\"vault-search\"|id=\"vault-search\"[^>]*data-settings=\"({[^>]*})\"",
        page,
    )
    assert json.loads(settings[1] or settings[2])["pending"] == 1
    assert find(citizen, "girafe") == []
    answer = post(citizen, f"{citizen.url}/@@indexer", token=False, headers=JSON)
    assert answer.status_code == 403
    assert find(citizen, "girafe") == []
    answer = post(citizen, f"{citizen.url}/@@indexer", headers=JSON)
    assert answer.json() == {"left": 0, "later": False}
    assert find(citizen, "girafe") == ["Lettre"]
    answer = post(citizen, f"{citizen.url}/@@indexer")
    assert answer.status_code == 303
    assert citizen.http.get(f"{citizen.url}/@@indexer").status_code == 200


def test_a_locked_vault_is_not_searched(make_citizen):
    locked = make_citizen(unlocked=False)
    page = locked.http.get(f"{locked.url}/@@recherche", allow_redirects=False)
    assert page.status_code == 302
    assert page.headers["Location"].endswith("@@deverrouiller")
    answer = locked.http.post(
        f"{locked.url}/@@indexer", headers=JSON, allow_redirects=False
    )
    assert answer.status_code == 423


def test_words_of_a_page_and_their_places(citizen):
    url = citizen.store("a.pdf", make_pdf("Revenu fiscal", "Page deux"))
    answer = citizen.http.get(f"{url}/mots?n=2")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    words = answer.json()
    assert [word[4] for word in words["lines"][0]] == ["Page", "deux"]
    assert words["width"] == 10_000 and words["height"] > 14_000
    for wrong in ("0", "3", "x", "99999999999999999999"):
        assert citizen.http.get(f"{url}/mots?n={wrong}").status_code == 404
    image = citizen.store("a.png", picture())
    assert citizen.http.get(f"{image}/mots").status_code == 404


def test_small_images_of_pages(citizen):
    url = citizen.store("a.pdf", make_pdf(*["Page"] * 14))
    answer = citizen.http.get(f"{url}/vignettes?n=13").json()
    assert (answer["pages"], len(answer["images"])) == (14, 2)
    image = Image.open(io.BytesIO(base64.b64decode(answer["images"][0])))
    assert (image.format, image.width) == ("JPEG", 120)
    assert len(citizen.http.get(f"{url}/vignettes").json()["images"]) == 12
    assert citizen.http.get(f"{url}/vignettes?n=15").json()["images"] == []
    for wrong in ("0", "x", "99999999999999999999"):
        assert citizen.http.get(f"{url}/vignettes?n={wrong}").status_code == 404


@pytest.mark.parametrize(
    "name,data",
    [("a.pdf", make_pdf("Bonjour")), ("a.png", picture())],
    ids=["pdf", "image"],
)
def test_a_small_image_is_drawn_once_and_kept(citizen, name, data, monkeypatch):
    from civisdata.content.vault import render

    url = citizen.store(name, data)
    first = citizen.http.get(f"{url}/vignette")
    assert first.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in first.headers["Cache-Control"]
    assert Image.open(io.BytesIO(first.content)).width == 240
    monkeypatch.setattr(render, "_COMMAND", ("/bin/false",))
    assert citizen.http.get(f"{url}/vignette").content == first.content


def test_what_has_no_small_image_has_a_sheet_with_its_extension(citizen):
    for name, data in (
        ("a.zip", b"PK"),
        ("note.txt", b"Bonjour"),
        ("mauvais.pdf", b"%PDF-1.7\n" + bytes(500)),
        ("jamais.odt", b"PK\x03\x04" + bytes(26) + b"x"),
    ):
        answer = citizen.http.get(f"{citizen.store(name, data)}/vignette")
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert f">{name.rpartition('.')[2].upper()}<" in answer.text


def test_words_are_found_in_the_pages_of_a_document(citizen):
    url = citizen.store("a.pdf", make_pdf("Avis d’impôt", "Œuvre", "Impôts locaux"))
    answer = post(citizen, f"{url}/chercher", headers=JSON, q="IMPOT").json()
    assert [hit["number"] for hit in answer["hits"]] == [1, 3]
    assert answer["hits"][0]["match"] == "impôt"
    assert answer["next"] is None
    answer = post(citizen, f"{url}/chercher", headers=JSON, q="impot", de="2").json()
    assert [hit["number"] for hit in answer["hits"]] == [3]
    page = post(citizen, f"{url}/chercher", q="oeuvre")
    assert f'{url}/lire?page=2"' in page.text
    assert post(citizen, f"{url}/chercher", token=False, q="x").status_code == 403
    answer = citizen.http.get(f"{url}/chercher?q=impot", allow_redirects=False)
    assert answer.status_code == 302
    image = citizen.store("a.png", picture())
    answer = post(citizen, f"{image}/chercher", headers=JSON, q="x")
    assert answer.status_code == 422


def test_an_office_file_is_read_as_its_pdf(citizen, monkeypatch):
    from civisdata.content.vault.reading import office

    url = citizen.store("Lettre.rtf", rb"{\rtf1\ansi Bonjour \b girafe\b0 .}")
    page = citizen.page(f"{url}/lire")
    assert "Bonjour girafe." in page
    assert 'alt="Page 1 sur 1"' in page
    # It isn't converted again, for the pages neither.
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    answer = citizen.http.get(f"{url}/page?n=1")
    assert answer.headers["Content-Type"] == "image/png"
    small = citizen.http.get(f"{url}/vignette")
    assert small.headers["Content-Type"] == "image/jpeg"
    # What is downloaded is the file itself.
    assert citizen.http.get(f"{url}/telecharger").content.startswith(rb"{\rtf1")


def test_the_first_page_is_drawn_once(citizen, monkeypatch):
    from civisdata.content.vault import render

    url = citizen.store("a.pdf", make_pdf("Un", "Deux"))
    first = citizen.http.get(f"{url}/page?n=1")

    def refuse(*job):
        raise render.RenderError("busy")

    monkeypatch.setattr(render, "draw_page", refuse)
    again = citizen.http.get(f"{url}/page?n=1")
    assert again.content == first.content
    assert again.headers["Content-Type"] == "image/png"
    assert "no-store" in again.headers["Cache-Control"]
    for other in ("n=2", "n=1&large=1"):
        assert citizen.http.get(f"{url}/page?{other}").status_code == 422


def test_an_office_file_without_libreoffice(citizen, monkeypatch):
    from civisdata.content.vault.reading import office

    monkeypatch.setattr(office, "libreoffice", lambda: None)
    url = citizen.store("Lettre.rtf", rb"{\rtf1\ansi Bonjour}")
    page = citizen.page(f"{url}/lire")
    assert "Ce portail ne peut pas afficher les fichiers bureautiques" in page
    assert f'href="{url}/telecharger"' in page
    assert citizen.http.get(f"{url}/page").status_code == 422


def test_one_reading_at_a_time(citizen):
    from civisdata.content.vault.search.browser import reader

    citizen.store("Lettre.rtf", rb"{\rtf1\ansi Bonjour girafe}")
    assert reader._turn.acquire(timeout=5)
    try:
        answer = post(citizen, f"{citizen.url}/@@indexer", headers=JSON)
        assert answer.json() == {"left": 1, "later": True}
    finally:
        reader._turn.release()
