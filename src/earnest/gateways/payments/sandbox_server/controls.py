"""The sandbox's own controls: switches, chargebacks, the clock, and what it is doing now.

No real provider has these doors. They take no token, because only demonstrations and tests reach
the loopback port they stand on; nothing of them belongs on a public address.
"""

import msgspec

from earnest.gateways.payments.sandbox_server.http import (
    Reply,
    Request,
    decoded,
    json_reply,
    problem_reply,
)
from earnest.gateways.payments.sandbox_server.problems import Problem
from earnest.gateways.payments.sandbox_server.provider import Provider
from earnest.gateways.payments.wire import (
    ChargebackOrder,
    ClockAnswer,
    ClockOrder,
    ResendAnswer,
    StatusAnswer,
    SwitchAnswer,
    SwitchOrder,
)


class Controls:
    """The doors that make the provider misbehave, and the one that shows it."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._chargeback_orders = msgspec.json.Decoder(ChargebackOrder)
        self._clock_orders = msgspec.json.Decoder(ClockOrder)
        self._switch_orders = msgspec.json.Decoder(SwitchOrder)

    async def charge_back(self, request: Request) -> Reply:
        """``POST /api/chargebacks``: let a buyer's bank take money back."""
        order = decoded(request, self._chargeback_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        was = self._provider.books.last_number
        record = self._provider.operations.charge_back(order.reference, order.amount_minor)
        if isinstance(record, Problem):
            return problem_reply(record)
        await self._provider.commit(record, was=was)
        return json_reply(self._provider.chargeback_answer(record))

    async def set_clock(self, request: Request) -> Reply:
        """``POST /api/clock``: set how far the virtual clock runs ahead; only forward."""
        order = decoded(request, self._clock_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        problem = self._provider.operations.set_clock(order.offset_seconds)
        if problem is not None:
            return problem_reply(problem)
        await self._provider.journal.settle()
        self._provider.dispatcher.wake()
        clock = self._provider.operations.clock
        offset_seconds = clock.offset.total_seconds()
        return json_reply(ClockAnswer(now=clock.now(), offset_seconds=offset_seconds))

    async def set_switches(self, request: Request) -> Reply:
        """``POST /api/switches``: turn ways to misbehave on, and off again with ``reset``."""
        order = decoded(request, self._switch_orders)
        if isinstance(order, Problem):
            return problem_reply(order)
        switches = self._provider.operations.switches
        if order.reset:
            switches.reset()
        switches.add(order.switches)
        return json_reply(SwitchAnswer(switches=switches.listed()))

    async def resend(self, request: Request) -> Reply:
        """``POST /api/webhooks/resend``: take up the webhooks that rest after three days."""
        del request
        return json_reply(ResendAnswer(resent=self._provider.dispatcher.resend_resting()))

    async def status(self, request: Request) -> Reply:
        """``GET /api/status``: figures for people, and for tools that wait for quiet."""
        del request
        operations = self._provider.operations
        return json_reply(
            StatusAnswer(
                now=operations.clock.now(),
                offset_seconds=operations.clock.offset.total_seconds(),
                counts=self._provider.books.counts,
                webhooks=self._provider.dispatcher.status(),
                switches=operations.switches.listed(),
            )
        )
