"""Reading signed bodies: what is signed may still be no event."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from earnest.gateways.payments.contract import PaymentSucceeded
from earnest.gateways.payments.events import EventReader
from earnest.gateways.signatures import WebhookRejected, secret_bytes, sign

SECRET = "whsec_YW55IHNlY3JldA=="
NOW = datetime(2024, 3, 28, 14, 0, tzinfo=UTC)
PAYMENT = {
    "type": "payment.succeeded",
    "event_id": "evt_1",
    "reference": "D-1",
    "provider_payment_id": "pay_1",
    "amount_minor": 500_000,
    "currency": "CNY",
    "paid_at": "2024-03-28T13:59:58.000001Z",
}


def read(body: bytes, webhook_id: str = "evt_1") -> object:
    stamp = int(NOW.timestamp())
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(secret_bytes(SECRET), webhook_id, stamp, body),
    }
    return EventReader([SECRET]).read(headers, body, NOW)


def test_a_signed_event_is_read() -> None:
    assert read(json.dumps(PAYMENT).encode()) == PaymentSucceeded(
        event_id="evt_1",
        reference="D-1",
        provider_payment_id="pay_1",
        amount_minor=500_000,
        currency="CNY",
        paid_at=datetime(2024, 3, 28, 13, 59, 58, 1, tzinfo=UTC),
    )


def test_fields_that_a_provider_adds_later_are_ignored() -> None:
    assert read(json.dumps(PAYMENT | {"risk": "low"}).encode()) == read(
        msgspec.json.encode(PAYMENT)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"type": "payment.dreamt"},
        {"type": None},
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": 1.5},
        {"amount_minor": "500000"},
        {"amount_minor": 10**15 + 1},
        {"currency": "cny"},
        {"reference": ""},
        {"reference": "x" * 201},
        {"paid_at": "2024-03-28T13:59:58"},
        {"paid_at": None},
        {"event_id": "evt_2"},
    ],
)
def test_a_signed_body_that_is_no_event_is_malformed(change: dict[str, object]) -> None:
    with pytest.raises(WebhookRejected) as rejected:
        read(json.dumps(PAYMENT | change).encode())
    assert rejected.value.code == "webhook_malformed"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"type":"\xff"}', b"null"])
def test_a_signed_body_that_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(WebhookRejected) as rejected:
        read(body)
    assert rejected.value.code == "webhook_malformed"
