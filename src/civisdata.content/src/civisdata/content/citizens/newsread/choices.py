"""What a citizen chose of the news, as the feed asks for it; plain values in and out."""

from civisdata.content.citizens.registration import Registration
from civisdata.content.news.ages import Ages
from dataclasses import dataclass
from dataclasses import replace
from datetime import date


@dataclass(frozen=True)
class Choices:
    """Arguments of ``news.feed.newest``; ``topic`` is one to look at alone."""

    publishers: tuple[str, ...]
    topics: tuple[str, ...]
    brackets: tuple[str, ...] | None
    topic: str | None = None

    def only(self, publisher: str = "", topic: str = "") -> "Choices":
        """Look at one publisher or topic of these; what isn't chosen changes nothing."""
        chosen = self
        if publisher in self.publishers:
            chosen = replace(chosen, publishers=(publisher,))
        if topic in self.topics:
            chosen = replace(chosen, topic=topic)
        return chosen


def choices_of(person: Registration, day: date, ages: Ages) -> Choices:
    """Return what ``person`` chose; the age bracket is that of ``day``, of ``ages``.

    Equal for all who chose the same, in whatever order.
    """
    publishers = (("cub", "cub"), ("commune", person.commune))
    bracket = person.bracket_on(day, ages)
    return Choices(
        publishers=tuple(id for kind, id in publishers if kind in person.publishers),
        topics=tuple(sorted(person.topics)),
        brackets=None
        if person.ages == "all"
        else ages.reached_by(bracket)
        if bracket
        else (),
    )
