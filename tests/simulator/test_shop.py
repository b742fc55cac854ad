"""What a stranger finds on sale, and what a reservation says."""

from __future__ import annotations

import asyncio
from random import Random

import msgspec
import pytest

from earnest.simulator.client import Client
from earnest.simulator.door import Door
from earnest.simulator.shop import NothingOnSale, Shop, visit
from tests.simulator.fake_earnest import FakeEarnest, served


def visited(fake: FakeEarnest, *, queue_id: str | None = None, launch: str = "su7-2024") -> Shop:
    async def run() -> Shop:
        async with served(fake) as url:
            client = Client(url, chance=Random(1))
            try:
                return await visit(Door(client), queue_id=queue_id, launch=launch, chance=Random(1))
            finally:
                await client.close()

    return asyncio.run(run())


def test_the_queue_closest_to_the_launch_is_taken() -> None:
    assert visited(FakeEarnest(), launch="su7-2024-03-28").offer.queue_id == "s7-cn"
    assert visited(FakeEarnest(), launch="yu7-2025-06-26").offer.queue_id == "y7-cn"
    assert visited(FakeEarnest(), launch="other").offer.queue_id == "s7-cn"
    assert visited(FakeEarnest(), queue_id="y7-cn").offer.queue_id == "y7-cn"


def test_configurations_are_those_the_server_priced() -> None:
    shop = visited(FakeEarnest())

    assert len(shop.quotes) > 20
    assert {quoted.configuration.model[:2] for quoted in shop.quotes} == {"s7"}
    assert all(quoted.price.amount > 0 for quoted in shop.quotes)


def test_a_reservation_acknowledges_the_terms_and_what_is_material_but_the_early_lock() -> None:
    fake = FakeEarnest()
    shop = visited(fake)

    body = msgspec.json.decode(shop.reservation(3, "en"))

    clauses = {each["clause_id"] for each in body["acknowledgements"]}
    assert clauses == {"terms", "deposit", "deferral", "forfeiture", "forum"}
    assert body["price"] == msgspec.to_builtins(shop.quotes[3].price)
    assert shop.lock_acknowledgement("en").clause_id == "lock_effect"


def test_nothing_on_sale_says_so() -> None:
    fake = FakeEarnest()
    with pytest.raises(NothingOnSale, match="there are: s7-cn, y7-cn"):
        visited(fake, queue_id="z9-cn")
    fake.offers = ()
    with pytest.raises(NothingOnSale, match="start the server with --demo"):
        visited(fake)
