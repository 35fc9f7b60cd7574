"""A citizen whose password leaked replaces the keys; records of unknown suites."""

from civisdata.content.citizens import keys
from civisdata.content.citizens import resealers
from civisdata.content.citizens.current import session_service
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
from io import BytesIO
import pytest
import transaction


NEW = {"current": PASSWORD, "new": NEW_PASSWORD, "repeated": NEW_PASSWORD}


@pytest.fixture
def document(site, citizen):
    """The id of a document of the citizen."""
    transaction.begin()
    space = get_spaces(site).get_space(citizen.id)
    document_id = store_stream(
        ensure_vault(space),
        citizen.id,
        citizen.bundle,
        name="avis.txt",
        size=4,
        category="local",
        limits=Limits(10**9, 10**9),
        stream=BytesIO(b"avis"),
    )
    transaction.commit()
    return document_id


def page(citizen) -> str:
    return f"/espaces/{citizen.id}/@@nouvelles-cles"


def make(visitor, citizen) -> str:
    """Ask for new keys; return the code."""
    visitor.get(page(citizen))
    return visitor.send("make", **NEW).html.find(id="shown-code").text


def state(space) -> tuple:
    account = space._account
    return account._password, account._recovery, account._public, account.changed


def test_new_keys(citizen, document, visitor, new_visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    other = new_visitor()
    other.log_in(citizen.login, PASSWORD)
    before = state(space_of(citizen))
    code = make(visitor, citizen)
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert state(space_of(citizen)) == before, "nothing counts yet"
    assert other.logged_in
    cookie = visitor.cookies["civis"]
    visitor.send("confirm", code=code.lower())
    assert visitor.path == f"/espaces/{citizen.id}/@@securite"
    assert visitor.cookies["civis"] != cookie
    assert not other.logged_in
    assert len(session_service().list(citizen.id)) == 1
    account = space_of(citizen)._account
    assert account.public != citizen.bundle.public
    assert account.renewal is None
    assert other.log_in(citizen.login, PASSWORD).status_int == 422
    other.log_in(citizen.login, NEW_PASSWORD)
    url = f"/espaces/{citizen.id}/@@documents/{document}/telecharger"
    for each in (visitor, other):
        assert each.get(url).body == b"avis"
    with pytest.raises(keys.WrongRecoveryCode):
        keys.open_with_recovery_code(account.recovery, citizen.code, citizen.id)
    new = keys.open_with_recovery_code(account.recovery, code, citizen.id)
    space = space_of(citizen)
    vault = get_vault(space)
    with open_document(vault, citizen.id, vault.document(document), new) as opened:
        assert opened.metadata.name == "avis.txt"
    # The former password is remembered: it can't be taken again.
    visitor.get(page(citizen))
    again = {"current": NEW_PASSWORD, "new": PASSWORD, "repeated": PASSWORD}
    assert visitor.send("make", **again).status_int == 422


def test_it_says_so_by_mail(citizen, visitor, mail, space_of):
    address = space_of(citizen).email
    visitor.log_in(citizen.login, PASSWORD)
    code = make(visitor, citizen)
    visitor.send("confirm", code=code)
    (text,) = mail(address, 1)
    assert text.startswith("Les clés de votre espace ont été changées")
    assert "@@mot-de-passe-oublie" in text and code not in text


@pytest.mark.parametrize(
    "fields",
    [
        {**NEW, "current": "wrong"},
        {**NEW, "repeated": PASSWORD},
        {**NEW, "new": "court", "repeated": "court"},
        {**NEW, "new": PASSWORD, "repeated": PASSWORD},
    ],
)
def test_refusals_change_nothing(citizen, visitor, space_of, fields):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(page(citizen))
    before = state(space_of(citizen))
    answer = visitor.send("make", **fields)
    assert answer.status_int == 422
    assert not answer.html.find(id="shown-code")
    assert state(space_of(citizen)) == before
    assert space_of(citizen)._account.renewal is None


def test_a_wrong_code_and_a_change_of_mind(citizen, visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    before = state(space_of(citizen))
    code = make(visitor, citizen)
    assert visitor.send("confirm", code="0" * 30).status_int == 422
    assert code not in visitor.page.text
    assert visitor.send("confirm", code=citizen.code).status_int == 422
    visitor.send("drop")
    assert space_of(citizen)._account.renewal is None
    assert state(space_of(citizen)) == before
    visitor.get(page(citizen))
    assert not visitor.page.html.find("button", value="confirm")


def test_new_keys_wait_for_an_hour(citizen, visitor, space_of, moved_clock):
    visitor.log_in(citizen.login, PASSWORD)
    before = state(space_of(citizen))
    code = make(visitor, citizen)
    waiting = visitor.page
    moved_clock.moved = 1500
    visitor.get("/@@session-etat")
    visitor.get(page(citizen))
    assert visitor.page.html.find("button", value="confirm")
    moved_clock.moved = 3000
    visitor.get(page(citizen))
    moved_clock.moved = 3601
    visitor.page = waiting
    assert visitor.send("confirm", code=code).status_int == 422
    assert state(space_of(citizen)) == before


def test_a_change_of_password_drops_new_keys(citizen, visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    code = make(visitor, citizen)
    waiting = visitor.page
    visitor.get(f"/espaces/{citizen.id}/@@securite")
    third = "tambour girafe orage colline"
    visitor.send("password", current=PASSWORD, new=third, repeated=third)
    before = state(space_of(citizen))
    visitor.page = waiting
    assert visitor.send("confirm", code=code).status_int == 422
    assert state(space_of(citizen)) == before


def test_forged_requests_do_nothing(citizen, visitor, new_visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    code = make(visitor, citizen)
    before = state(space_of(citizen))
    for data in ({"action": "confirm", "code": code}, {"action": "make", **NEW}):
        assert visitor.post(page(citizen), data).status_int == 403
    assert state(space_of(citizen)) == before


def test_a_failure_on_the_way_leaves_the_old_keys_and_can_be_resumed(
    citizen, document, visitor, space_of
):
    """The room that fails comes last: all that was sealed before is undone."""

    def fail(space, old, new):
        raise OSError("no space left")

    visitor.log_in(citizen.login, PASSWORD)
    code = make(visitor, citizen)
    waiting = visitor.page
    registered = resealers.resealers()
    before = state(space_of(citizen))
    resealers.register_resealer(fail)
    try:
        assert visitor.send("confirm", code=code).status_int == 500
    finally:
        resealers._resealers[:] = registered
    assert state(space_of(citizen)) == before
    url = f"/espaces/{citizen.id}/@@documents/{document}/telecharger"
    assert visitor.get(url).body == b"avis"
    visitor.page = waiting
    visitor.send("confirm", code=code)
    assert space_of(citizen)._account.public != citizen.bundle.public
    assert visitor.get(url).body == b"avis"


def test_a_locked_vault_has_no_new_keys(citizen, visitor, site, space_of):
    from civisdata.content.citizens import accounts

    transaction.begin()
    accounts.set_password(get_spaces(site).get_space(citizen.id), NEW_PASSWORD, None)
    transaction.commit()
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.get(page(citizen))
    assert not visitor.page.html.find("button", value="make")


def test_a_session_with_former_keys_is_locked(citizen, visitor, space_of):
    """One that was opened, or read, while the keys were replaced."""
    visitor.log_in(citizen.login, PASSWORD)
    space = space_of(citizen)
    space._account.public = keys.KeyBundle.new().public
    transaction.commit()
    answer = visitor.get(f"/espaces/{citizen.id}/@@documents")
    assert answer.status_int == 302
    assert answer.headers["Location"].endswith("@@deverrouiller")


def test_a_record_of_a_newer_version(citizen, visitor, space_of):
    space = space_of(citizen)
    account = space._account
    account._password = {**account._password, "suite": "civis-password-99"}
    transaction.commit()
    answer = visitor.log_in(citizen.login, PASSWORD)
    assert answer.status_int == 503
    assert "plus récente" in visitor.text and "Traceback" not in answer.text
    assert not visitor.cookies.get("civis")


def test_a_recovery_record_of_a_newer_version(citizen, visitor, space_of):
    from civisdata.content.citizens import accounts

    space = space_of(citizen)
    account = space._account
    accounts.set_password(space, NEW_PASSWORD, None)
    account._recovery = {**account._recovery, "suite": "civis-recovery-99"}
    transaction.commit()
    visitor.log_in(citizen.login, NEW_PASSWORD)
    answer = visitor.send("code", current=NEW_PASSWORD, code=citizen.code)
    assert answer.status_int == 503
    assert "plus récente" in visitor.text


def test_a_document_of_a_newer_version(citizen, document, visitor, space_of):
    space = space_of(citizen)
    vault = get_vault(space)
    stored = vault.document(document)
    stored.record = {**stored.record, "suite": "civis-document-99"}
    transaction.commit()
    visitor.log_in(citizen.login, PASSWORD)
    answer = visitor.get(f"/espaces/{citizen.id}/@@documents/{document}/telecharger")
    assert answer.status_int == 501
    assert "plus récente" in visitor.text


def test_a_box_of_a_newer_version(citizen, document, visitor, space_of):
    space = space_of(citizen)
    vault = get_vault(space)
    stored = vault.document(document)
    vault.set_box(stored, b"\x63" + vault.box(stored)[1:])
    transaction.commit()
    visitor.log_in(citizen.login, PASSWORD)
    assert visitor.get(f"/espaces/{citizen.id}/@@documents").status_int == 200
    answer = visitor.get(f"/espaces/{citizen.id}/@@documents/{document}/telecharger")
    assert answer.status_int == 501
