"""A limited edition sells exactly its units, though people leave and do not pay.

Not here: the great number, which `python -m tests.chaos.oversell` runs.
"""

from __future__ import annotations

import asyncio
import os

from tests.chaos.oversell import SHORT, Plan, sell
from tests.postgres import fresh_database_url, postgres_server, postgres_servers, template_database

__all__ = ["fresh_database_url", "postgres_server", "postgres_servers", "template_database"]

ROUNDS = int(os.environ.get("ROUNDS", "0")) or SHORT.rounds
"""More rounds on demand; the figures of a long run stand in docs/scarcity.md."""


def test_every_round_sells_exactly_its_units(fresh_database_url: str) -> None:
    plan = Plan(buyers=240, units=24, rounds=ROUNDS, group_limit=SHORT.group_limit)

    rounds = asyncio.run(sell(fresh_database_url, plan))

    assert [(each.deposited, each.counted) for each in rounds] == [(24, 24)] * ROUNDS
    assert max(each.most_held for each in rounds) == 24
    assert min(each.left for each in rounds) > 0
    assert min(each.lapsed for each in rounds) > 0
    assert min(each.offers for each in rounds) > 0


def test_counting_before_the_lock_sells_too_many(fresh_database_url: str) -> None:
    """Control: the same sale, with the units that are left looked up before the lock."""
    rounds = asyncio.run(sell(fresh_database_url, SHORT, careless=True))

    assert max(each.deposited for each in rounds) > SHORT.units
