"""What the client says when the provider does not answer as agreed: unknown, never a guess."""

import json
from collections.abc import Iterator

import pytest

from earnest.gateways.payments.contract import (
    PayoutRequest,
    Pending,
    ProviderUnreachable,
    RefundRequest,
    Refused,
    TransferResult,
    Unknown,
)
from earnest.gateways.payments.sandbox import SandboxPayments
from tests.gateways.running import (
    MERCHANT_KEY,
    WEBHOOK_SECRET,
    ScriptedServer,
    checkout,
    run,
    wait_until,
)

REFUND = RefundRequest(key="R-1", reference="D-1", amount_minor=100, currency="CNY")
PAYOUT = PayoutRequest(
    key="P-1",
    account_reference="account 7",
    amount_minor=100,
    currency="CNY",
    order_reference="D-1",
)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


async def refund_at(url: str, timeout_seconds: float = 5.0) -> TransferResult:
    async with client_at(url, timeout_seconds) as client:
        return await client.refund(REFUND)


def client_at(url: str, timeout_seconds: float = 5.0) -> SandboxPayments:
    return SandboxPayments(
        base_url=url + "/",
        merchant_key=MERCHANT_KEY,
        webhook_secrets=[WEBHOOK_SECRET],
        timeout_seconds=timeout_seconds,
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (503, b""),
        (429, b"{}"),
        (408, b"{}"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'{"status":"\xff"}'),
        (302, b""),
        (404, b"no problem document"),
    ],
)
def test_an_answer_that_is_none_leaves_the_outcome_unknown(
    server: ScriptedServer, status: int, body: bytes
) -> None:
    server.answers = [(status, body)]
    assert isinstance(run(refund_at(server.url)), Unknown)
    assert len(server.requests) == 1


def test_a_slow_answer_leaves_the_outcome_unknown(server: ScriptedServer) -> None:
    server.delay_seconds = 5.0
    unknown = run(refund_at(server.url, timeout_seconds=0.5))
    assert unknown == Unknown(explanation="the provider did not answer in time")
    # Who hangs up does not wait until the other side has read what was sent.
    wait_until(lambda: len(server.requests) > 0)
    assert len(server.requests) == 1


def test_nobody_there_leaves_the_outcome_unknown(server: ScriptedServer) -> None:
    server.stop()
    assert isinstance(run(refund_at(server.url)), Unknown)


def test_a_refusal_is_passed_on_with_its_code(server: ScriptedServer) -> None:
    server.answers = [(409, b'{"code":"refund_exceeds_payment","detail":"nothing is left"}')]
    assert run(refund_at(server.url)) == Refused(
        code="refund_exceeds_payment", explanation="nothing is left"
    )


def test_a_pending_answer_is_pending(server: ScriptedServer) -> None:
    answer = {
        "provider_id": "ref_1",
        "key": "R-1",
        "status": "pending",
        "amount_minor": 100,
        "currency": "CNY",
        "at": "2024-03-28T14:00:00Z",
    }
    server.answers = [(202, json.dumps(answer).encode())]
    assert run(refund_at(server.url)) == Pending(provider_id="ref_1")


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_failed_look_up_proves_nothing_about_the_transfer(
    server: ScriptedServer, status: int
) -> None:
    async def look_up(url: str) -> object:
        async with client_at(url) as client:
            return await client.find_transfer("R-1")

    server.answers = [(status, b'{"code":"path_unknown"}')]
    assert isinstance(run(look_up(server.url)), Unknown)
    server.stop()
    assert isinstance(run(look_up(server.url)), Unknown)


def test_reads_that_cannot_be_answered_raise(server: ScriptedServer) -> None:
    async def read_everything(url: str) -> int:
        failures = 0
        async with client_at(url) as client:
            for read in (client.holdings, client.movements, lambda: client.find_payment("D-1")):
                try:
                    await read()
                except ProviderUnreachable:
                    failures += 1
        return failures

    server.answers = [(500, b""), (200, b"<html>"), (401, b"{}")]
    assert run(read_everything(server.url)) == 3
    server.stop()
    assert run(read_everything(server.url)) == 3


def test_the_key_itself_never_travels(server: ScriptedServer) -> None:
    async def pay_out(url: str) -> None:
        async with client_at(url) as client:
            await client.pay_out(PAYOUT)

    run(pay_out(server.url))
    [(headers, body)] = server.requests
    assert headers["authorization"].startswith("Bearer ")
    assert MERCHANT_KEY not in headers["authorization"]
    assert MERCHANT_KEY.encode() not in body
    assert body == (
        b'{"key":"P-1","account_reference":"account 7","amount_minor":100,"currency":"CNY",'
        b'"order_reference":"D-1"}'
    )


def test_buyers_may_be_sent_to_another_address_than_the_calls() -> None:
    client = SandboxPayments(
        base_url="http://10.0.0.1:1",
        page_url="https://pay.example/",
        merchant_key=MERCHANT_KEY,
        webhook_secrets=[WEBHOOK_SECRET],
    )
    assert client.name == "sandbox"
    assert client.checkout_link(checkout("D-1")).startswith("https://pay.example/pay?merchant=")
