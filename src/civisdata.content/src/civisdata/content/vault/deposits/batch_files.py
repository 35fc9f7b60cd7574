"""The files of a batch: a ZIP archive that may be hostile.

Nothing is unpacked to a disk: each entry is read as a stream, by whoever seals it.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import BinaryIO
import stat
import unicodedata
import zipfile
import zlib


#: Entries, and bytes of clear text of all of them together.
MAX_ENTRIES = 10_000
MAX_TOTAL = 4 * 10**9
#: Bytes of the archive's directory: all of it is read before its entries are counted.
MAX_DIRECTORY = 4 * 1024 * 1024
#: A file this large that was packed tighter is no document.
_BOMB_SIZE = 10**6
_BOMB_RATIO = 200
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHATTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
#: What Windows programs write names in, beside UTF-8; Python takes all for cp437.
_OTHER_NAMES = ("utf-8", "cp850", "cp1252")

#: What reading a damaged entry raises.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


class BadArchive(ValueError):
    """The archive isn't taken.

    ``reason``: ``zip`` (it is none, or cut), ``entries`` (too many), ``bomb``,
    ``path``, ``encrypted``, ``method``, ``twice`` (two entries of one name).
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def _names(entry: zipfile.ZipInfo) -> Iterable[str]:
    """Give the names an entry may have been given."""
    yield entry.filename
    if not entry.flag_bits & 0x800:
        raw = entry.filename.encode("cp437", "replace")
        for encoding in _OTHER_NAMES:
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError:
                continue


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).strip()


def _check(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in entry.filename
        or ":" in entry.filename
        or kind not in (0, stat.S_IFREG, stat.S_IFDIR)
    ):
        raise BadArchive("path")
    if entry.flag_bits & 0x1:
        raise BadArchive("encrypted")
    if entry.compress_type not in _METHODS:
        raise BadArchive("method")
    packed = max(1, entry.compress_size)
    if entry.file_size > _BOMB_SIZE and entry.file_size > _BOMB_RATIO * packed:
        raise BadArchive("bomb")


class Archive:
    """The files of a ZIP by name; remembers which were asked for."""

    def __init__(self, stream: BinaryIO):
        try:
            # What zipfile itself is about to go by.
            end = zipfile._EndRecData(stream)
            if end and end[zipfile._ECD_SIZE] > MAX_DIRECTORY:
                raise BadArchive("entries")
            self._zip = zipfile.ZipFile(stream)
            entries = self._zip.infolist()
        except BadArchive:
            raise
        except (*DAMAGED, ValueError, UnicodeDecodeError):
            raise BadArchive("zip") from None
        if len(entries) > MAX_ENTRIES:
            raise BadArchive("entries")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._bare: dict[str, list[zipfile.ZipInfo]] = {}
        self._used: set[str] = set()
        self._files: list[zipfile.ZipInfo] = []
        total, seen = 0, set()
        for entry in entries:
            _check(entry)
            if entry.is_dir() or self._is_chatter(entry):
                continue
            if entry.filename in seen:
                raise BadArchive("twice")
            seen.add(entry.filename)
            total += entry.file_size
            if total > MAX_TOTAL:
                raise BadArchive("bomb")
            self._files.append(entry)
        self._index()

    @staticmethod
    def _is_chatter(entry: zipfile.ZipInfo) -> bool:
        parts = PurePosixPath(entry.filename).parts
        return parts[0] == "__MACOSX" or parts[-1] in _CHATTER

    def _index(self) -> None:
        # Names as they were written come first, guesses after them.
        for entry in self._files:
            self._entries.setdefault(_key(entry.filename), entry)
        for entry in self._files:
            for name in _names(entry):
                key = _key(name)
                self._entries.setdefault(key, entry)
                bare = self._bare.setdefault(key.rpartition("/")[2], [])
                if entry not in bare:
                    bare.append(entry)

    def find(self, name: str) -> zipfile.ZipInfo | None:
        """Give the file of a path, or of a bare name that only one has; None."""
        key = _key(name)
        entry = self._entries.get(key)
        if entry is None:
            bare = self._bare.get(key, [])
            entry = bare[0] if len(bare) == 1 else None
        if entry is not None:
            self._used.add(entry.filename)
        return entry

    def open(self, entry: zipfile.ZipInfo) -> BinaryIO:
        """Open a file for reading; it gives no more than its stated size (DAMAGED)."""
        return self._zip.open(entry)

    def unused(self) -> list[str]:
        """Give the names of files that nobody asked for."""
        return [
            entry.filename for entry in self._files if entry.filename not in self._used
        ]
