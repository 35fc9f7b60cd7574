"""The demo's staff directory: a real slapd, generated passwords that stay."""

from civisdata.content.territory.data import communes
from civisdata.policy.ldap import slapd as slapd_module
from civisdata.policy.ldap.demo import DemoDirectory
from civisdata.policy.ldap.slapd import Slapd
from civisdata.policy.ldap.slapd import SlapdError
from pathlib import Path
import ldap
import os
import pytest


@pytest.fixture
def directory(tmp_path):
    demo = DemoDirectory(tmp_path / "ldap")
    demo.start()
    yield demo
    demo.stop()


def can_bind(demo, dn, password):
    connection = ldap.initialize(demo.environment["CIVIS_LDAP_URI"])
    try:
        connection.simple_bind_s(dn, password)
    except ldap.INVALID_CREDENTIALS:
        return False
    return True


def test_everybody_has_an_own_generated_password(directory):
    roles = [role for role, _, _ in directory.new_logins]
    assert roles == ["cub-administrator", "cub-webmaster"] + [
        f"agent-{commune.insee_code}" for commune in communes()
    ]
    assert len({password for _, _, password in directory.new_logins}) == len(roles)
    for _, login, password in directory.new_logins[:3]:
        assert can_bind(directory, f"uid={login},{Slapd.users_dn}", password)
        assert not can_bind(directory, f"uid={login},{Slapd.users_dn}", password + "x")


def test_a_second_start_keeps_the_passwords_and_tells_none(directory):
    _, login, password = directory.new_logins[0]
    directory.stop()
    again = DemoDirectory(directory.folder)
    again.start()
    try:
        assert again.new_logins == []
        assert can_bind(again, f"uid={login},{Slapd.users_dn}", password)
    finally:
        again.stop()


def test_no_password_in_clear_and_no_file_for_others(directory):
    passwords = [password.encode() for _, _, password in directory.new_logins]
    for path in Path(directory.folder).rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [password for password in passwords if password in data], path
    password_file = Path(directory.environment["CIVIS_LDAP_PASSWORD_FILE"])
    assert password_file.stat().st_mode & 0o777 == 0o600
    assert Path(directory.folder).stat().st_mode & 0o777 == 0o700


def test_staff_read_nothing_and_nobody_reads_anonymously(directory):
    connection = ldap.initialize(directory.environment["CIVIS_LDAP_URI"])
    with pytest.raises(ldap.NO_SUCH_OBJECT):
        connection.search_s(Slapd.users_dn, ldap.SCOPE_SUBTREE)


def test_stop_ends_the_process_even_when_it_hangs(directory):
    pid = directory.slapd.pid
    directory.slapd.suspend()
    directory.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_slapd_one_line_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(slapd_module.shutil, "which", lambda *args, **kwargs: None)
    with pytest.raises(SlapdError) as error:
        DemoDirectory(tmp_path / "ldap").start()
    assert "apt-get install slapd" in str(error.value)
    assert "\n" not in str(error.value)
