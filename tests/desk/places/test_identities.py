"""Orders are found by their ids however many there are, and nobody else's by chance."""

from __future__ import annotations

from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.places.identities import Identities, Whose, digest_of

MANY = 10_000
"""Enough for every table to grow several times."""


def test_every_one_of_many_orders_is_found_with_its_queue_rank_and_buyer() -> None:
    known = Identities()
    for number in range(MANY):
        known.add(OrderId(f"order {number}"), BuyerId(f"buyer {number}"), number % 3, number + 1)

    found = [known.find(OrderId(f"order {number}")) for number in range(MANY)]

    assert len(known) == MANY
    assert found == [
        Whose(number % 3, number + 1, digest_of(f"buyer {number}")) for number in range(MANY)
    ]
    assert known.find(OrderId(f"order {MANY}")) is None
