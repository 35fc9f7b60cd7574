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
import time
import warnings


MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
MAX_PIXELS = 6_000_000
MAX_SOURCE_PIXELS = 60_000_000
MAX_IMAGE_BYTES = 64 * 1024 * 1024
MAX_TEXT = 20_000
#: Characters of all pages together, and seconds of reading them.
MAX_TEXTS = 2_000_000
TEXT_SECONDS = 8
WIDTH = 1400
MAX_WIDTH = 2000
#: Small images: pixels, and how many at once.
SMALL = 240
MAX_SMALL = 24
#: Width of a page in the units of its words' places.
UNITS = 10_000
#: Levels of grey, and colours, above which a page counts as a picture.
_GREYS = 64
_COLOURS = 4096
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
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    without_privileges()
    without_network()


def without_privileges() -> None:
    """Let this process, and what it becomes, win no privileges any more."""
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def without_network() -> None:
    """Leave the network, where the kernel allows that."""
    libc = ctypes.CDLL(None)
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
    """Give the texts of pages: fewer than asked for where they are too many or slow."""
    texts, total, length = [], len(document), 0
    for index in range(first, min(total, first + count)):
        try:
            page = document[index].get_textpage()
            texts.append(page.get_text_range(0, min(page.count_chars(), MAX_TEXT)))
        except Exception:
            texts.append("")
        length += len(texts[-1])
        if length > MAX_TEXTS or time.process_time() > TEXT_SECONDS:
            break
    return {"pages": total, "texts": texts}


def _opened_page(document, index: int):
    """Give a page, its width and its height in points."""
    if not 0 <= index < len(document):
        raise Impossible("page")
    page = document[index]
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise Impossible("damaged")
    return page, width, height


def _pdf_page(document, index: int, wanted: int = WIDTH):
    page, width, height = _opened_page(document, index)
    scale = min(wanted / width, (MAX_PIXELS / (width * height)) ** 0.5, 10)
    if min(width, height) * scale < 1:
        raise Impossible("damaged")
    return page.render(scale=scale).to_pil()


def _pdf_words(document, index: int) -> dict[str, Any]:
    """Give the lines of a page: words with their places, for selecting and finding.

    A word is [x, y, width, height, text], in units of which a page has UNITS across.
    """
    from pypdfium2 import raw

    page, width, height = _opened_page(document, index)
    across, down = UNITS, max(1, min(round(UNITS * height / width), 100 * UNITS))
    text = page.get_textpage()
    x, y, box = ctypes.c_int(), ctypes.c_int(), raw.FS_RECTF()

    def place(left: float, top: float) -> tuple[int, int]:
        raw.FPDF_PageToDevice(page, 0, 0, across, down, 0, left, top, x, y)
        return x.value, y.value

    lines, words, letters, corners = [], [], [], []

    def end_word() -> None:
        if letters and corners:
            content = b"".join(letters).decode("utf-16-le", "replace")
            xs, ys = [c[0] for c in corners], [c[1] for c in corners]
            words.append(
                [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys), content]
            )
        letters.clear()
        corners.clear()

    def end_line() -> None:
        end_word()
        if words:
            lines.append(words.copy())
        words.clear()

    for number in range(min(text.count_chars(), MAX_TEXT)):
        code = raw.FPDFText_GetUnicode(text, number)
        if code in (10, 13):
            end_line()
        elif code in (0, 9, 32, 0xA0) or code > 0x10FFFF:
            end_word()
        elif raw.FPDFText_GetLooseCharBox(text, number, box):
            # Surrogates come one by one, and are put together again.
            letters.append(
                struct.pack("<H", code)
                if code < 0x10000
                else chr(code).encode("utf-16-le")
            )
            corners.append(place(box.left, box.top))
            corners.append(place(box.right, box.bottom))
    end_line()
    return {"width": across, "height": down, "lines": lines}


def _picture(source: RemoteFile, size: int, kind: str, width: int = WIDTH):
    from PIL import Image
    from PIL import ImageOps

    if size > MAX_IMAGE_BYTES:
        raise Impossible("big")
    Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(source.read(size)), formats=[kind.upper()])
        image.draft("RGB", (width, width))
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Impossible("big") from None
    image = ImageOps.exif_transpose(image)
    image.thumbnail((width, width * 4))
    return image


def _small(image, width: int) -> bytes:
    """Give an image as a small JPEG on white."""
    from PIL import Image

    if image.mode not in ("RGB", "L"):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    image.thumbnail((width, width * 2))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def _small_pages(document, first: int, count: int, width: int) -> dict[str, Any]:
    """Give small images of pages, in base64; empty ones for pages that can't be drawn."""
    images, total = [], len(document)
    for index in range(first, min(total, first + count)):
        try:
            drawn = _small(_pdf_page(document, index, width), width)
        except Exception:
            drawn = b""
        images.append(b64encode(drawn).decode("ascii"))
        if time.process_time() > TEXT_SECONDS:
            break
    return {"pages": total, "images": images}


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


def load_libraries() -> None:
    """Load all that a job may need, the lazy parts too: no file opens later."""
    import encodings.utf_16_le  # noqa: F401
    import PIL.Image
    import PIL.ImageChops
    import PIL.ImageOps
    import PIL.MpoImagePlugin
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin
    import pypdfium2

    PIL.Image.preinit()
    page = pypdfium2.PdfDocument.new().new_page(8, 8)
    text = page.get_textpage()
    text.get_text_range()
    pypdfium2.raw.FPDFText_GetLooseCharBox(text, 0, pypdfium2.raw.FS_RECTF())
    page.render().to_pil()


def _do(pipe: Pipe, job: dict[str, Any], source: RemoteFile) -> None:
    action, width = job["action"], min(job.get("width", WIDTH), MAX_WIDTH)
    if job["kind"] != "pdf":
        image = _picture(source, job["size"], job["kind"], width)
        if action == "small":
            images = [b64encode(_small(image, width)).decode("ascii")]
            _answer(pipe, {"pages": 1, "images": images})
        else:
            _send_image(pipe, image, job["kind"] == "jpeg")
        return
    document = _open_pdf(source)
    if action == "text":
        _answer(pipe, _pdf_text(document, job["first"], job["count"]))
    elif action == "words":
        _answer(pipe, _pdf_words(document, job["page"]))
    elif action == "small":
        count = min(job["count"], MAX_SMALL)
        _answer(pipe, _small_pages(document, job["first"], count, width))
    else:
        _send_page(pipe, _pdf_page(document, job["page"], width))


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
