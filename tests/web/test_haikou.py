"""The trigger case (S01, Haikou) over the API, from the paid deposit to the owed double return.

The seller asks for the balance before anybody saw a car, then declares the order ended and keeps
the earnest money. Neither is possible. Paying out is tested with the worker.
"""

import asyncio
from typing import Any

from tests.web.life import Life, begun
from tests.web.maker import World, world


async def deferred(here: World) -> Life:
    """Locked in July; in October the buyer defers: built only on request, for 360 days."""
    life = await begun(here)
    await life.until_locked()
    here.pass_time(days=88)
    until = (here.clock.now()).replace(year=2025, month=10, day=16, hour=0)
    await life.done(here.buyer(), "defer", until=until.isoformat())
    return life


async def story_of_haikou(here: World) -> None:
    """Everything that happened, and what the law made of it."""
    life = await deferred(here)
    before = await life.shown()
    here.pass_time(days=43)

    demanded = await life.ask(here.staff("sales"), "demand-balance", accept_language="en")
    assert demanded.status == 409
    assert demanded.code == "agreement_open"
    assert demanded.json["detail"].startswith("A deferral is agreed with the buyer.")
    assert (await life.shown())["sequence"] == before["sequence"]

    here.pass_time(days=12)
    cancelled = await life.done(here.staff("sales"), "cancel-by-seller", ground="balance_default")
    assert cancelled["events"] == ["CancellationContested", "CaseOpened"]
    after = await life.shown()
    assert after["stage"] == "locked"
    assert [after[name] for name in UNTOUCHED] == [before[name] for name in UNTOUCHED]
    assert "agreement_open" in after["contested"]["missing"]
    assert [each["kind"] for each in after["breaches"]] == [
        "cancelled_without_ground",
        "acted_against_agreement",
    ]
    unpaid = await life.shown("/statement")
    assert unpaid["settlement"] is None
    assert unpaid["held"] == {"amount": 500_000, "currency": "CNY"}

    preview = await life.shown("/exits?language=zh-Hans")
    await life.done(here.buyer(), "terminate-by-buyer", ground="breached_agreement")
    statement = await life.shown("/statement?language=zh-Hans")
    assert statement["settlement"] == _way(preview, "breached_agreement")["settlement"]
    assert statement["settlement"]["owed_to_buyer"] == {"amount": 1_000_000, "currency": "CNY"}
    assert "应向您支付" in statement["settlement"]["words"]
    assert [(each["kind"], each["state"]) for each in statement["payouts"]] == [
        ("refund", "due"),
        ("transfer", "awaiting_release"),
    ]
    await _released(here, life)


UNTOUCHED = ("rank", "slot", "deposit_paid", "price", "configuration", "deferral", "promise")
"""What an unfounded cancellation leaves alone."""


def _way(preview: Any, ground: str) -> Any:  # noqa: ANN401 - a document
    return next(way for way in preview["exits"] if way["ground"] == ground)


async def _released(here: World, life: Life) -> None:
    """Only somebody with the role for it releases the doubled sum; what is owed stays."""
    early = await life.ask(here.staff("sales"), "release-payout", {"payout_number": 2})
    assert (early.status, early.code) == (403, "not_permitted")
    alone = await life.ask(here.staff("finance"), "release-payout", {"payout_number": 2})
    assert (alone.status, alone.code) == (409, "second_person_missing")
    second = here.staff("finance", name="wu")
    released = await life.done(second, "release-payout", payout_number=2)
    assert released["events"] == ["PayoutReleased"]
    statement = await life.shown("/statement")
    assert [each["state"] for each in statement["payouts"]] == ["due", "due"]
    owed = {line["account"]: line["amount"]["amount"] for line in statement["account_balances"]}
    assert owed["owed_to_buyers"] == 1_000_000
    assert owed["double_return_expense"] == 500_000


def test_the_seven_day_demand_and_the_cancellation_come_to_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            await story_of_haikou(here)

    asyncio.run(story())


def test_without_the_deferral_the_demand_lacks_the_inspection() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()

            demanded = await life.ask(here.staff("sales"), "demand-balance", accept_language="en")

            assert (demanded.status, demanded.code) == (409, "not_inspected")
            assert demanded.json["way_out"] == (
                "Offer the car for inspection first. Until then the buyer owes nothing more."
            )

    asyncio.run(story())
