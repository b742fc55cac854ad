"""Pages that the sandbox opens when it is asked: call limits, and calls that get lost.

Not here: what every provider does (`test_contract.py`).
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest

from earnest.gateways.clock import Clock
from earnest.gateways.payments.contract import CheckoutOrder, NotFound, Refused, Unknown
from earnest.gateways.payments.opened import Busy, CheckoutOpened
from earnest.gateways.payments.sandbox import SandboxPayments
from tests.gateways.running import (
    MERCHANT_KEY,
    WEBHOOK_SECRET,
    SandboxInThread,
    ScriptedServer,
    checkout,
)
from tests.gateways.running import run as run_to_end

ENDS = Clock().now() + timedelta(hours=1)


def page(number: int = 1) -> CheckoutOrder:
    """A page for one of many orders."""
    return CheckoutOrder(key=f"k{number}", request=checkout(f"b.o{number}.1", expires_at=ENDS))


def test_calls_above_the_limit_are_refused_without_effect(sandbox: SandboxInThread) -> None:
    sandbox.switch_on({"name": "call_limit", "copies": 3})
    run, client = sandbox.runner.run, sandbox.client

    answers = [run(client.open_checkout(page(number))) for number in range(8)]

    kinds = Counter(type(each) for each in answers)
    assert kinds[CheckoutOpened] >= 3
    assert kinds[Busy] >= 1
    assert kinds[CheckoutOpened] + kinds[Busy] == 8
    sandbox.switch_on({"name": "call_limit", "copies": 100})
    refused = next(number for number, each in enumerate(answers) if isinstance(each, Busy))
    assert run(client.find_checkout(f"k{refused}")) == NotFound(key=f"k{refused}")


def test_the_limit_lets_calls_pass_again_after_a_second(sandbox: SandboxInThread) -> None:
    sandbox.switch_on({"name": "call_limit", "copies": 1})
    run, client = sandbox.runner.run, sandbox.client
    assert isinstance(run(client.open_checkout(page())), CheckoutOpened)
    deadline = time.monotonic() + 20

    while isinstance(found := run(client.find_checkout("k1")), Busy):
        assert time.monotonic() < deadline
        time.sleep(0.05)

    assert isinstance(found, CheckoutOpened)


def test_a_lost_request_had_no_effect(sandbox: SandboxInThread) -> None:
    sandbox.switch_on({"name": "lost_request", "count": 1})
    run, client = sandbox.runner.run, sandbox.client

    assert isinstance(run(client.open_checkout(page())), Unknown)
    assert run(client.find_checkout("k1")) == NotFound(key="k1")
    assert isinstance(run(client.open_checkout(page())), CheckoutOpened)


@pytest.mark.parametrize("how", ["close", "error"])
def test_a_lost_answer_had_its_effect(sandbox: SandboxInThread, how: str) -> None:
    sandbox.switch_on({"name": "lost_answer", "how": how})
    run, client = sandbox.runner.run, sandbox.client

    assert isinstance(run(client.open_checkout(page())), Unknown)
    found = run(client.find_checkout("k1"))
    assert isinstance(found, CheckoutOpened)
    assert run(client.open_checkout(page())) == found


def test_only_the_merchant_opens_and_finds_pages(sandbox: SandboxInThread) -> None:
    stranger = SandboxPayments(
        base_url=sandbox.url, merchant_key="another", webhook_secrets=[WEBHOOK_SECRET]
    )

    async def ask() -> tuple[object, object]:
        async with stranger:
            return await stranger.open_checkout(page()), await stranger.find_checkout("k1")

    opened, found = sandbox.runner.run(ask())
    assert isinstance(opened, Refused)
    assert opened.code == "merchant_token_wrong"
    assert isinstance(found, Unknown)


def test_an_answer_that_is_not_as_agreed_says_nothing() -> None:
    server = ScriptedServer()
    server.answers = [(200, b"{}"), (200, b"nonsense"), (400, b"nonsense")]

    async def ask() -> list[object]:
        async with SandboxPayments(
            base_url=server.url,
            merchant_key=MERCHANT_KEY,
            webhook_secrets=[WEBHOOK_SECRET],
            opens_checkouts=True,
        ) as client:
            assert client.opens_checkouts
            return [await client.open_checkout(page()) for _ in range(3)]

    try:
        answers = run_to_end(ask())
    finally:
        server.stop()
    assert all(isinstance(each, Unknown) for each in answers)
