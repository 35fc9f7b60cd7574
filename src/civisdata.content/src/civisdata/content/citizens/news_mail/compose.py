"""The mail: text and HTML, made of plain values."""

from chameleon import PageTemplateFile
from civisdata.content import _
from civisdata.content.checks import parse_email
from civisdata.content.news.dates import long_date
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from zope.i18n import translate
from zope.i18nmessageid import Message
import re


SUBJECTS = {
    "at-once": _("${count} news items for you"),
    "daily": _("Your news of ${day}"),
    "weekly": _("Your news of the week"),
}

WHY = {
    "at-once": _(
        "You receive this message because you asked for your news at once by e-mail."
    ),
    "daily": _(
        "You receive this message because you asked for your news by e-mail once a day."
    ),
    "weekly": _(
        "You receive this message because you asked for your news by e-mail once a week."
    ),
}

_WORDS = {
    "hello": _("Hello ${name},"),
    "lead": _("Here is what has been published for you."),
    "habit": _("A good habit"),
    "settings": _("Change how often I am written to"),
    "stop": _("No longer receive these messages"),
    "never": _(
        "Nobody of the Communauté urbaine or of your commune will ever ask you for your "
        "password."
    ),
}


@dataclass(frozen=True)
class Entry:
    """A news item as a mail shows it."""

    title: str
    summary: str
    url: str
    publisher: str
    published: datetime


@dataclass(frozen=True)
class Habit:
    """A « bon geste »."""

    title: str
    text: str


@dataclass(frozen=True)
class Letter:
    """All that one mail is made of. Addresses of pages are absolute."""

    sender_name: str
    sender: str
    to: str
    name: str
    message_id: str
    list_id: str
    rhythm: str
    entries: Sequence[Entry]
    site: str
    site_url: str
    settings_url: str
    stop_url: str
    now: datetime
    habit: Habit | None = None
    language: str = "fr"


def one_line(text: str) -> str:
    """Return ``text`` without line ends or other control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())


@cache
def _template() -> PageTemplateFile:
    return PageTemplateFile(str(Path(__file__).with_name("mail.pt")))


@cache
def _said(text: str, language: str) -> str:
    return translate(text, target_language=language)


def _words(letter: Letter) -> dict[str, str]:
    words = {name: _said(text, letter.language) for name, text in _WORDS.items()}
    # The name is put in here, as what is translated once serves for everybody.
    words["hello"] = words["hello"].replace("${name}", one_line(letter.name))
    return words | {"why": _said(WHY[letter.rhythm], letter.language)}


def subject(letter: Letter) -> str:
    """Return the subject: the title of a single item, else what the mail holds."""
    if len(letter.entries) == 1:
        return one_line(letter.entries[0].title)[:200]
    values = {
        "count": str(len(letter.entries)),
        "day": long_date(letter.now, letter.language),
    }
    message = Message(SUBJECTS[letter.rhythm], mapping=values)
    return translate(message, target_language=letter.language)


def text_of(letter: Letter) -> str:
    """Return the mail as plain text."""
    words = _words(letter)
    parts = [words["hello"], words["lead"]]
    for entry in letter.entries:
        day = long_date(entry.published, letter.language)
        lines = [f"* {one_line(entry.title)}", f"{one_line(entry.publisher)}, {day}"]
        if entry.summary:
            lines.append(one_line(entry.summary))
        parts.append("\n".join([*lines, entry.url]))
    if letter.habit is not None:
        title = f"{words['habit']}{_colon(letter.language)} {letter.habit.title}"
        parts.append(f"{title}\n{letter.habit.text}")
    parts.append(words["never"])
    parts.append(f"-- \n{letter.site}\n{letter.site_url}")
    parts.append(
        f"{words['why']}\n"
        f"{words['settings']}{_colon(letter.language)} {letter.settings_url}\n"
        f"{words['stop']}{_colon(letter.language)} {letter.stop_url}"
    )
    return "\n\n".join(parts) + "\n"


def _colon(language: str) -> str:
    return "\u00a0:" if language.startswith("fr") else ":"


def html_of(letter: Letter) -> str:
    """Return the mail as HTML: no image, no script, nothing fetched from anywhere."""
    return _template()(
        letter=letter,
        title=subject(letter),
        words=_words(letter),
        habit_lines=letter.habit.text.split("\n") if letter.habit else (),
        day=lambda moment: long_date(moment, letter.language),
    )


def headers_of(letter: Letter) -> Mapping[str, str]:
    """Return the headers that a list's mail has (RFC 2919, 2369, 8058, 3834)."""
    return {
        "Message-ID": letter.message_id,
        "Date": format_datetime(letter.now.astimezone(UTC)),
        "List-Id": letter.list_id,
        "List-Unsubscribe": f"<{letter.stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
    }


def compose(letter: Letter) -> EmailMessage:
    """Return the message; ValueError where the address can't be written to."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(
        one_line(letter.sender_name), addr_spec=one_line(letter.sender)
    )
    message["To"] = parse_email(letter.to)
    message["Subject"] = subject(letter)
    for name, value in headers_of(letter).items():
        message[name] = value
    message.set_content(text_of(letter), charset="utf-8", cte="quoted-printable")
    message.add_alternative(
        html_of(letter), subtype="html", charset="utf-8", cte="quoted-printable"
    )
    return message


#: Long links in headers stay in one piece.
_POLICY = SMTP.clone(utf8=False, max_line_length=900)
