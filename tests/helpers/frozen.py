"""What version 1 of the formats wrote; see tests/data/README.md."""

from civisdata.content.citizens.keys import KeyBundle
from pathlib import Path
from typing import Any
import json


DATA = Path(__file__).parents[1] / "data"
ZEXP = DATA / "version-1.zexp"
_BYTES = frozenset(
    [
        "exchange",
        "signing",
        "salt",
        "verifier_hash",
        "wrapped",
        "pepper",
        "bundle",
        "payload",
        "signature",
        "box",
        "secret",
    ]
)


def _with_bytes(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: bytes.fromhex(value) if key in _BYTES and isinstance(value, str) else value
        for key, value in data.items()
    }


def frozen() -> dict[str, Any]:
    """Return the content of ``version-1.json``, hexadecimal turned into bytes."""
    text = (DATA / "version-1.json").read_text(encoding="utf-8")
    return json.loads(text, object_hook=_with_bytes)


def frozen_bundle() -> KeyBundle:
    return KeyBundle.from_bytes(frozen()["bundle"])
