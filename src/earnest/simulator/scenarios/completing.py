"""What a step leaves out because the order knows it: the car's VIN, the sum that is due, the list.

A field is filled in by its name, whatever the command; a field that is written is never changed.
What a dispute may turn on (a result, a proof, a ground) is never filled in.
Not here: which fields a command has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import msgspec

from earnest.core.cases.evidence import MediaType, digest_of
from earnest.core.cases.notice import BALANCE_DEMAND
from earnest.core.order.commands import Command, Lock, RecordPayout, RequestPayment
from earnest.core.order.commands_of_agreements import AnswerChange, ProposeAgreement
from earnest.core.order.commands_of_planning import ConsentToDelay, LeaveForDelay, TakeSlot
from earnest.core.order.freeing import slots_to_give
from earnest.core.order.parts import ChecklistItem, Payout, PayoutOutcome, PayoutState, Slot
from earnest.core.order.reallocate import given_up
from earnest.core.order.state import Order
from earnest.core.terms.agreement import agreement_clause
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import LOCK_CLAUSE, Acknowledgement
from earnest.core.values.ids import vin_with_check_digit
from earnest.core.values.instant import Instant, Window
from earnest.simulator.scenarios.case import Given
from earnest.simulator.scenarios.people import PROVIDER
from earnest.simulator.scenarios.world import QUEUE

PLACE = "the agreed delivery place"
ANY_CAR = vin_with_check_digit("LEA5A2CB0R0000001")
SIGNATURES = ("the buyer", "the seller")

PAPER_BYTES = 100_000
"""How large a piece of evidence is whose size does not matter."""

VIEWING = timedelta(hours=1)
"""When, after the tender, the appointment begins that it offers if the case names none, and how
long it lasts."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a step can be completed from. `key` is the step's own and used once.

    `written` are the fields of the command that the case gave, `others` the case's other orders.
    """

    given: Given
    at: Instant
    key: str
    command: type[Command]
    written: dict[str, object]
    order: Order | None
    policy: Policy
    others: tuple[Order, ...] = ()


def complete(field: str, known: Known) -> object | None:
    """The value of a field that was left out; None when nothing tells it."""
    if known.order is not None and field in _FROM_THE_ORDER:
        value = _FROM_THE_ORDER[field](known, known.order)
        if value is not None or field not in _FROM_THE_CASE:
            return value
    from_the_case = _FROM_THE_CASE.get(field)
    return None if from_the_case is None else from_the_case(known)


def as_shown(known: Known) -> Acknowledgement | None:
    """The acknowledgement of the very text that a step is about; None when it is about none.

    An early lock is about its own clause, a side agreement about the words of the agreement.
    """
    if known.command is Lock:
        locking = [
            each
            for each in known.given.acknowledgements(known.at, everything=True)
            if each.clause_id == LOCK_CLAUSE
        ]
        return next(iter(locking), None)
    text = known.written.get("text")
    number = known.written.get("number", complete("number", known))
    if known.order is not None and known.command is ProposeAgreement:
        number = known.order.agreements_proposed + 1
    elif known.order is not None and isinstance(number, int):
        proposal = known.order.proposal(number)
        text = None if proposal is None else proposal.text
    if not isinstance(text, str) or not isinstance(number, int):
        return None
    return Acknowledgement(
        clause_id=agreement_clause(number),
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        language=known.given.language,
        at=known.at,
    )


def _has(known: Known, field: str) -> bool:
    return field in {each.name for each in msgspec.structs.fields(known.command)}


def _appointments(known: Known) -> tuple[Window, ...]:
    begins = known.at + VIEWING
    return (Window(begins, begins + VIEWING),)


def _slot(known: Known) -> Slot | None:
    """The slot that another order of the case left, or one of the week of the step."""
    if known.command is TakeSlot:
        return next((slot for each in known.others for slot in slots_to_give(each)), None)
    year, week, _ = known.at.isocalendar()
    return Slot(plant="the plant", week=f"{year}-W{week:02d}")


def _giver(known: Known) -> Order | None:
    """The order of the case that gave up the car, or left the slot, which a step is about."""
    if known.command is TakeSlot:
        slot = known.written.get("slot", _slot(known))
        return next((each for each in known.others if slot in slots_to_give(each)), None)
    vin = str(known.written.get("vin", ANY_CAR))
    return next((each for each in known.others if given_up(each, vin) is not None), None)


def _giver_order_id(known: Known) -> object | None:
    giver = _giver(known)
    return None if giver is None else giver.order_id


def _giver_buyer_id(known: Known) -> object | None:
    giver = _giver(known)
    return None if giver is None else giver.buyer_id


_FROM_THE_CASE: dict[str, Callable[[Known], object | None]] = {
    "queue_id": lambda known: QUEUE,
    "terms_hash": lambda known: known.given.offered(known.at).terms.terms_hash,
    "catalogue_hash": lambda known: known.given.offered(known.at).catalogue.catalogue_hash,
    "language": lambda known: known.given.language,
    "acknowledgements": lambda known: known.given.acknowledgements(known.at),
    "configuration": lambda known: known.given.offered(known.at).configuration,
    "price": lambda known: (
        known.given.offered(known.at).price if _has(known, "configuration") else None
    ),
    "promise_id": lambda known: next((each.promise_id for each in known.given.promises), None),
    "paid_at": lambda known: known.at,
    "provider": lambda known: PROVIDER,
    "provider_payment_id": lambda known: known.key,
    "provider_reference": lambda known: known.key,
    "digest": lambda known: digest_of(known.key.encode()),
    "size_bytes": lambda known: PAPER_BYTES,
    "media_type": lambda known: MediaType.PDF,
    "delivered_at": lambda known: known.at,
    "appointments": _appointments,
    "slot": _slot,
    "vin": lambda known: ANY_CAR,
    "from_order_id": _giver_order_id,
    "from_buyer_id": _giver_buyer_id,
    "place": lambda known: PLACE,
    "destination": lambda known: PLACE,
    "outcome": lambda known: PayoutOutcome.PAID if known.command is RecordPayout else None,
    "signatures": lambda known: SIGNATURES,
}
"""Fields that follow from what is given and from the date of the step."""


def _price(known: Known, order: Order) -> object | None:
    """The price of the order, beside a configuration; any other price is somebody's own."""
    return order.price if _has(known, "configuration") else None


def _payment_number(_: Known, order: Order) -> int:
    """The first payment that is still awaited, or else the last one."""
    awaited = [each.number for each in order.payments if each.received_at is None]
    return awaited[0] if awaited else order.payments[-1].number


def _amount(known: Known, order: Order) -> object | None:
    """What was asked for with the payment that is meant; a new one asks for the balance due."""
    if known.command is RequestPayment:
        return order.balance_due
    if not _has(known, "payment_number"):
        return None
    number = known.written.get("payment_number", _payment_number(known, order))
    assert isinstance(number, int), "the number of a payment was read as a number"
    payment = order.payment(number)
    return order.balance_due if payment is None else payment.amount


def _demand_number(_: Known, order: Order) -> int | None:
    """The last demand; before any of performance, that for the balance."""
    if order.demands:
        return order.demands[-1].number
    return None if order.balance_demand is None else BALANCE_DEMAND


def _payout(known: Known, order: Order) -> Payout | None:
    """The payout that is meant: the first that waits for a release, or that is on its way."""
    if "payout_number" in known.written:
        return next(
            (each for each in order.payouts if each.number == known.written["payout_number"]), None
        )
    on_its_way = known.command is RecordPayout
    over = {PayoutState.PAID, PayoutState.AWAITING_RELEASE} if on_its_way else {PayoutState.PAID}
    unpaid = [each for each in order.payouts if each.state not in over]
    waiting = [each for each in unpaid if each.state is PayoutState.AWAITING_RELEASE]
    return next(iter([*waiting, *unpaid, *order.payouts]), None)


def _payout_number(known: Known, order: Order) -> int | None:
    payout = _payout(known, order)
    return None if payout is None else payout.number


def _number(known: Known, order: Order) -> int | None:
    """What waits for an answer: the last delay or change that was announced, or a proposal."""
    if known.command in {ConsentToDelay, LeaveForDelay}:
        return len(order.delays) or None
    if known.command is AnswerChange:
        open_changes = [each.number for each in order.changes if each.is_unanswered]
        return open_changes[-1] if open_changes else None
    return order.proposals[-1].number if order.proposals else None


def _attempt(known: Known, order: Order) -> int:
    payout = _payout(known, order)
    return 1 if payout is None else payout.attempt


_FROM_THE_ORDER: dict[str, Callable[[Known, Order], object | None]] = {
    "configuration": lambda known, order: order.configuration,
    "price": _price,
    "terms_hash": lambda known, order: order.terms_offer.terms_hash if order.terms_offer else None,
    "number": _number,
    "vin": lambda known, order: ANY_CAR if order.car is None else order.car.vin,
    "payment_number": _payment_number,
    "amount": _amount,
    "payout_number": _payout_number,
    "attempt": _attempt,
    "demand_number": _demand_number,
    "case_number": lambda known, order: order.open_case.number if order.open_case else None,
    "cure_days": lambda known, order: known.policy.cure_days,
    "checklist": lambda known, order: tuple(
        ChecklistItem(item=each, in_order=True) for each in known.policy.inspection_checklist
    ),
    "documents": lambda known, order: known.policy.handover_documents,
}
"""Fields that follow from how the order stands."""

FILLED_IN = frozenset({*_FROM_THE_CASE, *_FROM_THE_ORDER})
"""Fields that a step may leave out."""
