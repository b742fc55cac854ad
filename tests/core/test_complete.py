"""Nothing is forgotten: every command and every event stands in every table that names them all."""

from __future__ import annotations

import msgspec
import pytest

from earnest.core.bookkeeping import ENTRIES
from earnest.core.order import commands as ask
from earnest.core.order import events as happened
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.decide import DECIDE, WHY_NOT
from earnest.core.order.diagram import markdown, mermaid
from earnest.core.order.evolve import EVOLVE, evolve, fold
from earnest.core.order.stage import AFTER_THE_END, ALIVE, EXITS, OVER, TRANSITIONS, Stage
from earnest.core.queue.rank import Queue
from earnest.core.values.ids import QueueId
from tests.core.orders import order_after
from tests.core.world import local

NAMES = [command.__name__ for command in ask.COMMANDS]


def test_every_command_has_its_rule_and_its_roles() -> None:
    assert set(ask.COMMANDS) == set(DECIDE)
    assert set(NAMES) == set(AUTHORITY)
    assert all(AUTHORITY.values())


def test_every_command_appears_in_the_transition_table() -> None:
    known = {name for ways in TRANSITIONS.values() for name in ways}

    assert set(NAMES) == known | {"Reserve"}
    assert WHY_NOT.keys() <= known


def test_every_stage_has_its_row_and_is_alive_or_over() -> None:
    assert list(Stage) == list(TRANSITIONS)
    assert set(Stage) == ALIVE | OVER
    assert not ALIVE & OVER
    assert OVER > EXITS
    assert {name for stage in OVER for name in TRANSITIONS[stage]} == AFTER_THE_END


def test_every_stage_can_be_reached_from_the_reservation() -> None:
    reached = {Stage.RESERVED}
    for _ in Stage:
        reached |= {to for at in reached for ways in TRANSITIONS[at].values() for to in ways}

    assert set(Stage) == reached


def test_an_exit_is_left_only_by_a_payment_in_time() -> None:
    ways_back = {
        (stage, command)
        for stage in OVER
        for command, targets in TRANSITIONS[stage].items()
        if targets & ALIVE
    }

    assert ways_back == {(Stage.LAPSED, "RecordPayment")}


def test_every_event_has_its_fold_and_its_entry() -> None:
    assert set(happened.EVENTS) == set(EVOLVE) == set(ENTRIES)


def test_commands_and_events_keep_their_kind_when_written_down() -> None:
    for kind in (*ask.COMMANDS, *happened.EVENTS):
        assert kind.__name__ == kind.__struct_config__.tag
        assert kind.__struct_config__.tag_field == "kind"
        assert msgspec.json.schema(kind)


def test_the_diagram_shows_every_change_of_stage() -> None:
    drawn = mermaid().splitlines()

    assert drawn[0] == "stateDiagram-v2"
    assert "    [*] --> reserved: Reserve" in drawn
    assert "    locked --> scheduled: Schedule, TakeSlot" in drawn
    assert "    tendered --> built: RecordInspection" in drawn
    assert "    closed --> [*]" in drawn
    arrows = {tuple(line.strip().partition(":")[0].split(" --> ")) for line in drawn[1:]}
    changes = {
        (stage, target)
        for stage, ways in TRANSITIONS.items()
        for targets in ways.values()
        for target in targets - {stage}
    }
    assert changes == {pair for pair in arrows if "[*]" not in pair}


def test_the_page_about_the_life_of_an_order_has_a_row_for_every_way() -> None:
    page = markdown()

    assert mermaid() in page
    assert "| deposited | Withdraw | buyer | withdrawn |" in page
    assert "| inspected | CancelBySeller | finance, sales | cancelled, inspected |" in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + sum(len(ways) for ways in TRANSITIONS.values())


def test_an_order_begins_once_and_grows_by_one_with_every_event() -> None:
    with pytest.raises(AssertionError, match="at least one event"):
        fold([])
    order = order_after("DepositReceived")
    closed = evolve(order, happened.Closed(at=local(2024, 7, 2)))

    assert order.sequence + 1 == closed.sequence


def test_a_queue_gives_each_rank_once() -> None:
    queue = Queue(
        queue_id=QueueId("aurora-cn"), model_line="aurora", market="CN", time_zone="Asia/Shanghai"
    )

    assert [
        queue.next_rank,
        queue.rank_given().next_rank,
        queue.rank_given().rank_given().next_rank,
    ] == [1, 2, 3]
