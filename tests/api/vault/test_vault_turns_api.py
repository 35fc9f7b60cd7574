"""A citizen who has two slow jobs running gets a 503 for further ones, and only then."""

from civisdata.content.vault.turns import turns
from helpers.pdf import make_pdf
from helpers.tasks import wait_for
from html import unescape
import io
import PIL.Image
import pytest
import secrets


@pytest.fixture
def busy(citizen):
    """Takes both turns of the citizen, as other tabs and processes would."""
    taken = []

    def take() -> None:
        taken.extend(turns().take(citizen.id) for _ in range(2))

    def end() -> None:
        while taken:
            taken.pop()()

    yield take, end
    end()


def unescaped(answer) -> str:
    if answer.headers["Content-Type"].startswith("application/json"):
        return answer.json()["message"]
    return unescape(answer.text)


def picture() -> bytes:
    stream = io.BytesIO()
    PIL.Image.new("RGB", (40, 60), "white").save(stream, "JPEG")
    return stream.getvalue()


def test_further_jobs_are_told_when_to_ask_again(citizen, busy, make_citizen):
    take, end = busy
    url = citizen.store("a.pdf", make_pdf("Bonjour"))
    token = citizen.token()

    def jobs():
        form = {"_authenticator": token}
        as_json = {"Accept": "application/json"}
        yield citizen.http.get(f"{url}/page?n=1")
        yield citizen.http.get(f"{url}/mots?n=1")
        yield citizen.http.get(f"{url}/vignettes?n=1")
        yield citizen.http.get(f"{url}/vignette")
        yield citizen.http.get(f"{url}/lire")
        search = {**form, "q": "Bonjour"}
        yield citizen.http.post(f"{url}/chercher", data=search, headers=as_json)
        photo = {**form, "title": "P", "category": "local"}
        files = {"photo": ("p.jpg", picture(), "image/jpeg")}
        yield citizen.http.post(f"{citizen.url}/@@photos", data=photo, files=files)
        chosen = {**form, "documents": url.rpartition("/")[2]}
        yield citizen.http.post(f"{citizen.url}/@@export-selection", data=chosen)

    take()
    for answer in jobs():
        assert answer.status_code == 503, answer.request.url
        assert int(answer.headers["Retry-After"]) > 0
        assert "déjà en préparation" in unescaped(answer)
    # Lists, downloads and uploads are no slow work; nor are others held up.
    assert citizen.listed() == ["a"]
    assert citizen.http.get(f"{url}/telecharger").status_code == 200
    assert citizen.store("b.pdf", make_pdf("Encore"))
    other = make_citizen()
    theirs = other.store("c.pdf", make_pdf("Autre"))
    assert other.http.get(f"{theirs}/page?n=1").status_code == 200
    end()
    for answer in jobs():
        assert answer.status_code == 200, answer.request.url
    # The server lets go after the last byte.
    wait_for(lambda: not list(turns().folder.iterdir()), 20)
    assert "P" in citizen.listed()


def test_an_archive_on_its_way_is_a_job(citizen):
    """The turn is held until the archive has gone, or its reader has."""
    url = citizen.store("a.bin", secrets.token_bytes(12_000_000))
    form = {"_authenticator": citizen.token(), "documents": url.rpartition("/")[2]}
    address = f"{citizen.url}/@@export-selection"
    started = citizen.http.post(address, data=form, stream=True)
    assert started.status_code == 200
    assert len(list(turns().folder.iterdir())) == 1
    assert started.content[:2] == b"PK"
    # The server lets go after the last byte.
    wait_for(lambda: not list(turns().folder.iterdir()), 20)
