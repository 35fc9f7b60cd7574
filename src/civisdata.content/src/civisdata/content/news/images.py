"""Which images may stand on a news item: plain values in, an answer out."""

from civisdata.content import _
from PIL import Image
from zope.interface import Invalid


#: Bytes and pixels of the largest image.
MAX_BYTES = 10 * 10**6
MAX_PIXELS = 40 * 10**6

#: What browsers show and nothing runs in; SVG may hold scripts, and is refused.
FORMATS = ("GIF", "JPEG", "PNG", "WEBP")

TOO_HEAVY = _("This image is too heavy: 10 MB at most. Reduce it and choose it again.")
TOO_LARGE = _(
    "This image is too large: 40 million pixels at most (8,000 × 5,000 for example). "
    "Reduce it and choose it again."
)
NO_IMAGE = _("This file is not a JPEG, PNG, GIF or WebP image: choose another one.")


class BadImage(Invalid):
    """An image that can't be taken; the message says why."""


def check_image(value) -> bool:
    """Return True for a named image that may be stored, or None; raise BadImage.

    Format and size are read from the beginning of the bytes, never taken from the name,
    and nothing is unpacked.
    """
    if value is None:
        return True
    if value.getSize() > MAX_BYTES:
        raise BadImage(TOO_HEAVY)
    try:
        with value.open() as handle, Image.open(handle, formats=FORMATS) as image:
            width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadImage(TOO_LARGE) from None
    except (OSError, ValueError, SyntaxError):
        raise BadImage(NO_IMAGE) from None
    if width * height > MAX_PIXELS:
        raise BadImage(TOO_LARGE)
    return True
