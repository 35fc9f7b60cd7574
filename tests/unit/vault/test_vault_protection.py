"""What the kernel doesn't protect is said once, where operators read."""

from civisdata.content.vault.reading import protection
from civisdata.content.vault.reading.programs import run_program
import json
import logging
import pytest
import subprocess


@pytest.fixture(autouse=True)
def again():
    """Each test is a process's first use."""
    protection.tell_once.cache_clear()
    yield
    protection.tell_once.cache_clear()


def answering(monkeypatch, content: str) -> list:
    asked = []

    def run(command, **how):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, content, "")

    monkeypatch.setattr(protection.subprocess, "run", run)
    return asked


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"network": True, "files": True}, []),
        ({"network": False, "files": True}, ["network namespace"]),
        ({"network": True, "files": False}, ["Landlock"]),
        ({"network": False, "files": False}, ["network namespace", "Landlock"]),
    ],
)
def test_each_missing_protection_is_logged_once(monkeypatch, caplog, found, words):
    asked = answering(monkeypatch, json.dumps(found))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            protection.tell_once()
    assert len(asked) == 1
    assert len(caplog.records) == len(words)
    for record, word in zip(caplog.records, words, strict=True):
        assert word in record.getMessage()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"network": 1}'])
def test_what_cannot_be_told_counts_as_missing(monkeypatch, content):
    answering(monkeypatch, content)
    assert protection.protections() == {"network": False, "files": False}


def test_a_real_child_answers():
    found = protection.protections()
    assert set(found) == {"network", "files"}
    again = protection.protections()
    assert found == again


def test_the_first_program_tells(monkeypatch, caplog):
    answering(monkeypatch, '{"network": true, "files": false}')

    def start(*args, **how):
        assert "Landlock" in caplog.text
        raise OSError

    monkeypatch.setattr(protection.subprocess, "Popen", start)
    with caplog.at_level(logging.WARNING), pytest.raises(OSError):
        run_program(["/bin/true"], seconds=1, memory=10**9)
