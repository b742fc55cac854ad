"""The chart of accounts.

Not here: account balances, which are folded from postings.
"""

from enum import StrEnum


class Account(StrEnum):
    """An account of the seller's books, kept per order.

    Money received stays a liability to the buyer until the car is handed over (DESIGN section 4).
    """

    PROVIDER_CLEARING = "provider_clearing"
    """Asset: money that a payment provider holds for the seller."""

    CUSTOMER_DEPOSITS = "customer_deposits"
    """Liability: deposits that the buyer may still take back freely."""

    COMMITTED_DEPOSITS = "committed_deposits"
    """Liability: deposits of locked orders, credited at handover or settled at an exit."""

    CUSTOMER_BALANCES = "customer_balances"
    """Liability: the balance paid after the inspection and before the handover."""

    OWED_TO_BUYERS = "owed_to_buyers"
    """Liability: sums that a settlement or a surplus fixed and that are not paid out yet."""

    FORFEITURES_UNRELEASED = "forfeitures_unreleased"
    """Liability: forfeited earnest money that no second person has released yet."""

    SALES_REVENUE = "sales_revenue"
    """Income: the price of cars handed over."""

    FORFEITURE_INCOME = "forfeiture_income"
    """Income: forfeitures released by a second person."""

    FEE_INCOME = "fee_income"
    """Income: fees of a deposit of kind `fee` that the terms let the seller keep."""

    DOUBLE_RETURN_EXPENSE = "double_return_expense"
    """Expense: the second half of a double return (Civil Code 587)."""

    CHARGEBACKS = "chargebacks"
    """Asset: money that a bank took back and that a settlement or a case has not resolved yet."""


CREDIT_NATURED = frozenset(
    {
        Account.CUSTOMER_DEPOSITS,
        Account.COMMITTED_DEPOSITS,
        Account.CUSTOMER_BALANCES,
        Account.OWED_TO_BUYERS,
        Account.FORFEITURES_UNRELEASED,
        Account.SALES_REVENUE,
        Account.FORFEITURE_INCOME,
        Account.FEE_INCOME,
    }
)
"""Accounts whose account balance is shown as credits minus debits."""
