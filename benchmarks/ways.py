"""Reservations of whom more has to be known, beside plain ones of the same run and server.

Three ways need a look at who reserves: a limit per person, the list of an invited group, and a
friend who sent the buyer. Each is measured like plain ones of the same launch, and the first once
more with keys that were all answered before. Not here: who is looked up and how
(`people/reserving.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import sleep

import msgspec
import psycopg
import uvloop

from benchmarks.figures import Demand, Figure, Measured, ratio
from benchmarks.generator import LoadFailed, send
from benchmarks.over_http import CONNECTIONS, database_of, figure_of, measured
from benchmarks.prepared import Load, Sender, buyer
from benchmarks.servers import Server
from benchmarks.shop import CATALOGUE, OFFERS, TERMS
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign, Entry, Group
from earnest.core.launch.edition import Edition
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import BuyerId, CampaignId, GroupId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.campaign_ports import Announcement
from earnest.gateways.clock import Clock
from earnest.keyring import codes_of
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import open_pool

LEAST = 0.5
"""What the rate of each way is to that of plain ones at least."""

SECONDS = 4
"""How long each way is measured; a ratio needs no more."""

WARM_UP_SECONDS = 2
REPLAY_SECONDS = 1
"""Known keys are answered so fast that no more of them are there."""

MOST_PER_SECOND = 6_000
LOOK_AGAIN_SECONDS = 0.5
LOOKS = 60
"""How often it is tried whether the server knows the launches; it looks every five seconds."""

GROUP = GroupId("loyal")
OPEN, LIMITED = QueueId("bench-open-cn"), QueueId("bench-limited-cn")
PLAIN, PERSONS, MEMBERS, FRIENDS = "plain", "limit per person", "invited group", "friend's code"
REPLAYED = f"{PERSONS}, every key known"
WAYS = {PLAIN: OPEN, PERSONS: LIMITED, MEMBERS: OPEN, FRIENDS: OPEN}
"""The ways, and the queue in which each reserves."""

_KNOWN = (
    """
    INSERT INTO people.identity (identity_id, kind, key_id, digest)
    SELECT digest, 'phone', 'bench', digest FROM unnest(%(digests)s::text[]) AS new (digest)
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO people.proof (buyer_id, kind, identity_id, proven_at)
    SELECT buyer_id, 'phone', digest, now()
    FROM unnest(%(buyer_ids)s::text[], %(digests)s::text[]) AS new (buyer_id, digest)
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO people.campaign_member (campaign_id, group_id, buyer_id)
    SELECT %(campaign_id)s, %(group_id)s, buyer_id
    FROM unnest(%(buyer_ids)s::text[]) AS new (buyer_id)
    ON CONFLICT DO NOTHING
    """,
    # As the database does by itself within a minute; people prove who they are days before.
    "ANALYZE people.proof, people.campaign_member",
)


def measure_ways(server: Server, place: Path) -> list[Figure]:
    """Each way for a few seconds after a warm-up. Raises `LoadFailed` unless all get a place."""
    sender = Sender(server.settings, place)
    url = database_of(server)
    uvloop.run(_open_launches(url, Clock().now()))
    friend = codes_of(server.settings).sign_referral(buyer("ways-friend", 0))
    shown: dict[str, dict[str, str]] = {MEMBERS: {"group_id": GROUP}, FRIENDS: {"referral": friend}}
    figures = []

    def load(name: str, count: int, way: str) -> Load:
        name = f"ways-{way}-{name}".replace(" ", "-")
        _know(url, [buyer(name, number) for number in range(count)])
        return sender.reservations(name, count, WAYS[way], **shown.get(way, {}))

    for way in WAYS:
        _wait_until_open(server, partial(load, count=1, way=way))
        warming = load("warm", MOST_PER_SECOND * WARM_UP_SECONDS, way)
        send(warming, server.url, CONNECTIONS, WARM_UP_SECONDS)
        wanted = load("load", MOST_PER_SECOND * SECONDS, way)
        sent, cost = measured(server, wanted, CONNECTIONS, SECONDS)
        figures.append(figure_of(_name(way), sent, cost, sent.requests))
        if way == PERSONS:
            known = load("load", sent.requests - CONNECTIONS, way)
            again, cost = measured(server, known, CONNECTIONS, REPLAY_SECONDS)
            figures.append(figure_of(_name(REPLAYED), again, cost, again.requests))
    return figures


def demanded(measured_so_far: Measured) -> list[Demand]:
    """Each way beside plain ones of the same run."""
    plain = measured_so_far.find(_name(PLAIN))
    return [
        each
        for way in (PERSONS, REPLAYED, MEMBERS, FRIENDS)
        for each in ratio(
            measured_so_far.find(_name(way)), plain, LEAST, f"reservations, {way}, to plain ones"
        )
    ]


def _name(way: str) -> str:
    return f"(g) reservations in a launch, {way}"


async def _open_launches(url: str, now: Instant) -> None:
    """Two launches, open to everybody: one with an invited group, one that counts persons."""
    names = {"en": "Bench", "zh-Hans": "测量"}
    group = Group(group_id=GROUP, names=names, entry=Entry.MEMBERS, quota=10**9, opens_at=now)
    async with await open_pool(url, size_min=1, size_max=1) as pool:
        for queue_id, groups, edition in (
            (OPEN, (group,), None),
            (LIMITED, (), Edition(per_person=1)),
        ):
            queue = Queue(
                queue_id=queue_id, model_line="s7", market="CN", time_zone="Asia/Shanghai"
            )
            offer = msgspec.structs.replace(OFFERS[0], queue_id=queue_id, opens_at=now)
            campaign = Campaign(
                campaign_id=CampaignId(queue_id),
                version=1,
                queue_id=queue_id,
                names=names,
                opens_at=now,
                reveal_at=now,
                groups=groups,
                edition=edition,
            )
            announced = Announced(campaign=campaign, published_at=now, published_by="bench")
            await PostgresStore(pool).publish(
                queues=[queue], terms=TERMS, catalogue=CATALOGUE, offers=[offer]
            )
            await PostgresCampaigns(pool).announce(
                Announcement(announced=announced, key=queue_id, content_hash=queue_id),
                lambda _: False,
            )


def _know(url: str, buyers: Sequence[BuyerId]) -> None:
    """Every buyer is a person of their own and on the list; who is known already stays so."""
    columns = {
        "buyer_ids": list(buyers),
        "digests": [hashlib.sha256(each.encode()).hexdigest() for each in buyers],
        "campaign_id": OPEN,
        "group_id": GROUP,
    }
    with psycopg.connect(url) as connection:
        for statement in _KNOWN:
            connection.execute(statement, columns)


def _wait_until_open(server: Server, load: Callable[[str], Load]) -> None:
    """Reserve once and again until it is answered with a place, each time as somebody else."""
    for look in range(LOOKS):
        try:
            send(load(f"look-{look}"), server.url, 1, 1)
        except LoadFailed:
            sleep(LOOK_AGAIN_SECONDS)
        else:
            return
    raise LoadFailed("the launches that were published never opened")
