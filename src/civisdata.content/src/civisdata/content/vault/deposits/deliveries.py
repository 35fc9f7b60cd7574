"""What each publisher has delivered: receipts without their opening, and nothing else.

A sender's own id is kept as a hash; a delivery doesn't name its space.
"""

from Acquisition import aq_base
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree
from collections.abc import Iterator
from itertools import islice
from persistent import Persistent
from typing import Any
import hashlib
import time


_ATTRIBUTE = "_civisdata_deliveries"


class Delivery(Persistent):
    """One deposit that was delivered."""

    def __init__(self, receipt: dict[str, Any], signature: bytes, by: str):
        self.receipt = receipt
        self.signature = signature
        #: Who of the publisher's staff, or which API key.
        self.by = by


class Deliveries(Persistent):
    """The deliveries of one publisher, and its batches."""

    def __init__(self):
        self.by_sender_id = OOBTree()
        self.by_time = LOBTree()
        self.batches = OOBTree()

    def get(self, sender_id: str) -> Delivery | None:
        return self.by_sender_id.get(_hashed(sender_id))

    def add(self, sender_id: str, delivery: Delivery) -> None:
        self.by_sender_id[_hashed(sender_id)] = delivery
        position = time.time_ns() // 1000
        while position in self.by_time:
            position += 1
        self.by_time[position] = delivery

    def newest(self, start: int, count: int) -> Iterator[Delivery]:
        positions = islice(reversed(self.by_time.keys()), start, start + count)
        for position in positions:
            yield self.by_time[position]

    def __len__(self) -> int:
        return len(self.by_time)

    def __bool__(self) -> bool:
        return True


def _hashed(sender_id: str) -> str:
    return hashlib.sha256(sender_id.encode()).hexdigest()


def get_deliveries(site, publisher_id: str) -> Deliveries:
    """Give a publisher's deliveries; empty ones, not kept, where there are none yet."""
    stored = getattr(aq_base(site), _ATTRIBUTE, None) or {}
    return stored.get(publisher_id) or Deliveries()


def ensure_deliveries(site, publisher_id: str) -> Deliveries:
    """Give a publisher's deliveries, made where there are none yet (this writes)."""
    stored = getattr(aq_base(site), _ATTRIBUTE, None)
    if stored is None:
        stored = OOBTree()
        setattr(aq_base(site), _ATTRIBUTE, stored)
    if publisher_id not in stored:
        stored[publisher_id] = Deliveries()
    return stored[publisher_id]


def all_deliveries(site) -> dict[str, Deliveries]:
    """Give the deliveries of all publishers."""
    return dict(getattr(aq_base(site), _ATTRIBUTE, None) or {})
