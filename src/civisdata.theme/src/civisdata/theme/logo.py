"""Logos that webmasters upload: PNG, or SVG that holds drawing and nothing else."""

from io import BytesIO
from lxml import etree
from PIL import Image
import re


#: Bytes of the largest logo that is taken.
MAX_BYTES = 200_000

SVG = "http://www.w3.org/2000/svg"

#: Elements of SVG that draw; everything else is refused.
DRAWING = frozenset(
    (
        *("circle", "clipPath", "defs", "desc", "ellipse", "g", "line"),
        *("linearGradient", "mask", "path", "pattern", "polygon", "polyline"),
        *("radialGradient", "rect", "stop", "style", "svg", "symbol", "text"),
        *("title", "tspan", "use"),
    )
)


class LogoError(ValueError):
    """The file cannot be the logo; ``reason`` is one of the names below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def media_type(data: bytes) -> str:
    """Return the media type of a logo that may be shown.

    Raises ``LogoError`` with the reason ``too-large``, ``unknown`` (neither PNG nor
    SVG), ``broken``, or ``active`` (scripts, events, styles or links that reach out).
    """
    if len(data) > MAX_BYTES:
        raise LogoError("too-large")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        try:
            with Image.open(BytesIO(data), formats=("PNG",)) as image:
                if max(image.size) > 4000:
                    raise LogoError("too-large")
                image.load()
        except Image.DecompressionBombError as error:
            raise LogoError("too-large") from error
        except (OSError, SyntaxError, ValueError) as error:
            if isinstance(error, LogoError):
                raise
            raise LogoError("broken") from error
        return "image/png"
    if b"<svg" in data[:4000]:
        _check_svg(data)
        return "image/svg+xml"
    raise LogoError("unknown")


def _reaches_out(value: str) -> bool:
    """Say whether a style or a link refers to anything but a part of the file."""
    plain = re.sub(r"/\*.*?\*/|\s", "", value, flags=re.DOTALL).lower()
    if any(
        word in plain
        for word in ("\\", "javascript:", "@import", "expression(", "data:")
    ):
        return True
    return any(
        not target.startswith("#")
        for target in re.findall(r"url\(['\"]?([^)]*)", plain)
    )


def _check_svg(data: bytes) -> None:
    if b"<!doctype" in data.lower() or b"<!entity" in data.lower():
        raise LogoError("active")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise LogoError("broken") from error
    if root.tag != f"{{{SVG}}}svg":
        raise LogoError("unknown")
    for element in root.iter():
        if element.tag is etree.Comment:
            continue
        if not isinstance(element.tag, str):
            raise LogoError("active")
        name = etree.QName(element)
        if name.namespace != SVG or name.localname not in DRAWING:
            raise LogoError("active")
        if name.localname == "style" and _reaches_out(element.text or ""):
            raise LogoError("active")
        for attribute, value in element.attrib.items():
            local = etree.QName(attribute).localname.lower()
            if local.startswith("on"):
                raise LogoError("active")
            if local == "href" and not value.strip().startswith("#"):
                raise LogoError("active")
            if _reaches_out(value):
                raise LogoError("active")
