"""What the parameters of the first half of a contract are worth to the buyer.

Not here: delivery (`delivering.py`) and exits (`leaving.py`).
"""

from __future__ import annotations

from earnest.core.terms.weighing.measure import (
    Measure,
    depends,
    fewer_of,
    less,
    more,
    more_of,
    nothing_changes,
    ranked,
)
from earnest.core.terms.weighing.worth import amount

ORDERING: dict[str, Measure] = {
    "version": Measure(nothing_changes, "A name changes nothing.", "名称不影响权利义务。"),
    "jurisdiction": Measure(
        depends, "Another law holds, with other rights.", "适用另一法域的法律，权利随之不同。"
    ),
    "currency": Measure(
        depends, "Sums in another currency cannot be compared.", "币种不同，金额无法比较。"
    ),
    "time_zone": Measure(depends, "Days begin and end at another hour.", "日期的起止时刻不同。"),
    "seller.name": Measure(
        depends,
        "It is another counterparty, or another way to reach it.",
        "相对方或其联系方式发生变化。",
    ),
    "seller.address": Measure(
        depends,
        "It is another counterparty, or another way to reach it.",
        "相对方或其联系方式发生变化。",
    ),
    "seller.contact": Measure(
        depends,
        "It is another counterparty, or another way to reach it.",
        "相对方或其联系方式发生变化。",
    ),
    "payee.name": Measure(depends, "The money goes to somebody else.", "款项付给他人。"),
    "payee.jointly_liable": Measure(
        more, "Two who answer for the money are safer than one.", "多一人承担责任，款项更有保障。"
    ),
    "contract.formed_by": Measure(
        ranked("seller_confirms", "payment", "order_submitted"),
        "The earlier there is a contract, the earlier the seller is bound.",
        "合同成立得越早，卖方受约束越早。",
    ),
    "contract.staff_promises_bind": Measure(
        more, "What staff promised counts.", "工作人员的承诺是否算数。"
    ),
    "contract.public_promises_bind": Measure(
        more, "What was advertised counts.", "广告宣传的内容是否算数。"
    ),
    "contract.seller_interprets": Measure(
        less, "Who interprets alone is always right.", "由一方单独解释，另一方无从争辩。"
    ),
    "contract.order_button": Measure(
        depends, "Another word stands on the button that costs money.", "付款按钮上的文字发生变化。"
    ),
    "deposit.kind": Measure(
        ranked("fee", ("earnest", "intent")),
        "A fee is gone; intent money always comes back; earnest money is lost or comes double.",
        "服务费不退；意向金始终可退；定金可能没收，也可能双倍返还。",
    ),
    "deposit.amount": Measure(
        less,
        "The less is paid in advance, the less is at stake.",
        "预付越少，风险越小。",
        amount("deposit.amount"),
    ),
    "deposit.label": Measure(
        depends,
        "Another word for the money can mean another right to it.",
        "款项名称不同，权利可能不同。",
    ),
    "deposit.holding": Measure(
        ranked("own_account", "segregated", "escrow"),
        "Money kept apart is there when the seller fails.",
        "专户存管的款项在卖方停业时仍在。",
    ),
    "deposit.credited": Measure(
        more,
        "A deposit that counts towards the price costs nothing.",
        "抵作车款的预付款不增加负担。",
    ),
    "payment.window_minutes": Measure(
        more, "More time to pay before the reservation lapses.", "付款时间更充裕，预订不易失效。"
    ),
    "cooling_off.hours": Measure(
        more, "More time to think again costs the buyer nothing.", "反悔的时间越长，对买方越有利。"
    ),
    "cooling_off.refund_hours": Measure(less, "The money is back sooner.", "退款更快到账。"),
    "cooling_off.ended_by": Measure(
        fewer_of,
        "The fewer acts end the period, the surer it is.",
        "能提前结束冷静期的行为越少，冷静期越可靠。",
    ),
    "cooling_off.ending_confirmed_separately": Measure(
        more, "Nobody gives the right up by mistake.", "不会因误操作而丧失权利。"
    ),
    "lock.early_offered": Measure(
        depends,
        "An early lock is a choice that gives up a right.",
        "提前锁单是一种选择，同时放弃一项权利。",
    ),
    "lock.undo_hours": Measure(
        more,
        "A lock tapped by mistake can be taken back for longer.",
        "误点锁单可在更长时间内撤销。",
    ),
    "lock.if_buyer_does_nothing": Measure(
        ranked("lapses_with_loss", ("locks", "lapses_refunded")),
        "Doing nothing should cost nothing.",
        "不作为不应付出代价。",
    ),
    "changes.hours_after_lock": Measure(
        more, "More time to change the configuration.", "修改配置的时间更充裕。"
    ),
    "changes.queue_effect": Measure(
        ranked("restarts", "keeps_rank"),
        "A change should not cost the place in the queue.",
        "修改配置不应失去排位。",
    ),
    "changes.seller_alone": Measure(
        fewer_of,
        "What the seller can change alone is not agreed.",
        "卖方可单方变更的，等于没有约定。",
    ),
    "changes.while_waiting": Measure(
        more_of,
        "More choices when the product changes during the wait.",
        "等待期间产品变更时选择更多。",
    ),
    "changes.answer_days": Measure(more, "More time to choose.", "选择的时间更充裕。"),
    "queue.key": Measure(
        ranked("lock", "reservation"),
        "A queue by lock rewards giving up the cooling-off period.",
        "按锁单排队等于奖励放弃冷静期。",
    ),
}
