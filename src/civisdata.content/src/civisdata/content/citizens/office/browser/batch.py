"""One batch, and the list of the last ones with the desk's log."""

from civisdata.content import _
from civisdata.content.citizens import registrations
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.office import batches
from civisdata.content.citizens.office.browser.base import ManagersPage
from civisdata.content.citizens.office.browser.base import shown_actor
from civisdata.content.citizens.office.browser.words import BATCHES
from civisdata.content.citizens.office.browser.words import LOG
from civisdata.content.citizens.office.browser.words import RESULTS
from civisdata.content.citizens.office.store import Batch
from functools import cached_property
from itertools import islice
from zExceptions import NotFound
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


#: Lines that were not done, on one page.
SHOWN = 200


@implementer(IPublishTraverse)
class BatchPage(ManagersPage):
    """``@@lot-inscriptions/<id>``: what came of each line, and what waits."""

    page_title = _("A batch of decisions")

    def __init__(self, context, request) -> None:
        super().__init__(context, request)
        self.batch_id = ""

    def publishTraverse(self, request, name: str) -> "BatchPage":
        if self.batch_id:
            raise NotFound(name)
        self.batch_id = name
        return self

    def check_rights(self) -> None:
        super().check_rights()
        if self.batch_id not in self.office.batches:
            raise NotFound(self.batch_id)

    @cached_property
    def batch(self) -> Batch:
        return self.office.batches[self.batch_id]

    def act(self) -> str:
        """Have what waits tried again."""
        if batches.left(self.batch):
            batches.enqueue_rest(self.batch_id)
            self.say(_("What waits is tried again."))
        return self.redirect(self.url)

    @property
    def url(self) -> str:
        return f"{self.base_url}/@@lot-inscriptions/{self.batch_id}"

    @property
    def title(self):
        return BATCHES[self.batch.action]

    @property
    def when(self) -> str:
        return written_moment(self.batch.created)

    @property
    def who(self) -> str:
        return shown_actor(self.batch.actor)

    @property
    def total(self) -> int:
        return len(self.batch.ids)

    @cached_property
    def left(self) -> int:
        return batches.left(self.batch)

    @property
    def decided(self) -> int:
        return self.total - self.left

    @cached_property
    def _not_done(self) -> list[tuple[str, str]]:
        return batches.not_done(self.batch)

    @property
    def done(self) -> int:
        return self.decided - len(self._not_done)

    @property
    def unshown(self) -> int:
        return max(0, len(self._not_done) - SHOWN)

    def rows(self) -> list[dict]:
        """The lines that were not done, each with its reason."""
        return [
            {
                "name": self._name(space_id),
                "url": f"{self.base_url}/@@registration/{space_id}",
                "why": RESULTS[result],
                "gone": result == batches.GONE,
            }
            for space_id, result in islice(self._not_done, SHOWN)
        ]

    def _name(self, space_id: str) -> str:
        space = self.context.get_space(space_id)
        if space is None:
            return space_id
        return registrations.registration_of(space).sortable_name


class Batches(ManagersPage):
    """``@@lots-inscriptions``: the last batches, and what was done with many at once."""

    page_title = _("Batches and log")

    def batches(self) -> list[dict]:
        found = sorted(
            self.office.batches.items(), key=lambda row: row[1].created, reverse=True
        )
        return [
            {
                "url": f"{self.base_url}/@@lot-inscriptions/{batch_id}",
                "title": BATCHES[batch.action],
                "when": written_moment(batch.created),
                "count": len(batch.ids),
                "left": batches.left(batch),
            }
            for batch_id, batch in found[:20]
        ]

    def log(self) -> list[dict]:
        return [
            {
                "when": written_moment(line.time),
                "who": shown_actor(line.actor),
                "what": LOG.get(line.action, line.action),
                "count": line.count,
                "purpose": line.purpose,
                "filters": line.filters,
            }
            for line in self.office.log()
        ]
