"""Who comes to a launch follows from the seed; registering them follows from the run's name."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from earnest.simulator.client import Client
from earnest.simulator.crowd import ShareError, Shares, draw_crowd, register
from earnest.simulator.door import Door
from tests.simulator.fake_earnest import FakeEarnest, served


def test_the_same_seed_draws_the_same_crowd() -> None:
    shares = Shares()

    assert draw_crowd(500, shares, Random(3)) == draw_crowd(500, shares, Random(3))
    assert draw_crowd(500, shares, Random(3)) != draw_crowd(500, shares, Random(4))


def test_one_share_does_not_change_what_else_somebody_does() -> None:
    few = draw_crowd(500, Shares(twice=0.0), Random(3))
    many = draw_crowd(500, Shares(twice=1.0), Random(3))

    assert not any(buyer.sends_twice for buyer in few)
    assert all(buyer.sends_twice for buyer in many)
    assert [buyer.withdraws for buyer in few] == [buyer.withdraws for buyer in many]
    assert [buyer.configuration for buyer in few] == [buyer.configuration for buyer in many]


def test_shares_are_those_asked_for_and_exclude_each_other() -> None:
    shares = Shares(withdraw=0.2, early_lock=0.3, never_pay=0.1, twice=0.5)
    crowd = draw_crowd(20_000, shares, Random(1))

    def share(field: str) -> float:
        return sum(bool(getattr(buyer, field)) for buyer in crowd) / len(crowd)

    assert share("never_pays") == pytest.approx(0.1, abs=0.01)
    assert share("withdraws") == pytest.approx(0.2 * 0.9, abs=0.01)
    assert share("locks_early") == pytest.approx(0.3 * 0.9, abs=0.01)
    assert share("sends_twice") == pytest.approx(0.5, abs=0.01)
    assert not any(buyer.withdraws and buyer.locks_early for buyer in crowd)
    assert not any(buyer.never_pays and (buyer.withdraws or buyer.locks_early) for buyer in crowd)


@pytest.mark.parametrize(
    "shares",
    [{"withdraw": -0.1}, {"never_pay": 1.1}, {"withdraw": 0.6, "early_lock": 0.6}],
)
def test_shares_that_cannot_be_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ShareError, match="--share-"):
        Shares(**shares)


def test_everybody_is_registered_once_however_often_a_run_is_repeated() -> None:
    async def run() -> tuple[list[str], list[str], list[int]]:
        async with served(FakeEarnest()) as url:
            client = Client(url, chance=Random(1))
            admin = Door(client, "sales.admin")
            crowd = draw_crowd(2_500, Shares(), Random(1))
            again = draw_crowd(2_500, Shares(), Random(1))
            told: list[int] = []
            await register(admin, crowd, "run1", told.append)
            await register(admin, again, "run1", lambda _: None)
            await client.close()
            return [each.buyer_id for each in crowd], [each.buyer_id for each in again], told

    first, second, told = asyncio.run(run())

    assert first == second
    assert len(set(first)) == 2_500
    assert max(told) == 2_500
    assert len(told) == 3
