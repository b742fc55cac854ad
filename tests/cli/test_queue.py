"""`earnest queue`: a place with its moves, and who was overtaken, with or without a reason.

Not here: finding who was (`tests/desk/places`).
"""

from __future__ import annotations

import msgspec
import pytest

from earnest.cli.printing import console
from earnest.cli.queue import overtaken_table
from earnest.core.queue.lane import lane_named
from earnest.core.queue.overtaking import Why
from earnest.desk.places.inversions import Inversion
from tests.cli.calling import Terminal
from tests.core.orders import order_after
from tests.demo.running import Running


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_moves_of_a_place_can_be_cut_short(
    terminal: Terminal, demo: Running, language: str
) -> None:
    leaving = [demo.reserved(f"{each}-{language}") for each in ("one", "two")]
    after = demo.reserved(f"after-{language}")
    for each in leaving:
        demo.pays(each)
        path = f"/orders/{each['order_id']}/withdraw"
        demo.ask(path, each["token"], {}, idempotency_key=f"leaves-{language}")
    there = ("--language", language, "--data", demo.data)

    everything = terminal.run("queue", "position", after["order_id"], *there)
    one = terminal.run("queue", "position", after["order_id"], "--limit", "1", *there)

    moves = [line for line in everything.out.splitlines() if " UTC  " in line]
    assert everything.code == one.code == 0
    assert len(moves) == 2
    assert [line for line in one.out.splitlines() if " UTC  " in line] == moves[:1]
    assert one.out.endswith("The first 1 moves; --limit shows more.\n")


@pytest.mark.usefixtures("terminal")
def test_who_was_overtaken_without_a_reason_stands_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    order = order_after("Locked")
    found = Inversion(
        queue_id=order.queue_id,
        lane=lane_named("comet", ()),
        order=order,
        rank=1_204,
        by_rank=1_300,
        given_at=order.reserved_at,
        others=2,
        why=None,
    )

    console.print(overtaken_table([found, msgspec.structs.replace(found, why=Why.SCARCE)]))

    rows = [line.split() for line in capsys.readouterr().out.splitlines()[-2:]]
    told = [order.queue_id, "1,204", order.order_id, "1,300", "2"]
    assert rows == [[*told, "NONE"], [*told, Why.SCARCE.value]]
