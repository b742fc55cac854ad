"""The ledger: postings with both sides, reversed and never deleted, folded to account balances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.ledger.account import Account
from earnest.core.ledger.posting import Posting, account_balances, natural_account_balance
from earnest.core.values.money import Money
from tests.core.world import yuan

POSTINGS = st.builds(
    lambda accounts, amount, currency: Posting(accounts[0], accounts[1], Money(amount, currency)),
    st.permutations(list(Account)),
    st.integers(1, 10**12),
    st.sampled_from(["CNY", "EUR"]),
)


def test_a_posting_has_two_sides_and_a_positive_amount() -> None:
    with pytest.raises(AssertionError):
        Posting(Account.OWED_TO_BUYERS, Account.OWED_TO_BUYERS, yuan(1))
    with pytest.raises(AssertionError):
        Posting(Account.PROVIDER_CLEARING, Account.OWED_TO_BUYERS, yuan(0))
    with pytest.raises(AssertionError):
        Posting(Account.PROVIDER_CLEARING, Account.OWED_TO_BUYERS, yuan(-1))


def test_account_balances_are_kept_by_account_and_currency() -> None:
    clearing, deposits = Account.PROVIDER_CLEARING, Account.CUSTOMER_DEPOSITS
    postings = [
        Posting(clearing, deposits, Money(500, "CNY")),
        Posting(clearing, deposits, Money(7, "EUR")),
        Posting(deposits, clearing, Money(200, "CNY")),
    ]

    assert {
        (clearing, "CNY"): 300,
        (deposits, "CNY"): -300,
        (clearing, "EUR"): 7,
        (deposits, "EUR"): -7,
    } == account_balances(postings)


def test_an_accountant_reads_liabilities_and_income_as_positive() -> None:
    assert natural_account_balance(Account.CUSTOMER_DEPOSITS, -300) == 300
    assert natural_account_balance(Account.SALES_REVENUE, -300) == 300
    assert natural_account_balance(Account.PROVIDER_CLEARING, 300) == 300
    assert natural_account_balance(Account.DOUBLE_RETURN_EXPENSE, 300) == 300


@given(st.lists(POSTINGS))
def test_whatever_is_posted_sums_to_zero(postings: list[Posting]) -> None:
    for currency in ("CNY", "EUR"):
        balances = account_balances(postings)
        assert sum(each for (_, code), each in balances.items() if code == currency) == 0


@given(st.lists(POSTINGS))
def test_a_reversal_takes_back_exactly_what_was_posted(postings: list[Posting]) -> None:
    taken_back = [posting.reversed() for posting in postings]

    assert not any(account_balances([*postings, *taken_back]).values())
    assert postings == [posting.reversed() for posting in taken_back]
