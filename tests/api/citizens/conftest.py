"""Counters of failed log-ins of its own for each test, and quick Argon2."""

from civisdata.content.citizens import keys
import pytest


@pytest.fixture(autouse=True)
def own_counters(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path / "sessions"))


@pytest.fixture(autouse=True)
def quick_argon2():
    former = keys.set_default_params(keys.Argon2Params(64, 1, 1))
    yield
    keys.set_default_params(former)
