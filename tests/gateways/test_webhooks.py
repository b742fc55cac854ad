"""Webhooks to makers' systems: signed so that anybody's library accepts them, one attempt each."""

from collections.abc import Iterator

import pytest
from standardwebhooks import Webhook

from earnest.gateways.clock import Clock
from earnest.gateways.webhooks import (
    HttpWebhooks,
    NullWebhooks,
    OutgoingWebhook,
    WebhookDelivered,
    WebhookGateway,
    WebhookGone,
    WebhookRefused,
    WebhookResult,
    WebhookRetry,
)
from tests.gateways.running import Receiver, ScriptedServer, run

SECRET = "whsec_dGhlIG1ha2VyJ3Mgc2VjcmV0"


def webhook(url: str = "https://maker.example/hooks", secret: str = SECRET) -> OutgoingWebhook:
    return OutgoingWebhook(
        url=url, secret=secret, webhook_id="msg_1", body='{"type":"锁定"}'.encode()
    )


def send(wanted: OutgoingWebhook, timeout_seconds: float = 5.0) -> WebhookResult:
    async def once() -> WebhookResult:
        gateway = HttpWebhooks(clock=Clock(), timeout_seconds=timeout_seconds)
        try:
            return await gateway.send(wanted)
        finally:
            await gateway.close()

    return run(once())


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


def test_a_public_library_accepts_what_is_sent(receiver: Receiver) -> None:
    assert send(webhook(receiver.url)) == WebhookDelivered(204)
    [(headers, body)] = receiver.hooks
    assert Webhook(SECRET).verify(body, headers) == {"type": "锁定"}
    assert headers["webhook-id"] == "msg_1"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "headers", "result"),
    [
        (200, {}, WebhookDelivered(200)),
        (202, {}, WebhookDelivered(202)),
        (410, {}, WebhookGone()),
        (404, {}, WebhookRetry("the receiver answered 404", None, 404)),
        (500, {}, WebhookRetry("the receiver answered 500", None, 500)),
        (503, {"retry-after": "120"}, WebhookRetry("the receiver answered 503", 120, 503)),
        (503, {"retry-after": "999999"}, WebhookRetry("the receiver answered 503", 86_400, 503)),
        (503, {"retry-after": "tomorrow"}, WebhookRetry("the receiver answered 503", None, 503)),
    ],
)
def test_each_answer_has_its_meaning(
    receiver: Receiver, status: int, headers: dict[str, str], result: WebhookResult
) -> None:
    receiver.answers = [(status, headers)]
    assert send(webhook(receiver.url)) == result


def test_a_redirect_is_not_followed(receiver: Receiver, server: ScriptedServer) -> None:
    receiver.answers = [(307, {"location": server.url})]
    assert send(webhook(receiver.url)) == WebhookRetry("the receiver answered 307", None, 307)
    assert server.requests == []


def test_no_answer_is_tried_again(server: ScriptedServer) -> None:
    server.delay_seconds = 5.0
    slow = send(webhook(server.url), timeout_seconds=0.1)
    assert slow == WebhookRetry("the receiver did not answer in time")
    server.stop()
    away = send(webhook(server.url))
    assert isinstance(away, WebhookRetry)
    assert away.explanation.startswith("the receiver could not be reached: ")


@pytest.mark.parametrize("gateway", [NullWebhooks(), HttpWebhooks(clock=Clock())])
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (webhook(url=""), "webhook_url_invalid"),
        (webhook(url="maker.example/hooks"), "webhook_url_invalid"),
        (webhook(url="file:///etc/passwd"), "webhook_url_invalid"),
        (webhook(url="ftp://maker.example/"), "webhook_url_invalid"),
        (webhook(url="http://"), "webhook_url_invalid"),
        (webhook(url="http://[::1"), "webhook_url_invalid"),
        (webhook(url="http://maker.example:0/"), "webhook_url_invalid"),
        (webhook(secret=""), "webhook_secret_invalid"),
        (webhook(secret="not base64!"), "webhook_secret_invalid"),
    ],
)
def test_both_twins_refuse_what_can_never_arrive(
    gateway: WebhookGateway, wanted: OutgoingWebhook, code: str
) -> None:
    refused = run(gateway.send(wanted))
    assert isinstance(refused, WebhookRefused)
    assert refused.code == code


def test_the_null_twin_keeps_what_was_sent() -> None:
    gateway = NullWebhooks()
    assert run(gateway.send(webhook())) == WebhookDelivered(204)
    run(gateway.close())
    assert gateway.sent == [webhook()]
