"""What a password has to be: long enough and hard to guess, and not a former one."""

from civisdata.content import _
from civisdata.content.citizens.account_record import Account
from civisdata.content.citizens.keys import check_password
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zxcvbn import zxcvbn
import secrets
import unicodedata


MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 512
#: Of zxcvbn's 0 to 4: at least 10**8 guesses.
MINIMUM_SCORE = 3
#: zxcvbn's time grows with the square of the length; more than this adds nothing.
_JUDGED = 72

#: No 0, 1, i, l, o: they are mistaken for each other on paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LOGIN_LENGTH = 8
_GROUPS, _GROUP = 4, 4

#: Words that anybody here would try.
LOCAL_WORDS = tuple(
    Path(__file__).with_name("local_words.txt").read_text(encoding="utf-8").split()
)


class Refused(Exception):
    """An action is refused; ``message`` says why to the citizen, ``field`` where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def new_login() -> str:
    """Draw a log-in name, such as ``c-7kq4m2xz``."""
    return "c-" + "".join(secrets.choice(ALPHABET) for _ in range(LOGIN_LENGTH))


def is_citizen_login(login: str) -> bool:
    """Say whether ``login`` has the form of a citizen's log-in name."""
    return (
        len(login) == LOGIN_LENGTH + 2
        and login.startswith("c-")
        and set(login[2:]) <= set(ALPHABET)
    )


def normalise_login(text: str) -> str:
    """Return a log-in name as it is stored from what a person typed."""
    return unicodedata.normalize("NFKC", text).strip().lower()[:200]


def new_first_password() -> str:
    """Draw a password to hand over: 79 random bits in four groups of four."""
    symbols = [
        "".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)
    ]
    return "-".join(symbols)


def normalise_first_password(text: str) -> str:
    """Return a first password's symbols from what a person typed."""
    wide = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in wide if character.isalnum())


def _bare(text: str) -> str:
    """Return ``text`` in small letters without accents, as a guesser tries it."""
    split = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def check_strength(
    password: str, words: Iterable[str] = (), field: str = "new"
) -> None:
    """Raise Refused where a password is too short, too long or easily guessed.

    ``words``: what is known of its citizen (names, address for mail, log-in name).
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < MINIMUM_LENGTH:
        raise Refused(
            _(
                "The password is too short: it needs ${count} characters at least.",
                mapping={"count": MINIMUM_LENGTH},
            ),
            field,
        )
    if len(text) > MAXIMUM_LENGTH:
        raise Refused(
            _(
                "The password is too long: ${count} characters at most.",
                mapping={"count": MAXIMUM_LENGTH},
            ),
            field,
        )
    known = [*LOCAL_WORDS, *(_bare(word) for word in words if word)]
    judged = (text[:_JUDGED], _bare(text[:_JUDGED]))
    if min(zxcvbn(each, user_inputs=known)["score"] for each in judged) < MINIMUM_SCORE:
        raise Refused(
            _(
                "This password is too easy to guess. Four or five words that have "
                "nothing to do with each other make a good one."
            ),
            field,
        )


def check_not_used(
    account: Account, password: str, pepper: bytes, user_id: str, field: str = "new"
) -> None:
    """Raise Refused where a password is the current one or one of the last five."""
    records = [account.password, account.previous, *account.history]
    used = any(
        check_verifier(record, password, pepper, user_id)
        for record in records
        if record is not None
    )
    symbols = normalise_first_password(password)
    if account.first is not None and not used:
        used = check_verifier(account.first, symbols, pepper, user_id)
    if used:
        raise Refused(
            _("You have had this password already. Choose one that is new."), field
        )


def check_verifier(record, password: str, pepper: bytes, user_id: str) -> bool:
    """Say whether a password is a record's one; the wrap is left alone."""
    bare = replace(record, wrapped=None)
    return check_password(bare, password, pepper, user_id=user_id).ok
