"""Deadlines follow from the order: agreements move them, reminders come once, acts are commands."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.order.commands import COMMANDS, Close, Command, EndDeferral, Lapse, Lock, Remind
from earnest.core.order.commands_of_agreements import EndChange, EndDeferralRequest
from earnest.core.order.commands_of_planning import EndDelay
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import CaseOpened
from earnest.core.order.evolve import evolve
from earnest.core.order.parts_of_planning import DelayNotice
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.timers import Deadline, DeadlineKind, command_of, deadlines
from earnest.core.values.instant import Instant, Window
from tests.core.orders import order_after, then
from tests.core.world import BUYER, FACTS, ORDER, POLICY, local, yuan


def due(order: Order) -> dict[DeadlineKind, Instant]:
    """The deadlines of an order that has each kind at most once."""
    found = deadlines(order, POLICY)
    by_kind = {each.kind: each.due_at for each in found}
    assert len(by_kind) == len(found)
    return by_kind


def test_each_stage_of_the_main_path_has_its_deadlines() -> None:
    promise = {DeadlineKind.PROMISE_MISSED: local(2024, 9, 23, 10)}

    expected = {
        "Reserved": {DeadlineKind.LAPSE: local(2024, 7, 1, 10, 30)},
        "DepositReceived": {DeadlineKind.LOCK: local(2024, 7, 8, 10, 5)} | promise,
        "Locked": promise,
        "Scheduled": promise,
        "Built": promise,
        "Shipped": promise,
        "Tendered": {},
        "Inspected": {},
        "BalanceDemanded": {},
        "NoticeDelivered": {DeadlineKind.BALANCE_OVERDUE: local(2024, 9, 6)},
        "HandedOver": {DeadlineKind.CLOSE: local(2024, 9, 30)},
        "Closed": {},
    }

    assert expected == {event: due(order_after(event)) for event in expected}


def test_an_agreement_moves_the_deadlines_and_resuming_moves_them_back() -> None:
    locked = order_after("Locked")
    deferred = then(locked, local(2024, 7, 9), "buyer", "Defer", until=local(2024, 9, 1))
    resumed = then(deferred, local(2024, 8, 10), "buyer", "Resume")

    assert deadlines(deferred, POLICY) == {
        Deadline(DeadlineKind.END_DEFERRAL, local(2024, 9, 1)),
        Deadline(DeadlineKind.DEFERRAL_ENDS_SOON, local(2024, 8, 2)),
        Deadline(DeadlineKind.DEFERRAL_ENDS_SOON, local(2024, 8, 25)),
    }
    assert due(resumed) == {DeadlineKind.PROMISE_MISSED: local(2024, 8, 10) + timedelta(weeks=12)}


def test_nobody_is_reminded_in_the_moment_of_agreeing() -> None:
    locked = order_after("Locked")
    deferred = then(locked, local(2024, 7, 9), "buyer", "Defer", until=local(2024, 8, 8))

    assert deadlines(deferred, POLICY) == {
        Deadline(DeadlineKind.END_DEFERRAL, local(2024, 8, 8)),
        Deadline(DeadlineKind.DEFERRAL_ENDS_SOON, local(2024, 8, 1)),
    }


def test_a_deferral_that_ended_is_not_ended_again() -> None:
    locked = order_after("Locked")
    deferred = then(locked, local(2024, 7, 9), "buyer", "Defer", until=local(2024, 7, 10))
    ended = then(deferred, local(2024, 7, 10), "timer", "EndDeferral")

    assert due(deferred) == {DeadlineKind.END_DEFERRAL: local(2024, 7, 10)}
    assert due(ended) == {}


def test_an_exit_leaves_only_the_clocks_of_money() -> None:
    locked = order_after("Locked")
    deferred = then(locked, local(2024, 7, 9), "buyer", "Defer", until=local(2024, 12, 31))
    refused = then(deferred, local(2024, 7, 10), "sales", "RefusePerformance")
    ended = then(refused, local(2024, 7, 10), "buyer", "TerminateByBuyer", ground=Ground.REFUSAL)

    assert deadlines(ended, POLICY) == {
        Deadline(DeadlineKind.REFUND_OVERDUE, local(2024, 7, 18)),
        Deadline(DeadlineKind.RELEASE_OVERDUE, local(2024, 7, 14)),
    }

    released = then(ended, local(2024, 7, 11), "finance", "ReleasePayout", payout_number=2)
    half = then(released, local(2024, 7, 11), "provider", "RecordPayout", payout_number=1)
    paid = then(half, local(2024, 7, 11), "provider", "RecordPayout", payout_number=2)

    assert due(released) == due(half) == {DeadlineKind.REFUND_OVERDUE: local(2024, 7, 18)}
    assert due(paid) == {}


def test_a_forfeiture_waits_for_its_second_person() -> None:
    left = then(order_after("Locked"), local(2024, 7, 9), "buyer", "CancelByBuyer")
    released = then(left, local(2024, 7, 9), "finance", "ReleaseForfeiture")

    assert due(left) == {DeadlineKind.RELEASE_OVERDUE: local(2024, 7, 13)}
    assert due(released) == {}


def test_cure_periods_run_from_proven_delivery_until_the_demand_is_met() -> None:
    demanded = then(
        order_after("NoticeDelivered"),
        local(2024, 9, 6),
        "finance",
        "DemandPerformance",
        ground=Ground.BALANCE_DEFAULT,
    )
    filed = then(demanded, local(2024, 9, 7), "finance", "AddEvidence")
    delivered = then(filed, local(2024, 9, 7), "finance", "RecordNotice")
    asked = then(delivered, local(2024, 9, 8), "buyer", "RequestPayment")
    paid = then(asked, local(2024, 9, 8), "provider", "RecordPayment")

    assert DeadlineKind.CURE_PERIOD_OVER not in due(demanded)
    assert due(delivered)[DeadlineKind.CURE_PERIOD_OVER] == local(2024, 9, 22)
    assert paid.stage is Stage.PAID
    assert due(paid) == {}


def test_a_late_seller_has_a_clock_until_the_car_stands_there() -> None:
    built = order_after("Built")
    demanded = then(built, local(2024, 9, 23, 10), "buyer", "DemandDelivery")
    tendered = then(demanded, local(2024, 9, 24), "delivery", "Tender")

    assert due(demanded)[DeadlineKind.DELIVERY_CURE_OVER] == local(2024, 10, 24)
    assert due(tendered) == {}


def test_a_surplus_is_watched_in_any_stage() -> None:
    reserved = then(
        order_after("Reserved"), local(2024, 7, 1, 10), "provider", "RecordPayment", amount=yuan(1)
    )

    assert due(reserved)[DeadlineKind.REFUND_OVERDUE] == local(2024, 7, 9)


def test_a_reminder_comes_once_for_each_instant() -> None:
    order = order_after("NoticeDelivered")
    [deadline] = deadlines(order, POLICY)
    command = command_of(deadline, BUYER, ORDER, deadline.due_at)

    assert isinstance(command, Remind)
    step = carry_out(order, command, FACTS, deadline.due_at)
    assert isinstance(step, Step)
    assert deadlines(step.order, POLICY) == frozenset()


def test_an_open_case_keeps_the_file_from_closing() -> None:
    disputed = then(order_after("HandedOver"), local(2024, 9, 1), "buyer", "OpenCase")
    answered = then(disputed, local(2024, 9, 2), "sales", "AnswerCase")
    decided = then(answered, local(2024, 9, 3), "sales:bo", "CloseCase")

    answer, decision = DeadlineKind.CASE_ANSWER_OVERDUE, DeadlineKind.CASE_DECISION_OVERDUE
    assert due(disputed) == {answer: local(2024, 9, 9), decision: local(2024, 10, 2)}
    assert due(answered) == {decision: local(2024, 10, 2)}
    assert list(due(decided)) == [DeadlineKind.CLOSE]


def test_a_case_from_before_clocks_were_kept_has_none() -> None:
    order = order_after("HandedOver")
    opened = evolve(order, CaseOpened(at=local(2024, 9, 1), number=1, subject="paint"))

    assert due(opened) == {}


def test_every_deadline_becomes_a_command_judged_when_it_is_fired() -> None:
    at = local(2024, 7, 8)
    acts: dict[DeadlineKind, type[Command]] = {
        DeadlineKind.LAPSE: Lapse,
        DeadlineKind.LOCK: Lock,
        DeadlineKind.END_DEFERRAL: EndDeferral,
        DeadlineKind.END_DEFERRAL_REQUEST: EndDeferralRequest,
        DeadlineKind.CLOSE: Close,
        DeadlineKind.END_CHANGE: EndChange,
        DeadlineKind.END_DELAY: EndDelay,
    }

    for kind in DeadlineKind:
        command = command_of(Deadline(kind, at), BUYER, ORDER, at + timedelta(minutes=5))
        assert type(command) is acts.get(kind, Remind)
        assert type(command) in COMMANDS
        assert command.received_at == at + timedelta(minutes=5)
        assert command.key == f"{kind}@2024-07-07T16:00:00+00:00"
        if isinstance(command, Remind):
            assert (command.subject, command.due_at) == (kind, at)


def test_a_delay_is_reminded_of_once_there_is_time_for_it_after_it_was_announced() -> None:
    locked = order_after("Locked")
    announced_at, ends = local(2024, 7, 10), local(2024, 12, 1)

    def reminded_at(answer_until: Instant) -> Instant | None:
        notice = DelayNotice(
            number=1,
            announced_at=announced_at,
            was=locked.binding_promise,
            promise=Window(locked.binding_promise.begins, ends),
            rights=(),
            answer_until=answer_until,
        )
        return due(msgspec.structs.replace(locked, delays=(notice,))).get(
            DeadlineKind.DELAY_ANSWER_DUE
        )

    assert reminded_at(local(2024, 7, 20)) == local(2024, 7, 17)
    assert reminded_at(local(2024, 7, 12)) is None


def test_the_office_is_reminded_of_an_open_request_three_days_before_it_ends() -> None:
    scheduled = order_after("Scheduled")
    asked_at = local(2024, 7, 23, 10)
    asked = then(scheduled, asked_at, "buyer", "Defer", until=local(2024, 12, 31))
    shortly = then(scheduled, asked_at, "buyer", "Defer", until=local(2024, 7, 26))
    over = msgspec.structs.replace(asked, stage=Stage.CANCELLED)

    assert due(asked)[DeadlineKind.END_DEFERRAL_REQUEST] == local(2024, 8, 6, 10)
    assert due(asked)[DeadlineKind.DEFERRAL_ANSWER_DUE] == local(2024, 8, 3, 10)
    assert due(shortly)[DeadlineKind.END_DEFERRAL_REQUEST] == local(2024, 7, 26)
    assert DeadlineKind.DEFERRAL_ANSWER_DUE not in due(shortly)
    assert due(over) == {}
