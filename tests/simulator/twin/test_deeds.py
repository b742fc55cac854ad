"""Deeds: whoever acts looks at the order first; what is late is demanded, what changed answered."""

from __future__ import annotations

from datetime import date

import pytest

from earnest.core.order.commands_of_agreements import AnnounceChange
from earnest.core.order.commands_of_planning import Schedule
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_agreements import ChangeChoice, ChangeKind
from earnest.core.order.stage import Stage
from earnest.simulator.twin.crowd import DAY_S
from earnest.simulator.twin.deeds import ACTS, Deeds
from earnest.simulator.twin.scenario import Behaviour, PlantStop, Provider
from earnest.simulator.twin.tables import figures_of
from earnest.simulator.twin.world import PLANNING, SALES, World
from earnest.simulator.twin.year import live
from tests.simulator.twin.small import small

OF_THE_PAYMENT = {"pay", "told_late", "pay_balance"}
"""Deeds of the provider, who tells of money whatever became of the order."""


def one_reservation() -> tuple[World, Deeds]:
    """Nobody sees it, so nobody does anything but what the test does."""
    world = World(small(provider=Provider(repeats=0, late=0, payout_unknown=0)))
    world.reserve(world.second(world.shop.opens_at))
    return world, Deeds(world)


def did(deeds: Deeds, what: str) -> None:
    """Something is done for the only order, on the second day."""
    deeds.do((DAY_S, 1, what, 0, None))


@pytest.mark.parametrize("what", sorted({*ACTS} - OF_THE_PAYMENT))
def test_nothing_is_asked_for_an_order_that_went_another_way(what: str) -> None:
    world, deeds = one_reservation()

    did(deeds, what)

    assert world.commands == 1, "only the reservation"
    assert world.orders[0].stage is Stage.RESERVED


@pytest.mark.parametrize("choice", [ChangeChoice.KEEP, ChangeChoice.SWITCH])
def test_a_change_is_answered_once_and_what_is_offered_is_taken(choice: ChangeChoice) -> None:
    world, deeds = one_reservation()
    deeds.do((world.second(world.shop.opens_at), 1, "pay", 0, None))
    ordered = world.shop.quotes[world.chosen[0]].configuration
    other = next(each for each in world.shop.quotes if each.configuration != ordered)
    offered = {"configuration": other.configuration, "price": other.price}
    world.ask(
        AnnounceChange,
        0,
        SALES,
        DAY_S,
        change=ChangeKind.MODEL_REFRESHED,
        explanation="A newer model year begins.",
        **(offered if choice is ChangeChoice.SWITCH else {}),
    )

    did(deeds, "answer_change")
    asked = world.commands
    did(deeds, "answer_change")

    [change] = world.orders[0].changes
    assert change.answer is choice
    assert world.commands == asked


def test_a_car_that_does_not_come_is_demanded_and_left_for_double_the_deposit() -> None:
    stop = PlantStop(
        plant="north",
        begins=date(2024, 5, 10),
        ends=date(2024, 10, 1),
        known_from=date(2024, 5, 10),
    )
    figures = figures_of(live(small(shocks=(stop,), behaviour=Behaviour(leaves_when_late=1.0))))
    left = figures.events["TerminatedByBuyer"]

    assert figures.faults == {}
    assert figures.events["DeliveryDemanded"] >= left > 0
    assert figures.money[-1].compensated == 5_000 * left
    assert figures.money[-1].owed_to_buyers == 0


def test_a_deferral_asked_for_once_material_is_committed_is_agreed_to() -> None:
    world, deeds = one_reservation()
    deeds.do((world.second(world.shop.opens_at), 1, "pay", 0, None))
    did(deeds, "lock_early")
    later = 30 * DAY_S
    slot = Slot(plant="north", week="2024-W24")
    world.ask(Schedule, 0, PLANNING, later, slot=slot)
    assert world.orders[0].stage is Stage.SCHEDULED
    deeds.do((later + 1, 1, "defer", 0, None))
    assert world.orders[0].deferral_request is not None

    deeds.do((later + 2, 1, "agree_deferral", 0, None))

    order = world.orders[0]
    assert (order.deferral_request, order.deferral is not None) == (None, True)
    assert order.stage is Stage.LOCKED
