"""``/espaces/@@registrations``: the list, filtered and in pages; batches begin here."""

from AccessControl import getSecurityManager
from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens import registrations
from civisdata.content.citizens.catalog import Found
from civisdata.content.citizens.desk import MANAGE
from civisdata.content.citizens.office import batches
from civisdata.content.citizens.office import post
from civisdata.content.citizens.office import printing
from civisdata.content.citizens.office import reasons
from civisdata.content.citizens.office.browser.export import EXPORT
from civisdata.content.citizens.office.browser.filters import Filtered
from civisdata.content.citizens.office.browser.letters import PRINT
from civisdata.content.citizens.office.browser.words import BATCHES
from civisdata.content.citizens.office.browser.words import NO_MAIL
from civisdata.content.citizens.office.browser.words import ORDER_TITLES
from civisdata.content.citizens.office.browser.words import shown_date
from civisdata.content.citizens.office.browser.words import STATES
from civisdata.content.citizens.office.browser.words import WAITING
from civisdata.content.mail import MailNotSent
from civisdata.content.numbers import whole_number
from functools import cached_property
from plone import api
from zope.i18nmessageid import Message
import transaction


PAGE_SIZE = 50

#: What a form says that decides all that match, not the ticked lines.
EVERY = "every"


class Desk(Filtered):
    """List of registrations; ticked lines, or all that match, are decided by POST."""

    page_title = _("Registrations")
    states = STATES
    orders = ORDER_TITLES
    waiting_titles = {id: title for id, (_days, title) in WAITING.items()}
    batch_titles = BATCHES
    most = batches.MOST

    @property
    def page(self) -> int:
        return whole_number(self.typed("page"), 10**6) or 1

    @cached_property
    def _found(self) -> tuple[list[Found], int]:
        return self.catalog.search(
            **self.query, start=(self.page - 1) * PAGE_SIZE, size=PAGE_SIZE
        )

    @property
    def total(self) -> int:
        return self._found[1]

    @property
    def total_in_words(self) -> Message:
        if not self.total:
            return _("No registration matches.")
        if self.total == 1:
            return _("One registration.")
        return _("${count} registrations.", mapping={"count": self.total})

    def rows(self) -> list[dict]:
        base = f"{self.base_url}/@@registration"
        return [
            {
                "id": found.id,
                "url": f"{base}/{found.id}",
                "name": found.name,
                "commune": self.communes.get(found.commune, found.commune),
                "state": found.state,
                "state_title": STATES[found.state],
                "date": shown_date(found.created),
                "doubtful": self.may_manage and self.catalog.is_doubtful(found.id),
                "tickable": self.may_manage and found.state == "pending",
                "ticked": self.posted and found.id in self._ticked,
            }
            for found in self._found[0]
        ]

    @cached_property
    def may_batch(self) -> bool:
        """Whether a line of this page waits for a decision of this user."""
        return any(row["tickable"] for row in self.rows())

    def tabs(self) -> list[dict]:
        """The states with the number of registrations in each."""
        return [
            {
                "url": self.url_of("registrations", state=state),
                "title": title,
                "count": self.catalog.count(state, self.visible),
                "current": "page" if state == self.state else None,
            }
            for state, title in STATES.items()
        ]

    def links(self) -> list[dict]:
        """Ways to the other pages of the desk, with what waits there."""
        count = {"count": printing.waiting(self.context)}
        rows = (
            (
                PRINT,
                "courriers-inscriptions",
                _("Letters to print (${count})", mapping=count),
            ),
            (EXPORT, "export-inscriptions", _("Export this list")),
            (MANAGE, "lots-inscriptions", _("Batches and log")),
        )
        may = getSecurityManager().checkPermission
        return [
            {"url": self.url_of(view), "title": title}
            for permission, view, title in rows
            if may(permission, self.context)
        ]

    @cached_property
    def no_receipt(self) -> int:
        """How many people the mail server has kept from a receipt."""
        return post.waiting_receipts(self.context) if self.may_manage else 0

    @property
    def no_receipt_url(self) -> str:
        return self.url_of("registrations", state="all", mark="no-receipt")

    @property
    def reasons(self) -> dict[str, str]:
        return reasons.reasons()

    @property
    def previous_url(self) -> str | None:
        page = self.page - 1
        return self.url_of("registrations", page=page) if page else None

    @property
    def next_url(self) -> str | None:
        more = self.page * PAGE_SIZE < self.total
        return self.url_of("registrations", page=self.page + 1) if more else None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def ticked_words(self) -> str:
        """What the script says of the ticked lines; « # » is their number."""
        return api.portal.translate(_("Ticked lines: ${count}", mapping={"count": "#"}))

    # Batches

    @cached_property
    def _ticked(self) -> list[str]:
        return as_list(self.request.form.get("ids"))

    def act(self) -> str | None:
        if self.typed("action") == "receipts":
            return self._send_receipts()
        try:
            ids = self._asked_for()
            reason = reasons.composed(self.typed("reason_id"), self.typed("reason"))
            batch_id = batches.begin(
                self.context, self.typed("action"), ids, self.me, reason
            )
        except KeyError:
            self.refuse_with(
                _("This reason is no longer in the list. Choose again."), 409
            )
        except registrations.ReasonMissing:
            self.refuse_with(
                _(
                    "Write the reason, in ${longest} characters at most: it is sent to "
                    "the person.",
                    mapping={"longest": registrations.LONGEST_REASON},
                ),
                422,
            )
        except batches.CannotBegin as error:
            self.refuse_with(CANNOT_BEGIN[error.reason], 422)
        else:
            return self._decide(batch_id, len(ids))
        return None

    def _asked_for(self) -> list[str]:
        """Return the ids to decide; those of all that match only as they were counted."""
        if self.typed("scope") != EVERY:
            return self._ticked
        ids = self.ids(batches.MOST + 1)
        if len(ids) != whole_number(self.typed("counted"), 10**9):
            raise batches.CannotBegin("changed")
        return ids

    def _decide(self, batch_id: str, count: int) -> str:
        if count > batches.AT_ONCE:
            batches.enqueue_rest(batch_id)
        else:
            transaction.commit()
            try:
                batches.go_on(self.context, batch_id)
            except batches.Waits:
                batches.enqueue_rest(batch_id)
        return self.redirect(f"{self.base_url}/@@lot-inscriptions/{batch_id}")

    def _send_receipts(self) -> str | None:
        try:
            sent = post.send_receipts(self.context)
        except MailNotSent:
            self.refuse_with(NO_MAIL)
            return None
        self.say(_("Receipts sent: ${count}.", mapping={"count": sent}))
        return self.redirect(self.list_url)


CANNOT_BEGIN = {
    "action": _("Choose what is to be done."),
    "nobody": _("Tick at least one line."),
    "many": _(
        "These are too many at once: ${most} at most.", mapping={"most": batches.MOST}
    ),
    "changed": _(
        "The list has changed meanwhile: nothing was decided. Look at it and try again."
    ),
}
