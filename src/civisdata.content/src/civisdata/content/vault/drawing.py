"""What the child does with a document: pages, words, small images. No Plone in here.

Libraries are loaded by ``load_libraries``, before the child gives up opening files.
"""

from base64 import b64encode
from typing import Any
from typing import BinaryIO
import ctypes
import io
import struct
import time
import warnings


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


class Impossible(Exception):
    """The document can't be shown; the message is the reason's name."""


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


def open_pdf(source: BinaryIO):
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == 4
        raise Impossible("password" if locked else "damaged") from None


def pdf_text(document, first: int, count: int) -> dict[str, Any]:
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


def pdf_page(document, index: int, wanted: int = WIDTH):
    page, width, height = _opened_page(document, index)
    scale = min(wanted / width, (MAX_PIXELS / (width * height)) ** 0.5, 10)
    if min(width, height) * scale < 1:
        raise Impossible("damaged")
    return page.render(scale=scale).to_pil()


def pdf_words(document, index: int) -> dict[str, Any]:
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


def picture(source: BinaryIO, size: int, kind: str, width: int = WIDTH):
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


def small(image, width: int) -> bytes:
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


def small_pages(document, first: int, count: int, width: int) -> dict[str, Any]:
    """Give small images of pages, in base64; empty ones for pages that can't be drawn."""
    images, total = [], len(document)
    for index in range(first, min(total, first + count)):
        try:
            drawn = small(pdf_page(document, index, width), width)
        except Exception:
            drawn = b""
        images.append(b64encode(drawn).decode("ascii"))
        if time.process_time() > TEXT_SECONDS:
            break
    return {"pages": total, "images": images}
