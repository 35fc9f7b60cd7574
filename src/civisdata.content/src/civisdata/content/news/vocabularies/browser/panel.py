"""``@@sujets-controlpanel``: the topics of news."""

from civisdata.content import _
from civisdata.content.news.topics import RECORD
from civisdata.content.news.topics import RETIRED_RECORD
from civisdata.content.news.topics import retired_topics
from civisdata.content.news.topics import topics
from civisdata.content.news.vocabularies.changes import BadTopics
from civisdata.content.news.vocabularies.changes import changed
from civisdata.content.news.vocabularies.changes import Topics
from civisdata.content.news.vocabularies.changes import Wish
from civisdata.content.numbers import whole_number
from functools import cached_property
from hashlib import sha256
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zope.i18nmessageid import Message
import json


#: Place of what has none.
LAST = 999


class TopicsPanel(BrowserView):
    """Add, rename, order and retire topics."""

    page_title = _("Topics of news")
    error: Message | None = None

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            if self._save():
                api.portal.show_message(_("The topics are saved."), self.request)
                self.request.response.redirect(self.url, status=303)
                return ""
            self.request.response.setStatus(400)
        return self.index()

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@sujets-controlpanel"

    @cached_property
    def topics(self) -> Topics:
        return Topics(topics(), retired_topics())

    @property
    def version(self) -> str:
        """What tells whether somebody else has changed the topics meanwhile."""
        rows = [list(self.topics.offered.items()), list(self.topics.retired.items())]
        return sha256(json.dumps(rows).encode()).hexdigest()[:16]

    def _text(self, name: str) -> str:
        value = self.request.form.get(name)
        return value if isinstance(value, str) else ""

    @property
    def added(self) -> str:
        return self._text("added")

    @cached_property
    def _counts(self) -> dict[str, int]:
        """How many news each topic has, from the index alone."""
        index = api.portal.get_tool("portal_catalog").Indexes["news_topics"]
        return dict(index.uniqueValues(withLengths=True))

    def rows(self, offered: bool) -> list[dict]:
        """Return the rows of the form, as they were typed where they were."""
        found = self.topics.offered if offered else self.topics.retired
        sent = self.request.get("REQUEST_METHOD") == "POST"
        return [
            {
                "id": id,
                "title": self._text(f"title-{id}") or title if sent else title,
                "position": self._text(f"position-{id}") if sent else str(number),
                "ticked": bool(self._text(f"change-{id}")),
                "news": self._counts.get(id, 0),
            }
            for number, (id, title) in enumerate(found.items(), 1)
        ]

    def _wishes(self) -> list[Wish]:
        found = []
        for id in (*self.topics.offered, *self.topics.retired):
            title = self.request.form.get(f"title-{id}")
            if not isinstance(title, str):
                continue
            place = whole_number(self._text(f"position-{id}").strip(), LAST)
            found.append(
                Wish(
                    id=id,
                    title=title,
                    position=LAST if place is None else place,
                    # The box says « retire » where it is offered, else « offer again ».
                    offered=(id in self.topics.offered)
                    != bool(self._text(f"change-{id}")),
                )
            )
        return found

    def _save(self) -> bool:
        if self._text("version") != self.version:
            self.error = _(
                "Somebody else has changed the topics meanwhile: nothing was saved. "
                "Look at them and make your changes again."
            )
            return False
        try:
            wanted = changed(self.topics, self._wishes(), self.added)
        except BadTopics as error:
            self.error = error.message
            return False
        api.portal.set_registry_record(RECORD, dict(wanted.offered))
        api.portal.set_registry_record(RETIRED_RECORD, dict(wanted.retired))
        return True
