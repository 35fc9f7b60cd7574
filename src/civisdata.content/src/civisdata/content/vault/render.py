"""Pages of a document as images and text, drawn by a limited child process.

The clear text goes through pipes only. A child that crashes, hangs or is killed by its
limits is a RenderError, never more.
"""

from base64 import b64decode
from civisdata.content.vault import drawing
from civisdata.content.vault import renderer
from civisdata.content.vault.reading.protection import tell_once
from civisdata.content.vault.turns import turn
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
import atexit
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time


#: Seconds a page may take, waiting for other pages not counted.
TIMEOUT = 20.0
#: Children of this process at a time.
MAX_CHILDREN = 2
_WAIT = 30.0
_MAX_FRAME = 32 * 1024 * 1024
_COMMAND = (sys.executable, "-I", "-m", renderer.__name__)
_slots = threading.BoundedSemaphore(MAX_CHILDREN)


class RenderError(Exception):
    """Nothing can be shown; ``reason`` is one of ``damaged``, ``password``, ``big``,
    ``page``, ``failed``, ``timeout``, ``busy``, ``office`` (nothing here reads it).
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Source:
    """A document to draw: its kind, clear size, and a function that gives a range."""

    kind: str
    size: int
    read: Callable[[int, int], bytes]


@dataclass(frozen=True)
class Picture:
    media_type: str
    data: bytes


@dataclass(frozen=True)
class PdfText:
    """Number of pages, and the text of those asked for (20 000 characters at most)."""

    pages: int
    texts: list[str]


@dataclass(frozen=True)
class Smalls:
    """Number of pages, and small JPEG images of some; empty where one can't be drawn."""

    pages: int
    images: list[bytes]


def draw_page(source: Source, page: int = 0, width: int = drawing.WIDTH) -> Picture:
    """Draw page ``page`` (from 0) of a PDF, or an image; RenderError.

    Errors of ``source.read`` pass through.
    """
    job = {"action": "page", "page": page, "width": width}
    tag, content = _ask(source, job)
    types = {b"P": "image/png", b"Q": "image/jpeg"}
    if tag not in types:
        raise RenderError("failed")
    return Picture(types[tag], content)


def draw_small(
    source: Source, first: int = 0, count: int = 1, width: int = drawing.SMALL
) -> Smalls:
    """Draw small images of ``count`` pages (24 at most), or of an image; RenderError."""
    job = {"action": "small", "first": first, "count": count, "width": width}
    answer = _ask_data(source, job)
    try:
        images = [b64decode(image, validate=True) for image in answer["images"]]
        if len(images) > max(count, 1):
            raise ValueError
        return Smalls(int(answer["pages"]), images)
    except (ValueError, KeyError, TypeError):
        raise RenderError("failed") from None


def read_text(
    source: Source,
    first: int = 0,
    count: int = 10,
    timeout: float | None = None,
    wait: float | None = None,
) -> PdfText:
    """Give the page count of a PDF and the text of ``count`` pages; RenderError.

    Fewer pages where there is very much text. ``timeout`` and ``wait`` (for one's turn)
    are in seconds.
    """
    job = {"action": "text", "first": first, "count": count}
    answer = _ask_data(source, job, timeout, wait)
    try:
        texts = [str(text) for text in answer["texts"]]
        if len(texts) > count:
            raise ValueError
        return PdfText(int(answer["pages"]), texts)
    except (ValueError, KeyError, TypeError):
        raise RenderError("failed") from None


def read_words(source: Source, page: int) -> dict[str, Any]:
    """Give size and lines of words of a page, see ``drawing.pdf_words``; RenderError."""
    answer = _ask_data(source, {"action": "words", "page": page})
    try:
        return {
            "width": int(answer["width"]),
            "height": int(answer["height"]),
            "lines": [[_word(*word) for word in line] for line in answer["lines"]],
        }
    except (ValueError, KeyError, TypeError):
        raise RenderError("failed") from None


def _word(x: int, y: int, width: int, height: int, text: str) -> list:
    return [int(x), int(y), int(width), int(height), str(text)]


def _ask_data(
    source: Source,
    job: dict[str, Any],
    timeout: float | None = None,
    wait: float | None = None,
) -> dict[str, Any]:
    tag, content = _ask(source, job, timeout, wait)
    try:
        answer = json.loads(content)
    except ValueError:
        raise RenderError("failed") from None
    if tag != b"D" or not isinstance(answer, dict):
        raise RenderError("failed")
    return answer


def _ask(
    source: Source,
    job: dict[str, Any],
    timeout: float | None = None,
    wait: float | None = None,
) -> tuple[bytes, bytes]:
    tell_once()
    with turn():
        if not _slots.acquire(timeout=_WAIT if wait is None else wait):
            raise RenderError("busy")
        try:
            with _spare.take() or _Child() as child:
                answer = child.ask(source, job, TIMEOUT if timeout is None else timeout)
        finally:
            _slots.release()
    _spare.fill()
    return answer


class _Spare:
    """A child that has started already, so that the next job need not wait for that.

    Each child still meets one document only.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def take(self) -> "_Child | None":
        with self._lock:
            child, self._child = self._child, None
        # A copy of this process (a fork) has none of its children.
        if child is None or child.pid != os.getpid():
            return None
        if child.runs() and child.command == _COMMAND:
            return child
        child.end()
        return None

    def fill(self) -> None:
        with self._lock:
            if self._child is None:
                self._child = _Child()

    def end(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None and child.pid == os.getpid():
            child.end()


_spare = _Spare()
atexit.register(_spare.end)


class _Child:
    """One child process; whatever happens, it is gone at the end."""

    def __init__(self):
        self.command = _COMMAND
        self.pid = os.getpid()
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            cwd="/",
            close_fds=True,
            bufsize=0,
        )
        os.set_blocking(self._process.stdin.fileno(), False)
        os.set_blocking(self._process.stdout.fileno(), False)

    def __enter__(self):
        return self

    def __exit__(self, *exception) -> None:
        self.end()

    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def ask(
        self, source: Source, job: dict[str, Any], timeout: float
    ) -> tuple[bytes, bytes]:
        self._deadline = time.monotonic() + timeout
        job = {"kind": source.kind, "size": source.size, **job}
        self._send(b"J", json.dumps(job).encode())
        while True:
            tag, content = self._receive()
            if tag == b"R" and len(content) == 16:
                offset, length = struct.unpack(">QQ", content)
                if length > _MAX_FRAME or offset + length > source.size:
                    raise RenderError("failed")
                self._send(b"B", source.read(offset, offset + length))
            elif tag == b"E":
                reason = content.decode("ascii", "replace")
                known = ("damaged", "password", "big", "page")
                raise RenderError(reason if reason in known else "failed")
            else:
                return tag, content

    def _wait(self, stream, event: int) -> None:
        left = self._deadline - time.monotonic()
        poll = select.poll()
        poll.register(stream, event)
        if left <= 0 or not poll.poll(left * 1000):
            raise RenderError("timeout")

    def _send(self, tag: bytes, content: bytes) -> None:
        view = memoryview(tag + struct.pack(">I", len(content)) + content)
        stream = self._process.stdin
        while view:
            self._wait(stream, select.POLLOUT)
            try:
                view = view[os.write(stream.fileno(), view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise RenderError("failed") from None

    def _receive(self) -> tuple[bytes, bytes]:
        head = self._read(5)
        length = struct.unpack(">I", head[1:])[0]
        if length > _MAX_FRAME:
            raise RenderError("failed")
        return head[:1], self._read(length)

    def _read(self, size: int) -> bytes:
        stream, data = self._process.stdout, bytearray()
        while len(data) < size:
            self._wait(stream, select.POLLIN)
            try:
                found = os.read(stream.fileno(), size - len(data))
            except BlockingIOError:
                continue
            if not found:
                raise RenderError("failed")
            data += found
        return bytes(data)
