"""`earnest order show`: one order with its stages, words, money and deadlines.

Not here: changing it. Only the desk does that.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, instant_text, money_text, table
from earnest.core.ledger.posting import account_balances, natural_account_balance
from earnest.core.settlement.words import words
from earnest.core.values.money import Money
from earnest.desk.records import OrderFile, UnreadableFile
from earnest.desk.telling import tell
from earnest.main import read_order
from earnest.settings import read_settings

order = App(name="order", help="Look at orders.")


@order.command
def show(
    order_id: Annotated[str, Parameter(help="The sixteen characters of the order's number.")],
    *,
    data: DataOption = Path(".earnest"),
    language: Annotated[str, Parameter(help="en or zh-Hans")] = "en",
) -> int:
    """Show everything Earnest knows of one order: what happened, the money, what falls due."""
    settings = read_settings(os.environ, data=data)
    found = asyncio.run(read_order(settings, order_id.replace("-", "").upper()))
    if found is None:
        errors.print(f"There is no order {order_id}. [order_unknown]", highlight=False)
        return 1
    file, time_zone = found
    if isinstance(file, UnreadableFile):
        errors.print(f"Order {order_id} cannot be read: {file.explanation}", highlight=False)
        return 1
    _print_head(file, time_zone)
    _print_timeline(file, time_zone, language)
    _print_money(file, language)
    _print_deadlines(file, time_zone)
    return 0


def _print_head(file: OrderFile, time_zone: str) -> None:
    state = file.state
    console.print(f"[bold]Order {state.order_id}[/]  {state.stage}  rank {state.rank}")
    console.print(f"{state.configuration.model}: {', '.join(state.configuration.options)}")
    console.print(f"Price {money_text(state.price)}, balance due {money_text(state.balance_due)}")
    begins = instant_text(state.promise.begins, time_zone)
    console.print(f"Promised from {begins} to {instant_text(state.promise.ends, time_zone)}")
    console.print(f"Terms {state.terms_hash}\n")


def _print_timeline(file: OrderFile, time_zone: str, language: str) -> None:
    rows = table("What happened", "#>", "when", "what", "by")
    for recorded in file.events:
        rows.add_row(
            str(recorded.sequence),
            instant_text(recorded.event.at, time_zone),
            tell(recorded.event, language, time_zone),
            recorded.actor_id,
        )
    console.print(rows)
    console.print()


def _print_money(file: OrderFile, language: str) -> None:
    rows = table("Every posting", "#>", "debit", "credit", "amount>")
    for each in file.postings:
        rows.add_row(
            str(each.sequence),
            each.posting.debit,
            each.posting.credit,
            money_text(each.posting.amount),
        )
    console.print(rows)
    console.print()
    sums = table("Account balances", "account", "amount>")
    balances = account_balances(each.posting for each in file.postings)
    for (account, currency), amount in sorted(balances.items()):
        natural = natural_account_balance(account, amount)
        sums.add_row(account, money_text(Money(natural, currency)))
    console.print(sums)
    console.print()
    if file.state.statement is not None:
        lines = table(f"Settlement: {file.state.statement.ground}", "what", "rule", "amount>")
        for line in file.state.statement.lines:
            lines.add_row(words(line, language), line.rule, money_text(line.amount))
        console.print(lines)
        console.print()


def _print_deadlines(file: OrderFile, time_zone: str) -> None:
    rows = table("What falls due", "when", "what")
    for each in sorted(file.deadlines, key=lambda deadline: deadline.due_at):
        rows.add_row(instant_text(each.due_at, time_zone), each.kind)
    console.print(rows)
