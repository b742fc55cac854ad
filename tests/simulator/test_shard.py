"""What processes of a launch tell each other, and putting together what each of them saw."""

from __future__ import annotations

from io import BytesIO
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from earnest.simulator.arrays import instants
from earnest.simulator.crowd import Shares, draw_crowd
from earnest.simulator.launch import LaunchPlan, Seen, Tally
from earnest.simulator.processes import merged
from earnest.simulator.shard import LENGTH_BYTES, Part, Start, Told, follow, packed, unpacked

PLAN = LaunchPlan(
    url="http://earnest.example",
    sandbox_url="http://pay.example",
    run="run",
    bodies=[b"{}"],
    starts_at=1.5,
    is_timed=True,
    connections=4,
    seed=1,
    patience_s=5.0,
)


def told(message: Told) -> Told:
    content = packed(message)
    assert int.from_bytes(content[:LENGTH_BYTES], "big") == len(content) - LENGTH_BYTES
    return unpacked(content[LENGTH_BYTES:], Told)


def seen_by(count: int) -> Seen:
    seen = Seen.of(count)
    for position in range(count):
        seen.sent[position] = position + 0.25
        seen.rank[position] = position + 1
        seen.order_id[position] = f"order-{position}"
    return seen


def test_a_part_arrives_as_it_was_sent() -> None:
    due_s = instants(0)
    due_s.extend([0.5, 1.25])
    part = Part(PLAN, draw_crowd(2, Shares(), Random(1)), due_s)

    assert unpacked(packed(part)[LENGTH_BYTES:], Part) == part


def test_what_is_told_arrives_as_it_was_told() -> None:
    tally = Tally(offered=3, accepted=2)
    tally.latency.record(0.01)

    assert told(Told(tally=tally)) == Told(tally=tally)
    assert told(Told(seen=seen_by(3))) == Told(seen=seen_by(3))
    assert told(Told()) == Told()


def test_a_process_stays_until_nobody_speaks_to_it_any_more() -> None:
    # Whoever follows it may still be reading what its buyers saw, and loses the rest if it ends.
    source = BytesIO(packed(Part(PLAN, [], instants(0))) + packed(Start(0.0)) + b"not over yet")
    out = BytesIO()

    follow(source, out)

    assert source.read() == b""
    assert out.getvalue().endswith(packed(Told(seen=Seen.of(0))))


@given(st.integers(0, 20), st.integers(1, 5))
def test_parts_dealt_out_in_turn_make_the_whole_again(count: int, processes: int) -> None:
    whole = seen_by(count)
    parts = []
    for number in range(processes):
        positions = range(number, count, processes)
        part = Seen.of(len(positions))
        for place, position in enumerate(positions):
            part.sent[place] = whole.sent[position]
            part.rank[place] = whole.rank[position]
            part.order_id[place] = whole.order_id[position]
        part.codes = {"busy": 1}
        part.sent_twice = 1
        parts.append(part)

    found = merged(parts, count)

    assert (found.sent, found.rank, found.order_id) == (whole.sent, whole.rank, whole.order_id)
    assert found.codes == {"busy": processes}
    assert found.sent_twice == processes
