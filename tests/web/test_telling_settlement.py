"""Who answers for a statement: the seller, and whoever took the money.

Not here: the sums and rules of the lines (`tests/core/tables`).
"""

from __future__ import annotations

import msgspec

from earnest.core.ledger.account import Account
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import LineKind, Statement, to_buyer
from earnest.core.settlement.words import Reader
from earnest.core.values.money import Money
from earnest.web.telling_settlement import settlement_in_words
from tests.core.world import TERMS

DOUBLE = Statement(
    ground=Ground.BREACHED_AGREEMENT,
    currency="CNY",
    lines=(
        to_buyer(
            LineKind.EARNEST_RETURNED, Account.COMMITTED_DEPOSITS, Money(500_000, "CNY"), "CN-17"
        ),
        to_buyer(
            LineKind.EARNEST_DOUBLED, Account.DOUBLE_RETURN_EXPENSE, Money(500_000, "CNY"), "CN-17"
        ),
    ),
)
NOTHING = Statement(ground=Ground.COOLING_OFF, currency="CNY", lines=())


def test_the_local_seller_and_the_company_that_took_the_money_answer_together() -> None:
    english = settlement_in_words(DOUBLE, TERMS, "en", Reader.BUYER)
    chinese = settlement_in_words(DOUBLE, TERMS, "zh-Hans", Reader.BUYER)

    assert english.answered_by == chinese.answered_by == ("Aurora Haikou", "Aurora Pay")
    assert english.words == (
        "Paid out to you: ¥10,000.00. Aurora Haikou and Aurora Pay, which took the money, answer "
        "for it together: you may ask either of them for the whole."
    )
    assert chinese.words == (
        "应向您支付：10,000.00 元。Aurora Haikou与收款方Aurora Pay对此承担连带责任，您可以"
        "向其中任何一方请求全部款项。"
    )


def test_staff_read_about_the_buyer() -> None:
    english = settlement_in_words(DOUBLE, TERMS, "en", Reader.OTHERS)

    assert english.words == (
        "Paid out to the buyer: ¥10,000.00. Aurora Haikou and Aurora Pay, which took the money, "
        "answer for it together: the buyer may ask either of them for the whole."
    )
    assert english.lines[0].words == "The earnest money goes back to the buyer. (¥5,000.00)"


def test_a_seller_that_takes_the_money_itself_answers_alone() -> None:
    alone = msgspec.structs.replace(TERMS, payee=TERMS.seller)

    settlement = settlement_in_words(DOUBLE, alone, "en", Reader.BUYER)

    assert settlement.answered_by == ("Aurora Haikou",)
    assert settlement.words == "Paid out to you: ¥10,000.00."


def test_nobody_answers_where_nothing_is_owed() -> None:
    settlement = settlement_in_words(NOTHING, TERMS, "en", Reader.BUYER)

    assert settlement.answered_by == ()
    assert settlement.words == "No money was held, so none moves."
