"""Paying out: one attempt at a time under a key that follows from the payout.

Not here: how much is owed (`core/settlement`), when a message is tried again (`store/outbox.py`)
and what a failed attempt means for the order (`core/order/payout.py`).

A process can die at any point. Before anything is sent the provider is asked what became of the
key, and the key is the same each time, so that a repeated message ends in exactly one transfer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from earnest.core.order.actor import provider_actor
from earnest.core.order.commands import RecordPayout
from earnest.core.order.parts import Payout, PayoutKind, PayoutOutcome, PayoutState
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.desk.answer import Answer
from earnest.desk.desk import DeskFull, KeyRunning
from earnest.desk.outgoing import NotSent, Occurrences, Submitting
from earnest.desk.ports import OrderKey, OutgoingMessage
from earnest.gateways.payments.contract import (
    NotFound,
    PaymentProvider,
    PayoutRequest,
    Pending,
    RefundRequest,
    Refused,
    Succeeded,
    TransferResult,
    Unknown,
)
from earnest.gateways.payments.pace import Pace, SharedPace, Turns

log = structlog.get_logger(__name__)

CALLS_PER_SECOND = 100.0
"""Calls to one provider unless it agreed to another figure; a payout needs one or two."""

_FINISHED = frozenset({PayoutState.PAID, PayoutState.AWAITING_RELEASE, PayoutState.AWAITING_RETURN})
_KEY_REUSED = "key_reused"


def reference_of(order: Order, payment_number: int) -> str:
    """The name under which a provider knows a payment of an order."""
    return f"{order.buyer_id}.{order.order_id}.{payment_number}"


def transfer_key(order: Order, payout: Payout) -> str:
    """The provider's key of the present attempt; it follows from order, payout and attempt."""
    return f"{order.buyer_id}.{order.order_id}.{payout.number}.{payout.attempt}"


class PayoutDispatcher:
    """Carries out payouts and tells the desk what the provider said."""

    def __init__(  # noqa: PLR0913 - keyword-only parts, named where they are put together
        self,
        *,
        desk: Submitting,
        occurrences: Occurrences,
        providers: Sequence[PaymentProvider],
        now: Callable[[], Instant],
        monotonic: Callable[[], float],
        calls_per_second: Mapping[str, float] | None = None,
        turns: Turns | None = None,
        holder: str = "",
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Pay out through the provider that took the payment; the first one where none did.

        `calls_per_second` is the agreed rate by provider name. Where there are `turns`, all
        processes that have them keep it together, and `holder` names this one.
        """
        assert providers, "paying out needs a provider"
        rates = calls_per_second or {}
        self._desk = desk
        self._occurrences = occurrences
        self._providers = {each.name: each for each in providers}
        self._default = providers[0]
        self._now = now
        self._paces: dict[str, Pace | SharedPace] = {}
        for name in self._providers:
            rate = rates.get(name, CALLS_PER_SECOND)
            self._paces[name] = (
                Pace(rate, monotonic=monotonic, sleep=sleep)
                if turns is None
                else SharedPace(
                    rate,
                    turns=turns,
                    name=f"payouts:{name}",
                    holder=holder,
                    monotonic=monotonic,
                    sleep=sleep,
                )
            )

    async def handle(self, message: OutgoingMessage) -> None:
        """Bring one payout a step further. Raises `NotSent` while its outcome is unknown."""
        key = OrderKey(message.buyer_id, message.order_id)
        number = int(message.subject.partition("/")[0])
        order = await self._occurrences.order_of_buyer(key)
        payout = None if order is None else order.payout(number)
        if order is None or payout is None:
            log.error("payout_unknown", order_id=message.order_id, payout_number=number)
            return
        if payout.state in _FINISHED:
            return
        provider = self._provider_of(order, payout)
        result = await self._carry_out(provider, order, payout)
        await self._record(provider, order, payout, result)

    def _provider_of(self, order: Order, payout: Payout) -> PaymentProvider:
        """Money goes back the way it came."""
        payment = order.payment(payout.payment_number)
        name = payout.provider or (None if payment is None else payment.provider)
        return self._default if name is None else self._providers.get(name, self._default)

    async def _carry_out(
        self, provider: PaymentProvider, order: Order, payout: Payout
    ) -> TransferResult:
        """Ask what became of the attempt, and send it only if the provider never saw it.

        Asking first costs a call and covers every case alike: a first try, a message delivered
        twice, a process killed between the call and the command, an answer that was lost.
        Raises `NotSent` when the provider cannot even be asked: then nothing was sent.
        """
        pace = self._paces[provider.name]
        key = transfer_key(order, payout)
        await pace.turn()
        found = await provider.find_transfer(key)
        if isinstance(found, Unknown):
            raise NotSent(f"{provider.name} cannot say what became of {key}: {found.explanation}")
        if not isinstance(found, NotFound):
            return found
        await pace.turn()
        reference = reference_of(order, payout.payment_number)
        if payout.kind is PayoutKind.REFUND:
            return await provider.refund(
                RefundRequest(
                    key=key,
                    reference=reference,
                    amount_minor=payout.amount.amount,
                    currency=payout.amount.currency,
                )
            )
        return await provider.pay_out(
            PayoutRequest(
                key=key,
                account_reference=order.buyer_id,
                amount_minor=payout.amount.amount,
                currency=payout.amount.currency,
                order_reference=reference,
            )
        )

    async def _record(
        self, provider: PaymentProvider, order: Order, payout: Payout, result: TransferResult
    ) -> None:
        """Tell the desk. What stays unknown after it was noted once is asked again later."""
        outcome, reference, explanation = _outcome(payout, result)
        if outcome is PayoutOutcome.UNKNOWN and payout.state is PayoutState.UNKNOWN:
            raise NotSent(f"payout {transfer_key(order, payout)} is still open: {explanation}")
        # The key names the order, because keys are one space for all orders of a buyer.
        command_key = f"payout:{order.order_id}:{payout.number}:{payout.attempt}:{outcome}"
        command = RecordPayout(
            buyer_id=order.buyer_id,
            order_id=order.order_id,
            actor=provider_actor(provider.name),
            key=command_key,
            received_at=self._now(),
            payout_number=payout.number,
            attempt=payout.attempt,
            outcome=outcome,
            provider_reference=reference,
            explanation=explanation,
        )
        # The digest is the key: two answers about one outcome may differ in their explanation.
        try:
            answer = await self._desk.submit(command, command_key)
        except (DeskFull, KeyRunning) as busy:
            raise NotSent(f"the desk could not note {command_key} now") from busy
        if not isinstance(answer, Answer) or not answer.is_accepted:
            log.error("payout_not_recorded", key=command_key, answer=repr(answer))


def _outcome(payout: Payout, result: TransferResult) -> tuple[PayoutOutcome, str, str]:
    """What a result means for the payout: outcome, the provider's reference, an explanation."""
    match result:
        case Succeeded(provider_id=reference, amount_minor=amount, currency=currency):
            if (amount, currency) != (payout.amount.amount, payout.amount.currency):
                return (
                    PayoutOutcome.UNKNOWN,
                    "",
                    f"the provider paid {amount} {currency} under this key; a person must look",
                )
            return PayoutOutcome.PAID, reference, ""
        case Pending(provider_id=reference):
            return PayoutOutcome.UNKNOWN, reference, "the provider accepted it and will confirm it"
        case Refused(code=code, explanation=explanation) if code == _KEY_REUSED:
            # A fresh attempt would have a fresh key and could pay a second time.
            return PayoutOutcome.UNKNOWN, "", f"{code}: {explanation}; a person must look"
        case Refused(code=code, explanation=explanation):
            return PayoutOutcome.FAILED, "", f"{code}: {explanation}"
        case Unknown(explanation=explanation):
            return PayoutOutcome.UNKNOWN, "", explanation
