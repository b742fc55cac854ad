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
    """Liability: what the seller would keep of a deposit and no second person has released yet."""

    SALES_REVENUE = "sales_revenue"
    """Income: the price of cars handed over."""

    FORFEITURE_INCOME = "forfeiture_income"
    """Income: forfeitures released by a second person."""

    FEE_INCOME = "fee_income"
    """Income: fees of a deposit of kind `fee` that the terms let the seller keep."""

    DOUBLE_RETURN_EXPENSE = "double_return_expense"
    """Expense: the second half of a double return (Civil Code 587)."""

    COMPENSATION_EXPENSE = "compensation_expense"
    """Expense: what a late or broken delivery costs beside a double return (CN-14, CN-18)."""

    INTEREST_EXPENSE = "interest_expense"
    """Expense: interest on the buyer's money, and what a late refund grows by (CN-29, FR-02)."""

    TAX_GUARANTEE_EXPENSE = "tax_guarantee_expense"
    """Expense: tax that the buyer pays because the delivery slipped into another year (CN-40)."""

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


EXPENSES = frozenset(
    {
        Account.DOUBLE_RETURN_EXPENSE,
        Account.COMPENSATION_EXPENSE,
        Account.INTEREST_EXPENSE,
        Account.TAX_GUARANTEE_EXPENSE,
    }
)
"""Accounts of money that goes beyond the buyer's own, so that a second person releases it."""
