"""When the house cannot answer: full, away, busy with the same key, or broken.

Each is told plainly, with a stable code, no trace of the inside, and the key stays good.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import structlog

from earnest.core.order.commands import Command
from earnest.desk.answer import Answer
from earnest.desk.desk import CommandFailed, Counts, DeskFull, KeyRunning
from earnest.desk.group import KeyReused
from earnest.desk.library import Library
from earnest.desk.ports import StoreUnavailable
from earnest.store.memory import MemoryStore
from earnest.store.memory_reader import MemoryReader
from earnest.web.app import create_app
from earnest.web.problems import retry_headers
from tests.web.asking import Client, Told
from tests.web.browsing import Browser
from tests.web.life import begun
from tests.web.maker import World, reservation, world


class FailingDesk:
    """A desk that always fails in the same way."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure
        self.library = Library(MemoryStore())
        self.waiting = 0
        self.counts = Counts()

    async def submit(self, command: Command, content_hash: str) -> Answer | KeyReused:
        assert command.key
        assert content_hash
        raise self._failure


class FailingReader(MemoryReader):
    """A reader whose database is away, or which is broken."""

    def __init__(self, failure: Exception) -> None:
        super().__init__(MemoryStore())
        self._failure = failure

    async def orders(self, *_: object) -> Any:  # noqa: ANN401 - it never gives anything
        raise self._failure

    async def ping(self) -> None:
        raise self._failure


def with_desk(here: World, failure: Exception) -> Any:  # noqa: ANN401 - an application
    return create_app(msgspec.structs.replace(here.house, desk=FailingDesk(failure)))


def with_reader(here: World, failure: Exception) -> Any:  # noqa: ANN401 - an application
    return create_app(msgspec.structs.replace(here.house, reader=FailingReader(failure)))


WAITS = {str(seconds) for seconds in range(2, 11)}
"""Seconds after which somebody is asked to come again."""

FAILURES = {
    "desk_full": (DeskFull(), 503, True),
    "store_unavailable": (StoreUnavailable(), 503, True),
    "key_running": (KeyRunning(), 409, True),
    "defect": (CommandFailed("Reserve"), 500, False),
}


@pytest.mark.parametrize("code", FAILURES)
def test_a_desk_that_cannot_answer_says_so_at_both_kinds_of_door(code: str) -> None:
    failure, status, is_retried = FAILURES[code]

    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited()
            app = with_desk(here, failure)
            buyer = Client(app, here.buyer_token())

            hot = await buyer.post("/api/v1/reservations", reservation(), "key")
            routed = await buyer.post(f"/api/v1/orders/{order_id}/withdraw", None, "key")

            for told in (hot, routed):
                assert (told.status, told.code) == (status, code)
                assert (told.headers.get("retry-after") in WAITS) is is_retried
                assert told.headers["cache-control"] == "no-store"

    asyncio.run(story())


def test_those_who_are_turned_away_together_are_not_asked_back_together() -> None:
    waits = Counter(retry_headers()[0][1].decode() for _ in range(900))

    assert set(waits) == WAITS
    assert max(waits.values()) < 300


def test_a_webhook_waits_for_a_full_desk() -> None:
    async def story() -> None:
        async with world() as here:
            made = (await here.reserve()).json
            here.payments.pay(made["payment"]["link"])
            webhook = here.payments.webhooks[-1]
            headers = {name.replace("-", "_"): each for name, each in webhook.headers.items()}

            full = await Client(with_desk(here, DeskFull())).post(
                "/api/v1/webhooks/null", webhook.body, **headers
            )
            again = await here.deliver(-1)

            assert (full.status, full.code) == (503, "desk_full")
            assert again.status == 204

    asyncio.run(story())


def test_a_database_that_is_away_makes_the_house_unhealthy() -> None:
    async def story() -> None:
        async with world() as here:
            app = with_reader(here, StoreUnavailable())

            health = await Client(app).get("/api/v1/health")
            listed = await Client(app, here.buyer_token()).get("/api/v1/orders")

            assert (health.status, health.code) == (503, "store_unavailable")
            assert (listed.status, listed.code) == (503, "store_unavailable")
            assert (await here.anybody().get("/api/v1/health")).json["status"] == "ok"

    asyncio.run(story())


SECRET = "Ms Wang, wang@example.com"
"""What an error's message may quote, and no log or answer may show."""


def test_a_defect_shows_nothing_of_the_inside_and_logs_no_person() -> None:
    async def story() -> tuple[Told, Told, list[Any], str]:
        async with world() as here:
            token = here.buyer_token()
            with structlog.testing.capture_logs() as logs:
                routed = await Client(with_reader(here, RuntimeError(SECRET)), token).get(
                    "/api/v1/orders?limit=7"
                )
                hot = await Client(with_desk(here, RuntimeError(SECRET)), token).post(
                    "/api/v1/reservations", reservation(), "key"
                )
            return routed, hot, logs, token

    routed, hot, logs, token = asyncio.run(story())

    for told in (routed, hot):
        assert (told.status, told.code) == (500, "defect")
        assert b"RuntimeError" not in told.body
        assert SECRET.encode() not in told.body
    failed = [each for each in logs if each["event"] == "door_failed"]
    assert [each["error"] for each in failed] == ["RuntimeError", "RuntimeError"]
    assert all(any("test_failures.py" in place for place in each["at"]) for each in failed)
    written = repr(logs)
    assert "wang" not in written
    assert token not in written


def test_a_request_leaves_one_line_that_names_nobody() -> None:
    async def story() -> tuple[list[Any], str]:
        async with world() as here:
            order_id = await here.deposited()
            with structlog.testing.capture_logs() as logs:
                await here.buyer().get(f"/api/v1/orders/{order_id}?language=en")
                await here.buyer().get(f"/api/v1/orders/{order_id}")
                await here.reserve(key="another")
            return logs, order_id

    logs, order_id = asyncio.run(story())

    answered = [each for each in logs if each["event"] == "answered"]
    assert [(each["operation"], each["status"], each["by"]) for each in answered] == [
        ("showOrder", 400, "buyer"),
        ("showOrder", 200, "buyer"),
    ]
    assert order_id not in repr(answered)


def test_a_form_whose_twin_is_still_being_decided_is_told_to_come_again() -> None:
    """A telephone that lost its connection sends a photograph twice, and must not give it up."""

    async def story() -> None:
        async with world() as here:
            order_id = (await begun(here)).order_id
            here.house = msgspec.structs.replace(here.house, desk=FailingDesk(KeyRunning()))
            who = Browser(here)
            lasts = timedelta(hours=1)
            token = here.house.tokens.for_staff("lin", ["sales"], here.clock.now(), lasts)
            who.cookies["earnest_session"] = token
            fields = {"form": "act", "key": "k", "subject": "The paint"}

            told = await who.send(f"/office/orders/{order_id}/do/OpenCase", fields)

            assert told.status == 409
            assert b'data-code="key_running"' in told.body
            assert told.headers["retry-after"] in WAITS

    asyncio.run(story())
