"""Secrets of the server, in files outside the database and its backups."""

from contextlib import suppress
from pathlib import Path
import os
import secrets


SECRET_SIZE = 32


def read_or_make(path: str | os.PathLike) -> bytes:
    """Read a file of secrets; make it (32 random bytes, mode 0600) where it is missing.

    Several processes may start at once: the file appears whole or not at all.
    """
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(secrets.token_bytes(SECRET_SIZE))
                stream.flush()
                os.fsync(stream.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    return path.read_bytes()
