"""The list of erased spaces: outside the database, so that a restored backup obeys it.

A file that only grows, one line a space: its random id and the day. Nothing else of a
space that was erased stays under its id.
"""

from civisdata.content.citizens.content import is_space_id
from pathlib import Path
import os


VARIABLE = "CIVIS_ERASED_FILE"


def _path() -> Path:
    return Path(os.environ[VARIABLE])


def erased_ids() -> list[str]:
    """Return the ids of all spaces that were erased, or whose erasing has begun."""
    path = _path()
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    ids = (line.partition(" ")[0] for line in lines)
    return [space_id for space_id in ids if is_space_id(space_id)]


def note_erased(space_id: str, day: str) -> None:
    """Put a space on the list; on the disk when this returns. OSError.

    A line that a crash has cut off ends with the next one.
    """
    if not is_space_id(space_id):
        raise ValueError("not the id of a space")
    path = _path()
    if space_id in erased_ids():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = not path.exists() or path.read_bytes()[-1:] in (b"", b"\n")
    line = f"{'' if whole else chr(10)}{space_id} {day}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
