"""The journal as files: JSON Lines that a command verifies, and a table to read."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.journal import verifier
from civisdata.content.citizens.journal.chain import sign
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.keys import KeyBundle
from collections.abc import Iterable
from datetime import datetime
from datetime import UTC
from typing import Any
import csv
import hashlib
import io


#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_jsonl(space, bundle: KeyBundle, portal: str) -> bytes:
    """Return the whole journal, signed now: header, entries, checkpoints, end.

    It holds no title: what ``docs/reference/journal.md`` describes, a line each.
    ``portal``: the address of the portal.
    """
    journal = get_journal(space)
    anchor = journal.anchor
    header = {
        "format": verifier.FORMAT,
        "portal": portal,
        "space": journal.space_id,
        "signing_key": bundle.public.signing.hex(),
        "exchange_key": bundle.public.exchange.hex(),
        "fingerprint": bundle.fingerprint,
        "anchor": None if anchor is None else dict(anchor.__dict__),
    }
    lines = [header]
    lines.extend(entry.to_dict() for entry in journal.oldest_first())
    lines.extend({"checkpoint": found.to_dict()} for found in journal.checkpoints())
    data = b"".join(verifier.canonical(line) + b"\n" for line in lines)
    end: dict[str, Any] = {
        "n": journal.n,
        "hash": journal.hash,
        "space": journal.space_id,
        "time": int(clock.now()),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    end["signature"] = sign(bundle, verifier.end_bytes(end))
    return data + verifier.canonical({"end": end}) + b"\n"


def to_csv(rows: Iterable[tuple[Entry, str, str, str]], head: list[str]) -> bytes:
    """Return a table for spreadsheets: UTF-8 with its mark, semicolons.

    ``rows``: entry, local time, kind, sentence; ``head``: six titles of columns.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(title) for title in head])
    for entry, local, kind, sentence in rows:
        moment = datetime.fromtimestamp(entry.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        writer.writerow(
            [entry.n, *map(harmless, (local, moment, kind, sentence, entry.item))]
        )
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def harmless(text: str) -> str:
    """Return the text of a cell so that no spreadsheet runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
