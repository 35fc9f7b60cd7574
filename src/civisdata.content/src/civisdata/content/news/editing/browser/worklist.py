"""« À publier »: what waits, is planned and was published, for those who publish it."""

from civisdata.content import _
from civisdata.content.news.browser.pages import NewsPage
from civisdata.content.news.editing import states
from civisdata.content.news.editing.people import may_publish_for
from civisdata.content.news.editing.people import name_of
from DateTime import DateTime
from functools import cached_property
from plone import api


PAGE_SIZE = 20


class Worklist(NewsPage):
    """The news of the publishers for which one publishes, by state."""

    page_title = _("My publications")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

    @cached_property
    def publishers(self) -> list[str]:
        return may_publish_for(self.context)

    @cached_property
    def now(self) -> DateTime:
        return DateTime()

    @property
    def state(self) -> str:
        asked = self.request.form.get("etat")
        known = isinstance(asked, str) and asked in states.TITLES
        return asked if known else next(iter(states.TITLES))

    def _query(self, state: str) -> dict:
        query = {"portal_type": "News Item", "publisher": self.publishers}
        if state == states.SCHEDULED:
            return query | {
                "review_state": states.PUBLISHED,
                "effective": {"query": self.now, "range": "min"},
            }
        if state == states.PUBLISHED:
            return query | {
                "review_state": states.PUBLISHED,
                "effective": {"query": self.now, "range": "max"},
            }
        return query | {"review_state": state}

    def _find(self, state: str, **sorting):
        if not self.publishers:
            return []
        # Whoever publishes for these publishers may see all that is theirs.
        catalog = api.portal.get_tool("portal_catalog")
        return catalog.unrestrictedSearchResults(**self._query(state), **sorting)

    def tabs(self) -> list[dict]:
        here = self.state
        return [
            {
                "title": title,
                "count": len(self._find(state)),
                "url": f"{self.base_url}?etat={state}",
                "current": "page" if state == here else None,
            }
            for state, title in states.TITLES.items()
        ]

    @property
    def base_url(self) -> str:
        return f"{self.context.absolute_url()}/@@a-publier"

    @cached_property
    def found(self) -> tuple[list[dict], int]:
        """The rows of the page, the one changed last first, and how many there are."""
        sorting = {
            "sort_on": "modified",
            "sort_order": "reverse",
            "sort_limit": self.start + PAGE_SIZE,
        }
        if self.state == states.SCHEDULED:
            sorting |= {"sort_on": "effective", "sort_order": "ascending"}
        brains = self._find(self.state, **sorting)
        total = getattr(brains, "actual_result_count", len(brains))
        return [
            self._row(brain) for brain in brains[self.start : self.start + PAGE_SIZE]
        ], total

    def _row(self, brain) -> dict:
        state = states.shown_state(
            brain.review_state, brain.effective, brain.expires, self.now
        )
        return {
            "title": brain.Title,
            "url": brain.getURL(),
            "publisher": self.names.get(brain.publisher, ""),
            "author": name_of(brain.Creator or ""),
            "changed": self.moment(brain.modified),
            "planned": self.moment(brain.effective)
            if state == states.SCHEDULED
            else "",
            "ended": state == states.ENDED,
        }

    def sections(self) -> list[dict]:
        """Where one may write: the publishers' names and the addresses of the forms."""
        places = [
            (id, self.context.unrestrictedTraverse(_path(id), None))
            for id in self.publishers
        ]
        return [
            {
                "title": self.names.get(id, id),
                "url": f"{place.absolute_url()}/++add++News Item",
            }
            for id, place in places
            if place is not None
        ][:5]

    def step_url(self, step: int) -> str | None:
        """Return the address of the next (1) or previous (-1) page, if there is one."""
        start = self.start + step * PAGE_SIZE
        if start < 0 or start >= self.found[1]:
            return None
        return f"{self.base_url}?etat={self.state}&debut={start}"


def _path(publisher: str) -> str:
    return (
        "cub/actualites" if publisher == "cub" else f"communes/{publisher}/actualites"
    )
