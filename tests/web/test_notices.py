"""The inbox of a buyer over the API: newest first, opened once, and what opening proves.

Not here: which events are told (`tests/desk/test_messages.py`).
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from tests.web.life import Life, begun
from tests.web.maker import World, acknowledged, world


async def demanded(here: World) -> Life:
    """An order whose buyer is asked what comes after a deferral."""
    life = await begun(here)
    shown = acknowledged("deferral")
    await life.done(here.buyer(), "acknowledge-clause", acknowledgement=shown)
    await life.until_locked()
    await life.done(here.buyer(), "defer", until="2024-12-01T00:00:00Z")
    here.pass_time(days=200)
    await here.time_acts()
    await life.done(
        here.staff("sales"), "demand-performance", ground="deferral_silence", cure_days=14
    )
    return life


async def inbox(here: World, query: str = "", name: str = "one") -> Any:  # noqa: ANN401 - a document
    """A page of a buyer's inbox."""
    told = await here.buyer(name).get(f"/api/v1/notices{query}")
    assert told.status == 200, told.body
    return told.json


def test_an_inbox_is_read_page_by_page_and_is_the_buyers_alone() -> None:
    async def story() -> None:
        async with world() as here:
            await demanded(here)
            whole = (await inbox(here))["notices"]
            pages, cursor = [], ""
            while True:
                page = await inbox(here, f"?limit=2{cursor}")
                pages.extend(page["notices"])
                if page["next_cursor"] is None:
                    break
                cursor = f"&cursor={page['next_cursor']}"

            assert pages == whole
            assert [each["kind"] for each in whole][:2] == ["PerformanceDemanded", "DeferralEnded"]
            assert [each["kind"] for each in whole][-2:] == ["DepositReceived", "Reserved"]
            assert {each["opened_at"] for each in whole} == {None}
            assert (await inbox(here, name="two"))["notices"] == []

    asyncio.run(story())


def test_opening_a_demand_proves_that_it_arrived_and_starts_its_time() -> None:
    async def story() -> None:
        async with world() as here:
            life = await demanded(here)
            (demand,) = (await life.shown())["demands"]
            assert demand["cure_until"] is None
            newest = (await inbox(here))["notices"][0]
            address = f"/api/v1/notices/{life.order_id}/{newest['sequence']}/open"
            here.pass_time(days=3)

            opened = await here.buyer().post(address, {}, accept_language="en")

            assert opened.status == 200, opened.body
            first = here.clock.now().isoformat().replace("+00:00", "Z")
            assert opened.json["notice"]["opened_at"] == first
            assert "gives you 14 days" in opened.json["words"]
            (demand,) = (await life.shown())["demands"]
            assert demand["notice_means"] == "in_app"
            assert demand["notice_delivered_at"] == first
            assert demand["notice_proof"] == (
                f"notice {newest['sequence']} opened in the inbox by {await _who(life)}"
            )
            here.pass_time(days=1)
            again = await here.buyer().post(address)
            assert again.json["notice"]["opened_at"] == first
            assert (await life.shown())["demands"] == [demand]

            traced = (await life.shown("/notices"))["notices"]
            assert [each["marks"] for each in traced if each["notice"]["opened_at"]] == [
                [
                    {
                        "place": {"order_id": life.order_id, "sequence": newest["sequence"]},
                        "channel": "in_app",
                        "kind": "opened",
                        "at": first,
                        "proof": f"login {await _who(life)}",
                    }
                ]
            ]

    asyncio.run(story())


def test_opening_the_demand_for_the_balance_starts_its_days() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            await life.until_tendered()
            await life.until_inspected()
            await life.done(here.staff("finance"), "demand-balance")
            here.pass_time(days=30)
            newest = (await inbox(here))["notices"][0]
            assert newest["kind"] == "BalanceDemanded"
            demand = (await life.shown())["balance_demand"]
            assert (demand["due_at"], demand["due_days"]) == (None, 7)

            address = f"/api/v1/notices/{life.order_id}/{newest['sequence']}/open"
            opened = await here.buyer().post(address, {}, accept_language="en")

            assert "days, which have not begun" in opened.json["words"]
            demand = (await life.shown())["balance_demand"]
            assert demand["notice_means"] == "in_app"
            assert demand["notice_delivered_at"] == here.clock.now().isoformat().replace(
                "+00:00", "Z"
            )
            assert demand["due_at"] > demand["notice_delivered_at"]
            told = (await inbox(here))["notices"][0]
            assert (told["kind"], told["is_legal"]) == ("NoticeDelivered", True)

    asyncio.run(story())


async def _who(life: Life) -> str:
    return f"buyer:{(await life.shown())['buyer_id']}"


def test_staff_open_nothing_and_a_foreign_notice_does_not_exist() -> None:
    async def story() -> None:
        async with world() as here:
            life = await demanded(here)
            sequence = (await inbox(here))["notices"][0]["sequence"]
            address = f"/api/v1/notices/{life.order_id}/{sequence}/open"

            staff = await here.staff("sales").post(address)
            assert (staff.status, staff.code) == (403, "not_permitted")
            stranger = await here.buyer("two").post(address)
            assert (stranger.status, stranger.code) == (404, "notice_unknown")
            for place in (f"{life.order_id}/9999", f"{life.order_id}/x", "nobody/1"):
                unknown = await here.buyer().post(f"/api/v1/notices/{place}/open")
                assert (unknown.status, unknown.code) == (404, "notice_unknown")
            (demand,) = (await life.shown())["demands"]
            assert demand["cure_until"] is None

    asyncio.run(story())


def test_a_buyer_says_how_to_be_told() -> None:
    async def story() -> None:
        async with world() as here:
            await begun(here)
            buyer, address = here.buyer(), "/api/v1/notices/preferences"
            usual = {"language": None, "mail": True, "sms": True}
            assert (await buyer.get(address)).json == usual
            wanted = {"language": "en", "mail": False, "sms": True}

            told = await buyer.ask("PUT", address, wanted, headers={})

            assert (told.status, told.json) == (200, wanted)
            assert (await buyer.get(address)).json == wanted
            assert (await here.buyer("two").get(address)).json == usual
            (newest, *_) = (await inbox(here))["notices"]
            assert newest["subject"] == "Your deposit has arrived"
            (newest, *_) = (await inbox(here, "?language=zh-Hans"))["notices"]
            assert newest["subject"] == "已收到您的订购款"

    asyncio.run(story())


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(
            b'{"recorded_at":"2024-07-01T00:00:00","place":{"order_id":"a","sequence":1}}'
        ).decode(),
        base64.urlsafe_b64encode(
            b'{"recorded_at":"2024-07-01T00:00:00Z","place":{"order_id":"a","sequence":99999999}}'
        ).decode(),
    ],
)
def test_a_cursor_that_was_not_given_out_is_turned_away(cursor: str) -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.buyer().get(f"/api/v1/notices?cursor={cursor.rstrip('=')}")
            assert (told.status, told.code) == (400, "cursor_malformed")

    asyncio.run(story())
