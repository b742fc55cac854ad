"""The position: what is held for an order at the moment it ends, and what bears on it.

Not here: where these facts come from (`core/order/settling.py`).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.terms.policy import DepositKind
from earnest.core.values.money import Money


class Claim(StrEnum):
    """What an injured buyer claims beside its money: one or the other, by choice (CN-18)."""

    EARNEST = "earnest"
    """The double return, and the loss that exceeds it."""

    COMPENSATION = "compensation"
    """The single sum, the compensation for each day of delay, and the loss that exceeds it."""


class Held(msgspec.Struct, frozen=True):
    """A sum of the buyer's and for how many days the seller had it."""

    amount: Money
    days: int


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a fleet that one deposit secures was delivered and accepted (CN-22).

    `rest_needed` is whether the delivered cars are useless without the others.
    """

    vehicles: int
    delivered: int
    rest_needed: bool = False

    def __post_init__(self) -> None:
        """A fleet that is delivered whole has nothing left to settle."""
        assert 0 <= self.delivered < self.vehicles, "some car of the fleet is not delivered"


WHOLE = Fleet(vehicles=1, delivered=0)
"""An order of one car, which is not delivered."""


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """What settlement needs to know of an order.

    `deposit_account` says whether the deposit is still freely refundable or committed.
    `forfeiture_acknowledged` is whether the forfeiture clause became part of the contract.
    The losses are documented, approved by a second person, and net of what a resale saved.
    `interest_basis_points` is the yearly rate of the terms; the law's may be higher.
    `claim` is what the buyer chose; None stands for whatever gives the buyer more.
    `price_paid` is what a car that was handed over and comes back had cost.
    """

    price: Money
    deposit_kind: DepositKind
    deposit_account: Account
    deposit_paid: Money
    balance_paid: Money
    charged_back: Money
    earnest_cap_basis_points: int
    forfeiture_acknowledged: bool
    deposit_days: int = 0
    balance_held: tuple[Held, ...] = ()
    interest_basis_points: int = 0
    buyer_broke_seriously: bool = False
    seller_broke_seriously: bool = False
    sellers_loss: Money | None = None
    buyers_loss: Money | None = None
    delay_compensation: Money | None = None
    fleet: Fleet = WHOLE
    is_shipped: bool = False
    claim: Claim | None = None
    price_paid: Money | None = None
