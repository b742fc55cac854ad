"""Earnest in one process's memory behind the agreed HTTP interface, for tests of who uses it.

It decides with the real core and pays out at once; nothing is stored, nobody is authenticated
beyond the token naming somebody. Faults can be switched on: answers that get lost after the deed,
refusals for being busy, ranks that are given unfairly.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import msgspec
import uvicorn

from earnest.core.bookkeeping import entry
from earnest.core.catalogue.configuration import Configuration, quote
from earnest.core.ledger.account import CREDIT_NATURED, Account
from earnest.core.order.actor import Actor, Role, provider_actor
from earnest.core.order.commands import COMMANDS, Command, RecordPayment, RecordPayout, Reserve
from earnest.core.order.decide import carry_out
from earnest.core.order.events import Event
from earnest.core.order.facts import Facts
from earnest.core.order.parts import PayoutOutcome, PayoutState
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.timers import DeadlineKind, command_of, deadlines
from earnest.core.values.ids import BuyerId, derive_id, derive_order_id
from earnest.core.values.money import Money
from earnest.core.values.outcome import Rejected
from earnest.demo.maker import demo_catalogue, demo_offers, demo_terms

Json: TypeAlias = Any
"""What a request says, before anybody has looked at it."""

Asgi = Callable[[Json, Json, Json], Awaitable[None]]
Answer = tuple[int, dict[str, Any]]
ACTING = {DeadlineKind.LAPSE, DeadlineKind.LOCK, DeadlineKind.END_DEFERRAL, DeadlineKind.CLOSE}
BY_PATH = {re.sub(r"(?<!^)(?=[A-Z])", "-", each.__name__).lower(): each for each in COMMANDS}
PAGE = 50


class FakeEarnest:
    """The server and the provider's books in one; `url` and `sandbox_url` are the same."""

    def __init__(self) -> None:
        self.terms = demo_terms()
        self.catalogue = demo_catalogue()
        self.offers = demo_offers(self.terms, self.catalogue)
        self.orders: dict[str, Order] = {}
        self.books: dict[str, Counter[Account]] = {}
        self.answers: dict[tuple[str, str], Answer] = {}
        self.running: set[tuple[str, str]] = set()
        self.payments: dict[tuple[str, str], int] = {}
        self.offset_s = 0
        self.requests: Counter[str] = Counter()
        self.lose_every = 0
        self.busy_every = 0
        self.gives_rank: Callable[[int], int] = lambda number: number
        self.webhook_delay_s = 0.0
        self.clock_refuses = False
        self.payment_status = "succeeded"
        self.declines_every = 0
        self.loses_webhooks = False
        self.remembers = True
        self.always_busy_for = "no such key"
        self.timers_run = True
        self._tasks: set[asyncio.Task[None]] = set()

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + timedelta(seconds=self.offset_s)  # noqa: TID251 - a server has a clock

    # The rules.

    def decide(self, order_id: str, command: Command) -> tuple[Order | None, Answer]:
        order = self.orders.get(order_id)
        rank = None
        if isinstance(command, Reserve):
            rank = self.gives_rank(len(self.orders) + 1)
        facts = Facts(terms=self.terms, catalogue=self.catalogue, offer=self.offers[0], rank=rank)
        step = carry_out(order, command, facts, command.received_at)
        if isinstance(step, Rejected):
            status = 403 if step.reason == "not_permitted" else 409
            return order, (status, {"code": step.reason, "title": step.reason, "detail": "no"})
        self.orders[order_id] = step.order
        for event in step.events:
            self._book(order_id, event)
        answer = {
            "order_id": order_id,
            "rank": step.order.rank,
            "stage": step.order.stage,
            "sequence": step.order.sequence,
            "events": [type(event).__name__ for event in step.events],
        }
        self._pay_out(order_id)
        return step.order, (200, answer)

    def _book(self, order_id: str, event: Event) -> None:
        books = self.books.setdefault(order_id, Counter())
        for posting in entry(event):
            for account, sign in ((posting.debit, 1), (posting.credit, -1)):
                nature = -1 if account in CREDIT_NATURED else 1
                books[account] += sign * nature * posting.amount.amount

    def _pay_out(self, order_id: str) -> None:
        """The provider pays everything that is due at once."""
        order = self.orders[order_id]
        for payout in order.payouts:
            if payout.state is PayoutState.DUE:
                command = RecordPayout(
                    buyer_id=order.buyer_id,
                    order_id=order.order_id,
                    actor=provider_actor("sandbox"),
                    key=f"payout-{payout.number}",
                    received_at=self.now(),
                    payout_number=payout.number,
                    attempt=payout.attempt,
                    outcome=PayoutOutcome.PAID,
                )
                self.decide(order_id, command)

    def fire(self) -> None:
        """Carry out every deadline that has passed."""
        for order_id in list(self.orders) if self.timers_run else ():
            is_due = True
            while is_due:
                order = self.orders[order_id]
                due = [
                    each
                    for each in deadlines(order, self.terms.policy)
                    if each.kind in ACTING and each.due_at <= self.now()
                ]
                is_due = bool(due)
                for deadline in due:
                    command = command_of(deadline, order.buyer_id, order.order_id, self.now())
                    self.decide(order_id, command)

    # The doors.

    async def __call__(self, scope: Json, receive: Json, send: Json) -> None:
        assert scope["type"] == "http", "the fake knows no lifespan"
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = dict(scope["headers"])
        path: str = scope["path"]
        self.requests[path.rpartition("/")[2]] += 1
        number = self.requests.total()
        extra: list[tuple[bytes, bytes]] = []
        is_busy = bool(self.busy_every) and number % self.busy_every == 0
        if is_busy or headers.get(b"idempotency-key", b"").endswith(self.always_busy_for.encode()):
            status, answer = 503, {"code": "desk_full", "title": "busy", "detail": "later"}
            extra = [(b"retry-after", b"0")]
        else:
            query = dict(
                pair.split("=", 1) for pair in scope["query_string"].decode().split("&") if pair
            )
            status, answer = await self._answer(scope["method"], path, headers, body, query)
        content = msgspec.json.encode(answer)
        is_lost = bool(self.lose_every) and number % self.lose_every == 0
        length = b"%d" % (len(content) + (1 if is_lost else 0))
        start = [(b"content-type", b"application/json"), (b"content-length", length), *extra]
        await send({"type": "http.response.start", "status": status, "headers": start})
        if not is_lost:
            await send({"type": "http.response.body", "body": content})

    async def _answer(
        self,
        method: str,
        path: str,
        headers: dict[bytes, bytes],
        body: bytes,
        query: dict[str, str],
    ) -> Answer:
        token = headers.get(b"authorization", b"").decode().removeprefix("Bearer ")
        key = headers.get(b"idempotency-key", b"").decode()
        content = msgspec.json.decode(body) if body else {}
        if path.startswith("/api/v1/"):
            parts = path.removeprefix("/api/v1/").split("/")
            return await self._earnest(method, parts, token, key, content, query)
        return await self._provider(path, content)

    async def _earnest(
        self, method: str, parts: list[str], token: str, key: str, content: Json, query: Json
    ) -> Answer:
        match method, parts:
            case "GET", ["offers"]:
                return 200, {"offers": msgspec.to_builtins(self.offers)}
            case "GET", ["terms", _]:
                return 200, self._terms_shown()
            case "GET", ["catalogues", _]:
                return 200, msgspec.to_builtins(self.catalogue)
            case "POST", ["quotes"]:
                wanted = msgspec.convert(content["configuration"], Configuration)
                quoted = quote(self.catalogue, wanted)
                if isinstance(quoted, Rejected):
                    return 422, {"code": quoted.reason, "title": quoted.reason, "detail": "no"}
                return 200, msgspec.to_builtins(quoted)
            case "POST", ["buyers"]:
                return 201, self._register(key, len(content["buyers"]))
            case "POST", ["reservations"]:
                return await self._once(token, key, lambda: self._reserve(token, key, content))
            case "GET", ["orders"]:
                return 200, self._page(query)
            case "GET", ["orders", order_id]:
                return 200, msgspec.to_builtins(self.orders[order_id])
            case "GET", ["orders", order_id, "statement"]:
                return 200, self._statement(order_id)
            case "POST", ["orders", order_id, name]:
                return await self._once(
                    token, key, lambda: self._command(order_id, name, token, key, content)
                )
            case "GET", ["accounts"]:
                return 200, self._accounts(sum(self.books.values(), Counter()))
            case "GET", ["demo", "clock"]:
                return 200, self._clock()
            case "POST", ["demo", "clock"]:
                if self.clock_refuses:
                    return 404, {"code": "demo_only", "title": "no demo", "detail": "no"}
                self.offset_s += content["advance_seconds"]
                self.fire()
                return 200, self._clock()
        raise AssertionError(f"the fake has no door {method} {parts}")

    async def _once(self, token: str, key: str, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """The three answers of idempotency that matter here: new, the same again, still running."""
        if not self.remembers:
            return await act()
        if (token, key) in self.running:
            return 409, {"code": "key_running", "title": "running", "detail": "wait"}
        if (token, key) not in self.answers:
            self.running.add((token, key))
            self.answers[token, key] = await act()
            self.running.discard((token, key))
        return self.answers[token, key]

    def _terms_shown(self) -> dict[str, Any]:
        return {
            "policy": msgspec.to_builtins(self.terms.policy),
            "clauses": [
                {
                    "clause_id": clause.clause_id,
                    "material": clause.material,
                    "text_hashes": {each: clause.text_hash(each) for each in clause.texts},
                }
                for clause in self.terms.clauses
            ],
        }

    def _register(self, key: str, count: int) -> dict[str, Any]:
        ids = [derive_id("buyer", key, str(number)) for number in range(count)]
        return {"buyers": [{"buyer_id": each, "token": f"buyer.{each}"} for each in ids]}

    async def _reserve(self, token: str, key: str, content: Json) -> Answer:
        await asyncio.sleep(0)
        buyer_id = BuyerId(token.removeprefix("buyer."))
        order_id = derive_order_id(buyer_id, key)
        order, (status, answer) = self.decide(
            order_id, self._built(Reserve, buyer_id, order_id, _actor(token), key, content)
        )
        if order is not None and status == 200:
            answer["payment"] = {
                "payment_number": 1,
                "amount": msgspec.to_builtins(order.deposit),
                "link": f"http://pay.example/pay?{order_id}.1.{order.deposit.amount}",
            }
            return 201, answer
        return status, answer

    async def _command(
        self, order_id: str, name: str, token: str, key: str, content: Json
    ) -> Answer:
        await asyncio.sleep(0)
        self.fire()
        buyer_id = self.orders[order_id].buyer_id
        kind = BY_PATH[name]
        command = self._built(kind, buyer_id, order_id, _actor(token), key, content)
        order, (status, answer) = self.decide(order_id, command)
        assert order is not None, "only orders that exist are commanded here"
        if name == "request-payment" and status == 200:
            payment = order.payments[-1]
            link = f"http://pay.example/pay?{order_id}.{payment.number}.{payment.amount.amount}"
            amount = msgspec.to_builtins(payment.amount)
            answer["payment"] = {"payment_number": payment.number, "amount": amount, "link": link}
        return status, answer

    def _built(
        self,
        kind: type[Command],
        buyer_id: str,
        order_id: str,
        actor: Actor,
        key: str,
        content: Json,
    ) -> Command:
        now = self.now()
        given = _stamped(content, now)
        base = {"buyer_id": buyer_id, "order_id": order_id, "key": key, "received_at": now}
        return msgspec.convert(
            {**given, **base, "actor": msgspec.to_builtins(actor), "kind": kind.__name__}, kind
        )

    def _page(self, query: dict[str, str]) -> dict[str, Any]:
        orders = sorted(self.orders.values(), key=lambda order: order.order_id)
        fitting = [
            {
                "order_id": order.order_id,
                "buyer_id": order.buyer_id,
                "stage": order.stage,
                "rank": order.rank,
            }
            for order in orders
            if query.get("stage", order.stage) == order.stage
            and query["queue_id"] == order.queue_id
            and order.order_id > query.get("cursor", "")
        ]
        page = fitting[: min(PAGE, int(query["limit"]))]
        is_last = len(page) == len(fitting)
        return {"orders": page, "next_cursor": None if is_last else page[-1]["order_id"]}

    def _accounts(self, books: Counter[Account]) -> dict[str, Any]:
        return {
            "accounts": [
                {"account": account, "currency": "CNY", "amount": books.get(account, 0)}
                for account in Account
            ]
        }

    def _statement(self, order_id: str) -> dict[str, Any]:
        balances = [
            {"account": account, "amount": {"amount": amount, "currency": "CNY"}}
            for account, amount in self.books[order_id].items()
        ]
        return {"account_balances": balances}

    def _clock(self) -> dict[str, Any]:
        return {"now": self.now().isoformat(), "offset_seconds": self.offset_s}

    async def _provider(self, path: str, content: Json) -> Answer:
        match path:
            case "/api/pay":
                return self._pay(content["link"].rpartition("?")[2], content["attempt"])
            case "/api/status":
                return 200, {**self._clock(), "webhooks": {"pending": len(self._tasks)}}
            case "/api/clock":
                return 200, self._clock()
        raise AssertionError(f"the fake provider has no door {path}")

    def _pay(self, reference: str, attempt: str) -> Answer:
        is_first = attempt.endswith("-1")
        if is_first and self.declines_every and self.requests["pay"] % self.declines_every == 0:
            return 402, {"code": "card_declined", "title": "declined", "detail": "no"}
        order_id, number, amount = reference.split(".")
        if (order_id, attempt) not in self.payments:
            self.payments[order_id, attempt] = len(self.payments) + 1
            self._announce(order_id, int(number), int(amount), f"pay-{len(self.payments)}")
        name = f"pay-{self.payments[order_id, attempt]}"
        return 200, {"status": self.payment_status, "provider_payment_id": name}

    def _announce(self, order_id: str, number: int, amount: int, name: str) -> None:
        if self.loses_webhooks:
            return
        paid_at = self.now()

        async def webhook() -> None:
            await asyncio.sleep(self.webhook_delay_s)
            order = self.orders[order_id]
            command = RecordPayment(
                buyer_id=order.buyer_id,
                order_id=order.order_id,
                actor=provider_actor("sandbox"),
                key=name,
                received_at=self.now(),
                payment_number=number,
                amount=Money(amount, "CNY"),
                paid_at=paid_at,
                provider="sandbox",
                provider_payment_id=name,
            )
            self.decide(order_id, command)

        task = asyncio.create_task(webhook())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stage_counts(self) -> Counter[Stage]:
        """How many orders stand where."""
        return Counter(order.stage for order in self.orders.values())


def _actor(token: str) -> Actor:
    """Tokens of the fake say who somebody is: `buyer.ID` or `role.name`."""
    role, _, name = token.partition(".")
    return Actor(f"{'buyer' if role == 'buyer' else 'staff'}:{name}", frozenset({Role(role)}))


def _stamped(content: Json, now: datetime) -> Json:
    """Acknowledgements carry when they came, as the real door notes it."""
    for each in (*content.get("acknowledgements", ()), content.get("acknowledgement")):
        if each is not None:
            each["at"] = now.isoformat()
    return content


@asynccontextmanager
async def served(app: Asgi) -> AsyncIterator[str]:
    """Serve an ASGI application on a free loopback port while the block runs; its address."""
    # The protocol is named so that asyncio turns Nagle's delay off, 40 ms an answer otherwise.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn sets a flag and has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listening.close()
