"""Benefits of a campaign, each with the conditions under which it is owed, as data.

A benefit is frozen on the order when it is reserved and owed until delivered; it is lost by its
published conditions and by nothing else (Civil Code 158, 509). Not here: whether one order fulfils
them (`core/order/benefiting.py`) and what is wrong with a condition (`lint.py`).
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from earnest.core.values.ids import GroupId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money


class _Condition(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What has to be so. The kind is the stored and published name of a condition."""


class FirstRanks(_Condition, frozen=True, kw_only=True, tag="first_ranks"):
    """The order's rank in its queue is not above `last_rank`."""

    last_rank: int


class ReservedWithin(_Condition, frozen=True, kw_only=True, tag="reserved_within"):
    """The order was reserved in the half-open time `[begins, ends)`: a member day, for example."""

    begins: Instant
    ends: Instant


class OfGroup(_Condition, frozen=True, kw_only=True, tag="of_group"):
    """The order was reserved as a member of one of these invited groups."""

    group_ids: tuple[GroupId, ...]


class ThroughChannel(_Condition, frozen=True, kw_only=True, tag="through_channel"):
    """The order came through one of these channels: a live-stream's code, for example."""

    channel_ids: tuple[str, ...]


class Referred(_Condition, frozen=True, kw_only=True, tag="referred"):
    """The order came with the code of somebody who has an order."""


class DepositedBefore(_Condition, frozen=True, kw_only=True, tag="deposited_before"):
    """The deposit was paid before an instant, by the provider's paid-at."""

    at: Instant


class LockedBefore(_Condition, frozen=True, kw_only=True, tag="locked_before"):
    """The order was locked before an instant. It asks for the cooling-off period: see `lint.py`."""

    at: Instant


class NotLeft(_Condition, frozen=True, kw_only=True, tag="not_left"):
    """The buyer did not leave the order. Who ends it for the seller's breach did not leave it."""


Condition: TypeAlias = (
    FirstRanks
    | ReservedWithin
    | OfGroup
    | ThroughChannel
    | Referred
    | DepositedBefore
    | LockedBefore
    | NotLeft
)
"""Every condition that a benefit can have."""

AT_RESERVATION = (FirstRanks, ReservedWithin, OfGroup, ThroughChannel, Referred)
"""Conditions that are decided when the order is reserved; the others by what follows."""


class Benefit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something given beside the car, with all the conditions of which each must hold.

    `texts` say in every language what it is, how much of it and how it is given (Advertising Law
    8). `quota` is how many orders can have it, the first that fulfil what is decided at
    reservation; None means everybody. `worth` is its published value.
    """

    benefit_id: str
    texts: dict[str, str]
    conditions: tuple[Condition, ...] = ()
    quota: int | None = None
    worth: Money | None = None
