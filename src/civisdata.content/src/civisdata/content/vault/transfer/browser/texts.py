"""What is wrong with an archive, in words."""

from civisdata.content import _
from zope.i18nmessageid import Message


#: Reason of ``errors.ArchiveError`` → what the citizen is told.
WRONG = {
    "archive": _("This file is not an archive of a Civis Data portal."),
    "cut": _(
        "This archive is incomplete: its end is missing. Download or copy it once more."
    ),
    "header": _("The beginning of this encrypted file is damaged."),
    "passphrase": _(
        "This passphrase does not open the archive. Check it and try again."
    ),
    "work": _(
        "This file asks for more computing than this portal does. Encrypt it anew with "
        "an ordinary work factor."
    ),
    "key": _(
        "This archive was encrypted for another authority: this portal cannot open it."
    ),
    "altered": _("This archive was altered or damaged: a part of it does not open."),
    "zip": _(
        "This file is not built as an archive of Civis Data is: compressed, encrypted, "
        "overlapping or too many members."
    ),
    "manifest": _("The manifest of this archive is damaged or not valid."),
    "version": _("This archive has a format that this portal does not know."),
    "citizen": _("The signature of the manifest by its owner is not valid."),
    "portal": _("The signature of the manifest by its portal is not valid."),
    "closing": _("The signed end of this archive is not valid."),
    "member": _("A document that the manifest names is missing from the archive."),
    "size": _("A document of the archive has another size than the manifest says."),
    "hash": _("A document of the archive is not the one that the manifest describes."),
    "folders": _("There are too many folders, or they lie too deep in each other."),
    "quota": _("There is not enough free space left for what the archive holds."),
    "former": _(
        "What this archive holds besides documents takes too much room, together with "
        "the files of your earlier portals."
    ),
}

#: Sections of an archive, in words; others are counted.
SECTIONS = {
    "registration": _("your registration"),
    "choices": _("your choices of services and news"),
    "consents": _("the history of your consents"),
    "journal": _("your journal"),
    "former": _("the files of your earlier portals"),
}

_SPEED = 10 * 10**6 / 8


def duration_text(size: int) -> Message:
    """Say how long so many bytes take at 10 Mbit/s."""
    seconds = size / _SPEED
    if seconds < 60:
        return _("less than a minute")
    if seconds < 5400:
        return _("about ${count} min", mapping={"count": round(seconds / 60)})
    return _("about ${count} h", mapping={"count": round(seconds / 3600)})
