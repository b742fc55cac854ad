"""The rules alone, without a database: reserve, deposit and lock; settlements; reading terms.

Not here: everything that waits for a disk or a network.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.settlements import measure_previews, measure_settle
from benchmarks.shop import CATALOGUE, OFFERS, START, TERMS, paid, reserve
from earnest.core.foresight import as_it_will_stand
from earnest.core.order.actor import TIMER
from earnest.core.order.commands import Lock
from earnest.core.order.decide import Step, carry_out
from earnest.core.order.facts import Facts
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.report import report
from earnest.core.terms.reading import read_document

LAUNCH_TERMS = Path(__file__).parents[1] / "examples/terms/launch-2024-03.toml"


def measure_rules(count: int) -> list[Figure]:
    """Every figure that needs no database."""
    return [
        measure_core(count),
        *measure_settlements(count),
        *measure_lint(max(count // 100, 20)),
    ]


def measure_core(count: int) -> Figure:
    """Whole beginnings of lives through the rules alone: reserve, deposit, lock at expiry."""
    facts = Facts(terms=TERMS, catalogue=CATALOGUE, offer=OFFERS[0], rank=1)
    commands = [reserve(place, "core") for place in range(count)]
    ended = START + timedelta(hours=TERMS.policy.cooling_off_hours)
    started = time.perf_counter()
    for command in commands:
        reserved = carry_out(None, command, facts, START)
        assert isinstance(reserved, Step), "the reservation holds"
        deposited = carry_out(reserved.order, paid(command), facts, START)
        assert isinstance(deposited, Step), "the deposit holds"
        lock = Lock(
            buyer_id=command.buyer_id,
            order_id=command.order_id,
            actor=TIMER,
            key="lock",
            received_at=ended,
        )
        locked = carry_out(deposited.order, lock, facts, ended)
        assert isinstance(locked, Step), "the lock holds"
    seconds = time.perf_counter() - started
    return Figure(name="rules alone: reserve + deposit + lock", count=count, seconds=seconds)


def measure_settlements(count: int) -> list[Figure]:
    """Settlements by the rule alone and in previews of a locked order."""
    facts = Facts(terms=TERMS, catalogue=CATALOGUE, offer=OFFERS[0], rank=1)
    command = reserve(0, "settle")
    reserved = carry_out(None, command, facts, START)
    assert isinstance(reserved, Step), "the reservation holds"
    deposited = carry_out(reserved.order, paid(command), facts, START)
    assert isinstance(deposited, Step), "the deposit holds"
    ended = START + timedelta(hours=TERMS.policy.cooling_off_hours)
    order = as_it_will_stand(deposited.order, facts, ended)
    measured = [measure_settle(count), measure_previews(order, facts, count)]
    return [Figure(name=name, count=some, seconds=seconds) for name, some, seconds in measured]


def measure_lint(count: int) -> list[Figure]:
    """Reading and linting the launch terms of 2024, which get most findings of all examples."""
    text = LAUNCH_TERMS.read_text(encoding="utf-8")
    report(text, LAUNCH_TERMS.name)
    started = time.perf_counter()
    for _ in range(count):
        document = read_document(text, LAUNCH_TERMS.name)
        assert isinstance(document, TermsDocument), "the example can be read"
    read = Figure(name="terms: read", count=count, seconds=time.perf_counter() - started)
    started = time.perf_counter()
    for _ in range(count):
        assert report(text, LAUNCH_TERMS.name).findings, "the example is unfair"
    linted = time.perf_counter() - started
    return [read, Figure(name="terms: read and lint", count=count, seconds=linted)]
