"""« Fermer mon espace »: asked for with the password, shown during the grace, taken back."""

from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.closing import life
from helpers.letters import letter
from helpers.letters import token
from helpers.visitors import PASSWORD
from plone import api
from zope.component.hooks import setSite
import pytest
import transaction


@pytest.fixture
def page(accepted):
    return f"/espaces/{accepted.id}/@@fermeture"


@pytest.fixture
def closing(space_of, accepted):
    return lambda: life.closing_of(space_of(accepted))


def test_a_space_is_closed_shown_as_closed_and_taken_back(
    inside, new_visitor, accepted, page, closing, mail, smtp_server, space_of
):
    elsewhere = new_visitor()
    elsewhere.log_in(accepted.login, PASSWORD)
    address = space_of(accepted).email
    inside.get(page)
    assert "@@export" in inside.page.text
    inside.send("close", current=PASSWORD)
    assert "Votre espace est fermé" in inside.text
    assert closing().by == life.CITIZEN
    assert closing().due - closing().asked == life.DAY * 30
    assert letter(smtp_server, address, "avez fermé votre espace")
    # The other sessions have ended; logging in shows it, whatever page was asked for.
    assert elsewhere.get(page).status_int == 404
    elsewhere.log_in(accepted.login, PASSWORD, f"/espaces/{accepted.id}/@@documents")
    assert elsewhere.path == page
    for name in (
        "",
        "/@@documents",
        "/@@mon-compte",
        "/@@partages",
        "/@@consentements",
    ):
        elsewhere.get(f"/espaces/{accepted.id}{name}")
        assert elsewhere.follow() and elsewhere.path == page, name
    for name in ("@@export", "@@journal"):
        assert elsewhere.get(f"/espaces/{accepted.id}/{name}").status_int == 200
    # One click takes it back.
    elsewhere.get(page)
    elsewhere.send("take-back")
    assert "Votre espace reste ouvert" in elsewhere.text
    assert closing() is None
    assert elsewhere.get(f"/espaces/{accepted.id}/@@documents").status_int == 200
    assert letter(smtp_server, address, "est annulée")


def test_a_wrong_password_closes_nothing_and_is_counted(inside, page, closing):
    inside.get(page)
    for _turn in range(6):
        inside.send("close", current="autre chose ici")
        assert inside.page.status_int == 422
        assert closing() is None
    inside.send("close", current=PASSWORD)
    assert "Trop" in inside.text and closing() is None


def test_a_forged_request_closes_nothing_nor_takes_back(
    site, inside, page, closing, accepted, space_of
):
    sent = {"action": "close", "current": PASSWORD}
    assert inside.post(page, sent).status_int == 403
    assert closing() is None
    inside.get(page)
    forged = {"Sec-Fetch-Site": "cross-site"}
    sent["_authenticator"] = token(inside.page)
    assert inside.post(page, sent, headers=forged).status_int == 403
    assert closing() is None
    setSite(site)
    life.close(space_of(accepted))
    transaction.commit()
    inside.log_in(accepted.login, PASSWORD)
    assert inside.post(page, {"action": "take-back"}).status_int == 403
    assert closing() is not None


def test_closing_twice_and_taking_back_twice_say_so(inside, page, closing):
    inside.get(page)
    sent = {"action": "close", "current": PASSWORD}
    sent["_authenticator"] = token(inside.page)
    assert inside.post(page, sent).status_int == 303
    asked = closing()
    assert inside.post(page, sent).status_int == 422
    assert closing() == asked
    sent["action"] = "take-back"
    assert inside.post(page, sent).status_int == 303
    assert inside.post(page, sent).status_int == 422
    assert closing() is None


def test_nobody_else_closes_it(
    new_visitor, new_citizen, page, closing, accepted, space_of
):
    stranger, other = new_citizen("Aimée"), new_visitor()
    other.log_in(stranger.login, PASSWORD)
    own = other.get(f"/espaces/{stranger.id}/@@fermeture")
    sent = {"action": "close", "current": PASSWORD, "_authenticator": token(own)}
    for who in (other, new_visitor()):
        assert who.post(page, sent).status_int == 404
    assert closing() is None
    assert get_account(space_of(stranger)).closing is None


def test_who_was_closed_by_the_administration_may_leave_with_everything(
    site, inside, accepted, page, closing, space_of
):
    setSite(site)
    with api.env.adopt_roles(["CUB Administrator"]):
        life.close(space_of(accepted), by=life.ADMINISTRATION)
    transaction.commit()
    inside.log_in(accepted.login, PASSWORD)
    assert inside.path == page
    assert "L’administration a fermé votre espace" in inside.text
    assert "take-back" not in inside.page.text
    export = inside.get(f"/espaces/{accepted.id}/@@export")
    sent = {"action": "take-back", "_authenticator": token(export)}
    assert inside.post(page, sent).status_int == 422
    assert closing() is not None
