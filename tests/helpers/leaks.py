"""Search folders for words that must not be there, in many disguises."""

from base64 import b64encode
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
import bz2
import gzip
import io
import json
import lzma
import mmap
import tarfile
import zipfile
import zlib


_MAX_MEMBER = 256 * 1024 * 1024
_MAX_DEPTH = 3
_ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


@dataclass(frozen=True)
class Leak:
    """A word found: where (with the members of archives), and in which disguise."""

    path: str
    word: str
    disguise: str

    def __str__(self) -> str:
        return f"{self.path}: « {self.word} » ({self.disguise})"


def disguises(word: str) -> Iterator[tuple[str, bytes]]:
    """Give the bytes under which a word can lie about."""
    raw = word.encode()
    forms = {"raw": raw, "latin-1": word.encode("latin-1", "ignore")}
    forms["utf-16-le"] = word.encode("utf-16-le")
    forms["utf-16-be"] = word.encode("utf-16-be")
    forms["json"] = json.dumps(word)[1:-1].encode()
    forms["hex"] = raw.hex().encode()
    forms["HEX"] = raw.hex().upper().encode()
    forms["quoted"] = quote(word).encode()
    for shift in range(3):
        encoded = b64encode(bytes(shift) + raw)
        # Only the characters that neighbours can't change.
        start = -(-8 * shift // 6)
        stop = 8 * (shift + len(raw)) // 6
        forms[f"base64+{shift}"] = encoded[start:stop]
        forms[f"base64url+{shift}"] = encoded[start:stop].translate(
            bytes.maketrans(b"+/", b"-_")
        )
    seen = set()
    for name, form in forms.items():
        if len(form) >= 6 and form not in seen:
            seen.add(form)
            yield name, form


def find_leaks(folders: Iterable[Path | str], words: Iterable[str]) -> list[Leak]:
    """Search all files (their names too) below ``folders`` for ``words``.

    Looks raw, in UTF-16, Latin-1, JSON, hexadecimal, percent and base64 (at the three
    alignments) forms, and inside gzip, zlib, bzip2, xz, zip and tar members. Words need
    six bytes at least. Files that can't be read raise.
    """
    words = list(words)
    if not words or any(len(word.encode()) < 6 for word in words):
        raise ValueError("nothing to look for: words have six bytes at least")
    needles = [(word, name, form) for word in words for name, form in disguises(word)]
    leaks: list[Leak] = []
    for folder in map(Path, folders):
        if not folder.exists():
            raise FileNotFoundError(folder)
        files = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        for path in files:
            leaks += _search(str(path), str(path).encode(), needles, 0, names=True)
            if path.is_file() and not path.is_symlink():
                leaks += _search_file(path, needles)
    return leaks


def _search_file(path: Path, needles) -> list[Leak]:
    if not path.stat().st_size:
        return []
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        return _search(str(path), data, needles, 0)


def _search(path: str, data, needles, depth: int, names: bool = False) -> list[Leak]:
    leaks = [
        Leak(path + (" (its name)" if names else ""), word, disguise)
        for word, disguise, form in needles
        if data.find(form) >= 0
    ]
    if depth < _MAX_DEPTH and not names:
        for name, member in _members(data):
            leaks += _search(f"{path}!{name}", member, needles, depth + 1)
    return leaks


def _members(data) -> Iterator[tuple[str, bytes]]:
    """Give what is packed in ``data``, wherever it begins."""
    yield from _streams(data, b"\x1f\x8b\x08", lambda: zlib.decompressobj(31), "gzip")
    for head in _ZLIB_HEADS:
        # Without the checksum, so that a cut stream gives what it has.
        yield from _streams(data, head, lambda: zlib.decompressobj(-15), "zlib", 2)
    yield from _streams(data, b"BZh", bz2.BZ2Decompressor, "bzip2")
    yield from _streams(data, b"\xfd7zXZ\0", lzma.LZMADecompressor, "xz")
    if data.find(b"PK\x03\x04") >= 0:
        yield from _zip(bytes(data[:]))
    if bytes(data[257:262]) == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(bytes(data[:]))) as archive:
            for member in archive:
                stream = archive.extractfile(member)
                if stream is not None:
                    yield member.name, stream.read(_MAX_MEMBER)


def _streams(
    data, head: bytes, make, name: str, skip: int = 0
) -> Iterator[tuple[str, bytes]]:
    place = data.find(head)
    while place >= 0:
        clear = _decompress(data, place + skip, make())
        if len(clear) >= 6:
            yield f"{name}@{place}", clear
        place = data.find(head, place + 1)


def _decompress(data, place: int, decompressor) -> bytes:
    """Decompress as far as it goes: a cut stream leaks too."""
    clear = bytearray()
    try:
        while len(clear) < _MAX_MEMBER and not decompressor.eof:
            piece = bytes(data[place : place + 512])
            if not piece:
                break
            clear += decompressor.decompress(piece)
            place += len(piece)
    except (zlib.error, OSError, EOFError, lzma.LZMAError, gzip.BadGzipFile):
        pass
    return bytes(clear)


def _zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield entry.filename, entry.filename.encode()
                with archive.open(entry) as stream:
                    yield entry.filename, stream.read(_MAX_MEMBER)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return
