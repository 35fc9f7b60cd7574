"""Export and import over HTTP: what is asked first, who gets it, and what comes back."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.keys import Argon2Params
from civisdata.content.citizens.keys import set_default_params
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.journal_words import ALTERED
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.transfer.authorities import Authority
from civisdata.content.vault.transfer.authorities import is_authority
from helpers.people import person
from helpers.transfer import damage
from helpers.visitors import PASSWORD
from html import unescape
from plone import api
from zope.interface import Invalid
import io
import json
import pyrage
import pytest
import random
import re
import requests
import transaction
import zipfile


WORDS = "girafe tambour escalier velours"


@pytest.fixture(autouse=True)
def _cheap_passwords():
    former = set_default_params(Argon2Params(8 * 8, 1, 1))
    yield
    set_default_params(former)


@pytest.fixture
def mover(functional, make_citizen):
    """Make citizens who have a registration and a password."""
    spaces = get_spaces(functional["portal"])

    def make(email: str = "zoe@exemple.fr", **changes):
        space = register(spaces, person(email=email, **changes), with_mail=False)
        citizen = make_citizen(space=space)
        need_account(space)
        spaces.set_login(space, f"c-{space.getId()[:8]}")
        accounts.set_password(space, PASSWORD, citizen.bundle)
        transaction.commit()
        citizen.space = space
        return citizen

    return make


@pytest.fixture
def zoe(mover):
    return mover()


def token(citizen, page: str = "@@export?archive=zip") -> str:
    text = citizen.http.get(f"{citizen.url}/{page}").text
    return re.search(r'name="_authenticator"[^>]*value="([^"]+)"', text)[1]


def export(citizen, **fields) -> requests.Response:
    values = {
        "archive": "zip",
        "action": "download",
        "current": PASSWORD,
        "consent": "1",
        "_authenticator": token(citizen),
        **fields,
    }
    return citizen.http.post(f"{citizen.url}/@@export", data=values)


def opened(answer: requests.Response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(answer.content))


def do(citizen, action: str, **fields) -> requests.Response:
    return citizen.http.post(
        f"{citizen.url}/@@import",
        data={
            "action": action,
            "_authenticator": token(citizen, "@@import"),
            **fields,
        },
    )


def send(citizen, data: bytes, name: str = "archive.zip") -> None:
    """Send an archive in pieces, as the script does."""
    headers = {"X-CSRF-TOKEN": token(citizen, "@@import")}
    depot = f"{citizen.url}/@@import-depot"
    begun = citizen.http.post(
        depot, json={"name": name, "size": len(data)}, headers=headers
    )
    assert begun.status_code == 201, begun.text
    state = begun.json()
    offset = 0
    while offset < len(data):
        answer = citizen.http.put(
            depot,
            params={"id": state["id"], "offset": offset},
            data=data[offset : offset + state["piece"]],
            headers={**headers, "Content-Type": "application/octet-stream"},
        )
        assert answer.status_code == 200, answer.text
        offset = answer.json()["offset"]
    assert answer.json()["done"] is True


def page(citizen, name: str = "@@import") -> str:
    return unescape(citizen.http.get(f"{citizen.url}/{name}").text)


def test_an_export_tells_what_it_is_and_asks_for_the_password(zoe):
    zoe.store("Avis.txt", b"avis")
    text = page(zoe, "@@export")
    assert "Ce que contient l’archive" in text and "vos documents (1)" in text
    assert "moins d’une minute" in text
    assert 'name="current"' not in text
    text = page(zoe, "@@export?archive=zip")
    assert 'name="current"' in text and 'name="passphrase"' not in text
    assert 'name="passphrase"' in page(zoe, "@@export?archive=passphrase")


def test_the_zip_holds_documents_and_data(zoe):
    data = random.Random(1).randbytes(300_000)
    zoe.store("Relevé d’identité.bin", data)
    answer = export(zoe)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    archive = opened(answer)
    assert archive.read("documents/Relevé d’identité.bin") == data
    manifest = json.loads(archive.read("manifest.json"))
    sections = manifest["sections"]
    assert sections["registration"]["last_name"] == "O’Brien"
    assert "topics" not in sections["registration"]
    assert sections["choices"]["topics"] == ["elections"]
    journal = sections["journal"].splitlines()
    assert '"end"' in journal[-1]
    assert "archive-exported" in sections["journal"]
    assert manifest["categories"] == {"local": "Documents locaux (carte électorale…)"}
    assert manifest["portal"]["url"].startswith("http")


@pytest.mark.parametrize(
    "fields,words",
    [
        ({"current": "faux"}, "mot de passe actuel"),
        ({"current": ""}, "mot de passe actuel"),
        ({"consent": ""}, "Cochez la case"),
        ({"archive": "passphrase", "passphrase": "a", "repeated": "b"}, "identiques"),
        ({"archive": "passphrase", "passphrase": "a", "repeated": "a"}, "trop court"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_sent(zoe, fields, words):
    answer = export(zoe, **fields)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_without_the_token_nothing_is_sent(zoe):
    for fields in ({"_authenticator": ""}, {"_authenticator": "0" * 40}):
        answer = export(zoe, **fields)
        assert answer.status_code == 403
        assert not answer.content.startswith(b"PK")


def test_wrong_passwords_are_counted_like_log_ins(zoe):
    codes = []
    for _ in range(12):
        answer = export(zoe, current="faux")
        codes.append("Trop d’essais ont échoué" in unescape(answer.text))
    assert codes[0] is False and codes[-1] is True
    # Not even the right one is looked at meanwhile.
    assert export(zoe).status_code == 422


def test_a_kind_that_is_not_offered_is_no_export(zoe):
    answer = export(zoe, archive="tar")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Quelle forme" in unescape(answer.text)


def test_an_archive_with_a_passphrase(zoe):
    zoe.store("a.txt", b"bonjour")
    answer = export(zoe, archive="passphrase", passphrase=WORDS, repeated=WORDS)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert ".zip.age" in answer.headers["Content-Disposition"]
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    clear = pyrage.passphrase.decrypt(answer.content, WORDS)
    archive = zipfile.ZipFile(io.BytesIO(clear))
    assert archive.read("documents/a.txt") == b"bonjour"


def test_an_archive_for_another_authority(zoe, functional):
    zoe.store("a.txt", b"bonjour")
    identity = pyrage.x25519.Identity.generate()
    address = str(identity.to_public())
    text = page(zoe, f"@@export?archive=authority&other={address}")
    other = Authority("Pau", "https://pau.example", address, "0" * 64)
    assert other.fingerprint in text and "Collectivité inconnue" in text
    answer = export(zoe, archive="authority", recipient=address)
    clear = pyrage.decrypt(answer.content, [identity])
    assert zipfile.ZipFile(io.BytesIO(clear)).read("documents/a.txt") == b"bonjour"
    api.portal.set_registry_record("civisdata.transfer.authorities", [other.line])
    transaction.commit()
    assert "Pau" in page(zoe, "@@export")
    assert "Pau" in page(zoe, f"@@export?archive=authority&recipient={address}")


@pytest.mark.parametrize("address", ["", "age1", "x", "AGE-SECRET-KEY-1QQ", "age1" * 9])
def test_an_address_that_is_none_is_told(zoe, address):
    text = page(zoe, f"@@export?archive=authority&other={address}")
    assert "Ce n’est pas l’adresse d’une collectivité" in text
    answer = export(zoe, archive="authority", recipient=address)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_locked_vault_is_sent_to_its_lock(make_citizen):
    citizen = make_citizen(unlocked=False)
    for name in ("@@export", "@@import", "@@export-selection"):
        answer = citizen.http.get(f"{citizen.url}/{name}", allow_redirects=False)
        assert answer.headers["Location"].endswith("/@@deverrouiller"), name
    answer = citizen.http.get(f"{citizen.url}/@@import-depot?id=x")
    assert answer.status_code == 423


def test_a_selection_as_zip(zoe):
    one = zoe.store("Un.txt", b"un").rpartition("/")[2]
    two = zoe.store("Deux.txt", b"deux").rpartition("/")[2]
    zoe.store("Trois.txt", b"trois")
    url = f"{zoe.url}/@@export-selection"
    answer = zoe.http.post(
        url, data={"documents": [one, two, "0" * 32], "_authenticator": zoe.token()}
    )
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    archive = opened(answer)
    assert sorted(archive.namelist()) == [
        "CONTROLE.txt",
        "documents/Deux.txt",
        "documents/Un.txt",
    ]
    assert zoe.http.post(url, data={"documents": [one]}).status_code == 403
    assert zoe.http.get(url, allow_redirects=False).status_code == 303
    nothing = zoe.http.post(url, data={"_authenticator": zoe.token()})
    assert "Choisissez au moins un document" in unescape(nothing.text)


def test_a_folder_as_zip(zoe, functional):
    from civisdata.content.vault.contents import make_folder
    from civisdata.content.vault.documents import update_metadata
    from civisdata.content.vault.storage import ensure_vault

    document = zoe.store("Un.txt", b"un").rpartition("/")[2]
    zoe.store("Deux.txt", b"deux")
    transaction.begin()
    vault, id = ensure_vault(zoe.space), zoe.space.getId()
    upper = make_folder(vault, id, zoe.bundle, "Haut").id
    lower = make_folder(vault, id, zoe.bundle, "Bas", upper).id
    update_metadata(vault, id, vault.document(document), zoe.bundle, folder=lower)
    transaction.commit()
    answer = zoe.http.post(
        f"{zoe.url}/@@export-selection",
        data={"folders": upper, "_authenticator": zoe.token()},
    )
    assert "documents/Haut/Bas/Un.txt" in opened(answer).namelist()
    assert "documents/Deux.txt" not in opened(answer).namelist()


def test_the_key_of_the_portal_is_public(server, functional):
    text = unescape(requests.get(f"{server}/@@cle-de-transfert").text)
    line = re.search(r"[^<>]+ \| http[^<>|]+ \| age1\w+ \| [0-9a-f]{64}", text)[0]
    assert is_authority(line)


@pytest.mark.parametrize("line", ["", "a | b | c | d", "a | b | age1x", "|||"])
def test_lines_that_name_no_authority_are_refused(line):
    with pytest.raises(Invalid):
        is_authority(line)


@pytest.mark.parametrize("kind", ["zip", "passphrase", "authority"])
def test_a_citizen_moves_from_one_space_to_another(zoe, mover, kind, server):
    from civisdata.content.vault.transfer.portal_keys import recipient

    data = random.Random(2).randbytes(200_000)
    zoe.store("Un.bin", data)
    zoe.store("Deux.txt", b"deux")
    answer = export(
        zoe,
        archive=kind,
        passphrase=WORDS,
        repeated=WORDS,
        recipient=recipient(),
    )
    ann = mover("ann@exemple.fr", topics=(), rhythm="daily")
    send(ann, answer.content)
    text = page(ann)
    if kind == "passphrase":
        assert "protégée par une phrase de passe" in text
        wrong = do(ann, "open", passphrase="autre chose")
        assert wrong.status_code == 422
        assert "n’ouvre pas l’archive" in unescape(wrong.text)
        do(ann, "open", passphrase=WORDS)
        text = page(ann)
    assert "en cours de contrôle" in text
    state = do(ann, "step", script="1").json()
    assert state["phase"] == "ready"
    text = page(ann)
    assert "L’archive est intacte" in text and "collectivité connue" in text
    assert ann.listed() == []
    do(ann, "agree")
    # Without a script: the button of the page.
    text = unescape(do(ann, "step").text)
    assert "Tout a été importé" in text
    assert sorted(ann.listed()) == ["Deux", "Un"]
    transaction.begin()
    assert registration_of(ann.space).topics == ("elections",)
    assert registration_of(ann.space).last_name == "O’Brien"
    again = json.loads(opened(export(ann)).read("manifest.json"))
    former = again["sections"]["former"][0]["sections"]
    assert former["registration"]["email"] == "zoe@exemple.fr"
    assert {row["sha256"] for row in again["documents"]} == {
        row.sha256 for row in _contents(zoe).documents.values()
    }


def _contents(citizen):
    from civisdata.content.vault.contents import open_contents

    return open_contents(
        get_vault(citizen.space), citizen.space.getId(), citizen.bundle
    )


def test_the_plain_form_takes_an_archive(zoe, mover):
    zoe.store("Un.txt", b"un")
    data = export(zoe).content
    ann = mover("ann@exemple.fr")
    fields = {"action": "upload", "_authenticator": token(ann, "@@import")}
    nothing = ann.http.post(f"{ann.url}/@@import", data=fields, files={"file": b""})
    assert nothing.status_code == 422
    sent = ann.http.post(
        f"{ann.url}/@@import", data=fields, files={"file": ("a.zip", data)}
    )
    assert "en cours de contrôle" in unescape(sent.text)
    do(ann, "step")
    do(ann, "agree")
    do(ann, "step")
    assert ann.listed() == ["Un"]


def test_an_archive_that_is_wrong_says_so_and_stores_nothing(zoe, mover):
    zoe.store("Un.txt", b"un")
    data = export(zoe).content
    ann = mover("ann@exemple.fr")
    for wrong, words in (
        (b"%PDF-1.7 x", "n’est pas une archive"),
        (data[:-10], "incomplète"),
        (data.replace(b"documents/Un.txt", b"documents/Xn.txt"), "n’est"),
    ):
        send(ann, wrong)
        do(ann, "step")
        text = page(ann)
        assert "n’a pas été importée" in text and words in text
        assert ann.listed() == []
    do(ann, "drop")
    assert "n’a pas été importée" not in page(ann)


def test_the_depot_of_archives_refuses_what_it_should(zoe, mover, make_citizen):
    depot = f"{zoe.url}/@@import-depot"
    headers = {"X-CSRF-TOKEN": token(zoe, "@@import")}
    started = zoe.http.post(depot, json={"name": "a", "size": 10}, headers=headers)
    id = started.json()["id"]
    assert zoe.http.post(depot, json={"name": "a", "size": 10}).status_code == 403
    assert zoe.http.put(f"{depot}?id={id}&offset=0", data=b"x").status_code == 403
    assert zoe.http.delete(f"{depot}?id={id}").status_code == 403

    def put(query, data):
        return zoe.http.put(
            f"{depot}?{query}",
            data=data,
            headers={**headers, "Content-Type": "application/octet-stream"},
        )

    assert put(f"id={id}&offset=5", b"x").status_code == 409
    assert put(f"id={id}&offset=x", b"x").status_code == 400
    assert put("id=" + "0" * 32 + "&offset=0", b"x").status_code == 404
    assert put(f"id={id}&offset=0", b"x").status_code == 400
    assert put(f"id={id}&offset=0", b"x" * 11).status_code == 400
    state = zoe.http.get(f"{depot}?id={id}").json()
    assert (state["offset"], state["size"]) == (0, 10)
    huge = zoe.http.post(depot, json={"name": "a", "size": 5 * 10**9}, headers=headers)
    assert huge.status_code == 507
    other = make_citizen()
    assert other.http.get(f"{depot}?id={id}").status_code == 404
    assert zoe.http.delete(f"{depot}?id={id}", headers=headers).status_code == 200
    assert zoe.http.get(f"{depot}?id={id}").status_code == 404


def test_an_import_without_the_token_changes_nothing(zoe, mover):
    zoe.store("Un.txt", b"un")
    data = export(zoe).content
    ann = mover("ann@exemple.fr")
    send(ann, data)
    for action in ("step", "agree", "drop", "open"):
        answer = ann.http.post(f"{ann.url}/@@import", data={"action": action})
        assert answer.status_code == 403, action
    assert "en cours de contrôle" in page(ann)


def noted(citizen) -> list[tuple]:
    """The transfers in a citizen's journal: action and details."""
    transaction.begin()
    return [
        (entry.action, entry.details)
        for entry in entries(citizen.space)
        if entry.action.startswith(("archive", "selection"))
    ]


def test_the_journal_tells_of_transfers(zoe, mover):
    document = zoe.store("Un.txt", b"un").rpartition("/")[2]
    export(zoe, current="faux")
    export(zoe, consent="")
    assert noted(zoe) == []
    data = export(zoe).content
    chosen = {"documents": document, "_authenticator": zoe.token()}
    zoe.http.post(f"{zoe.url}/@@export-selection", data=chosen)
    assert noted(zoe) == [
        ("selection-exported", {"count": 1}),
        ("archive-exported", {"form": "zip", "count": 1}),
    ]
    ann = mover("ann@exemple.fr")
    send(ann, data[:-5])
    do(ann, "step")
    do(ann, "step")
    assert noted(ann) == [("archive-refused", {})]
    send(ann, data)
    do(ann, "step")
    do(ann, "agree")
    do(ann, "step")
    do(ann, "step")
    assert noted(ann)[0] == ("archive-imported", {"count": 1})
    assert len(noted(ann)) == 2
    assert "Vous avez importé une archive" in page(ann, "@@journal")
    text = page(zoe, "@@journal")
    assert "Vous avez tout emporté dans un fichier ZIP ordinaire" in text


def test_a_damaged_document_is_noted_once_the_archive_is_sent(zoe):
    document = zoe.store("Un.txt", b"un").rpartition("/")[2]
    transaction.begin()
    damage(get_vault(zoe.space).document(document).parts[0])
    archive = opened(export(zoe))
    assert "ENDOMMAGÉ documents/Un.txt" in archive.read("CONTROLE.txt").decode()
    transaction.begin()
    found = [entry.item for entry in entries(zoe.space) if entry.action == ALTERED]
    assert found == [document]


def test_looking_at_the_pages_changes_nothing(zoe, functional):
    zoe.store("Un.txt", b"un")
    database = functional["app"]._p_jar.db()
    before = database.lastTransaction()
    for name in ("@@export", "@@export?archive=zip", "@@import", "@@export-selection"):
        zoe.http.get(f"{zoe.url}/{name}")
    assert database.lastTransaction() == before


def test_only_so_many_archives_are_sent_at_a_time(zoe, monkeypatch):
    from civisdata.content.vault.transfer.browser import base

    monkeypatch.setattr(base, "slots", base.Slots(1))
    document = zoe.store("Un.txt", b"un").rpartition("/")[2]

    class Holder:
        pass

    other = Holder()
    free = base.slots.take(other)
    answer = export(zoe)
    assert answer.status_code == 422
    assert "très sollicité" in unescape(answer.text)
    chosen = {"documents": document, "_authenticator": zoe.token()}
    answer = zoe.http.post(f"{zoe.url}/@@export-selection", data=chosen)
    assert "très sollicité" in unescape(answer.text)
    assert noted(zoe) == []
    free()
    assert export(zoe).content.startswith(b"PK")


def test_the_place_of_an_archive_is_free_once_it_is_given_up():
    from civisdata.content.vault.transfer.browser.base import Slots

    class Holder:
        pass

    slots, holder = Slots(1), Holder()
    free = slots.take(holder)
    with pytest.raises(TooBusy):
        slots.take(Holder())
    free()
    free()
    # Without being read or closed: an answer that was made again after a conflict.
    slots.take(Holder())
    slots.take(holder)
    with pytest.raises(TooBusy):
        slots.take(Holder())
