"""The mails of publication: to those who approve, and back to the authors."""

from civisdata.content import _
from civisdata.content.mail import MailNotSent
from civisdata.content.mail import send_mail
from civisdata.content.news.editing.notices import get_notices
from civisdata.content.news.editing.notices import TASK
from civisdata.content.news.editing.people import address_of
from civisdata.content.news.editing.people import name_of
from civisdata.content.news.editing.people import reviewers_of
from civisdata.content.news.reuse.sources import item_of
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from civisdata.content.tasks import TemporaryError
from plone import api
from zope.i18n import translate
from zope.i18nmessageid import Message
import logging
import time
import transaction


logger = logging.getLogger("civisdata.news")

SUBJECT = _("News: what is new in your publications")

TEXT = _(
    """Hello,

${lines}

All your publications: ${worklist_url}

${site}
${url}
"""
)

LINES = {
    "submit": _("Waits for your approval: « ${title} »"),
    "publish": _("Approved by ${who} and published: « ${title} »"),
    "reject": _("Sent back to you by ${who}: « ${title} »"),
    "withdrawn": _(
        "The original is no longer public; what you took over is a draft again: "
        "« ${title} »"
    ),
}

COMMENT = _("Comment: ${comment}")


@task(TASK, title=_("Mail about publications"))
def send_notices(site, progress: Progress) -> None:
    """Mail what waits, but nothing to whom a mail has just gone."""
    mail_what_waits(site, time.time())


@nightly("news-notices-rest", hour=7, title=_("Mail about publications: the rest"))
def send_the_rest(site, progress: Progress) -> None:
    """Mail what the pauses between mails or an outage have kept back."""
    mail_what_waits(site, time.time(), patient=False)


def mail_what_waits(site, now: float, patient: bool = True) -> int:
    """Mail all notes, one mail a person; give how many were sent.

    Each mail is a transaction of its own, committed here: whoever was written to isn't
    again, however often this runs. ``TemporaryError`` where directory or mail server
    don't answer; the notes stay.
    """
    _hand_out(site)
    count, failed = 0, False
    for key in get_notices(site).pending():
        try:
            count += _mail(site, key, now, patient)
            transaction.commit()
        except MailNotSent:
            transaction.abort()
            failed = True
            break
        except ValueError:
            # An address that can't be written to must not hold up the others.
            transaction.abort()
            logger.error("publications: an address can't be written to")
            get_notices(site).take(key)
            transaction.commit()
    if failed:
        raise TemporaryError("the mail server takes no mail")
    return count


def _hand_out(site) -> None:
    """Give the notes for a publisher to each of those who publish for it."""
    notices = get_notices(site)
    for key in notices.pending():
        kind, _colon, publisher = key.partition(":")
        if kind != "publisher":
            continue
        people = reviewers_of(site, publisher)
        for note in notices.take(key):
            for user_id in people:
                if user_id != note[3]:
                    notices.add(f"person:{user_id}", note)
        transaction.commit()


def _mail(site, key: str, now: float, patient: bool) -> int:
    notices = get_notices(site)
    if not key.startswith("person:") or (patient and notices.rests(key, now)):
        return 0
    language, url = api.portal.get_default_language(), site.absolute_url()
    lines = [line for note in notices.take(key) if (line := _line(note, language))]
    address = address_of(site, key.partition(":")[2]) if lines else ""
    if not address:
        return 0
    values = {
        "lines": "\n\n".join(lines),
        "worklist_url": f"{url}/@@a-publier",
        "site": site.Title(),
        "url": url,
    }
    text = translate(Message(TEXT, mapping=values), target_language=language)
    send_mail(site, address, translate(SUBJECT, target_language=language), text)
    notices.mailed(key, now)
    return 1


def _line(note: tuple, language: str) -> str:
    """Return what is said of a note; nothing where it is no longer so."""
    uid, step, comment, actor = note
    item = item_of(uid)
    if item is None:
        return ""
    if step == "submit" and api.content.get_state(item) != "submitted":
        return ""
    values = {"title": item.Title(), "who": name_of(actor)}
    line = translate(Message(LINES[step], mapping=values), target_language=language)
    if comment:
        said = Message(COMMENT, mapping={"comment": comment})
        line += "\n" + translate(said, target_language=language)
    return f"{line}\n{item.absolute_url()}"
