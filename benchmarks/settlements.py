"""Settlements a second: the rule alone, and whole previews of an order as a page asks for them.

Not here: the launch, which never settles anything (`__main__.py`).
"""

from __future__ import annotations

import itertools
import time
from datetime import timedelta

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.order.exits import exits
from earnest.core.order.facts import Facts
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Fleet, Held, Position
from earnest.core.settlement.settle import settle
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import DepositKind
from earnest.core.values.money import Money

USUAL = Position(
    price=Money(9_000_000, "CNY"),
    deposit_kind=DepositKind.EARNEST,
    deposit_account=Account.COMMITTED_DEPOSITS,
    deposit_paid=Money(2_000_000, "CNY"),
    balance_paid=Money(1_000_000, "CNY"),
    charged_back=Money(100_000, "CNY"),
    earnest_cap_basis_points=2_000,
    forfeiture_acknowledged=True,
    deposit_days=120,
    balance_held=(Held(Money(1_000_000, "CNY"), 12),),
    interest_basis_points=300,
    sellers_loss=Money(300_000, "CNY"),
    buyers_loss=Money(2_500_000, "CNY"),
    delay_compensation=Money(200_000, "CNY"),
    fleet=Fleet(vehicles=4, delivered=1),
)
"""A position in which everything bears on the settlement, so that nothing is left out."""


def measure_settle(count: int) -> tuple[str, int, float]:
    """Every ground under every law on every kind of deposit, in turn, until there are enough."""
    positions = [msgspec.structs.replace(USUAL, deposit_kind=kind) for kind in DepositKind]
    cases = list(itertools.product(Ground, positions, LAWS.values()))
    started = time.perf_counter()
    for case in itertools.islice(itertools.cycle(cases), count):
        settle(*case)
    return "settlements, the rule alone", count, time.perf_counter() - started


def measure_previews(order: Order, facts: Facts, count: int) -> tuple[str, int, float]:
    """All exits of one locked order at one date after another; each exit is one settlement."""
    shown = 0
    started = time.perf_counter()
    while shown < count:
        at = order.changed_at + timedelta(hours=shown % 5_000)
        shown += len(exits(order, facts, at))
    return "settlements, in previews of a whole order", shown, time.perf_counter() - started
