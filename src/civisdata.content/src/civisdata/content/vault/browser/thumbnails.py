"""What stands for a document in a list: a small image, or a sign of its kind."""

from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.kinds import OFFICE
from civisdata.content.vault.names import split_extension
from zope.component import queryMultiAdapter


#: The view below a document that gives a small image of it.
VIEW = "vignette"
# Of an office file once LibreOffice has made its pages; a sheet before.
_PICTURED = ("pdf", "png", "jpeg", "webp", *OFFICE)
_SIGNS = {
    "table": ("xls", "xlsx", "ods", "csv"),
    "writing": ("doc", "docx", "odt", "rtf", "txt", "md"),
    "sound": ("mp3", "ogg", "wav", "m4a", "flac"),
    "film": ("mp4", "mov", "avi", "mkv", "webm"),
    "archive": ("zip", "gz", "7z", "rar", "tar"),
    "image": ("gif", "tif", "tiff", "heic", "svg", "bmp"),
}


def sign_of(metadata: Metadata) -> str:
    """Name the sign of a kind: ``pdf``, ``image``, ``table``… or ``file``."""
    if metadata.kind == "pdf":
        return "pdf"
    if metadata.kind in ("png", "jpeg", "webp"):
        return "image"
    extension = split_extension(metadata.name)[1].lower()
    for sign, extensions in _SIGNS.items():
        if extension in extensions:
            return sign
    return "writing" if metadata.kind == "text" else "file"


def draws_pictures(space, request) -> bool:
    """Say whether this portal has a view that draws small images."""
    return queryMultiAdapter((space, request), name=VIEW) is not None


def has_picture(metadata: Metadata) -> bool:
    """Say whether a small image can be drawn of a document."""
    return metadata.kind in _PICTURED
