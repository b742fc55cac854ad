"""What a deferral would mean, before the buyer confirms it: window, queue, price and tax.

The preview runs the very command. Not here: the deferral itself (`defer.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.order.actor import Actor, Role
from earnest.core.order.commands import Defer
from earnest.core.order.decide import decide
from earnest.core.order.effective import effective_policy
from earnest.core.order.events import Deferred
from earnest.core.order.exits import PREVIEW
from earnest.core.order.facts import Facts
from earnest.core.order.late_rights import kept_when_deferring, stays
from earnest.core.order.lateness import days_of_delay
from earnest.core.order.parts_of_deferral import LateRight
from earnest.core.order.state import Order
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.settlement.delay import delay_compensation
from earnest.core.settlement.tax import tax_in
from earnest.core.terms.agreement import Origin
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import (
    Instant,
    Window,
    end_of_day_after,
    last_day_of,
    weeks_later,
)
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class TaxShown(msgspec.Struct, frozen=True, kw_only=True):
    """The purchase tax on the car of an order when it is invoiced in a year.

    `amount` is None where the law knows no such tax or nobody has fixed that year's relief yet.
    """

    year: int
    amount: Money | None


class DeferralPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What deferring until an instant would mean, when nothing else changes.

    `is_right` says that it holds at once; otherwise the maker is asked first. `reason` says why
    it cannot be asked at all. `free_left` counts the deferrals that need no agreement after it.
    `window_now` is shown today; `window_then` is what the buyer would get by asking for the car
    at the end, as far as it can be foreseen. The rank stays, those behind are served meanwhile,
    and coming back is possible at any time before. Slot, car and appointment are `released`.
    A year of the invoice that moves at the buyer's own wish is the buyer's: the seller bears tax
    and lost subsidies only for its own delay (CN-40). Against a late seller `keeps` are the rights
    that stay, with the `days_late` that count and what the terms pay for them; each right of
    `puts_off` waits for the window agreed anew, and deferring has to acknowledge `cure_time` among
    them: `cure_days` are left of a demand for delivery, and stand still meanwhile.
    """

    until: Instant
    rank: int
    is_right: bool
    reason: Reason | None
    details: dict[str, str]
    free_left: int
    window_now: Window
    window_then: Window
    window_reason: PromiseReason | None
    released: tuple[str, ...]
    keeps: tuple[LateRight, ...]
    puts_off: tuple[LateRight, ...]
    days_late: int
    compensation: Money | None
    cure_days: int | None
    price_now: Money
    price_then: Money
    tax_now: TaxShown
    tax_then: TaxShown
    reminders: tuple[Instant, ...]


def deferral_preview(
    order: Order, facts: Facts, until: Instant, at: Instant, then: Foreseen | None = None
) -> DeferralPreview:
    """The whole preview; `then` is what live counters foresee for a car asked for at the end.

    The price is the order's own and does not move by a deferral (CN-09).
    """
    policy = effective_policy(order, facts, at)
    outcome = decide(order, _command(order, until, at), facts, at)
    is_right, used = False, order.deferrals_used
    if not isinstance(outcome, Rejected):
        is_right = any(isinstance(event, Deferred) for event in outcome.events)
        used += is_right
    window = _window_then(policy, until, then)
    kept = kept_when_deferring(order, at, policy.time_zone)
    demand = None if kept is None else kept.demand
    days = days_of_delay(order, at, policy.time_zone)
    paid = policy.late_delivery_per_day is not None
    return DeferralPreview(
        until=until,
        rank=order.rank,
        is_right=is_right,
        reason=outcome.reason if isinstance(outcome, Rejected) else None,
        details=outcome.details if isinstance(outcome, Rejected) else {},
        free_left=max(0, policy.deferrals_free - used),
        window_now=order.promise,
        window_then=window,
        window_reason=None if then is None else then.reason,
        released=_released(order),
        keeps=stays(order, kept),
        puts_off=() if kept is None else kept.puts_off,
        days_late=days,
        compensation=delay_compensation(policy, days) if paid else None,
        cure_days=None if demand is None else demand.days_left,
        price_now=order.price,
        price_then=order.price,
        tax_now=_tax(order, policy, order.promise),
        tax_then=_tax(order, policy, window),
        reminders=_reminders(policy, until, at),
    )


def longest_deferral(order: Order, facts: Facts, at: Instant) -> Instant:
    """The latest instant until which the terms of an order let it be deferred."""
    policy = effective_policy(order, facts, at)
    return end_of_day_after(at, policy.deferral_days_longest, policy.time_zone)


def _command(order: Order, until: Instant, at: Instant) -> Defer:
    return Defer(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=Actor(f"buyer:{order.buyer_id}", frozenset({Role.BUYER})),
        key=PREVIEW,
        received_at=at,
        until=until,
        origin=Origin.SITE,
        puts_off=tuple(LateRight),
    )


def _window_then(policy: Policy, until: Instant, then: Foreseen | None) -> Window:
    if then is not None and then.window is not None:
        return then.window
    return Window(
        weeks_later(until, policy.promise_weeks_from), weeks_later(until, policy.promise_weeks_to)
    )


def _released(order: Order) -> tuple[str, ...]:
    """What goes to others when the order steps aside."""
    held = {"slot": order.slot, "car": order.car, "tender": order.tender}
    return tuple(name for name, value in held.items() if value is not None)


def _tax(order: Order, policy: Policy, window: Window) -> TaxShown:
    year = last_day_of(window.ends, policy.time_zone).year
    tax = LAWS[policy.jurisdiction].purchase_tax
    return TaxShown(year=year, amount=None if tax is None else tax_in(tax, order.price, year))


def _reminders(policy: Policy, until: Instant, at: Instant) -> tuple[Instant, ...]:
    """When the buyer is reminded that the deferral ends soon."""
    days = (until - timedelta(days=each) for each in policy.deferral_reminder_days)
    return tuple(sorted(each for each in days if each > at))
