"""The sandbox's books: who paid what under which reference, folded from records in memory.

They only remember and add up. What may be done is decided in ``operations``; nothing here reads a
clock, a file or a socket.
"""

from collections.abc import Iterator

from msgspec import Struct

from earnest.gateways.payments.contract import Holding, Movement, MovementPage
from earnest.gateways.payments.sandbox_server.records import (
    Announced,
    ChargedBack,
    ClockMoved,
    Declined,
    Delivered,
    Opened,
    PageOpened,
    Paid,
    Record,
    Transferred,
)


class Account(Struct, gc=False):
    """One reference: its attempts to pay, oldest first, and its sums in minor units.

    The collector does not track accounts (a launch makes 289,000 of them); they form no cycles.
    """

    reference: str
    currency: str
    attempts: tuple[Paid | Declined, ...] = ()
    captured_minor: int = 0
    refunded_minor: int = 0
    paid_out_minor: int = 0
    charged_back_minor: int = 0

    @property
    def refundable_minor(self) -> int:
        """What is left of the captured money after refunds and chargebacks."""
        return self.captured_minor - self.refunded_minor - self.charged_back_minor

    @property
    def is_untouched(self) -> bool:
        """Whether no money ever moved here (only declined attempts, or nothing)."""
        return not (self.captured_minor or self.paid_out_minor)


class Books:
    """The fold of all records."""

    def __init__(self) -> None:
        self.instance = ""
        self.offset_seconds = 0.0
        self.last_number = 0
        self.transfers: dict[str, Transferred] = {}
        self.pages: dict[str, PageOpened] = {}
        self.undelivered: dict[int, Announced] = {}
        self.counts = {"payments": 0, "declined": 0, "refunds": 0, "payouts": 0, "chargebacks": 0}
        self._accounts: dict[str, Account] = {}
        self._moved: list[str] = []

    def apply(self, record: Record) -> None:
        """Take one record in; records are facts, so nothing is checked here any more."""
        if isinstance(record, Opened):
            self.instance = record.instance
        elif isinstance(record, ClockMoved):
            self.offset_seconds = record.offset_seconds
        elif isinstance(record, PageOpened):
            self.pages[record.key] = record
        elif isinstance(record, Delivered):
            for number in record.numbers:
                self.undelivered.pop(number, None)
        else:
            self.last_number = record.number
            self.undelivered[record.number] = record
            self._book(record)

    def account(self, reference: str) -> Account | None:
        """Return the reference's account if anything ever happened under it."""
        return self._accounts.get(reference)

    def holdings(self) -> list[Holding]:
        """Add up all accounts by currency, in alphabetical order.

        Added up when asked rather than kept beside the accounts: reconciliation is rare, and two
        sums that may differ are worse than one that takes a tenth of a second.
        """
        sums: dict[str, list[int]] = {}
        for account in self._accounts.values():
            if account.is_untouched:
                continue
            sum_of = sums.setdefault(account.currency, [0, 0, 0, 0])
            sum_of[0] += account.captured_minor
            sum_of[1] += account.refunded_minor
            sum_of[2] += account.paid_out_minor
            sum_of[3] += account.charged_back_minor
        return [
            Holding(
                currency=currency,
                captured_minor=captured,
                refunded_minor=refunded,
                paid_out_minor=paid_out,
                charged_back_minor=charged_back,
                held_minor=captured - refunded - paid_out - charged_back,
            )
            for currency, (captured, refunded, paid_out, charged_back) in sorted(sums.items())
        ]

    def movements(self, start: int, limit: int) -> MovementPage:
        """Return the page of references that begins at position ``start``."""
        end = min(start + limit, len(self._moved))
        return MovementPage(
            items=tuple(self._movements(start, end)),
            next_cursor=str(end) if end < len(self._moved) else None,
        )

    def _movements(self, start: int, end: int) -> Iterator[Movement]:
        """Yield the sums of the references from one position up to another."""
        for reference in self._moved[start:end]:
            account = self._accounts[reference]
            yield Movement(
                reference=reference,
                currency=account.currency,
                captured_minor=account.captured_minor,
                refunded_minor=account.refunded_minor,
                paid_out_minor=account.paid_out_minor,
                charged_back_minor=account.charged_back_minor,
            )

    def _book(self, record: Announced) -> None:
        """Add the record's sum to its account."""
        account = self._accounts.get(record.reference)
        if account is None:
            account = Account(record.reference, record.currency)
            self._accounts[record.reference] = account
        untouched_before = account.is_untouched
        if isinstance(record, Paid):
            account.attempts += (record,)
            account.captured_minor += record.amount_minor
            self.counts["payments"] += 1
        elif isinstance(record, Declined):
            account.attempts += (record,)
            self.counts["declined"] += 1
        elif isinstance(record, ChargedBack):
            account.charged_back_minor += record.amount_minor
            self.counts["chargebacks"] += 1
        else:
            self._book_transfer(account, record)
        if untouched_before and not account.is_untouched:
            self._moved.append(record.reference)

    def _book_transfer(self, account: Account, record: Transferred) -> None:
        """Remember the transfer under its key; only a transfer that succeeded moves money."""
        self.transfers[record.key] = record
        self.counts["refunds" if record.kind == "refund" else "payouts"] += 1
        if record.failed:
            return
        if record.kind == "refund":
            account.refunded_minor += record.amount_minor
        else:
            account.paid_out_minor += record.amount_minor
