"""Sizes, reasons and errors in words."""

from civisdata.content import _
from zope.i18nmessageid import Message


#: Reason of ``errors.Refused`` → what the citizen is told.
REFUSED = {
    "empty": _("This file is empty (0 bytes). It was not stored."),
    "too_big": _("This file is larger than the largest allowed document."),
    "quota": _("There is not enough free space left for this file."),
    "folder": _("Its folder is no longer there. It was not stored."),
    "too_many_documents": _(
        "You have as many documents as there can be (50,000). Erase some of them first."
    ),
    "name": _("This file has no usable name. Rename it and try again."),
    "kind": _(
        "The content of this file does not match its extension. It was not stored."
    ),
    "category": _("Choose one of the offered types of documents."),
    "too_many": _("Too many uploads are under way. Wait until one has ended."),
    "short": _("The file was cut on the way. Try again."),
    "long": _("The file changed during the upload. Try again."),
    "title": _("Give a name of at least one character."),
    "depth": _("Folders cannot lie deeper in each other."),
    "too_many_folders": _("You have as many folders as there can be."),
    "into_itself": _("A folder cannot be put into itself. Choose another one."),
    "notes": _("Your notes are too long: 10,000 characters at most."),
    "paper": _("Choose one of the offered kinds of paper."),
    "date": _("Give the date as day, month and year, between 1900 and 2200."),
    "past": _("A temporary document ends today or later: this day is over."),
    "not_binned": _("Only what is in the bin can be erased here."),
    "photo": _(
        "One of the files is no photograph that can be read (JPEG, PNG or WebP)."
    ),
    "photo_big": _("One of the photographs is too large to be read."),
    "photos": _("Choose between 1 and 40 photographs."),
    "busy": _("The service is very busy. Please try again in a moment."),
}

#: Reason of ``render.RenderError`` → what the citizen is told.
NOT_SHOWN = {
    "damaged": _("This document cannot be shown: it seems to be damaged."),
    "password": _("This document cannot be shown: it is protected by a password."),
    "big": _("This document is too large to be shown here."),
    "page": _("This page does not exist."),
    "failed": _("This document cannot be shown here."),
    "timeout": _("This document takes too long to be shown here."),
    "busy": _("Many documents are being shown just now. Try again in a moment."),
    "office": _(
        "This portal cannot show office files in the page. Download it to read it."
    ),
    "kind": _("Documents of this kind are not shown here. Download it to read it."),
}

ALTERED = _(
    "This document was altered or damaged in the store: it is not given out. "
    "Tell the administrators of the portal."
)
CROWDED = _(
    "Two of your pages or archives are being made already. Wait a few seconds, then try "
    "again."
)
ALTERED_FOLDER_TITLE = _("Altered folder")
ALTERED_FOLDER = _(
    "This folder was altered or damaged in the store: its name and place are lost. What "
    "lay in it is not: you find it in « My documents », outside of any folder. Tell the "
    "administrators of the portal."
)
NEWER = _(
    "This was stored by a newer version of the portal than the one that runs now. "
    "Nothing is lost: please try again later."
)
EXPIRED = _("Your session has expired. Log in again to go on.")
LOCKED = _("Your documents are locked. Unlock them to go on.")
FORBIDDEN = _("This form is too old. Load the page again.")
GONE = _("This upload has ended or was cancelled.")
NO_ITEM = _(
    "One of the documents or folders is no longer there. Nothing was changed: "
    "load the page again."
)
NOTHING_CHOSEN = _("Tick at least one document or folder first.")
OVERTAKEN = _(
    "This was changed elsewhere meanwhile, perhaps in another window: your change was not "
    "kept. Below is what is there now, with what you had written."
)
OUT_OF_STEP = _("The upload goes on where it stopped.")

_UNITS = (
    (10**9, _("${size} GB")),
    (10**6, _("${size} MB")),
    (10**3, _("${size} KB")),
)


def size_text(size: int, language: str = "fr") -> Message:
    """Give a number of bytes in the largest unit that fits, with one decimal."""
    for factor, unit in _UNITS:
        if size >= factor:
            number = f"{size / factor:.1f}".removesuffix(".0")
            if language.startswith("fr"):
                number = number.replace(".", ",")
            return Message(unit, mapping={"size": number})
    if size < 2:
        return _("${size} byte", mapping={"size": str(size)})
    return _("${size} bytes", mapping={"size": str(size)})
