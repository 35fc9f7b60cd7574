"""What is written to citizens about their account, through a real mail server."""

from civisdata.content.citizens import account_mail
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
import pytest
import threading
import transaction


def email_of(space_of, citizen):
    return space_of(citizen).email


def letters_have_left() -> None:
    """Wait until all letters that were begun have been sent, or could not be."""
    for thread in threading.enumerate():
        if thread.name == account_mail.THREAD:
            thread.join(60)


def test_forgotten_password_by_mail(citizen, visitor, mail, space_of):
    address = email_of(space_of, citizen)
    visitor.get("/@@mot-de-passe-oublie")
    visitor.send("ask", identifier=citizen.login.upper())
    (text,) = mail(address, 1)
    assert "Sachez-le avant" in text
    link = text[text.index("http://") :].split()[0]
    assert link.startswith("http://127.0.0.1:8099/@@mot-de-passe-oublie?jeton=")
    visitor.get(link.removeprefix("http://127.0.0.1:8099"))
    visitor.send("reset", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    texts = mail(address, 2)
    assert "mot de passe" in texts[1].splitlines()[0]
    assert NEW_PASSWORD not in texts[1]
    visitor.log_in(citizen.login, NEW_PASSWORD)
    assert visitor.path.endswith("/@@deverrouiller")


def test_a_second_request_sends_no_second_letter(
    citizen, visitor, mail, space_of, smtp_server
):
    address = email_of(space_of, citizen)
    for _ in range(2):
        visitor.get("/@@mot-de-passe-oublie")
        visitor.send("ask", identifier=citizen.login)
    mail(address, 1)
    letters_have_left()
    assert len(smtp_server.messages) == 1


def test_a_change_of_password_is_told(citizen, visitor, mail, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    fields = {"current": PASSWORD, "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    visitor.send("password", **fields)
    (text,) = mail(email_of(space_of, citizen), 1)
    assert text.startswith("Votre mot de passe a été changé")
    assert citizen.login not in text and NEW_PASSWORD not in text


def test_a_refused_change_is_not_told(citizen, visitor, mail, smtp_server):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    visitor.send("password", current="wrong", new=NEW_PASSWORD, repeated=NEW_PASSWORD)
    letters_have_left()
    assert smtp_server.messages == []


def test_a_mail_server_that_is_down_changes_no_answer(citizen, visitor, site):
    site.portal_registry["plone.smtp_host"] = "127.0.0.1"
    site.portal_registry["plone.smtp_port"] = 1
    transaction.commit()
    answers = []
    for identifier in (citizen.login, "c-22222222"):
        visitor.get("/@@mot-de-passe-oublie")
        page = visitor.send("ask", identifier=identifier)
        answers.append((page.status, page.html.find("main").decode()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "address", ["a@example.org\nBcc: x@evil.example", "a@b@c", "no address", "<>"]
)
def test_an_address_cant_add_headers(
    citizen, visitor, mail, site, smtp_server, address
):
    transaction.begin()
    get_spaces(site).get_space(citizen.id).email = address
    transaction.commit()
    visitor.get("/@@mot-de-passe-oublie")
    assert visitor.send("ask", identifier=citizen.login).status_int == 200
    letters_have_left()
    assert smtp_server.messages == []
