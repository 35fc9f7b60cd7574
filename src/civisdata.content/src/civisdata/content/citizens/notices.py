"""The texts that a person reads before signing up, and the record of the answer.

Each text has a version, the SHA-256 of what was shown; the text itself is kept under
its version, so that it can be proved later what was agreed to.
"""

from BTrees.OOBTree import OOBTree
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
import hashlib


#: The texts there are; files of that name lie in ``texts/``. They are content, in French.
INFORMATION = "information"
NEWS_BY_EMAIL = "news-by-email"


@dataclass(frozen=True)
class Section:
    """A heading (empty for the first lines) and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A text as it is shown."""

    id: str
    text: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def sections(self) -> list[Section]:
        """The text for a template: blocks parted by blank lines, « # » for headings."""
        found: list[tuple[str, list[str]]] = [("", [])]
        for block in self.text.strip().split("\n\n"):
            block = " ".join(block.split("\n")).strip()
            if block.startswith("# "):
                found.append((block[2:], []))
            elif block:
                found[-1][1].append(block)
        return [Section(heading, tuple(lines)) for heading, lines in found if lines]


@dataclass(frozen=True)
class Consent:
    """An answer to a text: which text, which version, when, how, and what."""

    id: str
    version: str
    date: datetime
    answer: bool
    channel: str = "web"

    def to_dict(self) -> dict:
        return {
            "id": self.id,
            "version": self.version,
            "date": self.date.isoformat(timespec="seconds"),
            "answer": self.answer,
            "channel": self.channel,
        }


@lru_cache(maxsize=8)
def notice(id: str) -> Notice:
    """Return the text that is shown today; FileNotFoundError for an unknown id."""
    source = files("civisdata.content.citizens").joinpath("texts", f"{id}.txt")
    return Notice(id, source.read_text(encoding="utf-8").strip())


def keep_text(texts: OOBTree, shown: Notice) -> None:
    """Keep a text under its version, once."""
    if shown.version not in texts:
        texts[shown.version] = shown.text
