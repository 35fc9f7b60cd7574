"""Texts and PDF files of made-up words, always the same."""

from collections.abc import Iterator
import random


_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "cou",
    "da",
    "de",
    "di",
    "fa",
    "fe",
    "ga",
    "gi",
    "ja",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "pa",
    "pe",
    "pi",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "vo",
]


def vocabulary(count: int = 8000) -> list[str]:
    """Give words of two to four syllables."""
    draw = random.Random(1)
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4)))] = None
    return list(words)


def text(number: int, words: list[str], count: int = 400) -> str:
    """Give a text of ``count`` words, frequent ones more often, as in a language."""
    draw = random.Random(number)
    places = (int(draw.paretovariate(0.35)) - 1 for _ in range(10 * count))
    chosen = [words[place] for place in places if place < len(words)][:count]
    return " ".join(chosen)


def _lines(content: str, width: int = 80) -> Iterator[str]:
    line = ""
    for word in content.split():
        if len(line) + len(word) >= width:
            yield line
            line = ""
        line += f"{word} "
    yield line


def pdf(pages: list[str]) -> bytes:
    """Give a PDF with a page of lines for each text."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for content in pages:
        shown = b" ".join(b"(%s) '" % line.encode() for line in _lines(content))
        stream = b"BT /F1 11 Tf 14 TL 60 780 Td " + shown + b" ET"
        objects.append(
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(kids),
    )
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        data += b"%010d 00000 n \n" % place
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(data)
