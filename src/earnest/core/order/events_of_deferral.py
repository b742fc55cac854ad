"""Events of deferring: asking, the answer, and coming back.

Not here: how they change the order (`defer.py`).
"""

from __future__ import annotations

from earnest.core.order.event import Event
from earnest.core.order.parts_of_deferral import KeptRights, LateRight
from earnest.core.plan.promise import PromiseReason
from earnest.core.terms.agreement import DeferralAgreement
from earnest.core.values.instant import Instant, Window


class DeferralRequested(Event, frozen=True, kw_only=True):
    """The buyer asked for a deferral that needs the maker's agreement."""

    valid_until: Instant
    puts_off: tuple[LateRight, ...] = ()


class DeferralDeclined(Event, frozen=True, kw_only=True):
    """The maker did not agree to the requested deferral; nothing else changed.

    `cure_until` is until when a demand to the buyer runs that stood still meanwhile.
    """

    explanation: str
    cure_until: Instant | None = None


class DeferralTakenBack(Event, frozen=True, kw_only=True):
    """The buyer took the request back before it was answered; the order goes on as if not asked.

    `cure_until` is until when a demand to the buyer runs that stood still meanwhile.
    """

    cure_until: Instant | None = None


class DeferralUnanswered(Event, frozen=True, kw_only=True):
    """The maker did not answer the request in time. It takes nothing, and can be asked again.

    `cure_until` is until when a demand to the buyer runs that stood still meanwhile.
    """

    cure_until: Instant | None = None


class Deferred(Event, frozen=True, kw_only=True):
    """A deferral was agreed. Slot and VIN are released, the rank stays.

    `kept` is what stays of the seller's delay, and what of it waits; without it there was no delay,
    or the deferral is from before such rights were kept.
    """

    agreement: DeferralAgreement
    counts_as_free: bool
    kept: KeptRights | None = None


class Resumed(Event, frozen=True, kw_only=True):
    """The buyer asked for the car; the order waits with its old rank and a new promise.

    `cure_until` is until when a demand runs that stood still while the order was deferred.
    """

    promise: Window
    promise_reason: PromiseReason | None = None
    cure_until: Instant | None = None


class DeferralEnded(Event, frozen=True, kw_only=True):
    """The agreed time of a deferral is over. It takes nothing: the buyer is asked."""
