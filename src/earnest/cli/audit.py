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
from rich.text import Text

from earnest.audit.rules import Rule
from earnest.audit.run import Audited
from earnest.beside import run_audit
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, money_text, say, table
from earnest.core.ledger.posting import natural_account_balance
from earnest.core.values.money import Money
from earnest.gateways.payments.contract import ProviderUnreachable
from earnest.settings import settings_to_read

FAULTS_SHOWN = 50


class ProviderSilent(Exception):
    """The provider was to be asked and does not answer; the message says what to do."""


def audit(
    *,
    data: DataOption = Path(".earnest"),
    json: Annotated[
        bool, Parameter(help="Print the result for machines instead.", negative="")
    ] = False,
    without_provider: Annotated[
        bool, Parameter(help="Do not ask the payment provider what it holds.", negative="")
    ] = False,
) -> int:
    """Check every invariant over the whole database; exit code 1 if anything is wrong.

    Recomputes every order from its events and compares rows, postings, settlements, deadlines
    and ranks with what is stored, and the money with what the payment provider says. Works
    beside a running server and changes nothing.
    """
    settings = settings_to_read(os.environ, data)
    with Progress(
        TextColumn("auditing orders"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    ) as progress:
        task = progress.add_task("orders", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        try:
            result = asyncio.run(run_audit(settings, show, ask_provider=not without_provider))
        except ProviderUnreachable as error:
            raise ProviderSilent(
                f"{error}. Start the payment provider, or audit the books alone with "
                "--without-provider. [provider_unreachable]"
            ) from error
    if json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        print_audit(result)
    return 0 if result.is_clean else 1


def print_audit(result: Audited) -> None:
    """The result of an audit for people."""
    accounts = table("Money by account, over all orders", "account", "amount>")
    for each in result.accounts:
        natural = natural_account_balance(each.account, each.debits_minus_credits)
        accounts.add_row(each.account, money_text(Money(natural, each.currency)))
    console.print(accounts)
    say("")
    rules = table("Rules", "rule", "faults>")
    for rule in Rule:
        if rule is Rule.PROVIDER_AGREES and not result.provider_compared:
            rules.add_row(rule, "not asked")
            continue
        count = sum(1 for fault in result.faults if fault.rule is rule)
        rules.add_row(rule, Text(f"{count:,}", style="bold red" if count else ""))
    console.print(rules)
    say("")
    for fault in result.faults[:FAULTS_SHOWN]:
        say(f"{fault.order_id or 'all orders'}  {fault.rule}: {fault.explanation}")
    if len(result.faults) > FAULTS_SHOWN:
        say(f"... and {len(result.faults) - FAULTS_SHOWN:,} more; --json shows all.")
    if result.faults:
        say("")
    verdict = "clean" if result.is_clean else _counted(len(result.faults), "fault")
    say(
        f"{_counted(result.orders, 'order')}, {_counted(result.events, 'event')}, "
        f"{_counted(result.postings, 'posting')}: {verdict}",
        style="bold",
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
