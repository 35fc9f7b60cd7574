"""A search in the documents of an opened vault."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.search.terms import as_text
from civisdata.content.vault.search.terms import fold
from civisdata.content.vault.search.terms import parse_query
from civisdata.content.vault.search.terms import unpack
from civisdata.content.vault.search.terms import Word
from civisdata.content.vault.search.texts import pending_count
from civisdata.content.vault.search.texts import PURPOSE
from civisdata.content.vault.storage import Vault
from dataclasses import dataclass
import zlib


#: Where words are looked for, the most telling first.
FIELDS = ("title", "name", "notes", "text")


@dataclass(frozen=True)
class Hit:
    """A document that holds all words, and the fields in which some were found.

    ``folders`` are the titles of those it lies in, from the top down.
    """

    id: str
    metadata: Metadata
    fields: tuple[str, ...]
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """How many documents hold the words, a page of them, and how many aren't read yet."""

    total: int
    hits: list[Hit]
    pending: int


def search(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    query: str,
    start: int = 0,
    count: int = 20,
) -> Found:
    """Find the documents that hold all words of ``query``.

    Those that hold them in their titles come first, then file names, notes and texts;
    the newest first among equals; the bin isn't searched. All boxes are opened here, and dropped.
    """
    words = parse_query(query)
    pending = pending_count(vault)
    if not words:
        return Found(0, [], pending)
    texts, key = vault.sidecars.texts, BoxKey(bundle.vault_key)
    ranked: list[tuple[int, Hit]] = []
    contents = open_contents(vault, space_id, bundle)
    for document_id, metadata in contents.documents.items():
        if contents.is_binned(metadata):
            continue
        text = _Text(key, space_id, document_id, texts)
        ranks = _ranks(words, metadata, text)
        if ranks is not None:
            fields = tuple(FIELDS[rank] for rank in sorted(set(ranks)))
            folders = tuple(step.title for step in contents.path(metadata.folder))
            hit = Hit(document_id, metadata, fields, folders)
            ranked.append((max(ranks), hit))
    ranked.sort(key=lambda pair: pair[0])
    hits = [hit for _, hit in ranked[start : start + count]]
    return Found(len(ranked), hits, pending)


class _Text:
    """The text of one document, opened only where title, name and notes don't do."""

    def __init__(self, key: BoxKey, space_id: str, document_id: str, texts):
        self._key, self._texts = key, texts
        self._names = {"space_id": space_id, "item_id": document_id}

    def open(self) -> str:
        box = self._texts.get(self._names["item_id"])
        if box is None:
            return "\n"
        try:
            packed = self._key.open_bytes(box, purpose=PURPOSE, **self._names)
            return unpack(packed)
        except (IntegrityError, ValueError, zlib.error):
            return "\n"


def _ranks(words: list[Word], metadata: Metadata, text: _Text) -> list[int] | None:
    """Give the best field of each word; None where a word is nowhere."""
    fields = [metadata.title, metadata.name, metadata.notes]
    # Most documents have none of the words there: quicker seen in all three at once.
    brief = fold("\n".join(fields))
    if any(word.may_be_in(brief) for word in words):
        fields = [as_text(field) for field in fields]
    else:
        fields = ["\n"] * len(fields)
    ranks = []
    for word in words:
        rank = _first(word, fields)
        if rank is None and len(fields) < len(FIELDS):
            fields.append(text.open())
            rank = _first(word, fields)
        if rank is None:
            return None
        ranks.append(rank)
    return ranks


def _first(word: Word, fields: list[str]) -> int | None:
    return next((rank for rank, text in enumerate(fields) if word.is_in(text)), None)
