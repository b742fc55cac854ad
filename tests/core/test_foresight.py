"""An order that nobody made yet: as its reservation would become it, or why there would be none.

Not here: orders that exist at other instants (`tests/core/laws/test_previews.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.foresight import imagined
from earnest.core.order.commands import Reserve
from earnest.core.order.decide import Step
from earnest.core.order.exits import exits
from earnest.core.order.stage import Stage
from earnest.core.settlement.ground import Ground
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.asking import Moment, asked
from tests.core.orders import answer
from tests.core.world import FACTS, POLICY, actor, local, yuan

TEN = local(2024, 7, 1, 10)


def reserve(**changed: object) -> Reserve:
    """A reservation that is accepted, with some of its fields changed."""
    command = asked("Reserve", actor("buyer"), Moment(None, FACTS, TEN, {}))
    assert isinstance(command, Reserve)
    return msgspec.structs.replace(command, **changed)


def test_an_imagined_order_is_the_one_that_paying_at_once_would_make() -> None:
    made = imagined(reserve(), FACTS)

    assert not isinstance(made, Rejected)
    assert (made.deposited.stage, made.locked.stage) == (Stage.DEPOSITED, Stage.LOCKED)
    ends = TEN + timedelta(hours=POLICY.cooling_off_hours)
    assert (made.deposited.cooling_off_ends, made.locked.changed_at) == (ends, ends)


def test_its_exits_are_those_that_the_order_would_have() -> None:
    made = imagined(reserve(), FACTS)
    assert not isinstance(made, Rejected)

    step = answer(made.deposited, TEN, "buyer", "Withdraw")
    free = next(x for x in exits(made.deposited, FACTS, TEN) if x.ground is Ground.COOLING_OFF)

    assert isinstance(step, Step)
    assert step.order.stage is Stage.WITHDRAWN
    assert free.statement.owed_to_buyer == POLICY.deposit


def test_what_cannot_be_reserved_cannot_be_imagined() -> None:
    rejected = imagined(reserve(price=yuan(1)), FACTS)

    assert isinstance(rejected, Rejected)
    assert rejected.reason is Reason.PRICE_DIFFERS
