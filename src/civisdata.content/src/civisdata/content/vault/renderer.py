"""The child that draws pages: ``python -I -m civisdata.content.vault.renderer``.

It meets hostile documents, so it can do nothing else: no file, no network where the
kernel allows that, little memory and time. It talks on stdin and stdout only, and asks
for the parts of the document it needs, so that page 40 of a large PDF doesn't need all
of it. It imports nothing of Plone.

A frame is: one byte, length (4 bytes, big-endian), content. The parent sends ``J`` (job,
JSON) and ``B`` (bytes that were asked for); the child sends ``R`` (offset and length,
8 bytes each), then ``D`` (answer, JSON), ``P`` or ``Q`` (image: PNG or JPEG) or ``E``
(reason why not).
"""

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
import warnings


MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
MAX_PIXELS = 6_000_000
MAX_SOURCE_PIXELS = 60_000_000
MAX_IMAGE_BYTES = 64 * 1024 * 1024
MAX_TEXT = 20_000
WIDTH = 1400
_BLOCK = 128 * 1024
_KEPT_BLOCKS = 64
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


class Impossible(Exception):
    """The document can't be shown; the message is the reason's name."""


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
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Refused in some containers; the other limits hold there too.
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


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


def _open_pdf(source: RemoteFile):
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == 4
        raise Impossible("password" if locked else "damaged") from None


def _pdf_text(document, first: int, count: int) -> dict[str, Any]:
    texts = []
    total = len(document)
    for index in range(first, min(total, first + count)):
        try:
            page = document[index].get_textpage()
            texts.append(page.get_text_range(0, min(page.count_chars(), MAX_TEXT)))
        except Exception:
            texts.append("")
    return {"pages": total, "texts": texts}


def _pdf_page(document, index: int):
    if not 0 <= index < len(document):
        raise Impossible("page")
    page = document[index]
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise Impossible("damaged")
    scale = min(WIDTH / width, (MAX_PIXELS / (width * height)) ** 0.5, 10)
    if min(width, height) * scale < 1:
        raise Impossible("damaged")
    return page.render(scale=scale).to_pil()


def _picture(source: RemoteFile, size: int, kind: str):
    from PIL import Image
    from PIL import ImageOps

    if size > MAX_IMAGE_BYTES:
        raise Impossible("big")
    Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(source.read(size)), formats=[kind.upper()])
        image.draft("RGB", (WIDTH, WIDTH))
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Impossible("big") from None
    image = ImageOps.exif_transpose(image)
    image.thumbnail((WIDTH, WIDTH * 4))
    return image


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
        image.save(buffer, "PNG", compress_level=4)
        pipe.send(b"P", buffer.getvalue())


def load_libraries(kind: str) -> None:
    """Load all that the job needs, the lazy parts too: no file opens later."""
    import encodings.utf_16_le  # noqa: F401
    import PIL.Image
    import PIL.ImageOps
    import PIL.MpoImagePlugin
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin

    PIL.Image.preinit()

    if kind == "pdf":
        import pypdfium2

        page = pypdfium2.PdfDocument.new().new_page(8, 8)
        page.get_textpage().get_text_range()
        page.render().to_pil()


def run(pipe: Pipe) -> None:
    """Do one job."""
    job = json.loads(pipe.receive(b"J"))
    load_libraries(job["kind"])
    close_files()
    source = RemoteFile(pipe, job["size"])
    try:
        if job["kind"] != "pdf":
            image = _picture(source, job["size"], job["kind"])
            _send_image(pipe, image, job["kind"] == "jpeg")
            return
        document = _open_pdf(source)
        if job["action"] == "text":
            answer = _pdf_text(document, job["first"], job["count"])
            pipe.send(b"D", json.dumps(answer).encode("ascii"))
        else:
            _send_image(pipe, _pdf_page(document, job["page"]), False)
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
