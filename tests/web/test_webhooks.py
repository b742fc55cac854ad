"""Webhooks: what a provider signed becomes a fact or waits for a person; it is never lost.

Not here: what payment and payout mean for an order (`tests/core`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earnest.gateways.payments.contract import PaymentSucceeded, ProviderEvent, RefundRequest
from earnest.gateways.payments.null import SignedWebhook
from earnest.gateways.signatures import secret_bytes, sign
from earnest.web.paying import reference_of
from tests.web.asking import Told
from tests.web.life import begun
from tests.web.maker import World, buyer_id, world

DOOR = "/api/v1/webhooks/null"


def paid(here: World, reference: str, **changed: Any) -> PaymentSucceeded:  # noqa: ANN401 - any field
    """A payment as the provider would tell it."""
    event = PaymentSucceeded(
        event_id="evt_1",
        reference=reference,
        provider_payment_id="pay_1",
        amount_minor=500_000,
        currency="CNY",
        paid_at=here.clock.now(),
    )
    return msgspec.structs.replace(event, **changed)


SECRET = secret_bytes("whsec_bnVsbCB3ZWJob29rIHNlY3JldA==")
"""The secret of the null provider, so that a test can sign what the twin would never say."""


async def tell(
    here: World, event: ProviderEvent, *, late: timedelta = timedelta(0), secret: bytes = SECRET
) -> Told:
    """Deliver an event that the provider signed some time ago."""
    body = msgspec.json.encode(event)
    return await tell_body(here, event.event_id, body, late=late, secret=secret)


async def tell_body(
    here: World,
    event_id: str,
    body: bytes,
    *,
    late: timedelta = timedelta(0),
    secret: bytes = SECRET,
) -> Told:
    """Deliver any signed bytes."""
    stamp = int((here.clock.now() - late).timestamp())
    return await here.anybody().post(
        DOOR,
        body,
        webhook_id=event_id,
        webhook_timestamp=str(stamp),
        webhook_signature=sign(secret, event_id, stamp, body),
    )


async def reserved(here: World) -> tuple[str, str]:
    """The id of a reservation and the reference of its deposit."""
    order_id = (await here.reserve()).json["order_id"]
    return order_id, reference_of(buyer_id("one"), order_id, 1)


async def stage_of(here: World, order_id: str) -> str:
    return str((await here.buyer().get(f"/api/v1/orders/{order_id}")).json["stage"])


def test_a_payment_makes_a_deposit_once_however_often_it_is_told() -> None:
    async def story() -> None:
        async with world() as here:
            order_id, reference = await reserved(here)
            event = paid(here, reference)

            told = [await tell(here, event) for _ in range(3)]

            assert [(each.status, each.body) for each in told] == [(204, b"")] * 3
            assert "content-length" not in told[0].headers
            order = (await here.buyer().get(f"/api/v1/orders/{order_id}")).json
            assert (order["stage"], order["deposit_paid"]["amount"]) == ("deposited", 500_000)
            assert order["payouts"] == []
            assert here.memory.inbox == {}

    asyncio.run(story())


def test_a_second_payment_of_a_paid_sum_is_kept_and_owed_back() -> None:
    async def story() -> None:
        async with world() as here:
            order_id, reference = await reserved(here)
            await tell(here, paid(here, reference))
            again = paid(here, reference, event_id="evt_2", provider_payment_id="pay_2")

            assert (await tell(here, again)).status == 204

            order = (await here.buyer().get(f"/api/v1/orders/{order_id}")).json
            assert order["deposit_paid"]["amount"] == 500_000
            assert [(each["kind"], each["amount"]["amount"]) for each in order["payouts"]] == [
                ("refund", 500_000)
            ]

    asyncio.run(story())


def test_a_failed_attempt_to_pay_changes_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            made = (await here.reserve()).json
            before = here.snapshot()
            here.payments.pay(made["payment"]["link"], decision="decline")

            assert (await here.deliver(-1)).status == 204
            assert here.snapshot() == before

    asyncio.run(story())


def test_a_chargeback_is_booked_and_opens_a_case() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            here.payments.charge_back(reference_of(buyer_id("one"), life.order_id, 1))  # type: ignore[arg-type]  # an order's id

            assert (await here.deliver(-1)).status == 204

            order = await life.shown()
            assert [case["subject"] for case in order["cases"]] == ["chargeback"]

    asyncio.run(story())


def test_a_refund_that_the_provider_confirms_is_paid() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.done(here.buyer(), "withdraw")
            reference = f"{buyer_id('one')}.{life.order_id}.1"
            await here.payments.refund(
                RefundRequest(
                    key=f"{reference}.1", reference=reference, amount_minor=500_000, currency="CNY"
                )
            )

            assert (await here.deliver(-1)).status == 204

            (payout,) = (await life.shown("/statement"))["payouts"]
            assert payout["state"] == "paid"

    asyncio.run(story())


KEPT: dict[str, tuple[dict[str, Any], str]] = {
    "another house's reference": ({"reference": "invoice 7"}, "payment_unknown"),
    "an order that never was": (
        {"reference": "0123456789ABCDEF.0123456789ABCDEF.1"},
        "payment_unknown",
    ),
    "a payment that was never asked for": ({"number": 7}, "payment_unknown"),
    "another currency": ({"currency": "EUR"}, "currency_differs"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_fits_nothing_is_kept_for_a_person(name: str) -> None:
    changed, code = KEPT[name]

    async def story() -> None:
        async with world() as here:
            order_id, reference = await reserved(here)
            fields = dict(changed)
            number = fields.pop("number", 1)
            fields.setdefault("reference", f"{reference[:-1]}{number}")
            before = here.snapshot()
            event = paid(here, fields.pop("reference"), **fields)

            told = [await tell(here, event) for _ in range(2)]

            assert [(each.status, each.code) for each in told] == [(202, code)] * 2
            assert here.snapshot() == before
            (kept,) = here.memory.inbox.values()
            assert (kept.provider, kept.event_id, kept.kind) == (
                "null",
                "evt_1",
                "payment.succeeded",
            )
            assert (kept.outcome, kept.body) == (code, msgspec.json.encode(event))
            assert await stage_of(here, order_id) == "reserved"

    asyncio.run(story())


def test_an_event_told_twice_with_different_content_is_kept_for_a_person() -> None:
    async def story() -> None:
        async with world() as here:
            order_id, reference = await reserved(here)
            await tell(here, paid(here, reference))
            before = here.snapshot()

            told = await tell(here, paid(here, reference, amount_minor=1))

            assert (told.status, told.code) == (202, "key_reused")
            assert here.snapshot() == before
            assert await stage_of(here, order_id) == "deposited"

    asyncio.run(story())


def test_a_payout_of_nobody_is_kept_for_a_person() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await here.payments.refund(
                RefundRequest(
                    key="by hand",
                    reference=f"{buyer_id('one')}.{life.order_id}.1",
                    amount_minor=1,
                    currency="CNY",
                )
            )

            told = await here.deliver(-1)

            assert (told.status, told.code) == (202, "payout_unknown")
            assert [each.kind for each in here.memory.inbox.values()] == ["refund.succeeded"]

    asyncio.run(story())


def test_messages_that_must_not_be_believed() -> None:
    async def story() -> None:
        async with world() as here:
            _, reference = await reserved(here)
            event = paid(here, reference)
            before = here.snapshot()
            body = msgspec.json.encode(event)

            told = {
                "webhook_unsigned": await here.anybody().post(DOOR, body),
                "webhook_signature_wrong": await tell(here, event, secret=b"somebody else's"),
                "webhook_stale": await tell(here, event, late=timedelta(minutes=6)),
                "webhook_future_dated": await tell(here, event, late=timedelta(minutes=-6)),
                "webhook_malformed": await tell_body(here, "evt_1", b'{"type":"payment.succee'),
            }

            assert [each.code for each in told.values()] == list(told)
            assert [each.status for each in told.values()] == [401, 401, 400, 400, 400]
            broken = await tell_body(here, "evt_1", body.replace(b"pay_1", b"pay_\xff"))
            assert broken.code == "webhook_malformed"
            assert here.snapshot() == before
            assert here.memory.inbox == {}

    asyncio.run(story())


def test_a_provider_nobody_works_with_has_no_door() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().post("/api/v1/webhooks/other", b"{}")

            assert (told.status, told.code) == (404, "provider_unknown")

    asyncio.run(story())


def test_a_payment_too_late_is_paid_back_and_one_in_time_reinstates() -> None:
    async def story() -> None:
        async with world() as here:
            made = [(await here.reserve(name)).json for name in ("one", "two")]
            paid_at = here.clock.now() + timedelta(minutes=29)
            here.pass_time(minutes=31)
            await here.time_acts()
            references = [
                reference_of(buyer_id(name), each["order_id"], 1)
                for name, each in zip(("one", "two"), made, strict=True)
            ]

            in_time = paid(here, references[0], paid_at=paid_at)
            too_late = paid(here, references[1], event_id="evt_2", provider_payment_id="pay_2")
            told = [await tell(here, in_time), await tell(here, too_late)]

            assert [each.status for each in told] == [204, 204]
            stages = [
                (await here.buyer(name).get(f"/api/v1/orders/{each['order_id']}")).json
                for name, each in zip(("one", "two"), made, strict=True)
            ]
            assert [each["stage"] for each in stages] == ["deposited", "lapsed"]
            assert [len(each["payouts"]) for each in stages] == [0, 1]

    asyncio.run(story())


def _is_signed(webhook: SignedWebhook) -> bool:
    return "webhook-signature" in webhook.headers


def test_the_twin_signs_with_the_secret_that_these_tests_use() -> None:
    async def story() -> None:
        async with world() as here:
            await here.deposited()
            webhook = here.payments.webhooks[-1]
            assert _is_signed(webhook)
            stamp = int(webhook.headers["webhook-timestamp"])
            assert webhook.headers["webhook-signature"] == sign(
                SECRET, webhook.event.event_id, stamp, webhook.body
            )

    asyncio.run(story())
