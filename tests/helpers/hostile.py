"""Documents made to hurt: small files that ask for much, never end or lie."""

from helpers.pdf import make_pdf
from pathlib import Path
import io
import struct
import subprocess
import zipfile
import zlib


MEGA = 1024 * 1024


def flate_bomb(megabytes: int, byte: bytes = b" ") -> bytes:
    """A zlib stream of so many megabytes of one byte, made without making them."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(byte * MEGA) + packer.flush(zlib.Z_FULL_FLUSH)
    block = block.removeprefix(b"\x78\xda")
    return (
        b"\x78\xda" + head.removeprefix(b"\x78\xda") + block * megabytes + b"\x03\x00"
    )


def png(width: int, height: int, bits: int = 8, colour: int = 2) -> bytes:
    """A PNG that says to be of this size, with hardly any data."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        length = struct.pack(">I", len(content))
        return length + name + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(flate_bomb(1)[:100]))
        + chunk(b"IEND", b"")
    )


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is the catalog."""
    data = bytearray(b"%PDF-1.7\n")
    places = []
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


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def looping_pdf() -> bytes:
    """Its tree of pages holds itself."""
    return pdf_of(
        CATALOG,
        b"<< /Type /Pages /Count 1000000 /Kids [3 0 R] >>",
        b"<< /Type /Pages /Parent 2 0 R /Count 1000000 /Kids [2 0 R 3 0 R] >>",
    )


def locked_pdf(folder: Path) -> bytes:
    """It opens with a password only."""
    source, target = folder / "open.pdf", folder / "locked.pdf"
    source.write_bytes(make_pdf("Secret"))
    subprocess.run(
        ["qpdf", "--encrypt", "secret", "owner", "256", "--", source, target],
        check=True,
    )
    return target.read_bytes()


def long_pdf(pages: int) -> bytes:
    return make_pdf(*["x"] * pages)


def huge_page_pdf(width: int, height: int) -> bytes:
    return make_pdf("x").replace(b"[0 0 595 842]", b"[0 0 %d %d]" % (width, height))


def _page(resources: bytes, content: bytes, filters: bytes = b"") -> tuple[bytes, ...]:
    return (
        CATALOG,
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << %s >> >>" % resources,
        b"<< /Length %d %s >>\nstream\n%s\nendstream"
        % (len(content), filters, content),
    )


_TWICE = b"/Filter [/FlateDecode /FlateDecode]"


def bomb_pdf(megabytes: int) -> bytes:
    """The content of its page is so many megabytes of blanks, packed twice."""
    return pdf_of(*_page(b"", zlib.compress(flate_bomb(megabytes), 9), _TWICE))


def huge_image_pdf(width: int, height: int) -> bytes:
    """A page that is one image of a bit a pixel."""
    packed = zlib.compress(flate_bomb(-(-width * height // 8 // MEGA)), 9)
    image = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d"
        b" /ColorSpace /DeviceGray /BitsPerComponent 1 %s /Length %d >>"
        b"\nstream\n%s\nendstream" % (width, height, _TWICE, len(packed), packed)
    )
    content = b"q 595 0 0 842 0 0 cm /I Do Q"
    return pdf_of(*_page(b"/XObject << /I 5 0 R >>", content), image)


_TYPES = (
    '<?xml version="1.0"?><Types xmlns='
    '"http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
    "</Relationships>"
)
_DOCUMENT = (
    '<?xml version="1.0"?><w:document xmlns:w='
    '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)


def docx(text: str, repeated: int = 1) -> bytes:
    """A Word file with a paragraph, ``repeated`` times."""
    paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        with archive.open("word/document.xml", "w", force_zip64=True) as stream:
            stream.write(_DOCUMENT.encode())
            many = paragraph * min(repeated, 10_000)
            for _ in range(max(1, repeated // 10_000)):
                stream.write(many)
            stream.write(b"</w:body></w:document>")
    return buffer.getvalue()


_ODT_CONTENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.3"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink">
<office:scripts><office:event-listeners>{events}</office:event-listeners></office:scripts>
<office:body><office:text>{body}</office:text></office:body>
</office:document-content>
"""
_EVENT = (
    '<script:event-listener script:language="ooo:script" script:event-name="dom:load"'
    ' xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;'
    'location=document" xlink:type="simple"/>'
)
_LIBRARIES = """\
<?xml version="1.0" encoding="UTF-8"?>
<library:libraries xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" library:link="false"/></library:libraries>
"""
_LIBRARY = """\
<?xml version="1.0" encoding="UTF-8"?>
<library:library xmlns:library="http://openoffice.org/2000/library"
 library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Module1"/></library:library>
"""
_MODULE = """\
<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">{code}</script:module>
"""
_MANIFEST = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest manifest:version="1.3"
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.text"/>
{entries}</manifest:manifest>
"""


def odt(body: str, macro: str = "") -> bytes:
    """A text of LibreOffice, with a macro that is to run when it is opened."""
    members = {
        "content.xml": _ODT_CONTENT.format(events=_EVENT if macro else "", body=body)
    }
    if macro:
        members["Basic/script-lc.xml"] = _LIBRARIES
        members["Basic/Standard/script-lb.xml"] = _LIBRARY
        members["Basic/Standard/Module1.xml"] = _MODULE.format(code=macro)
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}"'
        ' manifest:media-type="text/xml"/>\n'
        for name in members
    )
    members["META-INF/manifest.xml"] = _MANIFEST.format(entries=entries)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype",
            "application/vnd.oasis.opendocument.text",
            compress_type=zipfile.ZIP_STORED,
        )
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
