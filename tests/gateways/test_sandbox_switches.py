"""Each switch of the sandbox, as the merchant experiences it."""

from datetime import datetime, timedelta

import pytest

from earnest.gateways.clock import Clock
from earnest.gateways.payments.contract import (
    NotFound,
    PayoutRequest,
    Pending,
    RefundRequest,
    Refused,
    Succeeded,
    Unknown,
)
from earnest.gateways.payments.sandbox_server.switches import Switch, Switches
from tests.gateways.running import (
    Receiver,
    SandboxInThread,
    call,
    checkout,
    post_json,
    wait_until,
)


def references(receiver: Receiver) -> list[str]:
    return [event["reference"] for event in receiver.events()]


def refund(key: str, amount_minor: int = 100) -> RefundRequest:
    return RefundRequest(key=key, reference="D-1", amount_minor=amount_minor, currency="CNY")


def test_decline_hits_its_references_so_often_and_no_more(sandbox: SandboxInThread) -> None:
    sandbox.switch_on({"name": "decline", "reference": "bad-", "count": 1})
    assert sandbox.pay_new("good-1").status == 200
    declined = sandbox.pay_new("bad-1")
    assert declined.status == 402
    assert declined.json["status"] == "failed"
    assert sandbox.pay_new("bad-2").status == 200


def test_a_share_hits_the_same_part_each_time() -> None:
    def hits() -> list[int]:
        switches = Switches()
        switches.add([Switch(name="decline", share=0.25)])
        return [n for n in range(1_000) if switches.hit("decline", "D", f"D-{n}:1") is not None]

    assert len(hits()) == 238
    assert hits() == hits()


def test_reset_makes_the_sandbox_behave_well_again(sandbox: SandboxInThread) -> None:
    answer = sandbox.switch_on({"name": "decline"}, {"name": "delay", "reference": "D"})
    assert [switch["name"] for switch in answer.json["switches"]] == ["decline", "delay"]
    assert sandbox.switch_on({"name": "decline", "count": 5}).json["switches"][0]["count"] == 5
    assert sandbox.switch_on(reset=True).json == {"switches": []}
    assert sandbox.pay_new("D-1").status == 200


def test_delay_holds_the_webhook_until_its_time_by_the_virtual_clock(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    sandbox.switch_on({"name": "delay", "reference": "slow", "seconds": 3600})
    paid_at = sandbox.pay_new("slow").json["at"]
    sandbox.pay_new("quick")
    receiver.wait_for(1)
    assert references(receiver) == ["quick"]
    assert sandbox.move_clock(3601).status == 200
    receiver.wait_for(2)
    assert references(receiver) == ["quick", "slow"]
    assert receiver.events()[1]["paid_at"] == paid_at


def test_duplicate_sends_the_same_event_several_times(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    sandbox.switch_on({"name": "duplicate", "copies": 2, "count": 1})
    sandbox.pay_new("D-1")
    sandbox.pay_new("D-2")
    hooks = receiver.wait_for(4)
    ids = sorted(headers["webhook-id"].rpartition("_")[2] for headers, _body in hooks)
    assert ids == ["1", "1", "1", "2"]
    assert sandbox.wait_until_quiet()["delivered"] == 2


def test_out_of_order_lets_later_webhooks_overtake(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    sandbox.switch_on({"name": "out_of_order", "reference": "D-1", "copies": 2, "seconds": 9999})
    sandbox.pay_new("D-1")
    sandbox.pay_new("D-2")
    receiver.wait_for(1)
    assert sandbox.status()["webhooks"]["held"] == 1
    sandbox.pay_new("D-3")
    receiver.wait_for(3)
    assert references(receiver) == ["D-2", "D-3", "D-1"]


def test_out_of_order_does_not_hold_for_ever(sandbox: SandboxInThread, receiver: Receiver) -> None:
    sandbox.switch_on({"name": "out_of_order", "seconds": 60})
    sandbox.pay_new("D-1")
    assert receiver.hooks == []
    sandbox.move_clock(61)
    receiver.wait_for(1)
    assert references(receiver) == ["D-1"]


@pytest.mark.parametrize("how", ["close", "error"])
def test_lost_answer_does_the_thing_and_loses_only_the_answer(
    sandbox: SandboxInThread, how: str
) -> None:
    sandbox.pay_new("D-1")
    sandbox.switch_on({"name": "lost_answer", "how": how})
    run, client = sandbox.runner.run, sandbox.client
    assert run(client.find_transfer("R-1")) == NotFound(key="R-1")
    assert isinstance(run(client.refund(refund("R-1"))), Unknown)
    found = run(client.find_transfer("R-1"))
    assert isinstance(found, Succeeded)
    assert run(client.refund(refund("R-1"))) == found
    payout = PayoutRequest(
        key="P-1",
        account_reference="account 7",
        amount_minor=100,
        currency="CNY",
        order_reference="D-1",
    )
    assert isinstance(run(client.pay_out(payout)), Unknown)
    assert isinstance(run(client.find_transfer("P-1")), Succeeded)
    assert [h.held_minor for h in run(client.holdings())] == [500_000 - 200]


def test_lost_answer_of_a_payment_still_announces_it(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    sandbox.switch_on({"name": "lost_answer", "how": "error"})
    assert sandbox.pay_new("D-1").code == "answer_lost"
    receiver.wait_for(1)
    assert sandbox.pay_new("D-1").json["event_id"] == receiver.events()[0]["event_id"]


def test_pay_late_stamps_the_payment_and_reaches_past_the_links_end(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    link = sandbox.client.checkout_link(checkout("D-1"))
    sandbox.move_clock(7200)
    assert sandbox.pay(link).code == "link_expired"
    sandbox.switch_on({"name": "pay_late", "seconds": -5400})
    answer = sandbox.pay(link)
    assert answer.status == 200
    paid_at = datetime.fromisoformat(receiver_event(receiver)["paid_at"])
    in_half_an_hour = Clock().now() + timedelta(minutes=30)
    assert abs(paid_at - in_half_an_hour) < timedelta(minutes=1)


def receiver_event(receiver: Receiver) -> dict[str, str]:
    receiver.wait_for(1)
    event: dict[str, str] = receiver.events()[0]
    return event


def test_refund_failure_now_and_later(sandbox: SandboxInThread) -> None:
    sandbox.pay_new("D-1")
    run, client = sandbox.runner.run, sandbox.client
    sandbox.switch_on({"name": "refund_failure", "how": "now", "count": 1})
    refused = run(client.refund(refund("R-1")))
    assert isinstance(refused, Refused)
    assert refused.code == "refund_failed"
    sandbox.switch_on({"name": "refund_failure", "count": 1})
    assert isinstance(run(client.refund(refund("R-2"))), Pending)
    assert isinstance(run(client.refund(refund("R-3"))), Succeeded)


def test_webhook_secret_wrong_is_mended_by_trying_again(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    sandbox.switch_on({"name": "webhook_secret_wrong", "count": 1})
    receiver.answers = [(401, {})]
    sandbox.pay_new("D-1")
    first, second = receiver.wait_for(2)
    assert first[1] == second[1]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[0]["webhook-signature"] != second[0]["webhook-signature"]
    event = sandbox.client.verify_webhook(second[0], second[1], Clock().now())
    assert event.event_id == second[0]["webhook-id"]


def test_chargebacks_are_a_switch_with_a_sum(sandbox: SandboxInThread, receiver: Receiver) -> None:
    url = f"{sandbox.url}/api/chargebacks"
    assert post_json(url, {"reference": "D-1"}).code == "payment_unknown"
    sandbox.pay_new("D-1")
    answer = post_json(url, {"reference": "D-1", "amount_minor": 300_000})
    assert (answer.status, answer.json["amount_minor"]) == (200, 300_000)
    over = post_json(url, {"reference": "D-1", "amount_minor": 200_001})
    assert (over.status, over.code) == (409, "chargeback_exceeds_payment")
    assert post_json(url, {"reference": "D-1"}).json["amount_minor"] == 200_000
    assert post_json(url, {"reference": "D-1"}).code == "chargeback_exceeds_payment"
    receiver.wait_for(3)
    assert receiver.events()[1]["event_id"] == answer.json["event_id"]


def test_the_clock_moves_only_forward(sandbox: SandboxInThread) -> None:
    moved = sandbox.move_clock(168 * 3600)
    assert moved.json["offset_seconds"] == 604_800
    assert sandbox.move_clock(604_800).status == 200
    back = sandbox.move_clock(604_799)
    assert (back.status, back.code) == (409, "clock_moves_only_forward")
    assert sandbox.status()["offset_seconds"] == 604_800


@pytest.mark.parametrize(
    "switch",
    [
        {},
        {"name": "explode"},
        {"name": "decline", "share": 1.5},
        {"name": "decline", "count": -1},
        {"name": "decline", "how": "close"},
        {"name": "lost_answer", "how": "later"},
        {"name": "delay", "seconds": -1},
        {"name": "duplicate", "copies": 0},
        {"name": "decline", "colour": "red"},
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(
    sandbox: SandboxInThread, switch: dict[str, object]
) -> None:
    answer = sandbox.switch_on(switch)
    assert (answer.status, answer.code) == (422, "body_invalid")
    assert sandbox.status()["switches"] == []


def test_status_counts_what_happened(sandbox: SandboxInThread, receiver: Receiver) -> None:
    sandbox.pay_new("D-1")
    sandbox.pay(sandbox.client.checkout_link(checkout("D-2")), "1", "decline")
    sandbox.runner.run(sandbox.client.refund(refund("R-1")))
    receiver.wait_for(3)
    wait_until(lambda: sandbox.status()["webhooks"]["pending"] == 0)
    status = call("GET", f"{sandbox.url}/api/status").json
    assert status["counts"] == {
        "payments": 1,
        "declined": 1,
        "refunds": 1,
        "payouts": 0,
        "chargebacks": 0,
    }
    assert status["webhooks"] == {
        "pending": 0,
        "in_flight": 0,
        "attempts": 3,
        "delivered": 3,
        "resting": 0,
        "held": 0,
        "receiver_answers": True,
    }
