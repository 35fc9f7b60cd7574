"""The pepper: a secret of the server, in a file outside the database and its backups."""

from civisdata.content.citizens.secret_file import read_or_make
from civisdata.content.citizens.secret_file import SECRET_SIZE
import os


PEPPER_SIZE = SECRET_SIZE


def load_pepper(path: str | os.PathLike) -> bytes:
    """Read the pepper's 32 bytes; make the file (mode 0600) where it is missing.

    Raises ValueError where the file has another size.
    """
    pepper = read_or_make(path)
    if len(pepper) != PEPPER_SIZE:
        raise ValueError(f"{path}: a pepper has {PEPPER_SIZE} bytes")
    return pepper
