"""Folders of a server: data on disk, everything temporary on tmpfs."""

from pathlib import Path
import hashlib
import os


#: Where Debian mounts a tmpfs that any user may write to.
TMPFS_CANDIDATES = ("/dev/shm", "/run/user/{uid}")  # noqa: S108


class NoTmpfs(Exception):
    """No tmpfs was found: clear text would be spooled to a disk."""


def is_tmpfs(path: Path, mounts: str = "/proc/mounts") -> bool:
    """Say whether ``path`` lies on a tmpfs (or ramfs) mount."""
    best = ("", "")
    for line in Path(mounts).read_text().splitlines():
        _, mount_point, kind, *_ = line.split()
        inside = path == Path(mount_point) or Path(mount_point) in path.parents
        if inside and len(mount_point) >= len(best[0]):
            best = (mount_point, kind)
    return best[1] in ("tmpfs", "ramfs")


def temporary_folder(var: Path) -> Path:
    """Return this server's own folder on tmpfs, made with mode 0700.

    One folder for each data folder, so that two servers can run side by side. Raises
    ``NoTmpfs`` where the machine has none.
    """
    uid = os.getuid()
    tag = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    for candidate in TMPFS_CANDIDATES:
        base = Path(candidate.format(uid=uid))
        if base.is_dir() and os.access(base, os.W_OK) and is_tmpfs(base):
            folder = base / f"civisdata-{uid}-{tag}"
            # Anybody may write to its parent, and could have put something there before.
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid != uid:
                raise NoTmpfs(f"{folder} belongs to somebody else.")
            folder.chmod(0o700)
            for path in (folder / "tmp", folder / "sessions"):
                path.mkdir(mode=0o700, exist_ok=True)
            return folder
    raise NoTmpfs(
        "No tmpfs found (looked at /dev/shm and /run/user): documents would be "
        "spooled to a disk in clear, so the server does not start."
    )


def make_data_folders(var: Path) -> None:
    """Create the data folders, readable by their owner only.

    ``var`` itself may be passed through: PostgreSQL's system user has its cluster there.
    """
    var.mkdir(parents=True, exist_ok=True)
    var.chmod(0o711)
    names = "client cache filestorage blobstorage log secrets tasks"
    for name in names.split():
        (var / name).mkdir(mode=0o700, exist_ok=True)
