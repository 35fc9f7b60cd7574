"""The child that draws pages: ``python -I -m civisdata.content.vault.renderer``.

It meets hostile documents, so it can do nothing else: no file, no network where the
kernel allows that, little memory and time. It talks on stdin and stdout only, and asks
for the parts of the document it needs, so that page 40 of a large PDF doesn't need all
of it. It imports nothing of Plone. It may be started before there is anything to
do; it ends with its parent, whose end of the pipe closes.

A frame is: one byte, length (4 bytes, big-endian), content. The parent sends ``J`` (job,
JSON) and ``B`` (bytes that were asked for); the child sends ``R`` (offset and length,
8 bytes each), then ``D`` (answer, JSON), ``P`` or ``Q`` (image: PNG or JPEG) or ``E``
(reason why not).
"""

from base64 import b64encode
from civisdata.content.vault.drawing import Impossible
from civisdata.content.vault.drawing import load_libraries
from civisdata.content.vault.drawing import MAX_SMALL
from civisdata.content.vault.drawing import MAX_WIDTH
from civisdata.content.vault.drawing import open_pdf
from civisdata.content.vault.drawing import pdf_page
from civisdata.content.vault.drawing import pdf_text
from civisdata.content.vault.drawing import pdf_words
from civisdata.content.vault.drawing import picture
from civisdata.content.vault.drawing import small
from civisdata.content.vault.drawing import small_pages
from civisdata.content.vault.drawing import WIDTH
from collections import OrderedDict
from typing import Any
from typing import BinaryIO
import ctypes
import io
import json
import os
import resource
import struct
import sys


MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
#: Levels of grey, and colours, above which a page counts as a picture.
_GREYS = 64
_COLOURS = 4096
_BLOCK = 128 * 1024
_KEPT_BLOCKS = 64
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def limit_resources() -> None:
    """Take from this process what it doesn't need."""
    for name, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(name, (value, value))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    without_privileges()
    without_network()


def without_privileges() -> None:
    """Let this process, and what it becomes, win no privileges any more."""
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def without_network() -> bool:
    """Leave the network; False where the kernel doesn't allow that."""
    libc = ctypes.CDLL(None)
    # Refused in some containers; the other limits hold there too.
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    return libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def close_files() -> None:
    """No file can be opened from here on: only the three pipes are left."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


class Pipe:
    """Frames over stdin and stdout."""

    def __init__(self, source: BinaryIO, target: BinaryIO):
        self._source = source
        self._target = target

    def send(self, tag: bytes, content: bytes) -> None:
        self._target.write(tag + struct.pack(">I", len(content)))
        self._target.write(content)
        self._target.flush()

    def receive(self, tag: bytes) -> bytes:
        head = self._source.read(5)
        if len(head) < 5 or head[:1] != tag:
            raise EOFError
        return self._source.read(struct.unpack(">I", head[1:])[0])


class RemoteFile(io.RawIOBase):
    """The document as a file; asks the parent for blocks and keeps the latest ones."""

    def __init__(self, pipe: Pipe, size: int):
        self._pipe = pipe
        self._size = size
        self._place = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}
        self._place = max(0, base[whence] + offset)
        return self._place

    def readinto(self, target) -> int:
        wanted = min(len(target), max(0, self._size - self._place))
        done = 0
        while done < wanted:
            index, start = divmod(self._place, _BLOCK)
            piece = self._block(index)[start : start + wanted - done]
            target[done : done + len(piece)] = piece
            done += len(piece)
            self._place += len(piece)
        return done

    def _block(self, index: int) -> bytes:
        if index in self._blocks:
            self._blocks.move_to_end(index)
            return self._blocks[index]
        start = index * _BLOCK
        length = min(_BLOCK, self._size - start)
        self._pipe.send(b"R", struct.pack(">QQ", start, length))
        block = self._pipe.receive(b"B")
        if len(block) != length:
            raise EOFError
        self._blocks[index] = block
        if len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return block


def _send_image(pipe: Pipe, image, jpeg: bool) -> None:
    buffer = io.BytesIO()
    if jpeg and image.mode in ("RGB", "L", "CMYK"):
        image.convert("RGB").save(buffer, "JPEG", quality=88)
        pipe.send(b"Q", buffer.getvalue())
    else:
        if image.mode not in ("RGB", "RGBA", "L", "LA", "P", "1"):
            image = image.convert("RGBA")
        # Neither EXIF nor profiles go along.
        image.info.clear()
        image.save(buffer, "PNG", compress_level=2)
        pipe.send(b"P", buffer.getvalue())


def _send_page(pipe: Pipe, image) -> None:
    """Send a drawn page: scans and photos as JPEG, all else as PNG, in grey if it is."""
    from PIL import ImageChops

    image = image.convert("RGB")
    red, green, blue = image.split()
    if not (
        ImageChops.difference(red, green).getbbox()
        or ImageChops.difference(red, blue).getbbox()
    ):
        image = red
    if image.mode == "L":
        much = image.width * image.height // 1000
        photo = sum(count > much for count in image.histogram()) > _GREYS
    else:
        photo = image.getcolors(_COLOURS) is None
    _send_image(pipe, image, photo)


def _do(pipe: Pipe, job: dict[str, Any], source: RemoteFile) -> None:
    action, width = job["action"], min(job.get("width", WIDTH), MAX_WIDTH)
    if job["kind"] != "pdf":
        image = picture(source, job["size"], job["kind"], width)
        if action == "small":
            images = [b64encode(small(image, width)).decode("ascii")]
            _answer(pipe, {"pages": 1, "images": images})
        else:
            _send_image(pipe, image, job["kind"] == "jpeg")
        return
    document = open_pdf(source)
    if action == "text":
        _answer(pipe, pdf_text(document, job["first"], job["count"]))
    elif action == "words":
        _answer(pipe, pdf_words(document, job["page"]))
    elif action == "small":
        count = min(job["count"], MAX_SMALL)
        _answer(pipe, small_pages(document, job["first"], count, width))
    else:
        _send_page(pipe, pdf_page(document, job["page"], width))


def _answer(pipe: Pipe, content: dict[str, Any]) -> None:
    pipe.send(b"D", json.dumps(content).encode("ascii"))


def run(pipe: Pipe) -> None:
    """Do one job, once there is one."""
    load_libraries()
    close_files()
    job = json.loads(pipe.receive(b"J"))
    try:
        _do(pipe, job, RemoteFile(pipe, job["size"]))
    except Impossible as error:
        pipe.send(b"E", str(error).encode())
    except EOFError:
        raise
    except MemoryError:
        pipe.send(b"E", b"big")
    except Exception:
        pipe.send(b"E", b"damaged")


def main() -> None:
    limit_resources()
    run(Pipe(sys.stdin.buffer, sys.stdout.buffer))
    # No finalisers of a library that just met a hostile document.
    os._exit(0)


if __name__ == "__main__":
    main()
