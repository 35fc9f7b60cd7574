"""Photographs to one PDF, over HTTP."""

from html import unescape
from io import BytesIO
from PIL import Image
import pypdfium2
import re


def photo(size=(60, 40), kind="JPEG") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, kind)
    return buffer.getvalue()


def send(citizen, *files: bytes, **data):
    form = {"_authenticator": citizen.token(), "title": "Bail", "category": "other"}
    return citizen.http.post(
        f"{citizen.url}/@@photos",
        data={**form, **data},
        files=[("photo", (f"{n}.jpg", file)) for n, file in enumerate(files)],
    )


def test_photographs_become_one_document_in_the_folder(citizen):
    home = citizen.make_folder("Maison")
    answer = send(citizen, photo(), photo((40, 60), "PNG"), dossier=home)
    assert answer.url == f"{citizen.documents}?dossier={home}"
    document = re.search(r"@@documents/(\w{32})/telecharger", answer.text)[1]
    pdf = citizen.http.get(f"{citizen.documents}/{document}/telecharger")
    assert pdf.headers["Content-Disposition"].startswith(
        'attachment; filename="Bail.pdf"'
    )
    assert len(pypdfium2.PdfDocument(pdf.content)) == 2
    assert 'alt="Page 1 sur 2"' in citizen.page(f"{citizen.documents}/{document}/lire")


def test_what_is_no_photograph_is_told_and_nothing_is_stored(citizen):
    for files, data, words in (
        ((photo(), b"<svg/>"), {}, "n’est pas une photo lisible"),
        ((), {}, "Choisissez entre 1 et 40 photos"),
        ((photo(),), {"title": " "}, "Donnez un nom"),
        ((photo(),), {"category": "x"}, "Choisissez l’un des types"),
    ):
        answer = send(citizen, *files, **data)
        assert answer.status_code == 400, data
        assert words in unescape(answer.text)
    assert citizen.http.get(f"{citizen.url}/@@photos?dossier=x").status_code == 404
    assert citizen.listed() == []
