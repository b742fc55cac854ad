"""The second half of a contract: when the car comes, how it is looked at, when the rest is due.

Not here: how the contract comes about (`ordering.py`) and how it ends (`leaving.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from earnest.core.terms.sections.section import Amount, Days, Section, Text


class PromiseKind(StrEnum):
    """How firm the delivery time is."""

    WINDOW = "window"
    ESTIMATE = "estimate"
    NONE = "none"


class Promise(Section, frozen=True, kw_only=True):
    """The delivery window given with the order, in weeks from it."""

    kind: PromiseKind = PromiseKind.WINDOW
    weeks_from: Annotated[int, Meta(ge=0, le=260)] = 0
    weeks_to: Annotated[int, Meta(ge=0, le=260)] = 0
    place: Text = "delivery_centre_chosen_by_buyer"
    shown_before_payment: bool = True
    seller_liable: bool = True
    seller_may_postpone_freely: bool = False


class BuildRule(StrEnum):
    """When a deferred car is built."""

    ON_REQUEST = "on_request"
    AT_SELLERS_CHOICE = "at_sellers_choice"


class DeferralEnd(StrEnum):
    """What the end of a deferral's validity does."""

    ASKS = "asks"
    LAPSES_WITH_LOSS = "lapses_with_loss"


class Deferral(Section, frozen=True, kw_only=True):
    """Moving delivery later at the buyer's wish."""

    free: Annotated[int, Meta(ge=0, le=12)] = 1
    longest_days: Days = 360
    reminder_days: tuple[Annotated[int, Meta(ge=1, le=365)], ...] = (60, 30, 7)
    build: BuildRule = BuildRule.ON_REQUEST
    at_end: DeferralEnd = DeferralEnd.ASKS


class Inspection(Section, frozen=True, kw_only=True):
    """Looking at the identified car together before anything more is paid (CN-37)."""

    joint: bool = True
    checklist: tuple[Text, ...] = ()
    signature_means_accepted: bool = False


class BalanceDue(StrEnum):
    """When the rest of the price is due."""

    WITH_ORDER = "with_order"
    AT_LOCK = "at_lock"
    ON_NOTICE = "on_notice"
    AFTER_TENDER = "after_tender"
    AFTER_INSPECTION = "after_inspection"
    AT_HANDOVER = "at_handover"


class NoticeTrigger(StrEnum):
    """What lets the seller ask for the balance."""

    INSPECTION = "inspection"
    PRODUCTION = "production"
    SALES_SITUATION = "sales_situation"


class BalanceRule(Section, frozen=True, kw_only=True):
    """The rest of the price. The engine knows only `after_inspection` and later."""

    when: BalanceDue = BalanceDue.AFTER_INSPECTION
    notice: NoticeTrigger = NoticeTrigger.INSPECTION
    days: Days = 7
    instalments: bool = True


class NoShow(StrEnum):
    """What follows when the buyer does not come to a tendered car."""

    DEMAND = "demand"
    ASSUMED_ACCEPTED = "assumed_accepted"
    CANCELLED = "cancelled"


class Collection(Section, frozen=True, kw_only=True):
    """Coming for the car: how long it waits, and what is asked of who does not come."""

    days: Days = 14
    missed_before_demand: Annotated[int, Meta(ge=1, le=10)] = 1
    if_buyer_does_not_come: NoShow = NoShow.DEMAND


class LateDelivery(Section, frozen=True, kw_only=True):
    """What a slip gives the buyer: money for each day, and the right to leave."""

    per_day: Amount = "0"
    cap: Amount = "0"
    free_days: Days = 0
    may_leave: bool = True
    cure_days: Days = 15
    silence_is_consent: bool = False


class StorageBasis(StrEnum):
    """How a storage fee is measured."""

    NONE = "none"
    ACTUAL_COST = "actual_cost"
    FLAT = "flat"


class Storage(Section, frozen=True, kw_only=True):
    """What a car that waits for its buyer may cost (CN-19)."""

    basis: StorageBasis = StorageBasis.NONE
    per_day: Amount = "0"
    cap: Amount = "0"
    free_days: Days = 14
