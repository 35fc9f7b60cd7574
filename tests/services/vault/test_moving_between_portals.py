"""Two portals, each with its own database, keys and server: a citizen moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from helpers.leaks import find_leaks
from helpers.mover import DOCUMENTS
from helpers.mover import FOLDERS
from helpers.portal import Portal
from html import unescape
from pathlib import Path
import io
import json
import os
import pytest
import re
import requests
import subprocess
import sys
import zipfile


# Whole portals, started four times.
pytestmark = pytest.mark.timeout(900)

PASSPHRASE = "girafe tambour escalier velours"
MOVER = Path(__file__).parents[2] / "helpers" / "mover.py"


class Citizen:
    """A citizen at a browser without a script, except for the pieces of an archive."""

    def __init__(self, portal: Portal, login: str, password: str) -> None:
        self.portal, self.password = portal, password
        self.http = requests.Session()
        answer = self.http.post(
            f"{portal.url}/@@login",
            data={
                "_authenticator": self.token(f"{portal.url}/@@login"),
                "login": login,
                "password": password,
                "action": "log-in",
            },
        )
        self.space = re.match(r"http://[^/]+/espaces/\w+", answer.url)[0]

    def token(self, url: str) -> str:
        page = self.http.get(url).text
        return re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page)[1]

    def export(self, **fields) -> bytes:
        url = f"{self.space}/@@export"
        answer = self.http.post(
            url,
            data={
                "_authenticator": self.token(f"{url}?archive=zip"),
                "action": "download",
                "archive": "zip",
                "bin": "1",
                "current": self.password,
                "consent": "1",
                **fields,
            },
        )
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["Content-Disposition"]
        assert int(answer.headers["Content-Length"]) == len(answer.content)
        return answer.content

    def do(self, action: str, **fields) -> str:
        url = f"{self.space}/@@import"
        data = {"_authenticator": self.token(url), "action": action, **fields}
        return unescape(self.http.post(url, data=data).text)

    def send(self, data: bytes) -> str:
        headers = {"X-CSRF-TOKEN": self.token(f"{self.space}/@@import")}
        depot = f"{self.space}/@@import-depot"
        state = self.http.post(
            depot, json={"name": "archive", "size": len(data)}, headers=headers
        ).json()
        offset = 0
        while offset < len(data):
            offset = self.http.put(
                depot,
                params={"id": state["id"], "offset": offset},
                data=data[offset : offset + state["piece"]],
                headers={**headers, "Content-Type": "application/octet-stream"},
            ).json()["offset"]
        return unescape(self.http.get(f"{self.space}/@@import").text)


@contextmanager
def portal_with_citizen(var: Path, *arguments: str) -> Iterator[Citizen]:
    Portal(var).start().stop()
    # The portal's own pepper and keys, not those of the tests.
    own = {name: os.environ[name] for name in os.environ if name[:6] != "CIVIS_"}
    done = subprocess.run(
        [sys.executable, str(MOVER), *arguments],
        env={**own, "VAR": str(var)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    portal = Portal(var).start()
    try:
        yield Citizen(portal, *done.stdout.split())
    finally:
        portal.stop()


@pytest.fixture(scope="module")
def portals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("portals")
    with (
        portal_with_citizen(folder / "there", "filled") as leaving,
        portal_with_citizen(folder / "here") as arriving,
    ):
        yield leaving, arriving


def seen(data: bytes) -> tuple[list, list, dict]:
    """What an archive says of documents (with their bytes) and folders, without ids."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    paths = {row["id"]: row["path"] for row in manifest["folders"]}
    documents = []
    for row in manifest["documents"]:
        kept = {
            name: row[name]
            for name in row
            if name not in ("id", "record", "signature", "signer", "revision", "origin")
        }
        kept["folder"] = paths.get(row["folder"], "")
        origin = row["origin"] or {}
        kept["by"] = (origin.get("import", {}).get("origin") or origin).get("by")
        documents.append((kept, archive.read(row["path"])))
    documents.sort(key=lambda row: row[0]["name"])
    folders = sorted(
        (row["path"], row["title"], row["binned_at"]) for row in manifest["folders"]
    )
    return documents, folders, manifest


def address_of(portal: Portal) -> str:
    page = unescape(requests.get(f"{portal.url}/@@cle-de-transfert").text)
    return re.search(r"age1[0-9a-z]{58}", page)[0]


def test_nothing_is_lost_on_the_way(portals):
    leaving, arriving = portals
    # Sealed to the other portal's key, then with a passphrase, then as plain ZIP: only
    # the first one brings something new.
    address = address_of(arriving.portal)
    sealed = leaving.export(archive="authority", recipient=address)
    assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ")
    page = arriving.send(sealed)
    assert "en cours de contrôle" in page
    page = arriving.do("step")
    assert "L’archive est intacte" in page
    assert "Ce portail ne connaît pas la collectivité qui a signé" in page
    arriving.do("agree")
    page = arriving.do("step")
    assert "Tout a été importé" in page

    documents, folders, manifest = seen(leaving.export())
    assert len(documents) == len(DOCUMENTS) and len(folders) == len(FOLDERS)
    found, found_folders, found_manifest = seen(arriving.export())
    assert found == documents
    assert found_folders == folders
    assert found_manifest["portal"]["signing_key"] != manifest["portal"]["signing_key"]
    assert found_manifest["citizen"] != manifest["citizen"]
    assert found_manifest["sections"]["choices"] == manifest["sections"]["choices"]
    (former,) = found_manifest["sections"]["former"]
    for name in ("registration", "consents", "choices"):
        assert former["sections"][name] == manifest["sections"][name]
    (consent,) = former["sections"]["consents"]
    assert consent["answer"] is True and "données" in consent["text"]
    # Not a consent that counts here.
    assert "consents" not in found_manifest["sections"]
    for row in found_manifest["documents"]:
        came = row["origin"]["import"]
        assert came["portal"]["signing_key"] == manifest["portal"]["signing_key"]

    page = arriving.send(
        leaving.export(archive="passphrase", passphrase=PASSPHRASE, repeated=PASSPHRASE)
    )
    assert "phrase de passe" in page
    assert "n’ouvre pas l’archive" in arriving.do("open", passphrase="autre chose")
    arriving.do("open", passphrase=PASSPHRASE)
    arriving.do("step")
    arriving.do("agree")
    assert "Documents déjà présents ici" in arriving.do("step")
    assert seen(arriving.export())[:2] == (documents, folders)


def test_an_archive_for_another_portal_does_not_open_here(portals):
    leaving, arriving = portals
    own = address_of(leaving.portal)
    page = arriving.send(leaving.export(archive="authority", recipient=own))
    assert "chiffrée pour une autre collectivité" in page
    arriving.do("drop")


def test_nothing_of_it_is_in_clear_on_a_disk(portals):
    leaving, arriving = portals
    arriving.send(leaving.export())
    words = ["Voir aussi 2024", "Passeport de Zoé", "Avis_d_imposition_2025"]
    for citizen in portals:
        assert find_leaks([citizen.portal.var], words) == []
    arriving.do("drop")
