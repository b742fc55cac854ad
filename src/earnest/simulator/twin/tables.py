"""The lived year as rows of figures, for people and machines alike.

Not here: printing them (`report.py`) and drawing them (`charts.py`).
"""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

import msgspec

from earnest.core.ledger.account import Account
from earnest.simulator.twin.outcome import WEEK_DAYS, Cohort, Outcome
from earnest.simulator.twin.planning import Run
from earnest.simulator.twin.scenario import Announced, Scenario
from earnest.simulator.twin.year import Year

_FEN = 100
_MEDIAN = 50
_MOST = 90


class CohortRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who reserved one trim in one month; weeks from the reservation to the first tender.

    Who deferred is left out of the waits. `announced` is what the maker said, in weeks, nearest
    before the end of the month; `kept` the share that was tendered inside its binding window.
    """

    month: str
    trim: str
    reserved: int
    locked: int
    left: int
    delivered: int
    median_weeks: float | None
    most_weeks: float | None
    promised_weeks: float
    window_weeks: float
    kept: float | None
    announced: str


class MoneyRow(msgspec.Struct, frozen=True, kw_only=True):
    """What stood on the accounts at the end of a month, in whole yuan, as accountants read it."""

    month: str
    held: int
    owed_to_buyers: int
    revenue: int
    forfeited: int
    compensated: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a lived year is told by."""

    scenario: str
    title: str
    about: tuple[str, ...]
    seed: int
    orders: int
    begins: date
    days: int
    events: dict[str, int]
    rejected: dict[str, int]
    cohorts: tuple[CohortRow, ...]
    runs: tuple[Run, ...]
    money: tuple[MoneyRow, ...]
    seconds: float
    planning_seconds: float
    checking_seconds: float
    commands: int
    megabytes: float
    looked_at: int
    faults: dict[str, int]
    examples: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no check found a fault."""
        return not self.faults


def figures_of(year: Year) -> Figures:
    """The figures of a lived year."""
    scenario, outcome, effort, checks = year.scenario, year.outcome, year.effort, year.checks
    return Figures(
        scenario=scenario.name,
        title=scenario.title,
        about=scenario.about,
        seed=scenario.seed,
        orders=scenario.orders,
        begins=scenario.begins,
        days=scenario.days,
        events=dict(outcome.events.most_common()),
        rejected=dict(outcome.rejected.most_common()),
        cohorts=tuple(
            _row(f"{year_number}-{month:02}", trim, cohort, scenario)
            for ((year_number, month), trim), cohort in sorted(outcome.cohorts.items())
        ),
        runs=tuple(year.planning.runs),
        money=_money(outcome),
        seconds=round(effort.seconds - effort.checking_seconds, 1),
        planning_seconds=round(effort.planning_seconds, 1),
        checking_seconds=round(effort.checking_seconds, 1),
        commands=effort.commands,
        megabytes=round(effort.megabytes),
        looked_at=checks.looked_at,
        faults=dict(checks.faults),
        examples=tuple(checks.examples),
    )


def _row(month: str, trim: str, cohort: Cohort, scenario: Scenario) -> CohortRow:
    waits = sorted(cohort.waits)
    return CohortRow(
        month=month,
        trim=trim,
        reserved=cohort.reserved,
        locked=cohort.locked,
        left=cohort.left,
        delivered=len(waits),
        median_weeks=_at(waits, _MEDIAN),
        most_weeks=_at(waits, _MOST),
        promised_weeks=round(cohort.promised_days / cohort.reserved / WEEK_DAYS, 1),
        window_weeks=round(cohort.windows / cohort.reserved / WEEK_DAYS, 1),
        kept=round(cohort.in_window / len(waits), 3) if waits else None,
        announced=_announced(scenario.announced, trim, month),
    )


def _at(waits: list[int], percent: int) -> float | None:
    """The wait in weeks below which so many per cent lie."""
    if not waits:
        return None
    return round(waits[(len(waits) - 1) * percent // 100] / WEEK_DAYS, 1)


def _announced(announced: Announced | None, trim: str, month: str) -> str:
    """What the maker announced last before the month was over; empty where nothing is known."""
    if announced is None:
        return ""
    table = files(__package__).joinpath("figures", f"{announced.table}.csv")
    said = ""
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        names = {announced.trims.get(trim, trim), *announced.everybody}
        if row["model"] == announced.model and row["trim"] in names and row["date"][:7] <= month:
            said = f"{row['weeks_from'] or '…'}-{row['weeks_to'] or '…'}"
    return said


def _money(outcome: Outcome) -> tuple[MoneyRow, ...]:
    """Account balances at the end of each month."""
    totals: dict[str, int] = {}
    rows: dict[str, MoneyRow] = {}
    for week in range(max(outcome.money, default=-1) + 1):
        for account, amount in outcome.money.get(week, {}).items():
            totals[account] = totals.get(account, 0) + amount
        month = outcome.day(week * WEEK_DAYS).strftime("%Y-%m")
        rows[month] = _money_row(month, totals)
    return tuple(rows.values())


def _money_row(month: str, totals: dict[str, int]) -> MoneyRow:
    def credit(*accounts: Account) -> int:
        return -sum(totals.get(account.value, 0) for account in accounts) // _FEN

    return MoneyRow(
        month=month,
        held=credit(
            Account.CUSTOMER_DEPOSITS, Account.COMMITTED_DEPOSITS, Account.CUSTOMER_BALANCES
        ),
        owed_to_buyers=credit(Account.OWED_TO_BUYERS, Account.FORFEITURES_UNRELEASED),
        revenue=credit(Account.SALES_REVENUE),
        forfeited=credit(Account.FORFEITURE_INCOME),
        compensated=-credit(
            Account.DOUBLE_RETURN_EXPENSE,
            Account.COMPENSATION_EXPENSE,
            Account.INTEREST_EXPENSE,
            Account.TAX_GUARANTEE_EXPENSE,
        ),
    )
