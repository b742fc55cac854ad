"""The effective policy: standard <- public promise <- side agreement (CN-05, DE-01).

One pure function decides each field, and says what decided it: the later and the more individual
wins; where two of a kind overlap, the value that favours the buyer wins and the overlap is named
(in doubt against the drafter, Civil Code 498, BGB 305c). Not here: how promises and agreements
reach an order (`core/order/agree.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from earnest.core.terms.agreement import Agreement, AppliedPromise
from earnest.core.terms.override import ORDERS_OWN, OverrideField, Value, favour, standard_value
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant


class Source(StrEnum):
    """Which of the three decided a number."""

    STANDARD = "standard"
    PUBLIC_PROMISE = "public_promise"
    AGREEMENT = "agreement"


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The value of one field and what decided it.

    `number` is that of the promise or agreement on the order, zero for the standard terms.
    `instead_of` is the standard value; `overlaps` names everything else that said something
    different about the field and gave way, for example `agreement 2`.
    """

    field: OverrideField
    value: Value | None
    source: Source = Source.STANDARD
    number: int = 0
    instead_of: Value | None = None
    overlaps: tuple[str, ...] = ()


class _Said(msgspec.Struct, frozen=True):
    source: Source
    number: int
    since: Instant
    value: Value

    @property
    def name(self) -> str:
        return f"{self.source} {self.number}"


def effective(
    standard: Policy,
    promises: Sequence[AppliedPromise],
    agreements: Sequence[Agreement],
    at: Instant,
) -> Policy:
    """The policy that runs at an instant; the standard one itself when nothing was agreed."""
    if not promises and not agreements:
        return standard
    changes = {
        each.field.value: each.value
        for each in decided(standard, promises, agreements, at)
        if each.source is not Source.STANDARD and each.field not in ORDERS_OWN
    }
    if not changes:
        return standard
    weeks_to = changes.get("promise_weeks_to")
    if isinstance(weeks_to, int) and weeks_to < standard.promise_weeks_from:
        changes["promise_weeks_from"] = weeks_to
    return msgspec.structs.replace(standard, **changes)


def decided(
    standard: Policy,
    promises: Sequence[AppliedPromise],
    agreements: Sequence[Agreement],
    at: Instant,
) -> tuple[Decided, ...]:
    """For every field that can be overridden: its value at an instant, and what decided it."""
    replaced = {number for each in agreements for number in each.replaces}
    in_force = [each for each in agreements if each.number not in replaced and each.in_force(at)]
    said: dict[OverrideField, list[_Said]] = {}
    for applied in promises:
        for override in applied.promise.overrides:
            said.setdefault(override.field, []).append(
                _Said(Source.PUBLIC_PROMISE, applied.number, applied.applied_at, override.value)
            )
    for agreement in in_force:
        for override in agreement.overrides:
            said.setdefault(override.field, []).append(
                _Said(Source.AGREEMENT, agreement.number, _agreed_at(agreement), override.value)
            )
    return tuple(
        _decide(field, standard_value(standard, field), said.get(field, ()))
        for field in OverrideField
    )


def _agreed_at(agreement: Agreement) -> Instant:
    return agreement.buyer_accepted_at or agreement.seller_accepted_at or agreement.proposed_at


def _decide(field: OverrideField, standard: Value | None, said: Iterable[_Said]) -> Decided:
    said = tuple(said)
    winner = _best(field, [each for each in said if each.source is Source.AGREEMENT])
    for promise in (each for each in said if each.source is Source.PUBLIC_PROMISE):
        is_better = winner is None or favour(field, promise.value) > favour(field, winner.value)
        is_later = winner is None or promise.since > winner.since
        yields = winner is not None and winner.source is Source.PUBLIC_PROMISE
        if is_better and (is_later or yields):
            winner = promise
    if winner is not None and winner.source is Source.PUBLIC_PROMISE:
        # A promise to everybody is made to be relied on; it never makes the contract worse.
        winner = winner if favour(field, winner.value) > favour(field, standard) else None
    if winner is None:
        return Decided(field=field, value=standard, instead_of=standard)
    gave_way = tuple(
        each.name for each in said if each is not winner and each.value != winner.value
    )
    return Decided(
        field=field,
        value=winner.value,
        source=winner.source,
        number=winner.number,
        instead_of=standard,
        overlaps=gave_way,
    )


def _best(field: OverrideField, said: list[_Said]) -> _Said | None:
    return max(said, key=lambda each: favour(field, each.value), default=None)
