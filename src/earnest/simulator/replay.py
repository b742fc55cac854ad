"""A replay from beginning to end: register, launch, wait, withdraw, lapse, lock, live, report.

Everything goes over HTTP from outside the server's process. Not here: any single step.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from random import Random
from time import perf_counter

from rich.console import Console

from earnest.core.values.ids import derive_id
from earnest.simulator import checks
from earnest.simulator.afterwards import Afterwards
from earnest.simulator.arrays import instants
from earnest.simulator.client import Client
from earnest.simulator.crowd import Buyer, draw_crowd, register
from earnest.simulator.curve import find_curve
from earnest.simulator.display import Display, LaunchWatch
from earnest.simulator.door import Door
from earnest.simulator.figures import pace, rows
from earnest.simulator.launch import CREATED, LaunchPlan, Seen
from earnest.simulator.life import AccountShown, Life, Staff
from earnest.simulator.lives import LifeReport, lead
from earnest.simulator.options import ReplayOptions
from earnest.simulator.orders import OrderListed, is_any, walk
from earnest.simulator.paths import AFTER_THE_LOCK, BEFORE_THE_LOCK, Kind
from earnest.simulator.processes import run_launch
from earnest.simulator.report import Locks, Machine, ReplayReport, show, write_json
from earnest.simulator.shop import LANGUAGES, Shop, visit
from earnest.simulator.timeline import Timeline

_EARLY_LIVES_SHARE = 10
"""One sampled life in so many is led while the cooling-off runs."""


async def run_replay(options: ReplayOptions, console: Console) -> ReplayReport:
    """Replay a launch and report on it, also as JSON where the options name a file.

    Raises `CurveError`, `NothingOnSale`, `Refusal`, `Unanswered`, `UnreadableAnswer`,
    `CrowdIncomplete`, `ShardLost` and `ValueError` (an address that is none); each says what to do.
    """
    replay = Replay(options, Display(console))
    try:
        with replay.display.shown():
            report = await replay.run()
    finally:
        await replay.close()
    show(report, console)
    if options.json_path is not None:
        write_json(report, options.json_path)
    return report


class Replay:
    """One replay under way."""

    def __init__(self, options: ReplayOptions, display: Display) -> None:
        """Read the curve and draw the crowd; nothing is sent yet."""
        self.display = display
        self._options = options
        self._curve = find_curve(options.file)
        self._due_s = self._curve.arrivals(scale=options.scale, until_s=options.until_s)
        self._chance = Random(options.seed)
        self._crowd = draw_crowd(len(self._due_s), options.shares, Random(options.seed))
        access = options.access
        chance = Random(options.seed)
        self._client = Client(access.url, chance=chance, patience_s=options.patience_s)
        self._provider = Client(access.sandbox_url, chance=chance, patience_s=options.patience_s)
        self._sandbox = Door(self._provider, base="")
        tokens = access.tokens
        self._admin = self._door(tokens.admin)
        self._auditor = self._door(tokens.auditor)
        self._staff = Staff(
            sales=self._door(tokens.sales),
            sales_second=self._door(tokens.sales_second),
            planning=self._door(tokens.planning),
            delivery=self._door(tokens.delivery),
            finance=self._door(tokens.finance),
            finance_second=self._door(tokens.finance_second),
        )
        self._timeline = Timeline(self._admin, self._sandbox)
        self._run = options.run or ""
        self._checks: list[checks.Check] = []

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.close()
        await self._provider.close()

    async def run(self) -> ReplayReport:
        """Everything in turn."""
        self.display.say(self._curve.provenance())
        await self._timeline.synchronise()
        if not self._run:
            opened = self._timeline.now().isoformat()
            self._run = derive_id("replay", opened, str(self._options.seed))
        shop = await visit(
            self._door(""),
            queue_id=self._options.queue_id,
            launch=self._curve.name,
            chance=self._chance,
        )
        queue_was_empty = not await is_any(self._auditor, shop.offer.queue_id)
        await self._register()
        plan, seen = await self._launch(shop)
        self._judge_launch(seen, queue_was_empty=queue_was_empty)
        afterwards = Afterwards(
            auditor=self._auditor,
            sandbox=self._sandbox,
            timeline=self._timeline,
            shop=shop,
            crowd=self._crowd,
            seen=seen,
            patience_s=self._options.patience_s,
        )
        drained_at = await self._drain(afterwards, seen)
        minds_changed = await self._change_minds(afterwards, seen)
        sampled_early, sampled_late = self._sample(seen)
        early = await self._lead(
            "lives before the lock", shop, seen, sampled_early, BEFORE_THE_LOCK
        )
        locks = await self._lapse_and_lock(afterwards, seen, len(early))
        await self._judge_orders(shop, seen, early)
        late = await self._lead("sampled lives", shop, seen, sampled_late, AFTER_THE_LOCK)
        accounts = await self._judge_money(afterwards, [*early, *late])
        return self._report(
            plan=plan,
            seen=seen,
            drained_at=drained_at,
            queue_id=shop.offer.queue_id,
            minds_changed=minds_changed,
            locks=locks,
            lives=(*early, *late),
            accounts=accounts,
        )

    async def _register(self) -> None:
        phase = self.display.phase("registering buyers", len(self._crowd))
        await register(self._admin, self._crowd, self._run, phase.reach)
        phase.finish(len(self._crowd))

    async def _launch(self, shop: Shop) -> tuple[LaunchPlan, Seen]:
        options = self._options
        bodies = [
            shop.reservation(number, language)
            for number in range(len(shop.quotes))
            for language in LANGUAGES
        ]
        plan = LaunchPlan(
            url=options.access.url,
            sandbox_url=options.access.sandbox_url,
            run=self._run,
            bodies=bodies,
            starts_at=0.0,
            is_timed=options.speed is not None,
            connections=max(1, options.connections // options.processes),
            seed=options.seed,
            patience_s=options.patience_s,
        )
        factor = options.speed or 1.0
        watch = LaunchWatch(
            self.display.phase(f"launch, {options.speed_in_words}", len(self._crowd)), self._due_s
        )
        due_s = instants(0)
        due_s.extend(due / factor for due in self._due_s)
        plan, seen = await run_launch(
            plan, self._crowd, due_s, processes=options.processes, watch=watch
        )
        watch.finish()
        return plan, seen

    def _judge_launch(self, seen: Seen, *, queue_was_empty: bool) -> None:
        self._checks += [
            checks.somebody_accepted(seen),
            checks.everybody_answered(seen),
            checks.same_answer_twice(seen),
            checks.ranks_dense(seen, queue_was_empty=queue_was_empty),
            checks.nobody_overtaken(seen),
        ]

    async def _drain(self, afterwards: Afterwards, seen: Seen) -> float:
        paid = sum(1 for instant in seen.paid if instant)
        phase = self.display.phase("webhooks arriving", paid)
        missing = await afterwards.drain(phase.reach)
        drained_at = perf_counter()
        phase.finish(paid - missing)
        self._checks.append(
            checks.Check(
                "every paid order is deposited", missing == 0, f"{paid - missing:,} of {paid:,}"
            )
        )
        return drained_at

    async def _change_minds(self, afterwards: Afterwards, seen: Seen) -> dict[str, int]:
        def wanting(wants: Callable[[Buyer], bool]) -> int:
            return sum(
                1
                for buyer, paid in zip(self._crowd, seen.paid, strict=True)
                if paid and wants(buyer)
            )

        expected = {
            "withdrawn": wanting(lambda buyer: buyer.withdraws),
            "locked": wanting(lambda buyer: buyer.locks_early),
        }
        phase = self.display.phase("withdrawing, locking early", sum(expected.values()))
        outcomes = await afterwards.change_minds(
            lambda buyer: self._door(buyer.token),
            self._run,
            self._options.connections,
            phase.reach,
        )
        phase.finish(outcomes.total())
        wanted = {name: number for name, number in expected.items() if number}
        self._checks.append(
            checks.Check(
                "withdrawals and early locks were accepted",
                dict(outcomes) == wanted,
                ", ".join(f"{name} {count:,}" for name, count in sorted(outcomes.items()))
                or "none",
            )
        )
        return dict(outcomes)

    async def _lapse_and_lock(
        self, afterwards: Afterwards, seen: Seen, early_lives: int
    ) -> Locks | None:
        unpaid = sum(
            1 for rank, paid in zip(seen.rank, seen.paid, strict=True) if rank and not paid
        )
        phase = self.display.phase("unpaid places lapsing", unpaid)
        lapsed = await afterwards.lapse(phase.reach)
        phase.finish(unpaid if lapsed else 0)
        self._checks.append(checks.Check("unpaid places lapsed", lapsed, f"{unpaid:,}"))
        waiting = sum(
            1
            for buyer, paid in zip(self._crowd, seen.paid, strict=True)
            if paid and not buyer.withdraws and not buyer.locks_early
        )
        waiting -= early_lives
        phase = self.display.phase("cooling-off ends", waiting)
        seconds = await afterwards.lock_all(waiting, phase.reach)
        phase.finish(waiting if seconds is not None else 0)
        self._checks.append(
            checks.Check("all orders locked", seconds is not None, f"{waiting:,} by the timer")
        )
        if seconds is None:
            return None
        return Locks(waiting, seconds, waiting / seconds if seconds else 0.0)

    async def _judge_orders(self, shop: Shop, seen: Seen, early: list[LifeReport]) -> None:
        phase = self.display.phase("comparing every order", max(seen.rank, default=0))
        listed: list[OrderListed] = []
        async for page in walk(self._auditor, shop.offer.queue_id):
            listed += page
            phase.reach(len(listed))
        phase.finish(len(listed))
        changed = {life.order_id: life.stages[-1] for life in early if life.stages}
        expected = checks.expected_stages(self._crowd, seen, changed)
        self._checks += checks.orders_as_told(listed, self._crowd, seen, expected)

    async def _lead(
        self, name: str, shop: Shop, seen: Seen, sampled: list[int], kinds: tuple[Kind, ...]
    ) -> list[LifeReport]:
        """Lead the sampled orders through lives of these kinds."""
        phase = self.display.phase(name, len(sampled))
        lives = [self._life(shop, seen, position) for position in sampled]
        reports = await lead(self._timeline, lives, kinds, phase.reach)
        phase.finish(len(reports))
        return reports

    def _sample(self, seen: Seen) -> tuple[list[int], list[int]]:
        """Positions of paid orders by chance: a few for lives before the lock, the rest after."""
        fitting = [
            position
            for position, buyer in enumerate(self._crowd)
            if seen.paid[position] and not buyer.withdraws and not buyer.locks_early
        ]
        wanted = min(self._options.sample, len(fitting))
        early = -(-wanted // _EARLY_LIVES_SHARE)
        sampled = self._chance.sample(fitting, wanted)
        return sampled[:early], sampled[early:]

    def _life(self, shop: Shop, seen: Seen, position: int) -> Life:
        buyer = self._crowd[position]
        return Life(
            order_id=seen.order_id[position],
            buyer=self._door(buyer.token),
            staff=self._staff,
            sandbox=self._sandbox,
            timeline=self._timeline,
            policy=shop.policy,
            quoted=shop.quotes[buyer.configuration % len(shop.quotes)],
            lock_acknowledgement=shop.lock_acknowledgement(LANGUAGES[buyer.language]),
            run=self._run,
            patience_s=self._options.patience_s,
        )

    async def _judge_money(
        self, afterwards: Afterwards, lives: list[LifeReport]
    ) -> tuple[AccountShown, ...]:
        accounts = await afterwards.paid_out()
        self._checks += [
            checks.lives_as_expected(lives),
            checks.nothing_owed(accounts),
            checks.books_balance(accounts),
        ]
        return accounts

    def _report(  # noqa: PLR0913 - one argument for each step's result
        self,
        *,
        plan: LaunchPlan,
        seen: Seen,
        drained_at: float,
        queue_id: str,
        minds_changed: dict[str, int],
        locks: Locks | None,
        lives: tuple[LifeReport, ...],
        accounts: tuple[AccountShown, ...],
    ) -> ReplayReport:
        options = self._options
        accepted = sum(status == CREATED for status in seen.status)
        answered = sum(1 for status in seen.status if status)
        return ReplayReport(
            launch=self._curve.name,
            about=self._curve.about,
            provenance=self._curve.provenance(),
            run=self._run,
            seed=options.seed,
            speed=options.speed_in_words,
            scale=options.scale,
            connections=options.connections,
            processes=options.processes,
            queue_id=queue_id,
            machine=Machine(os.cpu_count() or 1, platform.system(), sys.version.split()[0]),
            passed=all(check.passed for check in self._checks),
            offered=sum(1 for sent in seen.sent if sent),
            accepted=accepted,
            rejected=answered - accepted,
            paid=sum(1 for paid in seen.paid if paid),
            sent_twice=seen.sent_twice,
            codes=seen.codes,
            troubles=seen.troubles,
            rows=rows(self._curve.buckets(until_s=options.until_s), self._due_s, seen),
            pace=pace(seen, plan.starts_at, drained_at),
            minds_changed=minds_changed,
            locks=locks,
            lives=lives,
            accounts=accounts,
            checks=tuple(self._checks),
        )

    def _door(self, token: str) -> Door:
        return Door(self._client, token)
