"""The demo's past: a clock that stands where it is set, and the sandbox's till before it opens.

What is paid here is written into the sandbox's own journal, so that the provider knows of it for
ever. Not here: the sandbox as a process (`provider.py`), and who pays when (`lives.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.gateways.clock import Clock, VirtualClock
from earnest.gateways.payments.contract import CheckoutRequest
from earnest.gateways.payments.links import merchant_key_bytes, signed_query
from earnest.gateways.payments.sandbox_server.books import Books
from earnest.gateways.payments.sandbox_server.journal import Journal
from earnest.gateways.payments.sandbox_server.operations import Attempt, Operations
from earnest.gateways.payments.sandbox_server.records import (
    Delivered,
    Paid,
    event_id,
    provider_id,
)

_NEVER_EXPIRES = datetime(2100, 1, 1, tzinfo=UTC)


class StandingClock(Clock):
    """A clock that shows the instant at which it was set."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant at which it was set last."""
        return self.at


class PastTill:
    """Takes the payments of the past for the sandbox, which does not run yet."""

    def __init__(self, journal: Journal, clock: Clock, merchant: str, merchant_key: str) -> None:
        """Fold what the journal knows already. Raises `JournalUnusable`."""
        self._books = Books()
        for record in journal.replay():
            self._books.apply(record)
        self._journal = journal
        self._merchant, self._key = merchant, merchant_key
        self._operations = Operations(
            merchant=merchant,
            merchant_key=merchant_key,
            clock=VirtualClock(source=clock),
            books=self._books,
            write=journal.append,
        )

    def pay(self, reference: str, amount: Money) -> tuple[Paid, str, str]:
        """Pay under a reference, once; the payment, the id of its event and the provider's own."""
        request = CheckoutRequest(
            reference=reference,
            amount_minor=amount.amount,
            currency=amount.currency,
            description=reference,
            return_url="/orders",
            expires_at=_NEVER_EXPIRES,
        )
        query = signed_query(merchant_key_bytes(self._key), self._merchant, request)
        paid = self._operations.pay(query, Attempt("demo"))
        assert isinstance(paid, Paid), f"nothing stands against this payment: {paid}"
        instance = self._books.instance
        return paid, event_id(instance, paid.number), provider_id(instance, paid)

    def told(self, paid: Paid) -> None:
        """Note that the desk knows of a payment, so that the sandbox need not tell it."""
        if paid.number in self._books.undelivered:
            record = Delivered([paid.number])
            self._journal.append(record)
            self._books.apply(record)


@contextmanager
def past_till(journal: Path, clock: Clock, merchant: str, merchant_key: str) -> Iterator[PastTill]:
    """The till over the sandbox's journal, taken for this process. Raises `JournalUnusable`."""
    opened = Journal(journal)
    try:
        yield PastTill(opened, clock, merchant, merchant_key)
    finally:
        opened.close()
