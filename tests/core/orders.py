"""Orders to look at from outside: the main path, stopped where a test needs it.

Not here: the path itself, which stands in `tables/01_main_path.txt`.
"""

from __future__ import annotations

from earnest.core.order.decide import Step, carry_out
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from tests.core.asking import Fields, Moment, asked
from tests.core.stories import Story, main_path
from tests.core.telling import told
from tests.core.world import FACTS, actor


def order_after(event: str) -> Order:
    """The order of the main path right after this event first happened."""
    steps = main_path().steps
    last = next(i for i, step in enumerate(steps) if event in step.expected.split(", "))
    story = Story(f"until {event}", "here", 0, {}, steps[: last + 1], {})
    order = told(story, compare_end=False).order
    assert order is not None, "the main path begins with a reservation"
    return order


def then(
    order: Order, at: Instant, who: str, name: str, facts: Facts = FACTS, /, **fields: object
) -> Order:
    """The order after one more command, which must hold."""
    step = answer(order, at, who, name, facts, **fields)
    assert isinstance(step, Step), f"{name} was rejected: {step}"
    return step.order


def answer(
    order: Order | None,
    at: Instant,
    who: str,
    name: str,
    facts: Facts = FACTS,
    /,
    **fields: object,
) -> Step | Rejected:
    """What comes of one command."""
    said: Fields = dict(fields)
    return carry_out(order, asked(name, actor(who), Moment(order, facts, at, said)), facts, at)
