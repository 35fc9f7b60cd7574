"""Closing a space, taking that back, and erasing: what ends when, and what is left."""

from civisdata.content.citizens import consents
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.appearance.look import keep_look
from civisdata.content.citizens.appearance.look import Look
from civisdata.content.citizens.closing import erasing
from civisdata.content.citizens.closing import life
from civisdata.content.citizens.closing.erased import erased_ids
from civisdata.content.citizens.closing.erased import note_erased
from civisdata.content.citizens.closing.receipts import is_genuine
from civisdata.content.citizens.closing.receipts import receipt_of
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.journal import entries
from civisdata.content.citizens.keylife import dealing
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.wishes import turn_on
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import close as close_at_the_desk
from civisdata.content.citizens.registrations import find
from civisdata.content.citizens.registrations import history_of
from civisdata.content.citizens.registrations import is_open
from civisdata.content.citizens.registrations import NotPossible
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.tasks import TemporaryError
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.depositing import accepts
from civisdata.content.vault.requests import answering
from civisdata.content.vault.requests import asking
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import requests_of
from civisdata.content.vault.requests.storage import WAITING
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing import received as receiving
from civisdata.content.vault.sharing.people import keys_of
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import store_stream
from helpers.deposits import LIMITS
from helpers.deposits import make_recipient
from helpers.deposits import publisher
from helpers.deposits import put
from io import BytesIO
from plone import api
import pytest
import secrets
import transaction


DAY = 86400


@pytest.fixture
def portal(functional, smtp_server, monkeypatch, tmp_path):
    portal = functional["portal"]
    smtp_server.configure(portal)
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path / "sessions"))
    monkeypatch.setenv("CIVIS_ERASED_FILE", str(tmp_path / "erased" / "spaces"))
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "tasks" / "queue.sqlite"))
    transaction.commit()
    return portal


def store(person, name="Avis.txt", data=b"bonjour") -> str:
    return store_stream(
        ensure_vault(person.space),
        person.space.getId(),
        person.bundle,
        name=name,
        size=len(data),
        category="local",
        limits=LIMITS,
        stream=BytesIO(data),
    )


def share(owner, friend, item: str):
    """Share a document; give the share as its recipient has taken it."""
    vault = ensure_vault(owner.space)
    asked = offers.Asked(kind="document", item=item, to=friend.login)
    offers.offer(owner.space, vault, owner.bundle, asked, friend.space, owner.login)
    waiting = [
        r for r in receiving.all_received(friend.space, friend.bundle) if r.waits
    ]
    receiving.accept(waiting[0])
    return waiting[0].id


def request(portal, citizen):
    question = asking.Question(citizen.login, "Un avis", "Un dossier", 30, "agent")
    return asking.ask(portal, "bordeaux", citizen.space, question)[0]


def sent(server, address: str) -> list[str]:
    """Give the receipts that went to an address."""
    return [text for text in server.texts_to(address) if "Voici le reçu" in text]


def nothing(done, total):
    """Progress that nobody looks at."""


@pytest.fixture
def world(portal):
    """A citizen with a bit of everything, and a friend."""

    class World:
        pass

    world = World()
    world.portal, world.spaces = portal, get_spaces(portal)
    mine = world.mine = make_recipient(portal, "bordeaux", login="c-7kq4m2xz")
    friend = world.friend = make_recipient(portal, "bordeaux", login="c-8kq4m2xz")
    other = world.other = make_recipient(portal, login="c-9kq4m2xz")
    world.document = store(mine)
    world.given = share(mine, friend, world.document)
    world.received = share(friend, mine, store(friend))
    put(portal, mine)
    world.waiting, world.answered = request(portal, mine), request(portal, mine)
    answering.give(mine.space, mine.bundle, world.answered, world.document)
    turn_on(mine.space, "daily", ("cub",))
    keep_look(mine.space, Look(accent="garonne"))
    names = [mine.login, friend.login]
    dealing.set_up(other.space, world.spaces, other.bundle, names, 2)
    names = [other.login, friend.login]
    dealing.set_up(mine.space, world.spaces, mine.bundle, names, 2)
    (held,) = trust.get_trust(mine.space).held
    dealing.accept(mine.space, world.spaces, held)
    world.space_id = mine.space.getId()
    session_service().create(world.space_id, mine.bundle)
    transaction.commit()
    return world


def found(world, person, received_id):
    return receiving.find_received(person.space, person.bundle, received_id)


@pytest.mark.parametrize("with_keys", [True, False])
def test_all_that_others_have_of_it_ends_at_once(world, with_keys):
    mine, friend = world.mine, world.friend
    assert found(world, friend, world.given).is_live
    life.close(mine.space, bundle=mine.bundle if with_keys else None)
    assert not found(world, friend, world.given).is_live
    assert keys_of(mine.space) is None and not is_open(mine.space)
    assert not accepts(mine.space, publisher(world.portal))
    assert consents.active(mine.space) == []
    assert world.answered.state == ENDED and world.answered.document is None
    # Who asks learns nothing: it waits, as for a name that is nobody's.
    assert world.waiting.state == WAITING
    assert registration_of(mine.space).mail_rhythm == ""
    assert catalog_of(world.spaces).of_rhythm("daily") == []
    assert trust.circle_of(mine.space) is None
    circle = trust.circle_of(world.other.space)
    assert world.space_id not in {one.space_id for one in circle.members}
    assert [trust.state_of(world.spaces, circle, one) for one in circle.members] == [
        trust.WITHDRAWN,
        trust.WAITING,
    ]
    assert session_service().list(world.space_id) == []
    # Nothing is erased yet.
    assert get_vault(mine.space).count == 1
    assert len(get_arrivals(mine.space).waiting) == 1
    # What was received ends with its owner's next visit at the latest.
    offers.settle(friend.space, get_vault(friend.space), friend.bundle)
    (share,) = sharing_of(get_vault(friend.space)).given.values()
    assert share.ended_at


def test_to_others_it_is_as_if_there_were_nobody(world):
    """Shares, requests, trusted persons: the same as for a name that nobody has."""
    mine, friend, portal = world.mine, world.friend, world.portal
    life.close(mine.space)
    vault, item = get_vault(friend.space), store(friend)
    outcomes = []
    for login, space in ((mine.login, mine.space), ("c-2222222z", None)):
        asked = offers.Asked(kind="document", item=item, to=login)
        share, reached = offers.offer(
            friend.space, vault, friend.bundle, asked, space, friend.login
        )
        question = asking.Question(login, "Un avis", "Un dossier", 30, "agent")
        request, asked_somebody = asking.ask(portal, "bordeaux", space, question)
        outcomes.append(
            (share.state, reached, request.state, request.space_id, asked_somebody)
        )
    assert outcomes[0] == outcomes[1]
    names = [mine.login, "c-2222222z"]
    people = dealing.set_up(friend.space, world.spaces, friend.bundle, names, 2)
    assert people == []


def test_it_is_taken_back_by_who_has_closed_and_nothing_else_comes_back(world):
    mine = world.mine
    life.close(mine.space, bundle=mine.bundle)
    with pytest.raises(NotPossible):
        life.close(mine.space)
    with pytest.raises(NotPossible):
        life.take_back(mine.space, by=life.ADMINISTRATION)
    life.take_back(mine.space)
    with pytest.raises(NotPossible):
        life.take_back(mine.space)
    assert is_open(mine.space) and keys_of(mine.space) == mine.bundle.public
    assert life.due_ids(world.spaces, life.clock.now() + 99 * DAY) == []
    assert consents.active(mine.space) == []
    assert not found(world, world.friend, world.given).is_live
    assert [entry.action for entry in entries(mine.space, count=2)] == [
        "space-closing-taken-back",
        "space-closed",
    ]
    lines = [(line.action, line.actor) for line in history_of(mine.space)[-2:]]
    assert lines == [("closing", "citizen"), ("closing_taken_back", "citizen")]


def test_the_desk_closes_by_the_same_way(world, smtp_server):
    mine = world.mine
    with pytest.raises(NotPossible):
        close_at_the_desk(mine.space)
    with api.env.adopt_roles(["CUB Administrator"]):
        close_at_the_desk(mine.space, actor="staff:zoe")
        with pytest.raises(NotPossible):
            close_at_the_desk(mine.space)
    with pytest.raises(NotPossible):
        life.take_back(mine.space)
    assert history_of(mine.space)[-1].actor == "staff:zoe"
    assert entries(mine.space, count=1)[0].actor == "administration:cub"
    with api.env.adopt_roles(["CUB Administrator"]):
        life.take_back(mine.space, by=life.ADMINISTRATION)
    assert is_open(mine.space)


def test_nothing_is_erased_before_its_time(world, moved_clock):
    life.close(world.mine.space)
    transaction.commit()
    moved_clock.moved += 29 * DAY
    erasing.erase_closed_spaces(world.portal, nothing)
    assert world.spaces.get_space(world.space_id) is not None
    assert erased_ids() == []


def test_when_it_is_due_nothing_is_left_but_a_receipt(world, moved_clock, smtp_server):
    mine, spaces, login = world.mine, world.spaces, world.mine.login
    address = registration_of(mine.space).email
    life.close(mine.space, bundle=mine.bundle)
    transaction.commit()
    moved_clock.moved += 31 * DAY
    account, document = (
        get_account(mine.space),
        get_vault(mine.space).document(world.document),
    )
    erasing.erase_closed_spaces(world.portal, nothing)
    transaction.begin()
    assert spaces.get_space(world.space_id) is None
    assert spaces.space_by_login(login) is None and find(spaces, address) is None
    assert world.space_id not in catalog_of(spaces).rids
    assert account.public is None and account.history == []
    assert document.header == b"" and document.parts == ()
    assert world.space_id not in dict(get_book(world.portal).issues)
    requests = requests_of(world.portal, "bordeaux")
    assert {(one.space_id, one.exchange, one.signer) for one in requests} == {
        ("", "", "")
    }
    assert sorted(one.state for one in requests) == [ENDED, WAITING]
    assert erased_ids() == [world.space_id]
    (text,) = sent(smtp_server, address)
    number = text.partition("Numéro\u00a0: ")[2].split()[0]
    receipt = receipt_of(spaces, number)
    assert is_genuine(receipt)
    assert receipt["signed"]["counts"]["documents"] == 1
    assert receipt["signed"]["counts"]["deposits"] == 1
    assert "Documents\u00a0: 1" in text
    known = (world.space_id, login, address, "Zoé", "O’Brien")
    assert not any(word in str(receipt) for word in known)
    # Once more, and nothing happens.
    erasing.erase_closed_spaces(world.portal, nothing)
    assert len(sent(smtp_server, address)) == 1


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", range(1, 8))
def test_killed_at_any_point_it_is_continued(
    world, moved_clock, smtp_server, monkeypatch, at
):
    """Killed before the n-th commit or right after it: the next run does the rest."""
    address = registration_of(world.mine.space).email
    life.close(world.mine.space)
    transaction.commit()
    moved_clock.moved += 31 * DAY
    left, commit = [at], transaction.commit

    def dying() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        commit()
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    monkeypatch.setattr(erasing.transaction, "commit", dying)
    try:
        erasing.erase_closed_spaces(world.portal, nothing)
        assert at == 7
    except Killed:
        transaction.abort()
    monkeypatch.setattr(erasing.transaction, "commit", commit)
    erasing.erase_closed_spaces(world.portal, nothing)
    assert world.spaces.get_space(world.space_id) is None
    assert erased_ids() == [world.space_id]
    assert len(sent(smtp_server, address)) == 1
    assert list(life.closing_ids(world.spaces)) == []


def test_a_mail_server_that_is_down_delays_the_receipt_alone(
    world, moved_clock, smtp_server
):
    life.close(world.mine.space)
    transaction.commit()
    moved_clock.moved += 31 * DAY
    smtp_server.stop()
    with pytest.raises(TemporaryError):
        erasing.erase_closed_spaces(world.portal, nothing)
    space = world.spaces.get_space(world.space_id)
    assert get_account(space).public is None and get_vault(space).count == 0
    assert not life.may_take_back(space)
    with pytest.raises(NotPossible):
        life.take_back(space)
    moved_clock.moved += 8 * DAY
    erasing.erase_closed_spaces(world.portal, nothing)
    assert world.spaces.get_space(world.space_id) is None
    smtp_server.start()


def test_what_a_restored_backup_brings_back_is_erased_again(world, smtp_server):
    address = registration_of(world.mine.space).email
    note_erased(world.space_id, "2026-11-01")
    erasing.erase_closed_spaces(world.portal, nothing)
    assert world.spaces.get_space(world.space_id) is None
    assert sent(smtp_server, address) == []


def test_an_invitation_to_trust_that_was_refused_names_nobody(world):
    third = make_recipient(world.portal, login="c-3kq4m2xz")
    names = [third.login, world.other.login]
    dealing.set_up(world.friend.space, world.spaces, world.friend.bundle, names, 2)
    (held,) = trust.get_trust(third.space).held
    dealing.leave(third.space, world.spaces, held)
    circle = trust.circle_of(world.friend.space)
    assert third.space.getId() not in {one.space_id for one in circle.members}


def test_who_gives_the_documents_up_is_erased_as_well(world, moved_clock):
    """A space without documents, keys or registration of its own."""
    space = world.spaces.create_space()
    need_account(space).public = KeyBundle.new().public
    space_id, world.spaces_login = space.getId(), secrets.token_hex(4)
    note_erased(space_id, "2026-11-01")
    transaction.commit()
    erasing.erase_closed_spaces(world.portal, nothing)
    assert world.spaces.get_space(space_id) is None
