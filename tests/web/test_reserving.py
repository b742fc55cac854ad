"""The door of reservations where more has to be known of who reserves, when many ask at once.

Few look-ups, none for a key that was decided, 503 when too many wait or the database is away, and
a limit per person that holds exactly. Not here: what is looked up
(`tests/people/test_reserving.py`) and gathering (`tests/desk/test_gathering.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import pytest

from earnest.desk.desk import QUEUE_LIMIT
from earnest.web.api.reservations import Reservation, route_for_pages
from earnest.web.identity import caller_of
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply
from tests.people.looking import CountedLooks
from tests.web.asking import Told
from tests.web.maker import World, buyer_id, world
from tests.web.test_campaigns import DOCUMENT, announced, reserve, wanted
from tests.web.test_failures import WAITS

MANY = 40
NUMBER = {"name": "Li", "number": "11010519491231002X"}
PER_PERSON = f"""{DOCUMENT}
[edition]
units = 1000
per_person = 2
proof = "identity_number"
"""


@asynccontextmanager
async def counted(
    here: World, document: str = DOCUMENT, *, queue_limit: int = QUEUE_LIMIT
) -> AsyncIterator[CountedLooks]:
    """The launch is open to everybody, and every look-up is counted from here on."""
    await announced(here, document)
    here.pass_time(hours=3)
    looked = CountedLooks(here.kept.store, here.kept.proofs, here.kept.campaigns)
    reservers = looked.reservers(queue_limit)
    here.house = msgspec.structs.replace(here.house, reservers=reservers)
    running = asyncio.create_task(reservers.run())
    try:
        yield looked
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def proven(here: World, *names: str) -> None:
    """All of these accounts are one person's."""
    for name in names:
        path = "/api/v1/people/me/proofs/identity-number"
        assert (await here.buyer(name).post(path, NUMBER)).status == 200


async def at_once(here: World, **changed: str) -> list[Told]:
    """Many buyers reserve in the same instant, all with the same key."""
    each = (reserve(here, f"buyer {number}", **changed) for number in range(MANY))
    return await asyncio.gather(*each)


async def friends_code(here: World) -> str:
    await here.reserve("friend")
    return str((await here.buyer("friend").get("/api/v1/referral-code")).json["code"])


async def listed(here: World) -> dict[str, str]:
    """Everybody is on the list; how a member reserves."""
    ids = [buyer_id(f"buyer {number}") for number in range(MANY)]
    members = {"group_id": "loyal", "buyer_ids": ids}
    path = "/api/v1/campaigns/launch/members"
    assert (await here.staff("sales").post(path, members)).status == 200
    return {"group_id": "loyal"}


async def sent(here: World) -> dict[str, str]:
    """How somebody reserves whom a friend sent."""
    return {"referral": await friends_code(here)}


async def verified(here: World) -> dict[str, str]:
    """Everybody is somebody; persons need to show nothing."""
    for number in range(MANY):
        proof = [("test", f"{number:064}")]
        buyer = buyer_id(f"buyer {number}")
        await here.kept.proofs.prove(buyer, "identity_number", proof, here.clock.now())
    return {}


WAYS = {
    "persons": (PER_PERSON, verified),
    "lists": (DOCUMENT.replace("quota = 5", f"quota = {MANY}"), listed),
    "accounts": (DOCUMENT, sent),
}
"""What is looked up, in which campaign, and how people come there."""


@pytest.mark.parametrize("what", WAYS)
def test_many_at_once_cost_few_look_ups_and_the_same_again_costs_none(
    what: str, fresh_database_url: str
) -> None:
    document, prepare = WAYS[what]

    async def story() -> None:
        async with world(url=fresh_database_url) as here, counted(here, document) as looked:
            shown = await prepare(here)

            told = await at_once(here, **shown)

            assert Counter(each.status for each in told) == {201: MANY}
            assert sum(looked.looks[what]) == MANY
            assert len(looked.looks[what]) == len(looked.looks["keys"]) <= 3
            assert {*looked.looks} == {"keys", what}

            groups = len(looked.looks["keys"])
            again = await at_once(here, **shown)

            assert again == told
            assert sum(looked.looks[what]) == MANY
            assert len(looked.looks["keys"]) - groups <= 3

    asyncio.run(story())


def test_who_only_reserves_is_not_looked_up() -> None:
    async def story() -> None:
        async with world() as here, counted(here) as looked:
            assert {each.status for each in await at_once(here)} == {201}
            assert (await reserve(here, "by channel", channel="live")).status == 201
            assert (await reserve(here, "by no code", group_id="vip")).code == "code_missing"
            assert looked.looks == {}

    asyncio.run(story())


def test_a_known_key_with_other_content_is_said_to_be_used() -> None:
    async def story() -> None:
        async with world() as here, counted(here) as looked:
            friend = await friends_code(here)
            assert (await reserve(here, referral=friend)).status == 201
            reused = await reserve(here, referral=friend, channel="live")
            assert (reused.status, reused.code) == (422, "key_reused")
            assert looked.looks == {"keys": [1, 1], "accounts": [1]}

    asyncio.run(story())


def test_whoever_comes_beyond_those_that_may_wait_comes_again_with_the_same_key() -> None:
    async def story() -> None:
        async with world() as here, counted(here, queue_limit=MANY // 2) as looked:
            friend = await friends_code(here)

            told = await at_once(here, referral=friend)

            assert Counter(each.status for each in told) == {201: MANY // 2, 503: MANY // 2}
            full = [each for each in told if each.status == 503]
            assert {each.code for each in full} == {"desk_full"}
            assert {each.headers["retry-after"] for each in full} <= WAITS
            assert looked.looks == {"keys": [MANY // 2], "accounts": [MANY // 2]}
            plain = await reserve(here, "plain")
            assert plain.status == 201

            again = [
                await reserve(here, f"buyer {number}", referral=friend) for number in range(MANY)
            ]
            assert {each.status for each in again} == {201}

    asyncio.run(story())


def test_a_look_up_that_fails_is_told_to_those_who_waited_for_it() -> None:
    async def story() -> None:
        async with world() as here, counted(here) as looked:
            friend = await friends_code(here)
            looked.is_away = True
            failed = await at_once(here, referral=friend)
            plain = await reserve(here, "plain")
            looked.is_away = False
            good = await at_once(here, referral=friend)

            assert Counter(each.status for each in failed) == {503: MANY}
            assert {each.code for each in failed} == {"store_unavailable"}
            assert {each.headers["retry-after"] for each in failed} <= WAITS
            assert {plain.status, *(each.status for each in good)} == {201}

    asyncio.run(story())


async def one_person(here: World) -> Counter[str]:
    """What one person is told at ten connections, from two accounts."""
    await proven(here, "li", "an")
    told = await asyncio.gather(
        *(reserve(here, ("li", "an")[number % 2], f"k{number}") for number in range(10))
    )
    return Counter("reserved" if each.status == 201 else each.code for each in told)


KINDS = pytest.mark.parametrize("kind", ["memory", "postgresql"])


@KINDS
def test_two_accounts_of_one_person_get_exactly_what_one_person_may(
    kind: str, fresh_database_url: str
) -> None:
    async def story() -> None:
        url = fresh_database_url if kind == "postgresql" else None
        async with world(url=url) as here, counted(here, PER_PERSON):
            assert await one_person(here) == {"reserved": 2, "person_limit_reached": 8}
            assert (await reserve(here, "nobody")).code == "person_unverified"

    asyncio.run(story())


@KINDS
def test_without_a_limit_the_same_person_gets_all_of_them(
    kind: str, fresh_database_url: str
) -> None:
    """Control: the same ten, where nobody counts persons."""

    async def story() -> None:
        url = fresh_database_url if kind == "postgresql" else None
        unlimited = PER_PERSON.replace("per_person = 2\nproof", "proof")
        async with world(url=url) as here, counted(here, unlimited) as looked:
            assert await one_person(here) == {"reserved": 10}
            assert looked.looks == {}

    asyncio.run(story())


async def on_page(here: World, name: str) -> Reply:
    """The same reservation through the route that pages take."""
    route, body = route_for_pages(), msgspec.json.encode(wanted())
    token = here.buyer_token(name)
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"idempotency-key", b"page")]
    now = here.clock.now()
    asked = Asked(
        path={},
        headers=headers,
        language="en",
        received_at=now,
        content_hash="content",
        caller=caller_of(headers, here.house.tokens, now),
    )
    return await route.handler(here.house, asked, msgspec.json.decode(body, type=Reservation))


def test_both_routes_ask_together() -> None:
    async def story() -> None:
        async with world() as here, counted(here, PER_PERSON) as looked:
            await proven(here, "li", "an")
            page, told = await asyncio.gather(on_page(here, "li"), reserve(here, "an"))
            again = await on_page(here, "li")

            assert (page.status, told.status) == (201, 201)
            assert {page.value.rank, told.json["rank"]} == {1, 2}
            assert again == page
            assert looked.looks == {"keys": [2, 1], "persons": [2]}
            with pytest.raises(TurnedAway, match="person_limit_reached"):
                await on_page(here, "an")

    asyncio.run(story())
