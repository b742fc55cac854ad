"""The explanation: how one comes from what providers and banks hold to what our books say.

Not here: adding up lines and booked sums, which the store does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import msgspec

from earnest.core.reconciliation.booked import Booked
from earnest.core.reconciliation.statement import OutsideAccount


class ItemKind(StrEnum):
    """What explains a part of the difference."""

    HELD = "held"
    """What stood with a provider or a bank at the end of its last statement."""
    STOOD_BEFORE = "stood_before"
    """What stood there before the first statement."""
    GAP = "gap"
    """What changed between two statements of which one is missing."""
    FEE = "fee"
    """What a provider kept."""
    IN_TRANSIT = "in_transit"
    """What a provider sent to a bank and no bank shows yet."""
    NOT_IN_BOOKS = "not_in_books"
    """What a statement shows and no booked sum is."""
    NOT_YET_SHOWN = "not_yet_shown"
    """Booked after the last statement ends."""
    NOT_SHOWN = "not_shown"
    """Booked while statements ran, and on none of them."""
    BOOKED_BEFORE = "booked_before"
    """Booked before the first statement begins."""
    WRITTEN_OFF = "written_off"
    """What two people let be."""


class AccountSums(msgspec.Struct, frozen=True, kw_only=True):
    """One outside account, added up. `lines` counts all of them, the others only open ones."""

    account: OutsideAccount
    begins: date
    ends: date
    opening: int
    closing: int
    lines: int
    fees: int
    payouts_open: int
    others_open: int


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in one currency. `booked` are the sums open by when they were booked."""

    currency: str
    ledger: int
    accounts: tuple[AccountSums, ...]
    booked_before: int
    booked_during: int
    booked_after: int
    written_off: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One step from what is held to what the books say, with its sign."""

    kind: ItemKind
    amount: int
    account_id: str = ""


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """`ledger` is the sum of all items. `remainder` is what they leave: zero, or a defect."""

    currency: str
    ledger: int
    items: tuple[Item, ...]
    remainder: int


def explain(sums: Sums) -> Explained:
    """Every step that is not zero, from what is held outside to what the books say."""
    items: list[Item] = []
    for each in sums.accounts:
        between = each.closing - each.opening - each.lines
        steps = {
            ItemKind.HELD: each.closing,
            ItemKind.STOOD_BEFORE: -each.opening,
            ItemKind.GAP: -between,
            ItemKind.FEE: -each.fees,
            ItemKind.IN_TRANSIT: -each.payouts_open,
            ItemKind.NOT_IN_BOOKS: -each.others_open,
        }
        account_id = each.account.account_id
        items += [
            Item(kind=kind, amount=amount, account_id=account_id)
            for kind, amount in steps.items()
            if amount or kind is ItemKind.HELD
        ]
    rest = {
        ItemKind.BOOKED_BEFORE: sums.booked_before,
        ItemKind.NOT_SHOWN: sums.booked_during,
        ItemKind.NOT_YET_SHOWN: sums.booked_after,
        ItemKind.WRITTEN_OFF: -sums.written_off,
    }
    items += [Item(kind=kind, amount=amount) for kind, amount in rest.items() if amount]
    return Explained(
        currency=sums.currency,
        ledger=sums.ledger,
        items=tuple(items),
        remainder=sums.ledger - sum(each.amount for each in items),
    )


def when_booked(booked: Booked, begins: date | None, ends: date | None) -> ItemKind:
    """Whether an open sum was booked before, during or after the days of the statements."""
    if begins is None or ends is None or booked.on > ends:
        return ItemKind.NOT_YET_SHOWN
    return ItemKind.BOOKED_BEFORE if booked.on < begins else ItemKind.NOT_SHOWN


def days_shown(accounts: Sequence[AccountSums]) -> tuple[date | None, date | None]:
    """The first and the last day that any statement covers."""
    begins = min((each.begins for each in accounts), default=None)
    return begins, max((each.ends for each in accounts), default=None)
