"""A killed sandbox comes back with everything it ever acknowledged."""

import threading
from http.client import HTTPException
from pathlib import Path

import pytest

from earnest.gateways.payments.contract import RefundRequest, Succeeded
from tests.gateways.running import Receiver, SandboxProcess, checkout


@pytest.mark.parametrize("mode", ["quick", "durable"])
def test_a_kill_in_the_middle_loses_no_acknowledged_payment(
    tmp_path: Path, receiver: Receiver, mode: str
) -> None:
    journal = tmp_path / "journal.jsonl"
    acknowledged: dict[str, str] = {}
    # Half of the webhooks are refused, so that undelivered ones are there when it dies.
    receiver.answers = [(500, {}), (204, {})] * 10_000
    with SandboxProcess(journal, receiver.url, mode=mode) as sandbox:
        payers = [
            threading.Thread(target=_pay_until_it_dies, args=(sandbox, name, acknowledged))
            for name in ("a", "b", "c", "d")
        ]
        for payer in payers:
            payer.start()
        receiver.wait_for(100)
        sandbox.process.kill()
        for payer in payers:
            payer.join()
    receiver.answers = []
    assert len(acknowledged) > 50
    with SandboxProcess(journal, receiver.url, mode=mode) as again:
        again.wait_until_quiet()
        for reference, event_id in acknowledged.items():
            repeated = again.pay_new(reference)
            assert repeated.json["event_id"] == event_id
        counted = again.status()["counts"]["payments"]
        assert counted >= len(acknowledged)
        [held] = again.runner.run(again.client.holdings())
        assert held.captured_minor == counted * 500_000
    delivered = {event["event_id"] for event in receiver.events()}
    assert set(acknowledged.values()) <= delivered
    assert len(delivered) == counted


def _pay_until_it_dies(sandbox: SandboxProcess, name: str, acknowledged: dict[str, str]) -> None:
    """Pay one after another and note what was acknowledged."""
    for number in range(100_000):
        reference = f"{name}-{number}"
        try:
            acknowledged[reference] = sandbox.pay_new(reference).json["event_id"]
        except (OSError, HTTPException):
            return


def test_clock_transfers_and_undelivered_webhooks_survive(
    tmp_path: Path, receiver: Receiver
) -> None:
    journal = tmp_path / "journal.jsonl"
    refund = RefundRequest(key="R-1", reference="D-1", amount_minor=100, currency="CNY")
    with SandboxProcess(journal, receiver.url) as sandbox:
        sandbox.pay_new("D-1")
        sandbox.wait_until_quiet()
        sandbox.switch_on({"name": "delay", "seconds": 9999})
        sandbox.move_clock(1800)
        refunded = sandbox.runner.run(sandbox.client.refund(refund))
        assert isinstance(refunded, Succeeded)
        sandbox.pay(sandbox.client.checkout_link(checkout("D-2")), "1", "decline")
        assert len(receiver.hooks) == 1
    with SandboxProcess(journal, receiver.url) as again:
        again.wait_until_quiet()
        assert again.runner.run(again.client.find_transfer("R-1")) == refunded
        assert again.status()["offset_seconds"] == 1800
        assert again.status()["switches"] == []
        assert again.status()["counts"] == {
            "payments": 1,
            "declined": 1,
            "refunds": 1,
            "payouts": 0,
            "chargebacks": 0,
        }
    types = [event["type"] for event in receiver.events()][-2:]
    assert types == ["refund.succeeded", "payment.failed"]


def test_a_quiet_stop_and_start_sends_nothing_twice(tmp_path: Path, receiver: Receiver) -> None:
    journal = tmp_path / "journal.jsonl"
    with SandboxProcess(journal, receiver.url) as sandbox:
        sandbox.pay_new("D-1")
        sandbox.wait_until_quiet()
        sandbox.process.terminate()
        sandbox.process.wait(20)
    with SandboxProcess(journal, receiver.url) as again:
        assert again.status()["webhooks"]["pending"] == 0
        assert again.pay_new("D-2").json["event_id"].endswith("_2")
        receiver.wait_for(2)
    assert [event["reference"] for event in receiver.events()] == ["D-1", "D-2"]
