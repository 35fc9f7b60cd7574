"""``@@sujets-controlpanel``: the topics of news."""

from civisdata.content import _
from civisdata.content.news.topics import RECORD
from civisdata.content.news.topics import RETIRED_RECORD
from civisdata.content.news.topics import retired_topics
from civisdata.content.news.topics import topics
from civisdata.content.news.vocabularies.browser.base import VocabularyPanel
from civisdata.content.news.vocabularies.changes import changed
from civisdata.content.news.vocabularies.changes import Topics
from civisdata.content.news.vocabularies.changes import Wish
from civisdata.content.numbers import whole_number
from functools import cached_property
from plone import api


#: Place of what has none.
LAST = 999


class TopicsPanel(VocabularyPanel):
    """Add, rename, order and retire topics."""

    page_title = _("Topics of news")
    name = "sujets-controlpanel"
    index_name = "news_topics"
    saved = _("The topics are saved.")
    changed_meanwhile = _(
        "Somebody else has changed the topics meanwhile: nothing was saved. "
        "Look at them and make your changes again."
    )

    @cached_property
    def topics(self) -> Topics:
        return Topics(topics(), retired_topics())

    def state(self) -> list:
        return [list(self.topics.offered.items()), list(self.topics.retired.items())]

    def rows(self, offered: bool) -> list[dict]:
        """Return the rows of the form, as they were typed where they were."""
        found = self.topics.offered if offered else self.topics.retired
        return [
            {
                "id": id,
                "title": self.typed(f"title-{id}") or title,
                "position": self.typed(f"position-{id}")
                if self.posted
                else str(number),
                "ticked": bool(self.typed(f"change-{id}")),
                "news": self.counts.get(id, 0),
            }
            for number, (id, title) in enumerate(found.items(), 1)
        ]

    def _wishes(self) -> list[Wish]:
        found = []
        for id in (*self.topics.offered, *self.topics.retired):
            title = self.request.form.get(f"title-{id}")
            if not isinstance(title, str):
                continue
            place = whole_number(self.typed(f"position-{id}").strip(), LAST)
            found.append(
                Wish(
                    id=id,
                    title=title,
                    position=LAST if place is None else place,
                    # The box says « retire » where it is offered, else « offer again ».
                    offered=(id in self.topics.offered)
                    != bool(self.typed(f"change-{id}")),
                )
            )
        return found

    def change(self) -> None:
        wanted = changed(self.topics, self._wishes(), self.added)
        api.portal.set_registry_record(RECORD, dict(wanted.offered))
        api.portal.set_registry_record(RETIRED_RECORD, dict(wanted.retired))
