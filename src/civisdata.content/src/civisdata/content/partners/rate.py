"""How often a key may call: a bucket that leaks, shared by all processes of a server."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.limiter import CounterStore
from dataclasses import dataclass
import hashlib
import logging


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rate:
    """``burst`` calls at once, ``per_second`` calls in the long run."""

    burst: int = 120
    per_second: float = 2.0


DEFAULT = Rate()


def wait(store: CounterStore, key_id: str, rate: Rate = DEFAULT) -> float:
    """Count a call; give the seconds to wait where it is one too many, else 0.0.

    What can't be counted is let pass: keys can't be guessed, and an outage of the
    counters mustn't keep documents from people.
    """
    name = hashlib.sha256(f"api\0{key_id}".encode()).hexdigest()
    now = clock.now()
    try:
        count, last = store.get([name]).get(name, (0.0, now))
        left = max(0.0, count - (now - last) * rate.per_second)
        if left + 1 > rate.burst:
            return (left + 1 - rate.burst) / rate.per_second
        store.put(name, left + 1, now)
    except OSError:
        logger.exception("The calls of a key can't be counted")
    return 0.0
