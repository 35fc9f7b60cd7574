"""Sharing over HTTP: who finds, reads, adds, ends what."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import consents
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.contents import make_folder
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from helpers.pdf import make_pdf
from helpers.vault import Citizen
import pytest
import random
import re
import requests
import transaction


PDF = make_pdf("Avis d’imposition 2026")


@pytest.fixture
def owner(make_citizen):
    return make_citizen()


@pytest.fixture
def friend(make_citizen):
    return make_citizen()


@pytest.fixture
def other(make_citizen):
    return make_citizen()


@pytest.fixture
def space_of(functional):
    """Gives the space of a citizen as it is stored now."""

    def space_of(person: Citizen):
        transaction.begin()
        return get_spaces(functional["portal"]).get_space(person.id)

    return space_of


@pytest.fixture
def folder(owner, space_of):
    """A folder of the owner with one document in it: (folder id, document id)."""
    document_id = owner.store("Bail.pdf", PDF).rpartition("/")[2]
    space = space_of(owner)
    vault = ensure_vault(space)
    made = make_folder(vault, owner.id, owner.bundle, "Logement")
    document = vault.document(document_id)
    update_metadata(vault, owner.id, document, owner.bundle, folder=made.id)
    transaction.commit()
    return made.id, document_id


def offer(owner: Citizen, to: str, item: str, token=True, **more) -> requests.Response:
    data = {"item": item, "to": to, **more}
    if token:
        data["_authenticator"] = owner.token()
    return owner.http.post(f"{owner.url}/@@partager", data=data, allow_redirects=False)


def act(person: Citizen, view: str, token=True, **data) -> requests.Response:
    if token:
        data["_authenticator"] = person.token()
    return person.http.post(f"{person.url}/@@{view}", data=data, allow_redirects=False)


def ids(person: Citizen, view: str) -> list[str]:
    page = person.http.get(f"{person.url}/@@{view}").text
    found = re.findall(r'name="id"[^>]*value="([0-9a-f]{32})"', page)
    return list(dict.fromkeys(found))


def share(owner: Citizen, friend: Citizen, item: str, **more) -> str:
    """Offer and accept; give the address of the share for its recipient."""
    before = set(ids(friend, "partages-recus"))
    assert offer(owner, friend.login, item, **more).status_code == 303
    (new,) = set(ids(friend, "partages-recus")) - before
    assert act(friend, "partages-recus", action="accept", id=new).status_code == 303
    return f"{friend.url}/@@partages-recus/{new}"


def test_a_document_is_offered_accepted_read_and_stopped(owner, friend, other):
    document = owner.store("Avis_d_imposition.pdf", PDF).rpartition("/")[2]
    answer = offer(owner, friend.login, f"document:{document}", message="Pour toi")
    assert answer.headers["Location"] == f"{owner.url}/@@partages"
    page = friend.page(f"{friend.url}/@@partages-recus")
    assert "Avis d’imposition" in page and "Pour toi" in page
    assert owner.bundle.fingerprint in page
    (received,) = ids(friend, "partages-recus")
    url = f"{friend.url}/@@partages-recus/{received}/{document}"
    assert friend.http.get(f"{url}/lire").status_code == 404
    act(friend, "partages-recus", action="accept", id=received)
    page = friend.page(f"{url}/lire")
    assert "Avis d’imposition 2026" in page
    assert "supprimer" not in page and "partager" not in page
    assert friend.http.get(f"{url}/page?n=1").content.startswith(b"\x89PNG")
    assert friend.http.get(f"{url}/telecharger").content == PDF
    assert "Avis" in friend.http.get(f"{url}/mots?n=1").text
    assert friend.http.get(f"{url}/vignettes?n=1").json()["pages"] == 1
    assert friend.bundle.fingerprint in owner.page(f"{owner.url}/@@partages")
    # Nobody else has such an address, nor has the recipient any other way.
    for person in (owner, other):
        foreign = url.replace(friend.id, person.id)
        assert person.http.get(f"{foreign}/lire").status_code == 404
        assert person.http.get(f"{url}/lire").status_code == 404
    assert friend.http.get(f"{owner.documents}/{document}/lire").status_code == 404
    assert friend.http.get(f"{friend.documents}/{document}/lire").status_code == 404
    journal = owner.page(f"{owner.url}/@@journal")
    for words in ("proposé de partager", "a accepté le partage", "a lu"):
        assert words in journal
    assert "lu un document partagé" in friend.page(f"{friend.url}/@@journal")
    (given,) = ids(owner, "partages")
    answer = act(owner, "partages", action="stop", id=given)
    assert answer.status_code == 303
    assert "cessé de partager" in owner.page(f"{owner.url}/@@journal")
    for view in ("lire", "page?n=1", "telecharger", "mots?n=1", "vignettes?n=1"):
        assert friend.http.get(f"{url}/{view}").status_code == 404
    assert "a pris fin" in friend.page(f"{friend.url}/@@partages-recus")
    assert owner.http.get(f"{owner.documents}/{document}/telecharger").content == PDF
    act(friend, "partages-recus", action="forget", id=received)
    act(owner, "partages", action="forget", id=given)
    assert ids(friend, "partages-recus") == ids(owner, "partages") == []


def test_a_revocation_gives_a_new_key(owner, friend, space_of):
    data = random.Random(2).randbytes(PIECE + 1000)
    document = owner.store("a.bin", data).rpartition("/")[2]
    share(owner, friend, f"document:{document}")
    before = get_vault(space_of(owner)).document(document).record
    (given,) = ids(owner, "partages")
    act(owner, "partages", action="stop", id=given)
    vault = get_vault(space_of(owner))
    assert not sharing_of(vault).rekeys
    assert vault.document(document).record["payload_sha256"] != before["payload_sha256"]
    assert owner.http.get(f"{owner.documents}/{document}/telecharger").content == data


def test_nobody_learns_who_is_registered(owner, friend, space_of, smtp_server):
    """The page says the same to an unknown, suspended, inactive and unwilling name."""
    bodies, reached = [], []
    states = ("known", "suspended", "inactive", "unwilling", "unknown")
    for state in states:
        space = space_of(friend)
        account = need_account(space)
        account.disabled = state == "suspended"
        account.activated = None if state == "inactive" else clock.now()
        ensure_sharing(ensure_vault(space)).welcome = state != "unwilling"
        transaction.commit()
        document = owner.store("a.bin", b"x").rpartition("/")[2]
        to = "c-22222222" if state == "unknown" else friend.login
        answer = offer(owner, to, f"document:{document}")
        assert answer.status_code == 303
        page = owner.page(answer.headers["Location"])
        (given,) = ids(owner, "partages")
        reached.append(len(sharing_of(get_vault(space_of(friend))).received))
        shown = re.search(
            r'<section aria-labelledby="shares-live".*?</section>', page, re.S
        )[0]
        for changing in (given, to):
            shown = shown.replace(changing, "")
        bodies.append(re.sub(r'name="_authenticator"[^>]*', "", shown))
        act(owner, "partages", action="stop", id=given)
        act(owner, "partages", action="forget", id=given)
    assert len(set(bodies)) == 1
    assert reached == [1, 0, 0, 0, 0]
    # Stopped before an answer, it left nothing.
    assert len(sharing_of(get_vault(space_of(friend))).received) == 0


def test_what_is_refused_is_said(owner, friend):
    document = owner.store("a.bin", b"x").rpartition("/")[2]
    item = f"document:{document}"
    cases = (
        ({"to": owner.login}, "votre propre identifiant"),
        ({"to": ""}, "identifiant ou une adresse"),
        ({"item": "document:" + "0" * 32}, "Choisissez un document"),
        ({"item": "x"}, "Choisissez un document"),
        ({"until": "2001-01-01"}, "dans l’avenir"),
        ({"until": "demain"}, "jour, mois et année"),
        ({"rights": "add"}, "à un dossier"),
        ({"message": "a" * 501}, "trop long"),
        ({"fingerprint": "0000"}, "Rien n’a été envoyé"),
    )
    for changes, text in cases:
        data = {"to": friend.login, "item": item, **changes}
        answer = offer(owner, data.pop("to"), data.pop("item"), **data)
        assert (answer.status_code, text in answer.text) == (400, True), changes
    assert ids(owner, "partages") == ids(friend, "partages-recus") == []


def test_without_a_token_nothing_happens(owner, friend, folder):
    item = f"folder:{folder[0]}"
    assert offer(owner, friend.login, item, token=False).status_code == 403
    assert ids(owner, "partages") == []
    offer(owner, friend.login, item, rights="add")
    (given,), (received,) = ids(owner, "partages"), ids(friend, "partages-recus")
    for action in ("accept", "refuse", "unwelcome"):
        answer = act(friend, "partages-recus", token=False, action=action, id=received)
        assert answer.status_code == 403
    assert "En attente" in owner.page(f"{owner.url}/@@partages")
    act(friend, "partages-recus", action="accept", id=received)
    for action in ("stop", "forget", "rekey"):
        answer = act(owner, "partages", token=False, action=action, id=given)
        assert answer.status_code == 403
    answer = friend.http.post(
        f"{friend.url}/@@partages-recus/{received}", files={"file": ("a.bin", b"x")}
    )
    assert answer.status_code == 403
    page = friend.page(f"{friend.url}/@@partages-recus/{received}")
    assert "Bail" in page and ">a<" not in page


def test_a_folder_with_the_right_to_add(owner, friend, other, folder, space_of):
    folder_id, _document = folder
    address = share(owner, friend, f"folder:{folder_id}", rights="add")
    watching = share(owner, other, f"folder:{folder_id}")
    assert "Ajouter" not in other.page(watching)
    answer = friend.http.post(
        address,
        data={"_authenticator": friend.token(), "category": "bills"},
        files={"file": ("Quittance_de_loyer.pdf", PDF)},
        allow_redirects=False,
    )
    assert answer.status_code == 303
    # At once for the recipients, and for the owner at the next look.
    for person, url in ((friend, address), (other, watching)):
        page = person.page(url)
        assert "Quittance de loyer" in page
        added = re.search(r'/([0-9a-f]{32})/lire"[^>]*>Quittance', page)[1]
        assert person.http.get(f"{url}/{added}/telecharger").content == PDF
    assert "Quittance de loyer" in owner.listed(folder_id)
    assert owner.http.get(f"{owner.documents}/{added}/telecharger").content == PDF
    assert friend.http.get(f"{address}/{added}/telecharger").content == PDF
    # One who may only read adds nothing.
    answer = other.http.post(
        watching,
        data={"_authenticator": other.token()},
        files={"file": ("b.bin", b"x")},
    )
    assert answer.status_code == 404
    # What the owner stores there later reaches both.
    vault = get_vault(space_of(owner))
    late = owner.store("Plus_tard.pdf", PDF).rpartition("/")[2]
    vault = get_vault(space_of(owner))
    update_metadata(
        vault, owner.id, vault.document(late), owner.bundle, folder=folder_id
    )
    transaction.commit()
    assert "Plus tard" in friend.page(address)
    assert other.http.get(f"{watching}/{late}/telecharger").content == PDF
    # What is erased is gone.
    owner.http.post(
        f"{owner.documents}/{late}/supprimer", data={"_authenticator": owner.token()}
    )
    assert friend.http.get(f"{address}/{late}/telecharger").status_code == 404


def test_refused_and_given_back_end_for_the_owner_too(owner, friend, folder):
    item = f"document:{folder[1]}"
    offer(owner, friend.login, item)
    (received,) = ids(friend, "partages-recus")
    act(friend, "partages-recus", action="refuse", id=received)
    page = owner.page(f"{owner.url}/@@partages")
    assert "Refusé" in page and "Arrêter ce partage" not in page
    address = share(owner, friend, item)
    act(friend, "partages-recus", action="leave", id=address.rpartition("/")[2])
    assert friend.http.get(f"{address}/{folder[1]}/lire").status_code == 404
    assert "Rendu" in owner.page(f"{owner.url}/@@partages")


def test_an_end_date_needs_no_task(owner, friend, folder):
    address = share(owner, friend, f"document:{folder[1]}", until="2030-05-31")
    url = f"{address}/{folder[1]}/lire"
    assert friend.http.get(url).status_code == 200
    assert "31 mai 2030" in friend.page(f"{friend.url}/@@partages-recus")
    found = sharing_of(get_vault(_space(owner)))
    (stored,) = found.given.values()
    for name in ("own", "head"):
        assert b"2030" not in getattr(stored, name)


def _space(person: Citizen):
    from plone import api

    transaction.begin()
    return get_spaces(api.portal.get()).get_space(person.id)


@pytest.mark.parametrize("who", ["owner", "friend"])
def test_a_suspended_account_ends_its_shares(owner, friend, folder, who, space_of):
    address = share(owner, friend, f"document:{folder[1]}")
    need_account(space_of({"owner": owner, "friend": friend}[who])).disabled = True
    transaction.commit()
    if who == "owner":
        assert friend.http.get(f"{address}/{folder[1]}/lire").status_code == 404
    else:
        assert "Terminé" in owner.page(f"{owner.url}/@@partages")


def test_a_share_that_ends_while_it_is_read(owner, friend, space_of):
    """The download is cut at the next part at the latest; never a wrong byte."""
    data = random.Random(3).randbytes(4 * PIECE)
    document = owner.store("a.bin", data).rpartition("/")[2]
    address = share(owner, friend, f"document:{document}")
    url = f"{address}/{document}/telecharger"
    with friend.http.get(url, stream=True) as answer:
        begun = answer.raw.read(1000)
        assert begun == data[:1000]
        (given,) = ids(owner, "partages")
        assert act(owner, "partages", action="stop", id=given).status_code == 303
        rest = b""
        try:
            while piece := answer.raw.read(1024 * 1024):
                rest += piece
        except Exception:
            rest = rest or b""
    assert data.startswith(begun + rest)
    assert friend.http.get(url).status_code == 404


def test_the_mail_names_nothing(
    owner, friend, folder, functional, smtp_server, space_of
):
    smtp_server.configure(functional["portal"])
    transaction.commit()
    space_of(friend).email = "camille@exemple.fr"
    transaction.commit()
    offer(owner, "c-22222222", f"document:{folder[1]}")
    offer(owner, friend.login, f"document:{folder[1]}", message="Secret")
    (message,) = smtp_server.wait(1)
    assert smtp_server.recipients == [["camille@exemple.fr"]]
    text = message.get_content()
    assert "propose" in text
    for word in ("Bail", "Secret", owner.id, owner.login):
        assert word not in text
    # However often somebody offers: one mail an hour.
    (given, *_rest) = ids(owner, "partages")
    act(owner, "partages", action="stop", id=given)
    offer(owner, friend.login, f"document:{folder[1]}")
    assert sharing_of(get_vault(space_of(friend))).told_at
    assert len(smtp_server.messages) == 1


def test_a_locked_vault_shows_no_share(owner, make_citizen):
    locked = make_citizen(unlocked=False)
    for view in ("partager", "partages", "partages-recus"):
        answer = locked.http.get(f"{locked.url}/@@{view}", allow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("@@deverrouiller")


def test_who_sees_what_lists_and_stops(owner, friend, folder):
    address = share(
        owner, friend, f"folder:{folder[0]}", rights="add", until="2031-01-31"
    )
    page = owner.page(f"{owner.url}/@@qui-voit-quoi")
    for text in (friend.login, "Logement", "31 janvier 2031", "administrateurs"):
        assert text in page
    assert "Logement" in friend.page(f"{friend.url}/@@qui-voit-quoi")
    for item, kind in ((folder[0], "dossier"), (folder[1], "document")):
        link = f"{owner.url}/@@partager?{kind}={item}"
        assert link in owner.http.get(f"{owner.documents}/{item}/modifier").text
        assert "selected" in owner.http.get(link).text
    (given,) = ids(owner, "qui-voit-quoi")
    data = {"source": "shares", "id": given}
    assert act(owner, "qui-voit-quoi", token=False, **data).status_code == 403
    assert friend.http.get(address).status_code == 200
    answer = act(owner, "qui-voit-quoi", **data)
    assert answer.headers["Location"] == f"{owner.url}/@@qui-voit-quoi"
    assert friend.http.get(address).status_code == 404
    assert ids(owner, "qui-voit-quoi") == []
    assert act(owner, "qui-voit-quoi", **data).status_code == 303
    assert act(owner, "qui-voit-quoi", source="x", id=given).status_code == 404
    second = share(owner, friend, f"document:{folder[1]}")
    received = second.rpartition("/")[2]
    act(friend, "qui-voit-quoi", source="received", id=received)
    assert friend.http.get(f"{second}/{folder[1]}/lire").status_code == 404


def test_who_sees_what_withdraws_a_consent_to_deposits(owner, space_of, functional):
    publisher = publishers(functional["portal"])["cub"]
    space = space_of(owner)
    consents.give(space, publisher, consents.text_shown().version)
    transaction.commit()
    assert publisher.title in owner.page(f"{owner.url}/@@qui-voit-quoi")
    act(owner, "qui-voit-quoi", source="consents", id="cub")
    assert not consents.may_deposit(space_of(owner), "cub")
    act(owner, "qui-voit-quoi", source="consents", id="cub")
