"""How long the rules take for the three commands of a launch: printed, never asserted.

`pytest -s tests/core/test_speed.py` shows it; a launch wants less than 60 microseconds for each.

Not here: the database and the doors, which take most of the time (`make bench`).
"""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

from earnest.core.order.decide import Step, carry_out
from earnest.core.order.state import Order
from tests.core.asking import Moment, asked
from tests.core.world import FACTS, actor, local

TIMES = 2_000


def test_the_rules_of_a_launch_are_quick() -> None:
    born = local(2024, 7, 1, 10)
    order: Order | None = None

    for name, who, at in (
        ("Reserve", "buyer", born),
        ("RecordPayment", "provider", born + timedelta(minutes=5)),
        ("Lock", "timer", born + timedelta(hours=168, minutes=5)),
    ):
        command = asked(name, actor(who), Moment(order, FACTS, at, {}))
        began = perf_counter()
        steps = [carry_out(order, command, FACTS, at) for _ in range(TIMES)]
        each = (perf_counter() - began) / TIMES * 1e6
        print(f"{name:14} {each:6.1f} microseconds")  # noqa: T201 - the figure is the result
        step = steps[-1]
        assert isinstance(step, Step)
        order = step.order

    assert order is not None
    assert order.stage == "locked"
