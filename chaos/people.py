"""The people of a trial: they reserve and pay over HTTP, and remember what they were told.

What somebody was told is what may never be lost. Payments come as the provider's own signed
webhooks, so that nothing but Earnest and its database is under load. Not here: judging.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from time import perf_counter

import msgspec

from chaos.world import TOKENS_LAST, World
from earnest.core.values.ids import BuyerId, derive_id
from earnest.core.values.instant import Instant
from earnest.gateways.clock import Clock
from earnest.gateways.payments.contract import PaymentSucceeded
from earnest.gateways.signatures import secret_bytes, sign
from earnest.simulator.client import Client
from earnest.simulator.door import API, Door, key_and_body
from earnest.simulator.shop import Shop, visit
from earnest.simulator.wire import Reply

QUEUE = "s7-cn"
CREATED, NO_CONTENT = 201, 204
_PAUSE_S = 0.02


class Made(msgspec.Struct, frozen=True):
    """The part of a reservation's answer that people remember."""

    order_id: str
    rank: int


class Told(msgspec.Struct, kw_only=True):
    """What one buyer was told: the place and when, and whether the payment was taken."""

    buyer_id: str
    order_id: str
    rank: int
    sent: float
    answered: float
    is_paid: bool = False


class Heard(msgspec.Struct, frozen=True):
    """What people had been told at one moment."""

    told: list[Told]
    unexpected: list[str]


class Unexpected(Exception):
    """A server gave an answer that no server may give here."""


_made = msgspec.json.Decoder(Made)


class People:
    """Everybody of one trial. `told` is what was acknowledged; `asked` how many began to ask.

    `unexpected` are answers that no server may give here, for example that there is no such order.
    """

    def __init__(self, world: World, shop: Shop, name: str, seed: int) -> None:
        """People of this name; the same name and seed are the same people with the same keys."""
        self.told: list[Told] = []
        self.asked = 0
        self._paid = 0
        self.unexpected: list[str] = []
        self._world = world
        self._name = f"{name}-{seed}"
        self._issued_at = Clock().now()
        self._secret = secret_bytes(world.keys.provider_webhook_secret)
        self.shop = shop
        self._deposit = shop.policy.deposit
        self._awake = asyncio.Event()
        self._awake.set()
        self._bodies = [shop.reservation(0, language) for language in ("en", "zh-Hans")]
        self.clients = [
            Client(server.url, chance=Random(f"{seed}/{server.port}"), answer_within_s=60.0)
            for server in world.servers
        ]

    @classmethod
    async def of(cls, world: World, name: str, seed: int) -> People:
        """People who have read what is on sale."""
        client = Client(world.servers[0].url, chance=Random(seed))
        try:
            shop = await visit(Door(client), queue_id=QUEUE, launch="su7", chance=Random(seed))
        finally:
            await client.close()
        return cls(world, shop, name, seed)

    @property
    def deposit_minor(self) -> int:
        """What a deposit is, in minor units."""
        return self._deposit.amount

    async def close(self) -> None:
        """Let go of every connection."""
        for client in self.clients:
            await client.close()

    def buyer_id(self, number: int) -> BuyerId:
        """Who the buyer with this number is."""
        return BuyerId(derive_id("chaos", self._name, str(number)))

    def reservation(self, number: int, *, altered: bool = False, token: str = "") -> bytes:
        """The request by which a buyer reserves, or the same key with another content."""
        body = self._bodies[altered]
        return self.post(number, "/reservations", body, key=f"place-{number}", token=token)

    def post(self, number: int, path: str, body: bytes, *, key: str, token: str = "") -> bytes:
        """A request of this buyer under a key; whoever has the login at hand gives it along."""
        head = self.clients[0].head("POST", API + path, token=token or self.token(number))
        return head + key_and_body(key.encode(), body)

    def token(self, number: int) -> str:
        """The login of this buyer."""
        return self._world.tokens.for_buyer(self.buyer_id(number), self._issued_at, TOKENS_LAST)

    def payment(
        self, told: Told, at: Instant | None = None, *, sent_at: Instant | None = None
    ) -> bytes:
        """The provider's message that this buyer paid the deposit at an instant, else just now.

        It is signed as sent when it was paid, unless `sent_at` says otherwise.
        """
        paid_at = at or Clock().now()
        event = PaymentSucceeded(
            event_id=f"evt_{told.order_id}",
            reference=f"{told.buyer_id}.{told.order_id}.1",
            provider_payment_id=f"pay_{told.order_id}",
            amount_minor=self._deposit.amount,
            currency=self._deposit.currency,
            paid_at=paid_at,
        )
        body = msgspec.json.encode(event)
        stamp = int((sent_at or paid_at).timestamp())
        head = self.clients[0].head("POST", f"{API}/webhooks/sandbox")
        signed = (
            f"webhook-id: {event.event_id}\r\nwebhook-timestamp: {stamp}\r\n"
            f"webhook-signature: {sign(self._secret, event.event_id, stamp, body)}\r\n"
        )
        return head + signed.encode() + key_and_body(b"", body)

    async def reserve(self, number: int, client: Client) -> Told:
        """Reserve, asking with the same key until there is an answer; then remember it."""
        self.asked += 1
        sent = perf_counter()
        reply = await client.ask(self.reservation(number))
        answered = perf_counter()
        made = read_made(reply)
        told = Told(
            buyer_id=self.buyer_id(number),
            order_id=made.order_id,
            rank=made.rank,
            sent=sent,
            answered=answered,
        )
        self.told.append(told)
        return told

    async def pay(self, told: Told, client: Client) -> None:
        """Let the provider tell of the deposit until somebody takes it."""
        reply = await client.ask(self.payment(told))
        if reply.status != NO_CONTENT:
            raise Unexpected(f"a payment was answered {reply.status}: {reply.body!r}")
        told.is_paid = True
        self._paid += 1

    async def crowd(
        self,
        at_once: int,
        wanted: Callable[[int], bool],
        *,
        pays: bool = True,
        clients: Sequence[Client] = (),
    ) -> None:
        """So many people at a time reserve and pay, for as long as more are wanted."""
        doors = clients or self.clients
        async with asyncio.TaskGroup() as tasks:
            for place in range(at_once):
                tasks.create_task(self._stream(doors[place % len(doors)], wanted, pays=pays))

    async def _stream(self, client: Client, wanted: Callable[[int], bool], *, pays: bool) -> None:
        while wanted(number := self.asked):
            if not self._awake.is_set():
                await self._awake.wait()
                continue
            try:
                told = await self.reserve(number, client)
                if pays:
                    await self.pay(told, client)
            except Unexpected as unexpected:
                self.unexpected.append(str(unexpected))

    def snapshot(self) -> Heard:
        """What everybody was told up to now; what is told later does not change it."""
        return Heard([msgspec.structs.replace(each) for each in self.told], [*self.unexpected])

    @property
    def acknowledged(self) -> int:
        """How many answers people hold: places, and payments that were taken."""
        return len(self.told) + self._paid

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Let everybody finish what they are at and then wait, for as long as the context lasts."""
        self._awake.clear()
        try:
            yield
        finally:
            self._awake.set()

    async def until_told(self, count: int) -> None:
        """Wait until so many people hold an answer."""
        while len(self.told) < count:  # noqa: ASYNC110 - a crowd comes and goes without an event
            await asyncio.sleep(_PAUSE_S)

    @property
    def troubles(self) -> int:
        """How often somebody had to ask again because a connection was lost or a server busy."""
        return sum(client.troubles.total() for client in self.clients)


def read_made(reply: Reply) -> Made:
    """The reservation that was made. Raises `Unexpected` for any other answer."""
    if reply.status != CREATED:
        raise Unexpected(f"a reservation was answered {reply.status}: {reply.body!r}")
    return _made.decode(reply.body)
