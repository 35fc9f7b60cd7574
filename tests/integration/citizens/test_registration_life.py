"""The life of a registration: decisions, history, catalog, mail that really goes out."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from helpers.people import person
from plone.app.testing import login
from plone.app.testing import logout
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.app.testing import TEST_USER_NAME
import pytest
import re
import transaction


@pytest.fixture
def portal(functional, smtp_server):
    portal = functional["portal"]
    smtp_server.configure(portal)
    setRoles(portal, TEST_USER_ID, ["CUB Administrator"])
    transaction.commit()
    return portal


@pytest.fixture
def spaces(portal):
    return get_spaces(portal)


@pytest.fixture
def space(spaces):
    space = registrations.register(spaces, person())
    transaction.commit()
    return space


def actions(space):
    return [line.action for line in registrations.history_of(space)]


def found(spaces, **query):
    return [row.id for row in registrations.catalog_of(spaces).search(**query)[0]]


def test_accepting_mails_login_and_password_to_the_person_alone(space, smtp_server):
    registrations.accept(space)
    transaction.commit()
    assert registrations.state_of(space) == "accepted"
    received, accepted = smtp_server.texts_to("zoe@exemple.fr")
    assert space.login
    assert re.search(rf"Identifiant\s*:\s+{space.login}\n", accepted)
    password = re.search(r"Premier mot de passe\s*:\s+(\S+)\n", accepted).group(1)
    assert password not in repr(registrations.history_of(space))
    assert password not in received
    line = registrations.history_of(space)[-1]
    assert (line.action, line.actor) == ("accept", TEST_USER_ID)


def test_without_mail_server_nothing_changes_and_it_can_be_done_again(
    space, spaces, smtp_server
):
    smtp_server.stop()
    registrations.accept(space)
    with pytest.raises(MailNotSent):
        transaction.commit()
    transaction.abort()
    assert registrations.state_of(space) == "pending"
    assert space.login == ""
    assert actions(space) == ["register"]
    assert found(spaces, states=["pending"]) == [space.getId()]
    smtp_server.start()
    registrations.accept(space)
    transaction.commit()
    assert registrations.state_of(space) == "accepted"
    assert len(smtp_server.texts_to("zoe@exemple.fr")) == 2


def test_a_mail_server_that_refuses_undoes_the_decision(space, smtp_server):
    smtp_server.refusal = "554 no such person"
    registrations.accept(space)
    with pytest.raises(MailNotSent):
        transaction.commit()
    transaction.abort()
    assert registrations.state_of(space) == "pending"


def test_what_is_aborted_is_never_mailed(space, smtp_server):
    registrations.accept(space)
    transaction.abort()
    transaction.commit()
    assert len(smtp_server.messages) == 1


def test_a_refusal_tells_the_reason_and_frees_the_address(space, spaces, smtp_server):
    registrations.refuse(space, "  Adresse hors du territoire.\r\nMerci.  ")
    transaction.commit()
    _received, refused = smtp_server.texts_to("zoe@exemple.fr")
    assert "Adresse hors du territoire.\nMerci." in refused
    assert registrations.history_of(space)[-1].detail.startswith("Adresse")
    again = registrations.register(spaces, person())
    assert again is not None and again.getId() != space.getId()


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 1001])
def test_a_refusal_needs_a_reason(space, reason):
    with pytest.raises(registrations.ReasonMissing):
        registrations.refuse(space, reason)
    assert registrations.state_of(space) == "pending"


@pytest.mark.parametrize(
    "name, text",
    [("李", "Zoé 李"), ("עברית", "Zoé עברית"), ("D'Hérouville", "Zoé D'Hérouville")],
)
def test_strange_names_arrive_in_the_mail(spaces, smtp_server, name, text):
    registrations.register(spaces, person(last_name=name))
    transaction.commit()
    assert text in smtp_server.texts_to("zoe@exemple.fr")[0]


def test_deciding_twice_is_not_possible(space, smtp_server):
    registrations.accept(space)
    transaction.commit()
    for change in (
        registrations.accept,
        lambda space: registrations.refuse(space, "trop tard"),
        registrations.reinstate,
    ):
        with pytest.raises(registrations.NotPossible):
            change(space)
    assert actions(space) == ["register", "accept"]


def test_suspended_and_reinstated(space, smtp_server):
    registrations.accept(space)
    registrations.suspend(space, "Usage contraire aux règles")
    assert registrations.state_of(space) == "suspended"
    assert not registrations.is_open(space)
    registrations.reinstate(space)
    transaction.commit()
    assert registrations.is_open(space)
    assert actions(space) == ["register", "accept", "suspend", "reinstate"]
    assert len(smtp_server.texts_to("zoe@exemple.fr")) == 4


def test_reassigning_moves_the_line_and_nothing_else(space, spaces):
    path = space.getPhysicalPath()
    registrations.reassign(space, "begles")
    assert found(spaces, communes=["begles"]) == [space.getId()]
    assert found(spaces, communes=["bordeaux"]) == []
    assert space.getPhysicalPath() == path
    assert space.commune == "begles"
    assert registrations.history_of(space)[-1].detail == "bordeaux → begles"
    with pytest.raises(registrations.NotPossible):
        registrations.reassign(space, "begles")


def test_a_new_first_password_replaces_the_former(space, smtp_server):
    registrations.accept(space)
    registrations.renew_first_password(space)
    transaction.commit()
    texts = smtp_server.texts_to("zoe@exemple.fr")
    passwords = {
        re.search(r"Premier mot de passe\s*:\s+(\S+)", text).group(1)
        for text in texts[1:]
    }
    assert len(passwords) == 2


@pytest.mark.parametrize("roles", [["Member"], ["Commune Agent"], ["Citizen"], []])
@pytest.mark.parametrize("action", ["accept", "refuse", "reassign"])
def test_only_who_manages_registrations_can_decide(portal, space, roles, action):
    setRoles(portal, TEST_USER_ID, roles)
    with pytest.raises(registrations.NotPossible):
        if action == "accept":
            registrations.accept(space)
        elif action == "refuse":
            registrations.refuse(space, "non")
        else:
            registrations.reassign(space, "begles")


def test_acceptance_by_rule_needs_nobody(portal, spaces, smtp_server):
    logout()
    space = registrations.register(spaces, person())
    registrations.accept_by_rule(space)
    transaction.commit()
    login(portal, TEST_USER_NAME)
    assert registrations.state_of(space) == "accepted"
    assert registrations.history_of(space)[-1].actor == registrations.BY_RULE


def test_a_known_address_makes_no_second_space(space, spaces, smtp_server):
    assert registrations.register(spaces, person(email="ZOE@EXEMPLE.fr")) is None
    transaction.commit()
    assert len(registrations.catalog_of(spaces)) == 1
    assert len(smtp_server.texts_to("zoe@exemple.fr")) == 2


def test_an_erased_space_leaves_the_catalog(space, spaces):
    spaces.delete_space(space.getId())
    assert len(registrations.catalog_of(spaces)) == 0
    assert registrations.find(spaces, "zoe@exemple.fr") is None


def test_headers_cannot_be_smuggled_in(spaces, smtp_server):
    with pytest.raises(ValueError):
        registrations.register(spaces, person(email="a@b.fr\r\nBcc: c@d.fr"))
    transaction.abort()
    registrations.register(
        spaces, person(first_name="Zoé\r\nBcc: everybody@exemple.fr")
    )
    transaction.commit()
    (message,) = smtp_server.messages
    assert message["Bcc"] is None
    assert smtp_server.recipients == [["zoe@exemple.fr"]]
