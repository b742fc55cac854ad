"""What a case can expect of money: the fixed statement, every exit, what is held, owed and paid.

Not here: computing any of it (`core/settlement`). An exit is looked up in the same preview that a
buyer sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import account_balances, natural_account_balance
from earnest.core.order.actor import Role
from earnest.core.order.exits import Exit, exits, sellers_exits
from earnest.core.order.facts import Facts
from earnest.core.order.parts import PayoutState
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.position import Claim as Choice
from earnest.core.settlement.statement import LineKind, Statement
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money, nothing, total
from earnest.core.values.reason import Reason
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.case import Claim, Seen
from earnest.simulator.scenarios.claiming import Claiming, Look
from earnest.simulator.scenarios.expecting import Reader, decided_by
from earnest.simulator.scenarios.fault import FaultCode
from earnest.simulator.scenarios.people import actor_of
from earnest.simulator.scenarios.provisions import rules_of_reason
from earnest.simulator.scenarios.view import View
from earnest.simulator.scenarios.written import Written

STATEMENT_KEYS = ("ground", "pays", "keeps", "lines")
EXIT_KEYS = ("open", "rejected", "pays", "keeps", "lines", "claims")
CLAIM_KEYS = ("pays", "keeps", "lines")
LINE_KEYS = ("amount", "rule")

FindStatement = Callable[[View], Statement | None]
FindExit = Callable[[View], Exit | None]
ListExits = Callable[[Order, Facts, Instant], tuple[Exit, ...]]


def _rules(statement: Statement) -> str:
    return ", ".join(dict.fromkeys(line.rule for line in statement.lines))


def _none(view: View) -> Seen:
    """No statement, or no way out: the stage says why."""
    return Seen(value=None, rule=decided_by(view, lambda order: order.stage))


def _of_statement(find: FindStatement, read: Callable[[Statement], object]) -> Look:
    def look(view: View) -> Seen:
        found = find(view)
        return _none(view) if found is None else Seen(value=read(found), rule=_rules(found))

    return look


def statement(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """The statement that was fixed when the order ended: its ground, sums and lines."""

    def find(view: View) -> Statement | None:
        assert view.order is not None, "the runner asks only once there is an order"
        return view.order.statement

    if written.value is None:
        yield claiming.exactly(
            written, "statement", None, _of_statement(find, lambda found: found.ground)
        )
        return
    known = keys.table(written, claiming.faults, STATEMENT_KEYS)
    if "ground" in known:
        yield from claiming.claim(
            known["ground"],
            "statement.ground",
            Ground,
            _of_statement(find, lambda found: found.ground),
        )
    yield from _sums(claiming, known, "statement", find)


def _sums(
    claiming: Claiming, known: dict[str, Written], subject: str, find: FindStatement
) -> Iterator[Claim]:
    """What a statement pays, keeps and says line by line."""
    readings: dict[str, Callable[[Statement], object]] = {
        "pays": lambda found: found.owed_to_buyer,
        "keeps": lambda found: found.kept,
    }
    for key, read in readings.items():
        if key in known:
            yield from claiming.claim(
                known[key], f"{subject}.{key}", Money, _of_statement(find, read)
            )
    if "lines" in known:
        yield from _lines(claiming, known["lines"], f"{subject}.lines", find)


def _lines(
    claiming: Claiming, written: Written, subject: str, find: FindStatement
) -> Iterator[Claim]:
    """Every line with its sum and, where the case names it, its rule; and no other line."""
    kinds = tuple(LineKind)
    lines = keys.table(written, claiming.faults, kinds)
    for name, each in lines.items():
        kind = LineKind(name)
        parts = {"amount": each}
        if isinstance(each.value, dict):
            parts = keys.table(each, claiming.faults, LINE_KEYS)

        def amount(view: View, kind: LineKind = kind) -> Seen:
            found = find(view)
            if found is None:
                return _none(view)
            rules = [line.rule for line in found.lines if line.kind is kind]
            return Seen(value=found.sum_of(kind), rule=", ".join(dict.fromkeys(rules)))

        if "amount" in parts:
            yield from claiming.claim(parts["amount"], f"{subject}.{name}", Money, amount)
        if "rule" in parts:

            def rule(found: Statement, kind: LineKind = kind) -> object:
                return ", ".join(
                    dict.fromkeys(line.rule for line in found.lines if line.kind is kind)
                )

            yield from claiming.claim(
                parts["rule"], f"{subject}.{name}.rule", str, _of_statement(find, rule)
            )
    named = set(lines)
    yield claiming.exactly(
        written,
        f"{subject}: others",
        (),
        _of_statement(
            find,
            lambda found: tuple(
                line.kind.value for line in found.lines if line.kind.value not in named
            ),
        ),
    )


def ways_out(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Exits a buyer could take at that instant, by ground: open or not, and what each yields."""
    yield from _ways_out(claiming, written, "exits", exits)


def sellers_ways_out(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Exits the seller could take at that instant, asked by the sales staff, by ground."""

    def listed(order: Order, facts: Facts, at: Instant) -> tuple[Exit, ...]:
        return sellers_exits(order, facts, at, actor_of(Role.SALES.value, order.buyer_id))

    yield from _ways_out(claiming, written, "sellers_exits", listed)


def _ways_out(
    claiming: Claiming, written: Written, subject: str, listed: ListExits
) -> Iterator[Claim]:
    grounds = tuple(Ground)
    for name, each in keys.table(written, claiming.faults, grounds).items():
        ground, about = Ground(name), f"{subject}.{name}"
        known = keys.table(each, claiming.faults, EXIT_KEYS)
        yield from _exit(claiming, known, about, _finder(listed, ground))
        chosen = known.get("claims", Written(None, each.line, each.key))
        for claim, written_claim in keys.table(chosen, claiming.faults, tuple(Choice)).items():
            sums = keys.table(written_claim, claiming.faults, CLAIM_KEYS)
            find = _finder(listed, ground, Choice(claim))
            yield from _sums(claiming, sums, f"{about}.{claim}", _statement_of(find))


def _finder(listed: ListExits, ground: Ground, choice: Choice | None = None) -> FindExit:
    """Finds the exit of a ground; without a choice the open one that gives the buyer most."""

    def find(view: View) -> Exit | None:
        assert view.order is not None, "the runner asks only once there is an order"
        assert view.facts is not None, "an order has its facts"
        found = [
            each
            for each in listed(view.order, view.facts, view.at)
            if each.ground is ground and choice in {None, each.claim}
        ]
        best = sorted(found, key=lambda each: (each.is_open, each.statement.owed_to_buyer.amount))
        return best[-1] if best else None

    return find


def _statement_of(find: FindExit) -> FindStatement:
    def find_statement(view: View) -> Statement | None:
        found = find(view)
        return None if found is None else found.statement

    return find_statement


def _exit(
    claiming: Claiming, known: dict[str, Written], subject: str, find: FindExit
) -> Iterator[Claim]:

    def rule(found: Exit) -> str:
        return rules_of_reason(found.reason) or _rules(found.statement)

    def is_open(view: View) -> Seen:
        found = find(view)
        if found is None:
            return Seen(value=False, rule=_none(view).rule)
        return Seen(value=found.is_open, rule=rule(found))

    def reason(view: View) -> Seen:
        found = find(view)
        if found is None:
            return _none(view)
        return Seen(value=found.reason, rule=rule(found))

    if "open" in known:
        yield from claiming.claim(known["open"], f"{subject}.open", bool, is_open)
    if "rejected" in known:
        if "open" in known and known["open"].value is True:
            claiming.faults.add(
                known["rejected"],
                FaultCode.EXPECTATIONS_CONTRADICT,
                f"The exit cannot be open (line {known['open'].line}) and rejected; keep one.",
            )
        yield from claiming.claim(known["rejected"], f"{subject}.rejected", Reason, reason)

    yield from _sums(claiming, known, subject, _statement_of(find))


def _paid_out(order: Order) -> Money:
    return _payouts(order, lambda state: state is PayoutState.PAID)


def _owed(order: Order) -> Money:
    return _payouts(order, lambda state: state is not PayoutState.PAID)


def _payouts(order: Order, counts: Callable[[PayoutState], bool]) -> Money:
    sums = [each.amount for each in order.payouts if counts(each.state)]
    return total(sums, order.price.currency)


def _forfeited(order: Order) -> Money:
    return nothing(order.price.currency) if order.forfeiture is None else order.forfeiture.amount


MONEY: dict[str, Callable[[Order], Money]] = {
    "deposit_held": lambda order: order.deposit_paid,
    "balance_held": lambda order: order.balance_paid,
    "balance_due": lambda order: order.balance_due,
    "price": lambda order: order.price,
    "owed_to_buyer": _owed,
    "paid_out": _paid_out,
    "forfeited": _forfeited,
}
"""Sums of an order that a lawyer asks for: what is held, still due, owed, paid out, kept."""


def money(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Sums of the order: what is held, still due, owed to the buyer, paid out, forfeited."""
    for name, each in keys.table(written, claiming.faults, MONEY).items():

        def look(view: View, name: str = name) -> Seen:
            assert view.order is not None, "the runner asks only once there is an order"
            return Seen(value=MONEY[name](view.order), rule=decided_by(view, MONEY[name]))

        yield from claiming.claim(each, f"money.{name}", Money, look)


def books(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Accounts of the order's books as an accountant reads them, liabilities positive."""
    accounts = tuple(Account)
    for name, each in keys.table(written, claiming.faults, accounts).items():

        def look(view: View, account: str = name) -> Seen:
            assert view.order is not None, "the runner asks only once there is an order"
            currency = view.order.price.currency
            balance = account_balances(view.postings).get((Account(account), currency), 0)
            natural = natural_account_balance(Account(account), balance)
            return Seen(value=Money(natural, currency), rule=_none(view).rule)

        yield from claiming.claim(each, f"books.{name}", Money, look)


MONEY_SUBJECTS: dict[str, Reader] = {
    "statement": statement,
    "exits": ways_out,
    "sellers_exits": sellers_ways_out,
    "money": money,
    "books": books,
}
"""Everything about money that a case can expect."""
