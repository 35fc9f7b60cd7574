"""``@@ages-controlpanel``: the age brackets of news and registrations."""

from civisdata.content import _
from civisdata.content.news.ages import Ages
from civisdata.content.news.ages import ages
from civisdata.content.news.ages import RECORD
from civisdata.content.news.ages import RETIRED_RECORD
from civisdata.content.news.ages import title_of
from civisdata.content.news.vocabularies.age_changes import BadAges
from civisdata.content.news.vocabularies.age_changes import changed
from civisdata.content.news.vocabularies.age_changes import OLDEST
from civisdata.content.news.vocabularies.age_changes import Wish
from civisdata.content.news.vocabularies.browser.base import VocabularyPanel
from civisdata.content.numbers import whole_number
from functools import cached_property
from plone import api


class AgesPanel(VocabularyPanel):
    """Change limits of age brackets, add and retire some."""

    page_title = _("Age brackets")
    name = "ages-controlpanel"
    index_name = "news_ages"
    saved = _("The age brackets are saved.")
    changed_meanwhile = _(
        "Somebody else has changed the age brackets meanwhile: nothing was saved. "
        "Look at them and make your changes again."
    )

    @cached_property
    def ages(self) -> Ages:
        return ages()

    def state(self) -> list:
        return [sorted(self.ages.offered.items()), sorted(self.ages.retired.items())]

    def rows(self, offered: bool) -> list[dict]:
        """Return the rows of the form, as they were typed where they were."""
        titles = self.ages.titles()
        found = titles if offered else sorted(self.ages.retired)
        limits = self.ages.offered if offered else self.ages.retired
        return [
            {
                "id": id,
                "title": titles.get(id) or title_of(limits[id], None),
                "youngest": self.typed(f"youngest-{id}") or str(limits[id]),
                "ticked": bool(self.typed(f"change-{id}")),
                "news": self.counts.get(id, 0),
            }
            for id in found
        ]

    def _age(self, name: str) -> int | None:
        return whole_number(self.typed(name).strip(), OLDEST)

    def change(self) -> None:
        wishes = [
            Wish(
                id=id,
                youngest=self._age(f"youngest-{id}"),
                # The box says « retire » where it is offered, else « offer again ».
                offered=(id in self.ages.offered) != bool(self.typed(f"change-{id}")),
            )
            for id in (*self.ages.offered, *self.ages.retired)
            if f"youngest-{id}" in self.request.form
        ]
        added = None
        if self.added.strip():
            added = self._age("added")
            if added is None:
                raise BadAges(_("An age is a whole number of years, 120 at most."))
        wanted = changed(self.ages, wishes, added)
        api.portal.set_registry_record(RECORD, dict(wanted.offered))
        api.portal.set_registry_record(RETIRED_RECORD, dict(wanted.retired))
