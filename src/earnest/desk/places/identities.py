"""Which queue and rank an order has, for millions of orders in little memory.

Order ids are found by their digest in tables of numbers, forty-odd bytes an order where a
dictionary takes two hundred. There are many small tables, so that none ever takes long to grow.

Not here: what is known of the rank (`queue_book.py`).
"""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import NamedTuple

from earnest.core.values.ids import BuyerId, OrderId

TABLES = 256
_DIGEST = 16
_FIRST_SIZE = 8


class Whose(NamedTuple):
    """Where an order stands, with the digest of whose it is."""

    queue: int
    rank: int
    buyer: bytes


class Identities:
    """Orders by their ids."""

    def __init__(self) -> None:
        """Begin empty."""
        self._tables = [array("I", bytes(4 * _FIRST_SIZE)) for _ in range(TABLES)]
        self._filled = array("I", bytes(4 * TABLES))
        self._orders = bytearray()
        self._buyers = bytearray()
        self._queues = array("H")
        self._ranks = array("I")

    def __len__(self) -> int:
        """How many orders are known."""
        return len(self._ranks)

    def add(self, order_id: OrderId, buyer_id: BuyerId, queue: int, rank: int) -> None:
        """Remember an order that is not known yet."""
        digest = digest_of(order_id)
        self._orders += digest
        self._buyers += digest_of(buyer_id)
        self._queues.append(queue)
        self._ranks.append(rank)
        number = digest[0]
        self._filled[number] += 1
        if 3 * self._filled[number] > 2 * len(self._tables[number]):
            self._grow(number)
        self._enter(self._tables[number], digest, len(self._ranks))

    def find(self, order_id: OrderId) -> Whose | None:
        """Where an order stands, and whose it is; None if it is not known."""
        digest = digest_of(order_id)
        table = self._tables[digest[0]]
        mask = len(table) - 1
        place = int.from_bytes(digest[1:9]) & mask
        while table[place]:
            entry = table[place] - 1
            at = entry * _DIGEST
            if self._orders[at : at + _DIGEST] == digest:
                buyer = bytes(self._buyers[at : at + _DIGEST])
                return Whose(self._queues[entry], self._ranks[entry], buyer)
            place = (place + 1) & mask
        return None

    def _grow(self, number: int) -> None:
        before = self._tables[number]
        table = array("I", bytes(8 * len(before)))
        for entry in before:
            if entry:
                at = (entry - 1) * _DIGEST
                self._enter(table, bytes(self._orders[at : at + _DIGEST]), entry)
        self._tables[number] = table

    @staticmethod
    def _enter(table: array[int], digest: bytes, entry: int) -> None:
        mask = len(table) - 1
        place = int.from_bytes(digest[1:9]) & mask
        while table[place]:
            place = (place + 1) & mask
        table[place] = entry


def digest_of(identity: str) -> bytes:
    """Sixteen bytes that stand for an id."""
    return blake2b(identity.encode(), digest_size=_DIGEST).digest()
