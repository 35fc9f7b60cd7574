"""A recipient adds to a shared folder piece by piece; revoking leaves nothing."""

from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault import uploads
from civisdata.content.vault.browser.pieces import FILES
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sharing import arrivals
from civisdata.content.vault.sharing.offers import end_share
from civisdata.content.vault.sharing.parts import open_own
from civisdata.content.vault.sharing.parts import seal_own
from civisdata.content.vault.sharing.reconcile import reconcile
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault
from dataclasses import replace
from helpers.vault import Citizen
from helpers.vault import share_folder
from helpers.vault import shared_folder_of
from helpers.vault import start_adding
import hashlib
import json
import pytest
import requests
import secrets
import transaction


DATA = bytes(range(256)) * (PIECE // 256) + b"la fin"


class Adder:
    """A recipient with the right to add, and the owner's vault."""

    def __init__(self, portal, owner: Citizen, friend: Citizen):
        self.portal, self.owner, self.friend = portal, owner, friend
        self.received, self.document = share_folder(portal, owner, friend)
        self.url = f"{friend.url}/@@partages-recus/{self.received}"
        self.folder = shared_folder_of(friend, self.received)

    @property
    def vault(self):
        transaction.begin()
        return get_vault(get_spaces(self.portal).get_space(self.owner.id))

    @property
    def sharing(self):
        return sharing_of(self.vault)

    def start(self, size: int, **more) -> str:
        return start_adding(self.friend, self.received, size, **more)

    def put(self, id: str, offset: int, data: bytes) -> requests.Response:
        return self.friend.http.put(
            f"{self.url}/depot",
            params={"id": id, "offset": offset},
            data=data,
            headers={
                "X-CSRF-TOKEN": self.friend.token(),
                "Content-Type": "application/octet-stream",
            },
        )

    def files(self, *names: str, **more) -> requests.Response:
        body = b""
        for name in names:
            data = name.encode()
            head = {"id": secrets.token_hex(16), "name": name, "size": len(data)}
            head |= {"folder": self.folder, "category": "bills", **more}
            body += json.dumps(head).encode() + b"\n" + data
        self.body = body
        return self.send(body)

    def send(self, body: bytes) -> requests.Response:
        headers = {"X-CSRF-TOKEN": self.friend.token(), "Content-Type": FILES}
        return self.friend.http.post(f"{self.url}/depot", data=body, headers=headers)

    def revoke(self) -> None:
        transaction.begin()
        space = get_spaces(self.portal).get_space(self.owner.id)
        vault = get_vault(space)
        (share,) = sharing_of(vault).given.values()
        end_share(space, vault, self.owner.bundle, share.id)
        transaction.commit()


@pytest.fixture
def adder(functional, make_citizen):
    return Adder(functional["portal"], make_citizen(), make_citizen())


def test_a_document_in_pieces_reaches_owner_and_recipient(adder):
    id = adder.start(len(DATA))
    assert adder.put(id, 0, DATA[:PIECE]).json() == {"offset": PIECE}
    # It is on nobody's list before it is whole, and opens with no key of the database.
    assert not adder.sharing.arrivals
    assert b"la fin" not in adder.sharing.uploads[id].box
    done = adder.put(id, PIECE, DATA[PIECE:])
    assert done.json() == {"offset": len(DATA), "document": id}
    assert not adder.sharing.uploads
    friend, owner = adder.friend, adder.owner
    assert friend.http.get(f"{adder.url}/{id}/telecharger").content == DATA
    assert "Ajout" in friend.page(adder.url)
    assert "Ajout" in owner.listed(adder.folder)
    assert owner.http.get(f"{owner.documents}/{id}/telecharger").content == DATA


def test_it_goes_on_where_it_stopped(adder):
    first = hashlib.sha256(DATA[:PIECE]).hexdigest()
    id = adder.start(len(DATA), first=first)
    answer = adder.put(id, 0, DATA[:PIECE])
    assert answer.json() == {"offset": PIECE}, (answer.status_code, answer.text)
    assert adder.start(len(DATA), first=first) == id
    state = adder.friend.http.get(f"{adder.url}/depot", params={"id": id}).json()
    assert state == {"offset": PIECE, "size": len(DATA), "piece": PIECE}
    assert adder.put(id, 0, DATA[:PIECE]).status_code == 409
    assert adder.put(id, PIECE, DATA[PIECE:]).status_code == 200


def test_a_share_that_is_revoked_on_the_way_leaves_nothing(adder):
    id = adder.start(len(DATA))
    adder.put(id, 0, DATA[:PIECE])
    assert len(adder.sharing.uploads[id].parts) == 1
    adder.revoke()
    assert not adder.sharing.uploads
    assert not adder.sharing.awaited
    answer = adder.put(id, PIECE, DATA[PIECE:])
    assert answer.status_code == 404
    assert answer.json()["error"] == "ended"
    assert "Ce partage a pris fin" in answer.json()["message"]
    assert not adder.sharing.arrivals
    assert adder.files("a.txt").json()["error"] == "ended"
    assert adder.owner.listed(adder.folder) == ["Partagé"]


def test_what_is_given_back_takes_its_uploads_along(adder):
    adder.start(len(DATA))
    adder.friend.http.post(
        f"{adder.friend.url}/@@partages-recus",
        data={
            "_authenticator": adder.friend.token(),
            "action": "leave",
            "id": adder.received,
        },
    )
    assert not adder.sharing.uploads


def test_small_files_come_together_and_once(adder):
    answer = adder.files("un.txt", "deux.txt")
    ids = [one["document"] for one in answer.json()["files"]]
    assert adder.send(adder.body).json() == answer.json()
    assert set(adder.sharing.arrivals) == set(ids)
    known = adder.friend.http.get(
        f"{adder.url}/depot", params={"dossier": adder.folder}
    ).json()["documents"]
    assert {row[0] for row in known} == {"deux.txt", "un.txt", "Partagé.pdf"}
    assert sorted(adder.owner.listed(adder.folder)) == ["Partagé", "deux", "un"]
    # Also after the owner has filed them.
    assert adder.send(adder.body).json() == answer.json()
    assert sorted(adder.owner.listed(adder.folder)) == ["Partagé", "deux", "un"]


def test_the_limits_are_those_of_the_owner(adder, monkeypatch):
    allowed = uploads.Limits(quota=adder.vault.used + 8, max_document=7)
    monkeypatch.setattr(
        "civisdata.content.vault.sharing.browser.depot.limits",
        lambda: allowed,
    )
    answer = adder.files("un.txt", "deux.txt").json()["files"]
    assert "document" in answer[0]
    assert answer[1]["error"] == "too_big"
    (answer,) = adder.files("six.tx").json()["files"]
    assert answer["error"] == "quota"
    assert "assez de place" in answer["message"]
    monkeypatch.setattr(arrivals, "MAX_ARRIVALS", 1)
    (answer,) = adder.files("a").json()["files"]
    assert answer["error"] == "arrivals"
    assert "attendent déjà" in answer["message"]


def test_only_a_folder_of_the_share_takes_something(adder):
    other = adder.owner.make_folder("Privé")
    assert adder.files("a.txt", folder=other).status_code == 404
    answer = adder.friend.http.post(
        f"{adder.url}/depot",
        json={"name": "a.txt", "size": 1, "folder": other},
        headers={"X-CSRF-TOKEN": adder.friend.token()},
    )
    assert answer.status_code == 404
    assert not adder.sharing.arrivals and not adder.sharing.uploads


def test_without_a_token_nothing_is_begun_or_cancelled(adder):
    id = adder.start(10)
    for method in ("POST", "PUT", "DELETE"):
        answer = adder.friend.http.request(
            method, f"{adder.url}/depot", params={"id": id}, data=b"{}"
        )
        assert answer.status_code == 403
    assert list(adder.sharing.uploads) == [id]
    answer = adder.friend.http.delete(
        f"{adder.url}/depot",
        params={"id": id},
        headers={"X-CSRF-TOKEN": adder.friend.token()},
    )
    assert answer.status_code == 200
    assert not adder.sharing.uploads


def test_who_may_only_read_adds_nothing(adder, make_citizen):
    reader = make_citizen()
    answer = reader.http.get(f"{reader.url}/@@partages-recus/{'0' * 32}/depot?id=x")
    assert (answer.status_code, answer.json()["error"]) == (404, "ended")
    # The right is in the share itself.

    vault = adder.vault
    (share,) = sharing_of(vault).given.values()
    own = open_own(share, adder.owner.id, adder.owner.bundle)
    seal_own(share, adder.owner.id, adder.owner.bundle, replace(own, may_add=False))
    reconcile(vault, adder.owner.id, adder.owner.bundle)
    transaction.commit()
    answer = adder.files("a.txt")
    assert (answer.status_code, answer.json()["error"]) == (404, "ended")
    assert "vault-upload" not in adder.friend.page(adder.url)


def test_a_sharing_of_the_former_version_has_no_uploads(adder):
    sharing = adder.sharing
    assert "_uploads" not in sharing.__dict__
    assert dict(sharing.uploads) == {}
    id = adder.start(10)
    assert list(adder.sharing.uploads) == [id]
