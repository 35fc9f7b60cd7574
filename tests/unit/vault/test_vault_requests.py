"""Requests: the copy that is given, who opens it, and how it ends."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.ageheader import open_header
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.requests import answering
from civisdata.content.vault.requests.asking import ask
from civisdata.content.vault.requests.asking import note_access
from civisdata.content.vault.requests.asking import open_copy
from civisdata.content.vault.requests.asking import Question
from civisdata.content.vault.requests.asking import read_answer
from civisdata.content.vault.requests.asking import read_question
from civisdata.content.vault.requests.life import erase_ended_copies
from civisdata.content.vault.requests.life import goes_on
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.publisher_key import publisher_identity
from civisdata.content.vault.requests.resealing import reseal_letters
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import forget_request
from civisdata.content.vault.requests.storage import requests_of
from civisdata.content.vault.requests.storage import requests_to
from civisdata.content.vault.resealing import reseal_vault
from dataclasses import replace
from helpers.sharing import Person
from helpers.sharing import Spaces
from persistent import Persistent
import pytest
import random
import transaction


DATA = random.Random(37).randbytes(150_000)
QUESTION = Question("c-22222222", "Justificatif", "Inscription à l’école", 30, "Ana")


class Site(Persistent):
    """What the portal is to requests."""

    @property
    def aq_base(self):
        return self


@pytest.fixture
def root(db):
    connection = db.open()
    root = connection.root()
    root["spaces"], root["site"] = Spaces(), Site()
    yield root
    transaction.abort()
    connection.close()


@pytest.fixture
def site(root):
    return root["site"]


@pytest.fixture
def person(root):
    return Person(root["spaces"], "person")


@pytest.fixture
def moment():
    now = [clock.now()]
    former = clock.set_source(lambda: now[0])
    yield now
    clock.set_source(former)


@pytest.fixture
def given(site, person):
    """A request to which a copy was given."""
    document = person.store(DATA, "Facture.bin")
    request, reaches = ask(site, "bordeaux", person.space, QUESTION)
    assert reaches
    answering.give(person.space, person.bundle, request, document)
    transaction.commit()
    return request


def read(root, request) -> bytes:
    with open_copy(root["spaces"], request) as opened:
        return opened.bytes()


def test_the_publisher_reads_the_copy_and_no_more(root, site, person, given):
    (asked,) = requests_to(site, person.space)
    assert asked is given is requests_of(site, "bordeaux")[0]
    identity = publisher_identity("bordeaux")
    assert read_question(given, identity) == QUESTION
    assert read_question(given, person.bundle.identity) == QUESTION
    assert read_answer(given, identity).title == "Facture"
    assert read(root, given) == DATA
    # The copy has a key of its own; the citizen's document has none for anybody.
    document = person.vault.documents[next(iter(person.vault.documents))]
    with pytest.raises(IntegrityError):
        open_header(document.header, identity)
    with pytest.raises(IntegrityError):
        open_header(given.document.header, publisher_identity("begles"))
    assert document.parts != given.document.parts
    assert requests_of(site, "begles") == []


def test_keys_of_publishers_differ_and_stay():
    assert publisher_identity("a") == publisher_identity("a")
    assert publisher_identity("a") != publisher_identity("b")


def test_readings_are_told_to_the_citizen(person, given, moment):
    note_access(given, "Ana Martin")
    assert answering.accesses(given, person.bundle) == [(int(moment[0]), "Ana Martin")]
    with pytest.raises(IntegrityError):
        answering.accesses(given, KeyBundle.new())


def test_either_side_stops_it_and_the_copy_is_gone(root, given):
    document = given.document
    answering.stop(given)
    assert (document.header, document.parts, given.document) == (b"", (), None)
    with pytest.raises(NoSuchItem):
        read(root, given)
    with pytest.raises(NoSuchItem):
        answering.stop(given)


def test_it_ends_by_the_clock_and_is_erased_later(root, site, given, moment):
    moment[0] = given.until
    with pytest.raises(NoSuchItem):
        read(root, given)
    assert given.document is not None
    assert erase_ended_copies(site, root["spaces"]) == 1
    assert (given.document, given.state) == (None, ENDED)


@pytest.mark.parametrize("how", ["closed", "anew", "deleted"])
def test_an_account_that_ends_ends_it(root, site, person, given, how):
    if how == "closed":
        person.space._account.disabled = True
    elif how == "anew":
        person.space._account.public = KeyBundle.new().public
    else:
        del root["spaces"][person.id]
    with pytest.raises(NoSuchItem):
        read(root, given)
    assert erase_ended_copies(site, root["spaces"]) == 1
    assert given.document is None


def test_a_request_can_be_declined(root, site, person):
    request, _reaches = ask(site, "bordeaux", person.space, QUESTION)
    with pytest.raises(Refused):
        answering.decline(person.space, person.bundle, request, "a" * 1001)
    answering.decline(person.space, person.bundle, request, "Trop intime")
    answer = read_answer(request, publisher_identity("bordeaux"))
    assert (answer.reason, answer.title) == ("Trop intime", "")
    with pytest.raises(NoSuchItem):
        answering.decline(person.space, person.bundle, request, "")
    with pytest.raises(NoSuchItem):
        read(root, request)
    forget_request(site, person.space, request)
    assert requests_to(site, person.space) == requests_of(site, "bordeaux") == []


def test_who_is_unknown_is_asked_all_the_same(root, site, person):
    known, reaches = ask(site, "bordeaux", person.space, QUESTION)
    person.space._account.disabled = True
    suspended, missed = ask(site, "bordeaux", person.space, QUESTION)
    unknown, nobody = ask(site, "bordeaux", None, QUESTION)
    assert (reaches, missed, nobody) == (True, False, False)
    assert {r.state for r in (known, suspended, unknown)} == {"waiting"}
    del root["spaces"][person.id]
    for request in (known, suspended, unknown):
        assert not is_over(root["spaces"], request)
    assert requests_to(site, person.space) == [known]
    assert len(requests_of(site, "bordeaux")) == 3


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"to": ""}, "nobody"),
        ({"paper": ""}, "paper"),
        ({"purpose": " " * 2000}, "purpose"),
        ({"days": 1000}, "days"),
    ],
)
def test_what_cannot_be_asked(site, person, changes, reason):
    with pytest.raises(Refused) as refused:
        ask(site, "bordeaux", person.space, replace(QUESTION, **changes))
    assert refused.value.reason == reason


def test_a_copy_in_place_of_another_is_noticed(root, site, person, given):
    other, _reaches = ask(site, "bordeaux", person.space, QUESTION)
    answering.give(person.space, person.bundle, other, person.store(b"x" * 150_000))
    given.document, other.document = other.document, given.document
    with pytest.raises(IntegrityError):
        read(root, given)


def test_the_database_holds_nothing_in_clear(root, given, db):
    records = b"".join(record.data for txn in db.storage.iterator() for record in txn)
    for word in ("Justificatif", "Facture", "Ana"):
        assert word.encode() not in records


def test_requests_go_on_when_the_citizen_gets_new_keys(root, site, person, given):
    note_access(given, "Ana")
    new = KeyBundle.new()
    reseal_letters(requests_to(site, person.space), person.bundle, new)
    person.space._account.public = new.public
    assert read(root, given) == DATA
    assert read_question(given, new.identity) == QUESTION
    assert read_answer(given, new.identity).title == "Facture"
    assert [who for _at, who in answering.accesses(given, new)] == ["Ana"]
    with pytest.raises(IntegrityError):
        read_question(given, person.bundle.identity)


def test_a_copy_is_given_after_the_citizen_got_new_keys(root, site, person):
    document = person.store(DATA, "Facture.bin")
    request, _reaches = ask(site, "bordeaux", person.space, QUESTION)
    former, person.bundle = person.bundle, KeyBundle.new()
    reseal_vault(person.space, former, person.bundle)
    reseal_letters([request], former, person.bundle)
    person.space._account.public = person.bundle.public
    answering.give(person.space, person.bundle, request, document)
    transaction.commit()
    assert read(root, request) == DATA


def test_whether_a_copy_is_still_given_is_asked_of_another_connection(
    root, site, person, given, db
):
    ask_again, oid = goes_on(root["spaces"]), given._p_oid
    root._p_jar.cacheMinimize()
    transaction.abort()
    root._p_jar.close()
    # The next one is that of ``root``: somebody else uses it now.
    manager = transaction.TransactionManager()
    busy, other = db.open(), db.open(transaction_manager=manager)
    busy.close()
    busy.cacheMinimize()
    assert ask_again(other.get(oid))
    other.root()["spaces"]["person"]._account.disabled = True
    assert not ask_again(other.get(oid))
    manager.abort()
    other.close()


def test_what_the_answer_said_ends_with_the_copy(site, person, given):
    answering.stop(given)
    new = KeyBundle.new()
    reseal_letters([given], person.bundle, new)
    assert read_answer(given, new.identity).title == "Facture"
    with pytest.raises(IntegrityError):
        read_answer(given, publisher_identity("bordeaux"))
