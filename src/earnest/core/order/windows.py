"""Every window an order ever showed, from its events: what was shown, what bound, and why.

Nothing is ever overwritten, so a buyer can hold the seller to what it once said (CN-30, US-01).
Not here: promising (`reserve.py`), revising (`schedule.py`) and answering a delay (`delay.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from earnest.core.order.event import Event
from earnest.core.order.events import PromiseRevised, Reserved, Resumed
from earnest.core.order.evolve import evolve
from earnest.core.order.parts_of_planning import DelayNotice
from earnest.core.order.state import Order
from earnest.core.plan.promise import PromiseReason
from earnest.core.values.instant import Instant, Window


class ShownWindow(msgspec.Struct, frozen=True, kw_only=True):
    """What an order showed from an instant on. `sequence` and `event` say which event changed it.

    `shown` is the window that the buyer saw, `binding` the one by which lateness is judged.
    `reason` is there where live counters or a plan gave the window, `cause` where somebody wrote
    why it moved, `delay` where it gave the buyer rights.
    """

    sequence: int
    at: Instant
    event: str
    shown: Window
    binding: Window
    reason: PromiseReason | None = None
    cause: str = ""
    delay: DelayNotice | None = None


def windows_shown(events: Iterable[Event]) -> tuple[ShownWindow, ...]:
    """Every window in its order, the first one of the reservation; repeated ones included."""
    found: list[ShownWindow] = []
    order: Order | None = None
    for event in events:
        before, order = order, evolve(order, event)
        is_same = before is not None and (before.promise, before.binding_promise) == (
            order.promise,
            order.binding_promise,
        )
        if is_same and not isinstance(event, PromiseRevised):
            continue
        found.append(
            ShownWindow(
                sequence=order.sequence,
                at=event.at,
                event=type(event).__name__,
                shown=order.promise,
                binding=order.binding_promise,
                reason=event.promise_reason
                if isinstance(event, (Reserved, Resumed, PromiseRevised))
                else None,
                cause=event.cause if isinstance(event, PromiseRevised) else "",
                delay=event.delay if isinstance(event, PromiseRevised) else None,
            )
        )
    return tuple(found)
