"""Requests computed before anything is measured: tokens, keys, bodies, signed webhooks.

An order's id follows from its key, so the webhook that pays it can be signed before it exists.
Not here: sending them (`generator.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import msgspec

from benchmarks.shop import CONFIGURATION, OFFERS, PRICE, TERMS
from earnest.core.terms.version import ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE
from earnest.core.values.ids import BuyerId, OrderId, derive_id, derive_order_id
from earnest.gateways.clock import Clock
from earnest.gateways.payments.contract import PaymentSucceeded
from earnest.gateways.signatures import secret_bytes, sign
from earnest.keyring import tokens_of
from earnest.settings import Settings

KEY = "launch"
"""Every buyer of a load reserves once, so all may use one key."""

GAP = "\x02"
"""Stands in a form where a field of a line is filled in."""
_TOKENS_LAST = timedelta(days=1)

Line: TypeAlias = tuple[str, ...]
"""The number of a request's form, from one, and what fills its gaps."""


class Load(msgspec.Struct, frozen=True):
    """Requests as the generator takes them: forms with gaps, and a line for each request."""

    forms: Path
    lines: Path
    count: int


class Sender:
    """Signs and writes requests for one installation, whose keys it knows."""

    def __init__(self, settings: Settings, place: Path) -> None:
        """Write the files of loads into the directory `place`."""
        self._place = place
        self._tokens = tokens_of(settings)
        self._webhook_key = secret_bytes(settings.keys.provider_webhook_secret)
        self._host = settings.public_url.removeprefix("http://")
        self._now = Clock().now()

    def reservations(self, name: str, count: int, queue_id: str = "s7-cn", **shown: str) -> Load:
        """So many buyers who reserve once each; the name tells them from those of other loads.

        `shown` is what they show besides: the group or friend by which they come.
        """
        lines = (self._reservation(buyer(name, number)) for number in range(count))
        return self._written(name, [self._reservation_form(queue_id, **shown)], lines)

    def paid_orders(self, name: str, count: int, lag: int, queue_id: str = "s7-cn") -> Load:
        """The same, and the provider's signed word that each has paid.

        It comes `lag` reservations later, which must be more than can be under way at once.
        """
        self._now = Clock().now()
        forms = [self._reservation_form(queue_id), self._webhook_form()]
        return self._written(name, forms, self._in_turn(name, count, lag))

    def looks(self, name: str, places: list[tuple[BuyerId, OrderId]], path: str) -> Load:
        """Reads of orders by their buyers; the path has `{order_id}` where the id stands."""
        before, after = path.split("{order_id}")
        form = self._form("GET", f"{before}{GAP}{after}", f"authorization: Bearer {GAP}")
        lines = (("1", order_id, self._token(buyer_id)) for buyer_id, order_id in places)
        return self._written(name, [form], lines)

    def posts(self, name: str, path: str, body: object, count: int) -> Load:
        """The same question by nobody in particular, so many times."""
        encoded = msgspec.json.encode(body)
        form = self._form(
            "POST",
            path,
            "content-type: application/json",
            f"content-length: {len(encoded)}",
            body=encoded.decode(),
        )
        return self._written(name, [form], (("1",) for _ in range(count)))

    def _in_turn(self, name: str, count: int, lag: int) -> Iterator[Line]:
        buyers = [buyer(name, number) for number in range(count)]
        for number in range(count + lag):
            if number < count:
                yield self._reservation(buyers[number])
            if number >= lag:
                yield self._webhook(buyers[number - lag])

    def _reservation(self, buyer_id: BuyerId) -> Line:
        return ("1", self._token(buyer_id))

    def _webhook(self, buyer_id: BuyerId) -> Line:
        order_id = derive_order_id(buyer_id, KEY)
        event = PaymentSucceeded(
            event_id=f"event-{order_id}",
            reference=f"{buyer_id}.{order_id}.1",
            provider_payment_id=f"pay-{order_id}",
            amount_minor=TERMS.policy.deposit.amount,
            currency=TERMS.policy.deposit.currency,
            paid_at=self._now,
        )
        body = msgspec.json.encode(event)
        stamp = int(self._now.timestamp())
        signature = sign(self._webhook_key, event.event_id, stamp, body)
        return ("2", event.event_id, f"{stamp}", signature, f"{len(body)}", body.decode())

    def _reservation_form(self, queue_id: str, **shown: str) -> str:
        known = [(each, TERMS.clause(each)) for each in (ACCEPTANCE_CLAUSE, FORFEITURE_CLAUSE)]
        body = msgspec.json.encode(
            {
                "queue_id": queue_id,
                "terms_hash": OFFERS[0].terms_hash,
                "catalogue_hash": OFFERS[0].catalogue_hash,
                "language": "en",
                "acknowledgements": [
                    {"clause_id": each, "text_hash": clause.text_hash("en"), "language": "en"}
                    for each, clause in known
                    if clause is not None
                ],
                "configuration": CONFIGURATION,
                "price": PRICE,
                **shown,
            }
        ).decode()
        return self._form(
            "POST",
            "/api/v1/reservations",
            f"authorization: Bearer {GAP}",
            f"idempotency-key: {KEY}",
            "content-type: application/json",
            f"content-length: {len(body.encode())}",
            body=body,
        )

    def _webhook_form(self) -> str:
        return self._form(
            "POST",
            "/api/v1/webhooks/sandbox",
            f"webhook-id: {GAP}",
            f"webhook-timestamp: {GAP}",
            f"webhook-signature: {GAP}",
            "content-type: application/json",
            f"content-length: {GAP}",
            body=GAP,
        )

    def _form(self, method: str, path: str, *headers: str, body: str = "") -> str:
        head = "\r\n".join([f"{method} {path} HTTP/1.1", f"host: {self._host}", *headers])
        return f"{head}\r\n\r\n{body}"

    def _token(self, buyer_id: BuyerId) -> str:
        return self._tokens.for_buyer(buyer_id, self._now, _TOKENS_LAST)

    def _written(self, name: str, forms: list[str], lines: Iterator[Line]) -> Load:
        load = Load(self._place / f"{name}.forms", self._place / f"{name}.lines", 0)
        load.forms.write_bytes("\x01".join(forms).encode())
        count = 0
        with load.lines.open("wb") as file:
            for line in lines:
                file.write("\t".join(line).encode() + b"\n")
                count += 1
        return msgspec.structs.replace(load, count=count)


def buyer(name: str, number: int) -> BuyerId:
    """The buyer of this number in the load of this name."""
    return BuyerId(derive_id("bench", name, f"{number}"))
