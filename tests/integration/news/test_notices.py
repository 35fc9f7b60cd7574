"""Mail about publications, through a real mail server."""

from civisdata.content.news.editing.mails import mail_what_waits
from civisdata.content.news.editing.notices import get_notices
from civisdata.content.news.editing.notices import PAUSE
from civisdata.content.news.editing.steps import take_step
from civisdata.content.tasks import TemporaryError
from civisdata.content.territory.localroles import agents_group
from helpers.people import staff
from plone import api
import pytest
import transaction


NOW = 1_800_000_000.0


@pytest.fixture
def portal(functional, smtp_server):
    portal = functional["portal"]
    smtp_server.configure(portal)
    for name in ("author", "reviewer"):
        staff(name, ("Staff",), agents_group("33063"))
    staff("elsewhere", ("Staff",), agents_group("33281"))
    transaction.commit()
    return portal


def run(portal, now: float, **options) -> int:
    """Do what the task does, with its rights."""
    with api.env.adopt_roles(["Manager"]):
        return mail_what_waits(portal, now, **options)


def submit(portal, title: str):
    with api.env.adopt_user(username="author"):
        section = portal["communes"]["bordeaux"]["actualites"]
        item = api.content.create(section, "News Item", title=title)
        take_step(item, "submit")
    transaction.commit()
    return item


def to(server) -> list[str]:
    return sorted(message["To"] for message in server.messages)


def test_who_approves_is_told_once_and_not_who_submitted(portal, smtp_server):
    submit(portal, "Fête")
    assert run(portal, NOW) == 1
    assert run(portal, NOW) == 0
    (mail,) = smtp_server.messages
    assert mail["To"] == "reviewer@exemple.fr"
    text = mail.get_content()
    assert "En attente de votre validation" in text and "Fête" in text
    assert "/@@a-publier" in text


def test_many_submissions_make_one_mail_and_a_pause(portal, smtp_server):
    for number in range(5):
        submit(portal, f"Fête {number}")
    assert run(portal, NOW) == 1
    submit(portal, "La suivante")
    assert run(portal, NOW + 60) == 0
    submit(portal, "Encore une")
    assert run(portal, NOW + 61, patient=False) == 1
    last = smtp_server.messages[-1].get_content()
    assert "La suivante" in last and "Encore une" in last and "Fête 1" not in last
    submit(portal, "Plus tard")
    assert run(portal, NOW + 61 + PAUSE) == 1


def test_what_is_no_longer_so_is_not_told(portal, smtp_server):
    item = submit(portal, "Fête")
    with api.env.adopt_user(username="author"):
        take_step(item, "publish")
    transaction.commit()
    assert run(portal, NOW) == 0


def test_the_author_learns_who_sent_it_back_and_why(portal, smtp_server):
    item = submit(portal, "Fête")
    with api.env.adopt_user(username="reviewer"):
        take_step(item, "reject", "Il manque la date.\nMerci !")
    transaction.commit()
    assert run(portal, NOW) == 1
    (mail,) = smtp_server.messages
    assert mail["To"] == "author@exemple.fr"
    text = mail.get_content()
    assert "Renvoyée par reviewer" in text and "Il manque la date." in text


def test_a_mail_server_that_is_down_loses_nothing(portal, smtp_server):
    submit(portal, "Fête")
    smtp_server.stop()
    with pytest.raises(TemporaryError):
        run(portal, NOW)
    assert get_notices(portal).pending() == ["person:reviewer"]
    smtp_server.start()
    smtp_server.configure(portal)
    transaction.commit()
    assert run(portal, NOW) == 1
    assert to(smtp_server) == ["reviewer@exemple.fr"]
