"""« Mon compte » and its pages: data, e-mail address, commune, choices, consents."""

from civisdata.content.citizens import consents
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.own_data import email
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import history_of
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.partners import registry
from civisdata.content.territory.localroles import ADMINISTRATORS
from civisdata.content.territory.localroles import agents_group
from helpers.letters import letter
from helpers.letters import token
from helpers.people import staff
from helpers.visitors import PASSWORD
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from zope.component.hooks import setSite
import pytest
import re
import transaction


@pytest.fixture
def url(accepted):
    return lambda name: f"/espaces/{accepted.id}/@@{name}"


@pytest.fixture
def person(space_of, accepted):
    return lambda: registration_of(space_of(accepted))


@pytest.fixture
def done(space_of, accepted):
    """Give the last actions of the journal."""
    return lambda count=1: [e.action for e in entries(space_of(accepted), count=count)]


def link(text: str) -> str:
    return re.search(r"https?://[^/\s]+(/\S+jeton=\S+)", text)[1]


def test_the_overview_leads_everywhere_and_each_page_leads_back(inside, accepted, url):
    page = inside.get(url("mon-compte"))
    links = [a["href"] for a in page.html.select("main h3 a")]
    names = [link.rpartition("@@")[2] for link in links]
    assert len(names) == len(set(names)) > 12
    for name in names:
        found = inside.get(url(name))
        assert found.status_int == 200, name
        crumbs = [a.get("href", "") for a in found.html.select(".civ-crumbs a")]
        assert any(crumb.endswith("/@@mon-compte") for crumb in crumbs), name


def test_data_are_changed_and_nothing_else_by_the_way(
    inside, accepted, url, person, done, space_of
):
    inside.get(url("mes-donnees"))
    inside.send("data")
    assert "Rien n’a changé" in inside.text and done() != ["data-changed"]
    before = person()
    sent = {
        "action": "data",
        "_authenticator": token(inside.page),
        "first_name": "Colette",
        "last_name": "Gironde",
        "birth_date": "01/02/1990",
        "address": "12 cours Victor-Hugo",
        "postal_code": "33000",
        "town": "Bordeaux",
        # not of this form
        "commune": "talence",
        "email": "vol@exemple.fr",
        "login": "c-22222222",
        "services": "news",
        "by_email": "yes",
        "_registration": "x",
        "disabled": "1",
    }
    assert inside.post(url("mes-donnees"), sent).status_int == 303
    after = person()
    assert (after.last_name, after.birth_date) == ("Gironde", "1990-02-01")
    assert after.address == "12 cours Victor-Hugo"
    kept = ("commune", "email", "services", "by_email", "publishers")
    assert [getattr(after, n) for n in kept] == [getattr(before, n) for n in kept]
    space = space_of(accepted)
    assert space.login == accepted.login and space.last_name == "Gironde"
    assert catalog_of(space.__parent__).search(text="gironde")[1] == 1
    assert done() == ["data-changed"]
    assert (history_of(space)[-1].action, history_of(space)[-1].detail) == ("data", "")
    sent |= {"birth_date": "01/02/2020", "first_name": ""}
    assert inside.post(url("mes-donnees"), sent).status_int == 422
    assert person() == after
    del sent["_authenticator"]
    sent["first_name"] = "Autre"
    assert inside.post(url("mes-donnees"), sent).status_int == 403
    assert person() == after


def ask(visitor, url, address: str):
    visitor.get(url("mes-donnees"))
    return visitor.send("email", email=address, current=PASSWORD)


def test_a_new_address_counts_once_its_citizen_has_confirmed_it(
    inside, new_visitor, accepted, url, person, mail, done, space_of, smtp_server
):
    former, new = person().email, "colette.nouvelle@exemple.fr"
    ask(inside, url, new)
    assert person().email == former and done() == ["email-change-asked"]
    (invitation,) = mail(new, 1)
    warning = letter(smtp_server, former, "a demandé que les messages")
    assert new not in warning
    # From the mail, without a session: nothing happens before the log-in.
    fresh = new_visitor("192.0.2.9")
    fresh.get(link(invitation))
    assert person().email == former
    fresh.page = fresh.page.click(href="suite=1")
    fresh.follow()
    assert "/@@login" in fresh.path
    fresh.send("log-in", login=accepted.login, password=PASSWORD)
    assert "nouvelle-adresse" in fresh.path and person().email == former
    fresh.send("yes")
    assert person().email == new and space_of(accepted).email == new
    assert "email-changed" in done(2)
    # Once only.
    inside.get(link(invitation))
    inside.send("yes")
    assert inside.page.status_int == 422
    # The former address puts it back, without a log-in; all sessions end.
    stop = link(letter(smtp_server, former, "est le dernier à cette adresse"))
    assert link(warning) != stop
    other = new_visitor()
    for wrong in (link(warning), stop[:-3]):
        other.get(wrong)
        other.send("yes")
        assert other.page.status_int == 422 and person().email == new
    other.get(stop)
    assert person().email == new
    other.send("yes")
    assert person().email == former and "email-put-back" in done(2)
    assert inside.get(url("mon-compte")).status_int == 404


def test_the_link_serves_nobody_else_and_not_after_a_second_wish(
    inside, new_visitor, accepted, new_citizen, url, person, mail, site
):
    setSite(site)
    stranger = new_citizen("Aimee")
    former, first, second = person().email, "un@exemple.fr", "deux@exemple.fr"
    ask(inside, url, first)
    (letter,) = mail(first, 1)
    other = new_visitor()
    other.log_in(stranger.login, PASSWORD)
    other.get(link(letter))
    other.send("yes")
    assert other.page.status_int == 422 and person().email == former
    ask(inside, url, second)
    inside.get(link(letter))
    inside.send("yes")
    assert inside.page.status_int == 422 and person().email == former
    # The warning of the second wish stops it.
    other.get(link(mail(former, 2)[1]))
    other.send("yes")
    inside.get(link(mail(second, 1)[0]))
    inside.send("yes")
    assert inside.page.status_int == 422 and person().email == former


def test_an_address_that_is_taken_or_wrong_tells_nothing_and_writes_to_few(
    inside, accepted, url, person, mail, site, new_citizen, space_of, smtp_server
):
    setSite(site)
    taken = registration_of(space_of(new_citizen("Aimee"))).email
    former = person().email
    answers = []
    for address in (taken, "libre@exemple.fr"):
        ask(inside, url, address)
        answers.append((inside.page.status_int, inside.text.replace(address, "")))
    assert answers[0] == answers[1]
    assert "jeton" not in mail(taken, 1)[0]
    sent = {"action": "email", "current": PASSWORD}
    sent["_authenticator"] = token(inside.get(url("mes-donnees")))
    count = len(smtp_server.messages)
    for wrong in (
        "a@b.fr\r\nBcc: tous@exemple.fr",
        "a@b.fr%0d%0aBcc: x@y.fr",
        "a@b.fr, c@d.fr",
        former.upper(),
        "",
    ):
        found = inside.post(url("mes-donnees"), {**sent, "email": wrong})
        assert found.status_int == 422, wrong
    wrong_password = {**sent, "email": "x@exemple.fr", "current": "faux mot de passe"}
    assert inside.post(url("mes-donnees"), wrong_password).status_int == 422
    statuses = [
        inside.post(
            url("mes-donnees"), {**sent, "email": f"n{n}@exemple.fr"}
        ).status_int
        for n in range(4)
    ]
    assert statuses == [303, 303, 303, 422]
    assert person().email == former
    assert not any("Bcc" in message for message in smtp_server.messages)
    assert len(smtp_server.messages) <= count + 2 * email.MOST_ASKED


def test_a_move_is_announced_before_and_followed_at_once(
    inside, new_visitor, accepted, url, person, done, site, space_of, mail
):
    setSite(site)
    space = space_of(accepted)
    for name in ("bordeaux", "cub"):
        version = consents.text_shown().version
        consents.give(space, publishers(site)[name], version)
    people = {
        name: (name, staff(name, ("Staff",), agents_group(code)))
        for name, code in (("avant", "33063"), ("apres", "33522"))
    }
    transaction.commit()
    address = {
        "address": "1 rue du Palais",
        "address_more": "",
        "postal_code": "33400",
        "town": "Talence",
        "commune": "talence",
    }
    inside.get(url("ma-commune"))
    inside.send("look", **address)
    assert "Avant de passer à Talence" in inside.text
    assert "Votre accord aux dépôts" in inside.text
    assert person().commune == "bordeaux"
    inside.send("move")
    assert person().commune == "talence" and person().town == "Talence"
    assert done() == ["commune-changed"]
    assert [a.publisher for a in consents.active(space_of(accepted))] == ["cub"]
    assert "Talence" in mail(person().email, 1)[0]
    for name, seen in (("avant", 404), ("apres", 200)):
        agent = new_visitor()
        agent.app.authorization = ("Basic", people[name])
        found = agent.get(f"/espaces/@@registration/{accepted.id}")
        assert found.status_int == seen, name


@pytest.mark.parametrize(
    ("commune", "says"),
    [
        ("elsewhere", "quittez la Communauté urbaine"),
        ("bordeaux", "C’est déjà votre commune"),
        ("../cub", "Choisissez la commune"),
        ("", "Choisissez la commune"),
    ],
)
def test_no_other_place_can_be_moved_to(inside, url, person, commune, says):
    sent = {
        "action": "move",
        "_authenticator": token(inside.get(url("ma-commune"))),
        "address": "1 rue du Palais",
        "postal_code": "33000",
        "town": "Bordeaux",
        "commune": commune,
    }
    inside.post(url("ma-commune"), sent)
    assert says in inside.text and person().commune == "bordeaux"
    del sent["_authenticator"]
    sent["commune"] = "talence"
    assert inside.post(url("ma-commune"), sent).status_int == 403
    assert person().commune == "bordeaux"


def test_services_and_news_are_chosen(inside, url, person, done, accepted, space_of):
    page = inside.get(url("mes-choix"))
    form = {
        "action": "save",
        "_authenticator": token(page),
        "services": ["documents", "news", "unknown"],
        "publishers": ["cub", "partout"],
        "topics": ["elections", "inconnu"],
        "ages": "all",
        "by_page": "yes",
        "rhythm": "at-once",
        "by_email": "yes",
        "email": "vol@exemple.fr",
    }
    assert inside.post(url("mes-choix"), form).status_int == 303
    found = person()
    assert (found.publishers, found.topics, found.ages) == (
        ("cub",),
        ("elections",),
        "all",
    )
    assert not found.by_email and found.email != "vol@exemple.fr"
    assert done() == ["choices-changed"]
    # With nobody's news, the mails end too, and that is on record.
    inside.get(url("courriels"))
    inside.send("save", rhythm="daily")
    assert person().mail_rhythm == "daily"
    form |= {"publishers": []}
    assert inside.post(url("mes-choix"), form).status_int == 303
    assert not person().by_email
    answers = [row["answer"] for row in space_of(accepted)._consents[-2:]]
    assert answers == [True, False]
    del form["_authenticator"]
    form["ages"] = "mine"
    assert inside.post(url("mes-choix"), form).status_int == 403
    assert person().ages == "all"


def test_consents_have_their_text_version_date_and_answer(
    inside, url, person, accepted, space_of
):
    inside.get(url("mes-accords"))
    inside.send("give-news")
    assert person().by_email
    rows = inside.page.html.select("tbody tr")
    assert "Consentement donné" in rows[0].get_text() or "donné" in rows[0].get_text()
    inside.page = inside.page.click(href=r"texte=", index=0)
    assert (
        "J’accepte de recevoir par courriel"
        in inside.page.html.select_one("#texte").get_text()
    )
    # A version that this citizen has not answered to is not shown.
    assert not inside.get(url(f"mes-accords?texte={'0' * 64}")).html.select("#texte")
    inside.get(url("mes-accords"))
    inside.send("withdraw-news")
    assert not person().by_email
    version = space_of(accepted)._consents[-1]["version"]
    assert (
        inside.post(
            url("mes-accords"), {"action": "give-news", "version": version}
        ).status_int
        == 403
    )
    stale = {"action": "give-news", "version": "0" * 64}
    stale["_authenticator"] = token(inside.get(url("mes-accords")))
    assert inside.post(url("mes-accords"), stale).status_int == 422
    assert not person().by_email


def test_how_it_looks_is_in_the_journal_once_a_visit(inside, url, done):
    inside.get(url("apparence"))
    inside.send("look", scheme="dark")
    inside.send("look", scheme="light")
    assert done(3).count("look-changed") == 1


def test_nobody_else_changes_anything(
    new_visitor, site, new_citizen, accepted, url, person
):
    """Another citizen, nobody, staff of all kinds, Zope's Manager, a partner's key."""
    setSite(site)
    stranger, other = new_citizen("Aimee"), new_visitor()
    partner = registry.add_partner(site, "cantine", "Cantine")
    key = registry.add_key(site, partner, "essai")
    basic = [(SITE_OWNER_NAME, SITE_OWNER_PASSWORD)]
    basic.append(("agent", staff("agent", ("Staff",), agents_group("33063"))))
    roles = ("Staff", "CUB Administrator", "CUB Webmaster")
    basic.append(("chef", staff("chef", roles, ADMINISTRATORS)))
    transaction.commit()
    other.log_in(stranger.login, PASSWORD)
    mine = token(other.get(f"/espaces/{stranger.id}/@@mes-donnees"))
    people = [other, new_visitor()]
    for login in basic:
        people.append(new_visitor())
        people[-1].app.authorization = ("Basic", login)
    people.append(new_visitor())
    people[-1].app.authorization = ("Bearer", key)
    before = person()
    names = ("mes-donnees", "ma-commune", "mes-choix", "mes-accords", "mon-compte")
    for name in (*names, "securite", "fermeture", "apparence", "courriels"):
        for who in people:
            sent = {"action": "data", "first_name": "X", "_authenticator": mine}
            assert who.post(url(name), sent).status_int in (401, 404), name
            assert who.get(url(name)).status_int in (401, 404), name
    assert person() == before
