"""Put the style sheet together: ``python -m civisdata.theme.build``.

The sources in ``theme/css/sources`` are joined in the order of their names, after them the
accents of ``accents.py``; comments and spare blanks are taken out, and the page frame gets the address of the result with a
part of its SHA-256, so that browsers may keep it for long.
"""

from civisdata.theme import accents
from hashlib import sha256
from pathlib import Path
import re


THEME = Path(__file__).parent / "theme"
SOURCES = THEME / "css" / "sources"
TARGET = THEME / "css" / "civis.min.css"
FRAME = THEME / "index.html"


def minified(css: str) -> str:
    """Return the same rules without comments and spare blanks."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    css = re.sub(r"(?<=[\w-]): (?=[^{}]*[;}])", ":", css)
    return css.replace(";}", "}").strip() + "\n"


def style_sheet() -> str:
    """Return the whole style sheet as it is served."""
    sources = [path.read_text() for path in sorted(SOURCES.glob("*.css"))]
    return minified("\n".join([*sources, accents.css()]))


def with_versions(frame: str) -> str:
    """Return the frame with the version of each own resource in its address."""

    def versioned(match: re.Match) -> str:
        path = THEME / match[1]
        body = style_sheet().encode() if path == TARGET else path.read_bytes()
        return f'"{match[1]}?v={sha256(body).hexdigest()[:10]}"'

    return re.sub(r'"((?:css|js)/[\w.-]+)(?:\?v=\w+)?"', versioned, frame)


def build() -> None:
    """Write the style sheet and the frame."""
    TARGET.write_text(style_sheet())
    FRAME.write_text(with_versions(FRAME.read_text()))


if __name__ == "__main__":
    build()
