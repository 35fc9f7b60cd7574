"""What can be drawn of an opened document: itself, or the PDF of an office file."""

from civisdata.content.vault.documents import OpenedDocument
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.kinds import HEAD
from civisdata.content.vault.kinds import kind_of
from civisdata.content.vault.kinds import OFFICE
from civisdata.content.vault.kinds import OTHER
from civisdata.content.vault.reading.office import MAX_SOURCE
from civisdata.content.vault.reading.office import to_pdf
from civisdata.content.vault.reading.previews import Previews
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.render import Source


IMAGES = ("png", "jpeg", "webp")
#: Reasons for which a file can't be converted today, nor ever.
LASTING = ("damaged", "big")


def reading_kind(opened: OpenedDocument) -> str:
    """Give the kind of a document as it is known today.

    The former version stored office files as ``other``.
    """
    metadata = opened.metadata
    if metadata.kind != OTHER:
        return metadata.kind
    try:
        return kind_of(metadata.name, opened.bytes(0, HEAD))
    except Refused:
        return OTHER


def drawable(
    opened: OpenedDocument, previews: Previews, convert: bool = True
) -> Source:
    """Give what the child draws: a PDF or an image.

    RenderError: ``kind`` for what has no pages; ``office`` for an office file that
    can't be converted here, or isn't yet where ``convert`` is False.
    """
    kind = reading_kind(opened)
    if kind == "pdf" or kind in IMAGES:
        return Source(kind, opened.size, opened.bytes)
    if kind not in OFFICE:
        raise RenderError("kind")
    content = previews.pdf()
    if content is None:
        if not convert:
            raise RenderError("office")
        if opened.size > MAX_SOURCE:
            raise RenderError("big")
        content = _converted(kind, opened, previews)
    if not content:
        raise RenderError("damaged")
    return Source("pdf", len(content), lambda start, stop: content[start:stop])


def _converted(kind: str, opened: OpenedDocument, previews: Previews) -> bytes:
    """Convert and keep an office file; what can never be read is noted by an empty one.

    A program that is missing, busy or too slow may work another time: nothing is noted.
    """
    try:
        content = to_pdf(kind, opened.bytes())
    except RenderError as error:
        if error.reason in LASTING:
            previews.keep_pdf(b"")
        raise
    previews.keep_pdf(content)
    return content
