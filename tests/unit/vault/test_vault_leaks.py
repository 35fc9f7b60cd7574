"""The search for leaks finds what is planted."""

from base64 import b64encode
from helpers.leaks import find_leaks
from urllib.parse import quote
import bz2
import gzip
import io
import json
import lzma
import pytest
import zipfile
import zlib


WORD = "Quittance-Éléonore-7391"


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


RAW = WORD.encode()
HIDDEN = {
    "raw": RAW,
    "utf-16": WORD.encode("utf-16-le"),
    "latin-1": WORD.encode("latin-1"),
    "json": json.dumps(WORD).encode(),
    "url": quote(WORD).encode(),
    "hex": RAW.hex().encode(),
    "base64": b64encode(RAW),
    "base64+1": b64encode(b"x" + RAW + b"yz"),
    "base64+2": b64encode(b"xx" + RAW + b"y"),
    "gzip": b"noise" + gzip.compress(b"a" * 9000 + RAW),
    "zlib": b"noise" + zlib.compress(b"a" * 9000 + RAW) + b"noise",
    "zlib, cut": zlib.compress(RAW + b"b" * 99)[:-4],
    "bzip2": bz2.compress(RAW),
    "xz": lzma.compress(RAW),
    "zip": zipped("a", RAW),
    "zip, name": zipped(WORD, b""),
    "gzip of zip": gzip.compress(zipped("a", RAW)),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_planted_is_found(tmp_path, name):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"before " + HIDDEN[name] + b" after")
    assert find_leaks([tmp_path], [WORD, "something else"])


def test_names_of_files_are_searched(tmp_path):
    (tmp_path / f"{WORD}.pdf").touch()
    assert find_leaks([tmp_path], [WORD])


def test_nothing_is_found_where_nothing_is(tmp_path):
    (tmp_path / "file").write_bytes(gzip.compress(b"Quittance") + b"Quittance-7391")
    assert find_leaks([tmp_path], [WORD]) == []


def test_a_search_that_looks_nowhere_fails(tmp_path):
    with pytest.raises(FileNotFoundError):
        find_leaks([tmp_path / "missing"], [WORD])
    with pytest.raises(ValueError):
        find_leaks([tmp_path], ["abc"])
