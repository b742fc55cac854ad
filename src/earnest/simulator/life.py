"""One sampled order and everybody around it: single steps, each checked as it is taken.

Which steps follow each other is not here (`paths.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import perf_counter

import msgspec

from earnest.core.values.ids import derive_id, vin_with_check_digit
from earnest.core.values.money import Money
from earnest.simulator.client import PATIENCE_S
from earnest.simulator.door import Door, Refusal
from earnest.simulator.shop import Acknowledged, PolicyShown, Quoted
from earnest.simulator.timeline import Timeline

_LOOK_AGAIN_S = 0.1
_SLOWEST_LOOK_S = 1.0
_PLANT = "north-works"
_PLACE = "Handover centre, bay 3"


class Fault(Exception):
    """A life went another way than it should have."""


class PaymentShown(msgspec.Struct, frozen=True):
    """A payment that was opened, with the link to pay it."""

    payment_number: int
    amount: Money
    link: str


class Done(msgspec.Struct, frozen=True):
    """What a command did."""

    stage: str
    events: tuple[str, ...]
    payment: PaymentShown | None = None


class OrderShown(msgspec.Struct, frozen=True):
    """What a life needs to read from an order."""

    order_id: str
    stage: str
    rank: int


class WindowShown(msgspec.Struct, frozen=True):
    """A promised window; it does not include its end."""

    begins: datetime
    ends: datetime


class PromisedShown(msgspec.Struct, frozen=True):
    """The window that binds the seller of an order."""

    binding_promise: WindowShown


class AccountShown(msgspec.Struct, frozen=True):
    """What one account stands at, over all orders; liabilities and income are positive."""

    account: str
    currency: str
    amount: int


class AccountOfOrder(msgspec.Struct, frozen=True):
    """What one account of an order stands at."""

    account: str
    amount: Money


class StatementShown(msgspec.Struct, frozen=True):
    """An order's books."""

    account_balances: tuple[AccountOfOrder, ...]


class PaidShown(msgspec.Struct, frozen=True):
    """What the provider says about an attempt to pay."""

    status: str


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """The people of the seller, each with a door of their own."""

    sales: Door
    sales_second: Door
    planning: Door
    delivery: Door
    finance: Door
    finance_second: Door


class Life:
    """One order on its way, with the stages it really went through."""

    def __init__(  # noqa: PLR0913 - everybody around an order has a part in its life
        self,
        *,
        order_id: str,
        buyer: Door,
        staff: Staff,
        sandbox: Door,
        timeline: Timeline,
        policy: PolicyShown,
        quoted: Quoted,
        lock_acknowledgement: Acknowledged,
        run: str,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`patience_s` is how long it waits, in real seconds, for what the server does itself."""
        self._patience_s = patience_s
        self.order_id = order_id
        self.buyer = buyer
        self.staff = staff
        self.timeline = timeline
        self.policy = policy
        self.price = quoted.price
        self.lock_acknowledgement = lock_acknowledgement
        self.stages: list[str] = []
        self.vin = ""
        self._configuration = quoted.configuration
        self._sandbox = sandbox
        self._run = run
        self._commands = 0

    async def do(self, who: Door, command: str, stage: str, **fields: object) -> Done:
        """Give a command and insist on the stage after it. Raises `Fault`."""
        path = f"/orders/{self.order_id}/{command}"
        try:
            done = await who.post(path, fields, Done, key=self._key(command))
        except Refusal as refusal:
            raise Fault(f"{command}: {refusal}") from refusal
        self._note(done.stage)
        if done.stage != stage:
            raise Fault(f"{command} led to {done.stage} instead of {stage}")
        return done

    async def rejected(self, who: Door, command: str, *codes: str, **fields: object) -> None:
        """Give a command that must be rejected with one of these codes. Raises `Fault`."""
        path = f"/orders/{self.order_id}/{command}"
        try:
            done = await who.post(path, fields, Done, key=self._key(command))
        except Refusal as refusal:
            if refusal.code in codes:
                return
            raise Fault(f"{command} was rejected with {refusal.code}, not {codes[0]}") from refusal
        raise Fault(f"{command} was accepted ({', '.join(done.events)}), not rejected: {codes[0]}")

    async def stage_becomes(self, stage: str) -> None:
        """Wait until the server brought the order to this stage by itself. Raises `Fault`."""
        started = perf_counter()
        wait = _LOOK_AGAIN_S
        while True:
            order = await self.buyer.get(f"/orders/{self.order_id}", OrderShown)
            if order.stage == stage:
                self._note(stage)
                return
            if perf_counter() - started > self._patience_s:
                raise Fault(f"the order stays {order.stage} and never becomes {stage}")
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, _SLOWEST_LOOK_S)

    async def books_become(self, expected: Mapping[str, Money]) -> None:
        """Wait until exactly these accounts of the order are not zero. Raises `Fault`."""
        wanted = {name: money.amount for name, money in expected.items() if money.amount}
        started = perf_counter()
        wait = _LOOK_AGAIN_S
        while True:
            statement = await self.buyer.get(f"/orders/{self.order_id}/statement", StatementShown)
            found = {
                each.account: each.amount.amount
                for each in statement.account_balances
                if each.amount.amount
            }
            if found == wanted:
                return
            if perf_counter() - started > self._patience_s:
                raise Fault(f"the books say {found}, not {wanted}")
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, _SLOWEST_LOOK_S)

    async def wait(self, *, days: float = 0, hours: float = 0) -> None:
        """Let virtual time pass."""
        await self.timeline.until(self.timeline.now() + timedelta(days=days, hours=hours))

    async def be_late(self) -> None:
        """Let time pass until a day after the window that binds the seller."""
        order = await self.buyer.get(f"/orders/{self.order_id}", PromisedShown)
        await self.timeline.until(order.binding_promise.ends + timedelta(days=1))

    # The main path.

    async def build(self) -> None:
        """From the order bank to the car off the line."""
        await self.do(self.staff.planning, "schedule", "scheduled", slot=self._slot(3))
        number = self.stages.count("scheduled")
        mark = derive_id("vin", self.order_id, str(number))[:14].replace("Q", "9")
        self.vin = vin_with_check_digit(f"LEA{mark}")
        await self.do(
            self.staff.planning,
            "record-built",
            "built",
            vin=self.vin,
            configuration=self._configuration,
        )

    async def tender(self, *, transit: bool = True) -> dict[str, datetime]:
        """Bring the car to the buyer, offer two appointments, and return the second, booked."""
        if transit:
            await self.do(self.staff.planning, "ship", "in_transit", destination=_PLACE)
        first = self.timeline.now() + timedelta(days=1)
        offered = [
            {"begins": first + timedelta(days=day), "ends": first + timedelta(days=day, hours=2)}
            for day in range(2)
        ]
        await self.do(
            self.staff.delivery,
            "tender",
            "tendered",
            vin=self.vin,
            place=_PLACE,
            appointments=offered,
        )
        await self.do(self.buyer, "book-appointment", "tendered", appointment=offered[1])
        return offered[1]

    async def inspect(
        self, result: str, stage: str, *, remarks: tuple[str, ...] = (), remedy: str | None = None
    ) -> None:
        """Look at the car together; the buyer's own login confirms. No balance before it."""
        await self.rejected(self.staff.delivery, "demand-balance", "not_inspected")
        checklist = [
            {"item": item, "in_order": not remarks or place > 0, "remark": ""}
            for place, item in enumerate(self.policy.inspection_checklist)
        ]
        await self.do(
            self.buyer,
            "record-inspection",
            stage,
            result=result,
            checklist=checklist,
            remarks=remarks,
            remedy=remedy,
        )

    async def pay_balance(self, parts: int) -> None:
        """Demand the balance and pay it at the provider in so many parts."""
        await self.do(self.staff.delivery, "demand-balance", "inspected")
        due = self.price.amount - self.policy.deposit.amount
        sums = [due // parts] * (parts - 1)
        sums.append(due - sum(sums))
        for number, amount in enumerate(sums, start=1):
            money = Money(amount, self.price.currency)
            done = await self.do(self.buyer, "request-payment", "inspected", amount=money)
            if done.payment is None:
                raise Fault("request-payment gave no payment to make")
            await self.pay(done.payment.link, f"{self._run}-{self.order_id}-{number}")
        await self.stage_becomes("paid")

    async def pay(self, link: str, attempt: str) -> None:
        """Pay a link at the provider."""
        order = {"link": link, "attempt": attempt}
        paid = await self._sandbox.post("/api/pay", order, PaidShown)
        if paid.status != "succeeded":
            raise Fault(f"the provider answered {paid.status} to {attempt}")

    async def hand_over(self) -> None:
        """Give car and documents; the price becomes revenue."""
        await self.do(
            self.staff.delivery,
            "hand-over",
            "handed_over",
            vin=self.vin,
            documents=self.policy.handover_documents,
            signatures=("buyer", "seller"),
        )
        await self.books_become({"provider_clearing": self.price, "sales_revenue": self.price})

    # What exits share.

    async def notice_opened(self, number: int) -> None:
        """Let the buyer's login prove that a demand arrived, a day after it was made."""
        await self.wait(days=2)
        await self.do(
            self.buyer,
            "record-notice",
            self.stages[-1],
            demand_number=number,
            delivered_at=self.timeline.now() - timedelta(days=1),
            proof="opened by the buyer's own login",
            means="in_app",
        )

    async def demanded_in_vain(self, number: int) -> None:
        """Let a demand arrive and its cure period run out."""
        await self.notice_opened(number)
        await self.wait(days=self.policy.cure_days + 1)

    async def cancel_by_seller(self, ground: str) -> None:
        """Cancel with a second person's approval, and let a second person release what is kept."""
        stage = self.stages[-1]
        await self.do(self.staff.finance_second, "approve-cancellation", stage, ground=ground)
        await self.do(self.staff.finance, "cancel-by-seller", "cancelled", ground=ground)
        await self.books_become(
            {
                "provider_clearing": self.policy.deposit,
                "forfeitures_unreleased": self.policy.deposit,
            }
        )
        await self.rejected(self.staff.finance, "release-forfeiture", "second_person_missing")
        await self.do(self.staff.finance_second, "release-forfeiture", "cancelled")
        await self.forfeited()

    async def forfeited(self) -> None:
        """The seller kept the deposit."""
        await self.books_become(
            {"provider_clearing": self.policy.deposit, "forfeiture_income": self.policy.deposit}
        )

    async def terminate_for_breach(self, ground: str) -> None:
        """Leave for the seller's breach; the deposit comes back double, once it was released."""
        deposit = self.policy.deposit
        await self.do(self.buyer, "terminate-by-buyer", "terminated", ground=ground)
        await self.books_become({"owed_to_buyers": deposit, "double_return_expense": deposit})
        await self.do(self.staff.finance, "release-payout", "terminated", payout_number=2)
        await self.books_become(
            {
                "provider_clearing": Money(-deposit.amount, deposit.currency),
                "double_return_expense": deposit,
            }
        )

    def _slot(self, weeks: int) -> dict[str, str]:
        year, week, _ = (self.timeline.now() + timedelta(weeks=weeks)).isocalendar()
        return {"plant": _PLANT, "week": f"{year}-W{week:02d}"}

    def _key(self, command: str) -> str:
        self._commands += 1
        return f"{self._run}-{self.order_id}-{self._commands}-{command}"

    def _note(self, stage: str) -> None:
        if not self.stages or self.stages[-1] != stage:
            self.stages.append(stage)
