"""What campaigns need from the store, as a protocol and plain values.

Not here: how PostgreSQL does it (`store/campaigns.py`), what a reservation locks (`ports.py`), and
what is decided (`core/launch`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

import msgspec

from earnest.core.launch.announcing import Announced
from earnest.core.launch.code import CodeBatch
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """A version with the act that published it. Actor and key together are unique."""

    announced: Announced
    key: str
    content_hash: str

    @property
    def actor_id(self) -> str:
        """Who published it."""
        return self.announced.published_by


Judge: TypeAlias = Callable[[Sequence[Announced]], Rejected | bool]
"""Judges a draft by all versions of its queue and of its campaign, while no other is published:
why it is rejected, or whether those who wait have to be told."""


IsOver: TypeAlias = Callable[[GroupId, Instant], bool]
"""Whether a code of a group that was issued until an instant opens nothing any more."""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A counter of a campaign: its quota and how much of it is taken."""

    counter: str
    quota: int
    taken: int


class CodesOfGroup(msgspec.Struct, frozen=True, kw_only=True):
    """How many codes of a group are good or used, and how many of them orders use.

    One that was revoked or ran out unused counts no more: its place can be issued again.
    """

    group_id: GroupId
    issued: int
    used: int


class IssuedCode(msgspec.Struct, frozen=True, kw_only=True):
    """An issued code, without the signature that makes it one."""

    code_id: CodeId
    group_id: GroupId
    valid_until: Instant
    issued_by: str
    buyer_id: BuyerId | None = None
    order_id: OrderId | None = None
    revoked_at: Instant | None = None


class Attributed(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that came the same way: how many, and what became of them.

    `deposits` is what was paid for them in minor units of `currency`, whether or not it went back.
    """

    channel: str | None
    referral: str | None
    group_id: GroupId | None
    reservations: int
    paid: int
    locked: int
    withdrawn: int
    lapsed: int
    delivered: int
    deposits: int
    currency: str


class Member(msgspec.Struct, frozen=True):
    """A buyer on the list of an invited group, or one who says so."""

    campaign_id: CampaignId
    group_id: GroupId
    buyer_id: BuyerId


class Campaigns(Protocol):
    """Where campaigns, codes, lists and interest are kept. Raises `StoreUnavailable`."""

    async def campaigns(self) -> Sequence[Announced]:
        """Every version of every campaign, the oldest first."""

    async def announcement(self, actor_id: str, key: str) -> Announcement | None:
        """The version that this actor published with this key."""

    async def announce(self, announcement: Announcement, judge: Judge) -> Announcement | Rejected:
        """Keep a version, its quotas and, where the judge says so, letters to who waits for it.

        Returns the version on record under this actor and key: the given one, or the earlier one,
        whatever its content was. With a rejection of the judge nothing is kept.
        """

    async def counts(self, campaign_id: CampaignId) -> Sequence[Count]:
        """How much of each quota is taken, by counter."""

    async def codes_by_group(
        self, campaign_id: CampaignId, is_over: IsOver
    ) -> Sequence[CodesOfGroup]:
        """How many codes each group has."""

    async def codes(self, campaign_id: CampaignId) -> Sequence[IssuedCode]:
        """Every code of a campaign, by group."""

    async def issue(
        self, batch: CodeBatch, code_ids: Sequence[CodeId], quota: int, is_over: IsOver
    ) -> CodeBatch | Rejected:
        """Put codes on record; the batch on record under this actor and key.

        Rejections: `codes_exceed_quota`, counted while nobody else issues, without those that
        were revoked or ran out unused.
        """

    async def revoke(
        self, campaign_id: CampaignId, code_ids: Sequence[CodeId], *, by: str, at: Instant
    ) -> Sequence[CodeId]:
        """Revoke codes that nobody uses; those that were revoked now, in order.

        One that an order uses stays as it is: the place that was had by it is not taken away.
        """

    async def looks(self, campaign_id: CampaignId) -> Mapping[str, int]:
        """How often the campaign's page was asked for, by channel; without one under ""."""

    async def invite(
        self, campaign_id: CampaignId, group_id: GroupId, buyer_ids: Sequence[BuyerId]
    ) -> None:
        """Put buyers on the list of a group."""

    async def invited(self, asked: Sequence[Member]) -> set[Member]:
        """Those of them who are on their list."""

    async def want_news(
        self, campaign_id: CampaignId, buyer_id: BuyerId, at: Instant, *, wanted: bool
    ) -> None:
        """Note that a buyer wants to be told when the campaign moves, or wants it no more."""

    async def attributed(self, campaign_id: CampaignId, queue_id: QueueId) -> Sequence[Attributed]:
        """What came of the campaign's orders, by channel, friend and group."""
