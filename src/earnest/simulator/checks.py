"""What a replay checks, one verdict each: pure functions of what was seen and what is listed.

Not here: asking the server (`afterwards.py`, `orders.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from earnest.core.ledger.account import CREDIT_NATURED, Account
from earnest.simulator.crowd import Buyer
from earnest.simulator.fairness import Place, density, inversions
from earnest.simulator.launch import CREATED, Seen
from earnest.simulator.life import AccountShown
from earnest.simulator.lives import LifeReport
from earnest.simulator.orders import OrderListed

_SHOWN = 3


class Check(msgspec.Struct, frozen=True):
    """One thing that was checked: whether it holds, and the figures behind it."""

    name: str
    passed: bool
    detail: str


def everybody_answered(seen: Seen) -> Check:
    """Every request ended with an answer, however often it had to be sent; no server errors."""
    silent = sum(
        1 for sent, status in zip(seen.sent, seen.status, strict=True) if sent and not status
    )
    unpaid = sum(
        1
        for sent, status in zip(seen.pay_sent, seen.paid_status, strict=True)
        if sent and not status
    )
    errors = seen.troubles.get("server_error", 0)
    again = ", ".join(f"{name} {count:,}" for name, count in sorted(seen.troubles.items()))
    return Check(
        "every request got an answer",
        silent == unpaid == errors == 0,
        f"{silent:,} reservations and {unpaid:,} payments without one; "
        f"sent again because of: {again or 'nothing'}",
    )


def somebody_accepted(seen: Seen) -> Check:
    """A replay in which nobody got a place proves nothing."""
    accepted = sum(status == CREATED for status in seen.status)
    codes = ", ".join(f"{code} {count:,}" for code, count in sorted(seen.codes.items()))
    return Check(
        "reservations were accepted", accepted > 0, f"{accepted:,}; turned away: {codes or 'none'}"
    )


def same_answer_twice(seen: Seen) -> Check:
    """Whoever sent a request twice at the same time got the same bytes twice."""
    examples = ", ".join(seen.unequal[:_SHOWN])
    return Check(
        "a request sent twice has one answer",
        not seen.unequal,
        f"{seen.sent_twice:,} requests sent twice, "
        f"{len(seen.unequal):,} answered differently" + (f": {examples}" if examples else ""),
    )


def ranks_dense(seen: Seen, *, queue_was_empty: bool) -> Check:
    """Every rank from the first to the last was given once; an empty queue began at 1."""
    found = density([rank for rank in seen.rank if rank])
    begins_right = found.last < 0 or (found.first == 1) == queue_was_empty
    return Check(
        "ranks are dense and each used once",
        found.is_dense and begins_right,
        f"{found.first:,} to {found.last:,}; {found.missing:,} missing, "
        f"{found.repeated:,} repeated",
    )


def nobody_overtaken(seen: Seen) -> Check:
    """Whoever was answered before another sent has the lower rank."""
    places = [
        Place(rank, sent, answered)
        for rank, sent, answered in zip(seen.rank, seen.sent, seen.answered, strict=True)
        if rank
    ]
    found = inversions(places)
    return Check(
        "nobody was overtaken by a later sender",
        found == 0,
        f"{found:,} inversions among {len(places):,} ranks",
    )


def expected_stages(
    crowd: Sequence[Buyer], seen: Seen, changed: Mapping[str, str]
) -> dict[str, str]:
    """The stage of every accepted order once all have locked; `changed` knows better for some."""
    expected: dict[str, str] = {}
    for buyer, status, order_id, paid in zip(
        crowd, seen.status, seen.order_id, seen.paid, strict=True
    ):
        if status != CREATED:
            continue
        if not paid:
            expected[order_id] = "lapsed"
        else:
            expected[order_id] = "withdrawn" if buyer.withdraws else "locked"
    expected.update(changed)
    return expected


def orders_as_told(
    listed: Iterable[OrderListed], crowd: Sequence[Buyer], seen: Seen, expected: Mapping[str, str]
) -> list[Check]:
    """The server lists exactly the orders that buyers were told, each once and where it belongs."""
    ranks = dict(zip(seen.order_id, seen.rank, strict=True))
    buyers = {buyer.buyer_id for buyer in crowd}
    count: Counter[str] = Counter()
    foreign: list[str] = []
    misplaced: list[str] = []
    misranked: list[str] = []
    for order in listed:
        if order.buyer_id not in buyers:
            continue
        count[order.order_id] += 1
        if order.order_id not in expected:
            foreign.append(order.order_id)
            continue
        if order.stage != expected[order.order_id]:
            misplaced.append(f"{order.order_id} is {order.stage}, not {expected[order.order_id]}")
        if order.rank != ranks[order.order_id]:
            misranked.append(order.order_id)
    lost = [order_id for order_id in expected if order_id not in count]
    repeated = [order_id for order_id, times in count.items() if times > 1]
    return [
        _none("no order lost", lost, f"{len(expected):,} orders listed"),
        _none("no order twice", [*foreign, *repeated], "none but those told to buyers"),
        _none("every order where it belongs", misplaced, _stages(expected)),
        _none("ranks listed as they were told", misranked, "the same"),
    ]


def _none(name: str, faults: Sequence[str], good: str) -> Check:
    if not faults:
        return Check(name, passed=True, detail=good)
    return Check(name, passed=False, detail=f"{len(faults):,}: {'; '.join(faults[:_SHOWN])}")


def _stages(expected: Mapping[str, str]) -> str:
    counts = Counter(expected.values())
    return ", ".join(f"{stage} {number:,}" for stage, number in sorted(counts.items()))


def lives_as_expected(lives: Sequence[LifeReport]) -> Check:
    """Every sampled order went through the stages of its kind, with the money of its kind."""
    faults = [f"{life.kind} ({life.order_id}): {life.fault}" for life in lives if life.fault]
    kinds = len({life.kind for life in lives})
    return _none("sampled lives went as expected", faults, f"{len(lives)} lives of {kinds} kinds")


def books_balance(accounts: Sequence[AccountShown]) -> Check:
    """Over all orders, debits equal credits in every currency."""
    sums: Counter[str] = Counter()
    for each in accounts:
        sign = -1 if Account(each.account) in CREDIT_NATURED else 1
        sums[each.currency] += sign * each.amount
    off = [f"{currency} {amount}" for currency, amount in sums.items() if amount]
    return _none("debits equal credits", off, f"{len(accounts)} account balances")


def nothing_owed(accounts: Sequence[AccountShown]) -> Check:
    """The provider paid out everything that was owed to buyers."""
    owed = [
        f"{each.amount} {each.currency}"
        for each in accounts
        if each.account == Account.OWED_TO_BUYERS and each.amount
    ]
    return _none("everything owed was paid out", owed, "nothing is owed to buyers")
