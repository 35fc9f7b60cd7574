"""Photographs of paper become one PDF, in memory.

Each image is decoded, turned upright and made smaller by a limited child process
(``photographer``); what it gives is put into the PDF as it is, one image a page.
"""

from civisdata.content.vault import photographer
from civisdata.content.vault.drawing import MAX_IMAGE_BYTES
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.turns import turn
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO
import json
import subprocess
import sys
import threading
import time


#: Photographs of one PDF.
MAX_PHOTOS = 40
#: Seconds that one photograph may take, all of one PDF, and the wait for one's turn.
TIMEOUT = 20.0
TOGETHER = 120.0
WAIT = 20.0
#: Points: A4, upright; a page's longer side is as long as A4's.
A4 = 841.89
_COMMAND = (sys.executable, "-I", "-m", photographer.__name__)
_slots = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Photo:
    """An upright JPEG without metadata."""

    data: bytes
    width: int
    height: int


def read_photo(source: BinaryIO, timeout: float = TIMEOUT) -> Photo:
    """Make an image of any orientation a Photo.

    Refused (``photo``, ``photo_big``, ``busy``).
    """
    data = source.read(MAX_IMAGE_BYTES + 1)
    if len(data) > MAX_IMAGE_BYTES:
        raise Refused("photo_big")
    if not _slots.acquire(timeout=WAIT):
        raise Refused("busy")
    try:
        done = subprocess.run(
            _COMMAND,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            cwd="/",
            timeout=timeout,
        )
    except subprocess.TimeoutExpired:
        raise Refused("photo_big") from None
    finally:
        _slots.release()
    head, _line, image = done.stdout.partition(b"\n")
    try:
        answer = json.loads(head)
        if "error" in answer:
            raise Refused("photo_big" if answer["error"] == "big" else "photo")
        photo = Photo(image, int(answer["width"]), int(answer["height"]))
    except (ValueError, KeyError, TypeError):
        raise Refused("photo") from None
    if done.returncode or min(photo.width, photo.height) < 1 or not image:
        raise Refused("photo")
    return photo


def make_pdf(photos: Iterable[Photo]) -> bytes:
    """Give a PDF with one photograph a page, the JPEG data as they are."""
    out, places = BytesIO(), []

    def put(content: bytes) -> int:
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % len(places) + content + b"\nendobj\n")
        return len(places)

    def stream(entries: bytes, data: bytes) -> bytes:
        head = b"<< %s /Length %d >>\nstream\n" % (entries, len(data))
        return head + data + b"\nendstream"

    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    pages = []
    # The catalogue and the list of pages are numbers 1 and 2.
    put(b"<< /Type /Catalog /Pages 2 0 R >>")
    places.append(0)
    for photo in photos:
        scale = A4 / max(photo.width, photo.height)
        width, height = photo.width * scale, photo.height * scale
        image = put(
            stream(
                b"/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB "
                b"/BitsPerComponent 8 /Filter /DCTDecode /Width %d /Height %d"
                % (photo.width, photo.height),
                photo.data,
            )
        )
        drawing = put(stream(b"", b"q %.2f 0 0 %.2f 0 0 cm /Im Do Q" % (width, height)))
        pages.append(
            put(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] "
                b"/Contents %d 0 R /Resources << /XObject << /Im %d 0 R >> >> >>"
                % (width, height, drawing, image)
            )
        )
    places[1] = out.tell()
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    out.write(
        b"2 0 obj\n<< /Type /Pages /Count %d /Kids [%s] >>\nendobj\n"
        % (len(pages), kids)
    )
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(places) + 1, start)
    )
    return out.getvalue()


def photos_to_pdf(sources: Iterable[BinaryIO]) -> bytes:
    """Make one PDF of photographs, in their order; Refused, TooManyJobs."""
    sources = list(sources)
    if not 0 < len(sources) <= MAX_PHOTOS:
        raise Refused("photos")
    with turn():
        return make_pdf(_read_in_time(sources))


def _read_in_time(sources: Iterable[BinaryIO]) -> Iterator[Photo]:
    """Read photographs; Refused, also where all of them take too long together."""
    until = time.monotonic() + TOGETHER
    for source in sources:
        left = until - time.monotonic()
        if left <= 0:
            raise Refused("photo_big")
        yield read_photo(source, min(TIMEOUT, left))
