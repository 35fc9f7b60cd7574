"""Writing and publishing news, over HTTP."""

from civisdata.content.news.editing.archive import archive_ended
from DateTime import DateTime
from io import BytesIO
from PIL import Image
from plone import api
import pytest
import struct
import transaction
import zlib


SECTION = "/communes/bordeaux/actualites"
ADD = f"{SECTION}/++add++News%20Item"
ITEM = f"{SECTION}/fete"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(width: int = 8, height: int = 8) -> bytes:
    found = BytesIO()
    Image.new("RGB", (width, height)).save(found, "PNG")
    return found.getvalue()


def huge_png() -> bytes:
    """A PNG of few bytes that says it is 60,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return (
            struct.pack(">I", len(data))
            + checked
            + struct.pack(">I", zlib.crc32(checked))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def write(functional):
    """Return a function that makes a news item of Bordeaux, by the agent."""

    def write(state: str = "published", **fields):
        with api.env.adopt_user(username="agent"), api.env.adopt_roles(["Manager"]):
            item = api.content.create(
                functional["portal"].unrestrictedTraverse(SECTION[1:]),
                "News Item",
                "fete",
                title="Fête",
                **fields,
            )
            if state != "draft":
                step = {"published": "publish", "submitted": "submit"}[state]
                api.content.transition(item, step)
            item.reindexObject()
        transaction.commit()
        return item

    return write


def state(portal) -> str:
    transaction.begin()
    return api.content.get_state(portal.unrestrictedTraverse(ITEM[1:]))


def test_an_agent_writes_previews_and_publishes(people):
    agent, visitor = people["agent"], people["visitor"]
    agent.get("/communes/bordeaux")
    assert f"{ADD.replace('%20', ' ')}" in agent.page
    answer = agent.fill(
        ADD,
        title="Fête",
        description="Résumé",
        text="<p>Bonjour<script>alert(1)</script></p>",
        topics=["elections"],
        image=("a.png", png(), "image/png"),
        image_alt="Un feu d’artifice",
    )
    assert answer.status_code == 200 and ITEM in answer.url
    assert "Le brouillon est enregistré" in agent.page
    assert "<script>alert" not in agent.page
    assert visitor.get(ITEM, allow_redirects=False).status_code in (302, 404)
    assert agent.get(f"{ITEM}/@@apercu").status_code == 200
    assert "edit-zone" not in agent.page and "Ceci est un aperçu" in agent.page
    agent.get(ITEM)
    agent.post(f"{ITEM}/@@publication", data={"step": "publish"})
    assert "L’actualité est publiée" in agent.page
    assert visitor.get(ITEM).status_code == 200
    assert "Pour les rédacteurs" not in visitor.page
    assert "Bonjour" in visitor.page and "Élections" in visitor.page
    assert 'alt="Un feu d’artifice"' in visitor.page


def test_the_form_is_one_page_in_french(people):
    agent = people["agent"]
    assert agent.get(ADD).status_code == 200
    for words in ("Ce que montre l’image", "Sujets", "Âges concernés", "Publier à"):
        assert words in agent.page
    for words in ("Allowed types", "text/html</option>", "Contributors"):
        assert words not in agent.page


def test_scripts_in_any_field_are_harmless(people):
    agent = people["agent"]
    bad = "<script>alert(1)</script>"
    agent.fill(
        ADD,
        title=f"Fête {bad}",
        description=bad,
        text=f"{bad}<p onclick='x()'>a</p><img src=x onerror=alert(1)>",
        image=("a.png", png(), "image/png"),
        image_alt=f'"{bad}',
        image_caption=bad,
    )
    assert "Le brouillon est enregistré" in agent.page
    raw = agent.http.get(agent.server + SECTION + "/fete-script-alert-1-script")
    for page in (raw.text, agent.http.get(f"{raw.url}/@@apercu").text):
        assert "<script>alert" not in page
        assert "onerror" not in page and "onclick" not in page


@pytest.mark.parametrize(
    "name,data,words",
    [
        ("a.svg", SVG, "n’est pas une image JPEG"),
        ("a.png", SVG, "n’est pas une image JPEG"),
        ("a.png", b"nothing", "n’est pas une image JPEG"),
        ("a.png", huge_png(), "Cette image est trop grande"),
        ("a.png", png() + b"\0" * 10_000_001, "Cette image est trop lourde"),
    ],
)
def test_images_that_cannot_be_are_refused_at_the_field(people, name, data, words):
    agent = people["agent"]
    agent.fill(ADD, title="Fête", image=(name, data, "image/png"))
    assert words in agent.page
    assert 'value="Fête"' in agent.page
    assert agent.get(ITEM).status_code == 404


def test_an_end_before_the_start_is_told_at_the_field(people):
    agent = people["agent"]
    agent.fill(
        ADD,
        title="Fête",
        text="<p>Un long texte</p>",
        effective="2027-02-02T10:00",
        expires="2027-02-01T10:00",
    )
    assert agent.page.count("La fin de la publication doit venir après") == 1
    field = agent.page.index("formfield-form-widgets-INewsDates-expires")
    assert agent.page.index("La fin de la publication") > field
    assert "Un long texte" in agent.page and "2027-02-02T10:00" in agent.page
    assert agent.get(ITEM).status_code == 404


def test_before_its_start_and_after_its_end_nothing_is_public(
    people, write, functional
):
    item = write(effective_date=DateTime() + 1, image=None)
    visitor, agent = people["visitor"], people["agent"]
    below = ("", "/view", "/@@images/image", "/@@apercu", "/@@publication")
    for path in below:
        assert visitor.get(ITEM + path).status_code == 404, path
        assert people["elsewhere"].get(ITEM + path).status_code == 404, path
    answer = visitor.http.get(
        visitor.server + ITEM, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 404
    agent.get(ITEM)
    assert "Publication prévue le" in agent.page
    agent.get("/@@a-publier?etat=scheduled")
    assert "Fête" in agent.page and "Publication prévue le" in agent.page
    transaction.begin()
    item.effective_date, item.expiration_date = DateTime() - 2, DateTime() - 1
    item.reindexObject()
    transaction.commit()
    assert visitor.get(ITEM).status_code == 404
    agent.get(ITEM)
    assert "Publication terminée le" in agent.page
    transaction.begin()
    with api.env.adopt_roles(["Manager"]):
        assert archive_ended(lambda done, total: None, DateTime()) == 1
        assert archive_ended(lambda done, total: None, DateTime()) == 0
    assert state(functional["portal"]) == "archived"
    agent.get(ITEM)
    assert "Archivée" in agent.page
    agent.post(f"{ITEM}/@@publication", data={"step": "reopen"})
    assert state(functional["portal"]) == "draft"
    assert item.expiration_date is None


def test_steps_need_the_token_and_the_right(people, write, functional):
    write()
    for name in ("visitor", "elsewhere", "webmaster"):
        answer = people[name].post(
            f"{ITEM}/@@publication", token=False, data={"step": "archive"}
        )
        assert answer.status_code in (401, 403, 404), name
    people["agent"].post(f"{ITEM}/@@publication", token=False, data={"step": "archive"})
    assert state(functional["portal"]) == "published"
    people["agent"].get(ITEM)
    people["agent"].post(f"{ITEM}/@@publication", data={"step": "submit"})
    assert "Ce n’est plus possible" in people["agent"].page
    people["agent"].post(f"{ITEM}/@@publication", data={"step": "archive"})
    assert state(functional["portal"]) == "archived"


def test_who_comes_to_the_forms_and_the_list(people, write):
    write("draft")
    expected = {
        # add, edit, preview, list
        "visitor": "----",
        "agent": "++++",
        "colleague": "++++",
        "elsewhere": "---+",
        "webmaster": "---+",
        "manager": "++++",
    }
    for name, wanted in expected.items():
        found = ""
        for path in (ADD, f"{ITEM}/edit", f"{ITEM}/@@apercu", "/@@a-publier"):
            answer = people[name].get(path, allow_redirects=False)
            people["manager"].post(
                f"{ITEM}/@@publication",
                data={"step": "unlock"},
                allow_redirects=False,
            )
            assert answer.status_code < 500
            found += "+" if answer.status_code == 200 else "-"
        assert found == wanted, name
    people["elsewhere"].get("/@@a-publier?etat=draft")
    assert "Fête" not in people["elsewhere"].page
    people["agent"].get("/@@a-publier?etat=draft")
    assert "Fête" in people["agent"].page


def test_two_editors_do_not_overwrite_each_other(people, write, functional):
    item = write("draft")
    agent, colleague = people["agent"], people["colleague"]
    agent.get(f"{ITEM}/edit")
    first = agent.form()
    colleague.get(f"{ITEM}/edit")
    assert "agent modifie cette actualité en ce moment" in colleague.page
    colleague.post(f"{ITEM}/@@publication", data={"step": "unlock"})
    colleague.fill(f"{ITEM}/edit", title="Fête de la collègue")
    assert "Vos modifications sont enregistrées" in colleague.page
    answer = agent.save(first, title="Fête de l’agent", description="Mon texte")
    assert answer.status_code == 200
    assert "Une autre version de cette actualité a été enregistrée" in agent.page
    assert "Fête de l’agent" in agent.page and "Mon texte" in agent.page
    transaction.begin()
    assert item.title == "Fête de la collègue"
    agent.save(agent.form(), title="Fête de l’agent")
    assert "Vos modifications sont enregistrées" in agent.page
    transaction.begin()
    assert item.title == "Fête de l’agent"


def test_who_lost_the_right_meanwhile_writes_nothing(people, write, functional):
    item = write("draft")
    agent = people["agent"]
    agent.get(f"{ITEM}/edit")
    form = agent.form()
    with api.env.adopt_roles(["Manager"]):
        api.group.remove_user(groupname="agents:33063", username="agent")
    transaction.commit()
    answer = agent.save(form, title="Trop tard")
    assert "insufficient-privileges" in answer.url
    assert "Vous n'avez pas les droits suffisants" in agent.page
    transaction.begin()
    assert item.title == "Fête"
    colleague = people["colleague"]
    colleague.get(f"{ITEM}/edit")
    colleague.post(f"{ITEM}/@@publication", data={"step": "unlock"})
    colleague.fill(f"{ITEM}/edit", title="Autre")
    assert "Vos modifications sont enregistrées" in colleague.page


def test_an_item_of_a_retired_topic_is_still_saved(people, write):
    item = write("draft", topics=("elections",))
    api.portal.set_registry_record("civisdata.topics", {"plage": "Plages"})
    api.portal.set_registry_record("civisdata.topics_retired", {"elections": "Votes"})
    transaction.commit()
    agent = people["agent"]
    agent.fill(f"{ITEM}/edit", title="Fête", topics=["elections", "plage"])
    assert "Vos modifications sont enregistrées" in agent.page
    transaction.begin()
    assert set(item.topics) == {"elections", "plage"}
