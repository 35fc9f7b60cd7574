"""Numbers that are too long to be read are refused like other wrong ones."""

from helpers.pdf import make_pdf


ENDLESS = "9" * 5000


def test_a_revision_of_5000_digits_is_an_old_one(citizen):
    url = citizen.store("a.pdf", make_pdf("Bonjour"))
    item = url.rpartition("/")[2]
    answer = citizen.classify(
        "renommer", item, title="Neuf", revision=ENDLESS, format="json"
    )
    assert answer.status_code == 409
    form = {"_authenticator": citizen.token(), "title": "Neuf", "revision": ENDLESS}
    answer = citizen.http.post(f"{url}/modifier", data=form)
    assert answer.status_code in (400, 409)
    assert citizen.listed() == ["a"]


def test_a_page_of_5000_digits_is_none(citizen):
    url = citizen.store("a.pdf", make_pdf("Bonjour"))
    addresses = {
        f"{url}/page?n=": 404,
        f"{url}/mots?n=": 404,
        f"{url}/vignettes?n=": 404,
        f"{url}/lire?page=": 200,
        f"{citizen.url}/@@documents?debut=": 200,
        f"{citizen.url}/@@corbeille?debut=": 200,
        f"{citizen.url}/@@journal?debut=": 200,
        f"{citizen.base}?debut=": 200,
    }
    found = {a: citizen.http.get(a + ENDLESS).status_code for a in addresses}
    assert found == addresses
    for digits in ("²", "-1"):
        assert citizen.http.get(f"{url}/page?n={digits}").status_code == 404


def test_offsets_and_ranges_of_5000_digits(citizen):
    url = citizen.store("a.bin", b"0123456789")
    started = citizen.start("b.bin", 3).json()
    assert citizen.put(started["id"], ENDLESS, b"abc").status_code == 400
    whole = citizen.http.get(
        f"{url}/telecharger", headers={"Range": f"bytes=4-{ENDLESS}"}
    )
    assert (whole.status_code, whole.content) == (206, b"456789")
    beyond = {"Range": f"bytes={ENDLESS}-"}
    assert citizen.http.get(f"{url}/telecharger", headers=beyond).status_code == 416
