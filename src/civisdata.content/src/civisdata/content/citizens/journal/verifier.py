#!/usr/bin/env python3
"""Verify the exported journal of a Civis Data space: python3 THIS_FILE JOURNAL.jsonl

Needs Python 3.9 or later and nothing else: neither the portal nor a network. The portal
uses the same functions. The format is described in docs/reference/journal.md.

Exit codes: 0 the journal is intact, 1 it isn't, 2 it can't be read.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import re
import sys


FORMAT = "civisdata-journal-1"
ENTRY_LABEL = b"civisdata journal entry 1\n"
START_LABEL = b"civisdata journal start 1\n"
CHECKPOINT_LABEL = b"civisdata journal checkpoint 1\n"
END_LABEL = b"civisdata journal export 1\n"
encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
FIELDS = {"n", "time", "action", "actor", "item", "details", "previous"}

MESSAGES = {
    "unreadable": (
        "Le fichier ne peut pas être lu : {why}.",
        "The file can't be read: {why}.",
    ),
    "format": (
        "Ce n’est pas un journal exporté par Civis Data, ou sa première ligne manque.",
        "This isn't a journal exported by Civis Data, or its first line is missing.",
    ),
    "line": (
        "Ligne {line} : elle n’a pas la forme attendue.",
        "Line {line} hasn't the expected form.",
    ),
    "order": (
        "Événement {n} attendu, événement {found} trouvé : un événement a été retiré, "
        "ajouté ou déplacé.",
        "Entry {n} was expected and entry {found} found: an entry was dropped, inserted "
        "or moved.",
    ),
    "chain": (
        "La chaîne est rompue à l’événement {n} : lui ou le précédent a été modifié, "
        "ajouté ou déplacé.",
        "The chain breaks at entry {n}: it or the one before was altered, inserted or "
        "moved.",
    ),
    "checkpoint": (
        "La chaîne ne correspond pas à ce qui a été signé à l’événement {n}.",
        "The chain doesn't match what was signed at entry {n}.",
    ),
    "signature": (
        "La signature posée à l’événement {n} est fausse.",
        "The signature at entry {n} is wrong.",
    ),
    "signer": (
        "La signature posée à l’événement {n} n’est pas celle du titulaire de l’espace.",
        "The signature at entry {n} isn't the one of the holder of the space.",
    ),
    "truncated": (
        "Le fichier s’arrête avant sa fin : sa dernière ligne, signée, manque.",
        "The file ends too early: its last, signed line is missing.",
    ),
    "end": (
        "Le fichier a été modifié depuis son exportation.",
        "The file was altered after it was exported.",
    ),
    "fingerprint": (
        "L’empreinte des clés est « {found} », pas celle qui était attendue.",
        "The fingerprint of the keys is “{found}”, not the expected one.",
    ),
    "other": (
        "Les deux fichiers ne viennent pas du même espace.",
        "The two files aren't of the same space.",
    ),
    "earlier": (
        "L’événement {n} n’est pas celui du fichier antérieur : le journal a été "
        "réécrit ou raccourci entre les deux.",
        "Entry {n} isn't the one of the earlier file: the journal was rewritten or cut "
        "in between.",
    ),
}


class Broken(Exception):
    """Something isn't as it was written; ``code`` is one of MESSAGES."""

    def __init__(self, code: str, **values) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def text(self, language: str = "fr") -> str:
        return MESSAGES[self.code][language != "fr"].format(**self.values)


def canonical(content) -> bytes:
    """The bytes that are hashed and signed: sorted keys, no spaces, ASCII."""
    return encode(content).encode("ascii")


def start_hash(space: str) -> str:
    """What the first entry of a space's journal has for ``previous``."""
    return hashlib.sha256(START_LABEL + space.encode()).hexdigest()


def entry_hash(entry) -> str:
    return hashlib.sha256(ENTRY_LABEL + canonical(entry)).hexdigest()


def checkpoint_bytes(space: str, checkpoint) -> bytes:
    """What is signed of a checkpoint."""
    names = ("n", "hash", "time", "signer")
    signed = {name: checkpoint[name] for name in names}
    return CHECKPOINT_LABEL + canonical({**signed, "space": space})


def end_bytes(end) -> bytes:
    """What is signed at the end of a file."""
    return END_LABEL + canonical({k: v for k, v in end.items() if k != "signature"})


def check_chain(space, anchor, entries, checkpoints, signer, verify):
    """Check entries (in order) and checkpoints; return (n, hash) of the last entry.

    ``anchor``: (n, hash) of the last entry that was dropped when its time was over, or
    None. ``signer``: the holder's public key today (hexadecimal); an entry that replaced
    the keys names the ``former_key``. ``verify(key, signature, message)`` says whether
    an Ed25519 signature is right. Raises Broken.
    """
    n, head = anchor or (0, start_hash(space))
    wanted = {}
    for checkpoint in checkpoints:
        wanted.setdefault(checkpoint["n"], []).append(checkpoint)
    waiting = list(wanted.pop(n, ()))
    check_heads(waiting, head)
    for entry in entries:
        if entry["n"] != n + 1:
            raise Broken("order", n=n + 1, found=entry["n"])
        if entry["previous"] != head:
            raise Broken("chain", n=entry["n"])
        former = entry["details"].get("former_key")
        if former is not None:
            check_signatures(space, waiting, former, verify)
            waiting = []
        n, head = entry["n"], entry_hash(entry)
        here = wanted.pop(n, ())
        check_heads(here, head)
        waiting.extend(here)
    for number in sorted(wanted):
        raise Broken("checkpoint", n=number)
    check_signatures(space, waiting, signer, verify)
    return n, head


def check_heads(checkpoints, head) -> None:
    for checkpoint in checkpoints:
        if checkpoint["hash"] != head:
            raise Broken("checkpoint", n=checkpoint["n"])


def check_signatures(space, checkpoints, signer, verify) -> None:
    for checkpoint in checkpoints:
        if checkpoint["signer"] != signer:
            raise Broken("signer", n=checkpoint["n"])
        signature = bytes.fromhex(checkpoint["signature"])
        message = checkpoint_bytes(space, checkpoint)
        if not verify(bytes.fromhex(signer), signature, message):
            raise Broken("signature", n=checkpoint["n"])


# Ed25519 (RFC 8032, 5.1.7), verification only: nothing secret is computed here.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, other):
    """Add two points in extended coordinates (X, Y, Z, T)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def combined(a, one, b, other):
    """Return a·one + b·other."""
    addends = (None, one, other, add(one, other))
    result = (0, 1, 1, 0)
    for place in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        result = add(result, result)
        choice = (a >> place & 1) + 2 * (b >> place & 1)
        if choice:
            result = add(result, addends[choice])
    return result


def same(one, other) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def decode_point(data: bytes):
    """Return a point, or None where these bytes are none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify_ed25519(key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether ``signature`` is the one of ``message`` with this public key."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, commitment = decode_point(key), decode_point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if point is None or commitment is None or number >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    negated = (P - point[0], point[1], 1, P - point[3])
    return same(commitment, combined(number, BASE, challenge, negated))


# Files


def fingerprint(header) -> str:
    """128 bits over both public keys, as the portal shows them."""
    keys = bytes.fromhex(header["exchange_key"]) + bytes.fromhex(header["signing_key"])
    text = hashlib.sha256(b"civisdata keys 1" + keys).hexdigest()[:32]
    return " ".join(text[start : start + 4] for start in range(0, 32, 4))


def is_hex(value, size: int) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{%d}" % size, value)


def is_number(value) -> bool:
    return type(value) is int and value >= 0


def right_header(found) -> bool:
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return False
    anchor = found.get("anchor")
    return (
        isinstance(found.get("space"), str)
        and is_hex(found.get("signing_key"), 64)
        and is_hex(found.get("exchange_key"), 64)
        and (
            anchor is None
            or (
                isinstance(anchor, dict)
                and is_number(anchor.get("n"))
                and is_hex(anchor.get("hash"), 64)
            )
        )
    )


def right_line(found, kind) -> bool:
    if not isinstance(found, dict) or not is_number(found.get("n")):
        return False
    if not is_number(found.get("time")):
        return False
    if kind == "entry":
        texts = (found.get("action"), found.get("actor"), found.get("item"))
        return (
            set(found) == FIELDS
            and all(isinstance(text, str) for text in texts)
            and isinstance(found["details"], dict)
            and all(isinstance(v, (str, int)) for v in found["details"].values())
            and is_hex(found["previous"], 64)
        )
    if not is_hex(found.get("hash"), 64) or not is_hex(found.get("signature"), 128):
        return False
    return kind == "end" or is_hex(found.get("signer"), 64)


class Journal:
    """A file that was read; nothing of it is checked but its form."""

    def __init__(self, data: bytes) -> None:
        lines = data.split(b"\n")
        self.header = self.load(lines[0], 1)
        if not right_header(self.header):
            raise Broken("format")
        self.space = self.header["space"]
        anchor = self.header["anchor"]
        self.anchor = None if anchor is None else (anchor["n"], anchor["hash"])
        self.entries, self.checkpoints, self.end = [], [], None
        size = len(lines[0]) + 1
        for number, line in enumerate(lines[1:], 2):
            if not line.strip() and self.end is not None:
                continue
            if not line.strip() and number == len(lines):
                break
            if self.end is not None:
                raise Broken("line", line=number)
            self.take(self.load(line, number), number)
            if self.end is None:
                size += len(line) + 1
        self.digest = hashlib.sha256(data[:size]).hexdigest()

    def load(self, line: bytes, number: int):
        try:
            return json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            raise Broken("line" if number > 1 else "format", line=number) from None

    def take(self, found, number: int) -> None:
        kinds = {"checkpoint": self.checkpoints.append, "end": self.take_end}
        kind, keep = "entry", self.entries.append
        if isinstance(found, dict) and len(found) == 1:
            kind = next(iter(found))
            keep, found = kinds.get(kind), found[kind]
        if keep is None or not right_line(found, kind):
            raise Broken("line", line=number)
        if kind == "entry" and self.checkpoints:
            raise Broken("line", line=number)
        keep(found)

    def take_end(self, found) -> None:
        self.end = found

    def check(self) -> None:
        """Raise Broken where the journal isn't what was exported."""
        signer = self.header["signing_key"]
        head = check_chain(
            self.space,
            self.anchor,
            self.entries,
            self.checkpoints,
            signer,
            verify_ed25519,
        )
        if self.end is None:
            raise Broken("truncated")
        if head != (self.end["n"], self.end["hash"]):
            raise Broken("checkpoint", n=self.end["n"])
        signature = bytes.fromhex(self.end["signature"])
        if not verify_ed25519(bytes.fromhex(signer), signature, end_bytes(self.end)):
            raise Broken("signature", n=self.end["n"])
        if self.end.get("sha256") != self.digest:
            raise Broken("end")

    def hashes(self):
        """Hash of each entry by its number, the anchor's among them."""
        found = dict([self.anchor or (0, start_hash(self.space))])
        found.update((entry["n"], entry_hash(entry)) for entry in self.entries)
        return found

    def check_goes_on(self, earlier: Journal) -> None:
        """Raise Broken where ``earlier`` isn't the beginning of this journal."""
        if earlier.space != self.space:
            raise Broken("other")
        ours = self.hashes()
        for n, found in earlier.hashes().items():
            if n >= min(ours) and ours.get(n) != found:
                raise Broken("earlier", n=n)


def read(path: str) -> Journal:
    try:
        with open(path, "rb") as stream:
            return Journal(stream.read())
    except OSError as error:
        raise Broken("unreadable", why=error.strerror or error) from None


def written(seconds: int) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def summary(journal: Journal, language: str) -> str:
    values = {
        "count": len(journal.entries),
        "first": journal.entries[0]["n"] if journal.entries else 0,
        "last": journal.end["n"],
        "signed": len(journal.checkpoints) + 1,
        "space": journal.space,
        "key": fingerprint(journal.header),
        "time": written(journal.end["time"]),
    }
    texts = (
        "Le journal est intact : {count} événement(s), du n° {first} au n° {last}, "
        "{signed} signature(s).\n"
        "Espace {space}, exporté le {time}.\n"
        "Empreinte des clés qui ont signé : {key}\n"
        "Comparez-la avec celle qu’affiche votre espace ou un fichier plus ancien.",
        "The journal is intact: {count} entries, from no. {first} to no. {last}, "
        "{signed} signature(s).\n"
        "Space {space}, exported on {time}.\n"
        "Fingerprint of the keys that signed: {key}\n"
        "Compare it with the one that your space or an older file shows.",
    )
    return texts[language != "fr"].format(**values)


def spoken() -> str:
    """French, unless the machine speaks something else."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fr" if value[:2] in ("fr", "C", "C.", "PO") else "en"
    return "fr"


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="journal.jsonl, as the portal gave it")
    parser.add_argument(
        "--earlier", help="an older export, which must be its beginning"
    )
    parser.add_argument("--fingerprint", help="the fingerprint that is expected")
    parser.add_argument("--language", choices=("fr", "en"), default=spoken())
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    try:
        journal = read(asked.file)
        journal.check()
        if asked.fingerprint is not None:
            found = fingerprint(journal.header)
            if found.replace(" ", "") != re.sub(r"\s", "", asked.fingerprint.lower()):
                raise Broken("fingerprint", found=found)
        if asked.earlier is not None:
            earlier = read(asked.earlier)
            earlier.check()
            journal.check_goes_on(earlier)
    except Broken as broken:
        print(broken.text(asked.language), file=sys.stderr)
        return 2 if broken.code == "unreadable" else 1
    print(summary(journal, asked.language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
