"""A citizen invites somebody: what leaves, what is kept, and who is left alone."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.inviting import INVITED
from civisdata.content.citizens.inviting.arrivals import arrivals_of
from civisdata.content.citizens.inviting.book import book_of
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.structure import get_spaces
from helpers.signup import WHERE
from helpers.signup import WHO
from helpers.visitors import PASSWORD
import pytest
import re
import transaction


INVITED_ADDRESS = "invitee@exemple.fr"


@pytest.fixture
def inside(site, smtp_server, citizen, visitor):
    """A citizen who is logged in, at the page that invites."""
    smtp_server.configure(site)
    transaction.commit()
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@inviter")
    return visitor


def link_to(text: str, page: str) -> str:
    """Return path and query of a link of a letter."""
    return re.search(rf"http\S*?(/@@{page}\?\S+)", text).group(1)


def everything_stored(site) -> bytes:
    """Return the whole database as bytes, older states too."""
    transaction.begin()
    storage = site._p_jar.db().storage
    return b"".join(
        record.data or b"" for found in storage.iterator() for record in found
    )


def test_an_invitation_leaves_and_leaves_nothing_behind(
    inside, citizen, space_of, site, smtp_server
):
    inside.send("invite", email=INVITED_ADDRESS, word="Viens, c’est bien !\nZoé")
    assert "l’invitation est en route" in inside.text
    assert "encore envoyer 4 invitations" in inside.text
    (message,) = smtp_server.messages
    assert message["Subject"] == "Colette Duchêne vous invite à rejoindre Civis Data"
    assert message["Reply-To"] is None
    (text,) = smtp_server.texts_to(INVITED_ADDRESS)
    assert "> Viens, c’est bien !\n> Zoé" in text
    assert citizen.id not in text and citizen.login not in text
    assert re.fullmatch(
        r"<http\S+@@ne-plus-m-inviter\?jeton=[a-z2-7]{32}\.[0-9a-f]{32}>",
        message["List-Unsubscribe"],
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stored = everything_stored(site)
    for word in (INVITED_ADDRESS, "invitee", "Viens, c"):
        assert word.encode() not in stored
    (entry,) = [e for e in entries(space_of(citizen)) if e.action == INVITED]
    assert entry.details == {}


def test_an_address_is_invited_once_and_its_inviter_learns_nothing(inside, smtp_server):
    answers = []
    for email in (INVITED_ADDRESS, INVITED_ADDRESS.upper()):
        inside.send("invite", email=email, word="")
        answers.append(re.sub(r"encore envoyer \w+", "", inside.text))
    assert answers[0] == answers[1]
    assert len(smtp_server.messages) == 1


def test_one_click_ends_invitations_but_not_a_scanners_look(
    inside, new_visitor, site, smtp_server
):
    inside.send("invite", email=INVITED_ADDRESS, word="")
    stop = link_to(smtp_server.texts_to(INVITED_ADDRESS)[0], "ne-plus-m-inviter")
    other = new_visitor()
    other.get(stop)
    assert len(book_of(get_spaces(site)).stopped) == 0
    # As a mail program does (RFC 8058).
    other.post(stop, {"List-Unsubscribe": "One-Click"})
    assert "vous ne recevrez plus d’invitations" in other.text
    answer = other.text
    other.post("/@@ne-plus-m-inviter", {"jeton": "forged"})
    assert other.text == answer
    transaction.begin()
    assert len(book_of(get_spaces(site)).stopped) == 1
    inside.send("invite", email=INVITED_ADDRESS, word="")
    assert "l’invitation est en route" in inside.text
    assert len(smtp_server.messages) == 1


def test_there_are_so_many_a_day(inside, smtp_server):
    for number in range(5):
        inside.send("invite", email=f"a{number}@exemple.fr", word="")
    assert "toutes vos invitations d’aujourd’hui" in inside.text
    assert b'value="invite"' not in inside.page.body
    assert len(smtp_server.messages) == 5


@pytest.mark.parametrize("wanted", [True, False])
def test_a_mail_server_that_is_down_is_said_and_nothing_counts(
    inside, citizen, space_of, site, smtp_server, wanted
):
    if not wanted:
        inside.send("invite", email=INVITED_ADDRESS, word="")
    before = len(smtp_server.messages)
    smtp_server.stop()
    inside.send("invite", email=INVITED_ADDRESS, word="Un mot")
    assert inside.page.status_int == 422
    assert "rien n’est parti" in inside.text
    assert "Un mot" in inside.page.text
    assert len(smtp_server.messages) == before
    noted = [e for e in entries(space_of(citizen)) if e.action == INVITED]
    assert len(noted) == before


def test_nothing_strange_is_sent(inside, citizen, smtp_server):
    form = next(f for f in inside.page.forms.values() if "word" in f.fields)
    token = form["_authenticator"].value
    for email, word in (
        ("a@exemple.fr\r\nBcc: all@exemple.fr", ""),
        ("a@exemple.fr,b@exemple.fr", ""),
        ("", ""),
        ("a" * 10_000 + "@exemple.fr", ""),
        ("a@exemple.fr", "Voir https://exemple.example/"),
        ("a@exemple.fr", "x" * 501),
        ("a@exemple.fr", "a\x00b"),
    ):
        fields = {
            "_authenticator": token,
            "email": email,
            "word": word,
            "action": "invite",
        }
        answer = inside.post(f"/espaces/{citizen.id}/@@inviter", fields)
        assert answer.status_int == 422, (email, word)
    assert smtp_server.messages == []


def test_a_forged_request_invites_nobody(inside, citizen, smtp_server):
    path = f"/espaces/{citizen.id}/@@inviter"
    fields = {"email": INVITED_ADDRESS, "word": "", "action": "invite"}
    assert inside.post(path, fields).status_int == 403
    assert smtp_server.messages == []


def test_headers_of_the_mail_are_safe_from_the_inviters_name(
    inside, citizen, space_of, smtp_server
):
    # The form takes no such name; it may have come another way.
    space_of(citizen)._registration["first_name"] = "Colette\r\nBcc: all@exemple.fr"
    transaction.commit()
    inside.send("invite", email=INVITED_ADDRESS, word="")
    (message,) = smtp_server.messages
    assert message["Bcc"] is None
    assert smtp_server.recipients == [[INVITED_ADDRESS]]


@pytest.mark.parametrize("tell", [True, False])
def test_who_comes_may_say_so(
    inside, citizen, space_of, new_visitor, site, smtp_server, tell, monkeypatch
):
    from civisdata.content.citizens import antirobot

    monkeypatch.setattr(antirobot.objection, "__defaults__", (0,))
    inside.send("invite", email=INVITED_ADDRESS, word="")
    text = smtp_server.texts_to(INVITED_ADDRESS)[0]
    guest = new_visitor("192.0.2.77")
    guest.get(link_to(text, "inscription"))
    assert INVITED_ADDRESS not in guest.page.text
    for fields in ({**WHO, "email": INVITED_ADDRESS}, {**WHERE, "commune": "bordeaux"}):
        go_on(guest, "next", **fields)
    go_on(guest, "next")
    go_on(guest, "next", consent="yes")
    go_on(guest, "send", **({"tell_inviter": "yes"} if tell else {}))
    letter = smtp_server.texts_to(INVITED_ADDRESS)[1]
    guest.get(link_to(letter, "confirmer-inscription"))
    form = next(f for f in guest.page.forms.values() if "jeton" in f.fields)
    guest.page = form.submit(status="*")
    assert "Votre adresse est confirmée" in guest.follow().html.get_text()
    assert arrivals_of(space_of(citizen)) == int(tell)
    assert registrations.find(get_spaces(site), INVITED_ADDRESS) is not None
    inside.get(f"/espaces/{citizen.id}/@@inviter")
    assert ("Une personne est venue" in inside.text) is tell


def go_on(visitor, action, **fields):
    """Fill a step of the sign-up in, and press one of its buttons."""
    form = visitor.page.forms["sign-up"]
    for name, value in fields.items():
        form[name] = value
    visitor.page = form.submit("action", value=action, status="*")
    return visitor.follow()
