"""`earnest audit`: check every invariant over the whole database and print what was found.

Not here: the invariants (`earnest/audit`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from earnest.audit.rules import Rule
from earnest.audit.run import Audited
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, money_text, table
from earnest.core.ledger.posting import natural_account_balance
from earnest.core.values.money import Money
from earnest.main import run_audit
from earnest.settings import read_settings

FAULTS_SHOWN = 50


def audit(
    *,
    data: DataOption = Path(".earnest"),
    json: Annotated[bool, Parameter(help="Print the result for machines instead.")] = False,
    without_provider: Annotated[
        bool, Parameter(help="Do not ask the payment provider what it holds.")
    ] = False,
) -> int:
    """Check every invariant over the whole database; exit code 1 if anything is wrong.

    Recomputes every order from its events and compares rows, postings, settlements, deadlines
    and ranks with what is stored, and the money with what the payment provider says. Works
    beside a running server and changes nothing.
    """
    settings = read_settings(os.environ, data=data)
    with Progress(
        TextColumn("auditing orders"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    ) as progress:
        task = progress.add_task("orders", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        result = asyncio.run(run_audit(settings, show, ask_provider=not without_provider))
    if json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        print_audit(result)
    return 0 if result.is_clean else 1


def print_audit(result: Audited) -> None:
    """The result of an audit for people."""
    accounts = table("Money by account", "account", "amount>")
    for each in result.accounts:
        natural = natural_account_balance(each.account, each.debits_minus_credits)
        accounts.add_row(each.account, money_text(Money(natural, each.currency)))
    console.print(accounts)
    rules = table("Rules", "rule", "faults>")
    for rule in Rule:
        if rule is Rule.PROVIDER_AGREES and not result.provider_compared:
            rules.add_row(rule, "not asked")
            continue
        count = sum(1 for fault in result.faults if fault.rule is rule)
        rules.add_row(rule, f"[red]{count}[/]" if count else "0")
    console.print(rules)
    for fault in result.faults[:FAULTS_SHOWN]:
        console.print(f"[red]{fault.rule}[/] {fault.order_id or '-'}: {fault.explanation}")
    if len(result.faults) > FAULTS_SHOWN:
        console.print(f"… and {len(result.faults) - FAULTS_SHOWN} more (--json shows all)")
    verdict = "clean" if result.is_clean else f"{len(result.faults)} faults"
    console.print(
        f"{result.orders:,} orders, {result.events:,} events, {result.postings:,} postings: "
        f"[bold]{verdict}[/]"
    )
