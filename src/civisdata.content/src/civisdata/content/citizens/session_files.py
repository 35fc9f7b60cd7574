"""Sessions as files in a folder on tmpfs: the embedded default, for one machine."""

from civisdata.content.citizens.sessions import Row
from civisdata.content.citizens.sessions import StoreDown
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
import fcntl
import json
import os
import re
import secrets


_NAME = re.compile(r"[0-9a-f]{64}")
_USER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FileSessionStore:
    """One file a session in ``rows``, one empty file for it below ``users/<id>``.

    The time of last use is the file's modification time. Writers hold a lock, so that
    an ended session isn't written again by one who read it before.
    """

    def __init__(self, folder: str | os.PathLike) -> None:
        self.folder = Path(folder)
        self._rows = self.folder / "rows"
        self._users = self.folder / "users"
        try:
            for path in (self.folder, self._rows, self._users):
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreDown(str(error)) from error

    @contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreDown(str(error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise StoreDown(str(error)) from error
        finally:
            os.close(descriptor)

    def _path(self, id_hash: str) -> Path:
        if not _NAME.fullmatch(id_hash):
            raise ValueError("not the hash of a session's id")
        return self._rows / id_hash

    def _user(self, user_id: str) -> Path:
        if not _USER.fullmatch(user_id):
            raise ValueError("not the id of a citizen")
        return self._users / user_id

    def _write(self, path: Path, row: Row) -> None:
        data = asdict(row)
        data["wrapped"] = None if row.wrapped is None else row.wrapped.hex()
        draft = self.folder / f"draft-{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            json.dump(data, stream)
        os.utime(draft, (row.touched, row.touched))
        draft.replace(path)

    def add(self, row: Row) -> None:
        with self._lock():
            user = self._user(row.user_id)
            user.mkdir(mode=0o700, exist_ok=True)
            self._write(self._path(row.id_hash), row)
            (user / row.id_hash).touch(mode=0o600)

    def get(self, id_hash: str) -> Row | None:
        path = self._path(id_hash)
        try:
            with path.open() as stream:
                data = json.load(stream)
                data["touched"] = os.fstat(stream.fileno()).st_mtime
        except (FileNotFoundError, ValueError):
            return None
        except OSError as error:
            raise StoreDown(str(error)) from error
        if data["wrapped"] is not None:
            data["wrapped"] = bytes.fromhex(data["wrapped"])
        return Row(**data)

    def touch(self, id_hash: str, now: float) -> None:
        with suppress(FileNotFoundError):
            os.utime(self._path(id_hash), (now, now))

    def set_wrapped(self, id_hash: str, wrapped: bytes | None) -> bool:
        with self._lock():
            row = self.get(id_hash)
            if row is None:
                return False
            changed = Row(**{**asdict(row), "wrapped": wrapped})
            self._write(self._path(id_hash), changed)
            return True

    def _unlink(self, id_hash: str, user_id: str) -> None:
        self._path(id_hash).unlink(missing_ok=True)
        user = self._user(user_id)
        (user / id_hash).unlink(missing_ok=True)
        with suppress(OSError):
            user.rmdir()

    def remove(self, id_hash: str) -> None:
        with self._lock():
            row = self.get(id_hash)
            if row is None:
                self._path(id_hash).unlink(missing_ok=True)
            else:
                self._unlink(id_hash, row.user_id)

    def _ids(self, user_id: str) -> list[str]:
        try:
            return [path.name for path in self._user(user_id).iterdir()]
        except FileNotFoundError:
            return []

    def remove_all(self, user_id: str, except_: str | None = None) -> int:
        with self._lock():
            gone = [name for name in self._ids(user_id) if name != except_]
            for name in gone:
                self._unlink(name, user_id)
            return len(gone)

    def rows(self, user_id: str) -> list[Row]:
        rows = (self.get(name) for name in self._ids(user_id))
        return [row for row in rows if row is not None]

    def purge(self, touched_before: float, created_before: float) -> int:
        count = 0
        with self._lock():
            for path in list(self._rows.iterdir()):
                row = self.get(path.name)
                if row is None:
                    path.unlink(missing_ok=True)
                elif row.touched < touched_before or row.created < created_before:
                    self._unlink(path.name, row.user_id)
                    count += 1
        return count
