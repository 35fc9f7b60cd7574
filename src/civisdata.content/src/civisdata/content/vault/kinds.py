"""What a document is, by its extension *and* its first bytes, never by what was said.

Only five kinds are ever shown as they are; office files are shown as the PDF that
LibreOffice makes of them. All else (HTML, SVG, XML, scripts…) is stored. What isn't of the
five kinds is given back as an attachment without a type that a browser would run.
"""

from civisdata.content.vault.errors import Refused
from civisdata.content.vault.names import split_extension
import codecs


#: Kind → media type; kinds that aren't here are given as OCTETS.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "text": "text/plain; charset=utf-8",
}
OCTETS = "application/octet-stream"
OTHER = "other"
#: Kinds of office files; each is also the extension.
OPEN_DOCUMENT = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
OOXML = ("docx", "xlsx", "pptx")
OLE = ("doc", "xls", "ppt")
OFFICE = (*OPEN_DOCUMENT, *OOXML, *OLE, "rtf")
#: Bytes of a file that ``kind_of`` wants to see.
HEAD = 4096

_EXTENSIONS = {
    "pdf": "pdf",
    "png": "png",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "jpe": "jpeg",
    "webp": "webp",
    "txt": "text",
    "text": "text",
}
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML_FIRST = (
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"word/",
    b"xl/",
    b"ppt/",
    b"mimetype",
)
_MARKUP = (b"<", b"#!", b"%!", b"{\\rtf")


def _by_magic(head: bytes) -> str:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    return "text" if _is_plain_text(head) else OTHER


def _is_office(kind: str, head: bytes) -> bool:
    """Say whether first bytes are what an office file of this kind begins with."""
    if kind in OPEN_DOCUMENT:
        # The first member, stored: its name at 30, its content behind.
        wanted = b"mimetype" + OPEN_DOCUMENT[kind]
        return head.startswith(_ZIP) and head[30:].startswith(wanted)
    if kind in OOXML:
        return head.startswith(_ZIP) and head[30:].startswith(_OOXML_FIRST)
    return head.startswith(_OLE if kind in OLE else b"{\\rtf")


def _is_plain_text(head: bytes) -> bool:
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_MARKUP):
        return False
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    try:
        # The head may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def kind_of(name: str, head: bytes) -> str:
    """Give ``pdf``, ``png``, ``jpeg``, ``webp``, ``text``, one of OFFICE or ``other``.

    Raises Refused("kind") where an extension promises a PDF or an image, and the bytes
    are something else.
    """
    extension = split_extension(name)[1].lower()
    if extension in OFFICE:
        return extension if _is_office(extension, head) else OTHER
    promised = _EXTENSIONS.get(extension, OTHER)
    found = _by_magic(head[:HEAD])
    if promised == found:
        return found
    if promised not in (OTHER, "text"):
        raise Refused("kind")
    return OTHER


def can_be_shown(kind: str) -> bool:
    return kind in MEDIA_TYPES or kind in OFFICE
