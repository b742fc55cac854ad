"""Deeds: what buyers, staff and the provider do when the agenda says that it is time.

Each looks at the order first: by then it may have gone another way. Not here: what follows from it
(`lives.py`) and the rules that answer (`core/order`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from earnest.core.cases.notice import BALANCE_DEMAND, Means
from earnest.core.order import commands as ask
from earnest.core.order.command import Command
from earnest.core.order.commands_of_agreements import AnswerChange
from earnest.core.order.lateness import is_late
from earnest.core.order.parts import (
    ChecklistItem,
    InspectionResult,
    PayoutOutcome,
    PayoutState,
    Remedy,
)
from earnest.core.order.parts_of_agreements import ChangeChoice
from earnest.core.order.stage import ALIVE, Stage
from earnest.core.settlement.ground import Ground
from earnest.core.terms.version import LOCK_CLAUSE, Acknowledgement
from earnest.core.values.ids import vin_with_check_digit
from earnest.core.values.instant import Instant, Window
from earnest.simulator.twin.agenda import Entry
from earnest.simulator.twin.crowd import DAY_S, HOUR_S
from earnest.simulator.twin.shop import LANGUAGE
from earnest.simulator.twin.world import (
    DELIVERY,
    FROM_PROVIDER,
    PLANNING,
    PROVIDER,
    SALES,
    SECOND,
    World,
)

MINUTE_S = 60
PLACE = "delivery centre"
_AN_HOUR = timedelta(hours=1)
_BEFORE_BUILT = frozenset({Stage.DEPOSITED, Stage.LOCKED, Stage.SCHEDULED})


class Deeds:
    """Everything that can stand on the agenda beside reservations and deadlines, by its name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ask = world.ask
        self._mind = world.mind
        self._behaviour = world.scenario.behaviour
        policy = world.shop.terms.policy
        self._checklist = tuple(
            ChecklistItem(item=item, in_order=True) for item in policy.inspection_checklist
        )
        lock = world.shop.terms.clause(LOCK_CLAUSE)
        assert lock is not None, "the terms say what a lock does"
        self._lock_text = lock.text_hash(LANGUAGE)
        self._acts: dict[str, Callable[[int, int], None]] = {
            name: getattr(self, f"_{name}") for name in ACTS
        }

    def do(self, entry: Entry) -> None:
        """Carry out an entry, in whatever state the order is by now."""
        at, _, what, order, deadline = entry
        if deadline is not None:
            self._world.fire(order, deadline)
        elif what == "reserve":
            self._world.reserve(at)
        else:
            self._acts[what](order, at)

    def _buyer(
        self,
        kind: type[Command],
        number: int,
        at: int,
        /,
        **fields: Any,  # noqa: ANN401 - every command has fields of its own
    ) -> None:
        world = self._world
        world.ask(kind, number, world.buyer(number), at, **fields)

    def _pay(self, number: int, at: int) -> None:
        """The buyer pays; at times the provider says so only days later, at times twice."""
        provider = self._world.scenario.provider
        if self._mind.does(provider.late):
            self._world.agenda.add(at + self._mind.within(1, 3) * DAY_S, "told_late", number)
            return
        self._told(number, at, self._world.instant(at))
        if self._mind.does(provider.repeats):
            self._told(number, at + MINUTE_S, self._world.instant(at))

    def _told_late(self, number: int, at: int) -> None:
        """The reservation has lapsed meanwhile; the buyer had paid in time and is let back in."""
        order = self._world.orders[number]
        assert order.pay_until is not None, "the payment was open from the reservation on"
        self._told(number, at, order.pay_until - timedelta(seconds=1))

    def _told(self, number: int, at: int, paid_at: Instant) -> None:
        order = self._world.orders[number]
        self._ask(
            ask.RecordPayment,
            number,
            FROM_PROVIDER,
            at,
            payment_number=1,
            amount=order.deposit,
            paid_at=paid_at,
            provider=PROVIDER,
            provider_payment_id=f"{number}-1",
        )

    def _withdraw(self, number: int, at: int) -> None:
        if self._world.orders[number].stage is Stage.DEPOSITED:
            self._buyer(ask.Withdraw, number, at)

    def _lock_early(self, number: int, at: int) -> None:
        if self._world.orders[number].stage is not Stage.DEPOSITED:
            return
        acknowledgement = Acknowledgement(
            clause_id=LOCK_CLAUSE,
            text_hash=self._lock_text,
            language=LANGUAGE,
            at=self._world.instant(at),
        )
        self._buyer(ask.Lock, number, at, acknowledgement=acknowledgement)

    def _defer(self, number: int, at: int) -> None:
        """Ask for a later car; once material is committed the maker has to agree."""
        if self._world.orders[number].stage in _BEFORE_BUILT:
            until = at + self._mind.deferral_days() * DAY_S
            self._buyer(ask.Defer, number, at, until=self._world.instant(until))

    def _agree_deferral(self, number: int, at: int) -> None:
        if self._world.orders[number].deferral_request is not None:
            self._ask(ask.AnswerDeferral, number, SALES, at, agreed=True)

    def _resume(self, number: int, at: int) -> None:
        if self._world.orders[number].deferral is not None:
            self._buyer(ask.Resume, number, at)

    def _cancel(self, number: int, at: int) -> None:
        if self._world.orders[number].stage in _BEFORE_BUILT - {Stage.DEPOSITED}:
            self._buyer(ask.CancelByBuyer, number, at)

    def _build(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        today = at // DAY_S
        if order.stage is Stage.SCHEDULED and self._world.built_on[number] == today:
            self._ask(
                ask.RecordBuilt,
                number,
                PLANNING,
                at,
                vin=vin_with_check_digit(f"LTWNA{number:012d}"),
                configuration=order.configuration,
            )

    def _ship(self, number: int, at: int) -> None:
        if self._world.orders[number].stage is Stage.BUILT:
            self._ask(ask.Ship, number, DELIVERY, at, destination=PLACE)

    def _tender(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        if order.stage not in _CAN_BE_TENDERED or order.car is None:
            return
        begins = self._world.instant(at // DAY_S * DAY_S + 2 * HOUR_S)
        appointments = tuple(
            Window(begins + timedelta(days=days), begins + timedelta(days=days) + _AN_HOUR)
            for days in (2, 4)
        )
        self._ask(
            ask.Tender,
            number,
            DELIVERY,
            at,
            vin=order.car.vin,
            place=PLACE,
            appointments=appointments,
        )

    def _book(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        if order.stage is Stage.TENDERED and order.tender is not None:
            appointment = order.tender.appointments[0]
            self._buyer(ask.BookAppointment, number, at, appointment=appointment)

    def _miss(self, number: int, at: int) -> None:
        if self._world.orders[number].stage is Stage.TENDERED:
            self._ask(ask.RecordMissedAppointment, number, DELIVERY, at)

    def _inspect(self, number: int, at: int) -> None:
        if self._world.orders[number].stage is not Stage.TENDERED:
            return
        if self._mind.does(self._behaviour.refuses_inspection):
            self._buyer(
                ask.RecordInspection,
                number,
                at,
                result=InspectionResult.REFUSED,
                checklist=self._checklist,
                remarks=("scratched door",),
                remedy=Remedy.REPAIR,
            )
            return
        self._buyer(
            ask.RecordInspection,
            number,
            at,
            result=InspectionResult.ACCEPTED,
            checklist=self._checklist,
        )

    def _demand_balance(self, number: int, at: int) -> None:
        if self._world.orders[number].stage is Stage.INSPECTED:
            self._ask(ask.DemandBalance, number, DELIVERY, at)

    def _read_demand(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        if order.balance_demand is not None and order.balance_demand.due_at is None:
            self._buyer(
                ask.RecordNotice,
                number,
                at,
                demand_number=BALANCE_DEMAND,
                delivered_at=self._world.instant(at),
                proof="opened",
                means=Means.IN_APP,
            )

    def _open_payment(self, number: int, at: int) -> None:
        """The whole balance, or half of it first."""
        order = self._world.orders[number]
        if order.stage is not Stage.INSPECTED:
            return
        amount = order.balance_due
        begins = not order.balance_paid.is_positive
        if begins and self._mind.does(self._behaviour.pays_in_parts):
            amount = amount.part(1, 2)
        self._buyer(ask.RequestPayment, number, at, amount=amount)

    def _pay_balance(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        payment = order.payments[-1]
        self._ask(
            ask.RecordPayment,
            number,
            FROM_PROVIDER,
            at,
            payment_number=payment.number,
            amount=payment.amount,
            paid_at=self._world.instant(at),
            provider=PROVIDER,
            provider_payment_id=f"{number}-{payment.number}",
        )

    def _hand_over(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        if order.stage is Stage.PAID and order.car is not None:
            self._ask(
                ask.HandOver,
                number,
                DELIVERY,
                at,
                vin=order.car.vin,
                documents=self._world.shop.terms.policy.handover_documents,
                signatures=("buyer", "seller"),
            )

    def _look_if_late(self, number: int, at: int) -> None:
        """The window is over. Some ask for the car and leave when it still does not come."""
        order = self._world.orders[number]
        late = order.stage in ALIVE and is_late(order, self._world.instant(at))
        if late and order.lock is not None and self._mind.does(self._behaviour.leaves_when_late):
            self._buyer(ask.DemandDelivery, number, at)

    def _leave_for_delay(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        if order.stage in ALIVE and is_late(order, self._world.instant(at)):
            self._buyer(ask.TerminateByBuyer, number, at, ground=Ground.DELAY)

    def _answer_change(self, number: int, at: int) -> None:
        order = self._world.orders[number]
        for change in order.changes:
            if change.is_unanswered and order.stage in ALIVE:
                choice = ChangeChoice.SWITCH if change.switch is not None else ChangeChoice.KEEP
                self._buyer(AnswerChange, number, at, number=change.number, choice=choice)

    def _release(self, number: int, at: int) -> None:
        for payout in self._world.orders[number].payouts:
            if payout.state is PayoutState.AWAITING_RELEASE:
                self._ask(ask.ReleasePayout, number, SECOND, at, payout_number=payout.number)

    def _release_forfeiture(self, number: int, at: int) -> None:
        forfeiture = self._world.orders[number].forfeiture
        if forfeiture is not None and forfeiture.released_at is None:
            self._ask(ask.ReleaseForfeiture, number, SECOND, at)

    def _refund(self, number: int, at: int) -> None:
        """The provider pays out; at times it does not know at first whether it did."""
        unknown = self._mind.does(self._world.scenario.provider.payout_unknown)
        for payout in self._world.orders[number].payouts:
            if payout.state not in {PayoutState.DUE, PayoutState.UNKNOWN}:
                continue
            is_new = payout.state is PayoutState.DUE
            outcome = PayoutOutcome.UNKNOWN if unknown and is_new else PayoutOutcome.PAID
            self._ask(
                ask.RecordPayout,
                number,
                FROM_PROVIDER,
                at,
                payout_number=payout.number,
                attempt=payout.attempt,
                outcome=outcome,
                provider_reference=f"out-{number}-{payout.number}",
            )


_CAN_BE_TENDERED = frozenset({Stage.BUILT, Stage.IN_TRANSIT, Stage.TENDERED})

ACTS = (
    *("pay", "told_late", "withdraw", "lock_early", "defer", "agree_deferral", "resume", "cancel"),
    *("build", "ship", "tender", "book", "miss", "inspect"),
    *("demand_balance", "read_demand", "open_payment", "pay_balance", "hand_over"),
    *("look_if_late", "leave_for_delay", "answer_change"),
    *("release", "release_forfeiture", "refund"),
)
"""What can stand on the agenda beside reservations and deadlines."""
