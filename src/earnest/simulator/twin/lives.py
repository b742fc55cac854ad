"""Lives: what buyers, staff and the provider do next after each event, as entries of the agenda.

Not here: doing it when it is time (`deeds.py`) and the shares by which people decide (`crowd.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from earnest.core.order import events as happened
from earnest.core.order.command import Command
from earnest.core.order.event import Event
from earnest.core.order.events_of_agreements import ChangeAnnounced
from earnest.core.order.parts import (
    PayoutState,
)
from earnest.core.order.stage import Stage
from earnest.core.values.outcome import Rejected
from earnest.simulator.twin.crowd import DAY_S, HOUR_S
from earnest.simulator.twin.world import (
    Seen,
    World,
)

MINUTE_S = 60


class Lives:
    """A witness that answers each event with what people do next."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._mind = world.mind
        self._behaviour = world.scenario.behaviour
        self._policy = world.shop.terms.policy
        self._transport_s = {
            plant.code: plant.transport_days * DAY_S for plant in world.scenario.build.plants
        }
        self._reactions: dict[type[Event], Callable[[Seen], None]] = {
            happened.Reserved: self._reserved,
            happened.DepositReceived: self._deposited,
            happened.Locked: self._locked,
            happened.DeferralRequested: self._deferral_requested,
            happened.Deferred: self._deferred,
            happened.Resumed: self._watch,
            happened.Built: self._built,
            happened.Shipped: self._shipped,
            happened.Tendered: self._tendered,
            happened.AppointmentBooked: self._booked,
            happened.AppointmentMissed: self._missed,
            happened.Inspected: self._inspected,
            happened.BalanceDemanded: self._balance_demanded,
            happened.PaymentRequested: self._payment_requested,
            happened.BalanceReceived: self._balance_received,
            happened.DeliveryDemanded: self._delivery_demanded,
            ChangeAnnounced: self._asked_about_change,
        }

    def saw(self, seen: Seen) -> None:
        """Somebody reacts to each event of a step, and at last whoever has to pay out."""
        is_paying = False
        for event in seen.events:
            kind = type(event)
            react = self._reactions.get(kind)
            if react is not None:
                react(seen)
            is_paying = is_paying or kind in _PAYING
        if is_paying:
            self._pay_out(seen)

    def saw_rejected(self, command: Command, rejected: Rejected) -> None:
        """Whoever is rejected does nothing more about it."""

    def _add(self, at: int, what: str, number: int) -> None:
        self._world.agenda.add(at, what, number)

    def _reserved(self, seen: Seen) -> None:
        pays_after = self._mind.pays_after()
        if pays_after is not None:
            self._add(seen.at + pays_after, "pay", seen.number)

    def _deposited(self, seen: Seen) -> None:
        self._decided(seen, self._mind.in_cooling_off(self._policy.cooling_off_hours))

    def _locked(self, seen: Seen) -> None:
        self._decided(seen, self._mind.after_lock())
        self._watch(seen)

    def _decided(self, seen: Seen, decided: tuple[str, int] | None) -> None:
        if decided is not None:
            what, after = decided
            self._add(seen.at + after, what, seen.number)

    def _watch(self, seen: Seen) -> None:
        """Look at the end of the binding window whether the car has come."""
        ends = self._world.second(seen.order.binding_promise.ends)
        self._add(ends + HOUR_S, "look_if_late", seen.number)

    def _deferral_requested(self, seen: Seen) -> None:
        self._add(seen.at + 20 * HOUR_S, "agree_deferral", seen.number)

    def _deferred(self, seen: Seen) -> None:
        """Most ask for the car some days before the agreed end, some only after it."""
        assert seen.order.deferral is not None, "a deferred order has its deferral"
        ends = self._world.second(seen.order.deferral.valid_until)
        resumes = ends + self._mind.within(-20, 10) * DAY_S
        self._add(max(resumes, seen.at + DAY_S), "resume", seen.number)

    def _built(self, seen: Seen) -> None:
        self._add(seen.at + DAY_S, "ship", seen.number)

    def _shipped(self, seen: Seen) -> None:
        assert seen.order.slot is not None, "a built car had a slot"
        travels = self._transport_s[seen.order.slot.plant]
        self._add(seen.at + travels, "tender", seen.number)

    def _tendered(self, seen: Seen) -> None:
        self._add(seen.at + 6 * HOUR_S, "book", seen.number)

    def _booked(self, seen: Seen) -> None:
        tender = seen.order.tender
        assert tender is not None, "an appointment belongs to a tender"
        assert tender.appointment is not None, "the appointment was booked"
        begins = self._world.second(tender.appointment.begins)
        if self._mind.does(self._behaviour.misses_appointment):
            self._add(begins + 2 * HOUR_S, "miss", seen.number)
        else:
            self._add(begins + HOUR_S // 2, "inspect", seen.number)

    def _missed(self, seen: Seen) -> None:
        self._add(seen.at + DAY_S, "tender", seen.number)

    def _inspected(self, seen: Seen) -> None:
        assert seen.order.inspection is not None, "the inspection was recorded"
        if seen.order.inspection.passed:
            self._add(seen.at + 20 * MINUTE_S, "demand_balance", seen.number)
        else:
            self._add(seen.at + 7 * DAY_S, "tender", seen.number)

    def _balance_demanded(self, seen: Seen) -> None:
        self._add(seen.at + HOUR_S, "read_demand", seen.number)
        self._add(seen.at + DAY_S, "open_payment", seen.number)

    def _payment_requested(self, seen: Seen) -> None:
        self._add(seen.at + MINUTE_S, "pay_balance", seen.number)

    def _balance_received(self, seen: Seen) -> None:
        paid = seen.order.stage is Stage.PAID
        self._add(seen.at + DAY_S, "hand_over" if paid else "open_payment", seen.number)

    def _delivery_demanded(self, seen: Seen) -> None:
        assert seen.order.delivery_demand is not None, "delivery was demanded"
        over = self._world.second(seen.order.delivery_demand.cure_until)
        self._add(over + HOUR_S, "leave_for_delay", seen.number)

    def _asked_about_change(self, seen: Seen) -> None:
        if self._mind.does(self._behaviour.answers_price_fall):
            days = self._mind.within(1, 10)
            self._add(seen.at + days * DAY_S, "answer_change", seen.number)

    def _pay_out(self, seen: Seen) -> None:
        """Release what needs a second person, then pay what is due."""
        for payout in seen.order.payouts:
            if payout.state is PayoutState.AWAITING_RELEASE:
                self._add(seen.at + DAY_S, "release", seen.number)
            elif payout.state in {PayoutState.DUE, PayoutState.UNKNOWN}:
                self._add(seen.at + 2 * HOUR_S, "refund", seen.number)
        forfeiture = seen.order.forfeiture
        if forfeiture is not None and forfeiture.released_at is None:
            self._add(seen.at + DAY_S, "release_forfeiture", seen.number)


_PAYING = frozenset(
    {
        happened.SettlementFixed,
        happened.SurplusReceived,
        happened.PayoutReleased,
        happened.PayoutUnknown,
        happened.CompensationFixed,
        happened.LateRefundCompensated,
    }
)
"""Events after which money may have to go out."""
