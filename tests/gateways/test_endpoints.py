"""Kept addresses: which events they are told, with which secret, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from earnest.desk.endpoints import DeliveryResult
from earnest.desk.outgoing import ATTEMPTS, Outcome
from earnest.desk.ports import Channel, OutgoingMessage
from earnest.gateways.endpoints import EARLIER_SIGNS_FOR, Endpoint, Endpoints, is_usable
from earnest.gateways.webhooks import NullWebhooks, WebhookGone, WebhookResult, WebhookRetry
from earnest.store.memory_endpoints import MemoryEndpoints
from earnest.store.memory_staff import MemoryStaff
from tests.gateways.test_post import Office, Scripted

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
KEY = b"a key for tests, of thirty-two bytes"
URL = "https://maker.example/kept"


class Kept:
    """Kept addresses over the twin, with the post that tells them."""

    def __init__(self, webhooks: NullWebhooks) -> None:
        self.now, self.staff = NOW, MemoryStaff()
        self.book = MemoryEndpoints(self.staff)
        self.office = Office(webhooks=webhooks)
        self.endpoints = Endpoints(
            self.book, self.office.occurrences, webhooks, KEY, lambda: self.now
        )
        self.office.tell_kept(self.endpoints)

    async def add(self, *kinds: str, url: str = URL) -> Endpoint:
        made = await self.endpoints.add(url, kinds, f"key-{url}", "staff:ann")
        assert made is not None
        return made

    async def announce(self, attempt: int = 1) -> Outcome:
        """Announce the deposit of the one order."""
        message: OutgoingMessage = self.office.message(Channel.WEBHOOK)
        (outcome,) = await self.office.post.handle([message], attempt)
        return outcome

    async def results(self, endpoint: Endpoint) -> list[tuple[str, DeliveryResult]]:
        found = await self.book.deliveries(endpoint.endpoint_id)
        return [(each.kind, each.result) for each in found]


def tell(webhooks: NullWebhooks, story: Callable[[Kept], Coroutine[Any, Any, None]]) -> None:
    # The office is opened before, because its order lives in a loop of its own.
    asyncio.run(story(Kept(webhooks)))


def test_a_kept_address_is_told_of_its_kinds_and_the_result_is_kept() -> None:
    webhooks = NullWebhooks()

    async def story(kept: Kept) -> None:
        wants = await kept.add("DepositReceived")
        await kept.add("Locked", url="https://maker.example/other")
        assert await kept.announce() is None
        assert [(each.url, each.secret) for each in webhooks.sent] == [(URL, wants.secret)]
        assert await kept.results(wants) == [("DepositReceived", DeliveryResult.DELIVERED)]
        assert await kept.endpoints.add(URL, (), f"key-{URL}", "staff:ann") is None

    tell(webhooks, story)


def test_after_a_rotation_both_secrets_sign_for_a_day() -> None:
    webhooks = NullWebhooks()

    async def story(kept: Kept) -> None:
        first = await kept.add()
        second = await kept.endpoints.rotate(first.endpoint_id, "staff:ann")
        assert second is not None
        await kept.announce()
        kept.now = NOW + EARLIER_SIGNS_FOR
        await kept.announce()
        signed = [(each.secret, each.earlier_secret) for each in webhooks.sent]
        assert signed == [(second.secret, first.secret), (second.secret, None)]
        assert second.secret != first.secret

    tell(webhooks, story)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (WebhookRetry("the receiver answered 503"), DeliveryResult.LATE),
        (WebhookGone(), DeliveryResult.GONE),
    ],
)
def test_whoever_is_late_is_told_again_and_whoever_is_gone_is_switched_off(
    answer: WebhookResult, result: DeliveryResult
) -> None:
    still_told = result is DeliveryResult.LATE

    async def story(kept: Kept) -> None:
        endpoint = await kept.add()
        outcome = await kept.announce()
        assert (outcome is not None) is still_told
        assert await kept.results(endpoint) == [("DepositReceived", result)]
        assert bool(await kept.endpoints.active()) is still_told
        assert (kept.staff.acts[-1].actor_id == "machine") is not still_told

    tell(Scripted({URL: answer}), story)


def test_a_late_delivery_says_what_was_answered_how_often_and_when_it_comes_again() -> None:
    async def story(kept: Kept) -> None:
        endpoint = await kept.add()
        seen = []
        for attempt in (1, 2, ATTEMPTS):
            await kept.announce(attempt)
            (each,) = await kept.book.deliveries(endpoint.endpoint_id)
            seen.append((each.attempts, each.answer_status, each.next_try_at))
            kept.now += timedelta(hours=1)
        hour = timedelta(hours=1)
        # The receiver asked for 90 seconds, which is longer than the first wait alone.
        second = NOW + hour + timedelta(seconds=120)
        assert seen[:2] == [(1, 503, NOW + timedelta(seconds=90)), (2, 503, second)]
        # After the last attempt nothing comes again: what stands there is over.
        assert seen[2] == (3, 503, second)

    tell(Scripted({URL: WebhookRetry("the receiver answered 503", 90, 503)}), story)


def test_a_test_and_a_repetition_go_out_at_once_to_one_address() -> None:
    webhooks = NullWebhooks()

    async def story(kept: Kept) -> None:
        endpoint = await kept.add()
        await kept.add(url="https://maker.example/other")
        await kept.announce()
        webhooks.sent.clear()
        one = endpoint.endpoint_id
        assert await kept.endpoints.test(one, "staff:ann") is not None
        (delivered,) = await kept.book.deliveries(one)
        kept.now += timedelta(minutes=1)
        assert await kept.endpoints.again(one, delivered.webhook_id, "staff:ann") is not None
        assert [each.url for each in webhooks.sent] == [URL, URL]
        assert webhooks.sent[1].webhook_id == delivered.webhook_id
        (repeated,) = await kept.book.deliveries(one)
        assert repeated.delivered_at == kept.now
        assert await kept.endpoints.again(one, "none", "staff:ann") is None
        assert await kept.endpoints.test("none", "staff:ann") is None

    tell(webhooks, story)


def test_an_address_is_over_tls_or_on_this_machine() -> None:
    wanted = {
        "https://maker.example/hook": True,
        "http://127.0.0.1:9000/hook": True,
        "http://maker.example/hook": False,
        "https://": False,
        "https://user:word@maker.example": False,
        "file:///etc/passwd": False,
        "https://[": False,
    }

    assert {url: is_usable(url) for url in wanted} == wanted
