"""Reminders by e-mail, through a real mail server."""

from civisdata.content.citizens.events import SpaceStartsAnew
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault import bin
from civisdata.content.vault.documents import delete_document
from civisdata.content.vault.filing import Opened
from civisdata.content.vault.reminder_mail import keep_weeks
from civisdata.content.vault.reminder_mail import send_reminders
from civisdata.content.vault.reminder_mail import set_wish
from civisdata.content.vault.reminder_mail import wish_of
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from datetime import date
from datetime import timedelta
from helpers.people import person
from io import BytesIO
from plone import api
from zope.event import notify
import pytest
import transaction


TODAY = date(2026, 11, 24)
WEEK = timedelta(days=7)


@pytest.fixture
def portal(functional, smtp_server):
    portal = functional["portal"]
    smtp_server.configure(portal)
    return portal


class Someone:
    """A citizen with one document, « Passeport », that ends in 30 days."""

    def __init__(self, portal, **changes):
        self.space = register(get_spaces(portal), person(**changes), with_mail=False)
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(self.space, "accept")
        self.bundle = KeyBundle.new()
        self.document = store_stream(
            ensure_vault(self.space),
            self.space.getId(),
            self.bundle,
            name="Passeport.pdf.bin",
            size=1,
            category="national",
            limits=Limits(10**6, 10**6),
            stream=BytesIO(b"x"),
        )
        end = (TODAY + timedelta(days=30)).isoformat()
        self.opened.keep(self.document, valid_until=end, paper="passport")
        set_wish(self.space, True, self.opened.contents(), TODAY)
        transaction.commit()

    @property
    def opened(self) -> Opened:
        return Opened(ensure_vault(self.space), self.space.getId(), self.bundle)

    def follow(self) -> None:
        keep_weeks(self.space, self.opened.contents(), TODAY)
        transaction.commit()


@pytest.fixture
def someone(portal):
    return Someone(portal)


def test_a_letter_says_that_a_reminder_waits_and_no_more(portal, someone, smtp_server):
    assert wish_of(someone.space).weeks == ("2026-W48", "2026-W51")
    assert send_reminders(portal, TODAY) == 1
    [letter] = smtp_server.texts_to(someone.space.email)
    assert "Un rappel vous attend dans votre espace" in letter
    assert "/@@mon-espace" in letter
    for word in ("asseport", "national", someone.document, someone.space.getId()):
        assert word not in letter


def test_once_a_week_at_most_and_again_seven_days_before(portal, someone, smtp_server):
    counts = [
        send_reminders(portal, TODAY + timedelta(days=days))
        for days in (0, 0, 1, 6, 7, 20, 21, 23, 28)
    ]
    assert counts == [1, 0, 0, 0, 0, 1, 0, 0, 0]
    assert len(smtp_server.messages) == 2
    assert wish_of(someone.space).weeks == ()


def test_a_change_in_the_same_week_brings_no_second_letter(portal, someone):
    send_reminders(portal, TODAY)
    someone.follow()
    assert send_reminders(portal, TODAY) == 0


@pytest.mark.parametrize("how", ["delete", "bin", "date", "wish", "anew"])
def test_never_after_a_deletion(portal, someone, smtp_server, how):
    opened = someone.opened
    if how == "delete":
        delete_document(opened.vault, someone.document)
    elif how == "bin":
        bin.put_in_bin(opened, [someone.document])
    elif how == "date":
        opened.keep(someone.document, valid_until="")
    elif how == "wish":
        set_wish(someone.space, False, opened.contents(), TODAY)
    else:
        notify(SpaceStartsAnew(someone.space))
    someone.follow()
    assert send_reminders(portal, TODAY) == 0
    assert smtp_server.messages == []
    assert wish_of(someone.space) is None or wish_of(someone.space).weeks == ()


@pytest.mark.parametrize("how", ["suspended", "deleted"])
def test_whoever_has_no_open_space_gets_no_letter(portal, someone, smtp_server, how):
    if how == "suspended":
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(someone.space, "suspend")
    else:
        get_spaces(portal).delete_space(someone.space.getId())
    transaction.commit()
    assert send_reminders(portal, TODAY) == 0
    assert smtp_server.messages == []


def test_a_mail_server_that_refuses_is_asked_again(portal, someone, smtp_server):
    smtp_server.refusal = "451 later"
    assert send_reminders(portal, TODAY) == 0
    smtp_server.refusal = ""
    assert send_reminders(portal, TODAY) == 1
    assert len(smtp_server.messages) == 1


def test_weeks_are_kept_of_those_alone_who_wish_it(portal, smtp_server):
    someone = Someone(portal)
    set_wish(someone.space, False, someone.opened.contents(), TODAY)
    someone.follow()
    wishes = get_spaces(portal)._civisdata_reminders
    assert (len(wishes._by_space), len(wishes._by_week)) == (0, 0)
    assert send_reminders(portal, TODAY) == 0


def test_a_site_without_any_wish(portal):
    assert send_reminders(portal, TODAY) == 0
