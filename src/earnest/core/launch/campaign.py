"""A campaign: the published, versioned document of how one queue is sold.

A queue without a campaign is sold by its offer alone. Not here: which terms and catalogue are sold
(`core/queue/offer.py`), publishing a version (`announcing.py`) and deciding a reservation.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.launch.admission import AdmissionRule
from earnest.core.launch.benefit import Benefit
from earnest.core.launch.edition import Edition
from earnest.core.values.ids import CampaignId, GroupId, QueueId
from earnest.core.values.instant import Instant


class Entry(StrEnum):
    """How somebody shows that they belong to an invited group."""

    MEMBERS = "members"
    """Their buyer id is on the group's list."""
    CODES = "codes"
    """They have a signed priority code of the group."""


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """People who are invited, with a published number of places.

    From `opens_at` on they may reserve, at most `quota` of them: earlier than everybody or, when
    that is not before the campaign's own opening, from places kept for them. They never get a
    better rank than the next one. `models` names what they may reserve; empty is every model of
    the queue. `reserves_units`: units of a limited edition are set aside for the quota.
    """

    group_id: GroupId
    names: dict[str, str]
    entry: Entry
    quota: int
    opens_at: Instant
    closes_at: Instant | None = None
    models: tuple[str, ...] = ()
    reserves_units: bool = False

    def is_open(self, at: Instant) -> bool:
        """Whether its members may reserve at this instant."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)


class SalesChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A way by which buyers come: a live-stream, a store, a partner. No person."""

    channel_id: str
    names: dict[str, str]


class Campaign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of a campaign. The newest published version is the rule in force.

    Everybody may reserve in the half-open time `[opens_at, closes_at)`; with a rule of admission
    those who were let in may. Before `reveal_at` neither price nor options can be read by any door.
    """

    campaign_id: CampaignId
    version: int
    queue_id: QueueId
    names: dict[str, str]
    opens_at: Instant
    reveal_at: Instant
    closes_at: Instant | None = None
    groups: tuple[Group, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    channels: tuple[SalesChannel, ...] = ()
    edition: Edition | None = None
    admission: AdmissionRule | None = None

    def is_open(self, at: Instant) -> bool:
        """Whether everybody may reserve at this instant."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)

    def is_revealed(self, at: Instant) -> bool:
        """Whether price and options may be read."""
        return self.reveal_at <= at

    @property
    def first_opening(self) -> Instant:
        """The earliest instant at which anybody may reserve."""
        return min((self.opens_at, *(group.opens_at for group in self.groups)))

    def group(self, group_id: GroupId) -> Group | None:
        """The invited group with this id."""
        return next((each for each in self.groups if each.group_id == group_id), None)

    def benefit(self, benefit_id: str) -> Benefit | None:
        """The benefit with this id."""
        return next((each for each in self.benefits if each.benefit_id == benefit_id), None)
