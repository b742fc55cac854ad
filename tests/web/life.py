"""Carrying an order through its life over the API, one step a function.

Not here: what is checked; each test says that.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from earnest.core.values.ids import vin_with_check_digit
from earnest.core.values.instant import Instant
from tests.web.asking import Client, Told
from tests.web.maker import SELECTION, TERMS, World

VIN = vin_with_check_digit("LEA5A2CB0R0000001")


class Life:
    """One order and the people around it."""

    def __init__(self, here: World, order_id: str, name: str = "one") -> None:
        self.here = here
        self.order_id = order_id
        self.path = f"/api/v1/orders/{order_id}"
        self.name = name
        self._keys = 0

    async def ask(self, who: Client, command: str, body: object = None, **headers: str) -> Told:
        """One command with a key of its own."""
        self._keys += 1
        key = f"{command}-{self._keys}"
        return await who.post(f"{self.path}/{command}", body or {}, key, **headers)

    async def done(self, who: Client, command: str, **body: object) -> Any:  # noqa: ANN401 - any document
        """A command that must be accepted."""
        told = await self.ask(who, command, body)
        assert told.status == 200, told.body
        return told.json

    async def shown(self, what: str = "") -> Any:  # noqa: ANN401 - any document
        """What the buyer reads: the order, or something below it."""
        told = await self.here.buyer(self.name).get(f"{self.path}{what}")
        assert told.status == 200, told.body
        return told.json

    async def until_locked(self) -> None:
        """The cooling-off period ends and the order locks by itself."""
        self.here.pass_time(hours=168)
        await self.here.time_acts()

    async def until_built(self) -> None:
        """The order is scheduled and the car comes off the line."""
        planning = self.here.staff("planning")
        await self.done(planning, "schedule", slot={"plant": "one", "week": "2024-W35"})
        await self.done(
            planning, "record-built", vin=VIN, configuration=msgspec.to_builtins(SELECTION)
        )

    async def until_tendered(self) -> None:
        """The identified car stands at the place."""
        now = self.here.clock.now()
        day = {"begins": _later(now, 24), "ends": _later(now, 26)}
        await self.done(
            self.here.staff("delivery"), "tender", vin=VIN, place="Haikou", appointments=[day]
        )

    async def until_inspected(self) -> None:
        """Both look at the car, and the buyer accepts it."""
        checklist = [{"item": item, "in_order": True} for item in TERMS.policy.inspection_checklist]
        await self.done(
            self.here.buyer(self.name), "record-inspection", result="accepted", checklist=checklist
        )

    async def until_paid(self) -> None:
        """The balance is demanded and paid in one payment."""
        await self.done(self.here.staff("finance"), "demand-balance")
        due = (await self.shown())["balance_due"]
        asked = await self.done(self.here.buyer(self.name), "request-payment", amount=due)
        assert (await self.here.pay(asked["payment"]["link"])).status == 204

    async def until_handed_over(self) -> None:
        """The car is the buyer's."""
        await self.done(
            self.here.staff("delivery"),
            "hand-over",
            vin=VIN,
            documents=list(TERMS.policy.handover_documents),
            signatures=["sha256:signed"],
        )


def _later(now: Instant, hours: int) -> str:
    return (now + timedelta(hours=hours)).isoformat()


async def begun(here: World, name: str = "one") -> Life:
    """An order whose deposit was paid."""
    return Life(here, await here.deposited(name), name)
