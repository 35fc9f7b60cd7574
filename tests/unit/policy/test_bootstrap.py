"""What `make` prepares: Debian packages by verb, clear lines where something is missing."""

from pathlib import Path
import importlib.util
import pytest


SOURCE = Path(__file__).resolve().parents[3] / "instance" / "bootstrap.py"


@pytest.fixture(scope="module")
def bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("verb", "environ", "expected"),
    [
        ("run", {}, {"run"}),
        ("run", {"LDAP": "demo"}, {"run", "ldap"}),
        ("run", {"DB": "postgresql"}, {"run", "postgresql"}),
        ("run", {"DB": "host=db"}, {"run"}),
        ("test", {}, {"run", "ldap", "postgresql", "test"}),
    ],
)
def test_sections(bootstrap, verb, environ, expected):
    assert bootstrap.wanted_sections(verb, environ) == expected


def test_each_package_has_a_sign_and_a_reason(bootstrap):
    rows = bootstrap.debian_packages({"run", "ldap", "postgresql", "test"})
    assert len(rows) >= 10
    assert all(len(row) == 3 and all(row) for row in rows)


def test_a_missing_package_is_named_with_its_reason(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "is_there", lambda sign: sign != "/usr/sbin/slapd")
    monkeypatch.setattr(bootstrap.os, "getuid", lambda: 1000)
    with pytest.raises(bootstrap.BootstrapError) as error:
        bootstrap.provide_debian_packages({"ldap"})
    assert "\n" not in str(error.value)
    assert "slapd (the staff directory of the demo)" in str(error.value)
    assert "apt-get install slapd" in str(error.value)


def test_an_old_python_is_told_so(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    with pytest.raises(
        bootstrap.BootstrapError, match=r"Python 3\.11 .* this is 3\.9\.2"
    ):
        bootstrap.check_python()
