"""The twin in memory of campaigns: versions, quotas, codes, lists and interest.

Not here: what a reservation takes of a quota (`memory.py`). One contract suite runs against this
and against PostgreSQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from earnest.core.launch.admitting import counters
from earnest.core.launch.announcing import Announced
from earnest.core.launch.code import CodeBatch
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
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
from earnest.desk.ports import Channel, Counted, OutgoingMessage
from earnest.store.memory import MemoryStore
from earnest.store.memory_rooms import MemoryRooms


class MemoryCampaigns:
    """`Campaigns` of the desk's ports, on the tables of a store in memory."""

    def __init__(self, store: MemoryStore, rooms: MemoryRooms | None = None) -> None:
        """Keep them on a store's tables; whoever waits in these rooms is told as well."""
        self._store = store
        self._rooms = rooms or MemoryRooms()
        self._announcements: list[Announcement] = []
        self._batches: dict[tuple[str, str], CodeBatch] = {}
        self._members: set[Member] = set()
        self._interested: set[tuple[CampaignId, BuyerId]] = set()

    async def campaigns(self) -> Sequence[Announced]:
        """Every version of every campaign, the oldest first."""
        return await self._store.campaigns()

    async def announcement(self, actor_id: str, key: str) -> Announcement | None:
        """The version that this actor published with this key."""
        known = [each for each in self._announcements if each.key == key]
        return next((each for each in known if each.actor_id == actor_id), None)

    async def announce(self, announcement: Announcement, judge: Judge) -> Announcement | Rejected:
        """Keep a version, its quotas and, where the judge says so, letters to who waits for it."""
        earlier = await self.announcement(announcement.actor_id, announcement.key)
        if earlier is not None:
            return earlier
        campaign = announcement.announced.campaign
        judged = judge(
            [
                each
                for each in await self.campaigns()
                if each.campaign.queue_id == campaign.queue_id
                or each.campaign.campaign_id == campaign.campaign_id
            ]
        )
        if isinstance(judged, Rejected):
            return judged
        self._announcements.append(announcement)
        self._store.announced.append(announcement.announced)
        rows = self._store.tables
        for counter, quota in counters(campaign).items():
            key = Counted(campaign.campaign_id, counter)
            taken = rows.counts[key].taken if key in rows.counts else 0
            rows.counts[key] = Count(counter=counter, quota=quota, taken=taken)
            rows.counted_in[key] = campaign.queue_id
        if judged:
            told = [
                self._news(campaign.campaign_id, campaign.version, x)
                for x in self.audience(campaign.campaign_id)
            ]
            rows.messages = (*rows.messages, *told)
        return announcement

    def audience(self, campaign_id: CampaignId) -> list[BuyerId]:
        """Everybody who has to be told when something about a campaign moves, each once."""
        interested = {buyer for campaign, buyer in self._interested if campaign == campaign_id}
        members = {each.buyer_id for each in self._members if each.campaign_id == campaign_id}
        owners = {
            code.buyer_id
            for (campaign, _), code in self._store.tables.codes.items()
            if campaign == campaign_id and code.buyer_id is not None
        }
        return sorted(interested | members | owners | self._rooms.buyers(campaign_id))

    @staticmethod
    def _news(campaign_id: CampaignId, version: int, buyer_id: BuyerId) -> OutgoingMessage:
        return OutgoingMessage(
            channel=Channel.CAMPAIGN,
            buyer_id=buyer_id,
            order_id=OrderId(""),
            sequence=version,
            subject=campaign_id,
        )

    async def counts(self, campaign_id: CampaignId) -> Sequence[Count]:
        """How much of each quota is taken, by counter."""
        rows = self._store.tables.counts
        return [rows[key] for key in sorted(rows) if key.campaign_id == campaign_id]

    async def codes_by_group(
        self, campaign_id: CampaignId, is_over: IsOver
    ) -> Sequence[CodesOfGroup]:
        """How many codes each group has."""
        codes = [
            each
            for each in await self.codes(campaign_id)
            if each.revoked_at is None or each.order_id is not None
        ]
        used = Counter(each.group_id for each in codes if each.order_id is not None)
        good = Counter(
            each.group_id
            for each in codes
            if each.order_id is None and not is_over(each.group_id, each.valid_until)
        )
        return [
            CodesOfGroup(group_id=group, issued=used[group] + good[group], used=used[group])
            for group in sorted({each.group_id for each in codes})
        ]

    async def codes(self, campaign_id: CampaignId) -> Sequence[IssuedCode]:
        """Every code of a campaign, by group."""
        rows = self._store.tables.codes.items()
        found = [code for (campaign, _), code in rows if campaign == campaign_id]
        return sorted(found, key=lambda each: (each.group_id, each.code_id))

    async def issue(
        self, batch: CodeBatch, code_ids: Sequence[CodeId], quota: int, is_over: IsOver
    ) -> CodeBatch | Rejected:
        """Put codes on record; the batch on record under this actor and key."""
        known = self._batches.get((batch.actor_id, batch.key))
        if known is not None:
            return known
        by_group = await self.codes_by_group(batch.campaign_id, is_over)
        issued = {each.group_id: each.issued for each in by_group}.get(batch.group_id, 0)
        if issued + batch.count > quota:
            details = {"quota": str(quota), "issued": str(issued)}
            return Rejected(Reason.CODES_EXCEED_QUOTA, details)
        self._batches[batch.actor_id, batch.key] = batch
        bound: list[BuyerId | None] = [*batch.buyer_ids] or [None] * batch.count
        for code_id, buyer_id in zip(code_ids, bound, strict=True):
            self._store.tables.codes[batch.campaign_id, code_id] = IssuedCode(
                code_id=code_id,
                group_id=batch.group_id,
                valid_until=batch.valid_until,
                issued_by=batch.actor_id,
                buyer_id=buyer_id,
            )
        return batch

    async def revoke(
        self,
        campaign_id: CampaignId,
        code_ids: Sequence[CodeId],
        *,
        by: str,  # noqa: ARG002 - the twin keeps no name that nobody reads
        at: Instant,
    ) -> Sequence[CodeId]:
        """Revoke codes that nobody uses; those that were revoked now."""
        rows, revoked = self._store.tables.codes, []
        for code_id in code_ids:
            code = rows.get((campaign_id, code_id))
            if code is not None and code.order_id is None and code.revoked_at is None:
                rows[campaign_id, code_id] = msgspec.structs.replace(code, revoked_at=at)
                revoked.append(code_id)
        return sorted(revoked)

    async def looks(self, campaign_id: CampaignId) -> Mapping[str, int]:
        """How often the campaign's page was asked for, by channel."""
        rows = self._store.looks.items()
        return {channel: looks for (campaign, channel), looks in rows if campaign == campaign_id}

    async def invite(
        self, campaign_id: CampaignId, group_id: GroupId, buyer_ids: Sequence[BuyerId]
    ) -> None:
        """Put buyers on the list of a group."""
        self._members |= {Member(campaign_id, group_id, each) for each in buyer_ids}

    async def invited(self, asked: Sequence[Member]) -> set[Member]:
        """Those of them who are on their list."""
        return self._members & {*asked}

    async def want_news(
        self,
        campaign_id: CampaignId,
        buyer_id: BuyerId,
        at: Instant,  # noqa: ARG002 - the twin keeps no instant that nobody reads
        *,
        wanted: bool,
    ) -> None:
        """Note that a buyer wants to be told when the campaign moves, or wants it no more."""
        if wanted:
            self._interested.add((campaign_id, buyer_id))
        else:
            self._interested.discard((campaign_id, buyer_id))

    async def attributed(self, campaign_id: CampaignId, queue_id: QueueId) -> Sequence[Attributed]:
        """What came of the campaign's orders, by channel, friend and group."""
        by_way: dict[tuple[str | None, str | None, GroupId | None], list[Order]] = {}
        for order in self._store.tables.orders.values():
            came = order.attribution
            if order.queue_id == queue_id and came is not None and came.campaign_id == campaign_id:
                by_way.setdefault((came.channel, came.referral, came.group_id), []).append(order)
        ways = sorted(by_way, key=lambda way: [each or "" for each in way])
        return [_counted(way, by_way[way]) for way in ways]


def _counted(
    way: tuple[str | None, str | None, GroupId | None], orders: Sequence[Order]
) -> Attributed:
    stages = Counter(order.stage for order in orders)
    return Attributed(
        channel=way[0],
        referral=way[1],
        group_id=way[2],
        reservations=len(orders),
        paid=sum(order.deposited_at is not None for order in orders),
        locked=sum(order.lock is not None for order in orders),
        withdrawn=stages[Stage.WITHDRAWN],
        lapsed=stages[Stage.LAPSED],
        delivered=sum(order.handed_over_at is not None for order in orders),
        deposits=sum(order.deposit.amount for order in orders if order.deposited_at is not None),
        currency=min(order.deposit.currency for order in orders),
    )
