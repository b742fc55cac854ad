"""What somebody does to one of the demo's orders: the command, who gives it and what it says.

Each looks at the order as it stands and is None where there is nothing left to do. Not here: who
does it when (`lives.py`), and paying, which the provider tells of (`past.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import chain, islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.order import commands as ask
from earnest.core.order.actor import Actor, Role
from earnest.core.order.centre import Centre
from earnest.core.order.command import Command
from earnest.core.order.commands_of_delivery import ChooseCentre, RecordPreparation
from earnest.core.order.commands_of_planning import Schedule
from earnest.core.order.parts import ChecklistItem, InspectionResult, Remedy, Slot
from earnest.core.order.state import Order
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import derive_id, vin_with_check_digit
from earnest.core.values.instant import Instant, Window
from earnest.demo.centres import CENTRES, MERIDIAN
from earnest.demo.stage import PEOPLE

PLANT = "north"
DEFERRED_FOR = timedelta(days=120)

_SLOT_AHEAD = timedelta(weeks=3)
_APPOINTMENTS_AFTER = (3, 4, 5)
"""Days from the tender to each appointment that is offered."""

_APPOINTMENT = time(10, 0)
_AN_HOUR = timedelta(hours=1)
_A_WEEK = 7


class Deed(NamedTuple):
    """A command somebody gives: its kind, by whom, and its own fields."""

    kind: type[Command]
    actor: Actor
    fields: dict[str, Any]


class Moment(NamedTuple):
    """An order at an instant of the past, with the policy it runs under and the demo's start."""

    order: Order
    at: Instant
    policy: Policy
    demo_starts: Instant


Act = Callable[[Moment], "Deed | None"]


def buyer_of(order_or_buyer: str) -> Actor:
    """The login of a buyer."""
    return Actor(f"buyer:{order_or_buyer}", frozenset({Role.BUYER}))


def _staff(who: str) -> Actor:
    staff_id, roles = PEOPLE[who]
    return Actor(f"staff:{staff_id}", frozenset(Role(role) for role in roles))


def _by_buyer(moment: Moment, kind: type[Command], **fields: object) -> Deed:
    return Deed(kind, buyer_of(moment.order.buyer_id), fields)


def withdraw(moment: Moment) -> Deed | None:
    """Leave in the cooling-off period."""
    return _by_buyer(moment, ask.Withdraw)


def defer(moment: Moment) -> Deed | None:
    """Ask for a later car."""
    return _by_buyer(moment, ask.Defer, until=moment.at + DEFERRED_FOR)


def schedule(moment: Moment) -> Deed | None:
    """Commit material, for a week soon."""
    year, week, _ = (moment.at + _SLOT_AHEAD).isocalendar()
    slot = Slot(plant=PLANT, week=f"{year}-W{week:02d}")
    return Deed(Schedule, _staff("planning"), {"slot": slot})


def build(moment: Moment) -> Deed | None:
    """Take the car off the line as it was ordered."""
    mark = derive_id("vin", moment.order.order_id)[:14].replace("Q", "9")
    fields = {
        "vin": vin_with_check_digit(f"LEA{mark}"),
        "configuration": moment.order.configuration,
    }
    return Deed(ask.RecordBuilt, _staff("planning"), fields)


def choose(centre: Centre) -> Act:
    """Choose a delivery centre."""

    def act(moment: Moment) -> Deed | None:
        return _by_buyer(moment, ChooseCentre, centre_id=centre.centre_id)

    return act


def ship(moment: Moment) -> Deed | None:
    """Send the car to the buyer's delivery centre."""
    centre = _centre(moment)
    fields = {"destination": centre.names[moment.order.language], "centre_id": centre.centre_id}
    return Deed(ask.Ship, _staff("delivery"), fields)


def _centre(moment: Moment) -> Centre:
    """The centre that the buyer chose; without a choice, the one near the plant."""
    chosen = moment.order.centre_id
    return next((each for each in CENTRES if each.centre_id == chosen), MERIDIAN)


def prepare(moment: Moment) -> Deed | None:
    """Check the car at the centre and lay the papers ready."""
    if moment.order.car is None:
        return None
    fields = {
        "vin": moment.order.car.vin,
        "checklist": _checklist(moment.policy, ""),
        "documents": moment.policy.handover_documents,
    }
    return Deed(RecordPreparation, _staff("delivery"), fields)


def tender(moment: Moment) -> Deed | None:
    """Offer the car at its centre with three appointments, each in the morning."""
    if moment.order.car is None:
        return None
    zone = ZoneInfo(moment.policy.time_zone)
    today = moment.at.astimezone(zone).date()
    mornings = [
        datetime.combine(today + timedelta(days=days), _APPOINTMENT, zone)
        for days in _APPOINTMENTS_AFTER
    ]
    appointments = tuple(Window(each, each + _AN_HOUR) for each in mornings)
    centre = _centre(moment)
    fields = {
        "vin": moment.order.car.vin,
        "place": centre.names[moment.order.language],
        "appointments": appointments,
        "centre_id": centre.centre_id,
    }
    return Deed(ask.Tender, _staff("delivery"), fields)


def book(moment: Moment) -> Deed | None:
    """Take the first appointment."""
    if moment.order.tender is None:
        return None
    return _by_buyer(moment, ask.BookAppointment, appointment=moment.order.tender.appointments[0])


def come(days: int, number: int) -> Act:
    """Take a time of the centre on a day, or on the next one on which it is open.

    The days are counted from the one on which the demo starts, so that today's visits are today's
    at whatever hour that is. The times of a day are counted from 0, beyond its last one into the
    next open day.
    """

    def act(moment: Moment) -> Deed | None:
        if moment.order.tender is None:
            return None
        centre = _centre(moment)
        first = centre.day_of(moment.demo_starts) + timedelta(days=days)
        times = chain.from_iterable(
            centre.times_on(first + timedelta(days=ahead)) for ahead in range(_A_WEEK)
        )
        return _by_buyer(moment, ask.BookAppointment, appointment=next(islice(times, number, None)))

    return act


def miss(_: Moment) -> Deed | None:
    """Note that the buyer did not come."""
    return Deed(ask.RecordMissedAppointment, _staff("delivery"), {})


def inspect(moment: Moment) -> Deed | None:
    """Look at the car and find it in order."""
    return _by_buyer(
        moment,
        ask.RecordInspection,
        result=InspectionResult.ACCEPTED,
        checklist=_checklist(moment.policy, ""),
    )


def refuse(moment: Moment) -> Deed | None:
    """Look at the car, find a scratch and have it repaired."""
    remark = "Scratch on the left rear door, about 12 cm"
    return _by_buyer(
        moment,
        ask.RecordInspection,
        result=InspectionResult.REFUSED,
        checklist=_checklist(moment.policy, remark),
        remarks=(remark,),
        remedy=Remedy.REPAIR,
    )


def _checklist(policy: Policy, remark: str) -> tuple[ChecklistItem, ...]:
    """Every point looked at; the remark is about the paint."""
    return tuple(
        ChecklistItem(
            item=item,
            in_order=not (remark and item == "exterior_paint"),
            remark=remark if item == "exterior_paint" else "",
        )
        for item in policy.inspection_checklist
    )


def demand_balance(_: Moment) -> Deed | None:
    """Ask for the rest of the price of the inspected car."""
    return Deed(ask.DemandBalance, _staff("delivery"), {})


def read_demand(moment: Moment) -> Deed | None:
    """Open the demand, which proves that it arrived."""
    return _by_buyer(
        moment,
        ask.RecordNotice,
        demand_number=BALANCE_DEMAND,
        delivered_at=moment.at,
        proof="opened by the buyer's own login",
        means=Means.IN_APP,
    )


def open_payment(moment: Moment) -> Deed | None:
    """Open a payment of the whole balance."""
    return _by_buyer(moment, ask.RequestPayment, amount=moment.order.balance_due)


def hand_over(moment: Moment) -> Deed | None:
    """Give car and documents."""
    if moment.order.car is None:
        return None
    fields = {
        "vin": moment.order.car.vin,
        "documents": moment.policy.handover_documents,
        "signatures": ("buyer", "seller"),
    }
    return Deed(ask.HandOver, _staff("delivery"), fields)


def demand_delivery(moment: Moment) -> Deed | None:
    """Ask the late maker for the car."""
    return _by_buyer(moment, ask.DemandDelivery)


def open_case(moment: Moment) -> Deed | None:
    """Complain about the delay."""
    subject = (
        "承诺的交付窗口已过，车辆仍未下线。(The promised window is over and the car is not built.)"
    )
    return _by_buyer(moment, ask.OpenCase, subject=subject)
