"""A small load: a bounded number of GET requests over kept-alive connections."""

from http.client import HTTPConnection
from urllib.parse import urlsplit
import statistics
import threading
import time


def requests_per_second(
    url: str, seconds: float = 8.0, connections: int = 2, headers: dict | None = None
) -> tuple[float, float]:
    """Load ``url`` for ``seconds``; return (requests per second, median ms).

    Raises ``RuntimeError`` when an answer is not 200.
    """
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1":
        raise ValueError("load goes to this machine only")
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    times: list[float] = []
    failures: list[int] = []
    deadline = time.monotonic() + seconds

    def worker() -> None:
        connection = HTTPConnection(parts.hostname, parts.port, timeout=60)
        while time.monotonic() < deadline and not failures:
            started = time.monotonic()
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - started)
            if answer.status != 200:
                failures.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(connections)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{url} answered {failures[0]}")
    elapsed = time.monotonic() - started
    return len(times) / elapsed, statistics.median(times) * 1000
