"""The nightly task that writes reminders."""

from civisdata.content import _
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.vault.reminder_mail import send_reminders
from datetime import datetime
from zoneinfo import ZoneInfo


@nightly("send-reminders", hour=6, title=_("Reminders by e-mail"))
def write_reminders(site, progress: Progress) -> None:
    """Write to those for whom something is to be announced this week."""
    send_reminders(site, datetime.now(ZoneInfo("Europe/Paris")).date())
