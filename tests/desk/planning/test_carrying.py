"""What a plan asks for is asked again until all of it was decided.

Not here: what it asks for (`test_running.py`).
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

import pytest

from earnest.core.order.command import Command
from earnest.core.order.stage import Stage
from earnest.desk.desk import CommandFailed, DeskFull, KeyRunning
from earnest.desk.planning.carrying import carry_out, keep_carrying_out
from earnest.desk.planning.ports import PlanVersion
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory_reader import MemoryReader
from tests.desk.planning.makers import PlanningShop
from tests.desk.shop import in_shop


class _Unwilling:
    """A desk that decides nothing."""

    def __init__(self, why: Exception) -> None:
        self._why = why

    async def submit(self, command: Command, key: str) -> NoReturn:  # noqa: ARG002 - as the desk's
        raise self._why


class _Away:
    """Plans that nobody can reach."""

    async def plan(self) -> NoReturn:
        raise StoreUnavailable


@pytest.mark.parametrize("why", [DeskFull(), KeyRunning(), StoreUnavailable(), CommandFailed()])
def test_what_was_not_decided_is_asked_again(why: Exception) -> None:
    async def visit(shop: PlanningShop) -> None:
        await shop.build()
        await shop.deposited("ann")
        await shop.planned("first")
        shop.clock.advance(days=9)
        while await shop.fire():
            pass
        plan = await shop.planned("second")
        assert isinstance(plan, PlanVersion)
        reader, now = MemoryReader(shop.store), shop.clock.now()
        (order,) = shop.store.orders.values()
        assert order.stage is Stage.LOCKED

        unwilling = _Unwilling(why)
        assert not await carry_out(unwilling, shop.plans, reader, plan, now)  # type: ignore[arg-type]  # all that is asked of a desk
        assert not await shop.plans.carried_out(plan.version)

        assert await carry_out(shop.desk, shop.plans, reader, plan, now)
        assert await shop.plans.carried_out(plan.version)
        (order,) = shop.store.orders.values()
        assert order.stage is Stage.SCHEDULED

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop


def test_plans_that_cannot_be_reached_are_looked_for_again() -> None:
    looked = 0

    async def sleep(_: float) -> None:
        nonlocal looked
        looked += 1
        if looked == 3:
            raise asyncio.CancelledError

    async def visit(shop: PlanningShop) -> None:
        reader = MemoryReader(shop.store)
        with pytest.raises(asyncio.CancelledError):
            await keep_carrying_out(shop.desk, _Away(), reader, shop.clock.now, sleep)  # type: ignore[arg-type]  # all that is asked of plans

    in_shop(visit, PlanningShop())  # type: ignore[arg-type]  # this visit wants this shop
    assert looked == 3
