"""A citizen invites somebody: what is checked, counted, written, and not kept."""

from civisdata.content import _
from civisdata.content.checks import FieldError
from civisdata.content.checks import parse_email
from civisdata.content.citizens.inviting import INVITED
from civisdata.content.citizens.inviting.arrivals import invitation_token
from civisdata.content.citizens.inviting.arrivals import row_of
from civisdata.content.citizens.inviting.book import book_of
from civisdata.content.citizens.inviting.book import mark_of
from civisdata.content.citizens.inviting.book import stop_token
from civisdata.content.citizens.inviting.post import deliver
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.news_mail.compose import one_line
from civisdata.content.citizens.passwords import Refused
from civisdata.content.citizens.registration_settings import setting
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.mail import compose
from civisdata.content.mail import sender_of
from plone import api
from zope.i18n import translate
from zope.i18nmessageid import Message
import re
import unicodedata


#: Longest personal word, in characters and in lines.
LONGEST_WORD, MOST_LINES = 500, 12

_DAY = 86400
#: What a mail program would make a link of: the portal's letters lead nowhere else.
_LINK = re.compile(
    r"://|\bwww\.|@|\b[\w-]+\.(app|be|ch|co|com|de|eu|fr|info|io|link|ly|me|net|online"
    r"|org|ru|shop|site|top|uk|xyz)\b",
    re.IGNORECASE,
)
_KEPT = ("\n",)

SUBJECT = _("${name} invites you to Civis Data")
TEXT = _(
    """Hello,

${name} has a personal space with Civis Data, the free public service of the Communauté
urbaine de Bordeaux and of its communes, and invites you to open yours: papers kept in a
safe place that you alone can read, and the news of your commune.
${word}
Find out more and sign up: ${link}

Nothing obliges you to. We have not kept your address: this message is the only one,
unless somebody invites you again, in a month at the earliest.

Never be invited again, in one click: ${stop_link}

${site}
${url}
"""
)
WORD = _(
    """
Their word to you:

${word}
"""
)


def left_today(space, now: float) -> int:
    """Return how many invitations a citizen may still send today."""
    row = row_of(space)
    sent = row["sent"] if row["day"] == int(now // _DAY) else 0
    return max(0, setting("invitations_per_day") - sent)


def clean_word(text: str) -> str:
    """Return the personal word as plain text; Refused where it can't be sent."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    text = text.replace("\t", " ").strip()
    if len(text) > LONGEST_WORD or text.count("\n") >= MOST_LINES:
        raise Refused(
            _(
                "This is too long: ${longest} characters at most, on ${lines} lines.",
                mapping={"longest": LONGEST_WORD, "lines": MOST_LINES},
            ),
            "word",
        )
    for character in text:
        category = unicodedata.category(character)
        if character not in _KEPT and category in (
            "Cc",
            "Cf",
            "Cn",
            "Co",
            "Cs",
            "Zl",
            "Zp",
        ):
            if character == "\u200d":
                # Joins emoji.
                continue
            raise Refused(_("This field holds characters that can't be taken."), "word")
    if _LINK.search(text):
        raise Refused(
            _("Write a word without links or addresses: the message has one already."),
            "word",
        )
    return text


def invite(site, spaces, space, email: str, word: str, now: float) -> None:
    """Invite somebody on behalf of the citizen of ``space``; Refused.

    Whether the address is written to (its owner may have asked for no invitations) is
    told to nobody: all else is the same. Commit raises MailNotSent.
    """
    try:
        email = parse_email(email)
    except FieldError as error:
        raise Refused(error.message, "email") from None
    word = clean_word(word)
    if not left_today(space, now):
        raise Refused(
            _("You have sent all of today's invitations. There are more tomorrow.")
        )
    _count(space, now)
    note(space, INVITED)
    mark = mark_of(email)
    book = book_of(spaces, create=True)
    wanted = book.may_invite(mark, now)
    if wanted:
        book.note(mark, now)
    deliver(site, email, message_to(site, space, email, word, mark, now), wanted)


def _count(space, now: float) -> None:
    row, today = row_of(space, create=True), int(now // _DAY)
    row["sent"] = row["sent"] + 1 if row["day"] == today else 1
    row["day"] = today


def message_to(site, space, email: str, word: str, mark: str, now: float):
    """Return the mail of an invitation, with the headers that end them in one click."""
    url = site.absolute_url()
    language = api.portal.get_default_language()
    stop_link = f"{url}/@@ne-plus-m-inviter?jeton={stop_token(mark)}"
    name = one_line(registration_of(space).display_name)
    quoted = "\n".join(f"> {line}" for line in word.split("\n"))
    words = Message(WORD, mapping={"word": quoted})
    values = {
        "name": name,
        "word": translate(words, target_language=language) if word else "",
        "link": f"{url}/@@inscription?invitation="
        f"{invitation_token(space.getId(), now)}",
        "stop_link": stop_link,
        "site": site.Title(),
        "url": url,
    }
    sender_name, sender = sender_of(site)
    message = compose(
        sender_name=sender_name,
        sender=sender,
        to=email,
        subject=translate(Message(SUBJECT, mapping=values), target_language=language),
        text=translate(Message(TEXT, mapping=values), target_language=language),
    )
    # Long links in headers stay in one piece.
    message.policy = message.policy.clone(max_line_length=900)
    message["List-Unsubscribe"] = f"<{stop_link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
