"""Deferring while the seller is late: what the preview names, what stays, and old histories."""

from __future__ import annotations

import msgspec

from earnest.core.order.deferring import deferral_preview
from earnest.core.order.events import Deferred
from earnest.core.order.evolve import evolve
from earnest.core.order.lateness import days_of_delay
from earnest.core.order.parts_of_deferral import EarlierDelay, LateRight
from earnest.core.order.position import lateness_of
from earnest.core.terms.agreement import DeferralAgreement, Origin
from earnest.core.terms.packs.laws import LAWS
from earnest.core.timers import DeadlineKind, deadlines
from earnest.core.values.instant import Window
from tests.core.orders import order_after, then
from tests.core.world import FACTS, POLICY, facts_of, local, terms_with, yuan

LATE = local(2024, 10, 1)
"""Eight days after the promised window."""

UNTIL = local(2025, 3, 1)


def test_before_a_late_order_is_deferred_each_right_is_named() -> None:
    paying = facts_of(terms_with(late_delivery_per_day=yuan(100)))
    locked = order_after("Locked")
    in_time = deferral_preview(locked, paying, UNTIL, local(2024, 9, 1))
    late = deferral_preview(locked, paying, UNTIL, LATE)
    asked = then(locked, LATE, "buyer", "DemandDelivery")
    running = deferral_preview(asked, paying, UNTIL, local(2024, 10, 11))
    in_vain = deferral_preview(asked, paying, UNTIL, local(2024, 11, 2))

    assert (in_time.keeps, in_time.puts_off, in_time.days_late) == ((), (), 0)
    assert (late.keeps, late.puts_off) == ((LateRight.COMPENSATION,), (LateRight.DEMAND,))
    assert (late.days_late, late.compensation, late.cure_days) == (8, yuan(800), None)
    assert deferral_preview(locked, FACTS, UNTIL, LATE).compensation is None
    assert (running.puts_off, running.cure_days) == ((LateRight.CURE_TIME,), 20)
    assert running.is_right
    assert in_vain.keeps == (LateRight.COMPENSATION, LateRight.END)
    assert in_vain.puts_off == ()


def test_no_clock_of_a_demand_runs_while_the_order_is_deferred() -> None:
    asked = then(order_after("Locked"), LATE, "buyer", "DemandDelivery")
    puts_off = (LateRight.CURE_TIME,)
    deferred = then(asked, local(2024, 10, 11), "buyer", "Defer", until=UNTIL, puts_off=puts_off)
    resumed = then(deferred, local(2024, 10, 12), "buyer", "Resume")
    kind = DeadlineKind.DELIVERY_CURE_OVER

    assert kind not in {each.kind for each in deadlines(deferred, POLICY)}
    [over] = [each.due_at for each in deadlines(resumed, POLICY) if each.kind is kind]
    assert resumed.delivery_demand is not None
    assert over == resumed.delivery_demand.cure_until == local(2025, 1, 25)


def test_days_before_a_deferral_are_frozen_and_those_after_the_new_window_added() -> None:
    deferred = then(order_after("Locked"), LATE, "buyer", "Defer", until=UNTIL)
    resumed = then(deferred, local(2024, 12, 2), "buyer", "Resume")
    zone = POLICY.time_zone

    assert days_of_delay(deferred, local(2025, 6, 1), zone) == 8
    assert days_of_delay(resumed, local(2025, 2, 23), zone) == 8
    assert days_of_delay(resumed, local(2025, 2, 28), zone) == 13


def test_the_tax_of_a_year_that_passed_in_a_delay_stays_the_sellers() -> None:
    """Promised in 2025, late into 2026; the buyer then put it off and got it in time in 2026."""
    terms = terms_with(tax_difference_cap=yuan(15_000))
    earlier = EarlierDelay(promised=local(2026, 1, 1), until=local(2026, 1, 20), days=19)
    window = Window(local(2026, 5, 1), local(2026, 6, 1))
    order = msgspec.structs.replace(
        order_after("Locked"), earlier_delays=(earlier,), binding_promise=window, promise=window
    )
    in_time = lateness_of(order, terms.policy, LAWS["CN"], local(2026, 5, 20))
    late_again = lateness_of(order, terms.policy, LAWS["CN"], local(2026, 6, 20))

    assert in_time is not None
    assert late_again is not None
    assert in_time.tax_difference == late_again.tax_difference
    assert in_time.tax_difference.is_positive


def test_a_deferral_from_before_rights_were_kept_means_what_it_meant() -> None:
    asked = then(order_after("Locked"), LATE, "buyer", "DemandDelivery")
    agreement = DeferralAgreement(number=1, agreed_at=LATE, valid_until=UNTIL, origin=Origin.SITE)
    stored = msgspec.json.encode(Deferred(at=LATE, agreement=agreement, counts_as_free=True))
    without = {name: each for name, each in msgspec.json.decode(stored).items() if name != "kept"}
    old = evolve(asked, msgspec.convert(without, Deferred))

    assert (old.delivery_demand, old.earlier_delays, old.late_from) == (None, (), None)
