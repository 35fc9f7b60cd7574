"""The desk's work on real mail: batches, the rule, receipts, letters, exports."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.catalog import NO_RECEIPT
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.office import batches
from civisdata.content.citizens.office import exports
from civisdata.content.citizens.office import post
from civisdata.content.citizens.office import printing
from civisdata.content.citizens.office import rule
from civisdata.content.citizens.office import work
from civisdata.content.citizens.office.store import office_of
from civisdata.content.citizens.registration_settings import PREFIX
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from civisdata.content.tasks import TemporaryError
from helpers.desk import waiting
from helpers.people import person
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from ZODB.POSException import ConflictError
import pytest
import transaction


@pytest.fixture
def portal(functional, smtp_server, monkeypatch, tmp_path):
    portal = functional["portal"]
    monkeypatch.setenv("CIVIS_TASKS", str(tmp_path / "queue.sqlite"))
    smtp_server.configure(portal)
    setRoles(portal, TEST_USER_ID, ["CUB Administrator"])
    transaction.commit()
    return portal


@pytest.fixture
def spaces(portal):
    return get_spaces(portal)


def nothing(done, total):
    """Progress that nobody looks at."""


def states(spaces, ids) -> list[str]:
    transaction.begin()
    return [registrations.state_of(spaces.get_space(id)) for id in ids]


def actions(space) -> list[str]:
    return [line.action for line in registrations.history_of(space)]


def setting(name, value):
    api.portal.set_registry_record(f"{PREFIX}.{name}", value)


def test_each_line_is_done_or_named_with_the_reason(portal, spaces, smtp_server):
    ids = waiting(portal, {}, {"last_name": "Deux"}, {"last_name": "Trois"})
    registrations.accept(spaces.get_space(ids[1]))
    spaces.delete_space(ids[2])
    batch_id = batches.begin(spaces, "accept", [*ids, ids[0]], "jean")
    batches.go_on(spaces, batch_id)
    batch = office_of(spaces).batches[batch_id]
    assert batches.left(batch) == 0
    assert batches.not_done(batch) == [(ids[1], "decided"), (ids[2], "gone")]
    assert registrations.history_of(spaces.get_space(ids[0]))[-1].actor == "jean"
    assert len(smtp_server.texts_to("p0@exemple.fr")) == 1
    batches.go_on(spaces, batch_id)
    assert len(smtp_server.texts_to("p0@exemple.fr")) == 1
    (line,) = office_of(spaces).log()
    assert (line.action, line.actor, line.count) == ("accept", "jean", 3)


def test_a_refusal_of_many_needs_one_reason(portal, spaces, smtp_server):
    ids = waiting(portal, {}, {"last_name": "Deux"})
    with pytest.raises(registrations.ReasonMissing):
        batches.begin(spaces, "refuse", ids, "jean", "  ")
    for action, chosen, why in (
        ("delete", ids, "action"),
        ("accept", [], "nobody"),
        ("accept", [f"{n}" for n in range(batches.MOST + 1)], "many"),
    ):
        with pytest.raises(batches.CannotBegin) as caught:
            batches.begin(spaces, action, chosen, "jean")
        assert caught.value.reason == why
    batch_id = batches.begin(spaces, "refuse", ids, "jean", "Hors <b>zone</b>")
    batches.go_on(spaces, batch_id)
    assert states(spaces, ids) == ["refused", "refused"]
    assert "Hors <b>zone</b>" in smtp_server.texts_to("p1@exemple.fr")[0]


def test_a_mail_server_that_is_down_loses_nothing(portal, spaces, smtp_server):
    ids = waiting(portal, {}, {"last_name": "Deux"})
    batch_id = batches.begin(spaces, "accept", ids, "jean")
    transaction.commit()
    smtp_server.stop()
    with pytest.raises(TemporaryError):
        work.decide_registrations(portal, nothing, batch_id=batch_id)
    batch = office_of(spaces).batches[batch_id]
    assert (batch.mail_down, batches.left(batch)) == (True, 2)
    assert states(spaces, ids) == ["pending", "pending"]
    smtp_server.start()
    told = []
    work.decide_registrations(portal, lambda *n: told.append(n), batch_id=batch_id)
    assert states(spaces, ids) == ["accepted", "accepted"]
    assert (batch.mail_down, told) == (False, [(1, 2), (2, 2)])
    assert len(smtp_server.messages) == 2
    work.decide_registrations(portal, nothing, batch_id="unknown")


def test_an_address_that_is_refused_stops_no_other_line(portal, spaces, smtp_server):
    ids = waiting(portal, {}, {"last_name": "Deux"})
    smtp_server.refusal = "550 no such person"
    batch_id = batches.begin(spaces, "accept", ids, "jean")
    transaction.commit()
    batches.go_on(spaces, batch_id)
    batch = office_of(spaces).batches[batch_id]
    assert batches.not_done(batch) == [(ids[0], "address"), (ids[1], "address")]
    assert states(spaces, ids) == ["pending", "pending"]


def test_a_busy_server_leaves_the_line_for_later(portal, spaces, monkeypatch):
    (first, second) = waiting(portal, {}, {"last_name": "Deux"})
    real, calls = registrations.accept, []

    def busy_once(space, *args, **options):
        calls.append(space.getId())
        if len(calls) == 1:
            raise TooBusy
        if len(calls) == 2:
            raise ConflictError
        real(space, *args, **options)

    monkeypatch.setattr(registrations, "accept", busy_once)
    batch_id = batches.begin(spaces, "accept", [first, second], "jean")
    transaction.commit()
    with pytest.raises(batches.Waits):
        batches.go_on(spaces, batch_id)
    assert states(spaces, [first, second]) == ["pending", "accepted"]
    batches.go_on(spaces, batch_id)
    assert states(spaces, [first, second]) == ["accepted", "accepted"]
    assert calls == [first, second, second, first]


def test_two_administrators_at_the_same_time(portal, spaces, smtp_server):
    """The second one's decision meets a conflict, and nobody is written to about it."""
    (space_id,) = waiting(portal, {})
    manager = transaction.TransactionManager()
    connection = portal._p_jar.db().open(transaction_manager=manager)
    try:
        manager.begin()
        other = connection.get(spaces.get_space(space_id)._p_oid)
        assert other.getId() == space_id
        registrations.accept(spaces.get_space(space_id))
        transaction.commit()
        other._registration_history.append({"action": "refuse"})
        with pytest.raises(ConflictError):
            manager.commit()
        manager.abort()
    finally:
        connection.close()
    with pytest.raises(registrations.NotPossible):
        registrations.refuse(spaces.get_space(space_id), "trop tard")
    transaction.abort()
    assert len(smtp_server.texts_to("p0@exemple.fr")) == 1


def test_the_rule_of_automatic_acceptance(portal, spaces, smtp_server):
    ids = waiting(portal, {}, {"commune": "begles", "last_name": "Deux"})
    first, second = map(spaces.get_space, ids)
    work.accept_by_rule(portal, nothing, space_id=ids[0])
    assert states(spaces, ids) == ["pending", "pending"]
    setting("automatic_acceptance", True)
    setting("automatic_communes", ("bordeaux",))
    assert rule.objections(first) == []
    assert rule.objections(second) == ["commune"]
    (twin,) = waiting(portal, {"email": "zoe@exemple.fr"})
    assert rule.objections(first) == ["doubt"]
    setting("automatic_without_doubt", False)
    assert rule.objections(first) == []
    # What the sign-up noted of a browser that did not compute.
    registrations.write_line(second, "unproven", registrations.BY_RULE)
    assert rule.objections(second) == ["commune", "unproven"]
    smtp_server.stop()
    with pytest.raises(TemporaryError):
        work.accept_by_rule(portal, nothing, space_id=ids[0])
    transaction.abort()
    smtp_server.start()
    for space_id in (*ids, "", "a" * 16):
        work.accept_by_rule(portal, nothing, space_id=space_id)
        transaction.commit()
    assert states(spaces, [*ids, twin]) == ["accepted", "pending", "pending"]
    assert rule.objections(first) == ["state"]
    assert registrations.history_of(first)[-1].actor == registrations.BY_RULE
    assert len(smtp_server.texts_to("p0@exemple.fr")) == 1


def test_receipts_that_could_not_be_sent_leave_later(portal, spaces, smtp_server):
    ids = waiting(portal, {}, {"last_name": "Deux"}, {"last_name": "Trois"})
    assert post.waiting_receipts(spaces) == 3
    registrations.accept(spaces.get_space(ids[2]))
    transaction.commit()
    assert post.waiting_receipts(spaces) == 2
    smtp_server.stop()
    with pytest.raises(TemporaryError):
        work.receipts_at_noon(portal, nothing)
    assert post.waiting_receipts(spaces) == 2
    smtp_server.start()
    work.receipts_at_noon(portal, nothing)
    work.receipts_at_noon(portal, nothing)
    assert post.waiting_receipts(spaces) == 0
    assert len(smtp_server.texts_to("p0@exemple.fr")) == 1
    assert actions(spaces.get_space(ids[0])) == ["register", "no_receipt", "receipt"]
    registrations.set_mark(spaces.get_space(ids[1]), NO_RECEIPT)
    smtp_server.refusal = "550 no such person"
    assert post.send_receipts(spaces) == 0
    assert post.waiting_receipts(spaces) == 0
    assert actions(spaces.get_space(ids[1]))[-1] == "receipt_refused"


def test_letters_are_printed_once_and_put_back_with_new_passwords(
    portal, spaces, smtp_server
):
    ids = waiting(portal, {}, {"last_name": "Deux"})
    batch_id = batches.begin(spaces, "accept_by_post", ids, "jean")
    batches.go_on(spaces, batch_id)
    assert printing.waiting(spaces) == 2
    (text,) = smtp_server.texts_to("p0@exemple.fr")
    assert "mot de passe" in text and spaces.get_space(ids[0]).login == ""
    made = printing.print_run(spaces, "jean")
    transaction.commit()
    assert printing.waiting(spaces) == 0
    assert {letter.name for letter in made} == {"Zoé O’Brien", "Zoé Deux"}
    letter = next(letter for letter in made if letter.name == "Zoé O’Brien")
    assert letter.login == spaces.get_space(ids[0]).login
    assert letter.address == ("Zoé O’Brien", "3 rue du Loup", "33000 Bordeaux")
    assert letter.password not in repr(made) + repr(actions(spaces.get_space(ids[0])))
    before = need_account(spaces.get_space(ids[0])).first
    with pytest.raises(printing.NothingToPrint):
        printing.print_run(spaces, "jean")
    (run_id,) = office_of(spaces).runs
    need_account(spaces.get_space(ids[1])).activated = 1.0
    assert printing.put_back(spaces, run_id, "jean") == 1
    with pytest.raises(printing.NothingToPrint):
        printing.put_back(spaces, run_id, "jean")
    with pytest.raises(printing.NothingToPrint):
        printing.put_back(spaces, "unknown", "jean")
    (again,) = printing.print_run(spaces, "jean")
    assert again.password != letter.password
    assert need_account(spaces.get_space(ids[0])).first != before
    with pytest.raises(registrations.NotPossible):
        printing.await_letter(spaces.get_space(ids[1]))
    transaction.commit()
    smtp_server.wait(5)


def test_who_no_longer_needs_a_letter_gets_none(portal, spaces):
    (space_id,) = waiting(portal, {})
    space = spaces.get_space(space_id)
    registrations.accept(space, by_post=True)
    registrations.suspend(space, "Vérification")
    assert printing.waiting(spaces) == 0
    registrations.reinstate(space)
    printing.await_letter(space)
    registrations.renew_first_password(space)
    with pytest.raises(printing.NothingToPrint):
        printing.print_run(spaces, "jean")
    printing.await_letter(space)
    registrations.close(space)
    assert printing.waiting(spaces) == 0
    transaction.abort()


def test_an_export_is_in_the_log_and_in_each_journal(portal, spaces):
    ids = waiting(portal, {"last_name": "=Deux"}, {"last_name": "Trois"})
    for purpose in ("", "court", "x" * 201):
        with pytest.raises(exports.PurposeMissing):
            exports.export(spaces, ids, "jean", purpose)
    data = exports.export(
        spaces, ids, "jean", "Courrier de la mairie", "state=pending"
    ).decode("utf-8-sig")
    assert '"\'=Deux"' in data and "Trois" in data
    transaction.commit()
    (line,) = office_of(spaces).log()
    assert (line.purpose, line.count) == ("Courrier de la mairie", 2)
    (export_id,) = office_of(spaces).exports
    spaces.delete_space(ids[1])
    for _ in range(2):
        work.note_export(portal, nothing, export_id=export_id)
    work.note_export(portal, nothing, export_id="unknown")
    found = [e.action for e in get_journal(spaces.get_space(ids[0])).oldest_first()]
    assert found.count("registration-exported") == 1


def test_the_desk_forgets_batches_after_a_while(portal, spaces):
    ids = waiting(portal, {})
    old = batches.begin(spaces, "accept", ids, "jean")
    new = batches.begin(spaces, "accept", ids, "jean")
    office_of(spaces).batches[old].created -= 40 * 86400
    work.purge_desk(portal, nothing)
    assert list(office_of(spaces).batches) == [new]
    assert len(office_of(spaces).log()) == 2


def test_a_receipt_is_owed_to_who_signs_up_while_the_server_is_down(
    portal, spaces, smtp_server
):
    smtp_server.stop()
    registrations.register(spaces, person())
    with pytest.raises(MailNotSent):
        transaction.commit()
    transaction.abort()
    space = registrations.register(spaces, person(), with_mail=False)
    transaction.commit()
    assert post.waiting_receipts(spaces) == 1
    assert registrations.catalog_of(spaces).has_mark(space.getId(), NO_RECEIPT)
