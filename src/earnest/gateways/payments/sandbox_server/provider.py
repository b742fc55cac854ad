"""The running provider: operations, journal and webhooks tied together for its doors.

A deed is done once its record is written; only then is it answered and announced. There are no
rules here and no HTTP.
"""

from earnest.gateways.payments.contract import PaymentRecord
from earnest.gateways.payments.sandbox_server.dispatcher import Dispatcher
from earnest.gateways.payments.sandbox_server.http import Reply
from earnest.gateways.payments.sandbox_server.journal import Journal
from earnest.gateways.payments.sandbox_server.operations import Operations
from earnest.gateways.payments.sandbox_server.records import (
    TRANSFER_FAILED,
    Announced,
    ChargedBack,
    Declined,
    Paid,
    Transferred,
    event_id,
    provider_id,
)
from earnest.gateways.payments.wire import ChargebackAnswer, PaymentAnswer, TransferAnswer


class Provider:
    """What the doors share."""

    def __init__(self, operations: Operations, dispatcher: Dispatcher, journal: Journal) -> None:
        self.operations = operations
        self.books = operations.books
        self.dispatcher = dispatcher
        self.journal = journal

    async def commit(self, record: Announced, *, was: int) -> None:
        """Wait for the disk where that was asked for, then queue the webhook of a new record.

        ``was`` is the last number before the deed: a repeated key returns an old record, whose
        webhook is already on its way.
        """
        await self.journal.settle()
        if record.number > was:
            self.dispatcher.announce(record)

    def maybe_lost(self, reply: Reply, record: Announced, *, was: int) -> Reply:
        """Let the answer to a new deed go missing if a switch says so; a repeat gets through."""
        if record.number > was:
            lost = self.operations.switches.hit("lost_answer", record.reference, str(record.number))
            if lost is not None:
                reply.lose = "error" if lost.how == "error" else "close"
        return reply

    def payment_answer(self, record: Paid | Declined) -> PaymentAnswer:
        """Return an attempt to pay as its payer sees it."""
        return PaymentAnswer(
            provider_payment_id=provider_id(self.books.instance, record),
            event_id=event_id(self.books.instance, record.number),
            reference=record.reference,
            status="succeeded" if isinstance(record, Paid) else "failed",
            amount_minor=record.amount_minor,
            currency=record.currency,
            at=record.at,
        )

    def payment_record(self, record: Paid | Declined) -> PaymentRecord:
        """Return an attempt to pay as the merchant finds it."""
        return PaymentRecord(
            reference=record.reference,
            provider_payment_id=provider_id(self.books.instance, record),
            status="succeeded" if isinstance(record, Paid) else "failed",
            amount_minor=record.amount_minor,
            currency=record.currency,
            at=record.at,
        )

    def transfer_answer(self, record: Transferred, *, is_pending: bool = False) -> TransferAnswer:
        """Return a refund or payout as the merchant sees it."""
        code, explanation = TRANSFER_FAILED[record.kind] if record.failed else ("", "")
        ended = TransferAnswer(
            provider_id=provider_id(self.books.instance, record),
            key=record.key,
            status="failed" if record.failed else "succeeded",
            amount_minor=record.amount_minor,
            currency=record.currency,
            at=record.at,
            code=code,
            explanation=explanation,
        )
        if not is_pending:
            return ended
        return TransferAnswer(
            provider_id=ended.provider_id,
            key=ended.key,
            status="pending",
            amount_minor=ended.amount_minor,
            currency=ended.currency,
            at=ended.at,
        )

    def chargeback_answer(self, record: ChargedBack) -> ChargebackAnswer:
        """Return a chargeback as whoever caused it sees it."""
        return ChargebackAnswer(
            provider_chargeback_id=provider_id(self.books.instance, record),
            event_id=event_id(self.books.instance, record.number),
            reference=record.reference,
            amount_minor=record.amount_minor,
            currency=record.currency,
            at=record.at,
        )
