"""Streams of clear bytes: ranges, file names and an iterator that holds no connection.

A download may take an hour. The publisher's connection is closed before it begins, so
each part of the payload (8 MiB) is opened through a connection of its own, used for as
long as it takes to open a file, and given back.
"""

from civisdata.content.numbers import LARGEST
from civisdata.content.numbers import whole_number
from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from collections.abc import Callable
from collections.abc import Iterator
from transaction import TransactionManager
from typing import BinaryIO
from urllib.parse import quote
from ZODB.POSException import POSKeyError
from zope.interface import implementer
from ZPublisher.Iterators import IUnboundStreamIterator
import logging
import re


logger = logging.getLogger("civisdata.vault")

_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")


class Unsatisfiable(ValueError):
    """A range of which the document has no byte."""


def _place(said: str) -> int | None:
    """Read a place; what no document is long enough for counts as very far."""
    if not said:
        return None
    number = whole_number(said)
    return LARGEST if number is None else number


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Give (start, stop) of a Range header, None where all is to be given.

    One range only; what isn't understood is ignored, as RFC 9110 wants.
    Raises Unsatisfiable.
    """
    match = _RANGE.fullmatch((header or "").strip().replace(" ", ""))
    if match is None or match.groups() == ("", ""):
        return None
    first, last = (_place(said) for said in match.groups())
    if first is None:
        start, stop = max(0, size - last), size
        if not last:
            raise Unsatisfiable
    else:
        start = first
        stop = size if last is None else min(size, last + 1)
        if last is not None and last < start:
            return None
    if start >= size:
        raise Unsatisfiable
    return start, stop


def disposition(name: str, inline: bool = False) -> str:
    """Give a Content-Disposition for a file name (RFC 6266, RFC 8187)."""
    plain = "".join(
        character
        if character.isascii() and character.isprintable() and character not in '"\\%;'
        else "_"
        for character in name
    )
    kind = "inline" if inline else "attachment"
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def detached_opener(parts) -> Callable[..., BinaryIO]:
    """Give an opener of committed parts that outlives the running request.

    Each call opens a connection, finds the part's file and gives the connection back:
    the open file stays readable, whatever becomes of the database's caches.
    """
    database = parts[0]._p_jar.db()
    ids = {id(part): part._p_oid for part in parts}

    def open_detached(part) -> BinaryIO:
        return open_committed(database, ids[id(part)])

    return open_detached


def open_committed(database, oid: bytes) -> BinaryIO:
    """Open a committed part by its id; POSKeyError where it is erased."""
    connection = database.open(transaction_manager=TransactionManager())
    try:
        blob = connection.get(oid)
        blob._p_activate()
        return blob.open("c")
    finally:
        connection.close()


def watched_opener(
    parts, watched, goes_on: Callable[[object], bool]
) -> Callable[..., BinaryIO]:
    """Give a detached opener that looks, before each part, whether reading may go on.

    ``goes_on`` is asked about ``watched``, a persistent object, as it is stored at that
    moment; where it says no, or the object is gone, NoSuchItem cuts the download.
    """
    open_detached = detached_opener(parts)
    database, oid = watched._p_jar.db(), watched._p_oid

    def open_watched(part) -> BinaryIO:
        connection = database.open(transaction_manager=TransactionManager())
        try:
            going_on = goes_on(connection.get(oid))
        except POSKeyError:
            going_on = False
        finally:
            connection.close()
        if not going_on:
            raise NoSuchItem("what was read has ended")
        return open_detached(part)

    return open_watched


@implementer(IUnboundStreamIterator)
class DocumentStream:
    """Clear bytes ``[start:stop]`` for the WSGI server, a batch at a time.

    ``altered`` is called where they turn out not to be what was stored.
    """

    def __init__(
        self,
        opened: OpenedDocument,
        start: int,
        stop: int,
        altered: Callable[[], object] = lambda: None,
    ):
        self._opened = opened
        self._altered = altered
        self._bytes: Iterator[bytes] = opened.read(start, stop)

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._bytes)
        except StopIteration:
            self.close()
            raise
        except IntegrityError as error:
            # The headers are gone: a cut answer is what is left to give.
            logger.error("integrity: a download was cut: %s", error)
            self.close()
            self._altered()
            raise
        except NoSuchItem:
            logger.info("a download was cut: access has ended")
            self.close()
            raise
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Called by the server at the end, and where the client goes away."""
        self._bytes = iter(())
        self._opened.close()
