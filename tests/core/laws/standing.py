"""Orders of every jurisdiction in every stage, with everything on record that an exit needs.

Not here: taking the exits (`test_previews.py`).
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec

from earnest.core.order import events as happened
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.delay import BEFORE_SHIPPING
from earnest.core.order.events import Event
from earnest.core.order.events_of_agreements import ChangeAnnounced
from earnest.core.order.evolve import evolve
from earnest.core.order.facts import Facts
from earnest.core.order.parts import BreachKind, LossItem, LossSide
from earnest.core.order.parts_of_agreements import ChangeKind, WaitingChange
from earnest.core.order.parts_of_planning import DelayNotice
from earnest.core.order.stage import ALIVE, TRANSITIONS, Stage
from earnest.core.order.state import Order
from earnest.core.settlement.ground import SELLER_MAY_CANCEL_FOR, Ground
from earnest.core.settlement.position import Fleet
from earnest.core.terms.policy import DepositKind
from earnest.core.values.instant import Instant, Window
from tests.core import world
from tests.core.asking import Moment, asked
from tests.core.reading import fields, instant
from tests.core.stories import main_path

DAY = timedelta(days=1)

_SELLER_CAN_FAIL = tuple(each for each in Stage if each in ALIVE and each is not Stage.RESERVED)
_LOCKED = tuple(each for each in _SELLER_CAN_FAIL if each is not Stage.DEPOSITED)
_WAITS = {Stage.TENDERED, Stage.INSPECTED}
_BUYER_CAN_DEFAULT = (Stage.LOCKED, Stage.TENDERED, Stage.INSPECTED)

OPEN_IN: dict[Ground, tuple[Stage, ...]] = {
    Ground.COOLING_OFF: (Stage.RESERVED, Stage.DEPOSITED),
    Ground.FORCE_MAJEURE: _SELLER_CAN_FAIL,
    Ground.FINANCE_DECLINED: _LOCKED,
    Ground.WITHDRAWAL_AFTER_HANDOVER: (Stage.HANDED_OVER,),
    Ground.CHANGED_WHILE_WAITING: tuple(
        each for each in _SELLER_CAN_FAIL if "AnnounceChange" in TRANSITIONS[each]
    ),
    Ground.DELAY_NOT_AGREED: tuple(each for each in Stage if each in BEFORE_SHIPPING),
    Ground.BUYER_WISH: _LOCKED,
    Ground.BALANCE_DEFAULT: _BUYER_CAN_DEFAULT,
    Ground.COLLECTION_DEFAULT: _BUYER_CAN_DEFAULT,
    Ground.DEFERRAL_SILENCE: _BUYER_CAN_DEFAULT,
    Ground.DELAY: tuple(each for each in _SELLER_CAN_FAIL if each not in _WAITS),
    Ground.REFUSAL: _SELLER_CAN_FAIL,
    Ground.UNFOUNDED_CANCELLATION: _SELLER_CAN_FAIL,
    Ground.BREACHED_AGREEMENT: _SELLER_CAN_FAIL,
}
"""In which stages an order can end on which ground."""

BREACH_OF = {
    Ground.REFUSAL: BreachKind.REFUSED_TO_PERFORM,
    Ground.UNFOUNDED_CANCELLATION: BreachKind.CANCELLED_WITHOUT_GROUND,
    Ground.BREACHED_AGREEMENT: BreachKind.ACTED_AGAINST_AGREEMENT,
}


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What else is so when an order ends: terms, acknowledgement, losses, breaches, fleet."""

    kind: DepositKind = DepositKind.EARNEST
    acknowledged: bool = True
    per_day: int | None = 200
    interest: int = 300
    sellers_loss: int = 0
    buyers_loss: int = 0
    delivered: int = 0
    buyer_broke_it: bool = False
    seller_broke_it: bool = False
    days_later: int = 0


def facts_of(jurisdiction: str, some: Circumstances) -> Facts:
    """The facts of a sale under the law of a jurisdiction."""
    return _facts(jurisdiction, some.kind, some.per_day, some.interest)


@cache
def _facts(jurisdiction: str, kind: DepositKind, per_day: int | None, interest: int) -> Facts:
    terms = world.terms_with(
        jurisdiction=jurisdiction,
        deposit_kind=kind,
        refund_interest_basis_points=interest,
        withdrawal_days_after_handover=14,
        tax_difference_cap=world.yuan(15_000),
        late_delivery_per_day=None if per_day is None else world.yuan(per_day),
        late_delivery_cap=world.yuan(10_000),
    )
    return world.facts_of(terms)


def order_in(stage: Stage, jurisdiction: str, some: Circumstances) -> Order:
    """The order of the main path when it first stands in this stage, under these terms."""
    return _order(stage, jurisdiction, some.kind, some.per_day, some.interest, some.acknowledged)


@cache
def _order(stage: Stage, *terms: object) -> Order:
    jurisdiction, kind, per_day, interest, acknowledged = terms
    facts = _facts(jurisdiction, kind, per_day, interest)
    order: Order | None = None
    for step in main_path().steps:
        at = instant(step.at)
        said = fields(step.command, step.words)
        if step.command == "Reserve" and not acknowledged:
            only = world.acknowledgement("terms", at, facts.terms)
            said = said | {"acknowledgements": (only,)}
        moment = Moment(order, facts, at, said)
        command = asked(step.command, world.actor(step.actor), moment)
        done = carry_out(order, command, facts, at)
        assert isinstance(done, Step), f"the main path goes on: {done}"
        order = done.order
        if order.stage is stage:
            return order
    raise AssertionError(f"the main path never reaches {stage}")


def ready(order: Order, ground: Ground, some: Circumstances) -> tuple[Order, Instant]:
    """The order with everything that this ground needs, and the first instant to end it."""
    at = order.changed_at + DAY
    if ground is Ground.COOLING_OFF:
        return order, at
    if ground is Ground.WITHDRAWAL_AFTER_HANDOVER:
        return order, at + min(some.days_later, 10) * DAY
    events = [*_beside(some, at)]
    if ground in BREACH_OF:
        events.append(_broke(BREACH_OF[ground], at))
    elif some.seller_broke_it:
        events.append(_broke(BreachKind.REFUSED_TO_PERFORM, at))
    if ground in SELLER_MAY_CANCEL_FOR or some.buyer_broke_it:
        default = ground if ground in SELLER_MAY_CANCEL_FOR else Ground.BALANCE_DEFAULT
        events += _defaulted(default, at)
    if ground is Ground.FINANCE_DECLINED:
        events.append(happened.FinanceDeclined(at=at, proof="letter"))
    if ground is Ground.CHANGED_WHILE_WAITING:
        events.append(_announced(at))
    if ground is Ground.DELAY_NOT_AGREED:
        events.append(_delayed(order, at))
    if ground is Ground.DELAY:
        at = max(at, order.binding_promise.ends)
        events.append(happened.DeliveryDemanded(at=at, cure_until=at + 30 * DAY))
    for event in events:
        order = evolve(order, event)
    return order, at + (31 + some.days_later) * DAY


def _announced(at: Instant) -> Event:
    """Something changed on the maker's side, and the buyer has long to answer."""
    change = WaitingChange(
        number=1,
        change=ChangeKind.MODEL_REFRESHED,
        explanation="new battery",
        announced_at=at,
        answer_until=at + 400 * DAY,
    )
    return ChangeAnnounced(at=at, change=change)


def _delayed(order: Order, at: Instant) -> Event:
    """The seller will be late, and the buyer has long to answer."""
    was, later = order.binding_promise, 300 * DAY
    promise = Window(was.begins + later, was.ends + later)
    notice = DelayNotice(number=1, announced_at=at, was=was, promise=promise, rights=())
    return happened.PromiseRevised(at=at, promise=promise, cause="parts", delay=notice)


def _broke(kind: BreachKind, at: Instant) -> Event:
    return happened.CancellationContested(at=at, ground=None, missing=("ground",), breaches=(kind,))


def _beside(some: Circumstances, at: Instant) -> list[Event]:
    """Losses of both sides, and part of a fleet."""
    found: list[Event] = []
    sides = ((LossSide.SELLER, some.sellers_loss), (LossSide.BUYER, some.buyers_loss))
    for side, amount in sides:
        if not amount:
            continue
        number = len(found) // 2 + 1
        found += [
            happened.LossDocumented(
                at=at,
                number=number,
                side=side,
                item=LossItem.COSTS,
                amount=world.yuan(amount),
                evidence="invoice",
                documented_by="sales:an",
            ),
            happened.LossApproved(at=at, number=number, staff_id="finance:bo"),
        ]
    if some.delivered:
        fleet = Fleet(vehicles=4, delivered=some.delivered)
        found.append(happened.PartlyDelivered(at=at, fleet=fleet, buyer_signature="signed"))
    found.append(
        happened.CancellationApproved(at=at, ground=Ground.FORCE_MAJEURE, staff_id="finance:bo")
    )
    return found


def _defaulted(ground: Ground, at: Instant) -> list[Event]:
    """A demand that arrived and ran out in vain, and the second person's approval."""
    return [
        happened.PerformanceDemanded(at=at, number=1, ground=ground, cure_days=14),
        happened.NoticeDelivered(
            at=at, demand_number=1, delivered_at=at, proof="receipt", cure_until=at + 15 * DAY
        ),
        happened.CancellationApproved(at=at, ground=ground, staff_id="finance:bo"),
    ]
