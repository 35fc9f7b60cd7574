"""The vault over HTTP: uploads, list, reading, download, and who gets nothing."""

from civisdata.content.vault.parts import PIECE
from concurrent.futures import ThreadPoolExecutor
from helpers.pdf import make_pdf
from html import unescape
import pyrage
import pytest
import random
import re
import requests


def blob(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def test_an_upload_in_pieces_comes_back_byte_for_byte(citizen):
    data = blob(2 * PIECE + 12345)
    url = citizen.store("Relevé d’identité.bin", data)
    assert citizen.listed() == ["Relevé d’identité"]
    answer = citizen.http.get(f"{url}/telecharger")
    assert answer.content == data
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="Relev_ d_identit_.bin"; '
        "filename*=UTF-8''Relev%C3%A9%20d%E2%80%99identit%C3%A9.bin"
    )


@pytest.mark.parametrize(
    "asked,start,stop",
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        (f"bytes={PIECE - 3}-{PIECE + 3}", PIECE - 3, PIECE + 4),
        ("bytes=0-999999999", 0, None),
    ],
)
def test_ranges(citizen, asked, start, stop):
    data = blob(PIECE + 1000)
    url = citizen.store("a.bin", data)
    answer = citizen.http.get(f"{url}/telecharger", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == data[start:stop]
    assert answer.headers["Content-Length"] == str(len(data[start:stop]))
    first = start % len(data)
    last = first + len(answer.content) - 1
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(data)}"


def test_ranges_that_are_not_there(citizen):
    url = citizen.store("a.bin", b"0123456789")
    for asked in ("bytes=10-", "bytes=-0", "bytes=99-100"):
        answer = citizen.http.get(f"{url}/telecharger", headers={"Range": asked})
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == "bytes */10"
        assert answer.content == b""
    for ignored in ("bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-"):
        answer = citizen.http.get(f"{url}/telecharger", headers={"Range": ignored})
        assert (answer.status_code, answer.content) == (200, b"0123456789")


def test_head_tells_the_size_alone(citizen):
    url = citizen.store("a.bin", b"0123456789")
    answer = citizen.http.head(f"{url}/telecharger")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == "10"


@pytest.mark.parametrize(
    "name,data",
    [
        ("page.html", b"<html><script>alert(document.cookie)</script>"),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("donnees.xml", b"<?xml version='1.0'?><x/>"),
        ("programme.js", b"alert(1)"),
        ("faux.txt", b"<html><script>alert(1)</script>"),
        ("sans-extension", b"%PDF-1.7"),
    ],
)
def test_what_could_run_is_an_attachment(citizen, name, data):
    url = citizen.store(name, data)
    for query in ("", "?affichage=1"):
        answer = citizen.http.get(f"{url}/telecharger{query}")
        assert answer.content == data
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    page = citizen.page(f"{url}/lire")
    assert "Téléchargez celui-ci" in page
    assert data.decode() not in page
    assert citizen.http.get(f"{url}/page").status_code == 404


def test_pdf_and_images_may_be_shown(citizen):
    url = citizen.store("a.pdf", make_pdf("x"))
    answer = citizen.http.get(f"{url}/telecharger?affichage=1")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_pdf_is_read_in_the_page(citizen):
    url = citizen.store("Avis_d_impot.pdf", make_pdf("Revenu fiscal", "Page deux"))
    page = citizen.http.get(f"{url}/lire")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert "Avis d’impot" in page.text
    assert "Revenu fiscal" in page.text and "Page deux" in page.text
    assert 'alt="Page 1 sur 2"' in page.text
    pictures = re.findall(r'src="([^"]+/page\?n=\d)"', page.text)
    assert len(pictures) == 2
    for picture in pictures:
        answer = citizen.http.get(picture)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.content.startswith(b"\x89PNG")
    for wrong in ("0", "3", "x", "99999999999"):
        assert citizen.http.get(f"{url}/page?n={wrong}").status_code == 404


def test_a_hostile_pdf_is_a_polite_message(citizen):
    url = citizen.store("a.pdf", b"%PDF-1.7\n" + bytes(5000))
    page = citizen.http.get(f"{url}/lire")
    assert page.status_code == 200
    assert "il semble endommagé" in unescape(page.text)
    assert citizen.http.get(f"{url}/page?n=1").status_code == 422


def test_a_text_is_shown_as_text(citizen):
    url = citizen.store("note.txt", "Élève & « père » <b>".encode())
    page = citizen.http.get(f"{url}/lire").text
    assert "&amp; « père » &lt;b&gt;" in page.replace("&#171;", "«").replace(
        "&#187;", "»"
    ).replace("&#232;", "è").replace("&#160;", " ")


def test_deleting_asks_first(citizen):
    url = citizen.store("Passeport.bin", b"x")
    page = citizen.http.get(f"{url}/supprimer")
    assert "Passeport" in page.text
    assert citizen.listed() == ["Passeport"]
    answer = citizen.http.post(f"{url}/supprimer", data={}, allow_redirects=False)
    assert answer.status_code == 403
    assert citizen.listed() == ["Passeport"]
    answer = citizen.http.post(
        f"{url}/supprimer",
        data={"_authenticator": citizen.token()},
        allow_redirects=False,
    )
    assert answer.status_code == 303
    assert citizen.listed() == []
    assert citizen.http.get(f"{url}/telecharger").status_code == 404


def test_the_plain_form_stores_several_files_or_none(citizen):
    def post(*files, **data):
        return citizen.http.post(
            citizen.documents,
            data={"_authenticator": citizen.token(), "category": "bills", **data},
            files=[("file", file) for file in files],
        )

    answer = post(("un.txt", b"un"), ("été 🌞.bin", b"\0" * 100_000))
    assert "Documents enregistrés\u00a0: 2." in unescape(answer.text)
    assert citizen.listed() == ["été 🌞", "un"]
    answer = post(("trois.txt", b"trois"), ("vide.txt", b""))
    assert answer.status_code == 400
    assert "Ce fichier est vide" in unescape(answer.text)
    assert citizen.listed() == ["été 🌞", "un"]
    answer = post(("faux.pdf", b"<html>"))
    assert "ne correspond pas à son extension" in unescape(answer.text)
    answer = post(("un.txt", b"un"), category="x")
    assert "Choisissez l’un des types" in unescape(answer.text)
    answer = citizen.http.post(
        citizen.documents, data={"_authenticator": citizen.token()}
    )
    assert "Choisissez d’abord un fichier" in unescape(answer.text)
    answer = citizen.http.post(
        citizen.documents, files={"file": ("un.txt", b"un")}, allow_redirects=False
    )
    assert answer.status_code == 403
    assert citizen.listed() == ["été 🌞", "un"]


def test_an_upload_goes_on_and_can_be_cancelled(citizen):
    data = blob(PIECE + 10)
    started = citizen.start("a.bin", len(data))
    assert started.status_code == 201
    id = started.json()["id"]
    assert citizen.put(id, 0, data[:PIECE]).json() == {"offset": PIECE}
    answer = citizen.put(id, 0, data[:PIECE])
    assert (answer.status_code, answer.json()["offset"]) == (409, PIECE)
    state = citizen.http.get(citizen.depot, params={"id": id}).json()
    assert state == {"offset": PIECE, "size": len(data), "piece": PIECE}
    assert citizen.listed() == []
    answer = citizen.http.delete(
        citizen.depot, params={"id": id}, headers={"X-CSRF-TOKEN": citizen.token()}
    )
    assert answer.status_code == 200
    answer = citizen.put(id, PIECE, data[PIECE:])
    assert (answer.status_code, answer.json()["error"]) == (404, "gone")
    assert "annulé" in answer.json()["message"]


@pytest.mark.parametrize(
    "name,size,more,status,error",
    [
        ("a.txt", 0, {}, 400, "empty"),
        ("a.txt", 10**12, {}, 400, "too_big"),
        ("..", 5, {}, 400, "name"),
        ("a.txt", 5, {"category": "x"}, 400, "category"),
        ("a.txt", "5", {}, 400, "input"),
        ("a.txt", True, {}, 400, "input"),
        (None, 5, {}, 400, "input"),
    ],
)
def test_bad_starts(citizen, name, size, more, status, error):
    answer = citizen.start(name, size, **more)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_full_quota(citizen, functional):
    from plone import api
    import transaction

    api.portal.set_registry_record("civisdata.vault.quota", 1)
    transaction.commit()
    assert citizen.start("a.bin", 900_000).status_code == 201
    answer = citizen.start("a.bin", 200_000)
    assert (answer.status_code, answer.json()["error"]) == (507, "quota")
    assert "pas assez de place" in answer.json()["message"]


def test_names_that_could_harm(citizen):
    names = {
        "../../etc/passwd": "passwd",
        "carte\u202egnp.exe": "cartegnp",
        "🪪" * 251 + ".bin": "🪪" * 251,
        '"><script>alert(1)</script>.bin': '"><script>alert(1)</script>.bin',
    }
    for given in names:
        url = citizen.store(given, b"x")
        head = citizen.http.get(f"{url}/telecharger").headers["Content-Disposition"]
        assert "\n" not in head and ".." not in head
    kept = [citizen.listed()[-1], *citizen.listed()[:-1][::-1]]
    assert kept[:3] == list(names.values())[:3]
    assert "<script>alert" not in citizen.http.get(citizen.documents).text


def test_the_same_piece_twice_at_once(citizen):
    data = blob(2 * PIECE)
    id = citizen.start("a.bin", len(data)).json()["id"]
    token = citizen.token()

    def put(offset: int) -> requests.Response:
        return requests.put(
            citizen.depot,
            params={"id": id, "offset": offset},
            data=data[offset : offset + PIECE],
            cookies=citizen.http.cookies,
            headers={"X-CSRF-TOKEN": token, "Content-Type": "application/octet-stream"},
        )

    with ThreadPoolExecutor(2) as pool:
        for offset, lost in ((0, 409), (PIECE, 404)):
            answers = pool.map(put, (offset, offset))
            assert sorted(answer.status_code for answer in answers) == [200, lost]
    url = f"{citizen.documents}/{id}/telecharger"
    assert citizen.http.get(url).content == data
    assert citizen.listed() == ["a"]


def test_pieces_need_the_token(citizen):
    id = citizen.start("a.bin", 3).json()["id"]
    for method in ("PUT", "DELETE", "POST"):
        answer = citizen.http.request(
            method,
            citizen.depot,
            params={"id": id, "offset": 0},
            data=b"abc",
            headers={"Content-Type": "application/octet-stream"},
        )
        assert (answer.status_code, answer.json()["error"]) == (403, "token")
    assert citizen.put(id, 0, b"abc").json()["document"] == id


def test_a_locked_vault_sends_to_the_page_that_opens_it(make_citizen):
    citizen = make_citizen(unlocked=False)
    answer = citizen.http.get(citizen.documents, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{citizen.url}/@@deverrouiller"
    answer = citizen.http.get(citizen.depot)
    assert (answer.status_code, answer.json()["error"]) == (423, "locked")


def test_an_ended_session_finds_nothing(citizen):
    id = citizen.start("a.bin", 3).json()["id"]
    token = citizen.token()
    citizen.http.cookies.clear()
    answer = citizen.http.put(
        citizen.depot,
        params={"id": id, "offset": 0},
        data=b"abc",
        headers={"X-CSRF-TOKEN": token, "Content-Type": "application/octet-stream"},
    )
    assert answer.status_code == 404


def test_others_find_nothing(citizen, make_citizen, server):
    url = citizen.store("a.pdf", make_pdf("x"))
    other = make_citizen()
    id = url.rpartition("/")[2]
    inside = [
        "",
        "/@@documents",
        "/documents",
        "/@@depot",
        "/@@lire",
        "/lire",
        "/@@page",
        "/@@telecharger",
        "/@@supprimer",
        f"/{id}",
        f"/{id}/@@telecharger",
        f"/@@documents/{id}",
        *(
            f"/@@documents/{id}/{name}"
            for name in ("lire", "page?n=1", "telecharger", "supprimer")
        ),
    ]
    strangers = {
        "anonymous": requests.Session(),
        "citizen": other.http,
        "manager": requests.Session(),
    }
    strangers["manager"].auth = ("admin", "secret")
    for path in inside:
        for name, http in strangers.items():
            answer = http.get(citizen.url + path, allow_redirects=False)
            assert answer.status_code == 404, (name, path)
    # Neither does the citizen reach a document's views past the list.
    for path in inside[4:11]:
        assert citizen.http.get(citizen.url + path).status_code == 404, path
    # Nor with another's document.
    for name in ("lire", "page?n=1", "telecharger", "supprimer"):
        answer = other.http.get(f"{other.documents}/{id}/{name}")
        assert answer.status_code == 404, name


def test_altered_documents_are_not_given_out(citizen, functional):
    from civisdata.content.citizens.structure import get_spaces
    from civisdata.content.vault.storage import get_vault
    import transaction

    url = citizen.store("a.txt", b"x" * 200_000)
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    document = get_vault(space).document(url.rpartition("/")[2])
    with document.parts[0].open("r+") as stream:
        stream.seek(-1, 2)
        byte = stream.read(1)
        stream.seek(-1, 2)
        stream.write(bytes([byte[0] ^ 1]))
    transaction.commit()
    for name in ("telecharger", "lire"):
        answer = citizen.http.get(f"{url}/{name}")
        assert answer.status_code == 500
        assert "altéré ou endommagé" in unescape(answer.text)
        assert "xxx" not in answer.text


def test_stored_bytes_open_with_stock_age(citizen, functional):
    from civisdata.content.citizens.structure import get_spaces
    from civisdata.content.vault.storage import get_vault
    import transaction

    data = blob(PIECE + 7)
    url = citizen.store("a.bin", data)
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    document = get_vault(space).document(url.rpartition("/")[2])
    sealed = document.header + b"".join(part.open().read() for part in document.parts)
    identity = pyrage.x25519.Identity.from_str(citizen.bundle.identity)
    assert pyrage.decrypt(sealed, [identity]) == data
