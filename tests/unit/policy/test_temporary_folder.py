"""The folder on tmpfs, below one that everybody may write to."""

from civisdata.policy.operations import folders
import pytest


@pytest.fixture
def shared(monkeypatch, tmp_path):
    base = tmp_path / "shm"
    base.mkdir()
    monkeypatch.setattr(folders, "TMPFS_CANDIDATES", (str(base),))
    monkeypatch.setattr(folders, "is_tmpfs", lambda path: True)
    return base


def test_only_its_owner_enters(shared, tmp_path):
    folder = folders.temporary_folder(tmp_path / "var")
    folder.chmod(0o777)
    assert folders.temporary_folder(tmp_path / "var") == folder
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_that_somebody_put_there_is_refused(shared, tmp_path):
    folder = folders.temporary_folder(tmp_path / "var")
    for path in (folder / "tmp", folder / "sessions", folder):
        path.rmdir()
    disk = tmp_path / "disk"
    disk.mkdir()
    folder.symlink_to(disk)
    with pytest.raises(folders.NoTmpfs):
        folders.temporary_folder(tmp_path / "var")
    assert list(disk.iterdir()) == []
