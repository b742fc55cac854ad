"""The parameters of which the engine runs some values only, and what it does instead of others.

Not here: parameters that depend on each other or have limits (`runnable.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from earnest.core.terms.sections.delivering import (
    BalanceDue,
    BuildRule,
    DeferralEnd,
    NoShow,
    NoticeTrigger,
    PromiseKind,
    StorageBasis,
)
from earnest.core.terms.sections.ordering import Formation, QueueEffect, QueueKey, Unlocked


class Only(NamedTuple):
    """A key with the only values that the engine can run, and why."""

    section: str
    key: str
    runs: tuple[object, ...]
    english: str
    chinese: str
    rule_ids: tuple[str, ...] = ()


ONLY: tuple[Only, ...] = (
    Only(
        "contract",
        "formed_by",
        (Formation.ORDER_SUBMITTED, Formation.PAYMENT),
        "whoever has paid has a contract",
        "买方付款后合同即成立",
        ("CN-01",),
    ),
    Only(
        "contract",
        "staff_promises_bind",
        (True,),
        "agreements beat the terms in every computation",
        "个别约定在各项计算中优先于条款",
        ("CN-05", "EU-09"),
    ),
    Only(
        "contract",
        "public_promises_bind",
        (True,),
        "public promises beat the terms in every computation",
        "公开承诺在各项计算中优先于条款",
        ("CN-32",),
    ),
    Only(
        "contract",
        "seller_interprets",
        (False,),
        "doubt is decided for the buyer",
        "有疑义时作有利于买方的解释",
        ("CN-25",),
    ),
    Only(
        "deposit",
        "credited",
        (True,),
        "the deposit is always credited to the price",
        "订购款始终抵作车款",
        ("CN-17",),
    ),
    Only(
        "cooling_off",
        "ending_confirmed_separately",
        (True,),
        "an early lock always needs its own acknowledgement",
        "提前锁单始终须经买方单独确认",
        ("CN-03",),
    ),
    Only(
        "lock",
        "if_buyer_does_nothing",
        (Unlocked.LOCKS,),
        "the order locks when the cooling-off period ends",
        "冷静期届满时订单锁定",
        ("CN-17",),
    ),
    Only(
        "changes",
        "queue_effect",
        (QueueEffect.KEEPS_RANK,),
        "a rank is given once and never changes",
        "排号一经给予不再变更",
    ),
    Only(
        "changes",
        "seller_alone",
        ((),),
        "nothing changes without the buyer's acceptance",
        "未经买方接受，任何内容不得变更",
        ("CN-09", "EU-08"),
    ),
    Only(
        "queue",
        "key",
        (QueueKey.RESERVATION,),
        "ranks are given at the reservation, so that nobody gives up cooling off for a place",
        "排号在预订时给予，买方无须为排位放弃冷静期",
    ),
    Only(
        "promise",
        "kind",
        (PromiseKind.WINDOW,),
        "every order carries a window that binds",
        "每个订单均有具约束力的承诺期",
        ("CN-38",),
    ),
    Only(
        "promise",
        "shown_before_payment",
        (True,),
        "the promise is shown before anything is paid",
        "付款之前即展示交付承诺",
        ("CN-38",),
    ),
    Only(
        "promise",
        "seller_liable",
        (True,),
        "a missed window gives the buyer rights",
        "逾期交付的，买方享有相应权利",
        ("CN-12", "CN-34"),
    ),
    Only(
        "promise",
        "seller_may_postpone_freely",
        (False,),
        "a promise is revised with a reason and keeps the buyer's rights",
        "承诺的修订须附理由且不影响买方权利",
        ("CN-09",),
    ),
    Only(
        "deferral",
        "build",
        (BuildRule.ON_REQUEST,),
        "a deferred car is built only at the buyer's request",
        "延期的车辆仅在买方申请后生产",
        ("CN-05",),
    ),
    Only(
        "deferral",
        "at_end",
        (DeferralEnd.ASKS,),
        "the end of a deferral takes nothing",
        "延期届满不使买方丧失任何权利",
        ("CN-17",),
    ),
    Only(
        "inspection",
        "joint",
        (True,),
        "nobody asks for the balance before a joint inspection",
        "共同验车之前不得要求支付尾款",
        ("CN-37",),
    ),
    Only(
        "inspection",
        "signature_means_accepted",
        (False,),
        "an acceptance is the buyer's own declaration",
        "接受车辆须由买方自行表示",
        ("CN-25",),
    ),
    Only(
        "balance_due",
        "when",
        (BalanceDue.AFTER_INSPECTION, BalanceDue.AT_HANDOVER),
        "a demand for the balance without a tendered car and a passed inspection cannot be "
        "represented",
        "车辆未备妥、未验车合格之前，系统中不存在尾款请求",
        ("CN-07", "CN-08", "EU-10"),
    ),
    Only(
        "balance_due",
        "notice",
        (NoticeTrigger.INSPECTION,),
        "only a passed inspection lets the seller ask",
        "仅在验车合格后方可要求付款",
        ("CN-07", "CN-08"),
    ),
    Only(
        "balance_due",
        "instalments",
        (True,),
        "the balance may come in several payments",
        "尾款可分次支付",
    ),
    Only(
        "collection",
        "if_buyer_does_not_come",
        (NoShow.DEMAND,),
        "a buyer who does not come is asked, and no inspection is ever assumed",
        "买方未到场的应予催告，不得推定已验车",
        ("CN-25", "DE-06"),
    ),
    Only(
        "late_delivery",
        "may_leave",
        (True,),
        "a buyer may always leave a late seller after a demand",
        "卖方逾期经催告后买方始终可解除合同",
        ("CN-12",),
    ),
    Only(
        "late_delivery",
        "silence_is_consent",
        (False,),
        "silence is never consent",
        "沉默不视为同意",
        ("CN-09", "US-02"),
    ),
    Only(
        "storage",
        "basis",
        (StorageBasis.NONE, StorageBasis.ACTUAL_COST),
        "a storage fee is an itemised actual cost under a cap",
        "保管费须为列明的实际费用且有上限",
        ("CN-19",),
    ),
    Only(
        "buyers_default",
        "demand",
        (True,),
        "nothing is forfeited without a demand",
        "未经催告不得没收",
        ("CN-17", "DE-06"),
    ),
    Only(
        "buyers_default",
        "flat_damages_basis_points",
        (0,),
        "no flat damages are computed beside the deposit",
        "系统不在订购款之外计算固定赔偿",
        ("CN-15", "DE-03"),
    ),
    Only(
        "buyers_default",
        "lower_loss_may_be_proven",
        (True,),
        "a lower loss always counts",
        "较低的实际损失始终应予考虑",
        ("CN-15", "DE-03"),
    ),
    Only(
        "sellers_default",
        "seller_may_leave_freely",
        (False,),
        "a cancellation without a ground ends nothing",
        "无事由的解除不发生效力",
        ("CN-11", "EU-07"),
    ),
    Only(
        "sellers_default",
        "notice_must_arrive",
        (True,),
        "a notice counts when it is proven to have arrived",
        "通知须证明已送达方生效",
        ("CN-11",),
    ),
    Only(
        "sellers_default",
        "buyer_may_claim_more",
        (True,),
        "a settlement never ends the claim to a further loss",
        "结算不影响主张其他损失",
        ("CN-18",),
    ),
    Only(
        "refunds",
        "all_at_once",
        (True,),
        "a refund is one sum",
        "退款一次付清",
        ("CN-32",),
    ),
)
"""Every key of which the engine runs some values only."""
