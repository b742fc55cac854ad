"""Webhooks arrive at least once, whatever the receiver does in the meantime."""

from pathlib import Path

from earnest.gateways.clock import Clock
from tests.gateways.running import Receiver, SandboxInThread, ScriptedServer, post_json, wait_until


def test_every_answer_but_2xx_brings_the_same_event_again(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}), (301, {"location": receiver.url}), (202, {})]
    sandbox.pay_new("D-1")
    hooks = receiver.wait_for(3)
    assert [body for _headers, body in hooks] == [hooks[0][1]] * 3
    assert len({headers["webhook-id"] for headers, _body in hooks}) == 1
    assert sandbox.wait_until_quiet() == {
        "pending": 0,
        "in_flight": 0,
        "attempts": 3,
        "delivered": 1,
        "resting": 0,
        "held": 0,
        "receiver_answers": True,
    }


def test_each_attempt_is_stamped_by_the_virtual_clock_and_signed_anew(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    receiver.answers = [(503, {"retry-after": "30"})]
    sandbox.pay_new("D-1")
    receiver.wait_for(1)
    sandbox.move_clock(3600)
    first, second = receiver.wait_for(2)
    stamps = [int(headers["webhook-timestamp"]) for headers, _body in (first, second)]
    assert 3600 <= stamps[1] - stamps[0] <= 3630
    assert abs(stamps[0] - Clock().now().timestamp()) < 30
    assert first[0]["webhook-signature"] != second[0]["webhook-signature"]


def test_a_receiver_may_ask_for_more_time(sandbox: SandboxInThread, receiver: Receiver) -> None:
    receiver.answers = [(503, {"retry-after": "50"})]
    sandbox.pay_new("D-1")
    receiver.wait_for(1)
    # The ordinary first wait is half a second; thirty more are not enough here.
    sandbox.move_clock(30)
    sandbox.pay_new("D-2")
    receiver.wait_for(2)
    assert [event["reference"] for event in receiver.events()] == ["D-1", "D-2"]
    sandbox.move_clock(51)
    receiver.wait_for(3)
    assert receiver.events()[2]["reference"] == "D-1"


def test_a_dead_receiver_loses_nothing_and_is_not_stormed(tmp_path: Path) -> None:
    dead = Receiver()
    dead.stop()
    sandbox = SandboxInThread(tmp_path / "journal.jsonl", dead.url)
    for number in range(200):
        sandbox.pay_new(f"D-{number}")
    wait_until(lambda: not sandbox.status()["webhooks"]["receiver_answers"])
    webhooks = sandbox.status()["webhooks"]
    assert webhooks["pending"] == 200
    assert webhooks["attempts"] < 50
    alive = Receiver(dead.port)
    alive.wait_for(200)
    sandbox.wait_until_quiet()
    assert {event["reference"] for event in alive.events()} == {f"D-{n}" for n in range(200)}
    sandbox.close()
    alive.stop()


def test_a_connection_that_the_receiver_closed_meanwhile_is_opened_again(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    receiver.answers = [(204, {"connection": "close"})]
    sandbox.pay_new("D-1")
    receiver.wait_for(1)
    sandbox.pay_new("D-2")
    receiver.wait_for(2)
    assert sandbox.wait_until_quiet()["attempts"] == 2


def test_after_three_days_a_webhook_rests_until_it_is_asked_for(
    sandbox: SandboxInThread, receiver: Receiver
) -> None:
    receiver.answers = [(500, {})] * 12
    sandbox.pay_new("D-1")
    for attempt in range(1, 12):
        receiver.wait_for(attempt)
        wait_until(lambda: sandbox.status()["webhooks"]["in_flight"] == 0)
        sandbox.move_clock(attempt * 86_400)
    wait_until(lambda: sandbox.status()["webhooks"]["resting"] == 1)
    sandbox.move_clock(12 * 86_400)
    assert sandbox.status()["webhooks"]["pending"] == 1
    assert len(receiver.hooks) == 12
    assert post_json(f"{sandbox.url}/api/webhooks/resend", {}).json == {"resent": 1}
    receiver.wait_for(13)
    assert sandbox.wait_until_quiet()["resting"] == 0


def test_a_receiver_that_never_answers_is_given_up_and_asked_again(tmp_path: Path) -> None:
    class Stopwatch(Clock):
        """Measures with a hand that a test can push forward."""

        pushed = 0.0

        def monotonic(self) -> float:
            return super().monotonic() + self.pushed

    stopwatch = Stopwatch()
    silent = ScriptedServer()
    silent.delay_seconds = 600.0
    sandbox = SandboxInThread(tmp_path / "journal.jsonl", silent.url, clock=stopwatch)
    sandbox.pay_new("D-1")
    wait_until(lambda: len(silent.requests) == 1)
    assert sandbox.status()["webhooks"]["in_flight"] == 1
    silent.delay_seconds = 0.0
    stopwatch.pushed = 11.0
    assert sandbox.wait_until_quiet()["attempts"] == 2
    first, second = silent.requests
    assert first[1] == second[1]
    sandbox.close()
    silent.stop()
