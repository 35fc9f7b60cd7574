"""The tasks that send news by e-mail, and what sets them off."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.news_mail.sending import PARIS
from civisdata.content.citizens.news_mail.sending import send_issue
from civisdata.content.tasks import enqueue
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from datetime import datetime


TASK = "news-mail-at-once"
PAGE = "envois-actualites"

_TITLE = _("News by e-mail: at once")


def _today() -> datetime:
    return datetime.fromtimestamp(clock.now(), PARIS)


def write_at_once(site, progress: Progress) -> None:
    """Mail what has become public to who wants it at once."""
    while send_issue(site, "at-once", None, progress) is not None:
        pass


at_once = task(TASK, title=_TITLE, page=PAGE)(write_at_once)

# News whose publication was set for a later time: no event tells that it has come.
at_once_8 = nightly(f"{TASK}-8", hour=8, title=_TITLE, page=PAGE)(write_at_once)
at_once_11 = nightly(f"{TASK}-11", hour=11, title=_TITLE, page=PAGE)(write_at_once)
at_once_14 = nightly(f"{TASK}-14", hour=14, title=_TITLE, page=PAGE)(write_at_once)
at_once_17 = nightly(f"{TASK}-17", hour=17, title=_TITLE, page=PAGE)(write_at_once)
at_once_20 = nightly(f"{TASK}-20", hour=20, title=_TITLE, page=PAGE)(write_at_once)


@nightly("news-mail-daily", hour=7, title=_("News by e-mail: of the day"), page=PAGE)
def write_daily(site, progress: Progress) -> None:
    """Mail the news of a day."""
    send_issue(site, "daily", f"{_today():%Y-%m-%d}", progress)


@nightly("news-mail-weekly", hour=6, title=_("News by e-mail: of the week"), page=PAGE)
def write_weekly(site, progress: Progress) -> None:
    """Mail the news of a week: on Mondays, or the first day after that it is possible."""
    send_issue(site, "weekly", f"{_today():%G-W%V}", progress)


def after_step(item, event) -> None:
    """A news item was published: whoever wants it at once is written to."""
    if event.new_state is not None and event.new_state.getId() == "published":
        enqueue(TASK)
