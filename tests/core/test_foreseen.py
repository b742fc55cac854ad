"""A car without a date is not sold, and what was foreseen stays with the order."""

from __future__ import annotations

from datetime import date

import msgspec

from earnest.core.order.decide import Step, carry_out
from earnest.core.plan.counters import Resource
from earnest.core.plan.promise import Foreseen, PromiseReason
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core import world
from tests.core.asking import Moment, asked

AT = world.local(2024, 7, 1, 10)
WINDOW = Window(world.local(2024, 9, 1), world.local(2024, 10, 1))


def reserving(window: Window | None, resource: Resource, at: Instant = AT) -> Step | Rejected:
    reason = PromiseReason(
        capacity="c", horizon=date(2025, 6, 30), lane_group="aurora", resource=resource, name="chip"
    )
    facts = msgspec.structs.replace(world.FACTS, foreseen=Foreseen(window, reason))
    command = asked("Reserve", world.actor("buyer"), Moment(None, facts, at, {}))
    return carry_out(None, command, facts, at)


def test_what_was_foreseen_is_promised_with_its_reason() -> None:
    step = reserving(WINDOW, Resource.PART)
    assert isinstance(step, Step)
    assert step.order.promise == step.order.binding_promise == WINDOW
    assert step.order.promise_reason is not None
    assert step.order.promise_reason.name == "chip"


def test_what_no_plant_builds_is_not_sold() -> None:
    assert reserving(None, Resource.PLANT) == Rejected(Reason.NO_PLANT_BUILDS_IT)


def test_what_fits_nowhere_in_the_horizon_is_said_before_any_money_moves() -> None:
    details = {"horizon": "2025-06-30", "resource": "chip"}
    assert reserving(None, Resource.PART) == Rejected(Reason.BEYOND_HORIZON, details)
