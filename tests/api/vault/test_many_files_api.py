"""Many files at once: several in a request, sent again, refused one by one; the form."""

from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault import uploads
from civisdata.content.vault.browser.pieces import FILES
from civisdata.content.vault.browser.pieces import MAX_FILES
from civisdata.content.vault.storage import get_vault
from helpers.vault import Citizen
import json
import pytest
import requests
import secrets
import transaction


def head(name: str, data: bytes, **more) -> dict:
    asked = {"id": secrets.token_hex(16), "name": name, "size": len(data)}
    return {**asked, "category": "local", **more}


def send(citizen: Citizen, *files: tuple[dict, bytes], token=True) -> requests.Response:
    body = b"".join(json.dumps(h).encode() + b"\n" + data for h, data in files)
    headers = {"Content-Type": FILES}
    if token:
        headers["X-CSRF-TOKEN"] = citizen.token()
    return citizen.http.post(citizen.depot, data=body, headers=headers)


def files(*names: str) -> list[tuple[dict, bytes]]:
    return [(head(name, name.encode()), name.encode()) for name in names]


@pytest.fixture
def vault_of(functional):
    def vault_of(citizen: Citizen):
        transaction.begin()
        return get_vault(get_spaces(functional["portal"]).get_space(citizen.id))

    return vault_of


def test_several_files_come_in_one_request(citizen, vault_of):
    sent = files("un.txt", "deux\n.txt", "trois.txt")
    answer = send(citizen, *sent)
    assert answer.status_code == 200
    assert answer.json()["files"] == [{"document": h["id"]} for h, _data in sent]
    assert sorted(citizen.listed()) == ["deux", "trois", "un"]
    for h, data in sent:
        url = f"{citizen.documents}/{h['id']}/telecharger"
        assert citizen.http.get(url).content == data
    assert vault_of(citizen).count == 3
    assert not vault_of(citizen).uploads


def test_the_same_files_sent_again_are_stored_once(citizen, vault_of):
    sent = files("un.txt", "deux.txt")
    first = send(citizen, *sent).json()
    assert (
        send(citizen, *sent, *files("trois.txt")).json()["files"][:2] == first["files"]
    )
    assert sorted(citizen.listed()) == ["deux", "trois", "un"]
    assert vault_of(citizen).count == 3


def test_what_is_wrong_with_one_leaves_the_others_alone(citizen):
    answer = send(
        citizen,
        *files("un.txt"),
        (head("vide.txt", b""), b""),
        (head("faux.pdf", b"<html>"), b"<html>"),
        (head("x.txt", b"x", category="rien"), b"x"),
        (head("y.txt", b"y", folder="0" * 32), b"y"),
        *files("deux.txt"),
    )
    assert answer.status_code == 200
    found = answer.json()["files"]
    assert [one.get("error") for one in found] == [
        None,
        "empty",
        "kind",
        "category",
        "folder",
        None,
    ]
    assert "Ce fichier est vide" in found[1]["message"]
    assert sorted(citizen.listed()) == ["deux", "un"]


def test_a_full_vault_takes_what_has_room(citizen, monkeypatch):
    monkeypatch.setattr(
        "civisdata.content.vault.browser.depot.limits",
        lambda: uploads.Limits(quota=10, max_document=10),
    )
    sent = [(head(f"{n}.bin", b"12345"), b"12345") for n in range(3)]
    errors = [one.get("error") for one in send(citizen, *sent).json()["files"]]
    assert errors == [None, None, "quota"]
    assert len(citizen.listed()) == 2


def test_a_vault_has_a_highest_number_of_documents(citizen, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_DOCUMENTS", 2)
    found = send(citizen, *files("a.txt", "b.txt", "c.txt")).json()["files"]
    assert found[2]["error"] == "too_many_documents"
    assert "nombre maximal de documents" in found[2]["message"]
    refused = citizen.start("d.txt", 5)
    assert refused.status_code == 400
    assert refused.json()["error"] == "too_many_documents"
    url = f"{citizen.documents}/{found[0]['document']}/supprimer"
    citizen.http.post(url, data={"_authenticator": citizen.token()})
    assert send(citizen, *files("d.txt")).json()["files"][0]["document"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json\n",
        b"[]\n",
        b'{"id": "x", "name": "a", "size": 1}\nx',
        b'{"id": "' + b"a" * 32 + b'", "name": "a.txt", "size": 9}\nx',
        b'{"id": "' + b"a" * 32 + b'", "name": 1, "size": 1}\nx',
        b"{" + b" " * 70_000,
    ],
)
def test_what_is_not_of_the_protocol_stores_nothing(citizen, body):
    good = files("un.txt")
    start = json.dumps(good[0][0]).encode() + b"\n" + good[0][1] if body else b""
    answer = citizen.http.post(
        citizen.depot,
        data=start + body,
        headers={"Content-Type": FILES, "X-CSRF-TOKEN": citizen.token()},
    )
    assert answer.status_code == 400
    assert citizen.listed() == []


def test_a_request_has_no_more_than_so_many_files_and_bytes(citizen):
    sent = files(*(f"{n}.txt" for n in range(MAX_FILES + 1)))
    assert send(citizen, *sent).status_code == 413
    large = (head("x.bin", b"") | {"size": 9 * 1024 * 1024}, b"")
    assert send(citizen, *files("un.txt"), large).status_code == 413
    assert citizen.listed() == []


def test_without_a_token_or_for_others_nothing_is_stored(citizen, make_citizen):
    sent = files("un.txt")
    assert send(citizen, *sent, token=False).status_code == 403
    other = make_citizen()
    headers = {"Content-Type": FILES, "X-CSRF-TOKEN": other.token()}
    assert other.http.post(citizen.depot, data=b"", headers=headers).status_code == 404
    locked = make_citizen(unlocked=False)
    assert locked.http.post(locked.depot, data=b"").status_code == 423
    assert citizen.listed() == []


def test_an_id_of_something_else_is_refused(citizen, vault_of):
    folder = citizen.make_folder("Maison")
    answer = send(citizen, (head("a.txt", b"a", id=folder), b"a"))
    assert answer.json()["files"][0]["error"] == "name"
    assert vault_of(citizen).count == 0


def test_what_lies_in_a_folder_is_told_to_who_sends_it_again(citizen):
    folder = citizen.make_folder("Maison")
    send(citizen, *files("un.txt"), (head("b.txt", b"b", folder=folder), b"b"))
    at_top = citizen.http.get(citizen.depot, params={"dossier": ""}).json()
    inside = citizen.http.get(citizen.depot, params={"dossier": folder}).json()
    (row,) = at_top["documents"]
    assert row[:2] == ["un.txt", 6] and len(row[2]) == 64
    assert [row[0] for row in inside["documents"]] == ["b.txt"]
    absent = citizen.http.get(citizen.depot, params={"dossier": "0" * 32})
    assert absent.status_code == 404


def test_ten_thousand_files_in_the_plain_form_are_refused_in_words(citizen):
    answer = citizen.http.post(
        citizen.documents,
        data={"_authenticator": citizen.token(), "category": "local"},
        files=[("file", (f"{n}.txt", b"x")) for n in range(1100)],
        headers={"Accept": "text/html"},
    )
    assert answer.status_code == 400
    assert "C’est trop pour un seul envoi" in answer.text
    assert "Rien n’a été enregistré" in answer.text
    assert "Traceback" not in answer.text and "Multipart" not in answer.text
    assert citizen.listed() == []
