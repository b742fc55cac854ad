"""A sampled life notices every step that goes another way than it should."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from earnest.core.terms.policy import Policy
from earnest.core.values.money import Money
from earnest.demo.maker import demo_terms
from earnest.simulator.client import Client
from earnest.simulator.door import Door, key_and_body
from earnest.simulator.life import Fault, Life, Staff
from earnest.simulator.lives import lead
from earnest.simulator.orders import walk
from earnest.simulator.paths import Kind
from earnest.simulator.shop import LANGUAGES, PolicyShown, Shop, visit
from earnest.simulator.timeline import Timeline
from tests.simulator.fake_earnest import FakeEarnest, served

Act = Callable[[Life, FakeEarnest], Awaitable[None]]


def lived(act: Act) -> None:
    """Let one buyer reserve and pay at the fake, and act on that order."""

    async def run() -> None:
        fake = FakeEarnest()
        async with served(fake) as url:
            client = Client(url, chance=Random(1), patience_s=2)
            shop = await visit(Door(client), queue_id=None, launch="su7", chance=Random(1))
            life = await _reserved(client, shop)
            try:
                await act(life, fake)
            finally:
                await client.close()

    asyncio.run(run())


async def _reserved(client: Client, shop: Shop) -> Life:
    buyer = Door(client, "buyer.0000000000000001")
    timeline = Timeline(Door(client, "sales.admin"), Door(client, base=""))
    await timeline.synchronise()
    head = client.head("POST", "/api/v1/reservations", token="buyer.0000000000000001")
    await client.ask(head + key_and_body(b"first", shop.reservation(0, LANGUAGES[0])))
    (page,) = [each async for each in walk(buyer, "s7-cn")]
    order_id = page[0].order_id
    life = Life(
        order_id=order_id,
        buyer=buyer,
        staff=Staff(
            sales=Door(client, "sales.chen"),
            sales_second=Door(client, "sales.dai"),
            planning=Door(client, "planning.eva"),
            delivery=Door(client, "delivery.fan"),
            finance=Door(client, "finance.gu"),
            finance_second=Door(client, "finance.han"),
        ),
        sandbox=Door(client, base=""),
        timeline=timeline,
        policy=shop.policy,
        quoted=shop.quotes[0],
        lock_acknowledgement=shop.lock_acknowledgement("en"),
        run="run",
        patience_s=0.3,
    )
    deposit = shop.policy.deposit.amount
    await life.pay(f"http://pay.example/pay?{order_id}.1.{deposit}", "attempt")
    await life.stage_becomes("deposited")
    return life


def test_what_is_read_of_the_policy_is_what_runs() -> None:
    assert set(PolicyShown.__struct_fields__) < set(Policy.__struct_fields__)
    assert demo_terms().policy.cooling_off_hours == 168


def test_another_stage_than_expected_is_a_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        with pytest.raises(Fault, match="withdraw led to withdrawn instead of locked"):
            await life.do(life.buyer, "withdraw", "locked")
        assert life.stages == ["deposited", "withdrawn"]

    lived(act)


def test_a_rejected_command_is_a_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        with pytest.raises(Fault, match=r"lock: POST .* was answered 409 acknowledgement_missing"):
            await life.do(life.buyer, "lock", "locked")

    lived(act)


def test_an_accepted_command_that_must_be_rejected_is_a_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        with pytest.raises(Fault, match=r"withdraw was accepted .*, not rejected: not_permitted"):
            await life.rejected(life.buyer, "withdraw", "not_permitted")

    lived(act)


def test_a_rejection_for_another_reason_is_a_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        with pytest.raises(Fault, match="with acknowledgement_missing, not order_over"):
            await life.rejected(life.buyer, "lock", "order_over")

    lived(act)


def test_a_stage_that_never_comes_is_a_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        with pytest.raises(Fault, match="the order stays deposited and never becomes locked"):
            await life.stage_becomes("locked")

    lived(act)


def test_books_that_differ_are_a_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        deposit = life.policy.deposit
        await life.books_become({"provider_clearing": deposit, "customer_deposits": deposit})
        with pytest.raises(Fault, match=r"the books say .*customer_deposits.*, not "):
            await life.books_become({"provider_clearing": Money(1, "CNY")})

    lived(act)


def test_a_payment_that_fails_is_a_fault() -> None:
    async def act(life: Life, fake: FakeEarnest) -> None:
        fake.payment_status = "failed"
        with pytest.raises(Fault, match="the provider answered failed to again"):
            await life.pay(f"http://pay.example/pay?{life.order_id}.1.5", "again")

    lived(act)


def test_a_life_that_goes_wrong_ends_with_its_fault() -> None:
    async def act(life: Life, _: FakeEarnest) -> None:
        async def withdraw(one: Life) -> None:
            await one.do(one.buyer, "withdraw", "withdrawn")

        async def lock(one: Life) -> None:
            await one.do(one.buyer, "lock", "locked")

        ended: list[int] = []
        wrong, early = await lead(
            life.timeline,
            [life, life],
            [Kind("locks", lock, "locked"), Kind("withdraws", withdraw, "closed")],
            ended.append,
        )
        assert "acknowledgement_missing" in wrong.fault
        assert early.fault == "it ended withdrawn, not closed"
        assert ended == [1, 2]

    lived(act)
