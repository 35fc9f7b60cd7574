"""News by e-mail through a real mail server: once each, whatever happens in between."""

from civisdata.content.citizens.news_mail import sending
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.book import LEASE
from civisdata.content.citizens.news_mail.post import Post
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.news_mail.wishes import turn_on
from civisdata.content.citizens.news_mail.work import write_at_once
from civisdata.content.tasks import TemporaryError
from DateTime import DateTime
from datetime import timedelta
from helpers.readers import publish
from helpers.readers import reader
from plone import api
import pytest
import transaction


@pytest.fixture
def portal(functional, smtp_server):
    portal = functional["portal"]
    smtp_server.configure(portal)
    transaction.commit()
    return portal


def nothing(done, total):
    """Progress that nobody looks at."""


def send(portal, issue="2026-11-24", rhythm="daily", **options):
    transaction.commit()
    return sending.send_issue(portal, rhythm, issue, nothing, **options)


def to(server) -> list[str]:
    return sorted(row for rows in server.recipients for row in rows)


def parts(message) -> tuple[str, str]:
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    return text.get_content(), html.get_content()


def test_each_reader_gets_what_was_chosen_and_once(portal, smtp_server):
    reader(portal, "Zoe")
    reader(portal, "Cub", publishers=("cub",))
    reader(portal, "Semaine", rhythm="weekly")
    reader(portal, "Sans", by_email=False)
    publish(portal, "Fête du fleuve")
    send(portal)
    assert to(smtp_server) == ["zoe@exemple.fr"]
    text, html = parts(smtp_server.messages[0])
    assert "Fête du fleuve" in text and "Fête du fleuve" in html
    send(portal)
    send(portal, "2026-11-25")
    assert len(smtp_server.messages) == 1
    publish(portal, "La suivante")
    send(portal, "2026-11-26")
    assert "La suivante" in parts(smtp_server.messages[1])[0]
    assert "Fête du fleuve" not in parts(smtp_server.messages[1])[0]
    send(portal, "2026-W48", "weekly")
    text = parts(smtp_server.messages[2])[0]
    assert "La suivante" in text and "Fête du fleuve" in text


def test_the_headers_are_those_of_a_list(portal, smtp_server):
    reader(portal, "Zoe")
    publish(portal, "Fête\r\nBcc: tous@exemple.fr")
    send(portal)
    (message,) = smtp_server.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Fête Bcc: tous@exemple.fr"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith("<http")
    assert "/@@desabonnement?jeton=" in message["List-Unsubscribe"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["List-Id"].startswith("<actualites.")
    assert message["To"] == "zoe@exemple.fr"
    assert "<script" not in parts(message)[1]


def test_each_reader_and_issue_has_its_own_message_id(portal, smtp_server):
    reader(portal, "Zoe")
    reader(portal, "Lou")
    publish(portal, "Une")
    send(portal, "1")
    publish(portal, "Deux")
    send(portal, "2")
    assert len({message["Message-ID"] for message in smtp_server.messages}) == 4


def test_what_is_no_longer_public_is_not_mailed_nor_mailed_twice(portal, smtp_server):
    reader(portal, "Zoe")
    item = publish(portal, "Retirée")
    get_book(portal, create=True)
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "retract")
    send(portal, "1")
    assert smtp_server.messages == []
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "publish")
    send(portal, "2")
    assert len(smtp_server.messages) == 1
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(item, "retract")
        api.content.transition(item, "publish")
    send(portal, "3")
    assert len(smtp_server.messages) == 1


def test_what_is_planned_is_mailed_in_its_time(portal, smtp_server, moved_clock):
    reader(portal, "Zoe", "at-once")
    item = publish(portal, "Plus tard")
    item.setEffectiveDate(DateTime() + 0.5)
    item.reindexObject()
    transaction.commit()
    write_at_once(portal, nothing)
    assert smtp_server.messages == []
    item.setEffectiveDate(DateTime() - 0.01)
    item.reindexObject()
    transaction.commit()
    write_at_once(portal, nothing)
    write_at_once(portal, nothing)
    assert to(smtp_server) == ["zoe@exemple.fr"]


class Killed(BaseException):
    """The process ends here."""


class Killing(Post):
    """A post that is killed at its ``at``-th mail, before or after handing it over."""

    def __init__(self, server, at: int, after: bool) -> None:
        super().__init__(server)
        self.left, self.after = at, after

    def send(self, *arguments):
        self.left -= 1
        if not self.left and not self.after:
            raise Killed
        outcome = super().send(*arguments)
        if not self.left:
            raise Killed
        return outcome


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_killed_at_any_mail_nobody_is_written_to_twice(
    portal, smtp_server, moved_clock, at, after
):
    for name in ("Ada", "Bea", "Cleo"):
        reader(portal, name)
    publish(portal, "Fête")
    post = Killing(sending.post_of(portal)._server, at, after)
    with pytest.raises(Killed):
        send(portal, post=post)
    transaction.abort()
    with pytest.raises(TemporaryError):
        send(portal)
    transaction.abort()
    moved_clock.moved += LEASE + 1
    send(portal)
    received = to(smtp_server)
    assert len(received) == len(set(received)) == (3 if after else 2)
    assert len(get_book(portal).uncertain) == 1
    send(portal)
    assert len(smtp_server.messages) == len(received)


def test_a_server_that_is_down_loses_nothing(portal, smtp_server):
    for name in ("Ada", "Bea"):
        reader(portal, name)
    publish(portal, "Fête")
    smtp_server.stop()
    with pytest.raises(TemporaryError):
        send(portal)
    smtp_server.start()
    send(portal)
    assert to(smtp_server) == ["ada@exemple.fr", "bea@exemple.fr"]
    assert get_book(portal).uncertain == ()


@pytest.mark.parametrize("refusal", ["451 later", "421 going down"])
def test_a_delayed_mail_is_sent_later(portal, smtp_server, refusal):
    for name in ("Ada", "Bea"):
        reader(portal, name)
    publish(portal, "Fête")
    smtp_server.refusal = refusal
    with pytest.raises(TemporaryError):
        send(portal)
    smtp_server.refusal = ""
    send(portal)
    assert to(smtp_server) == ["ada@exemple.fr", "bea@exemple.fr"]


def test_a_refused_mail_holds_up_nobody_and_comes_with_the_next(portal, smtp_server):
    reader(portal, "Ada")
    publish(portal, "Fête")
    smtp_server.refusal = "550 no"
    send(portal, "1")
    smtp_server.refusal = ""
    send(portal, "2")
    assert "Fête" in parts(smtp_server.messages[0])[0]
    assert dict(get_book(portal).bounces) == {}


def test_one_query_for_all_who_chose_the_same(portal, smtp_server):
    for name in ("Ada", "Bea", "Cleo", "Dora"):
        reader(portal, name)
    reader(portal, "Eve", publishers=("cub",))
    publish(portal, "Fête")
    sender = send(portal)
    assert len(smtp_server.messages) == 4
    assert sender.selection.queries == 2


def test_who_turns_mail_on_gets_what_comes_then_alone(portal, smtp_server):
    space = reader(portal, "Zoe", by_email=False)
    publish(portal, "Avant")
    send(portal, "1")
    turn_on(space, "daily", ("commune",))
    publish(portal, "Après")
    send(portal, "2")
    (message,) = smtp_server.messages
    assert "Après" in parts(message)[0] and "Avant" not in parts(message)[0]
    turn_off(space, "web")
    publish(portal, "Plus rien")
    send(portal, "3")
    assert len(smtp_server.messages) == 1
    assert [row["answer"] for row in space._consents] == [True, False]


def test_a_good_habit_is_mailed_once_in_its_turn(portal, smtp_server):
    space = reader(portal, "Zoe")
    publish(portal, "Une")
    send(portal, "1")
    publish(portal, "Deux")
    send(portal, "2")
    first, second = (parts(message)[0] for message in smtp_server.messages)
    assert "Un mot de passe long" in first
    assert "Un bon geste" in first and "Un bon geste" not in second
    space._registered -= timedelta(days=15)
    publish(portal, "Trois")
    send(portal, "3")
    assert "ne regarde que vous" in parts(smtp_server.messages[2])[0]
