"""The pepper: a secret of the server, in a file outside the database and its backups."""

from contextlib import suppress
from pathlib import Path
import os
import secrets


PEPPER_SIZE = 32


def load_pepper(path: str | os.PathLike) -> bytes:
    """Read the pepper's 32 bytes; make the file (mode 0600) where it is missing.

    Several processes may start at once: the file appears whole or not at all.
    Raises ValueError where the file has another size.
    """
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(secrets.token_bytes(PEPPER_SIZE))
                stream.flush()
                os.fsync(stream.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    pepper = path.read_bytes()
    if len(pepper) != PEPPER_SIZE:
        raise ValueError(f"{path}: a pepper has {PEPPER_SIZE} bytes")
    return pepper
