"""The accents that citizens choose from for their own space.

Each is darker than the small text (``charter.MUTED``), and no background on which that
could not be read is taken as a charter: so an accent is read on each charter. Its
dark shade is moved towards white until it is read on the dark ground.
"""

from civisdata.theme.charter import declarations
from civisdata.theme.charter import primary_rules


#: Id → colour; an id is kept with the space, so it is never used again for another one.
ACCENTS = {
    "garonne": "#14506a",
    "pins": "#1d5634",
    "glycine": "#53307c",
    "ardoise": "#3a4656",
    "brique": "#8a2f12",
}


def css() -> str:
    """Return the rules of all accents, also for the samples that show them."""
    rules = "".join(
        f':root[data-accent="{name}"],[data-accent-sample="{name}"]'
        f"{{{declarations(primary_rules(colour))}}}\n"
        for name, colour in ACCENTS.items()
    )
    return f"@supports (color: light-dark(#000, #fff)) {{\n{rules}}}\n"
