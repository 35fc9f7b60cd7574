"""The sandbox that LibreOffice and tesseract run in."""

from civisdata.content.vault.reading.programs import MEGA
from civisdata.content.vault.reading.programs import ProgramFailed
from civisdata.content.vault.reading.programs import run_program
from civisdata.content.vault.render import RenderError
from helpers.portal import command_line
from helpers.tasks import wait_for
from pathlib import Path
import os
import pytest
import subprocess


SMALL = 64 * MEGA


def sh(script: str, **limits) -> bytes:
    options = {"seconds": 60.0, "memory": 512 * MEGA, **limits}
    return run_program(["/bin/sh", "-c", script], **options)


def test_a_program_reads_and_writes_pipes():
    assert run_program(
        ["/usr/bin/tr", "a-z", "A-Z"], seconds=60, memory=512 * MEGA, data=b"abc"
    ) == (b"ABC")


def test_a_program_sees_no_file_but_the_system_s(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    output = sh(
        f"cat {tmp_path}/secret {__file__} /etc/shadow; ls {tmp_path} /root /home; "
        f"echo x > {tmp_path}/new; echo x > /tmp/civis-new; cat /etc/passwd; true"
    )
    assert b"SECRET" not in output and b"root:x:" in output
    assert not (tmp_path / "new").exists() and not Path("/tmp/civis-new").exists()


def test_a_program_writes_to_its_folder_only_and_not_too_much(tmp_path):
    sh(
        "echo x > good; head -c 3000 /dev/zero > much; true",
        folder=str(tmp_path),
        file=2000,
    )
    assert (tmp_path / "good").read_text() == "x\n"
    assert (tmp_path / "much").stat().st_size <= 2000
    (tmp_path / "good").unlink()
    (tmp_path / "much").unlink()


def test_a_program_gets_no_more_memory():
    with pytest.raises(ProgramFailed):
        sh("head -c 70000000 /dev/zero | tail -c 65000000 > /dev/null", memory=SMALL)
    sh("head -c 7000000 /dev/zero | tail -c 6500000 > /dev/null", memory=SMALL)


def test_a_program_gets_no_more_time_and_all_of_it_ends(tmp_path):
    mark = f"{os.getpid()}.25"
    with pytest.raises(RenderError, match="timeout"):
        sh(f"sleep 9{mark} & sleep 9{mark}", seconds=0.5)
    # All were killed at once; the kernel takes its time to bury them.
    wait_for(lambda: not _running(f"9{mark}"))


def _running(mark: str) -> list[Path]:
    found = Path("/proc").glob("[0-9]*")
    return [path for path in found if mark.encode() in command_line(path.name)]


def test_a_program_sees_no_network():
    ours = os.readlink("/proc/self/ns/net").encode()
    if all(
        subprocess.run(["unshare", option, "true"]).returncode
        for option in ("-n", "-Un")
    ):
        pytest.skip("this kernel allows no network namespaces")
    assert sh("readlink /proc/self/ns/net").strip() not in (b"", ours)
