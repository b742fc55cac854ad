"""Units, quotas, codes and pages to open: each spoilt row is named, and a clean launch is clean.

Not here: how they are written (`tests/desk/test_scarcity_stored.py`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec
import psycopg
import pytest

from earnest.audit.beside import audit_beside
from earnest.audit.rules import Rule
from earnest.audit.run import Audited
from earnest.core.launch.edition import Edition
from earnest.demo.maker import QUEUES, demo_offers
from earnest.desk.answer import Answer
from earnest.desk.desk import Desk
from earnest.desk.library import Library
from earnest.desk.ports import OrderKey
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import open_pool
from earnest.store.reader import PostgresReader
from tests.desk.campaigning import CAMPAIGN, LOYAL, VERSION, announced, issued, reserves
from tests.desk.shop import CATALOGUE, TERMS, Shop, content_hash

SCARCE = msgspec.structs.replace(CAMPAIGN, edition=Edition(units=4))


async def _launch(url: str) -> None:
    """Two with codes, two of a list, two of the public who wait, and one with a code who left."""
    shop = Shop()
    async with await open_pool(url) as pool:
        store, campaigns = PostgresStore(pool), PostgresCampaigns(pool)
        await store.publish(
            queues=QUEUES, terms=TERMS, catalogue=CATALOGUE, offers=demo_offers(TERMS, CATALOGUE)
        )
        await announced(campaigns, msgspec.structs.replace(VERSION, campaign=SCARCE))
        codes = await issued(campaigns, 4)
        desk = Desk(store, Library(store, payment_opens_later=True), shop.clock.now)
        running = asyncio.create_task(desk.run())
        coming = [
            *(reserves(shop, f"v{each}", priority_code=codes[each]) for each in range(2)),
            *(reserves(shop, f"m{each}", group_id=LOYAL) for each in range(2)),
            *(reserves(shop, f"p{each}") for each in range(2)),
            reserves(shop, "left", priority_code=codes[2]),
        ]
        for command in coming:
            answer = await desk.submit(command, content_hash(command))
            assert isinstance(answer, Answer)
            assert answer.is_accepted, answer
        order = await PostgresReader(pool).order_of_buyer(
            OrderKey(coming[-1].buyer_id, coming[-1].order_id)
        )
        assert order is not None, "it was accepted"
        leaves = shop.command("Withdraw", order, "buyer", "leave")
        assert isinstance(await desk.submit(leaves, content_hash(leaves)), Answer)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def _audited(url: str) -> Audited:
    return asyncio.run(audit_beside(url, None, lambda *_: None))


def _spoilt(url: str, statement: str) -> set[Rule]:
    """Which rules are broken after one row was changed by hand."""
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(statement.encode()).rowcount == 1
    return {each.rule for each in _audited(url).faults}


SPOILT = [
    (
        (
            "DELETE FROM earnest.allotment "
            "WHERE ctid = (SELECT min(ctid) FROM earnest.allotment WHERE state = 'held')"
        ),
        Rule.UNITS_FOLLOW,
    ),
    (
        (
            "UPDATE earnest.allotment SET state = 'held' "
            "WHERE ctid = (SELECT min(ctid) FROM earnest.allotment WHERE state = 'waiting')"
        ),
        Rule.UNITS_FOLLOW,
    ),
    (
        "UPDATE earnest.queue SET units_taken = units_taken - 1 WHERE units_taken > 0",
        Rule.UNITS_FOLLOW,
    ),
    (
        "UPDATE earnest.campaign_count SET taken = taken + 1 WHERE counter = 'group:vip'",
        Rule.PLACES_COUNTED,
    ),
    (
        "UPDATE earnest.campaign_count SET taken = 0 WHERE counter = 'benefit:wheels'",
        Rule.PLACES_COUNTED,
    ),
    (
        (
            "UPDATE earnest.priority_code SET order_id = NULL WHERE ctid = "
            "(SELECT min(ctid) FROM earnest.priority_code WHERE order_id IS NOT NULL)"
        ),
        Rule.CODES_FOLLOW,
    ),
    (
        (
            "UPDATE earnest.priority_code SET order_id = 'nobody' WHERE ctid = "
            "(SELECT min(ctid) FROM earnest.priority_code WHERE order_id IS NULL)"
        ),
        Rule.CODES_FOLLOW,
    ),
    (
        "DELETE FROM earnest.checkout WHERE ctid = (SELECT min(ctid) FROM earnest.checkout)",
        Rule.PAGES_FOLLOW,
    ),
    (
        (
            "INSERT INTO earnest.checkout (buyer_id, order_id, queue_id, rank) "
            "SELECT buyer_id, order_id, queue_id, rank FROM earnest.orders "
            "WHERE stage = 'withdrawn'"
        ),
        Rule.PAGES_FOLLOW,
    ),
    (
        (
            "WITH kept AS ("
            "INSERT INTO earnest.centre (centre_id, bays, body, changed_by, changed_at) "
            "VALUES ('haikou', 1, '{}', 'nobody', now()) RETURNING centre_id) "
            "INSERT INTO earnest.delivery (buyer_id, order_id, centre_id) "
            "SELECT o.buyer_id, o.order_id, kept.centre_id FROM kept, earnest.orders AS o LIMIT 1"
        ),
        Rule.DELIVERIES_FOLLOW,
    ),
]
UNREADABLE = (
    "UPDATE earnest.orders SET state = '{}' WHERE ctid = (SELECT min(ctid) FROM earnest.orders)"
)


def test_a_launch_that_went_as_it_should_is_clean(fresh_database_url: str) -> None:
    asyncio.run(_launch(fresh_database_url))

    audited = _audited(fresh_database_url)

    assert (audited.orders, audited.faults) == (7, [])


@pytest.mark.parametrize(("statement", "rule"), SPOILT)
def test_a_row_that_does_not_follow_from_its_order_is_found(
    statement: str, rule: Rule, fresh_database_url: str
) -> None:
    asyncio.run(_launch(fresh_database_url))

    assert _spoilt(fresh_database_url, statement) == {rule}


def test_an_order_that_cannot_be_read_accuses_no_table(fresh_database_url: str) -> None:
    asyncio.run(_launch(fresh_database_url))

    assert _spoilt(fresh_database_url, UNREADABLE) == {Rule.READABLE}
