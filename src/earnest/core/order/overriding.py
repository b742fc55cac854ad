"""What an override moves on an order at once: periods that already run, and the promised window.

Numbers that rules read at their time need nothing here; the effective policy gives them. A period
that an event had fixed is only ever prolonged. Not here: the price (`promised.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.terms.agreement import value_among
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import (
    Instant,
    Window,
    end_of_day_after,
    hours_later,
    weeks_later,
)

_CAN_COOL_OFF = frozenset({Stage.DEPOSITED, Stage.LOCKED})
"""Stages in which a prolonged cooling-off period lets the buyer leave again."""


def _count(overrides: tuple[Override, ...], field: OverrideField) -> int | None:
    value = value_among(overrides, field)
    return value if isinstance(value, int) else None


def moved_balance_due(
    order: Order, overrides: tuple[Override, ...], policy: Policy
) -> Instant | None:
    """When a balance whose days run already falls due under these overrides, if later."""
    days = _count(overrides, OverrideField.BALANCE_DUE_DAYS)
    demand = order.balance_demand
    if days is None or demand is None or demand.due_at is None:
        return None
    runs_since = demand.notice_delivered_at or demand.demanded_at
    due_at = end_of_day_after(runs_since, days, policy.time_zone)
    return due_at if due_at > demand.due_at else None


def moved_cure(order: Order, overrides: tuple[Override, ...], policy: Policy) -> Instant | None:
    """Until when the buyer can cure a default under these overrides, if a period runs already."""
    days = _count(overrides, OverrideField.CURE_DAYS)
    if days is None:
        return None
    running = [
        each.notice_delivered_at
        for each in order.demands
        if not each.met and each.notice_delivered_at is not None
    ]
    if not running:
        return None
    return end_of_day_after(max(running), days, policy.time_zone)


def with_overrides(
    order: Order,
    overrides: tuple[Override, ...],
    *,
    balance_due_at: Instant | None,
    cure_until: Instant | None,
) -> Order:
    """The order with its running periods prolonged and its promised window as overridden."""
    moved = _reservation_and_lock(order, overrides)
    fields: dict[str, object] = {}
    window = _promised(order, overrides)
    if window is not None:
        fields |= {"promise": window, "binding_promise": window}
        if order.delivery_demand is not None and window.ends > order.binding_promise.ends:
            fields["delivery_demand"] = None
    if balance_due_at is not None and order.balance_demand is not None:
        fields["balance_demand"] = msgspec.structs.replace(
            order.balance_demand, due_at=balance_due_at
        )
    if cure_until is not None:
        fields["demands"] = tuple(
            msgspec.structs.replace(each, cure_until=max(each.cure_until, cure_until))
            if each.cure_until is not None
            else each
            for each in order.demands
        )
    return msgspec.structs.replace(moved, **fields) if fields else moved


def _reservation_and_lock(order: Order, overrides: tuple[Override, ...]) -> Order:
    minutes = _count(overrides, OverrideField.PAYMENT_WINDOW_MINUTES)
    if minutes is not None and order.stage is Stage.RESERVED and order.pay_until is not None:
        pay_until = order.payments[0].requested_at + timedelta(minutes=minutes)
        order = msgspec.structs.replace(order, pay_until=max(order.pay_until, pay_until))
    hours = _count(overrides, OverrideField.COOLING_OFF_HOURS)
    if hours is not None and order.deposited_at is not None and order.stage in _CAN_COOL_OFF:
        assert order.cooling_off_ends is not None, "a paid deposit starts the cooling-off period"
        ends = max(order.cooling_off_ends, hours_later(order.deposited_at, hours))
        order = msgspec.structs.replace(order, cooling_off_ends=ends)
    undo = _count(overrides, OverrideField.UNDO_LOCK_HOURS)
    lock = order.lock
    if undo is not None and lock is not None and lock.undo_until is not None:
        until = max(lock.undo_until, hours_later(lock.locked_at, undo))
        order = msgspec.structs.replace(order, lock=msgspec.structs.replace(lock, undo_until=until))
    return order


def _promised(order: Order, overrides: tuple[Override, ...]) -> Window | None:
    """The window that was agreed: a day, or weeks from the reservation; the earlier of both."""
    until = value_among(overrides, OverrideField.DELIVERY_UNTIL)
    weeks = _count(overrides, OverrideField.PROMISE_WEEKS_TO)
    ends = [] if weeks is None else [weeks_later(order.reserved_at, weeks)]
    if isinstance(until, Instant):
        ends.append(until)
    if not ends:
        return None
    earliest = min(ends)
    return Window(min(order.binding_promise.begins, earliest), earliest)
