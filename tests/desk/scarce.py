"""A queue with a limited edition: desks that know it, and the people who come for it.

Not here: what is true afterwards, which each test says.
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.edition import Edition
from earnest.core.order import commands as ask
from earnest.core.values.ids import CampaignId, QueueId
from earnest.core.values.instant import Instant
from earnest.demo.maker import OPENED_AT
from earnest.desk.library import Library
from earnest.desk.ports import Store
from tests.desk.shop import QUEUE, Shop


def campaign_of(edition: Edition | None, queue_id: QueueId = QUEUE, version: int = 1) -> Campaign:
    """A campaign that is open to everybody and sells this edition, or without limit."""
    return Campaign(
        campaign_id=CampaignId("limited"),
        version=version,
        queue_id=queue_id,
        names={"en": "Limited", "zh-Hans": "限量"},
        opens_at=OPENED_AT,
        reveal_at=OPENED_AT,
        edition=edition,
    )


class ScarceLibrary(Library):
    """A library in which some queues have an edition, whatever the store says."""

    def __init__(
        self, store: Store, campaigns: Sequence[Campaign], *, payment_opens_later: bool = False
    ) -> None:
        """Know these campaigns."""
        super().__init__(store, payment_opens_later=payment_opens_later)
        self.put(*campaigns)

    def put(self, *campaigns: Campaign) -> None:
        """Put these campaigns in force, in place of earlier ones of their queues."""
        self._known: dict[QueueId, tuple[Announced, ...]] = {
            each.queue_id: (
                Announced(campaign=each, published_at=OPENED_AT, published_by="sales:an"),
            )
            for each in campaigns
        }
        self._campaigns = dict(self._known)

    def follow(self, campaign: Campaign, at: Instant) -> None:
        """Put a further version in force from an instant on, after those of its queue."""
        further = Announced(campaign=campaign, published_at=at, published_by="sales:an")
        self._known[campaign.queue_id] = (*self._known[campaign.queue_id], further)
        self._campaigns = dict(self._known)

    async def refresh_offers(self) -> None:
        """Fetch the offers, and keep the campaigns."""
        await super().refresh_offers()
        self._campaigns = dict(self._known)


def scarce_shop(edition: Edition, *, group_limit: int = 500) -> Shop:
    """A shop whose queue sells this edition."""

    class ScarceShop(Shop):
        def library(self) -> Library:
            return ScarceLibrary(self.store, [campaign_of(edition)])

    return ScarceShop(group_limit=group_limit)


def reserve_as(shop: Shop, buyer: str, person: str, key: str = "first") -> ask.Command:
    """A reservation by somebody whose person the door knows."""
    return shop.reserve(buyer, key, person=person)
