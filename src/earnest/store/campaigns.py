"""Campaigns on PostgreSQL: versions, quotas, codes, lists, interest, and what came of it.

Not here: what a reservation takes of a quota (`desk_store.py`). Acts wait for each other, because
they are rare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection

from earnest.core.launch.admitting import counters
from earnest.core.launch.announcing import Announced
from earnest.core.launch.code import CodeBatch
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import (
    Announcement,
    Attributed,
    CodesOfGroup,
    Count,
    IsOver,
    IssuedCode,
    Judge,
    Member,
)
from earnest.desk.ports import Channel, OutgoingMessage
from earnest.store.codec import decode_batch, encode
from earnest.store.faults import named_faults
from earnest.store.jobs import defer_jobs
from earnest.store.pool import Pool
from earnest.store.publications import PostgresPublications, announced_of
from earnest.store.statements import STATEMENTS

Connection = AsyncConnection[Any]
Row = tuple[Any, ...]


class PostgresCampaigns:
    """`Campaigns` of the desk's ports. Every method raises `StoreUnavailable`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def campaigns(self) -> Sequence[Announced]:
        """Every version of every campaign, the oldest first."""
        return await PostgresPublications(self._pool).campaigns()

    async def announcement(self, actor_id: str, key: str) -> Announcement | None:
        """The version that this actor published with this key."""
        with named_faults():
            async with self._pool.connection() as connection:
                return await _announcement(connection, actor_id, key)

    async def announce(self, announcement: Announcement, judge: Judge) -> Announcement | Rejected:
        """Keep a version, its quotas and, where the judge says so, letters to who waits for it."""
        campaign = announcement.announced.campaign
        beside = {"queue_id": campaign.queue_id, "campaign_id": campaign.campaign_id}
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await _execute(connection, "one_publication_at_a_time")
                earlier = await _announcement(connection, announcement.actor_id, announcement.key)
                if earlier is not None:
                    return earlier
                rows = await _rows(connection, "campaigns_beside", **beside)
                judged = judge([announced_of(row) for row in rows])
                if isinstance(judged, Rejected):
                    return judged
                await _keep(connection, announcement)
                if judged:
                    await _tell(connection, campaign.campaign_id, campaign.version)
                return announcement

    async def counts(self, campaign_id: CampaignId) -> Sequence[Count]:
        """How much of each quota is taken, by counter."""
        rows = await self._found("campaign_counts", campaign_id=campaign_id)
        return [Count(counter=row[0], quota=row[1], taken=row[2]) for row in rows]

    async def codes_by_group(
        self, campaign_id: CampaignId, is_over: IsOver
    ) -> Sequence[CodesOfGroup]:
        """How many codes each group has."""
        return _by_group(await self._found("issued_codes", campaign_id=campaign_id), is_over)

    async def codes(self, campaign_id: CampaignId) -> Sequence[IssuedCode]:
        """Every code of a campaign, by group."""
        rows = await self._found("codes_of_campaign", campaign_id=campaign_id)
        return [
            IssuedCode(
                code_id=CodeId(row[0]),
                group_id=GroupId(row[1]),
                buyer_id=None if row[2] is None else BuyerId(row[2]),
                valid_until=row[3],
                issued_by=row[4],
                order_id=None if row[5] is None else OrderId(row[5]),
                revoked_at=row[6],
            )
            for row in rows
        ]

    async def issue(
        self, batch: CodeBatch, code_ids: Sequence[CodeId], quota: int, is_over: IsOver
    ) -> CodeBatch | Rejected:
        """Put codes on record; the batch on record under this actor and key."""
        with named_faults():
            async with self._pool.connection() as connection, connection.transaction():
                await _execute(connection, "one_publication_at_a_time")
                act = {"actor": batch.actor_id, "key": batch.key}
                known = await _rows(connection, "code_batch", **act)
                if known:
                    return decode_batch(known[0][0])
                rows = await _rows(connection, "issued_codes", campaign_id=batch.campaign_id)
                by_group = {each.group_id: each.issued for each in _by_group(rows, is_over)}
                issued = by_group.get(batch.group_id, 0)
                if issued + batch.count > quota:
                    details = {"quota": str(quota), "issued": str(issued)}
                    return Rejected(Reason.CODES_EXCEED_QUOTA, details)
                await _execute(connection, "add_code_batch", **_batch(batch))
                await _execute(connection, "add_codes", **_codes(batch, code_ids))
                return batch

    async def revoke(
        self, campaign_id: CampaignId, code_ids: Sequence[CodeId], *, by: str, at: Instant
    ) -> Sequence[CodeId]:
        """Revoke codes that nobody uses; those that were revoked now."""
        asked = {"campaign_id": campaign_id, "code_ids": list(code_ids), "actor": by, "at": at}
        return sorted(CodeId(row[0]) for row in await self._found("revoke_codes", **asked))

    async def looks(self, campaign_id: CampaignId) -> Mapping[str, int]:
        """How often the campaign's page was asked for, by channel; without one under ""."""
        rows = await self._found("campaign_looks", campaign_id=campaign_id)
        return {row[0]: row[1] for row in rows}

    async def invite(
        self, campaign_id: CampaignId, group_id: GroupId, buyer_ids: Sequence[BuyerId]
    ) -> None:
        """Put buyers on the list of a group."""
        listed = {
            "campaign_id": campaign_id,
            "group_id": group_id,
            "buyer_ids": list(buyer_ids),
        }
        await self._done("add_campaign_members", **listed)

    async def invited(self, asked: Sequence[Member]) -> set[Member]:
        """Those of them who are on their list."""
        columns = {
            "campaign_ids": [each.campaign_id for each in asked],
            "group_ids": [each.group_id for each in asked],
            "buyer_ids": [each.buyer_id for each in asked],
        }
        return {Member(*row) for row in await self._found("campaign_members", **columns)}

    async def want_news(
        self, campaign_id: CampaignId, buyer_id: BuyerId, at: Instant, *, wanted: bool
    ) -> None:
        """Note that a buyer wants to be told when the campaign moves, or wants it no more."""
        who: dict[str, object] = {"campaign_id": campaign_id, "buyer_id": buyer_id}
        if wanted:
            await self._done("add_campaign_interest", registered_at=at, **who)
        else:
            await self._done("drop_campaign_interest", **who)

    async def attributed(self, campaign_id: CampaignId, queue_id: QueueId) -> Sequence[Attributed]:
        """What came of the campaign's orders, by channel, friend and group."""
        asked = {"campaign_id": campaign_id, "queue_id": queue_id}
        rows = await self._found("attributed_orders", **asked)
        names = Attributed.__struct_fields__
        return [Attributed(**dict(zip(names, row, strict=True))) for row in rows]

    async def _found(self, name: str, **parameters: object) -> list[Row]:
        with named_faults():
            async with self._pool.connection() as connection:
                return await _rows(connection, name, **parameters)

    async def _done(self, name: str, **parameters: object) -> None:
        with named_faults():
            async with self._pool.connection() as connection:
                await _execute(connection, name, **parameters)


def _by_group(rows: Sequence[Row], is_over: IsOver) -> list[CodesOfGroup]:
    """The codes of each group, from those that are good until the same instant."""
    found: dict[GroupId, CodesOfGroup] = {}
    for group_id, valid_until, issued, used in rows:
        before = found.get(group_id, CodesOfGroup(group_id=group_id, issued=0, used=0))
        counts = used if is_over(group_id, valid_until) else issued
        found[group_id] = CodesOfGroup(
            group_id=group_id, issued=before.issued + counts, used=before.used + used
        )
    return list(found.values())


async def _keep(connection: Connection, announcement: Announcement) -> None:
    announced = announcement.announced
    campaign = announced.campaign
    quotas = counters(campaign)
    names = {"campaign_id": campaign.campaign_id, "queue_id": campaign.queue_id}
    await _execute(
        connection,
        "add_campaign",
        **names,
        version=campaign.version,
        body=encode(campaign),
        actor=announced.published_by,
        key=announcement.key,
        content_hash=announcement.content_hash,
        published_at=announced.published_at,
        source=announced.source,
    )
    await _execute(
        connection,
        "set_campaign_quotas",
        **names,
        counters=list(quotas),
        quotas=list(quotas.values()),
    )


async def _tell(connection: Connection, campaign_id: CampaignId, version: int) -> None:
    """Letters to everybody who waits leave if and only if the version is published."""
    rows = await _rows(connection, "campaign_audience", campaign_id=campaign_id)
    messages = [news_of(campaign_id, version, BuyerId(row[0])) for row in rows]
    if messages:
        await _execute(connection, "defer_jobs", **defer_jobs(messages))


def news_of(campaign_id: CampaignId, version: int, buyer_id: BuyerId) -> OutgoingMessage:
    """The message that tells a buyer of a version of a campaign."""
    return OutgoingMessage(
        channel=Channel.CAMPAIGN,
        buyer_id=buyer_id,
        order_id=OrderId(""),
        sequence=version,
        subject=campaign_id,
    )


async def _announcement(connection: Connection, actor_id: str, key: str) -> Announcement | None:
    rows = await _rows(connection, "campaign_act", actor=actor_id, key=key)
    if not rows:
        return None
    ((body, actor, known_key, content_hash, published_at, source),) = rows
    announced = announced_of((body, actor, published_at, source))
    return Announcement(announced=announced, key=known_key, content_hash=content_hash)


def _batch(batch: CodeBatch) -> dict[str, object]:
    return {
        "actor": batch.actor_id,
        "key": batch.key,
        "content_hash": batch.content_hash,
        "campaign_id": batch.campaign_id,
        "group_id": batch.group_id,
        "body": encode(batch),
        "issued_at": batch.issued_at,
    }


def _codes(batch: CodeBatch, code_ids: Sequence[CodeId]) -> dict[str, object]:
    bound: list[BuyerId | None] = [*batch.buyer_ids] or [None] * batch.count
    return {
        "actor": batch.actor_id,
        "key": batch.key,
        "campaign_id": batch.campaign_id,
        "group_id": batch.group_id,
        "valid_until": batch.valid_until,
        "code_ids": list(code_ids),
        "buyer_ids": bound,
    }


async def _rows(connection: Connection, name: str, **parameters: object) -> list[Row]:
    cursor = await connection.execute(STATEMENTS[name].text, parameters)
    return await cursor.fetchall()


async def _execute(connection: Connection, name: str, **parameters: object) -> None:
    await connection.execute(STATEMENTS[name].text, parameters)
