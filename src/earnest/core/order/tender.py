"""Tender: the identified car is at the place, and the buyer chooses when to look at it.

Not here: the inspection itself (`inspect.py`).
"""

from __future__ import annotations

from itertools import islice

import msgspec

from earnest.core.order.centre import MOST_OFFERED, CentreStanding
from earnest.core.order.commands import (
    BookAppointment,
    DemandCollection,
    RecordMissedAppointment,
    Tender,
)
from earnest.core.order.demand import is_demanded
from earnest.core.order.events import (
    AppointmentBooked,
    AppointmentMissed,
    PerformanceDemanded,
    Tendered,
)
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.late_rights import fulfilled_by
from earnest.core.order.parts import TenderFact
from earnest.core.order.preparing import wrong_centre
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.settlement.ground import Ground
from earnest.core.terms.policy import LEAST_CURE_DAYS, Policy
from earnest.core.values.ids import Vin
from earnest.core.values.instant import Instant, zone
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def tender(order: Order, command: Tender, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Offer the identified car: no VIN, no place or no appointment means no tender.

    A tendered car can be offered again with new appointments, so that a buyer who missed the
    old ones can come within the cure period (CN-25: nothing is ever assumed).
    Rejections: `vin_missing`, `vin_differs`, `place_missing`, `centre_differs`, `centre_unknown`,
    `appointment_missing`.
    """
    assert order.car is not None, "a built order has a car"
    if not command.vin:
        return Rejected(Reason.VIN_MISSING)
    if command.vin != order.car.vin:
        return Rejected(Reason.VIN_DIFFERS, {"vin": order.car.vin})
    if not command.place.strip():
        return Rejected(Reason.PLACE_MISSING)
    wrong = wrong_centre(order, command.centre_id, facts)
    if wrong is not None:
        return wrong
    upcoming = tuple(each for each in command.appointments if now <= each.begins < each.ends)
    if not upcoming or len(upcoming) != len(command.appointments):
        return Rejected(Reason.APPOINTMENT_MISSING)
    return accepted(
        Tendered(
            at=now,
            tender_number=order.tenders + 1,
            vin=Vin(command.vin),
            place=command.place,
            appointments=command.appointments,
            centre_id=command.centre_id,
        )
    )


def book_appointment(
    order: Order, command: BookAppointment, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Choose one of the offered appointments that has not begun; choosing again moves it.

    At a centre every bookable time is on offer as long as one bay is free for it.
    Rejections: `appointment_not_offered`, `appointment_full`.
    """
    assert order.tender is not None, "a tendered order has a tender"
    wanted, at = command.appointment, facts.centre
    is_offered = wanted in order.tender.appointments or (
        at is not None and at.centre.has_time(wanted, now)
    )
    if not is_offered or now >= wanted.begins:
        return Rejected(Reason.APPOINTMENT_NOT_OFFERED)
    if at is None:
        return accepted(AppointmentBooked(at=now, appointment=wanted))
    free = at.free_bays(wanted)
    if not free:
        return Rejected(Reason.APPOINTMENT_FULL, {"next": _next_free(at, now)})
    return accepted(AppointmentBooked(at=now, appointment=wanted, bay=free[0]))


def _next_free(at: CentreStanding, now: Instant) -> str:
    """The soonest free times in the centre's own time, for whoever came too late for one."""
    soonest = islice(at.free_times(now), MOST_OFFERED)
    local = zone(at.centre.time_zone)
    return ", ".join(f"{each.window.begins.astimezone(local):%Y-%m-%d %H:%M}" for each in soonest)


def record_missed_appointment(
    order: Order, command: RecordMissedAppointment, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note that the buyer did not come, once the appointment is over. Nothing is assumed.

    A buyer who chose none missed the last one offered. One appointment is missed once. At a
    centre, where any time can be chosen, who missed a chosen one owes nothing until the next.
    Rejections: `appointment_not_over`, `no_missed_appointment`.
    """
    assert order.tender is not None, "a tendered order has a tender"
    last_offered = max(order.tender.appointments, key=lambda each: each.ends)
    appointment = order.tender.appointment or last_offered
    if order.tender.appointment is None and order.tender.missed and order.centre_id is not None:
        return Rejected(Reason.NO_MISSED_APPOINTMENT)
    if now < appointment.ends:
        return Rejected(Reason.APPOINTMENT_NOT_OVER)
    if appointment in order.tender.missed:
        return Rejected(Reason.NO_MISSED_APPOINTMENT)
    return accepted(AppointmentMissed(at=now, appointment=appointment))


def demand_collection(
    order: Order, command: DemandCollection, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Ask a buyer who did not come to inspect and collect (DE-06: at least 14 days).

    A buyer who asked for a deferral gets an answer first (CN-06). Rejections:
    `deferral_request_open`, `no_missed_appointment`, `cure_period_too_short`, `demand_open`.
    """
    assert order.tender is not None, "a tendered order has a tender"
    if order.deferral_request is not None:
        return Rejected(Reason.DEFERRAL_REQUEST_OPEN)
    if order.tender.appointments_missed < policy.appointments_before_demand:
        return Rejected(Reason.NO_MISSED_APPOINTMENT)
    least = max(LEAST_CURE_DAYS, policy.cure_days)
    if command.cure_days < least:
        return Rejected(Reason.CURE_PERIOD_TOO_SHORT, {"days": str(least)})
    ground = Ground.COLLECTION_DEFAULT
    if is_demanded(order, ground, policy, now):
        return Rejected(Reason.DEMAND_OPEN)
    return accepted(
        PerformanceDemanded(
            at=now,
            number=len(order.demands) + 1,
            ground=ground,
            cure_days=command.cure_days,
        )
    )


def tendered(order: Order, event: Tendered) -> Order:
    """The car can be inspected; an earlier tender's inspection no longer counts.

    New appointments for a car that already stood there forget no missed one, and take back no
    bay that its buyer has booked.
    """
    order = fulfilled_by(order, event.at)
    before = order.tender
    earlier = before.appointments_missed if before is not None else 0
    keeps = before is not None and before.bay is not None and before.vin == event.vin
    fact = TenderFact(
        number=event.tender_number,
        vin=event.vin,
        place=event.place,
        tendered_at=event.at,
        appointments=event.appointments,
        appointments_missed=earlier,
        appointment=before.appointment if before is not None and keeps else None,
        bay=before.bay if before is not None and keeps else None,
        first_tendered_at=before.ready_since if before is not None else None,
    )
    return changed(
        order,
        event.at,
        stage=Stage.TENDERED,
        tender=fact,
        tenders=event.tender_number,
        centre_id=event.centre_id or order.centre_id,
        inspection=None,
    )


def appointment_booked(order: Order, event: AppointmentBooked) -> Order:
    """The buyer will come then."""
    assert order.tender is not None, "an appointment belongs to a tender"
    booked = msgspec.structs.replace(order.tender, appointment=event.appointment, bay=event.bay)
    return changed(order, event.at, tender=booked)


def appointment_missed(order: Order, event: AppointmentMissed) -> Order:
    """One more appointment passed without the buyer."""
    assert order.tender is not None, "an appointment belongs to a tender"
    missed = msgspec.structs.replace(
        order.tender,
        appointment=None,
        bay=None,
        appointments_missed=order.tender.appointments_missed + 1,
        missed=(*order.tender.missed, event.appointment),
    )
    return changed(order, event.at, tender=missed)
