"""Exits at any moment, for both sides, and what bears on a settlement, over the API.

Not here: the settlements themselves, which stand in the tables of `tests/core/tables`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from tests.web import maker
from tests.web.life import begun
from tests.web.maker import TERMS, world

LOSS = {"item": "costs", "amount": {"amount": 80_000, "currency": "CNY"}, "evidence": "invoice 12"}


@pytest.fixture
def in_britain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same maker under the law of the United Kingdom: losses only, and 8 % interest."""
    policy = msgspec.structs.replace(TERMS.policy, jurisdiction="UK")
    terms = msgspec.structs.replace(TERMS, policy=policy)
    monkeypatch.setattr(maker, "TERMS", terms)


@pytest.fixture
def gives_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same maker, whose terms give the deposit back if slot or car are taken in 30 days."""
    policy = msgspec.structs.replace(TERMS.policy, deposit_back_if_taken_days=30)
    monkeypatch.setattr(maker, "TERMS", msgspec.structs.replace(TERMS, policy=policy))


@pytest.mark.usefixtures("gives_back")
def test_what_comes_back_if_the_slot_is_taken_is_said_before_and_after_leaving() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            slot = {"plant": "one", "week": "2024-W35"}
            [no_slot] = _by_wish(await life.shown("/exits"))
            await life.done(here.staff("planning"), "schedule", slot=slot)
            [way] = _by_wish(await life.shown("/exits?language=en"))
            [chinese] = _by_wish(await life.shown("/exits?language=zh-Hans"))
            await life.done(here.buyer(), "cancel-by-buyer")
            after = await life.shown("/statement?language=en")
            work = (await here.staff("finance").get("/api/v1/work")).json["work"]
            here.pass_time(hours=31 * 24)
            later = (await here.staff("finance").get("/api/v1/work")).json["work"]

            assert no_slot["if_taken"] is None
            assert way["if_taken"]["amount"]["amount"] == 500_000
            assert way["if_taken"]["words"].startswith("If another order takes your slot or your")
            assert "5,000.00 of this comes back to you" in way["if_taken"]["words"]
            assert chinese["if_taken"]["words"].startswith("其他订单在")
            assert after["if_taken"]["words"] == way["if_taken"]["words"]
            assert [each["kind"] for each in work] == []
            assert [each["kind"] for each in later] == ["release_forfeiture"]
            assert (await life.shown("/statement"))["if_taken"] is None

    asyncio.run(story())


def _by_wish(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in shown["exits"] if each["ground"] == "buyer_wish"]


def test_exits_of_the_past_and_of_the_future_are_those_of_the_order_then() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            begun_at = here.clock.now()
            await life.until_locked()

            past = await life.shown(f"/exits?at={begun_at.strftime('%Y-%m-%dT%H:%M:%SZ')}")
            future = await life.shown("/exits?at=2027-01-01T00:00:00Z")

            assert (past["stage"], past["exits"][0]["ground"]) == ("deposited", "cooling_off")
            assert past["exits"][0]["is_open"]
            assert (future["stage"], future["exits"][0]["is_open"]) == ("locked", False)
            assert past["sellers_exits"] == future["sellers_exits"] == []

    asyncio.run(story())


def test_staff_see_the_sellers_exits_and_what_is_missing_for_each() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()

            told = await here.staff("sales").get(f"{life.path}/exits?language=en")
            sellers = {each["ground"]: each for each in told.json["sellers_exits"]}

            assert set(sellers) == {
                *("balance_default", "collection_default", "deferral_silence"),
                "force_majeure",
            }
            assert not any(each["is_open"] for each in sellers.values())
            obstacle = sellers["balance_default"]["obstacle"]
            assert obstacle["code"] == "ground_not_proven"
            assert obstacle["details"]["missing"] == "demand, second_person"
            kept = sellers["balance_default"]["settlement"]["lines"][0]
            assert (kept["kind"], kept["direction"]) == ("earnest_forfeited", "kept_by_seller")

    asyncio.run(story())


@pytest.mark.usefixtures("in_britain")
def test_a_documented_loss_is_shown_without_names_and_counts_in_the_preview() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            await life.done(here.staff("sales"), "document-loss", **LOSS)
            before, free = await life.shown(), _leaving(await life.shown("/exits"))
            colleague = here.staff("finance", name="secret-colleague")
            await life.done(colleague, "approve-loss", loss_number=1)
            after, costly = await life.shown(), _leaving(await life.shown("/exits"))
            body = (await here.buyer().get(life.path)).body

            [waiting], [counted] = before["losses"], after["losses"]
            assert waiting["side"] == "seller"
            assert (waiting["counts"], counted["counts"]) == (False, True)
            assert b"secret-colleague" not in body
            assert [free["owed_to_buyer"]["amount"], costly["owed_to_buyer"]["amount"]] == [
                500_000,
                420_000,
            ]

    asyncio.run(story())


def _leaving(shown: dict[str, Any]) -> dict[str, Any]:
    """What leaving by wish would settle."""
    [way] = [each for each in shown["exits"] if each["ground"] == "buyer_wish"]
    settlement: dict[str, Any] = way["settlement"]
    return settlement


@pytest.mark.usefixtures("in_britain")
def test_a_late_refund_shows_what_it_has_grown_by() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.done(here.buyer(), "withdraw")
            in_time = await life.shown("/statement")
            here.pass_time(days=74)
            [late] = (await life.shown("/statement?language=en"))["late_refunds"]

            assert in_time["late_refunds"] == []
            assert (late["payout_number"], late["days_late"]) == (1, 73)
            # 5,000 at 8 % for 73 days.
            assert (late["line"]["amount"]["amount"], late["line"]["rule"]) == (8_000, "UK-01")

    asyncio.run(story())
