"""The parameters that no rule of the engine computes with, and how a clause says so.

A clause that holds nothing else is marked as a whole (`Clause.executed`); in any other a sentence
names what the parties carry out themselves. Not here: the parameters' meaning (`meanings.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.terms.clauses.words import Both, listed

PARTLY: Mapping[str, Both] = {
    "deposit.label": Both("the name of the deposit", "款项名称"),
    "deposit.holding": Both("how it is kept until handover", "交车前的款项存放方式"),
    "promise.place": Both("the place of handover", "交付地点"),
    "collection.days": Both("the days to come for the car", "验车提车的天数"),
    "buyers_default.lower_loss_may_be_proven": Both("the proof of a lower loss", "较低损失的举证"),
    "refunds.channels": Both("cancelling by telephone or in the store", "通过电话或门店取消订单"),
    "withdrawal_after_handover.explained_before_order": Both(
        "the explanation before the order", "下单前的说明"
    ),
    "price.lowest": Both("the lowest price", "最低售价"),
    "price.fixed": Both("a change of the price before handover", "交车前的价格变动"),
    "price.months_fixed": Both("the number of months", "价格固定或保留的月数"),
    "finance.trade_in_quote_binds": Both("the trade-in value", "置换价格"),
}
"""What the parties carry out themselves of a clause that the engine executes otherwise."""

WHOLLY = frozenset(
    {
        "texts",
        "seller.name",
        "seller.address",
        "seller.contact",
        "payee.name",
        "payee.jointly_liable",
        "contract.formed_by",
        "contract.seller_interprets",
        "contract.order_button",
        "storage.basis",
        "storage.per_day",
        "storage.cap",
        "storage.free_days",
        "transfer.to",
        "forum.court",
        "forum.complaints_open",
        "clauses.id",
        "clauses.zh_hans",
        "clauses.en",
    }
)
"""Parameters of clauses that are marked as a whole, and the pinned texts, which change nothing."""

TEXT_ONLY = WHOLLY | PARTLY.keys()
"""Every parameter that changes what is read and nothing that runs."""


def by_the_parties(*keys: str) -> Both:
    """The sentence that names what the engine leaves to the parties, by the keys of `PARTLY`."""
    matters = listed([PARTLY[key] for key in keys], "and", "以及")
    return Both(
        f"Earnest does not execute {matters.en}; the parties carry that out themselves.",
        f"{matters.zh}不由Earnest系统自动执行，由双方自行履行。",
    )
