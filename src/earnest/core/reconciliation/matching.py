"""Matching: which line of a statement is which booked sum, and which payout arrived at the bank.

The rules run from the strongest to the weakest. A pair counts only when neither side fits anything
else under the same rule; whatever fits several is a doubt, is never guessed, and is kept from the
weaker rules. The same lines and sums give the same matches in any order. Not here: matching by
hand (`by_hand.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import msgspec

from earnest.core.reconciliation.booked import Booked, BookedPlace
from earnest.core.reconciliation.statement import (
    LineKind,
    LinePlace,
    OutsideAccount,
    OutsideKind,
    OutsideLine,
)
from earnest.core.values.ids import BuyerId

DAYS_TO_BANK = 5
"""How long a provider's payout may be under way: over a weekend and a holiday."""

DAYS_OF_PAYER = 3
"""How far apart the bank's day and ours may be where only payer and sum agree."""

_ORDER_ID = re.compile(r"(?<![0-9A-Z])[0-9A-HJKMNP-TV-Z]{16}(?![0-9A-Z])")

Left = TypeVar("Left", bound=Hashable)
Right = TypeVar("Right", bound=Hashable)


class Cause(StrEnum):
    """Why a line and a booked sum are the same."""

    REFERENCE = "reference"
    PAYOUT_REFERENCE = "payout_reference"
    PAYOUT_PAYER = "payout_payer"
    ORDER_IN_TEXT = "order_in_text"
    PAYER = "payer"
    BY_HAND = "by_hand"


class OpenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line to which nothing is matched yet, with its account."""

    place: LinePlace
    account: OutsideAccount
    line: OutsideLine


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Lines and booked sums that are the same money; their sums agree."""

    cause: Cause
    lines: tuple[LinePlace, ...]
    booked: tuple[BookedPlace, ...] = ()


class DoubtKind(StrEnum):
    """Why nothing was matched although something fits."""

    SEVERAL = "several"
    AMOUNT_DIFFERS = "amount_differs"


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """A line for a person: what fits it, and why that is not enough."""

    line: LinePlace
    kind: DoubtKind
    booked: tuple[BookedPlace, ...] = ()
    lines: tuple[LinePlace, ...] = ()


class Matching(msgspec.Struct, frozen=True, kw_only=True):
    """What matches, and what is doubtful; everything else fits nothing."""

    found: tuple[Found, ...]
    doubts: tuple[Doubt, ...]


class _Rest:
    """What is still open while the rules run, and what they found."""

    def __init__(self, lines: Iterable[OpenLine], booked: Iterable[Booked]) -> None:
        self.lines = {
            each.place: each
            for each in sorted(lines, key=lambda each: each.place)
            if each.line.kind is not LineKind.FEE
        }
        self.booked = {each.place: each for each in sorted(booked, key=lambda each: each.place)}
        self.found: list[Found] = []
        self.doubts: list[Doubt] = []

    def take(self, cause: Cause, pairs: Iterable[tuple[LinePlace, BookedPlace]]) -> None:
        """Match what is unambiguous among the pairs of one rule; the rest becomes doubts."""
        sure, several = unambiguous(pairs)
        for line, booked in sure:
            self.found.append(Found(cause=cause, lines=(line,), booked=(booked,)))
            del self.lines[line], self.booked[booked]
        for line, fits in several.items():
            self.doubts.append(Doubt(line=line, kind=DoubtKind.SEVERAL, booked=fits))
            del self.lines[line]
        for place in {each for fits in several.values() for each in fits}:
            del self.booked[place]

    def take_payouts(self, cause: Cause, pairs: Iterable[tuple[LinePlace, LinePlace]]) -> None:
        """The same for a provider's payouts and what arrived at the bank."""
        sure, several = unambiguous(pairs)
        for sent, arrived in sure:
            self.found.append(Found(cause=cause, lines=(sent, arrived)))
            del self.lines[sent], self.lines[arrived]
        for sent, fits in several.items():
            self.doubts.append(Doubt(line=sent, kind=DoubtKind.SEVERAL, lines=fits))
            del self.lines[sent]
        for place in {each for fits in several.values() for each in fits}:
            del self.lines[place]


def match(
    lines: Iterable[OpenLine], booked: Iterable[Booked], names: Mapping[BuyerId, str]
) -> Matching:
    """What of the open lines and booked sums is the same money, without any guess.

    `names` are those under which buyers are registered; nothing of them is kept.
    """
    rest = _Rest(lines, booked)
    _by_reference(rest)
    rest.take_payouts(Cause.PAYOUT_REFERENCE, _payouts(rest, _is_named))
    rest.take_payouts(Cause.PAYOUT_PAYER, _payouts(rest, _comes_from))
    rest.take(Cause.ORDER_IN_TEXT, _with_order_in_text(rest))
    rest.take(Cause.PAYER, _with_payer(rest, names))
    return Matching(
        found=tuple(sorted(rest.found, key=lambda each: each.lines)),
        doubts=tuple(sorted(rest.doubts, key=lambda each: each.line)),
    )


def unambiguous(
    pairs: Iterable[tuple[Left, Right]],
) -> tuple[list[tuple[Left, Right]], dict[Left, tuple[Right, ...]]]:
    """Pairs of which neither side is in another pair, and for all other lefts what fits them."""
    rights: dict[Left, list[Right]] = {}
    lefts: dict[Right, list[Left]] = {}
    for left, right in pairs:
        rights.setdefault(left, []).append(right)
        lefts.setdefault(right, []).append(left)
    sure, several = [], {}
    for left, fits in rights.items():
        if len(fits) == 1 and len(lefts[fits[0]]) == 1:
            sure.append((left, fits[0]))
        else:
            several[left] = tuple(fits)
    return sure, several


def _by_reference(rest: _Rest) -> None:
    """The provider's own id and the same sum. The same id with another sum is for a person."""
    known: dict[tuple[str, str], list[Booked]] = {}
    for each in rest.booked.values():
        if each.reference:
            known.setdefault((each.reference, each.currency), []).append(each)
    pairs, differing = [], []
    for place, line in rest.lines.items():
        named = known.get((line.line.reference, line.account.currency), [])
        same = [each.place for each in named if each.amount == line.line.amount]
        pairs += [(place, each) for each in same]
        if named and not same:
            differing.append((place, tuple(each.place for each in named)))
    rest.take(Cause.REFERENCE, pairs)
    for place, fits in differing:
        rest.doubts.append(Doubt(line=place, kind=DoubtKind.AMOUNT_DIFFERS, booked=fits))
        del rest.lines[place]
        for booked in fits:
            rest.booked.pop(booked, None)


def _payouts(
    rest: _Rest, fits: Callable[[OpenLine, OpenLine], bool]
) -> list[tuple[LinePlace, LinePlace]]:
    """What left a provider for the seller, with whatever of the same sum arrived at a bank."""
    arrived: dict[tuple[str, int], list[OpenLine]] = {}
    for each in rest.lines.values():
        if each.account.kind is OutsideKind.BANK:
            arrived.setdefault((each.account.currency, each.line.amount), []).append(each)
    return [
        (sent.place, each.place)
        for sent in rest.lines.values()
        if sent.line.kind is LineKind.PAYOUT
        for each in arrived.get((sent.account.currency, -sent.line.amount), [])
        if fits(sent, each)
    ]


def _is_named(sent: OpenLine, arrived: OpenLine) -> bool:
    """Whether the bank's line names the provider's payout."""
    said = _plain(f"{arrived.line.reference} {arrived.line.text}")
    wanted = {_plain(sent.line.reference), _plain(sent.line.batch)} - {""}
    return any(each in said for each in wanted)


def _comes_from(sent: OpenLine, arrived: OpenLine) -> bool:
    """Whether the bank's line came from this provider within the days that a payout may take."""
    days = (arrived.line.booked_on - sent.line.booked_on).days
    payer = _plain(sent.account.appears_as)
    return 0 <= days <= DAYS_TO_BANK and payer != "" and payer == _plain(arrived.line.payer)


def _with_order_in_text(rest: _Rest) -> list[tuple[LinePlace, BookedPlace]]:
    """The order's number in the text, and the same sum."""
    by_order: dict[tuple[str, str, int], list[BookedPlace]] = {}
    for each in rest.booked.values():
        key = (each.place.order_id, each.currency, each.amount)
        by_order.setdefault(key, []).append(each.place)
    return [
        (place, booked)
        for place, each in _not_payouts(rest)
        for order_id in sorted(set(_ORDER_ID.findall(each.line.text.upper())))
        for booked in by_order.get((order_id, each.account.currency, each.line.amount), [])
    ]


def _with_payer(rest: _Rest, names: Mapping[BuyerId, str]) -> list[tuple[LinePlace, BookedPlace]]:
    """The buyer as payer, the same sum, and a day close by."""
    by_payer: dict[tuple[str, str, int], list[Booked]] = {}
    for each in rest.booked.values():
        name = _plain(names.get(each.place.buyer_id, ""))
        if name:
            by_payer.setdefault((name, each.currency, each.amount), []).append(each)
    return [
        (place, booked.place)
        for place, each in _not_payouts(rest)
        for booked in by_payer.get(
            (_plain(each.line.payer), each.account.currency, each.line.amount), []
        )
        if abs((each.line.booked_on - booked.on).days) <= DAYS_OF_PAYER
    ]


def _not_payouts(rest: _Rest) -> list[tuple[LinePlace, OpenLine]]:
    return [each for each in rest.lines.items() if each[1].line.kind is not LineKind.PAYOUT]


def _plain(text: str) -> str:
    """A text without blanks and capitals, by which names and ids are compared."""
    return "".join(text.split()).casefold()


def amounts_of(lines: Sequence[OpenLine]) -> frozenset[tuple[str, int]]:
    """Sums at a bank whose payer could be a buyer: whose names the desk has to look up."""
    return frozenset((each.account.currency, each.line.amount) for each in lines if each.line.payer)
