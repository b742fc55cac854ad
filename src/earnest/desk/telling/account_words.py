"""The accounts of the books in words that a buyer understands.

Not here: the chart of accounts itself (`core/ledger/account.py`).
"""

from earnest.core.ledger.account import Account

_WORDS: dict[Account, dict[str, str]] = {
    Account.PROVIDER_CLEARING: {
        "en": "Money that the payment provider holds",
        "zh-Hans": "支付机构代收的款项",
    },
    Account.CUSTOMER_DEPOSITS: {
        "en": "Your deposit, which you can still take back freely",
        "zh-Hans": "您可无理由取回的订购款",
    },
    Account.COMMITTED_DEPOSITS: {
        "en": "Your deposit of the locked order",
        "zh-Hans": "已锁单订单的订购款",
    },
    Account.CUSTOMER_BALANCES: {
        "en": "What you paid towards the balance",
        "zh-Hans": "您已支付的尾款",
    },
    Account.OWED_TO_BUYERS: {"en": "Owed to you", "zh-Hans": "应付给您的款项"},
    Account.FORFEITURES_UNRELEASED: {
        "en": "Part of the deposit not returned, not yet released by a second person",
        "zh-Hans": "不予返还、尚待第二人放行的订车款项",
    },
    Account.SALES_REVENUE: {"en": "Price of the car handed over", "zh-Hans": "已交付车辆的车款"},
    Account.FORFEITURE_INCOME: {
        "en": "Part of the deposit not returned",
        "zh-Hans": "不予返还的订车款项",
    },
    Account.FEE_INCOME: {"en": "Fee for a service", "zh-Hans": "服务费"},
    Account.DOUBLE_RETURN_EXPENSE: {
        "en": "Second half of the double return, at the seller's expense",
        "zh-Hans": "卖方承担的双倍返还部分",
    },
    Account.COMPENSATION_EXPENSE: {
        "en": "Compensation, at the seller's expense",
        "zh-Hans": "卖方承担的补偿与赔偿",
    },
    Account.INTEREST_EXPENSE: {
        "en": "Interest, at the seller's expense",
        "zh-Hans": "卖方承担的利息",
    },
    Account.TAX_GUARANTEE_EXPENSE: {
        "en": "Purchase tax borne by the seller",
        "zh-Hans": "卖方承担的购置税差额",
    },
    Account.CHARGEBACKS: {"en": "Taken back by your bank", "zh-Hans": "您的银行退回的款项"},
}


def account_words(account: Account, language: str) -> str:
    """What stands on the account, in the language asked for."""
    return _WORDS[account][language]
