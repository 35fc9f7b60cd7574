"""Folders, bin, properties and lists over HTTP, and who gets nothing."""

from civisdata.content.citizens import clock
from civisdata.content.vault.parts import PIECE
from helpers.pdf import make_pdf
from html import unescape
import hashlib
import json
import pytest
import random
import re
import time
import transaction


ABSENT = "f" * 32


def id_of(url: str) -> str:
    return url.rpartition("/")[2]


def names(page: str) -> list[str]:
    """Titles of folders and documents of a list, as they come."""
    rows = re.findall(r'<th[^>]*scope="row".*?<a[^>]*>(.*?)</a>', page, re.S)
    return [unescape(title).strip() for title in rows]


def listed(citizen, query: str = "") -> list[str]:
    return names(citizen.http.get(f"{citizen.documents}{query}").text)


def properties(citizen, item: str, **changes):
    """Send the form of properties with what is in it, but for ``changes``."""
    url = f"{citizen.documents}/{item}/modifier"
    page = citizen.http.get(url).text
    form = {
        field: unescape(value)
        for field, value in re.findall(
            r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page
        )
        if field not in ("propose", "favourite")
    }
    form["notes"] = ""
    for field, options in re.findall(
        r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.search(
            r'<option[^>]*selected[^>]*?value="([^"]*)"', options
        ) or re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', options)
        form[field] = chosen[1] if chosen else ""
    return citizen.http.post(url, data={**form, **changes}, allow_redirects=False)


def test_a_day_of_filing(citizen):
    for name in ("b.bin", "a.bin"):
        citizen.store(name, b"x")
    home = citizen.make_folder("Maison")
    works = citizen.make_folder("Travaux", home)
    assert listed(citizen) == ["Maison", "a", "b"]
    page = citizen.http.get(citizen.documents).text
    ids = dict(
        zip(names(page), re.findall(r'<tr[^>]*data-id="(\w+)"', page), strict=True)
    )
    answer = citizen.classify("deplacer", ids["a"], ids["b"], target=works)
    assert (answer.status_code, answer.headers["Location"]) == (303, citizen.documents)
    assert listed(citizen) == ["Maison"]
    page = citizen.page(f"{citizen.documents}?dossier={works}")
    assert names(page) == ["a", "b"]
    path = re.search(r'<nav[^>]*class="files-path".*?</nav>', page, re.S)[0]
    steps = re.findall(r">\s*([^<>]+?)\s*</(?:a|span)>", path)
    assert steps == ["Mes documents", "Maison", "Travaux"]
    citizen.classify("copier", ids["a"], target=works)
    assert listed(citizen, f"?dossier={works}&tri=titre") == ["a", "a (copie)", "b"]
    citizen.classify("corbeille", home)
    assert listed(citizen) == []
    trash = citizen.page(f"{citizen.url}/@@corbeille")
    assert "Maison" in trash and "Corbeille" in trash and "3 octets" in trash
    assert citizen.http.get(f"{citizen.documents}?dossier={works}").status_code == 404
    citizen.classify("restaurer", home, retour=f"{citizen.url}/@@corbeille")
    assert listed(citizen, f"?dossier={works}&tri=titre")[0] == "a"
    citizen.classify("corbeille", home)
    citizen.classify("vider")
    assert "La corbeille est vide" in citizen.page(f"{citizen.url}/@@corbeille")
    assert (
        citizen.http.get(f"{citizen.documents}/{ids['a']}/telecharger").status_code
        == 404
    )


@pytest.mark.parametrize(
    "action",
    ["dossier", "chemin", "renommer", "deplacer", "copier", "corbeille", "restaurer",
     "effacer", "vider", "favori", "affichage", "abandonner"],
)  # fmt: skip
def test_nothing_happens_without_the_token(citizen, action):
    document, home = id_of(citizen.store("a.bin", b"x")), citizen.make_folder("Maison")
    before = citizen.http.get(citizen.documents).text
    data = {"action": action, "item": document, "target": home, "title": "z",
            "path": '["z"]', "vue": "vignettes"}  # fmt: skip
    for more, status in (({}, 403), ({"format": "json"}, 403)):
        answer = citizen.http.post(f"{citizen.url}/@@classer", data={**data, **more})
        assert answer.status_code == status
    if action == "dossier":
        for name in ("@@rappels", "@@photos", f"@@documents/{document}/modifier"):
            answer = citizen.http.post(f"{citizen.url}/{name}", data={"courriel": "1"})
            assert answer.status_code == 403
    after = citizen.http.get(citizen.documents).text
    assert names(after) == names(before) == ["Maison", "a"]
    assert 'class="files-grid"' not in after


def test_another_citizen_reaches_nothing(citizen, make_citizen):
    document, home = id_of(citizen.store("a.bin", b"x")), citizen.make_folder("Maison")
    other = make_citizen()
    for url in (
        "@@classer",
        "@@corbeille",
        "@@rappels",
        "@@photos",
        f"@@documents/{document}/modifier",
    ):
        for ask in (other.http.get, other.http.post):
            assert ask(f"{citizen.url}/{url}").status_code == 404
    # In the own space, ids of another are as absent as any.
    mine = id_of(other.store("b.bin", b"y"))
    for item, target in ((document, ""), (mine, home), (ABSENT, ""), (mine, ABSENT)):
        for action in ("deplacer", "copier"):
            answer = other.classify(action, item, target=target, format="json")
            assert (answer.status_code, answer.json()["error"]) == (404, "gone")
    for action in ("corbeille", "restaurer", "effacer", "favori", "abandonner"):
        answer = other.classify(action, document, format="json")
        assert answer.status_code == 404, action
    for url in (f"?dossier={home}", f"/{document}/modifier", f"/{home}/modifier"):
        assert other.http.get(other.documents + url).status_code == 404
    started = other.start("c.bin", 5, folder=home)
    assert (started.status_code, started.json()["error"]) == (404, "gone")
    assert listed(other) == ["b"] and listed(citizen) == ["Maison", "a"]


def test_a_locked_vault_is_not_filed(make_citizen):
    citizen = make_citizen(unlocked=False)
    for name in ("classer", "corbeille", "rappels", "photos"):
        answer = citizen.http.get(f"{citizen.url}/@@{name}", allow_redirects=False)
        assert answer.headers["Location"].endswith("/@@deverrouiller")
    answer = citizen.http.post(f"{citizen.url}/@@classer", data={"format": "json"})
    assert (answer.status_code, answer.json()["error"]) == (423, "locked")


@pytest.mark.parametrize(
    "action,more,status,error",
    [
        ("dossier", {"title": " "}, 400, "title"),
        ("dossier", {"title": "x", "target": ABSENT}, 404, "gone"),
        ("chemin", {"path": "x"}, 400, "input"),
        ("chemin", {"path": '{"a": 1}'}, 400, "input"),
        ("chemin", {"path": '["a", 1]'}, 400, "input"),
        ("chemin", {"path": json.dumps(["a"] * 40)}, 400, "depth"),
        ("deplacer", {"target": ""}, 400, "nothing"),
        ("deplacer:", {}, 400, "nothing"),
        ("corbeille", {"item": ["", ABSENT]}, 404, "gone"),
        ("effacer", {}, 400, "nothing"),
        ("affichage", {"vue": "x"}, 400, "input"),
        ("n’importe quoi", {}, 400, "input"),
        ("", {}, 400, "input"),
    ],
)
def test_bad_actions_are_answered(citizen, action, more, status, error):
    answer = citizen.classify(action, format="json", **more)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    page = citizen.classify(action, **more)
    assert page.status_code == status
    assert "<h1" in page.text and "alert" in page.text


def test_hostile_names_are_only_text(citizen):
    hostile = "<script>alert(1)</script>&\u202e ${x} 🌞"
    home = citizen.make_folder(hostile)
    document = id_of(citizen.store("a.bin", b"x"))
    answer = properties(citizen, document, title=hostile, notes=hostile, folder=home)
    assert answer.status_code == 303
    for url in (f"?dossier={home}", "", f"/{document}/modifier", f"/{home}/modifier"):
        text = citizen.http.get(citizen.documents + url).text
        assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in citizen.http.get(citizen.documents).text


def test_the_way_back_is_within_the_space(citizen, make_citizen):
    document = id_of(citizen.store("a.bin", b"x"))
    for back in ("https://example.org/", "//example.org", make_citizen().documents,
                 f"{citizen.documents}@example.org", f"{citizen.url}/@@corbeillex"):  # fmt: skip
        answer = citizen.classify(f"favori:{document}", retour=back)
        assert answer.headers["Location"] == citizen.documents
    back = f"{citizen.documents}?tri=titre"
    answer = citizen.classify(f"favori:{document}", retour=back)
    assert answer.headers["Location"] == back


def test_an_overtaken_form_loses_nothing(citizen):
    document = id_of(citizen.store("a.bin", b"x"))
    first = properties(citizen, document, title="Le premier", notes="de A")
    assert first.status_code == 303
    second = properties(
        citizen, document, title="Le second", notes="de B", revision="0"
    )
    page = unescape(second.text)
    assert second.status_code == 409
    assert "modifié ailleurs entre-temps" in page
    assert "Le premier" in page and "de A" in page
    assert 'value="Le second"' in page and ">de B</textarea>" in page
    assert listed(citizen) == ["Le premier"]
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page)[1]
    third = properties(citizen, document, title="Le second", revision=revision)
    assert third.status_code == 303
    assert listed(citizen) == ["Le second"]
    answer = citizen.classify(
        "renommer", document, title="x", revision="1", format="json"
    )
    assert answer.status_code == 409
    assert answer.json()["error"] == "overtaken"
    assert answer.json()["current"] == {"title": "Le second", "revision": 2}
    # A form that carries no revision can't overwrite anything either.
    answer = citizen.classify("renommer", document, title="x", format="json")
    assert answer.status_code == 409


def test_properties_are_kept_and_the_last_day_is_worked_out(citizen):
    document, home = (
        id_of(citizen.store("a.pdf", make_pdf("x"))),
        citizen.make_folder("Maison"),
    )
    url = f"{citizen.documents}/{document}/modifier"
    answer = properties(
        citizen, document, title="Passeport", paper="passport", issued="2020-03-15",
        propose="1", folder=home, notes="une\nligne",
    )  # fmt: skip
    assert answer.status_code == 200
    page = unescape(answer.text)
    assert 'value="2030-03-14"' in page and "une\nligne" in page
    assert listed(citizen) == ["Maison", "a"]
    answer = properties(
        citizen, document, title="Passeport", paper="passport", category="+",
        own_type="Voyages", valid_until="2030-03-14", favourite="1", folder=home,
        notes="une\nligne",
    )  # fmt: skip
    assert answer.headers["Location"] == f"{citizen.documents}?dossier={home}"
    page = citizen.page(answer.headers["Location"])
    assert "Voyages" in page and "14/03/2030" in page and 'aria-pressed="true"' in page
    assert "14/03/2030" in citizen.page(f"{citizen.url}/@@rappels")
    own = re.search(r'<option[^>]*value="(own-\w+)"[^>]*>\s*Voyages', page)[1]
    assert listed(citizen, f"?type={own}") == ["Passeport"]
    assert listed(citizen, "?favoris=1") == ["Passeport"]
    assert listed(citizen, "?type=local") == []
    for changes, words in (
        ({"title": " "}, "Donnez un nom"),
        ({"valid_until": "demain"}, "Donnez une date complète"),
        ({"ends_on": "2001-01-01"}, "déjà passée"),
        ({"category": "x"}, "Choisissez l’un des types"),
        ({"category": "+", "own_type": ""}, "Donnez à votre type"),
        ({"folder": ABSENT}, "n’existe plus"),
        ({"paper": "contract", "issued": "2020-01-01", "propose": "1"}, "pas de durée"),
        ({"paper": "passport", "issued": "", "propose": "1"}, "Donnez une date"),
    ):
        answer = properties(citizen, document, **changes)
        assert answer.status_code == 400, changes
        assert words in unescape(answer.text)
    assert 'value="2030-03-14"' in citizen.http.get(url).text


def test_a_folder_is_renamed_and_moved_by_its_form(citizen):
    home, work = citizen.make_folder("Maison"), citizen.make_folder("Travail")
    answer = properties(citizen, home, title="Logement", folder=work)
    assert answer.headers["Location"] == f"{citizen.documents}?dossier={work}"
    assert listed(citizen, f"?dossier={work}") == ["Logement"]
    answer = properties(citizen, work, folder=home)
    assert answer.status_code == 400
    assert "dans lui-même" in unescape(answer.text)


def test_the_page_that_asks_where_to(citizen):
    home, work = citizen.make_folder("Maison"), citizen.make_folder("Travail")
    inner = citizen.make_folder("Travaux", home)
    document = id_of(citizen.store("a.bin", b"x"))
    page = unescape(citizen.classify("deplacer", document, home).text)
    targets = re.findall(r'type="radio"[^>]*value="(\w*)"', page)
    assert targets == ["", work]
    assert page.count('name="item"') == 2
    answer = citizen.classify("deplacer", home, target=inner)
    assert answer.status_code == 400 and "dans lui-même" in unescape(answer.text)
    assert 'type="radio"' in answer.text


def test_deleting_by_the_form_can_go_to_the_bin(citizen):
    url = citizen.store("Passeport.bin", b"x")
    data = {"_authenticator": citizen.token(), "bin": "1"}
    citizen.http.post(f"{url}/supprimer", data=data)
    assert listed(citizen) == []
    assert "Passeport" in citizen.page(f"{citizen.url}/@@corbeille")
    assert citizen.http.get(f"{url}/telecharger").status_code == 200
    assert "récupérable" not in citizen.page(f"{url}/supprimer")
    answer = citizen.classify("effacer", id_of(url))
    assert answer.status_code == 303
    assert citizen.http.get(f"{url}/telecharger").status_code == 404


def test_what_is_not_in_the_bin_is_not_erased(citizen):
    document = id_of(citizen.store("a.bin", b"x"))
    answer = citizen.classify("effacer", document, format="json")
    assert (answer.status_code, answer.json()["error"]) == (400, "not_binned")
    assert listed(citizen) == ["a"]


def test_the_display_is_remembered(citizen):
    citizen.store("a.bin", b"x")
    assert 'class="files-grid"' not in citizen.http.get(citizen.documents).text
    citizen.classify("affichage", vue="vignettes")
    assert 'class="files-grid"' in citizen.http.get(citizen.documents).text


def test_columns_sort_and_say_so(citizen):
    for name, size in (("b.bin", 1), ("a.bin", 2)):
        citizen.store(name, b"x" * size)
    assert listed(citizen, "?tri=titre") == ["a", "b"]
    assert listed(citizen, "?tri=titre&ordre=desc") == ["b", "a"]
    assert listed(citizen, "?tri=taille&ordre=asc") == ["b", "a"]
    page = citizen.page(f"{citizen.documents}?tri=taille")
    assert page.count("aria-sort=") == 1
    head = re.search(r'<th[^>]*aria-sort="descending".*?</th>', page, re.S)[0]
    assert "tri=taille" in head and "ordre=asc" in head
    for query in ("?tri=x", "?tri=taille&tri=titre", "?ordre=x", "?debut=-1", "?debut=x",
                  "?type=x", "?type=a&type=b", "?debut=99999999999"):  # fmt: skip
        assert citizen.http.get(citizen.documents + query).status_code == 200, query
    assert citizen.http.get(f"{citizen.documents}?dossier=x").status_code == 404


def test_a_long_list_has_pages(citizen, functional):
    from civisdata.content.citizens.structure import get_spaces
    from civisdata.content.vault.contents import make_folder
    from civisdata.content.vault.storage import ensure_vault

    space = get_spaces(functional["portal"]).get_space(citizen.id)
    for number in range(120):
        make_folder(ensure_vault(space), citizen.id, citizen.bundle, f"n{number}")
    transaction.commit()
    first = citizen.page(f"{citizen.documents}?tri=titre")
    assert names(first) == [f"n{n}" for n in range(50)]
    assert "1 à 50 sur 120" in first
    following = re.search(r'<a[^>]*rel="next"[^>]*>', first)[0]
    url = unescape(re.search(r'href="([^"]+)"', following)[1])
    assert names(citizen.http.get(url).text) == [f"n{n}" for n in range(50, 100)]
    assert 'rel="next"' not in citizen.page(f"{citizen.documents}?tri=titre&debut=100")


def test_a_temporary_document_is_announced_then_erased(citizen):
    document = id_of(citizen.store("a.bin", b"x"))
    in_a_week = time.time() + 7 * 24 * 3600
    day = time.strftime("%Y-%m-%d", time.localtime(in_a_week))
    properties(citizen, document, ends_on=day)
    page = citizen.page(citizen.documents)
    assert "vont être effacés" in page and "dans 7 jours" in page
    former = clock.set_source(lambda: in_a_week + 24 * 3600)
    try:
        from civisdata.content.citizens import current

        secret = current.session_service().create(citizen.id, citizen.bundle)
        from civisdata.content.citizens.cookies import encode
        from civisdata.content.citizens.cookies import LOCAL_NAME

        citizen.http.cookies.set(LOCAL_NAME, encode(secret))
        page = citizen.page(citizen.documents)
    finally:
        clock.set_source(former)
    assert names(page) == []
    assert "effacés comme annoncé" in page
    assert (
        citizen.http.get(f"{citizen.documents}/{document}/telecharger").status_code
        == 404
    )


def test_files_of_the_plain_form_lie_in_the_folder(citizen):
    home = citizen.make_folder("Maison")
    answer = citizen.http.post(
        citizen.documents,
        data={"_authenticator": citizen.token(), "dossier": home, "category": "bills"},
        files=[("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))],
    )
    assert answer.url == f"{citizen.documents}?dossier={home}"
    assert names(answer.text) == ["b", "a"]


def test_an_upload_goes_on_after_the_page_was_loaded_again(citizen):
    data = random.Random(3).randbytes(PIECE + 1000)
    first = hashlib.sha256(data[:PIECE]).hexdigest()
    started = citizen.start("gros.bin", len(data), first=first)
    assert started.status_code == 201
    citizen.put(started.json()["id"], 0, data[:PIECE])
    page = citizen.page(citizen.documents)
    assert "Envois interrompus" in page and "gros.bin" in page
    for name, size, hashed in (
        ("autre.bin", len(data), first),
        ("gros.bin", len(data) + 1, first),
        ("gros.bin", len(data), "0" * 64),
        ("gros.bin", len(data), ""),
    ):
        assert citizen.start(name, size, first=hashed).status_code == 201
    home = citizen.make_folder("Maison")
    again = citizen.start("gros.bin", len(data), first=first, folder=home)
    assert again.status_code == 200
    assert again.json() == {**started.json(), "offset": PIECE}
    answer = citizen.put(again.json()["id"], PIECE, data[PIECE:]).json()
    url = f"{citizen.documents}/{answer['document']}"
    assert citizen.http.get(f"{url}/telecharger").content == data
    assert listed(citizen, f"?dossier={home}") == ["gros"]


def test_an_interrupted_upload_is_given_up(citizen):
    data = bytes(PIECE + 1)
    started = citizen.start("gros.bin", len(data)).json()
    citizen.put(started["id"], 0, data[:PIECE])
    answer = citizen.classify(f"abandonner:{started['id']}")
    assert answer.status_code == 303
    assert "Envois interrompus" not in citizen.page(citizen.documents)


def test_five_gigabytes_are_refused_before_they_are_read(citizen):
    answer = citizen.start("film.mkv", 5 * 10**9)
    assert (answer.status_code, answer.json()["error"]) == (400, "too_big")


def test_a_copy_that_does_not_fit_changes_nothing(citizen):
    from plone import api

    document = id_of(citizen.store("a.bin", bytes(600_000)))
    api.portal.set_registry_record("civisdata.vault.quota", 1)
    transaction.commit()
    answer = citizen.classify("copier", document, target="", format="json")
    assert (answer.status_code, answer.json()["error"]) == (400, "quota")
    assert listed(citizen) == ["a"]


def test_names_reach_no_log_and_no_cookie(citizen, caplog):
    caplog.set_level("DEBUG")
    secret = "Zanzibar"
    home = citizen.make_folder(secret)
    document = id_of(citizen.store(f"{secret}.bin", b"x"))
    answers = [
        properties(citizen, document, notes=secret, folder=home),
        citizen.classify("deplacer", document, target=""),
        citizen.classify("corbeille", home),
        citizen.classify("deplacer", ABSENT, target=home),
    ]
    assert not any(secret in str(answer.headers) for answer in answers)
    ours = [r for r in caplog.records if not r.name.startswith(("urllib3", "asyncio"))]
    assert not any(secret in record.getMessage() for record in ours)
