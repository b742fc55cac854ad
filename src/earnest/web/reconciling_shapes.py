"""How lines, booked sums and matches look on the wire, and the keys by which they are chosen.

Not here: choosing them (`api/matches.py`) and reading them (`api/reconciliation.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from earnest.core.order.actor import Role
from earnest.core.reconciliation.booked import Booked, BookedPlace
from earnest.core.reconciliation.by_hand import Match, MatchState
from earnest.core.reconciliation.matching import Cause, OpenLine
from earnest.core.reconciliation.statement import LineKind, LinePlace
from earnest.core.values.ids import BuyerId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.sights import Seen, SightKind
from earnest.people.caller import Caller, Privilege
from earnest.web.codes import DoorCode
from earnest.web.problems import TurnedAway

_LINE = re.compile(r"([0-9A-Z]{16})\.([1-9][0-9]{0,8})")
_BOOKED = re.compile(r"([0-9A-Z]{16})\.([0-9A-Z]{16})\.([1-9][0-9]{0,8})\.([1-9][0-9]{0,3})")


class LineShown(msgspec.Struct, frozen=True, kw_only=True):
    """A line that nothing is matched to. Payer and text only for those who handle buyers."""

    key: str
    account_id: str
    number: int
    kind: LineKind
    booked_on: date
    amount: Money
    reference: str
    payer: str
    text: str


class BookedShown(msgspec.Struct, frozen=True, kw_only=True):
    """A booked sum that no statement shows."""

    key: str
    order_id: OrderId
    booked_on: date
    amount: Money
    reference: str


class MatchShown(msgspec.Struct, frozen=True, kw_only=True):
    """A match. `written_off` is what its lines are more than its booked sums."""

    match_id: str
    state: MatchState
    cause: Cause
    lines: tuple[str, ...]
    booked: tuple[str, ...]
    order_ids: tuple[OrderId, ...]
    written_off: Money
    reason: str
    made_by: str
    made_at: Instant
    needs_second: bool
    approved_by: str
    approved_at: Instant | None
    undone_by: str
    undone_reason: str


def may_see_payers(caller: Caller) -> bool:
    """Whether somebody handles buyers' money, or audits those who do."""
    return Role.FINANCE in caller.actor.roles or Privilege.AUDITOR in caller.privileges


def line_shown(each: OpenLine, *, with_payer: bool) -> LineShown:
    """A line, and who paid it where the reader may know."""
    return LineShown(
        key=line_key(each.place),
        account_id=each.account.account_id,
        number=each.line.number,
        kind=each.line.kind,
        booked_on=each.line.booked_on,
        amount=Money(each.line.amount, each.account.currency),
        reference=each.line.reference,
        payer=each.line.payer if with_payer else "",
        text=each.line.text if with_payer else "",
    )


def payers_seen(lines: Iterable[OpenLine]) -> tuple[Seen, ...]:
    """That somebody was shown who paid lines; whose orders these are for is what nobody knows."""
    is_told = any(each.line.payer or each.line.text for each in lines)
    return (Seen(kind=SightKind.PAYERS),) if is_told else ()


def booked_shown(each: Booked) -> BookedShown:
    """A booked sum with the order to which it belongs."""
    return BookedShown(
        key=booked_key(each.place),
        order_id=each.place.order_id,
        booked_on=each.on,
        amount=Money(each.amount, each.currency),
        reference=each.reference,
    )


def match_shown(each: Match) -> MatchShown:
    """A match with everything that became of it."""
    return MatchShown(
        match_id=each.match_id,
        state=each.state,
        cause=each.cause,
        lines=tuple(line_key(place) for place in each.lines),
        booked=tuple(booked_key(place) for place in each.booked),
        order_ids=tuple(sorted({place.order_id for place in each.booked})),
        written_off=Money(each.difference, each.currency),
        reason=each.reason,
        made_by=each.made_by,
        made_at=each.made_at,
        needs_second=each.needs_second,
        approved_by=each.approved_by,
        approved_at=each.approved_at,
        undone_by=each.undone_by,
        undone_reason=each.undone_reason,
    )


def line_key(place: LinePlace) -> str:
    """The key of a line: its statement and its number there."""
    return f"{place.statement_id}.{place.line}"


def booked_key(place: BookedPlace) -> str:
    """The key of a booked sum: its posting."""
    return f"{place.buyer_id}.{place.order_id}.{place.sequence}.{place.line}"


def line_place(key: str) -> LinePlace:
    """The line of a key; another text is of the wrong type."""
    found = _LINE.fullmatch(key)
    if found is None:
        raise TurnedAway(DoorCode.WRONG_TYPE, {"field": "lines", "expected": "keys of lines"})
    return LinePlace(found[1], int(found[2]))


def booked_place(key: str) -> BookedPlace:
    """The booked sum of a key; another text is of the wrong type."""
    found = _BOOKED.fullmatch(key)
    if found is None:
        details = {"field": "booked", "expected": "keys of booked sums"}
        raise TurnedAway(DoorCode.WRONG_TYPE, details)
    return BookedPlace(BuyerId(found[1]), OrderId(found[2]), int(found[3]), int(found[4]))
