"""The address book over HTTP: writing, publishing, reading, importing, exporting."""

from civisdata.content.contacts.exchange.table import read
from plone import api
import re
import transaction


PAGE = "/communes/bordeaux/contacts/etat-civil"
IMPORT = "/communes/bordeaux/@@carnet-import"
EXPORT = "/communes/bordeaux/@@carnet-export"
EVIL = "<script>alert(1)</script>"


def create(functional, publish=True, **fields) -> None:
    portal = functional["portal"]
    transaction.begin()
    with api.env.adopt_roles(["Manager"]):
        item = api.content.create(
            portal["communes"]["bordeaux"]["contacts"],
            "Contact",
            "etat-civil",
            **{"title": "État civil", **fields},
        )
        if publish:
            api.content.transition(item, "publish")
    transaction.commit()


def send(person, data: bytes, path=IMPORT, name="c.csv", **fields):
    """Send a file for a dry run."""
    person.get(path)
    return person.post(
        path,
        data={"action": "check", "publish": "1", **fields},
        files={"file": (name, data)},
    )


def apply(person, path=IMPORT, **changes):
    """Press the button below the report."""
    fields = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', person.page)[1]
        for name in ("data", "seal")
    }
    return person.post(
        path, data={"action": "apply", "publish": "1"} | fields | changes
    )


def test_an_agent_writes_and_publishes_a_contact(people):
    agent, visitor = people["agent"], people["visitor"]
    form = "/communes/bordeaux/contacts/++add++Contact"
    assert agent.get(form).status_code == 200
    assert "form.widgets.scope" not in agent.page
    data = {
        "form.widgets.kind": "service",
        "form.widgets.title": "État civil",
        "form.widgets.role": EVIL,
        "form.widgets.note": EVIL,
        "form.widgets.phone": "05 56 00 00 00",
        "form.widgets.procedures": ["naissance"],
        "form.widgets.procedures-empty-marker": "1",
        "form.buttons.save": "x",
    }
    for name, wrong in (
        ("email", "a@b"),
        ("phone", "abc"),
        ("website", "javascript:alert(1)"),
    ):
        agent.post(form, data={**data, f"form.widgets.{name}": wrong})
        assert "/etat-civil" not in agent.http.get(agent.server + PAGE).url or (
            agent.get(PAGE).status_code == 404
        )
        agent.get(form)
    agent.post(form, data=data)
    assert agent.get(PAGE).status_code == 200
    assert EVIL not in agent.http.get(agent.server + PAGE).text
    assert visitor.get(PAGE, allow_redirects=False).status_code in (302, 404)
    for other in ("elsewhere", "visitor"):
        people[other].post(
            f"{PAGE}/@@publication", data={"step": "publish"}, token=False
        )
        assert people[other].get(f"{PAGE}/edit").url.endswith("/edit") is False or (
            "form.widgets.title" not in people[other].page
        )
    agent.post(f"{PAGE}/@@publication", data={"step": "publish"}, token=False)
    assert visitor.get(PAGE, allow_redirects=False).status_code in (302, 404)
    agent.get(PAGE)
    agent.post(f"{PAGE}/@@publication", data={"step": "publish"})
    assert "Le contact est publié" in agent.page
    assert visitor.get(PAGE).status_code == 200
    assert 'href="tel:0556000000"' in visitor.page
    assert "Pour les rédacteurs" not in visitor.page
    raw = visitor.http.get(visitor.server + PAGE).text
    assert EVIL not in raw and "\\u003cscript" not in raw.replace("jobTitle", "")


def test_visitors_find_whom_to_ask_in_three_clicks(people, functional):
    create(functional, procedures=("naissance",))
    visitor = people["visitor"]
    visitor.get("/")
    theme = re.search(r'href="([^"]*@@carnet\?theme=famille)"', visitor.page)[1]
    visitor.get(theme)
    procedure = re.search(r'href="([^"]*@@demarches/naissance)"', visitor.page)[1]
    visitor.get(procedure)
    assert "39 39" in visitor.page and PAGE not in visitor.page
    visitor.get(f"{procedure}?commune=bordeaux")
    assert PAGE in visitor.page
    visitor.get(f"{procedure}?commune=talence")
    assert PAGE not in visitor.page
    visitor.get("/@@carnet?q=ETAT&demarche=naissance&commune=bordeaux")
    assert PAGE in visitor.page and "contacts trouvés" in visitor.page
    visitor.get("/@@carnet?q=" + EVIL + "&commune=x&demarche=y&debut=-1")
    assert (
        "<script>alert"
        not in visitor.http.get(visitor.server + "/@@carnet?q=" + EVIL).text
    )
    visitor.get("/communes/bordeaux/contacts")
    assert PAGE in visitor.page


def test_the_vcard(people, functional):
    create(functional, phone="39 39", publish=False)
    visitor, agent = people["visitor"], people["agent"]
    url = f"{PAGE}/@@vcard"
    assert visitor.get(url, allow_redirects=False).status_code in (302, 404)
    answer = agent.get(url)
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"BEGIN:VCARD\r\nVERSION:4.0\r\n")


def test_dry_run_then_the_very_same_file(people, functional):
    agent, visitor = people["agent"], people["visitor"]
    data = "Nom;Téléphone;Démarches\nÉtat civil;39 39;naissance\nFaux;x;\n"
    assert send(agent, data.encode("cp1252")).status_code == 200
    assert "À ajouter" in agent.page and "Téléphone" in agent.page
    assert visitor.get(PAGE).status_code == 404
    apply(agent)
    assert "Ajoutés\u00a0: 1" in agent.page and "écartés\u00a0: 1" in agent.page
    assert visitor.get(PAGE).status_code == 200
    assert visitor.get("/communes/bordeaux/contacts/faux").status_code == 404
    send(agent, data.encode())
    assert "Sans changement" in agent.page and 'value="apply"' not in agent.page
    rows = read(agent.get(EXPORT).content)
    assert [(r.values["id"], r.values["state"]) for r in rows] == [
        ("etat-civil", "publié")
    ]
    exported = agent.get(EXPORT).content
    assert exported.startswith(b"\xef\xbb\xbfIdentifiant;")
    send(agent, exported.replace(b";39 39;", b";34 00;"))
    assert "À modifier" in agent.page
    apply(agent)
    assert "34 00" in visitor.get(PAGE).text


def test_nothing_without_token_seal_or_right(people, functional):
    agent, visitor = people["agent"], people["visitor"]
    data = b"Nom\nGuichet\n"
    page = "/communes/bordeaux/contacts/guichet"
    send(agent, data)
    kept = agent.page
    agent.post(IMPORT, data={"action": "apply"}, token=False)
    agent.page = kept
    assert apply(agent, seal="0" * 64).status_code == 400
    agent.page = kept
    assert apply(agent, data="Tm9tCkF1dHJlCg==").status_code == 400
    agent.page = kept
    # The seal of one reader is worth nothing for another, nor at another place.
    colleague = people["colleague"]
    colleague.get(IMPORT)
    token = colleague.token
    colleague.page = kept
    fields = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', kept)[1]
        for name in ("data", "seal")
    }
    colleague.page = f'name="_authenticator" value="{token}"'
    answer = colleague.post(IMPORT, data={"action": "apply", "publish": "1", **fields})
    assert answer.status_code == 400
    assert visitor.get(page).status_code == 404
    agent.page = kept
    apply(agent)
    assert visitor.get(page).status_code == 200


def test_an_agent_imports_for_the_own_commune_alone(people):
    agent = people["agent"]
    for publisher in ("talence", "cub"):
        send(agent, f"Nom;Publieur\nX;{publisher}\n".encode())
        assert "Vous ne tenez pas les contacts de cet éditeur" in agent.page
        assert 'value="apply"' not in agent.page
    for path in ("/@@carnet-import", "/communes/merignac/@@carnet-import"):
        assert agent.get(path, allow_redirects=False).status_code in (302, 401, 404)
    webmaster = people["webmaster"]
    send(webmaster, b"Nom;Publieur\nX;Talence\n", "/@@carnet-import")
    apply(webmaster, "/@@carnet-import")
    assert people["visitor"].get("/communes/talence/contacts/x").status_code == 200


def test_a_file_that_is_none(people):
    for data in (b"", b"\x00\x01", b"Nom\n" + b"x" * 600_000):
        assert send(people["agent"], data).status_code == 400
        assert 'value="apply"' not in people["agent"].page


def test_webmasters_change_the_procedures(people, functional):
    webmaster, visitor = people["webmaster"], people["visitor"]
    panel = "/@@demarches-controlpanel"
    webmaster.get(panel)
    version = re.search(r'name="version"[^>]*value="([^"]*)"', webmaster.page)[1]
    lines = f"t | Mes thèmes\n- piscine | Piscine {EVIL}\n- passeport | Passeport\n"
    fields = {"version": version, "lines": lines}
    webmaster.post(panel, data=fields, token=False)
    assert "Piscine" not in visitor.get("/demarches").text
    webmaster.get(panel)
    webmaster.post(panel, data={**fields, "lines": "x"})
    assert "Piscine" not in visitor.get("/demarches").text
    webmaster.post(panel, data=fields)
    assert "Les démarches sont enregistrées" in webmaster.page
    text = visitor.http.get(visitor.server + "/demarches").text
    assert "Piscine" in text and EVIL not in text
    assert visitor.get("/demarches/carte-grise").status_code == 200
    assert "plus proposée" in visitor.page
    webmaster.get(panel)
    webmaster.post(panel, data=fields)
    assert "entre-temps" in webmaster.page
    one = f"{panel}/piscine"
    webmaster.get(one)
    version = re.search(r'name="version"[^>]*value="([^"]*)"', webmaster.page)[1]
    fields = {"version": version, "summary": "Nager", "whom": "", "papers": ""}
    webmaster.post(one, data={**fields, "link": "javascript:alert(1)"})
    assert "Nager" not in visitor.get("/demarches/piscine").text
    webmaster.post(one, data={**fields, "link": "https://exemple.fr/"})
    assert "Nager" in visitor.get("/demarches/piscine").text


def test_a_citizen_sees_the_contacts_of_the_own_commune(
    people, make_citizen, functional
):
    create(functional, procedures=("naissance",))
    citizen = make_citizen()
    page = citizen.http.get(f"{citizen.base}/demarches/naissance")
    assert "@@mes-demarches/naissance" in page.text
    assert "no-store" in page.headers["Cache-Control"]
