"""`earnest order`: a list of orders, and one order with its words, money and deadlines.

Not here: changing them. Only the desk does that.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from earnest.beside import read_order, read_orders
from earnest.cli.migrate import DataOption
from earnest.cli.pack import pack
from earnest.cli.printing import console, errors, instant_text, money_text, say, table
from earnest.core.ledger.posting import account_balances, natural_account_balance
from earnest.core.order.effective import not_incorporated, what_decided
from earnest.core.order.stage import Stage
from earnest.core.settlement.words import Reader, words
from earnest.core.terms.effective import Source
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId
from earnest.core.values.money import Money
from earnest.desk.records import OrderFile, UnreadableFile
from earnest.desk.telling import number_words, tell
from earnest.desk.telling.without import without_clause
from earnest.desk.views import OrderFilter
from earnest.settings import settings_to_read

order = App(name="order", help="List orders, look at one, and write its dispute pack.")
order.command(pack)


@order.command(name="list")
def list_orders(
    *,
    stage: Annotated[Stage | None, Parameter(help="Only orders in this stage.")] = None,
    queue: Annotated[str | None, Parameter(help="Only orders of this queue.")] = None,
    limit: Annotated[int, Parameter(help="At most this many.", validator=Number(gt=0))] = 20,
    quiet: Annotated[
        bool, Parameter(help="Print the order numbers alone, one a line.", negative="")
    ] = False,
    data: DataOption = Path(".earnest"),
) -> None:
    """List orders by number; `--quiet` suits `xargs` and `$(...)`."""
    settings = settings_to_read(os.environ, data)
    wanted = OrderFilter(stage=stage, queue_id=None if queue is None else QueueId(queue))
    found = asyncio.run(read_orders(settings, wanted, limit))
    if quiet:
        sys.stdout.writelines(f"{each.order_id}\n" for each in found)
        return
    if not found:
        say("No order fits.")
        return
    rows = table("Orders", "order!", "queue!", "rank>", "stage!", "price>", "held>")
    for each in found:
        rows.add_row(
            each.order_id,
            each.queue_id,
            str(each.rank),
            each.stage,
            money_text(each.price),
            money_text(each.deposit_paid + each.balance_paid),
        )
    console.print(rows)
    if len(found) == limit:
        say(f"\nThe first {limit}; --limit shows more.")


@order.command
def show(
    order_id: Annotated[str, Parameter(help="The sixteen characters of the order's number.")],
    *,
    data: DataOption = Path(".earnest"),
    language: Annotated[
        Literal["en", "zh-Hans"], Parameter(help="The language of the sentences.")
    ] = "en",
) -> int:
    """Show everything Earnest knows of one order: what happened, the money, what falls due."""
    settings = settings_to_read(os.environ, data)
    found = asyncio.run(read_order(settings, order_id.replace("-", "").upper()))
    if found is None:
        say(f"There is no order {order_id}. [order_unknown]", to=errors)
        return 1
    file, terms = found
    policy = None if terms is None else terms.policy
    time_zone = "UTC" if policy is None else policy.time_zone
    if isinstance(file, UnreadableFile):
        say(f"Order {order_id} cannot be read: {file.explanation} [order_unreadable]", to=errors)
        return 1
    _print_head(file, time_zone)
    if terms is not None:
        _print_contract(file, terms, language)
    _print_timeline(file, policy, language)
    _print_money(file)
    _print_settlement(file, language)
    _print_payouts(file, time_zone)
    _print_deadlines(file, time_zone)
    return 0


def _print_head(file: OrderFile, time_zone: str) -> None:
    state = file.state
    say(f"Order {state.order_id}", style="bold")
    head = table("", "", "")
    head.show_header = False
    head.title = None
    promised = state.promise
    for name, value in (
        ("stage", state.stage),
        ("rank", f"{state.rank} in {state.queue_id}"),
        ("configuration", f"{state.configuration.model}: {', '.join(state.configuration.options)}"),
        ("price", money_text(state.price)),
        ("of it held", money_text(state.deposit_paid + state.balance_paid)),
        ("promised from", instant_text(promised.begins, time_zone)),
        ("until", instant_text(promised.ends, time_zone)),
        ("terms", state.terms_hash),
        ("times are of", time_zone),
    ):
        head.add_row(name, value)
    console.print(head)
    say("")


def _print_contract(file: OrderFile, terms: TermsVersion, language: str) -> None:
    """What departs from the standard terms and what decided it, and what is no part of them."""
    state, time_zone = file.state, terms.policy.time_zone
    departing = [
        each
        for each in what_decided(state, terms.policy, state.changed_at)
        if each.source is not Source.STANDARD
    ]
    if departing:
        rows = table("Instead of the standard terms", "what runs", "decided by!", "over")
        for each in departing:
            rows.add_row(
                number_words(each.field, each.value, language, time_zone),
                f"{each.source.value.replace('_', ' ')} {each.number}",
                ", ".join(each.overlaps).replace("_", " "),
            )
        console.print(rows)
        say("")
    missing = not_incorporated(state, terms)
    if missing:
        rows = table("Not part of the contract", "clause!", "what follows")
        for clause_id in missing:
            rows.add_row(clause_id, without_clause(clause_id, language))
        console.print(rows)
        say("")


def _print_timeline(file: OrderFile, policy: Policy | None, language: str) -> None:
    time_zone = "UTC" if policy is None else policy.time_zone
    rows = table("What happened", "#>", "when, by whom!", "what")
    for recorded in file.events:
        rows.add_row(
            str(recorded.sequence),
            f"{instant_text(recorded.event.at, time_zone)}\n{_actor(recorded.actor_id)}",
            tell(recorded.event, language, policy),
        )
    console.print(rows)
    say("")


def _actor(actor_id: str) -> str:
    """Who it was, in few characters: the buyer of an order is always the same."""
    return "buyer" if actor_id.startswith("buyer:") else actor_id.removeprefix("staff:")


def _print_money(file: OrderFile) -> None:
    rows = table("Every posting", "#>", "debit", "credit", "amount>")
    for each in file.postings:
        rows.add_row(
            str(each.sequence),
            each.posting.debit,
            each.posting.credit,
            money_text(each.posting.amount),
        )
    sums = table("Account balances", "account", "amount>")
    balances = account_balances(each.posting for each in file.postings)
    for (account, currency), amount in sorted(balances.items()):
        natural = natural_account_balance(account, amount)
        sums.add_row(account, money_text(Money(natural, currency)))
    if file.postings:
        console.print(rows)
        say("")
        console.print(sums)
    else:
        say("No money has moved.")
    say("")


def _print_settlement(file: OrderFile, language: str) -> None:
    if file.state.statement is None:
        return
    lines = table(f"Settlement: {file.state.statement.ground}", "what", "rule", "amount>")
    for line in file.state.statement.lines:
        lines.add_row(words(line, language, Reader.OTHERS), line.rule, money_text(line.amount))
    console.print(lines)
    say("")


def _print_payouts(file: OrderFile, time_zone: str) -> None:
    if not file.state.payouts:
        return
    rows = table("Payouts to the buyer", "#>", "kind!", "state!", "due until!", "amount>")
    for payout in file.state.payouts:
        rows.add_row(
            str(payout.number),
            payout.kind,
            payout.state,
            instant_text(payout.due_at, time_zone),
            money_text(payout.amount),
        )
    console.print(rows)
    say("")


def _print_deadlines(file: OrderFile, time_zone: str) -> None:
    rows = table("What falls due", "when!", "what")
    for each in sorted(file.deadlines, key=lambda deadline: deadline.due_at):
        rows.add_row(instant_text(each.due_at, time_zone), each.kind)
    if file.deadlines:
        console.print(rows)
    else:
        say("Nothing falls due.")
