"""``@@mes-choix``: services, and the news of the space: whose, topics, ages."""

from civisdata.content import _
from civisdata.content.checks import as_list
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.news_mail.wishes import WEB
from civisdata.content.citizens.newsread.choosing import choose
from civisdata.content.citizens.own_data.browser.base import OwnForm
from civisdata.content.citizens.registration import AGES
from civisdata.content.citizens.registration import PUBLISHERS
from civisdata.content.citizens.registration import SERVICES
from civisdata.content.news.topics import topics
from collections.abc import Mapping


class MyChoices(OwnForm):
    """One form: what isn't known is left out, and nothing else can be changed by it."""

    page_title = _("My services and news")

    def services(self) -> list[dict]:
        return [
            {**row, "text": SERVICES[row["id"]][1]}
            for row in self._boxes("services", {id: s[0] for id, s in SERVICES.items()})
        ]

    def publishers(self) -> list[dict]:
        return self._boxes("publishers", PUBLISHERS)

    def topics(self) -> list[dict]:
        return self._boxes("topics", topics())

    def ages(self) -> list[dict]:
        chosen = self.typed("ages") if self.posted else self.person.ages
        return [
            {"id": id, "title": title, "checked": id == chosen}
            for id, title in AGES.items()
        ]

    @property
    def by_page(self) -> bool:
        return self.ticked("by_page", "yes", self.person.by_page)

    def _boxes(self, name: str, known: Mapping) -> list[dict]:
        stored = getattr(self.person, name)
        return [
            {"id": id, "title": title, "checked": self.ticked(name, id, id in stored)}
            for id, title in known.items()
        ]

    def act(self, action: str) -> str:
        chosen = {
            name: tuple(
                id for id in known if id in as_list(self.request.form.get(name))
            )
            for name, known in (
                ("services", SERVICES),
                ("publishers", PUBLISHERS),
                ("topics", self._kept_topics()),
            )
        }
        ages = self.typed("ages")
        chosen["ages"] = ages if ages in AGES else self.person.ages
        chosen["by_page"] = bool(as_list(self.request.form.get("by_page")))
        ends_mail = "news" not in chosen["services"] or not chosen["publishers"]
        stopped = ends_mail and turn_off(self.context, WEB)
        changed = choose(self.context, **chosen)
        if stopped:
            self.say(
                _(
                    "Your choice is saved. News are no longer sent to you by e-mail either."
                )
            )
        else:
            self.say(
                _("Your choice is saved.") if changed else _("Nothing has changed.")
            )
        return self.again()

    def _kept_topics(self) -> tuple[str, ...]:
        """What can be ticked: topics of today; retired ones go with the next choice."""
        return tuple(topics())
