"""A year is lived through the real rules, the same each time, and every check sees what it must."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from earnest.core.order import events as happened
from earnest.core.order.commands import DemandBalance
from earnest.core.order.parts import Slot
from earnest.simulator.twin.checks import Checks
from earnest.simulator.twin.scenario import (
    Behaviour,
    PartShortage,
    PlantStop,
    PriceFall,
    Provider,
)
from earnest.simulator.twin.tables import Figures, figures_of
from earnest.simulator.twin.world import DELIVERY, Seen
from earnest.simulator.twin.year import Year, live
from tests.core.orders import order_after
from tests.core.world import FACTS
from tests.simulator.twin.small import small

EVERYTHING = Behaviour(
    never_pays=0.05,
    withdraws=0.1,
    locks_early=0.1,
    defers=0.15,
    defers_days=(20, 40),
    cancels=0.1,
    refuses_inspection=0.1,
    misses_appointment=0.2,
    pays_in_parts=0.5,
    leaves_when_late=0.6,
)
TROUBLED = Provider(repeats=0.3, late=0.2, payout_unknown=0.5)


@pytest.fixture(scope="module")
def eventful() -> Figures:
    """A year in which everything happens."""
    return figures_of(live(small(behaviour=EVERYTHING, provider=TROUBLED)))


@pytest.fixture(scope="module")
def usual() -> Year:
    """A year in which nothing goes wrong."""
    return live(small())


SLOT = Slot(plant="north", week="2024-W31")


def comparable(figures: Figures) -> Figures:
    """The figures without what the machine adds to them."""
    return msgspec.structs.replace(
        figures, seconds=0.0, planning_seconds=0.0, checking_seconds=0.0, megabytes=0.0
    )


def test_every_kind_of_life_is_lived_and_every_check_holds(eventful: Figures) -> None:
    assert eventful.faults == {}
    assert eventful.looked_at > 1_000
    assert eventful.events["Reserved"] == 120
    assert {
        *("DepositReceived", "Lapsed", "Reinstated", "Withdrawn", "Locked", "Deferred", "Resumed"),
        *("CancelledByBuyer", "ForfeitureReleased", "Scheduled", "Built", "Shipped", "Tendered"),
        *("AppointmentMissed", "Inspected", "BalanceDemanded", "NoticeDelivered", "HandedOver"),
        *("PayoutUnknown", "PayoutPaid", "Closed"),
    } <= eventful.events.keys()


def test_the_same_seed_lives_the_same_year_and_another_seed_another() -> None:
    first = comparable(figures_of(live(small(orders=30))))
    again = comparable(figures_of(live(small(orders=30))))
    other = comparable(figures_of(live(small(orders=30, seed=2))))

    assert first == again
    assert first.events != other.events


def test_money_is_where_it_must_be_in_the_end(eventful: Figures) -> None:
    """What was held for buyers is earned, returned or forfeited; nothing is left owed."""
    last = eventful.money[-1]

    assert last.owed_to_buyers == 0
    assert last.forfeited == 5_000 * eventful.events["ForfeitureReleased"]
    assert last.revenue > 0


def test_the_day_is_told_as_it_passes() -> None:
    days: list[int] = []

    live(small(orders=3, days=12), days.append)

    assert days == list(range(1, 13))


def test_a_plant_that_stops_moves_only_whom_it_has_to() -> None:
    stop = PlantStop(
        plant="north",
        begins=date(2024, 5, 10),
        ends=date(2024, 6, 10),
        known_from=date(2024, 5, 10),
    )
    runs = figures_of(live(small(shocks=(stop,)))).runs
    learned = [run for run in runs if run.is_learned]

    assert [run.day for run in learned] == [43]
    assert learned[0].later > 0
    assert all(run.later == 0 for run in runs if not run.is_learned)


def test_a_short_part_moves_only_those_whose_cars_need_it(usual: Year) -> None:
    shortage = PartShortage(
        begins=date(2024, 5, 6),
        ends=date(2024, 6, 17),
        options=("w21",),
        cars_per_week=170,
        known_from=date(2024, 5, 6),
    )
    short = live(small(shocks=(shortage,)))

    def moved(trim: str) -> bool:
        return waits(usual, trim) != waits(short, trim)

    assert moved("max")
    assert figures_of(short).faults == {}


def waits(lived: Year, trim: str) -> list[int]:
    """All waits of a trim, in days."""
    return sorted(
        wait
        for (_, of), cohort in lived.outcome.cohorts.items()
        if of == trim
        for wait in cohort.waits
    )


def test_a_price_that_falls_is_passed_on_to_everybody_who_waits(usual: Year) -> None:
    fall = PriceFall(day=date(2024, 4, 20), by=10_000)
    figures = figures_of(live(small(shocks=(fall,))))

    assert figures.events["PriceLowered"] > 0
    assert figures.money[-1].revenue < figures_of(usual).money[-1].revenue
    assert figures.faults == {}


# Controls: a check that cannot fail shows nothing -------------------------------------------


def seen(before: str, event: happened.Event, command: type[DemandBalance]) -> Seen:
    """A step that no rule would have allowed, made by hand."""
    order = order_after(before)
    asked = command(
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        actor=DELIVERY,
        key="k",
        received_at=event.at,
    )
    return Seen(0, 0, order, asked, order, (event,))


@pytest.mark.parametrize(
    ("before", "event", "rule"),
    [
        (
            "Tendered",
            lambda order: happened.BalanceDemanded(
                at=order.changed_at, tender_number=1, amount=order.balance_due, due_days=7
            ),
            "balance",
        ),
        (
            "Deferred",
            lambda order: happened.Scheduled(at=order.changed_at, slot=SLOT),
            "scheduled",
        ),
        (
            "Inspected",
            lambda order: happened.HandedOver(
                at=order.changed_at,
                vin=order.car.vin,
                documents=(),
                signatures=(),
                deposit=order.deposit_paid,
                balance_paid=order.balance_paid,
            ),
            "handover",
        ),
        (
            "DepositReceived",
            lambda order: happened.DepositReceived(
                at=order.changed_at,
                payment_number=1,
                amount=order.deposit,
                paid_at=order.changed_at,
                provider="twin",
                provider_payment_id="1",
                cooling_off_ends=order.cooling_off_ends,
            ),
            "money",
        ),
    ],
)
def test_a_check_sees_what_no_rule_would_allow(before: str, event: object, rule: str) -> None:
    assert callable(event)
    place = "DepositReceived" if before == "Deferred" else before
    checks = Checks(FACTS)

    checks.saw(seen(place, event(order_after(place)), DemandBalance))
    checks.look()

    assert rule in checks.faults
    assert checks.examples


def test_a_rank_that_is_missing_is_seen() -> None:
    order = order_after("Reserved")
    checks = Checks(FACTS)
    reserved = happened.Reserved(
        at=order.reserved_at,
        buyer_id=order.buyer_id,
        order_id=order.order_id,
        queue_id=order.queue_id,
        rank=5,
        terms_hash=order.terms_hash,
        catalogue_hash=order.catalogue_hash,
        language=order.language,
        acknowledgements=(),
        configuration=order.configuration,
        price=order.price,
        deposit=order.deposit,
        promise=order.promise,
        pay_until=order.pay_until,
    )

    checks.saw(seen("Reserved", reserved, DemandBalance))
    checks.look()

    assert checks.faults == {"ranks": 1}
    assert checks.examples == ["ranks: 5 after 0"]
