"""Settings of the launcher: values from the environment, refusals in one line."""

from civisdata.policy.operations.settings import from_environment
from civisdata.policy.operations.settings import zope_environment
from pathlib import Path
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
        {"CIVIS_URL": "civis.example"},
        {"CIVIS_URL": "https://"},
        {"CIVIS_URL": "https://a b"},
        {"CIVIS_URL": "https://user@civis.example"},
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


def test_the_public_address_is_the_servers_own_unless_it_is_named():
    settings = from_environment({"HOST": "0.0.0.0", "PORT": "81"})
    assert settings.url == "http://0.0.0.0:81"
    settings = from_environment({"CIVIS_URL": "https://civis.example/portail/"})
    assert settings.url == "https://civis.example/portail"


@pytest.mark.parametrize(
    "environ,dsn,tasks",
    [
        ({"VAR": "/srv/civis"}, "", "/srv/civis/tasks/queue.sqlite"),
        ({"DB": "host=db"}, "host=db", "host=db"),
        ({"CIVIS_TASKS": "host=queue"}, "", "host=queue"),
        ({"DB": "host=db", "CIVIS_TASKS": "/srv/q.sqlite"}, "host=db", "/srv/q.sqlite"),
    ],
)
def test_where_the_queue_of_tasks_lies(environ, dsn, tasks):
    settings = from_environment(environ)
    assert zope_environment(settings, Path("/dev/shm/x"), dsn)["CIVIS_TASKS"] == tasks
