"""A whole replay against Earnest in memory: what it reports, and that it notices what is wrong.

The real server under a real replay is tested in `tests/chaos`.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pytest
from rich.console import Console

from earnest.core.order.stage import Stage
from earnest.simulator.access import Access, Tokens
from earnest.simulator.crowd import Shares
from earnest.simulator.options import ReplayOptions
from earnest.simulator.paths import AFTER_THE_LOCK
from earnest.simulator.replay import run_replay
from earnest.simulator.report import ReplayReport
from tests.simulator.fake_earnest import FakeEarnest, served

Option: TypeAlias = Any
"""Any option of a replay."""

TOKENS = Tokens(
    admin="sales.admin",
    auditor="sales.auditor",
    sales="sales.chen",
    sales_second="sales.dai",
    planning="planning.eva",
    delivery="delivery.fan",
    finance="finance.gu",
    finance_second="finance.han",
)


def replayed(
    fake: FakeEarnest, *, terminal: bool = False, **options: Option
) -> tuple[ReplayReport, str]:
    """Replay two thousandths of the SU7 launch; the report, and what was printed."""
    printed = io.StringIO()

    async def replay() -> ReplayReport:
        async with served(fake) as url:
            access = Access(url=url, sandbox_url=url, tokens=TOKENS)
            wanted = ReplayOptions(
                **{"file": "su7", "scale": 0.002, "access": access, "sample": 0, **options}
            )
            return await run_replay(
                wanted, Console(file=printed, width=140, force_terminal=terminal)
            )

    return asyncio.run(replay()), printed.getvalue()


def failing(report: ReplayReport) -> list[str]:
    return [check.name for check in report.checks if not check.passed]


def test_every_kind_of_life_goes_as_expected() -> None:
    fake = FakeEarnest()

    report, printed = replayed(fake, sample=len(AFTER_THE_LOCK) * 10 // 9 + 1)

    assert [check for check in report.checks if not check.passed] == []
    assert {kind.name for kind in AFTER_THE_LOCK} < {life.kind for life in report.lives}
    assert report.passed
    assert "every check holds" in printed
    assert "interpolated" in printed


def test_the_crowd_does_what_the_shares_say(tmp_path: Path) -> None:
    fake = FakeEarnest()
    shares = Shares(withdraw=0.2, early_lock=0.3, never_pay=0.1, twice=0.25)

    report, _ = replayed(fake, shares=shares, json_path=tmp_path / "report.json")

    assert report.passed
    assert (report.offered, report.accepted, report.rejected) == (177, 177, 0)
    assert report.paid == 177 - fake.stage_counts()[Stage.LAPSED]
    assert report.minds_changed["withdrawn"] == fake.stage_counts()[Stage.WITHDRAWN]
    assert 0 < report.sent_twice < 177
    assert sum(row.offered for row in report.rows) == 177
    written = msgspec.json.decode((tmp_path / "report.json").read_bytes(), type=ReplayReport)
    assert written == report


def test_the_same_seed_is_the_same_crowd() -> None:
    first, _ = replayed(FakeEarnest(), seed=7)
    second, _ = replayed(FakeEarnest(), seed=7)
    other, _ = replayed(FakeEarnest(), seed=8)

    assert (first.paid, first.minds_changed) == (second.paid, second.minds_changed)
    assert (first.paid, first.minds_changed) != (other.paid, other.minds_changed)


def test_lost_answers_and_a_busy_server_change_nothing_but_the_number_of_requests() -> None:
    fake = FakeEarnest()
    fake.lose_every = 7
    fake.busy_every = 11

    report, _ = replayed(fake, run="storm", sample=3)

    assert failing(report) == []
    assert len(fake.orders) == 177
    assert len(fake.payments) >= report.paid
    assert report.troubles["connection_lost"] > 10
    assert report.troubles["busy"] > 10


def test_a_repeated_run_reserves_nothing_twice() -> None:
    fake = FakeEarnest()

    replayed(fake, run="again", until_s=100.0, shares=Shares(never_pay=1.0))
    orders = dict(fake.orders)
    replayed(fake, run="again", until_s=100.0, shares=Shares(never_pay=1.0))

    assert orders.keys() == fake.orders.keys()


def test_a_timed_launch_follows_the_curve() -> None:
    report, printed = replayed(FakeEarnest(), speed=200.0, until_s=400.0, scale=0.005)

    assert report.passed
    assert report.speed == "×200"
    assert report.pace.launch_s > 1.9
    assert "launch, ×200: 94 of 94" in printed


def test_a_launch_in_two_processes_is_one_launch() -> None:
    fake = FakeEarnest()

    report, _ = replayed(fake, processes=2, connections=8)

    assert failing(report) == []
    assert len(fake.orders) == 177


@pytest.mark.parametrize(
    ("given", "broken"),
    [
        (lambda number: number + (number > 50), "ranks are dense and each used once"),
        (lambda number: 178 - number, "nobody was overtaken by a later sender"),
    ],
)
def test_unfair_ranks_are_noticed(given: Callable[[int], int], broken: str) -> None:
    fake = FakeEarnest()
    fake.gives_rank = given

    report, printed = replayed(fake)

    assert broken in failing(report)
    assert not report.passed
    assert "NOT every check holds" in printed


def test_a_terminal_gets_bars() -> None:
    _, printed = replayed(FakeEarnest(), terminal=True, until_s=100.0)

    assert "registering buyers" in printed
    assert "━" in printed
    assert "\x1b[" in printed


def test_a_bank_that_declines_now_and_then_is_asked_again() -> None:
    fake = FakeEarnest()
    fake.declines_every = 5

    report, _ = replayed(fake, shares=Shares(never_pay=0, twice=0, withdraw=0, early_lock=0))

    assert failing(report) == []
    assert report.paid == 177
    assert report.codes["card_declined"] > 30


def test_a_sale_that_is_closed_takes_nobody() -> None:
    fake = FakeEarnest()
    fake.offers = (msgspec.structs.replace(fake.offers[0], closes_at=fake.offers[0].opens_at),)

    report, printed = replayed(fake)

    assert (report.accepted, report.rejected) == (0, 177)
    assert report.codes == {"sale_not_open": 177}
    assert failing(report) == ["reservations were accepted"]
    assert "turned away: sale_not_open 177" in printed


def test_webhooks_that_never_come_are_noticed() -> None:
    fake = FakeEarnest()
    fake.loses_webhooks = True

    report, _ = replayed(fake, patience_s=0.5)

    assert "every paid order is deposited" in failing(report)
    assert "every order where it belongs" in failing(report)


def test_timers_that_do_not_run_are_noticed() -> None:
    fake = FakeEarnest()
    fake.timers_run = False

    report, _ = replayed(fake, patience_s=0.2)

    assert "unpaid places lapsed" in failing(report)
    assert "all orders locked" in failing(report)
    assert report.locks is None


def test_whoever_is_never_answered_is_counted_and_noticed() -> None:
    fake = FakeEarnest()
    fake.always_busy_for = "-77"

    # So long that everybody else is answered also on a machine that is busy with other tests.
    report, _ = replayed(fake, patience_s=4)

    assert failing(report) == ["every request got an answer"]
    assert sum(row.unanswered for row in report.rows) == 1
    assert (report.offered, report.accepted, report.rejected) == (177, 176, 0)


def test_a_server_without_a_memory_for_keys_is_found_out() -> None:
    fake = FakeEarnest()
    fake.remembers = False

    report, _ = replayed(fake, shares=Shares(twice=0.5))

    assert "a request sent twice has one answer" in failing(report)
