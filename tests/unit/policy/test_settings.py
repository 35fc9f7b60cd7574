"""Settings of the launcher: values from the environment, refusals in one line."""

from civisdata.policy.operations.settings import from_environment
import pytest


def test_defaults():
    settings = from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.filestorage
    assert settings.var == settings.instance / "var"


@pytest.mark.parametrize(
    "environ",
    [
        {"PORT": "http"},
        {"PORT": "70000"},
        {"THREADS": "0"},
        {"LDAP": "yes"},
        {"SMTP": "a b"},
    ],
)
def test_unusable_values_are_refused_with_one_line(environ):
    with pytest.raises(ValueError) as error:
        from_environment(environ)
    assert "\n" not in str(error.value)


def test_a_dsn_is_neither_filestorage_nor_private():
    settings = from_environment({"DB": "host=db dbname=civis"})
    assert not settings.filestorage
    assert not settings.private_postgresql
