"""Money: whole minor units of one currency.

Not here: accounts and postings, which live in `core/ledger`.
"""

from __future__ import annotations

import msgspec

BASIS_POINTS_OF_ONE = 10_000


class Money(msgspec.Struct, frozen=True, order=True):
    """An amount in minor units (fen, cents) of an ISO 4217 currency.

    The amount may be negative only as the result of a subtraction; what enters
    Earnest from outside is checked to be positive at the door.
    """

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts of the same currency."""
        assert self.currency == other.currency, "money of two currencies is never added"
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Difference of two amounts of the same currency."""
        assert self.currency == other.currency, "money of two currencies is never subtracted"
        return Money(self.amount - other.amount, self.currency)

    @property
    def is_positive(self) -> bool:
        """Whether there is anything to move."""
        return self.amount > 0

    def share(self, basis_points: int) -> Money:
        """The part of this amount that a rate gives; basis points are hundredths of a percent."""
        return self.part(basis_points, BASIS_POINTS_OF_ONE)

    def part(self, numerator: int, denominator: int) -> Money:
        """The given fraction of this amount, rounded half to even.

        This is the only place where Earnest rounds money (DESIGN section 4).
        """
        whole, rest = divmod(self.amount * numerator, denominator)
        twice = 2 * rest
        round_up = twice > denominator or (twice == denominator and whole % 2 == 1)
        return Money(whole + 1 if round_up else whole, self.currency)


def smaller(one: Money, other: Money) -> Money:
    """The smaller of two amounts of the same currency."""
    assert one.currency == other.currency, "money of two currencies is never compared"
    return one if one.amount <= other.amount else other


def larger(one: Money, other: Money) -> Money:
    """The larger of two amounts of the same currency."""
    assert one.currency == other.currency, "money of two currencies is never compared"
    return one if one.amount >= other.amount else other


def above(amount: Money, limit: Money) -> Money:
    """What of an amount lies above a limit; zero when nothing does."""
    return larger(amount - limit, nothing(amount.currency))


def nothing(currency: str) -> Money:
    """Zero in the given currency."""
    return Money(0, currency)


def total(amounts: tuple[Money, ...] | list[Money], currency: str) -> Money:
    """Sum of amounts that all have the given currency; zero when there are none."""
    result = nothing(currency)
    for amount in amounts:
        result = result + amount
    return result
