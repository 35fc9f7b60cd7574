"""Names of communes in French sentences."""

_VOWELS = "AEIOUYÀÂÉÈÊÎÔÛH"


def of(name: str) -> str:
    """Return a commune's name after « de »: « du Bouscat », « d’Eysines »."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    if name[:1].upper() in _VOWELS:
        return f"d\u2019{name}"
    return f"de {name}"


def town_title(name: str) -> str:
    """Give the title of a commune: « Ville du Bouscat », « Ville d’Eysines »."""
    return f"Ville {of(name)}"
