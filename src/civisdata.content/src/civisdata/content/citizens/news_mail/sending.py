"""Sends the issues: each reader at most once, whatever happens in between.

See ``book`` for what is committed when. A mail that the mail server has certainly not
taken is given back and sent later; one of which nobody knows is reported.
"""

from Acquisition import aq_base
from civisdata.content.citizens import clock
from civisdata.content.citizens.good_habits.series import Due
from civisdata.content.citizens.good_habits.series import due_for
from civisdata.content.citizens.news_mail import bounces
from civisdata.content.citizens.news_mail import tokens
from civisdata.content.citizens.news_mail.arrivals import DAY
from civisdata.content.citizens.news_mail.arrivals import note_arrivals
from civisdata.content.citizens.news_mail.book import Book
from civisdata.content.citizens.news_mail.book import Busy
from civisdata.content.citizens.news_mail.book import Claim
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.book import Run
from civisdata.content.citizens.news_mail.compose import compose
from civisdata.content.citizens.news_mail.compose import Entry
from civisdata.content.citizens.news_mail.compose import Habit
from civisdata.content.citizens.news_mail.compose import Letter
from civisdata.content.citizens.news_mail.post import MailHostPost
from civisdata.content.citizens.news_mail.post import Outcome
from civisdata.content.citizens.news_mail.post import Post
from civisdata.content.citizens.news_mail.selection import Selection
from civisdata.content.citizens.newsread.choices import choices_of
from civisdata.content.citizens.registrations import catalog_of
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import sender_of
from civisdata.content.mail import server_of
from civisdata.content.news.ages import ages
from civisdata.content.tasks import Progress
from civisdata.content.tasks import TemporaryError
from civisdata.content.territory.directory import publisher_names
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from email.message import EmailMessage
from plone import api
from Products.MailHost.MailHost import MailBase
from zoneinfo import ZoneInfo
import logging
import secrets
import transaction


logger = logging.getLogger("civisdata.news")

PARIS = ZoneInfo("Europe/Paris")

#: Readers that are looked at between two notes of how far the run is.
BATCH = 200

#: Seconds of news that the first mail holds, for who has had none yet.
FIRST = {"at-once": DAY, "daily": DAY, "weekly": 7 * DAY}


@dataclass(frozen=True)
class Ready:
    """A mail that can leave."""

    claim: Claim
    habit: int | None
    envelope_sender: str
    to: str
    message: EmailMessage


class Sender:
    """Writes one issue to the readers of one rhythm."""

    def __init__(self, site, rhythm: str, post) -> None:
        self.site = site
        self.rhythm = rhythm
        self.post = post
        self.owner = secrets.token_hex(8)
        self.spaces = get_spaces(site)
        self.book: Book = get_book(site, create=True)
        self.run: Run = self.book.run(rhythm)
        self.selection = Selection(self.book.arrivals)
        self.sender_name, self.sender = sender_of(site)
        self.domain = self.sender.rpartition("@")[2]
        self.url = site.absolute_url()
        self.title = site.Title()
        self.language = api.portal.get_default_language()
        self.names = publisher_names(site)

    def begin(self, issue: str | None, now: float) -> bool:
        """Begin an issue, or go on with it; False where there is nothing to do.

        ``issue`` None: whatever has arrived since the last one. Committed here.
        """
        try:
            run = self.book.take_over(self.rhythm, self.owner, now)
        except Busy:
            transaction.abort()
            raise TemporaryError("another server sends these mails") from None
        last = note_arrivals(self.book.arrivals, now)
        if issue is None:
            wanted = last > run.until or not run.finished
            if wanted and run.finished:
                run.start(str(last), last, now)
        else:
            wanted = run.issue != issue or not run.finished
            if run.issue != issue:
                run.start(issue, last, now)
                self.book.forget_gone(self.spaces)
        transaction.commit()
        return wanted

    def write_all(self, progress: Progress) -> None:
        """Write to all readers that have not been written to; see ``send_issue``."""
        run, catalog = self.run, catalog_of(self.spaces)
        total = catalog.count_rhythm(self.rhythm)
        delayed, run.again = run.again, ()
        self._write_batch(delayed)
        seen = 0
        while batch := catalog.of_rhythm(self.rhythm, run.position, BATCH):
            self._write_batch(batch)
            run.position = batch[-1]
            seen += len(batch)
            self._commit()
            self.site._p_jar.cacheGC()
            progress(seen, max(total, seen))
        if not run.again:
            run.end(clock.now())
        self._commit()
        if run.again:
            raise TemporaryError("some mails are delayed by the mail server")

    def _commit(self) -> None:
        if self.run.owner != self.owner:
            transaction.abort()
            raise TemporaryError("another server has taken over")
        self.run.seen = clock.now()
        transaction.commit()

    def _write_batch(self, batch) -> None:
        for space_id in batch:
            ready = self._prepare(space_id, clock.now())
            if ready is not None:
                self._write(ready)

    def _prepare(self, space_id: str, now: float) -> Ready | None:
        """Make a reader's mail; None where there is nothing to write, or no longer."""
        space = self.spaces.get_space(space_id)
        if space is None or space_id in self.book.stopped:
            return None
        person, run = registration_of(space), self.run
        former = self.book.issues.get(space_id)
        here = datetime.fromtimestamp(now, PARIS)
        items = self.selection.items(
            choices_of(person, here.date(), ages()),
            run.until,
            now,
            after=former,
            since=now - FIRST[self.rhythm],
        )
        # Who changed the rhythm meanwhile is written to at the new one.
        if not items or person.mail_rhythm != self.rhythm:
            return None
        due = self._habit(space, here.date())
        letter = Letter(
            sender_name=self.sender_name,
            sender=self.sender,
            to=person.email,
            name=person.display_name,
            message_id=tokens.message_id(space_id, run.until, self.domain),
            list_id=f"<actualites.{self.domain}>",
            rhythm=self.rhythm,
            entries=[self._entry(item) for item in items],
            site=self.title,
            site_url=self.url,
            settings_url=f"{self.url}/espaces/{space_id}/@@courriels",
            stop_url=f"{self.url}/@@desabonnement?jeton="
            f"{tokens.unsubscribe_token(space_id)}",
            now=here,
            habit=due and Habit(due.title, due.text),
            language=self.language,
        )
        try:
            message = compose(letter)
        except ValueError:
            logger.error("news by e-mail: space %s can't be written to", space_id)
            return None
        former_habit = self.book.habits.get(space_id)
        return Ready(
            Claim(space_id, letter.message_id, now, former, former_habit),
            due and due.number,
            tokens.return_address(space_id, run.until, self.domain),
            person.email,
            message,
        )

    def _habit(self, space, today: date) -> Due | None:
        """Return the « bon geste » that is due, unless it was mailed already."""
        found = due_for(self.site, space, today)
        mailed = self.book.habits.get(space.getId())
        return None if found is None or found.number == mailed else found

    def _entry(self, item) -> Entry:
        return Entry(
            title=item.title,
            summary=item.summary,
            url=item.url,
            publisher=self.names.get(item.publisher, ""),
            published=item.published,
        )

    def _write(self, ready: Ready) -> None:
        if not self.post.ready():
            self._commit()
            raise TemporaryError("the mail server can't be reached")
        self.book.make_claim(self.run, ready.claim, ready.habit, clock.now())
        self._commit()
        outcome = self.post.send(ready.envelope_sender, ready.to, ready.message)
        if outcome is Outcome.TAKEN:
            self.book.confirm(self.run)
        elif outcome is Outcome.UNKNOWN:
            logger.warning("news by e-mail: nobody knows whether a mail has left")
            self.book.doubt(self.run)
        else:
            self.book.give_back(self.run)
        if outcome is Outcome.REFUSED:
            logger.error("news by e-mail: a mail is refused")
        elif outcome is Outcome.NO_SUCH:
            bounces.count(self.site, ready.claim.space_id, self.run.until, clock.now())
        elif outcome is Outcome.LATER:
            self.run.again = (*self.run.again, ready.claim.space_id)
        elif outcome is Outcome.DOWN:
            self._commit()
            raise TemporaryError("the mail server takes no mail")


def send_issue(
    site, rhythm: str, issue: str | None, progress: Progress, post=None
) -> Sender | None:
    """Write an issue to all readers of a rhythm; None where there was nothing to do.

    ``issue`` names it: called again with the same name, what is missing is written, and
    nothing once it is finished. None: what has arrived since the last issue.
    TemporaryError where the mail server doesn't work; nothing is lost then.
    """
    post = post or post_of(site)
    sender = Sender(site, rhythm, post)
    if not sender.begin(issue, clock.now()):
        return None
    try:
        sender.write_all(progress)
    finally:
        post.close()
    return sender


def post_of(site):
    """Return the way to the mail server of the portal's settings."""
    mailhost = api.portal.get_tool("MailHost")
    if getattr(type(aq_base(mailhost)), "_send", None) is not MailBase._send:
        return MailHostPost(mailhost)
    return Post(server_of(mailhost))
