"""Those who reserve are looked up together: what is found, and how little is asked for it.

Each story runs on PostgreSQL and on the twins in memory. Not here: the doors
(`tests/web/test_reserving.py`) and failures of a group (`tests/desk/test_gathering.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from earnest.core.launch.edition import Proof
from earnest.core.values.ids import BuyerId, CampaignId, GroupId, OrderId, QueueId, derive_id
from earnest.desk.campaign_ports import Campaigns
from earnest.desk.ports import CommandKey, KnownCommand, RecordedCommand, Store
from earnest.people.proving import Proofs
from earnest.people.reserving import Known, ToKnow
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.desk_store import PostgresStore
from earnest.store.memory import MemoryStore
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.memory_proofs import MemoryProofs
from earnest.store.pool import open_pool
from earnest.store.proofs import PostgresProofs
from tests.people.looking import CountedLooks
from tests.postgres import fresh_database_url, postgres_server, postgres_servers, template_database
from tests.store.house import nothing_but

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
LI, AN, BO = (BuyerId(derive_id("buyer", name)) for name in ("li", "an", "bo"))
QUEUE, OTHER_QUEUE = QueueId("s7-cn"), QueueId("y7-cn")
LAUNCH, LOYAL = CampaignId("launch"), GroupId("loyal")
DIGEST = "5" * 64

KINDS = pytest.mark.parametrize("kind", ["memory", "postgresql"])


class Kept:
    """Li and An are one person; Li is on the list; what they did before is counted nowhere."""

    def __init__(self, store: Store, proofs: Proofs, campaigns: Campaigns) -> None:
        self.store = store
        self.proofs, self.campaigns = proofs, campaigns
        self.looked = CountedLooks(store, proofs, campaigns)

    async def begin(self) -> None:
        """Prove and list."""
        for buyer in (LI, AN):
            await self.proofs.prove(buyer, "phone", [("key", DIGEST)], NOW)
        await self.campaigns.invite(LAUNCH, LOYAL, [LI])

    async def decide(self, buyer: BuyerId, key: str) -> KnownCommand:
        """Keep the answer to a command."""
        command = RecordedCommand(
            command=key_of(buyer, key),
            order_id=OrderId(derive_id("order", buyer, key)),
            content_hash="content",
            answer=b'{"is_accepted":true}',
            decided_at=NOW,
        )
        async with self.store.transaction() as transaction:
            await transaction.save(nothing_but(commands=[command]))
        return KnownCommand(command.content_hash, command.answer)


def key_of(buyer: BuyerId, key: str = "k") -> CommandKey:
    return CommandKey(buyer, f"buyer:{buyer}", key)


def person(buyer: BuyerId, key: str = "k", queue_id: QueueId = QUEUE) -> ToKnow:
    return ToKnow(buyer_id=buyer, key=key_of(buyer, key), queue_id=queue_id, proof=Proof.PHONE)


def member(buyer: BuyerId) -> ToKnow:
    return ToKnow(
        buyer_id=buyer,
        key=key_of(buyer),
        queue_id=QUEUE,
        campaign_id=LAUNCH,
        group_id=LOYAL,
        has_friend=False,
    )


def sent_by_friend(buyer: BuyerId) -> ToKnow:
    return ToKnow(buyer_id=buyer, key=key_of(buyer), queue_id=QUEUE, has_friend=True)


def tell(kind: str, url: str, story: Callable[[Kept], Awaitable[None]]) -> None:
    """Tell a story where everything is kept in this way."""

    async def life() -> None:
        if kind == "memory":
            store = MemoryStore()
            await story(Kept(store, MemoryProofs(), MemoryCampaigns(store)))
            return
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            await story(Kept(PostgresStore(pool), PostgresProofs(pool), PostgresCampaigns(pool)))

    asyncio.run(life())


async def looked_up(here: Kept, *asked: ToKnow) -> list[Known]:
    """What is known of those who ask at once."""
    reservers = here.looked.reservers()
    running = asyncio.create_task(reservers.run())
    try:
        return await asyncio.gather(*(reservers.look_up(each) for each in asked))
    finally:
        running.cancel()


@KINDS
def test_everybody_in_a_group_is_known_for_what_they_are(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Kept) -> None:
        await here.begin()

        li, an, bo, li_elsewhere, listed, unlisted, friend, alone, plain = await looked_up(
            here,
            person(LI),
            person(AN),
            person(BO),
            person(LI, queue_id=OTHER_QUEUE),
            member(LI),
            member(AN),
            sent_by_friend(AN),
            sent_by_friend(BO),
            ToKnow(buyer_id=LI, key=key_of(LI), queue_id=QUEUE),
        )

        assert li.person is not None
        assert li == an == Known(person=li.person), "two accounts of one person are one person"
        assert bo == Known()
        assert li_elsewhere.person not in {None, li.person}
        assert (listed, unlisted) == (Known(is_member=True), Known())
        assert (friend, alone) == (Known(other_accounts=(LI,)), Known())
        assert plain == Known()
        assert here.looked.looks == {"keys": [9], "persons": [3], "lists": [2], "accounts": [2]}

    tell(kind, fresh_database_url, story)


@KINDS
def test_a_thousand_at_once_cost_two_groups(kind: str, fresh_database_url: str) -> None:
    async def story(here: Kept) -> None:
        await here.begin()
        crowd = [BuyerId(derive_id("crowd", f"{number}")) for number in range(998)]

        found = await looked_up(here, *(person(each) for each in (LI, AN, *crowd)))

        assert [each.person is not None for each in found] == [True, True, *[False] * 998]
        assert here.looked.looks == {"keys": [500, 500], "persons": [500, 500]}

    tell(kind, fresh_database_url, story)


@KINDS
def test_a_key_that_was_decided_is_found_and_costs_nothing_more(
    kind: str, fresh_database_url: str
) -> None:
    async def story(here: Kept) -> None:
        await here.begin()
        known = await here.decide(LI, "k")

        again = await looked_up(here, person(LI), member(LI), sent_by_friend(LI))
        assert again == 3 * [Known(decided=known)]
        assert here.looked.looks == {"keys": [3]}

        first, other_key, other_buyer = await looked_up(
            here, person(LI), person(LI, "k2"), person(AN)
        )
        assert first == Known(decided=known)
        assert other_key == other_buyer
        assert other_key.person is not None
        assert here.looked.looks == {"keys": [3, 3], "persons": [2]}

    tell(kind, fresh_database_url, story)
