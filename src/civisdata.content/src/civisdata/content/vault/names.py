"""File names as people give them, made harmless."""

from civisdata.content.vault.errors import Refused
import re
import unicodedata


#: Characters of a kept name.
MAX_LENGTH = 255
_JOINERS = "\u200c\u200d"
#: « d », « l », « qu » and the like before a word of three letters with a vowel.
_ELIDED = re.compile(r"\b([dlcjmnstDL]|qu|Qu) (?=[aeéèêiîoôuhAEÉÈÊIÎOÔUH][^\W\d_]{2})")


def _harmless(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        # Directions and invisible marks can disguise an extension; emoji need joiners.
        return character in _JOINERS
    return category not in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def clean_name(name: str) -> str:
    """Give a name without folders, control or direction characters, at most 255 long.

    Raises Refused("name") where nothing is left.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in name if _harmless(character))
    name = " ".join(name.split()).strip(". ")
    if not name.strip(_JOINERS):
        raise Refused("name")
    stem, extension = split_extension(name)
    if extension:
        extension = f".{extension}"
    return stem[: MAX_LENGTH - len(extension)] + extension


def split_extension(name: str) -> tuple[str, str]:
    """Give stem and extension, without its dot (empty where there is none)."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or not extension.isalnum() or len(extension) > 10:
        return name, ""
    return stem, extension


def title_of(name: str) -> str:
    """Give a readable title for a document of this file name.

    Underscores are spaces, and where French elides a word, the apostrophe that file
    names lose comes back: « Avis_d_imposition.pdf » is « Avis d’imposition ».
    """
    words = split_extension(name)[0].replace("_", " ")
    return _ELIDED.sub("\\1\u2019", words).strip() or name
