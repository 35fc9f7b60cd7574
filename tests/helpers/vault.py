"""A real HTTP server with the door in front, and citizens with opened vaults."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import current
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.cookies import encode
from civisdata.content.citizens.cookies import LOCAL_NAME
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.passwords import new_login
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.contents import make_folder
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.sharing.offers import Asked
from civisdata.content.vault.sharing.offers import offer
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.received import accept
from civisdata.content.vault.sharing.received import all_received
from civisdata.content.vault.storage import ensure_vault
from civisdata.policy.door.filter import make_filter
from dataclasses import dataclass
from helpers.pdf import make_pdf
from html import unescape
from Products.SiteAccess.VirtualHostMonster import manage_addVirtualHostMonster
from webtest.http import StopableWSGIServer
from ZPublisher.httpexceptions import HTTPExceptionHandler
from ZPublisher.WSGIPublisher import publish_module
import pytest
import re
import requests
import transaction


@pytest.fixture
def server(functional):
    """The address of a server on the layer's database, as the launcher runs it."""
    root = functional["app"]
    if "virtual_hosting" not in root.objectIds():
        manage_addVirtualHostMonster(root, "virtual_hosting")
        transaction.commit()
    app = make_filter({}, "plone")(HTTPExceptionHandler(publish_module))
    server = StopableWSGIServer.create(app, host="127.0.0.1")
    server.wait()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.shutdown()


@dataclass
class Citizen:
    """A citizen at the browser: ``http`` sends the session's cookie along."""

    id: str
    bundle: KeyBundle
    http: requests.Session
    base: str
    login: str = ""

    @property
    def url(self) -> str:
        return f"{self.base}/espaces/{self.id}"

    @property
    def documents(self) -> str:
        return f"{self.url}/@@documents"

    @property
    def depot(self) -> str:
        return f"{self.url}/@@depot"

    def token(self) -> str:
        page = self.http.get(self.documents).text
        return re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]

    def start(self, name: str, size: int, **more) -> requests.Response:
        return self.http.post(
            self.depot,
            json={"name": name, "size": size, "category": "local", **more},
            headers={"X-CSRF-TOKEN": self.token(), "Accept": "*/*"},
        )

    def put(self, id: str, offset: int, data: bytes, **headers) -> requests.Response:
        return self.http.put(
            self.depot,
            params={"id": id, "offset": offset},
            data=data,
            headers={
                "X-CSRF-TOKEN": self.token(),
                "Content-Type": "application/octet-stream",
                **headers,
            },
        )

    def store(self, name: str, data: bytes) -> str:
        """Upload in pieces; give the address of the document."""
        started = self.start(name, len(data)).json()
        offset = 0
        while True:
            piece = data[offset : offset + started["piece"]]
            answer = self.put(started["id"], offset, piece)
            assert answer.status_code == 200, answer.text
            offset = answer.json()["offset"]
            if "document" in answer.json():
                return f"{self.documents}/{answer.json()['document']}"

    def classify(self, action: str, *items: str, **more) -> requests.Response:
        """Send an action on items to ``@@classer``; redirects aren't followed."""
        return self.http.post(
            f"{self.url}/@@classer",
            data={
                "_authenticator": self.token(),
                "action": action,
                "item": items,
                "retour": self.documents,
                **more,
            },
            allow_redirects=False,
        )

    def make_folder(self, title: str, parent: str = "") -> str:
        answer = self.classify("dossier", title=title, target=parent, format="json")
        assert answer.status_code == 200, answer.text
        return answer.json()["folder"]

    def page(self, url: str, **arguments) -> str:
        """The text of a page, its entities resolved."""
        return unescape(self.http.get(url, **arguments).text)

    def listed(self, folder: str = "") -> list[str]:
        """The titles of a folder's page; the top's unless told otherwise."""
        page = self.http.get(self.documents, params={"dossier": folder}).text
        titles = re.findall(r'<th[^>]*scope="row"[^>]*>\s*<a[^>]*>(.*?)</a>', page)
        return [unescape(title) for title in titles]


@pytest.fixture
def make_citizen(functional, server):
    """Make citizens with a session; ``unlocked=False`` leaves the vault locked."""
    portal = functional["portal"]

    def make(unlocked: bool = True, space=None) -> Citizen:
        spaces = get_spaces(portal)
        if space is None:
            space = spaces.create_space()
        space_id = space.getId()
        bundle = KeyBundle.new()
        account = need_account(space)
        account.public, account.activated = bundle.public, clock.now()
        if not space.login:
            spaces.set_login(space, new_login())
        transaction.commit()
        secret = current.session_service().create(
            space_id, bundle if unlocked else None
        )
        http = requests.Session()
        http.headers["Accept-Language"] = "fr"
        http.cookies.set(LOCAL_NAME, encode(secret))
        return Citizen(space_id, bundle, http, server, space.login)

    return make


@pytest.fixture
def citizen(make_citizen):
    return make_citizen()


def share_folder(portal, owner: Citizen, friend: Citizen) -> tuple[str, str]:
    """Share a folder with a document in it; give the share's id for the friend, taken.

    The second id is the document's.
    """
    document_id = owner.store("Partagé.pdf", make_pdf("Commun")).rpartition("/")[2]
    transaction.begin()
    spaces = get_spaces(portal)
    space, other = spaces.get_space(owner.id), spaces.get_space(friend.id)
    vault = ensure_vault(space)
    folder = make_folder(vault, owner.id, owner.bundle, "Commun")
    document = vault.document(document_id)
    update_metadata(vault, owner.id, document, owner.bundle, folder=folder.id)
    asked = Asked(kind=FOLDER, item=folder.id, to=friend.login, may_add=True)
    offer(space, vault, owner.bundle, asked, other, owner.login)
    (received,) = (r for r in all_received(other, friend.bundle) if r.waits)
    accept(received)
    transaction.commit()
    return received.id, document_id


def shared_folder_of(person: Citizen, received: str) -> str:
    """The id of the folder that a share shows first."""
    page = person.http.get(f"{person.url}/@@partages-recus/{received}").text
    return re.search(r"dossier=([0-9a-f]{32})", page)[1]


def start_adding(person: Citizen, received: str, size: int = 10, **more) -> str:
    """Begin to add a document to a shared folder; give the id of the upload."""
    answer = person.http.post(
        f"{person.url}/@@partages-recus/{received}/depot",
        json={
            "name": "Ajout.bin",
            "size": size,
            "folder": shared_folder_of(person, received),
            **more,
        },
        headers={"X-CSRF-TOKEN": person.token()},
    )
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["id"]
