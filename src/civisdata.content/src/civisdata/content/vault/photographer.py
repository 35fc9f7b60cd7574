"""The child that makes photographs fit (``python -I -m …vault.photographer``).

It meets hostile images, so it can do nothing else: see ``renderer``, whose limits it has.
One image comes in on stdin, one JPEG goes out on stdout after a line of JSON with its
size, or with ``error``: ``damaged`` or ``big``. It imports nothing of Plone.
"""

from civisdata.content.vault.drawing import MAX_IMAGE_BYTES
from civisdata.content.vault.drawing import MAX_SOURCE_PIXELS
from civisdata.content.vault.renderer import close_files
from civisdata.content.vault.renderer import limit_resources
import io
import json
import os
import sys
import warnings


#: Longest side of what comes out: A4 at 240 dots an inch.
SIDE = 2800
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


class Impossible(Exception):
    """The message is ``damaged`` or ``big``."""


def load_libraries() -> None:
    """Load all that the job needs, the lazy parts too: no file opens later."""
    import PIL.Image
    import PIL.ImageOps
    import PIL.JpegImagePlugin
    import PIL.MpoImagePlugin
    import PIL.PngImagePlugin
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin

    PIL.Image.preinit()


def photograph(data: bytes) -> tuple[bytes, int, int]:
    """Give an upright JPEG of an image with its width and height; Impossible."""
    from PIL import Image
    from PIL import ImageOps

    if len(data) > MAX_IMAGE_BYTES:
        raise Impossible("big")
    Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        image.draft("RGB", (SIDE, SIDE))
        image.load()
        image = ImageOps.exif_transpose(image)
        image.thumbnail((SIDE, SIDE))
        if image.mode in ("RGBA", "LA", "PA", "P"):
            image = image.convert("RGBA")
            paper = Image.new("RGB", image.size, "white")
            paper.paste(image, mask=image.getchannel("A"))
            image = paper
        image = image.convert("RGB")
        # Neither EXIF (where it was taken) nor profiles go along.
        image.info.clear()
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Impossible("big") from None
    except Exception:
        raise Impossible("damaged") from None
    return buffer.getvalue(), image.width, image.height


def main() -> None:
    limit_resources()
    load_libraries()
    close_files()
    try:
        data = sys.stdin.buffer.read(MAX_IMAGE_BYTES + 1)
        image, width, height = photograph(data)
        head = {"width": width, "height": height}
    except Impossible as error:
        image, head = b"", {"error": str(error)}
    sys.stdout.buffer.write(json.dumps(head).encode("ascii") + b"\n" + image)
    sys.stdout.buffer.flush()
    # No finalisers of a library that just met a hostile image.
    os._exit(0)


if __name__ == "__main__":
    main()
