"""The second step, as plain functions: codes, passkeys, limits, what is stored."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import keys
from civisdata.content.citizens.limiter import Limiter
from civisdata.content.citizens.limiter import SqliteCounters
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.secondfactor import codes
from civisdata.content.citizens.secondfactor import factors
from civisdata.content.citizens.secondfactor import passkeys
from civisdata.content.citizens.secondfactor import slowing
from civisdata.content.citizens.secondfactor import totp
from civisdata.content.citizens.secondfactor.record import factor_of
from civisdata.content.citizens.secondfactor.record import is_active
from cryptography.exceptions import InvalidTag
from helpers.journal import BareSpace
from helpers.second_factor import Authenticator
from helpers.second_factor import code
from helpers.second_factor import start_app
from helpers.second_factor import start_passkey
from types import SimpleNamespace
import pickle
import pytest
import secrets


SITE = passkeys.Site("civis.example", "https://civis.example")
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
#: RFC 6238, appendix B: time and the last six digits, for « 12345678901234567890 ».
VECTORS = [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def moved():
    """A clock that only moves by hand."""
    state = SimpleNamespace(now=1_800_000_000.0)
    former = clock.set_source(lambda: state.now)
    yield state
    clock.set_source(former)


@pytest.fixture
def space(moved):
    space = BareSpace()
    space.activate()
    return space


@pytest.fixture
def limiter(tmp_path, moved):
    return Limiter(SqliteCounters(tmp_path / "failures.sqlite"), clock.now)


def noted(space) -> list[str]:
    return [entry.action for entry in space._journal.oldest_first()]


def refused(work, *arguments) -> Refused:
    with pytest.raises(Refused) as caught:
        work(*arguments)
    return caught.value


@pytest.mark.parametrize(("now", "digits"), VECTORS)
def test_the_examples_of_the_rfc(now, digits):
    assert totp.matching_step(RFC_SECRET, digits, now, 0) == now // 30


def test_a_clock_may_be_half_a_minute_off():
    at = 1111111109
    steps = [
        totp.matching_step(RFC_SECRET, "081804", at + off, 0)
        for off in (-90, -30, 0, 30, 90)
    ]
    assert steps == [None, at // 30, at // 30, at // 30, None]


def test_an_app_counts_from_its_first_code_on(space, moved):
    secret = factors.begin_app(space)
    assert not is_active(space)
    assert refused(factors.confirm_app, space, "000000").field == "code"
    assert not is_active(space)
    drawn = factors.confirm_app(space, code(secret))
    assert is_active(space)
    assert len(drawn) == len(set(drawn)) == codes.NUMBER
    assert noted(space) == ["second-app-added"]


def test_an_app_that_gives_no_code_in_an_hour_never_counts(space, moved):
    secret = factors.begin_app(space)
    moved.now += factors.PENDING_SECONDS + 1
    refused(factors.confirm_app, space, code(secret))
    assert not is_active(space)


def test_a_code_of_the_app_is_taken_once(space, moved):
    secret, _drawn = start_app(space)
    refused(factors.use_code, space, code(secret))
    moved.now += 30
    shown = code(secret)
    assert factors.use_code(space, f" {shown[:3]} {shown[3:]} ") == factors.APP
    refused(factors.use_code, space, shown)
    moved.now += 30
    refused(factors.use_code, space, shown)
    assert factors.use_code(space, code(secret)) == factors.APP


def test_a_single_use_code_is_taken_once(space):
    _secret, drawn = start_app(space)
    assert factors.use_code(space, drawn[3].lower().replace("-", " ")) == factors.CODE
    refused(factors.use_code, space, drawn[3])
    assert len(factor_of(space).codes) == codes.NUMBER - 1
    new = factors.renew_codes(space)
    refused(factors.use_code, space, drawn[4])
    assert factors.use_code(space, new[0]) == factors.CODE


def test_the_recovery_code_of_the_documents_is_taken(space):
    bundle, recovery = keys.KeyBundle.new(), keys.new_recovery_code()
    space._account.recovery = keys.wrap_with_recovery_code(
        bundle, recovery, space.getId()
    )
    start_app(space)
    assert factors.use_code(space, recovery) == factors.RECOVERY
    refused(factors.use_code, space, keys.new_recovery_code())


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567", "٣٣٣٣٣٣", "\0" * 15])
def test_what_is_no_code(space, typed):
    start_app(space)
    assert refused(factors.use_code, space, typed).field == "code"


def test_codes_of_another_citizen_are_worth_nothing(space, moved):
    other = BareSpace("ponmlkjihgfedcba")
    other.activate()
    secret, _drawn = start_app(space)
    _secret, theirs = start_app(other)
    moved.now += 30
    refused(factors.use_code, other, code(secret))
    refused(factors.use_code, space, theirs[0])
    # Not even where what is stored for one is put in the other's place.
    factor_of(space).codes = factor_of(other).codes
    factor_of(space).codes_salt = factor_of(other).codes_salt
    refused(factors.use_code, space, theirs[0])
    with pytest.raises(InvalidTag):
        factor_of(space).app.open(other)


def test_a_copy_of_the_database_gives_nothing(space):
    secret, drawn = start_app(space)
    start_passkey(space, Authenticator(SITE.name, SITE.origin), SITE)
    stored = pickle.dumps(space._account.second.__getstate__())
    for text in (secret, "porte-clefs", *drawn, *(c.replace("-", "") for c in drawn)):
        assert text.encode() not in stored


def test_another_pepper(space, moved, monkeypatch, tmp_path):
    secret, drawn = start_app(space)
    start_passkey(space, Authenticator(SITE.name, SITE.origin), SITE)
    monkeypatch.setenv("CIVIS_PEPPER_FILE", str(tmp_path / "pepper"))
    moved.now += 30
    refused(factors.use_code, space, code(secret))
    assert factors.name_of(space, factor_of(space).passkeys[0]) == ""
    assert factors.use_code(space, drawn[0]) == factors.CODE
    factors.remove_app(space)
    start_app(space)


def test_the_last_factor_takes_the_codes_with_it(space, moved):
    start_app(space)
    key = Authenticator(SITE.name, SITE.origin)
    assert start_passkey(space, key, SITE) == [], "the codes stay as they are"
    factors.remove_app(space)
    assert is_active(space) and factor_of(space).codes
    refused(factors.remove_app, space)
    factors.remove_passkey(space, key.id)
    assert not is_active(space)
    assert factor_of(space).codes == () and factor_of(space).since is None
    assert noted(space)[-2:] == ["passkey-removed", "second-step-stopped"]


def test_accounts_of_the_version_before(space):
    assert "second" not in space._account.__dict__
    assert not is_active(space)
    refused(factors.use_code, space, "123456")
    start_app(space)
    assert is_active(space)


def test_a_passkey(space):
    key = Authenticator(SITE.name, SITE.origin)
    start_passkey(space, key, SITE)
    (stored,) = factor_of(space).passkeys
    assert factors.name_of(space, stored) == "clef du porte-clefs"
    challenge = secrets.token_bytes(32)
    answer = key.sign(challenge)
    assert factors.use_passkey(space, answer, challenge, SITE) == factors.PASSKEY
    assert factor_of(space).passkeys[0].used
    # The counter of the authenticator doesn't go back, nor stand still.
    refused(factors.use_passkey, space, answer, challenge, SITE)


def test_a_passkey_of_a_wrong_site_or_challenge(space):
    for key in (
        Authenticator(SITE.name, "https://civis.example.evil.org"),
        Authenticator(SITE.name, "http://civis.example"),
        Authenticator("evil.org", SITE.origin),
    ):
        refused(start_passkey, space, key, SITE)
    assert not is_active(space)
    key = Authenticator(SITE.name, SITE.origin)
    start_passkey(space, key, SITE)
    challenge = secrets.token_bytes(32)
    refused(factors.use_passkey, space, key.sign(challenge), bytes(32), SITE)
    key.origin = "https://evil.org"
    refused(factors.use_passkey, space, key.sign(challenge), challenge, SITE)
    elsewhere = passkeys.Site("www.civis.example", "https://www.civis.example")
    key.site, key.origin = elsewhere.name, elsewhere.origin
    refused(factors.use_passkey, space, key.sign(challenge), challenge, elsewhere)


def test_a_challenge_for_a_new_passkey_serves_once_and_soon(space, moved):
    key = Authenticator(SITE.name, SITE.origin)
    answer = key.make(factors.begin_passkey(space, "a"))
    assert factors.drop_challenge(space) is not None
    refused(factors.add_passkey, space, answer, factors.drop_challenge(space), SITE)
    answer = key.make(factors.begin_passkey(space, "a"))
    moved.now += passkeys.SECONDS + 1
    refused(factors.add_passkey, space, answer, factors.drop_challenge(space), SITE)
    assert not is_active(space)


def test_a_passkey_of_another_citizen_and_one_twice(space):
    other = BareSpace("ponmlkjihgfedcba")
    other.activate()
    mine, theirs = (Authenticator(SITE.name, SITE.origin) for _ in range(2))
    start_passkey(space, mine, SITE)
    start_passkey(other, theirs, SITE)
    challenge = secrets.token_bytes(32)
    refused(factors.use_passkey, space, theirs.sign(challenge), challenge, SITE)
    theirs.id = mine.id
    refused(factors.use_passkey, space, theirs.sign(challenge), challenge, SITE)
    refused(start_passkey, space, mine, SITE)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "x" * 30_000, '{"id": 3}'])
def test_an_answer_that_is_none(space, answer):
    start_passkey(space, Authenticator(SITE.name, SITE.origin), SITE)
    refused(factors.use_passkey, space, answer, bytes(32), SITE)
    factors.begin_passkey(space, "a")
    refused(factors.add_passkey, space, answer, factors.drop_challenge(space), SITE)


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "a\0b"])
def test_names_of_passkeys(name):
    assert refused(factors.checked_name, name).field == "name"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://Civis.example", SITE),
        ("http://civis.example", None),
        ("https://192.0.2.1", None),
        ("https://[::1]:8443", None),
        ("http://localhost:8080", passkeys.Site("localhost", "http://localhost:8080")),
        ("", None),
    ],
)
def test_where_passkeys_work(url, site):
    assert passkeys.site_of(url) == site


def test_guessing_from_everywhere_is_slowed(space, limiter, moved):
    """A thousand addresses with the password: few guesses a day, whatever they do."""
    _secret, drawn = start_app(space)
    other = BareSpace("ponmlkjihgfedcba")
    tried = 0
    for number in range(1000):
        client = f"203.{number // 250}.{number % 250}.1"
        try:
            slowing.refuse_if_slowed(space, "123456", limiter, client, False)
        except Refused:
            continue
        tried += 1
        slowing.count_failure(space, "123456", limiter, client)
        moved.now += 86.4
    assert tried < 50
    refused(slowing.refuse_if_slowed, space, "123456", limiter, HERE, False)
    # The citizen comes in all the same: at home, with a passkey, with a code on paper.
    slowing.refuse_if_slowed(space, "123456", limiter, HERE, True)
    slowing.refuse_if_slowed(space, "", limiter, HERE, False)
    slowing.refuse_if_slowed(space, drawn[0], limiter, HERE, False)
    slowing.refuse_if_slowed(other, "123456", limiter, HERE, False)


def test_guessing_from_one_address_is_slowed(space, limiter):
    for _ in range(5):
        slowing.refuse_if_slowed(space, "123456", limiter, HERE, True)
        slowing.count_failure(space, "123456", limiter, HERE)
    refused(slowing.refuse_if_slowed, space, "123456", limiter, HERE, True)
    refused(slowing.refuse_if_slowed, space, "", limiter, HERE, True)
    # A right password forgives failures of the log-in, and none of these.
    limiter.success(space.login, HERE)
    refused(slowing.refuse_if_slowed, space, "123456", limiter, HERE, True)
    slowing.refuse_if_slowed(space, "123456", limiter, ELSEWHERE, False)
