"""Matches as they are kept, and what people do: match by hand, approve, take back.

What lines and booked sums of a match differ by is written off, which takes a second person. Not
here: the books. A match changes no order and no entry; it only says what explains what.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from earnest.core.cases.second_person import is_another_person
from earnest.core.reconciliation.booked import Booked, BookedPlace
from earnest.core.reconciliation.matching import Cause, OpenLine
from earnest.core.reconciliation.statement import LineKind, LinePlace
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

MOST_TOGETHER = 500
"""Lines and booked sums of one match by hand at most."""


class MatchState(StrEnum):
    """Where a match stands; one that waits explains nothing yet."""

    WAITING = "waiting"
    STANDING = "standing"
    UNDONE = "undone"


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Lines and booked sums that are the same money. `difference` is lines minus booked sums."""

    match_id: str
    cause: Cause
    lines: tuple[LinePlace, ...]
    booked: tuple[BookedPlace, ...]
    currency: str
    difference: int
    made_by: str
    made_at: Instant
    reason: str = ""
    needs_second: bool = False
    approved_by: str = ""
    approved_at: Instant | None = None
    undone_by: str = ""
    undone_at: Instant | None = None
    undone_reason: str = ""

    @property
    def state(self) -> MatchState:
        """Where it stands."""
        if self.undone_at is not None:
            return MatchState.UNDONE
        if self.needs_second and self.approved_at is None:
            return MatchState.WAITING
        return MatchState.STANDING


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody chose to be the same money, and why."""

    match_id: str
    lines: Sequence[OpenLine]
    booked: Sequence[Booked]
    reason: str


def match_by_hand(chosen: Chosen, by: str, at: Instant) -> Match | Rejected:
    """The match that somebody makes of open lines and booked sums.

    A second person has to approve it when anything is written off, or when it is about more than
    its accounts let one person do. Rejections: `match_empty`, `match_too_large`,
    `match_reason_missing`, `fee_explains_itself`, `currency_differs`.
    """
    sums = [each.line.amount for each in chosen.lines], [each.amount for each in chosen.booked]
    if not any(sums):
        return Rejected(Reason.MATCH_EMPTY)
    if sum(map(len, sums)) > MOST_TOGETHER:
        return Rejected(Reason.MATCH_TOO_LARGE, {"most": str(MOST_TOGETHER)})
    if not chosen.reason.strip():
        return Rejected(Reason.MATCH_REASON_MISSING)
    if any(each.line.kind is LineKind.FEE for each in chosen.lines):
        return Rejected(Reason.FEE_EXPLAINS_ITSELF)
    currencies = {each.account.currency for each in chosen.lines}
    currencies |= {each.currency for each in chosen.booked}
    if len(currencies) > 1:
        return Rejected(Reason.CURRENCY_DIFFERS, {"currency": min(currencies)})
    difference = sum(sums[0]) - sum(sums[1])
    about = max(sum(map(abs, each)) for each in sums)
    limit = min((each.account.second_person_above for each in chosen.lines), default=0)
    return Match(
        match_id=chosen.match_id,
        cause=Cause.BY_HAND,
        lines=tuple(sorted(each.place for each in chosen.lines)),
        booked=tuple(sorted(each.place for each in chosen.booked)),
        currency=currencies.pop(),
        difference=difference,
        made_by=by,
        made_at=at,
        reason=chosen.reason.strip(),
        needs_second=difference != 0 or about > limit,
    )


def approve(match: Match, by: str, at: Instant) -> Match | Rejected:
    """The match after a second person looked at it.

    Rejections: `match_not_waiting`, `second_person_missing`.
    """
    if match.state is not MatchState.WAITING:
        return Rejected(Reason.MATCH_NOT_WAITING)
    if not is_another_person(by, match.made_by):
        return Rejected(Reason.SECOND_PERSON_MISSING)
    return msgspec.structs.replace(match, approved_by=by, approved_at=at)


def undo(match: Match, by: str, at: Instant, reason: str) -> Match | Rejected:
    """The match taken back: its lines and booked sums are open again, and it stays on record.

    Rejections: `match_undone`, `match_reason_missing`.
    """
    if match.state is MatchState.UNDONE:
        return Rejected(Reason.MATCH_UNDONE)
    if not reason.strip():
        return Rejected(Reason.MATCH_REASON_MISSING)
    return msgspec.structs.replace(match, undone_by=by, undone_at=at, undone_reason=reason.strip())
