"""What must be true of a database after a trial, read with statements of its own.

It does not trust the code under trial: what people were told is looked up in plain SQL, and the
audit says its own word after that. Not here: breaking anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import psycopg

from chaos.people import QUEUE, Heard, People, Told
from chaos.trial import Outcome
from earnest.audit.beside import audit_beside
from earnest.gateways.payments.contract import PaymentProvider
from earnest.simulator.fairness import Place, density, inversions

LOST_PLACE = "acknowledged_place_lost"
OTHER_RANK = "acknowledged_rank_changed"
LOST_PAYMENT = "acknowledged_payment_lost"
DOUBLED = "effect_doubled"
RANKS = "ranks_not_dense"
LEDGER = "ledger_not_zero"
AUDIT = "audit_fault"
OVERTAKEN = "overtaken"
NONSENSE = "unexpected_answer"
UNANSWERED = "orders_nobody_asked_for"

LOSSES = frozenset({LOST_PLACE, OTHER_RANK, LOST_PAYMENT})
"""Something that was acknowledged is not there."""

_PLACES = "SELECT order_id, rank FROM earnest.orders WHERE queue_id = %s"
_EVENTS = """
    SELECT order_id, kind, count(*) FROM earnest.event
    WHERE kind = ANY(%s) GROUP BY order_id, kind
"""
_LEDGER = """
    SELECT currency, sum(amount) FROM (
        SELECT currency, debit AS account, amount_minor AS amount FROM earnest.posting
        UNION ALL
        SELECT currency, credit, -amount_minor FROM earnest.posting
    ) AS entry GROUP BY currency HAVING sum(amount) <> 0
"""


def look(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a statement, read by the database's owner."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement.encode(), values).fetchall()


def nothing_lost(url: str, people: People | Heard, outcome: Outcome) -> None:
    """Everything that people were told is there, once, and nobody was told nonsense."""
    told = people.told
    for words in people.unexpected:
        outcome.fail(NONSENSE, words)
    places = dict(look(url, _PLACES, QUEUE))
    events = {
        (order_id, kind): number
        for order_id, kind, number in look(
            url, _EVENTS, ["Reserved", "DepositReceived", "SurplusReceived"]
        )
    }
    for each in told:
        rank = places.get(each.order_id)
        if rank is None:
            outcome.fail(LOST_PLACE, f"order {each.order_id} with rank {each.rank} is not there")
        elif rank != each.rank:
            outcome.fail(OTHER_RANK, f"order {each.order_id} was told {each.rank}, has {rank}")
        if each.is_paid and (each.order_id, "DepositReceived") not in events:
            outcome.fail(LOST_PAYMENT, f"the deposit of {each.order_id} is not there")
    for (order_id, kind), number in events.items():
        if number != 1 or kind == "SurplusReceived":
            outcome.fail(DOUBLED, f"order {order_id} has {number} x {kind}")
    outcome.figures["acknowledged"] = len(told) + sum(each.is_paid for each in told)
    outcome.figures["lost"] = sum(outcome.failures[kind] for kind in LOSSES)


def nobody_unheard(url: str, people: People, outcome: Outcome) -> None:
    """There are exactly as many orders as people who asked, once all of them were answered."""
    ((orders,),) = look(url, "SELECT count(*) FROM earnest.orders WHERE queue_id = %s", QUEUE)
    outcome.expect(
        UNANSWERED,
        that=orders == people.asked,
        explanation=f"{people.asked} people asked, {orders} orders exist",
    )


def ranks_dense(url: str, outcome: Outcome) -> None:
    """Every rank from the first to the last was given exactly once."""
    found = density([row[1] for row in look(url, _PLACES, QUEUE)])
    outcome.expect(
        RANKS,
        that=found.is_dense and found.first == 1,
        explanation=f"from {found.first} to {found.last}: {found.missing} missing, "
        f"{found.repeated} given twice",
    )


def nobody_overtaken(told: Sequence[Told], outcome: Outcome) -> None:
    """Whoever was answered before another one asked stands before that one."""
    found = inversions(Place(each.rank, each.sent, each.answered) for each in told)
    outcome.figures["inversions"] = found
    if found:
        outcome.fail(OVERTAKEN, f"{found} pairs stand the wrong way round")
    repeated = [rank for rank, number in Counter(each.rank for each in told).items() if number > 1]
    if repeated:
        outcome.fail(OVERTAKEN, f"{len(repeated)} ranks were told to more than one person")


async def sound(url: str, outcome: Outcome, provider: PaymentProvider | None = None) -> None:
    """The ledger sums to zero in every currency, and the audit finds no fault."""
    for currency, amount in look(url, _LEDGER):
        outcome.fail(LEDGER, f"all accounts together hold {amount} {currency}")
    audited = await audit_beside(url, provider, lambda *_: None)
    outcome.figures["audited events"] = audited.events
    for fault in audited.faults:
        outcome.fail(AUDIT, f"{fault.rule.value}: {fault.order_id} {fault.explanation}")
