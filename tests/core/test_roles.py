"""Who somebody is decides what they may ask, and one person is never the second person."""

from __future__ import annotations

from earnest.core.order.actor import STAFF, TIMER, Actor, Role, provider_actor
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.commands import COMMANDS, ReleasePayout, TerminateByBuyer
from earnest.core.order.decide import Step, carry_out
from earnest.core.queue.pause import SalePause
from earnest.core.settlement.ground import Ground
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.asking import Fields
from tests.core.orders import answer, order_after, then
from tests.core.world import BUYER, FACTS, ORDER, QUEUE, actor, local

PAUSE = SalePause(
    queue_id=QUEUE,
    number=1,
    since=local(2024, 7, 8),
    texts={},
    paused_by="staff:an",
    resumed_at=local(2024, 7, 9),
)


def test_staff_buyers_and_machines_are_told_apart() -> None:
    assert actor("sales").is_staff
    assert not actor("buyer").is_staff
    assert actor("buyer").is_buyer
    assert not TIMER.is_staff
    assert not TIMER.is_buyer
    assert provider_actor("sandbox") == Actor("provider:sandbox", frozenset({Role.PROVIDER}))
    assert set(Role) == STAFF | {Role.BUYER, Role.PROVIDER, Role.TIMER}


def test_without_the_role_every_command_is_rejected_before_anything_else() -> None:
    order = order_after("Locked")
    at = local(2024, 7, 9)
    needed: dict[str, Fields] = {
        "ChangeConfiguration": {"configuration": order.configuration},
        "Defer": {"until": at},
        "AnswerDeferral": {"agreed": True},
        "Reschedule": {"slot": order.slot, "cause": ""},
        "RevisePromise": {"promise": order.promise, "cause": ""},
        "ConsentToDelay": {"number": 1},
        "LeaveForDelay": {"number": 1},
        "DemandPerformance": {"ground": Ground.BALANCE_DEFAULT},
        "ApproveCancellation": {"ground": Ground.BALANCE_DEFAULT},
        "CancelBySeller": {"ground": None},
        "TerminateByBuyer": {"ground": Ground.DELAY},
        "Remind": {"subject": "", "due_at": at},
        "GiveTimeBack": {"paused": PAUSE},
    }

    for command in COMMANDS:
        name = command.__name__
        for role in set(Role) - AUTHORITY[name]:
            outcome = answer(order, at, role, name, **needed.get(name, {}))
            assert outcome == Rejected(Reason.NOT_PERMITTED), (name, role)


def test_staff_who_buy_a_car_themselves_release_nothing_of_it() -> None:
    at = local(2024, 7, 9)
    employee = Actor("employee", frozenset({Role.BUYER, Role.FINANCE}))
    order = then(order_after("Locked"), at, "sales", "RefusePerformance")
    terminate = TerminateByBuyer(
        buyer_id=BUYER,
        order_id=ORDER,
        actor=employee,
        key="a",
        received_at=at,
        ground=Ground.REFUSAL,
    )
    release = ReleasePayout(
        buyer_id=BUYER, order_id=ORDER, actor=employee, key="b", received_at=at, payout_number=2
    )

    step = carry_out(order, terminate, FACTS, at)
    assert isinstance(step, Step)

    assert carry_out(step.order, release, FACTS, at) == Rejected(Reason.SECOND_PERSON_MISSING)
