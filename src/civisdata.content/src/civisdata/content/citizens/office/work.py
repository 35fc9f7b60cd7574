"""What the desk has done in the background."""

from civisdata.content import _
from civisdata.content.citizens import registrations
from civisdata.content.citizens.keys import TooBusy
from civisdata.content.citizens.office import batches
from civisdata.content.citizens.office import exports
from civisdata.content.citizens.office import post
from civisdata.content.citizens.office import rule
from civisdata.content.citizens.office.store import office_of
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.mail import MailNotSent
from civisdata.content.tasks import nightly
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from civisdata.content.tasks import TemporaryError
import time
import transaction


DAY = 86400

#: For how long the results of batches, and who was in which run of letters, are kept.
KEPT_DAYS = 30


@task(batches.TASK, title=_("Decisions on registrations"))
def decide_registrations(site, progress: Progress, *, batch_id: str) -> None:
    """Decide the lines of a batch that are left; tried again where some stay."""
    try:
        batches.go_on(get_spaces(site), batch_id, progress)
    except batches.Waits:
        raise TemporaryError("registrations wait") from None


@task(rule.TASK, title=_("Automatic acceptance of a registration"))
def accept_by_rule(site, progress: Progress, *, space_id: str) -> None:
    """Accept a registration that keeps the rule; no id: nobody was registered."""
    space = get_spaces(site).get_space(space_id) if space_id else None
    if space is None or not rule.is_on() or rule.objections(space):
        return
    try:
        registrations.accept_by_rule(space)
        transaction.commit()
    except TooBusy:
        raise TemporaryError("busy") from None
    except MailNotSent as error:
        if not post.is_about_address(error):
            raise TemporaryError("mail") from None
        transaction.abort()
        registrations.write_line(space, "no_mail", registrations.BY_RULE)


@task(exports.TASK, title=_("Journals of an exported list"))
def note_export(site, progress: Progress, *, export_id: str) -> None:
    """Note an export in the journal of each citizen who is in it."""
    exports.note_in_journals(get_spaces(site), export_id, progress)


def _receipts(site, progress: Progress) -> None:
    """Send the receipts of sign-ups that the mail server has not taken."""
    try:
        post.send_receipts(get_spaces(site), progress)
    except MailNotSent:
        raise TemporaryError("mail") from None


def _at(hour: int):
    title = _("Receipts that could not be sent")
    return nightly(f"send-receipts-{hour}", hour=hour, title=title)(_receipts)


receipts_in_the_morning = _at(8)
receipts_at_noon = _at(12)
receipts_in_the_afternoon = _at(16)
receipts_in_the_evening = _at(20)


@nightly("purge-desk", hour=2, title=_("Old batches of the registrations desk"))
def purge_desk(site, progress: Progress) -> None:
    """Forget batches, runs of letters and exports whose time is over."""
    office = office_of(get_spaces(site))
    before = time.time() - KEPT_DAYS * DAY
    for kept in (office.batches, office.runs, office.exports):
        for item_id in [id for id, item in kept.items() if item.created < before]:
            del kept[item_id]
