"""A search in the documents of an opened vault."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.boxes import BoxKey
from civisdata.content.vault.boxes import read_bytes
from civisdata.content.vault.contents import Contents
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
from collections.abc import Callable
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
    text_of = _texts_of(vault, space_id, bundle)
    ranked: list[tuple[int, str, set[int]]] = []
    contents = open_contents(vault, space_id, bundle)
    for document_id, metadata in contents.documents.items():
        if contents.is_binned(metadata):
            continue
        ranks = _ranks(words, document_id, metadata, text_of)
        if ranks is not None:
            ranked.append((max(ranks), document_id, set(ranks)))
    ranked.sort(key=lambda found: found[0])
    hits = [
        _hit(contents, document_id, ranks)
        for _, document_id, ranks in ranked[start : start + count]
    ]
    return Found(len(ranked), hits, pending)


def _hit(contents: Contents, document_id: str, ranks: set[int]) -> Hit:
    metadata = contents.documents[document_id]
    fields = tuple(FIELDS[rank] for rank in sorted(ranks))
    folders = tuple(step.title for step in contents.path(metadata.folder))
    return Hit(document_id, metadata, fields, folders)


def _texts_of(vault: Vault, space_id: str, bundle: KeyBundle) -> Callable[[str], str]:
    """Give a function that opens the text of a document, by its id.

    A search calls it only where title, name and notes don't do.
    """
    boxes = vault.sidecars.texts
    opened = BoxKey(bundle.vault_key).opener(space_id=space_id, purpose=PURPOSE)

    def text_of(document_id: str) -> str:
        box = boxes.get(document_id)
        if box is None:
            return "\n"
        try:
            return unpack(read_bytes(opened(box, document_id)))
        except (IntegrityError, ValueError, zlib.error):
            return "\n"

    return text_of


def _ranks(
    words: list[Word],
    document_id: str,
    metadata: Metadata,
    text_of: Callable[[str], str],
) -> list[int] | None:
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
            fields.append(text_of(document_id))
            rank = _first(word, fields)
        if rank is None:
            return None
        ranks.append(rank)
    return ranks


def _first(word: Word, fields: list[str]) -> int | None:
    for rank, text in enumerate(fields):
        if word.is_in(text):
            return rank
    return None
