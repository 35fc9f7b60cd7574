"""Free ports."""

from civisdata.policy.operations import ports
import pytest
import random
import socket


@pytest.fixture
def kernels(tmp_path, monkeypatch):
    """Pretend that the kernel gives other ports away."""
    path = tmp_path / "range"
    monkeypatch.setattr(ports, "_RANGE", path)
    return path.write_text


def test_a_free_port_is_not_one_that_the_kernel_gives_away(kernels):
    kernels("20000\t60999\n")
    assert all(10_000 <= ports.free_port() < 20_000 for _ in range(50))


def test_a_taken_port_is_passed_over(monkeypatch):
    with socket.socket() as taken, socket.socket() as free:
        taken.bind(("127.0.0.1", 0))
        free.bind(("127.0.0.1", 0))
        candidates = [taken.getsockname()[1], free.getsockname()[1]]
        free.close()
        monkeypatch.setattr(ports, "_candidate", iter(candidates).__next__)
        assert ports.free_port() == candidates[1]
        monkeypatch.setattr(ports, "_candidate", lambda: candidates[0])
        with pytest.raises(OSError, match="no free"):
            ports.free_port()


@pytest.mark.parametrize("range", ["1024 60999", "", "x"])
def test_where_there_is_no_room_any_port_does(kernels, range):
    kernels(range)
    assert ports.free_port() > 1024


def test_a_seed_gives_nobody_the_same_port(kernels):
    kernels("32768 60999")
    found = set()
    for _ in range(20):
        random.seed(1)
        found.add(ports.free_port())
    assert len(found) > 1
