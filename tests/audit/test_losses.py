"""The audit of kept losses, compensation and late refunds, on files made of events alone.

Not here: the rules that a spoilt database breaks (`test_rules.py`).
"""

from __future__ import annotations

import msgspec

from earnest.audit.rules import CHECKS, Rule
from earnest.core.order import events as happened
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.events import Event
from earnest.core.order.evolve import fold
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.desk.records import OrderFile, StoredRow
from tests.core import world
from tests.core.asking import Fields, Moment, asked
from tests.core.world import actor, facts_of, local, terms_with

UK = facts_of(terms_with(jurisdiction="UK"))
LATE = facts_of(terms_with(late_delivery_per_day=world.yuan(200)))

_Asked = tuple[int, str, str, Fields]

KEPT: tuple[_Asked, ...] = (
    (9, "finance", "DocumentLoss", {}),
    (9, "finance:bo", "ApproveLoss", {}),
    (10, "buyer", "CancelByBuyer", {}),
    (11, "finance", "ReleaseForfeiture", {}),
)
"""A loss of 800 is documented, approved, kept and released."""


def file_of(events: list[Event]) -> OrderFile:
    """An order's file with these events; rows and postings are not what is looked at here."""
    state = fold(events)
    key = OrderKey(state.buyer_id, state.order_id)
    recorded = tuple(
        RecordedEvent(
            buyer_id=state.buyer_id,
            order_id=state.order_id,
            sequence=number,
            event=event,
            actor_id="somebody",
            command_key="key",
            recorded_at=event.at,
        )
        for number, event in enumerate(events, start=1)
    )
    row = msgspec.convert(
        {
            "queue_id": state.queue_id,
            "rank": state.rank,
            "stage": state.stage.value,
            "sequence": state.sequence,
            "terms_hash": state.terms_hash,
            "catalogue_hash": state.catalogue_hash,
            "price": {"amount": state.price.amount, "currency": state.price.currency},
            "vin": None,
            "reserved_at": state.reserved_at,
            "changed_at": state.changed_at,
        },
        StoredRow,
    )
    return OrderFile(
        key=key,
        row=row,
        state=state,
        events=recorded,
        postings=(),
        deadlines=frozenset(),
        demands=(),
    )


def lived(facts: Facts, *asks: _Asked) -> list[Event]:
    """The events of a locked order after these commands, each on a day of July 2024."""
    order: Order | None = None
    events: list[Event] = []
    begun: tuple[_Asked, ...] = (
        (1, "buyer", "Reserve", {}),
        (1, "provider", "RecordPayment", {}),
        (8, "timer", "Lock", {}),
    )
    for minute, (day, who, name, said) in enumerate((*begun, *asks)):
        at = local(2024, 7, day, 10, minute)
        command = asked(name, actor(who), Moment(order, facts, at, said))
        step = carry_out(order, command, facts, at)
        assert isinstance(step, Step), f"{name} holds: {step}"
        order = step.order
        events.extend(step.events)
    return events


def faults(rule: Rule, events: list[Event]) -> list[str]:
    """What one rule of the audit finds in these events."""
    return list(CHECKS[rule](file_of(events), None))


def changed(events: list[Event], kind: type[Event], **fields: object) -> list[Event]:
    """The same events with one kind of them changed."""
    return [
        msgspec.structs.replace(event, **fields) if isinstance(event, kind) else event
        for event in events
    ]


def test_a_loss_that_was_documented_and_approved_is_kept_rightly() -> None:
    events = lived(UK, *KEPT)

    assert faults(Rule.FORFEITURE_CONDITIONS, events) == []
    assert faults(Rule.SECOND_PERSON, events) == []


def test_more_than_the_documented_loss_is_found() -> None:
    events = changed(lived(UK, *KEPT), happened.LossDocumented, amount=world.yuan(799))

    assert faults(Rule.FORFEITURE_CONDITIONS, events) == [
        "more was kept than the seller's documented and approved loss"
    ]


def test_a_loss_that_one_person_documented_and_approved_is_found() -> None:
    events = changed(lived(UK, *KEPT), happened.LossApproved, staff_id="finance:an")

    assert faults(Rule.FORFEITURE_CONDITIONS, events) == [
        "loss 1 was approved by the person who documented it"
    ]


def test_after_a_resale_only_the_rest_of_the_loss_is_kept() -> None:
    resold = (12, "sales", "RecordResale", {"price": world.yuan(400_000)})
    events = lived(UK, *KEPT, resold)

    assert faults(Rule.FORFEITURE_CONDITIONS, events) == []


def test_compensation_that_nobody_released_is_found() -> None:
    [settled] = [
        each
        for each in lived(UK, (9, "buyer", "CancelByBuyer", {}))
        if isinstance(each, happened.SettlementFixed)
    ]
    payout = msgspec.structs.replace(settled.payouts[0], fixed_by="finance:an")
    fixed = happened.CompensationFixed(
        at=local(2024, 7, 12), lines=(), payout=payout, fixed_by="finance:an"
    )
    paid = happened.PayoutPaid(
        at=local(2024, 7, 13), payout_number=1, amount=payout.amount, provider_reference="out"
    )
    released = happened.PayoutReleased(
        at=local(2024, 7, 12), payout_number=1, staff_id="finance:an"
    )

    assert faults(Rule.SECOND_PERSON, [*lived(LATE), fixed, paid]) == [
        "payout 1 was paid and nobody had released it"
    ]
    assert faults(Rule.SECOND_PERSON, [*lived(LATE), fixed, released, paid]) == [
        "payout 1 was released by who fixed or caused it"
    ]
