"""The pages of trusted persons, through the real publisher."""

from civisdata.content.citizens import unlocking
from civisdata.content.citizens.keylife import dealing
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.structure import get_spaces
from helpers.visitors import NEW_PASSWORD
from helpers.visitors import PASSWORD
import pytest
import re
import transaction


DELAY = 72 * 3600 + 60
PAGE = "@@personnes-de-confiance"


def page(citizen, name=PAGE) -> str:
    return f"/espaces/{citizen.id}/{name}"


@pytest.fixture
def friends(new_citizen):
    return [new_citizen(name) for name in ("Odile", "Paul", "Berthe")]


@pytest.fixture
def name_them(visitor, citizen, friends):
    def name_them(*logins, needed="2", password=PASSWORD):
        visitor.log_in(citizen.login, PASSWORD)
        visitor.get(page(citizen))
        fields = {f"person{n}": login for n, login in enumerate(logins, start=1)}
        return visitor.send("set-up", needed=needed, current=password, **fields)

    return name_them


def accept(new_visitor, friend, action="accept"):
    visitor = new_visitor()
    visitor.log_in(friend.login, PASSWORD)
    found = visitor.get(page(friend)).html.find_all("button", {"name": "action"})
    (value,) = [
        button["value"] for button in found if button["value"].startswith(f"{action}:")
    ]
    visitor.send(value)
    return visitor


@pytest.fixture
def circle(citizen, friends, site):
    """The citizen's three friends have accepted; two are needed."""
    transaction.begin()
    spaces = get_spaces(site)
    space = spaces.get_space(citizen.id)
    logins = [friend.login for friend in friends]
    dealing.set_up(space, spaces, citizen.bundle, logins, 2)
    members = trust.circle_of(space).members
    for friend, member in zip(friends, members, strict=True):
        dealing.accept(spaces.get_space(friend.id), spaces, member.id)
    transaction.commit()


def lock(site, citizen):
    """Choose a new password by a mail's link: the documents are locked then."""
    transaction.begin()
    spaces = get_spaces(site)
    ticket = unlocking.ask_reset(spaces.get_space(citizen.id))
    unlocking.reset_password(spaces, ticket, NEW_PASSWORD, NEW_PASSWORD)
    transaction.commit()


@pytest.fixture
def locked(circle, citizen, site, visitor):
    """The citizen has chosen a new password and is logged in, locked out."""
    lock(site, citizen)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    return citizen


def call(visitor, citizen) -> str:
    """Call for help from the page that unlocks; return the code."""
    visitor.get(page(citizen, "@@deverrouiller"))
    visitor.page = visitor.page.click(href="@@demander-de-l-aide")
    visitor.send("ask", current=NEW_PASSWORD)
    return visitor.page.html.find(id="call-code").text


def answer(new_visitor, friend, code):
    """Log in as a trusted person and type the code."""
    visitor = new_visitor()
    visitor.log_in(friend.login, PASSWORD)
    visitor.get(page(friend))
    (field,) = visitor.page.html.find_all("input", {"name": _is_code})
    held = field["name"].removeprefix("code-")
    visitor.send(f"confirm:{held}", **{field["name"]: code})
    return visitor


def _is_code(name) -> bool:
    return bool(name) and name.startswith("code-")


def test_the_whole_way(locked, citizen, friends, visitor, new_visitor, moved_clock):
    code = call(visitor, citizen)
    early = new_visitor()
    early.log_in(friends[0].login, PASSWORD)
    early.get(page(friends[0]))
    assert "Colette Duchêne" in early.text
    assert not early.page.html.find_all("input", {"name": _is_code})
    moved_clock.moved = DELAY
    assert answer(new_visitor, friends[0], "0000 0000 0001").page.status_int == 422
    assert answer(new_visitor, friends[0], code).page.status_int == 200
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    assert not visitor.page.html.find("button", value="recover")
    answer(new_visitor, friends[1], code)
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    assert visitor.send("recover", current="wrong").status_int == 422
    visitor.send("recover", current=NEW_PASSWORD)
    assert visitor.path == page(citizen, "@@securite")
    assert "nouveau code de secours" in visitor.text
    assert visitor.get(page(citizen, "@@documents")).status_int == 200
    # The new recovery code can be made at once.
    visitor.get(page(citizen, "@@securite"))
    shown = visitor.send("code", current_for_code=NEW_PASSWORD)
    visitor.send("confirm", code=shown.html.find(id="shown-code").text)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    assert visitor.path == f"/espaces/{citizen.id}"


def test_the_answer_is_the_same_whether_or_not_a_person_exists(
    citizen, friends, name_them, visitor, space_of
):
    def answer(login):
        found = name_them(friends[0].login, login).text
        assert "pas encore de réponse" in visitor.text
        found = re.sub(r"\b[0-9a-f]{40}\b", "TOKEN", found)
        for member in trust.circle_of(space_of(citizen)).members:
            found = found.replace(member.id, "MEMBER")
        visitor.send("end")
        return found.replace(login, "LOGIN")

    assert answer(friends[1].login) == answer("c-22222222")


def test_a_person_sees_who_asks_only_in_the_own_space(
    citizen, friends, name_them, new_visitor, visitor, new_citizen
):
    stranger = new_citizen("Zoé")
    name_them(friends[0].login, friends[1].login)
    friend = new_visitor()
    friend.log_in(friends[0].login, PASSWORD)
    assert "Colette Duchêne" in friend.get(page(friends[0])).html.get_text()
    other = new_visitor()
    other.log_in(stranger.login, PASSWORD)
    assert "Colette" not in other.get(page(stranger)).html.get_text()
    for somebody in (friends[0], citizen):
        assert other.get(page(somebody)).status_int == 404


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (("c-22222222",), "person1"),
        (("c-22222222", "Odile Martin"), "person2"),
        (("c-22222222", "c-22222222"), "person2"),
    ],
)
def test_what_cant_be_named(name_them, citizen, visitor, space_of, fields, error):
    assert name_them(*fields).status_int == 422
    assert visitor.page.html.find(id=f"{error}-error")
    assert trust.circle_of(space_of(citizen)) is None


def test_a_wrong_password_names_nobody(name_them, citizen, friends, space_of, visitor):
    logins = [friend.login for friend in friends]
    assert name_them(*logins, password="wrong").status_int == 422
    assert name_them(*logins, needed="4").status_int == 422
    assert trust.circle_of(space_of(citizen)) is None
    assert not trust.get_trust(space_of(friends[0])).held


def test_refusing_and_leaving(circle, citizen, friends, new_visitor, visitor):
    visitor.log_in(citizen.login, PASSWORD)
    accept(new_visitor, friends[0], "leave")
    visitor.get(page(citizen))
    assert "ne peut plus aider" in visitor.text
    assert "Paul Duchêne" in visitor.text


def test_removing_and_ending(circle, citizen, friends, visitor, space_of):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(page(citizen))
    (first, *_rest) = trust.circle_of(space_of(citizen)).members
    visitor.send(f"remove:{first.id}")
    assert len(trust.circle_of(space_of(citizen)).members) == 2
    assert not trust.get_trust(space_of(friends[0])).held
    assert not visitor.page.html.find("button", value=f"remove:{first.id}")
    visitor.send("end")
    assert trust.circle_of(space_of(citizen)) is None
    assert not trust.get_trust(space_of(friends[1])).held


def test_forged_requests_do_nothing(
    circle, citizen, friends, visitor, new_visitor, space_of
):
    before = trust.circle_of(space_of(citizen)).members
    visitor.log_in(citizen.login, PASSWORD)
    friend = new_visitor()
    friend.log_in(friends[0].login, PASSWORD)
    for somebody, owner, action in (
        (visitor, citizen, "end"),
        (visitor, citizen, f"remove:{before[0].id}"),
        (friend, friends[0], f"leave:{before[0].id}"),
    ):
        answer = somebody.post(page(owner), {"action": action})
        assert answer.status_int == 403
    assert trust.circle_of(space_of(citizen)).members == before
    assert trust.get_trust(space_of(friends[0])).held


def test_a_locked_session_changes_nobody(locked, citizen, visitor, space_of):
    visitor.get(page(citizen))
    assert not visitor.page.html.find("button", value="end")
    token = visitor.page.html.find("input", {"name": "_authenticator"})["value"]
    before = trust.circle_of(space_of(citizen)).members
    for action in ("end", f"remove:{before[0].id}"):
        data = {"action": action, "_authenticator": token}
        assert visitor.post(page(citizen), data).status_int == 422
    assert trust.circle_of(space_of(citizen)).members == before


def test_calling_needs_a_token_and_the_password(locked, citizen, visitor, space_of):
    url = page(citizen, "@@demander-de-l-aide")
    data = {"action": "ask", "current": NEW_PASSWORD}
    assert visitor.post(url, data).status_int == 403
    visitor.get(url)
    assert visitor.send("ask", current="wrong").status_int == 422
    assert trust.circle_of(space_of(citizen)).request is None


def test_who_is_not_locked_out_is_sent_back(circle, citizen, visitor):
    visitor.log_in(citizen.login, PASSWORD)
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    visitor.follow()
    assert visitor.path == f"/espaces/{citizen.id}"


def test_without_trusted_persons_nothing_is_offered(citizen, site, visitor):
    lock(site, citizen)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    assert "demander-de-l-aide" not in visitor.page.text
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    assert not visitor.page.html.find("button", value="ask")


def test_the_code_again_and_a_cancellation(locked, citizen, visitor, space_of):
    code = call(visitor, citizen)
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    assert code not in visitor.page.text
    assert visitor.send("code", current="wrong").status_int == 422
    visitor.send("code", current=NEW_PASSWORD)
    assert visitor.page.html.find(id="call-code").text == code
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    visitor.send("cancel")
    assert trust.circle_of(space_of(citizen)).request is None


def test_the_former_password_at_the_log_in_cancels_the_call(
    locked, citizen, visitor, new_visitor, space_of
):
    owner = new_visitor("203.0.113.7")
    before = owner.log_in(citizen.login, PASSWORD)
    assert before.status_int == 422 and "annulée" not in owner.text
    call(visitor, citizen)
    assert owner.log_in(citizen.login, "wrong").status_int == 422
    assert "annulée" not in owner.text
    assert owner.log_in(citizen.login, PASSWORD).status_int == 422
    assert "annulée" in owner.text and not owner.logged_in
    assert trust.circle_of(space_of(citizen)).request is None
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    assert not visitor.page.html.find("button", value="ask")


def test_too_many_attempts_are_not_even_tried(
    locked, citizen, visitor, new_visitor, space_of
):
    call(visitor, citizen)
    owner = new_visitor("203.0.113.7")
    for _ in range(5):
        owner.log_in(citizen.login, "wrong")
    owner.log_in(citizen.login, PASSWORD)
    assert trust.circle_of(space_of(citizen)).request is not None


def test_a_person_says_that_it_is_not_the_owner(
    locked, citizen, friends, visitor, new_visitor, space_of
):
    call(visitor, citizen)
    accept(new_visitor, friends[0], "deny")
    assert trust.circle_of(space_of(citizen)).request is None


def test_a_locked_trusted_person_is_asked_to_unlock(
    locked, citizen, friends, visitor, new_visitor, moved_clock, site
):
    from civisdata.content.citizens import accounts

    call(visitor, citizen)
    moved_clock.moved = DELAY
    transaction.begin()
    space = get_spaces(site).get_space(friends[0].id)
    accounts.set_password(space, NEW_PASSWORD, None)
    transaction.commit()
    friend = new_visitor()
    friend.log_in(friends[0].login, NEW_PASSWORD)
    friend.get(page(friends[0]))
    assert not friend.page.html.find_all("input", {"name": _is_code})
    assert friend.page.html.find("a", href=lambda url: url and "deverr" in url)


def test_everybody_concerned_is_written_to(
    mail, citizen, friends, name_them, new_visitor, visitor, site, space_of, moved_clock
):
    name_them(friends[0].login, friends[1].login, "c-22222222")
    owner = space_of(citizen).email
    first, second, third = (space_of(friend).email for friend in friends)
    (offer,) = mail(first, 1)
    assert offer.startswith("Quelqu’un souhaite compter sur vous")
    assert "Colette" not in offer and citizen.login not in offer
    for friend in friends[:2]:
        accept(new_visitor, friend)
    lock(site, citizen)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    code = call(visitor, citizen)
    assert "l’aide de vos personnes" in mail(owner, 1)[0]
    asked = mail(second, 2)[1]
    assert "Parlez-lui d’abord" in asked
    assert "Colette" not in asked and code not in asked
    moved_clock.moved = DELAY
    for friend in friends[:2]:
        answer(new_visitor, friend, code)
    visitor.log_in(citizen.login, NEW_PASSWORD)
    visitor.get(page(citizen, "@@demander-de-l-aide"))
    visitor.send("recover", current=NEW_PASSWORD)
    subjects = [text.splitlines()[0] for text in mail(owner, 4)]
    assert subjects.count("Une personne de confiance a répondu à votre demande") == 2
    assert "Vos documents sont de nouveau déverrouillés" in subjects
    assert mail(third, 0) == []


def test_wrong_codes_are_counted_although_they_are_refused(
    locked, citizen, friends, visitor, new_visitor, moved_clock
):
    code = call(visitor, citizen)
    moved_clock.moved = DELAY
    wrong = code.translate(str.maketrans("0123456789", "1234567890"))
    friend = answer(new_visitor, friends[0], wrong)
    (field,) = friend.page.html.find_all("input", {"name": _is_code})
    held = field["name"].removeprefix("code-")
    for typed in (*[wrong] * 4, code):
        friend.send(f"confirm:{held}", **{field["name"]: typed})
        assert friend.page.status_int == 422
    assert "Trop de codes erronés" in friend.text


def test_who_is_locked_out_cannot_end_the_help_for_others(
    circle, citizen, friends, new_visitor, site, space_of
):
    """Whoever came in by a link of a mail erases nothing that others count on."""
    from civisdata.content.citizens import accounts

    transaction.begin()
    space = get_spaces(site).get_space(friends[0].id)
    accounts.set_password(space, NEW_PASSWORD, None)
    transaction.commit()
    friend = new_visitor()
    friend.log_in(friends[0].login, NEW_PASSWORD)
    friend.get(page(friends[0]))
    (held,) = trust.get_trust(space_of(friends[0])).held
    assert f"leave:{held}" not in friend.text
    assert "Déverrouiller mes documents pour refuser" in friend.text
    token = friend.page.html.find("input", {"name": "_authenticator"})["value"]
    data = {"action": f"leave:{held}", "_authenticator": token}
    assert friend.post(page(friends[0]), data).status_int == 422
    assert trust.get_trust(space_of(friends[0])).held[held].share
