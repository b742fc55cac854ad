"""POST /webhooks/{provider}: what a payment provider tells. The second of the two hot doors.

Nothing a provider signed is ever lost: it becomes a command about an order, or it is kept in the
inbox for a person. Not here: checking signatures (`gateways`) and booking money (`core`).
"""

from __future__ import annotations

import re
from typing import TypeAlias, assert_never

import msgspec
from litestar.types import HTTPScope, Receive

from earnest.core.order.actor import Actor, provider_actor
from earnest.core.order.commands import Command, RecordChargeback, RecordPayment, RecordPayout
from earnest.core.order.parts import PayoutOutcome
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.ports import InboxMessage
from earnest.gateways.payments.contract import (
    ChargebackCreated,
    PaymentFailed,
    PaymentSucceeded,
    PayoutFailed,
    PayoutSucceeded,
    ProviderEvent,
    RefundFailed,
    RefundSucceeded,
)
from earnest.gateways.signatures import WebhookRejected
from earnest.web.codes import Code, DoorCode
from earnest.web.hot import Answered
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.languages import ENGLISH
from earnest.web.problems import PROBLEM_TYPE, TurnedAway, problem
from earnest.web.reading import RawHeaders, content_hash, read_body
from earnest.web.route import NoInput, Operation

_PAYMENT = re.compile(r"(?P<buyer>[0-9A-Z]{16})\.(?P<order>[0-9A-Z]{16})\.(?P<number>\d{1,6})\Z")
_TRANSFER = re.compile(
    r"(?P<buyer>[0-9A-Z]{16})\.(?P<order>[0-9A-Z]{16})"
    r"\.(?P<number>\d{1,6})\.(?P<attempt>\d{1,6})\Z"
)
_SIGNED = (b"webhook-id", b"webhook-timestamp", b"webhook-signature")

Paid: TypeAlias = PaymentSucceeded | ChargebackCreated
Transferred: TypeAlias = RefundSucceeded | RefundFailed | PayoutSucceeded | PayoutFailed


async def receive_webhook(house: House, scope: HTTPScope, receive: Receive) -> Answered:
    """Take what a provider tells: 204 when it was dealt with, 202 when a person must look."""
    received_at = house.clock.now()
    headers = scope["headers"]
    provider = scope["path"].rpartition("/")[2]
    if provider != house.payments.name:
        raise TurnedAway(DoorCode.PROVIDER_UNKNOWN)
    body = await read_body(receive, headers, house.settings.hot_body_limit)
    event = _verified(house, headers, body, received_at)
    if isinstance(event, PaymentFailed):
        # Nothing was captured and the buyer may try again; there is nothing to note.
        return _done()
    command = _command(event, provider_actor(provider), received_at, provider)
    if command is None:
        return await _keep(house, event, body, received_at, _unknown(event))
    result = await house.desk.submit(command, content_hash("POST", scope["path"], body))
    if isinstance(result, KeyReused):
        return await _keep(house, event, body, received_at, DoorCode.KEY_REUSED)
    if result.reason is not None:
        return await _keep(house, event, body, received_at, result.reason)
    return _done()


def _verified(
    house: House, headers: RawHeaders, body: bytes, received_at: Instant
) -> ProviderEvent:
    signed = {
        name.decode("ascii"): value.decode("latin-1") for name, value in headers if name in _SIGNED
    }
    try:
        return house.payments.verify_webhook(signed, body, received_at)
    except WebhookRejected as rejected:
        raise TurnedAway(DoorCode(rejected.code), {"explanation": rejected.explanation}) from None


def _command(
    event: Paid | Transferred, actor: Actor, received_at: Instant, provider: str
) -> Command | None:
    """The command that the event means; None when it names no order of ours."""
    match event:
        case PaymentSucceeded() | ChargebackCreated():
            return _about_payment(event, actor, received_at, provider)
        case RefundSucceeded() | RefundFailed() | PayoutSucceeded() | PayoutFailed():
            return _about_transfer(event, actor, received_at)
        case _:
            assert_never(event)


def _about_payment(
    event: Paid, actor: Actor, received_at: Instant, provider: str
) -> Command | None:
    found = _PAYMENT.match(event.reference)
    if found is None:
        return None
    amount = Money(event.amount_minor, event.currency)
    if isinstance(event, PaymentSucceeded):
        return RecordPayment(
            buyer_id=BuyerId(found["buyer"]),
            order_id=OrderId(found["order"]),
            actor=actor,
            key=event.event_id,
            received_at=received_at,
            payment_number=int(found["number"]),
            amount=amount,
            paid_at=event.paid_at,
            provider=provider,
            provider_payment_id=event.provider_payment_id,
        )
    return RecordChargeback(
        buyer_id=BuyerId(found["buyer"]),
        order_id=OrderId(found["order"]),
        actor=actor,
        key=event.event_id,
        received_at=received_at,
        payment_number=int(found["number"]),
        amount=amount,
        provider_reference=event.provider_chargeback_id,
    )


def _about_transfer(event: Transferred, actor: Actor, received_at: Instant) -> Command | None:
    found = _TRANSFER.match(event.key)
    if found is None:
        return None
    if isinstance(event, RefundSucceeded | RefundFailed):
        reference = event.provider_refund_id
    else:
        reference = event.provider_payout_id
    failure = event if isinstance(event, RefundFailed | PayoutFailed) else None
    return RecordPayout(
        buyer_id=BuyerId(found["buyer"]),
        order_id=OrderId(found["order"]),
        actor=actor,
        key=event.event_id,
        received_at=received_at,
        payout_number=int(found["number"]),
        attempt=int(found["attempt"]),
        outcome=PayoutOutcome.PAID if failure is None else PayoutOutcome.FAILED,
        provider_reference=reference,
        explanation="" if failure is None else f"{failure.code}: {failure.explanation}",
    )


def _unknown(event: Paid | Transferred) -> Code:
    is_payment = isinstance(event, PaymentSucceeded | ChargebackCreated)
    return Reason.PAYMENT_UNKNOWN if is_payment else Reason.PAYOUT_UNKNOWN


def _done() -> Answered:
    return 204, [], b""


async def _keep(
    house: House, event: Paid | Transferred, body: bytes, received_at: Instant, code: Code
) -> Answered:
    """Keep the message for a person and tell the provider to stop sending it."""
    shown = Reason.PAYMENT_UNKNOWN if code is Reason.ORDER_UNKNOWN else code
    await house.inbox.keep_in_inbox(
        InboxMessage(
            provider=house.payments.name,
            event_id=event.event_id,
            kind=str(event.__struct_config__.tag),
            body=body,
            received_at=received_at,
            outcome=shown.value,
        )
    )
    note = msgspec.structs.replace(problem(shown, ENGLISH, {}), status=202)
    return 202, [(b"content-type", PROBLEM_TYPE.encode())], msgspec.json.encode(note)


OPERATION = Operation(
    method="POST",
    path="/webhooks/{provider}",
    operation="receiveWebhook",
    summary="What a payment provider tells (Standard Webhooks).",
    description="The body is the provider's own event, signed in the headers webhook-id, "
    "webhook-timestamp and webhook-signature. 204: dealt with. 202: kept for a person, with a "
    "note that says why. Sending the same event again changes nothing.",
    tag="providers",
    access=Access.PUBLIC,
    takes=NoInput,
    gives=None,
    status=204,
    notes={202: "Kept for a person: it fits no order, or repeats another event's key."},
    codes=(
        DoorCode.PROVIDER_UNKNOWN,
        DoorCode.WEBHOOK_UNSIGNED,
        DoorCode.WEBHOOK_SIGNATURE_WRONG,
        DoorCode.WEBHOOK_STALE,
        DoorCode.WEBHOOK_FUTURE_DATED,
        DoorCode.WEBHOOK_MALFORMED,
    ),
)
"""What is said about this door."""
