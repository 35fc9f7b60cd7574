"""What the vault notes in the citizen's journal, over HTTP."""

from civisdata.content.citizens import background
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.journal import verify
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.browser.reading import Read
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.storage import get_vault
from concurrent.futures import ThreadPoolExecutor
from helpers.pdf import make_pdf
from ZPublisher.HTTPRequest import HTTPRequest
import pytest
import re
import requests
import time
import transaction


@pytest.fixture
def tried_again(monkeypatch):
    """After a conflict requests are tried again, as a started Zope does (three times)."""
    monkeypatch.setattr(HTTPRequest, "retry_max_count", 3)


@pytest.fixture
def noted(functional, citizen):
    """Return (action, item) of the citizen's journal, oldest first."""

    def noted():
        background.wait()
        transaction.begin()
        space = get_spaces(functional["portal"]).get_space(citizen.id)
        assert verify(space, citizen.bundle).broken_at is None
        return [(e.action, e.item) for e in reversed(entries(space, 0, 1000))]

    return noted


def journal(citizen) -> str:
    return " ".join(citizen.page(f"{citizen.url}/@@journal").split())


def test_stored_in_pieces_and_by_the_form(citizen, noted):
    first = citizen.store("a.bin", b"x" * 10).rpartition("/")[2]
    files = [("file", ("b.txt", b"b")), ("file", ("c.txt", b"c"))]
    data = {"_authenticator": citizen.token(), "category": "local"}
    assert citizen.http.post(citizen.documents, data=data, files=files).ok
    found = noted()
    assert [action for action, _item in found] == ["document-stored"] * 3
    assert found[0][1] == first
    assert len({item for _action, item in found}) == 3


def test_what_was_refused_is_not_noted(citizen, noted):
    files = [("file", ("b.txt", b"b")), ("file", ("c.txt", b""))]
    data = {"_authenticator": citizen.token(), "category": "local"}
    assert citizen.http.post(citizen.documents, data=data, files=files).status_code
    assert noted() == []


def patiently(citizen):
    """Give a GET that comes again where two pages are drawn already, as the viewer does."""

    def get(url: str):
        for _turn in range(100):
            answer = citizen.http.get(url)
            if answer.status_code != 503:
                break
            time.sleep(0.1)
        return answer

    return get


def test_reading_with_its_pictures_is_one_entry(citizen, noted):
    url = citizen.store("a.pdf", make_pdf("un", "deux", "trois"))
    item = url.rpartition("/")[2]
    page = citizen.http.get(f"{url}/lire")
    assert page.status_code == 200 and "confirm-action" not in page.url
    pictures = re.findall(r'src="([^"]+/page\?n=\d)"', page.text)
    with ThreadPoolExecutor(3) as pool:
        for answer in pool.map(patiently(citizen), pictures * 2):
            assert answer.status_code == 200
    assert citizen.http.get(f"{url}/lire?page=2").status_code == 200
    assert citizen.http.get(f"{url}/telecharger?affichage=1").status_code == 200
    assert noted()[1:] == [("document-read", item)]


def test_pictures_alone_at_once_are_one_entry(citizen, noted, tried_again):
    url = citizen.store("a.pdf", make_pdf("un", "deux", "trois"))
    pictures = [f"{url}/page?n={n}" for n in (1, 2, 3)]
    with ThreadPoolExecutor(3) as pool:
        for answer in pool.map(patiently(citizen), pictures):
            assert answer.status_code == 200
    assert [action for action, _item in noted()[1:]] == ["document-read"]


@pytest.mark.parametrize("view", ["mots", "vignettes", "chercher"])
def test_reading_by_the_viewers_data_alone_is_noted(citizen, noted, view):
    url = citizen.store("a.pdf", make_pdf("un"))
    if view == "chercher":
        data = {"_authenticator": citizen.token(), "q": "un"}
        answer = citizen.http.post(f"{url}/{view}", data=data)
    else:
        answer = citizen.http.get(f"{url}/{view}?n=1")
    assert answer.status_code == 200
    assert noted()[1:] == [("document-read", url.rpartition("/")[2])]


def test_a_small_image_in_a_list_is_no_reading(citizen, noted):
    url = citizen.store("a.pdf", make_pdf("un"))
    assert citizen.http.get(f"{url}/vignette").status_code == 200
    assert [action for action, _item in noted()] == ["document-stored"]


def test_the_ranges_of_a_download_are_one_entry(citizen, noted):
    url = citizen.store("a.bin", b"x" * 1000)
    address = f"{url}/telecharger"
    assert citizen.http.head(address).ok
    assert len(noted()) == 1
    assert citizen.http.get(address, headers={"Range": "bytes=0-99"}).ok
    for start in (100, 200, 900):
        answer = citizen.http.get(address, headers={"Range": f"bytes={start}-"})
        assert answer.status_code == 206
    wrong = citizen.http.get(address, headers={"Range": "bytes=5000-"})
    assert wrong.status_code == 416
    assert [action for action, _item in noted()[1:]] == ["document-downloaded"]


def test_another_session_is_another_entry(citizen, make_citizen, functional, noted):
    url = citizen.store("a.bin", b"x")
    citizen.http.get(f"{url}/telecharger")
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    other = make_citizen(unlocked=False, space=space)
    other.http.get(f"{url}/telecharger")
    assert len(noted()) == 2


def test_deleting(citizen, noted):
    url = citizen.store("a.bin", b"x")
    assert citizen.http.get(f"{url}/supprimer").ok
    assert citizen.http.post(f"{url}/supprimer").status_code == 403
    assert len(noted()) == 1
    data = {"_authenticator": citizen.token()}
    assert citizen.http.post(f"{url}/supprimer", data=data).ok
    assert noted()[1:] == [("document-deleted", url.rpartition("/")[2])]


def test_titles_are_shown_only_while_they_can_be_opened(
    citizen, make_citizen, functional
):
    kept = citizen.store("Relevé <b>d’identité</b> & co.txt", b"x")
    gone = citizen.store("Vieux bail.txt", b"x")
    citizen.http.get(f"{kept}/lire")
    data = {"_authenticator": citizen.token()}
    citizen.http.post(f"{gone}/supprimer", data=data)
    page = citizen.http.get(f"{citizen.url}/@@journal").text
    assert "<b>" not in page
    text = journal(citizen)
    assert "Vous avez lu «\xa0" in citizen.page(f"{citizen.url}/@@journal")
    assert "b> & co" in text
    assert "Vous avez supprimé un document effacé depuis." in text
    assert "Vieux bail" not in text
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    locked = make_citizen(unlocked=False, space=space)
    text = journal(locked)
    assert "Vous avez lu un document." in text
    assert "& co" not in text and "Vieux bail" not in text


def test_a_space_of_the_first_version_is_read_as_well(citizen, functional, noted):
    url = citizen.store("a.txt", b"x")
    transaction.begin()
    del get_spaces(functional["portal"]).get_space(citizen.id)._journal
    transaction.commit()
    answer = citizen.http.get(f"{url}/lire")
    assert answer.status_code == 200 and "confirm-action" not in answer.url
    assert [action for action, _item in noted()] == ["document-read"]


def test_reading_does_not_let_other_writes_pass(citizen, functional, monkeypatch):
    """What the journal may write on a GET opens nothing for the rest of the request."""
    url = citizen.store("a.txt", b"x")
    former = Read.show

    def show(view, opened):
        view.context.first_name = "Changed"
        return former(view, opened)

    monkeypatch.setattr(Read, "show", show)
    answer = citizen.http.get(f"{url}/lire", allow_redirects=False)
    assert answer.status_code == 302 and "confirm-action" in answer.headers["Location"]
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    assert space.first_name == ""


def test_no_title_is_stored(citizen, functional):
    url = citizen.store("Vieux bail.txt", b"x")
    citizen.http.get(f"{url}/lire")
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    assert "bail" not in repr(entries(space, 0, 100))


def altered_part(functional, citizen, url, place):
    """Flip a bit in the middle of the stored payload."""
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    document = get_vault(space).document(url.rpartition("/")[2])
    blob = document.parts[0]
    with blob.open("r") as stream:
        data = bytearray(stream.read())
    data[place] ^= 1
    with blob.open("w") as stream:
        stream.write(data)
    transaction.commit()


def test_an_altered_document_is_noted(citizen, functional, noted):
    url = citizen.store("a.txt", b"x" * 100)
    altered_part(functional, citizen, url, 50)
    for _ in range(2):
        assert citizen.http.get(f"{url}/lire").status_code == 500
        assert citizen.http.get(f"{url}/telecharger").status_code == 500
    assert noted()[1:] == [("document-altered", url.rpartition("/")[2])]
    assert "Une altération a été constatée dans «\xa0a\xa0»" in citizen.page(
        f"{citizen.url}/@@journal"
    )


def test_an_alteration_found_on_the_way_is_noted(citizen, functional, noted):
    url = citizen.store("a.bin", b"x" * (PIECE // 4))
    altered_part(functional, citizen, url, 200_000)
    with pytest.raises(requests.exceptions.RequestException):
        answer = citizen.http.get(f"{url}/telecharger")
        if len(answer.content) < PIECE // 4:
            raise requests.exceptions.ChunkedEncodingError
    actions = [action for action, _item in noted()]
    assert actions == ["document-stored", "document-downloaded", "document-altered"]


def test_an_altered_title_is_noted_once(citizen, functional, noted):
    url = citizen.store("a.txt", b"x")
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(citizen.id)
    vault = get_vault(space)
    document = vault.document(url.rpartition("/")[2])
    box = vault.box(document)
    vault.set_box(document, box[:-1] + bytes([box[-1] ^ 1]))
    transaction.commit()
    for _ in range(2):
        assert citizen.http.get(citizen.documents).ok
    assert noted()[1:] == [("document-altered", document.id)]
    assert "dans un document dont le titre n’est plus lisible" in journal(citizen)
