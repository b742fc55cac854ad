"""Living a scenario from its first to its last day.

Not here: what the figures are shown as (`report.py`).
"""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from datetime import timedelta

import msgspec

from earnest.core.order.commands_of_agreements import AnnounceChange
from earnest.core.order.parts_of_agreements import ChangeKind
from earnest.core.order.stage import WAITING
from earnest.core.values.money import Money
from earnest.simulator.twin.checks import Checks
from earnest.simulator.twin.crowd import DAY_S, HOUR_S
from earnest.simulator.twin.deeds import Deeds
from earnest.simulator.twin.lives import Lives
from earnest.simulator.twin.outcome import Outcome
from earnest.simulator.twin.planning import Planning
from earnest.simulator.twin.scenario import PriceFall, Scenario
from earnest.simulator.twin.shop import CURRENCY
from earnest.simulator.twin.world import SALES, World

_MEGABYTE_OF_KILOBYTES = 1024


class Effort(msgspec.Struct, frozen=True, kw_only=True):
    """What living the year took: seconds of one core, those of plans and checks, and memory."""

    seconds: float
    planning_seconds: float
    checking_seconds: float
    commands: int
    megabytes: float


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """A lived year."""

    scenario: Scenario
    outcome: Outcome
    planning: Planning
    checks: Checks
    effort: Effort


def live(scenario: Scenario, told: Callable[[int], None] = lambda _: None) -> Year:
    """Live a scenario; `told` hears after every day how many are over."""
    began = time.process_time()
    world = World(scenario)
    outcome, checks, deeds = Outcome(world), Checks(world.shop.facts), Deeds(world)
    planning = Planning(world)
    world.foreseen, world.foreseen_by_rank = planning.foreseen, planning.foreseen_by_rank
    world.witnesses += [outcome, checks, Lives(world), planning]
    gc.freeze()
    gc.disable()
    try:
        for day, seconds in enumerate(world.coming()):
            _day(world, planning, checks, deeds, day, seconds)
            told(day + 1)
        checks.look()
    finally:
        gc.enable()
        gc.unfreeze()
    return Year(
        scenario=scenario,
        outcome=outcome,
        planning=planning,
        checks=checks,
        effort=Effort(
            seconds=time.process_time() - began,
            planning_seconds=planning.seconds,
            checking_seconds=checks.seconds,
            commands=world.commands,
            megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE_OF_KILOBYTES,
        ),
    )


def _day(
    world: World, planning: Planning, checks: Checks, deeds: Deeds, day: int, coming: list[int]
) -> None:
    """One day: what becomes known, a planning run when it is time, then everything as it comes."""
    today = world.scenario.begins + timedelta(days=day)
    learned = planning.learn(today)
    if learned or day % world.scenario.build.plan_every_days == 0:
        checks.planned(day, planning.run(day, is_learned=learned))
    for shock in world.scenario.shocks:
        if isinstance(shock, PriceFall) and shock.day == today:
            _let_prices_fall(world, day, shock)
    for at in coming:
        world.agenda.add(at, "reserve", 0)
    for entry in world.agenda.of_day(day):
        deeds.do(entry)


def _let_prices_fall(world: World, day: int, shock: PriceFall) -> None:
    """From now on the cars cost less, and everybody who waits is told and asked."""
    at = day * DAY_S + HOUR_S
    by = Money(shock.by * 100, CURRENCY)
    world.shop.lower_prices(by)
    for number, order in enumerate(world.orders):
        if order.stage in WAITING:
            world.ask(
                AnnounceChange,
                number,
                SALES,
                at,
                change=ChangeKind.PRICE_FELL,
                explanation="The price of the line fell.",
                price=order.price - by,
            )
