"""What the audit says of moves: compared where it can be, and named where a past makes no sense."""

from __future__ import annotations

import msgspec

from earnest.audit.moves import moves_follow
from earnest.audit.rules import Rule
from earnest.core.order.events import Event
from earnest.core.order.evolve import fold
from earnest.core.order.state import Order
from earnest.core.values.ids import CatalogueHash
from earnest.desk.places.folding import moves_of_file
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.desk.records import OrderFile, StoredRow
from tests.core import world
from tests.core.stories import main_path
from tests.core.telling import told

CATALOGUES = {world.CATALOGUE.catalogue_hash: world.CATALOGUE}


def recorded(*events: Event, first: int = 1) -> tuple[RecordedEvent, ...]:
    """Events as they are stored."""
    return tuple(
        RecordedEvent(
            buyer_id=world.BUYER,
            order_id=world.ORDER,
            sequence=number,
            event=event,
            actor_id="timer",
            command_key="key",
            recorded_at=event.at,
        )
        for number, event in enumerate(events, start=first)
    )


HAPPENED = recorded(*told(main_path()).events)
STATE = fold(each.event for each in HAPPENED)
ROW = StoredRow(
    queue_id=STATE.queue_id,
    rank=STATE.rank,
    stage=STATE.stage,
    sequence=STATE.sequence,
    terms_hash=STATE.terms_hash,
    catalogue_hash=STATE.catalogue_hash,
    price=STATE.price,
    vin=None,
    reserved_at=STATE.reserved_at,
    changed_at=STATE.changed_at,
)


def file_of(events: tuple[RecordedEvent, ...], state: Order = STATE) -> OrderFile:
    """An order with these events and the moves that a whole life makes."""
    whole = OrderFile(
        key=OrderKey(world.BUYER, world.ORDER),
        row=ROW,
        state=state,
        events=events,
        postings=(),
        deadlines=frozenset(),
        demands=(),
    )
    if events != HAPPENED:
        return whole
    return msgspec.structs.replace(whole, moves=tuple(moves_of_file(whole, CATALOGUES)))


def explained(file: OrderFile) -> list[str]:
    """What is said of an order's moves."""
    found = list(moves_follow(file, CATALOGUES))
    assert {(each.rule, each.order_id) for each in found} <= {(Rule.MOVES_FOLLOW, world.ORDER)}
    return [each.explanation for each in found]


def test_moves_that_follow_are_no_fault_in_whatever_order_they_are_read() -> None:
    file = file_of(HAPPENED)
    assert len(file.moves) >= 2
    assert explained(file) == []
    assert explained(msgspec.structs.replace(file, moves=file.moves[::-1])) == []


def test_missing_and_foreign_moves_are_counted() -> None:
    file = file_of(HAPPENED)
    first, *others = file.moves
    foreign = msgspec.structs.replace(first, sequence=99)
    (said,) = explained(msgspec.structs.replace(file, moves=(foreign, *others)))
    assert said.startswith("1 moves are missing")
    assert said.endswith("and 1 do not follow from the events")


def test_a_past_with_gaps_or_without_events_or_catalogue_is_a_fault_of_its_own() -> None:
    elsewhere = msgspec.structs.replace(STATE, catalogue_hash=CatalogueHash("unknown"))
    for events, state in ((HAPPENED[1:], STATE), ((), STATE), (HAPPENED, elsewhere)):
        file = file_of(HAPPENED)
        assert explained(msgspec.structs.replace(file, events=events, state=state)) == []


def test_a_past_that_no_desk_wrote_is_named_with_what_broke() -> None:
    reserved, *_ = HAPPENED
    twice = recorded(reserved.event, reserved.event)
    (said,) = explained(file_of(twice))
    assert said.startswith("cannot be checked: AssertionError")
