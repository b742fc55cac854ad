"""The clauses of the second half: promise, deferral, inspection, balance due, collection, delay.

Not here: how the contract comes about (`ordering.py`) and how it ends (`leaving.py`).
"""

from __future__ import annotations

from earnest.core.terms.clauses.names import name_of, names_of
from earnest.core.terms.clauses.unexecuted import by_the_parties
from earnest.core.terms.clauses.words import Both, clause, count, is_nothing, listed, money
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.sections.delivering import (
    BalanceDue,
    BuildRule,
    Deferral,
    DeferralEnd,
    NoShow,
    NoticeTrigger,
    PromiseKind,
    StorageBasis,
)
from earnest.core.terms.version import Clause


def promise(document: TermsDocument) -> Clause:
    """When and where the car is tendered, and how firm that is (CN-38, pattern 6)."""
    rule = document.promise
    weeks = Both(
        f"{rule.weeks_from} to {count(rule.weeks_to, 'week')}",
        f"{rule.weeks_from}至{rule.weeks_to}周",
    )
    time = {
        PromiseKind.WINDOW: Both(
            f"The car is tendered {weeks.en} after the order.",
            f"车辆自下单之日起{weeks.zh}内备妥待验。",
        ),
        PromiseKind.ESTIMATE: Both(
            f"The car is expected {weeks.en} after the order; this is an estimate only.",
            f"车辆预计自下单之日起{weeks.zh}内备妥；该时间仅为预估。",
        ),
        PromiseKind.NONE: Both("No delivery time is agreed.", "双方未约定交付时间。"),
    }[rule.kind]
    place = name_of(rule.place)
    return clause(
        "promise",
        time,
        Both(f"Place of handover: {place.en}.", f"交付地点：{place.zh}。"),
        Both(
            "Time and place are shown before the buyer pays, and every later change with its "
            "reason.",
            "交付时间和地点在买方付款前明示，此后的每次变更均附理由告知。",
        )
        if rule.shown_before_payment
        else Both(
            "The delivery time is shown only after the buyer has paid.",
            "交付时间在买方付款后方予显示。",
        ),
        None
        if rule.seller_liable
        else Both(
            "The seller is not liable for a delay, whatever its length.",
            "无论延迟多久，卖方均不承担责任。",
        ),
        Both(
            "The seller may postpone production and delivery as it sees fit.",
            "卖方可自行决定推迟生产和交付。",
        )
        if rule.seller_may_postpone_freely
        else None,
        by_the_parties("promise.place"),
        material=not rule.seller_liable or rule.seller_may_postpone_freely,
    )


def deferral(document: TermsDocument) -> Clause:
    """Moving delivery later at the buyer's wish (the agreement of the Haikou case, CN-05)."""
    rule = document.deferral
    if rule.longest_days == 0:
        return clause(
            "deferral",
            Both("Delivery cannot be moved later.", "不可延期交付。"),
            material=True,
        )
    return clause(
        "deferral",
        _free_deferrals(rule),
        Both(
            "Until the buyer asks for it the car is not built and nothing is demanded.",
            "买方申请之前，卖方不安排生产，也不提出任何催告。",
        )
        if rule.build is BuildRule.ON_REQUEST
        else Both(
            "The seller may build the car meanwhile at its own choice and demand performance.",
            "延期期间，卖方可自行安排生产并要求买方履行。",
        ),
        _deferral_reminders(rule),
        Both(
            "The end of the deferral takes nothing away: the buyer is asked whether to resume, "
            "renew or leave.",
            "延期届满不使买方丧失任何权利：卖方将询问买方恢复、续期或退出。",
        )
        if rule.at_end is DeferralEnd.ASKS
        else Both(
            "At the end of the deferral the order ends and the deposit is lost.",
            "延期届满，订单终止，订购款不予退还。",
        ),
        material=True,
    )


def _free_deferrals(rule: Deferral) -> Both:
    longest = Both(f"for up to {count(rule.longest_days, 'day')}", f"最长{rule.longest_days:,}日")
    if rule.free == 0:
        return Both(
            f"Delivery can be moved later {longest.en} with the seller's agreement; the place in "
            "the queue stays.",
            f"经卖方同意，买方可延期交付，{longest.zh}，排位保留。",
        )
    return Both(
        f"Until production is scheduled the buyer can move delivery later {longest.en}, "
        f"{_times(rule.free)} free of charge; the place in the queue stays.",
        f"排产之前，买方可免费延期交付{rule.free}次，每次{longest.zh}，排位保留。",
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _deferral_reminders(rule: Deferral) -> Both:
    if not rule.reminder_days:
        return Both("No reminder is sent before the deferral ends.", "延期届满前不另行提醒。")
    days = listed([Both(f"{each:,}", f"{each:,}") for each in rule.reminder_days])
    return Both(
        f"The buyer is reminded {days.en} days before the deferral ends.",
        f"延期届满前{days.zh}日，卖方分别提醒买方。",
    )


def inspection(document: TermsDocument) -> Clause:
    """Looking at the identified car together (CN-25, CN-37, pattern 11)."""
    rule = document.inspection
    together = (
        Both(
            "Buyer and seller inspect the identified car together at the place of handover; the "
            "buyer can accept it, accept it with remarks, or refuse it.",
            "买卖双方在交付地点对特定车辆共同验车；买方可以接受、附意见接受或拒绝接受。",
        )
        if rule.joint
        else Both(
            "The car is handed over without a joint inspection.",
            "交车时不进行共同验车。",
        )
    )
    points = None
    if rule.checklist:
        names = names_of(rule.checklist)
        points = Both(f"They look at: {names.en}.", f"验车项目包括：{names.zh}。")
    return clause(
        "inspection",
        together,
        points,
        Both(
            "Signing for the car means that its quality is accepted.",
            "买方签收即视为认可车辆质量合格。",
        )
        if rule.signature_means_accepted
        else Both(
            "Signing for the car does not mean that hidden defects are accepted.",
            "签收不代表认可车辆不存在隐蔽瑕疵。",
        ),
        material=rule.signature_means_accepted or not rule.joint,
    )


_TRIGGERS = {
    NoticeTrigger.INSPECTION: Both("once the car passed joint inspection", "共同验车合格后"),
    NoticeTrigger.PRODUCTION: Both("according to the state of production", "根据生产情况"),
    NoticeTrigger.SALES_SITUATION: Both(
        "according to the state of production or sales", "根据生产或销售情况"
    ),
}


def balance_due(document: TermsDocument) -> Clause:
    """When the rest of the price is due (CN-07, CN-08, EU-10, patterns 1 and 2)."""
    rule = document.balance_due
    days = Both(count(rule.days, "day"), f"{rule.days:,}日")
    trigger = _TRIGGERS[rule.notice]
    due = {
        BalanceDue.WITH_ORDER: Both(
            f"The rest of the price is due within {days.en} of the order.",
            f"买方应于下单后{days.zh}内支付尾款。",
        ),
        BalanceDue.AT_LOCK: Both(
            f"The rest of the price is due within {days.en} of the lock.",
            f"买方应于锁单后{days.zh}内支付尾款。",
        ),
        BalanceDue.ON_NOTICE: Both(
            f"The seller may ask for the rest of the price {trigger.en}; it is due within "
            f"{days.en} of the notice.",
            f"卖方可{trigger.zh}通知买方支付尾款，买方应于通知后{days.zh}内付清。",
        ),
        BalanceDue.AFTER_TENDER: Both(
            f"The rest of the price is due within {days.en} after the car stands ready, before "
            "it has been inspected.",
            f"车辆备妥后{days.zh}内，买方应在验车前支付尾款。",
        ),
        BalanceDue.AFTER_INSPECTION: Both(
            "The seller asks for the rest of the price only after the identified car stood at "
            "the place of handover and passed joint inspection; it is due within "
            f"{days.en} of that demand.",
            "特定车辆到达交付地点并经共同验车合格后，卖方方可要求支付尾款，"
            f"买方应于该要求提出后{days.zh}内付清。",
        ),
        BalanceDue.AT_HANDOVER: Both(
            "The rest of the price is due at handover against the invoice, after joint "
            f"inspection, and at the latest {days.en} after the seller's demand.",
            f"尾款于共同验车合格后、交车并开具发票时支付，至迟不超过卖方提出要求后{days.zh}。",
        ),
    }[rule.when]
    return clause(
        "balance_due",
        due,
        Both("It can be paid in instalments.", "尾款可分次支付。")
        if rule.instalments
        else Both("It is paid in one sum.", "尾款应一次付清。"),
        material=rule.when not in {BalanceDue.AFTER_INSPECTION, BalanceDue.AT_HANDOVER},
    )


def collection(document: TermsDocument) -> Clause:
    """Coming for the car, and what is asked of who does not come (DE-06, pattern 17)."""
    rule = document.collection
    missed = rule.missed_before_demand
    absent = {
        NoShow.DEMAND: Both(
            f"After {count(missed, 'missed appointment')} the seller can demand collection with "
            "the cure period of these terms; an inspection is never assumed.",
            f"买方未赴约达{missed}次的，卖方可按本条款的宽限期催告买方提车；任何情况下不推定已验车。",
        ),
        NoShow.ASSUMED_ACCEPTED: Both(
            f"After {count(missed, 'missed appointment')} the car counts as inspected and "
            "accepted.",
            f"买方未赴约达{missed}次的，视为验车合格并已接受车辆。",
        ),
        NoShow.CANCELLED: Both(
            f"After {count(missed, 'missed appointment')} the order is cancelled.",
            f"买方未赴约达{missed}次的，订单取消。",
        ),
    }[rule.if_buyer_does_not_come]
    return clause(
        "collection",
        Both(
            f"The buyer has {count(rule.days, 'day')} from tender to come for the car.",
            f"买方应于车辆备妥之日起{rule.days:,}日内验车提车。",
        ),
        absent,
        by_the_parties("collection.days"),
        material=rule.if_buyer_does_not_come is not NoShow.DEMAND,
    )


def delay(document: TermsDocument) -> Clause:
    """What a slip gives the buyer (CN-12, CN-18, US-02, pattern 13)."""
    rule = document.late_delivery
    if is_nothing(document, rule.per_day):
        paid = Both(
            "No daily compensation is agreed; the buyer's claims under the law stay.",
            "双方未约定按日补偿，买方依法享有的权利不受影响。",
        )
    else:
        daily, most = money(document, rule.per_day), _at_most(document, rule.cap)
        after = Both(
            f"from day {rule.free_days + 1} after the promised window",
            f"自承诺期届满后第{rule.free_days + 1}日起",
        )
        paid = Both(
            f"For each day of delay, {after.en}, the seller pays {daily.en}{most.en}; "
            "this takes no other right away.",
            f"延迟交付的，{after.zh}，卖方每日补偿{daily.zh}{most.zh}；该补偿不影响买方的其他权利。",
        )
    return clause(
        "delay",
        paid,
        Both(
            "If the car is not tendered by the end of the promised window the buyer can ask for "
            f"delivery, and after {count(rule.cure_days, 'more day')} end the order for the "
            "seller's default.",
            f"承诺期届满仍未备妥车辆的，买方可催告交付；催告后{rule.cure_days:,}日仍未备妥的，"
            "买方可以卖方违约为由解除合同。",
        )
        if rule.may_leave
        else Both(
            "A delay gives the buyer no right to end the order.",
            "买方不得因延迟交付解除合同。",
        ),
        Both(
            "If the buyer does not object to a new date, that counts as consent.",
            "买方对新的交付时间未提出异议的，视为同意。",
        )
        if rule.silence_is_consent
        else Both(
            "Silence is never consent to a later date.",
            "买方沉默不视为同意延期。",
        ),
        material=not rule.may_leave or rule.silence_is_consent,
    )


def _at_most(document: TermsDocument, cap: str) -> Both:
    """The end of a sentence about a daily sum: its cap, if there is one."""
    if is_nothing(document, cap):
        return Both("", "")
    most = money(document, cap)
    return Both(f", {most.en} in all at most", f"，总额最高{most.zh}")


def storage(document: TermsDocument) -> Clause:
    """What a car that waits for its buyer may cost (CN-19, pattern 18)."""
    rule = document.storage
    if rule.basis is StorageBasis.NONE:
        return clause("storage", Both("There is no storage fee.", "不收取车辆保管费。"))
    daily = money(document, rule.per_day)
    most = _at_most(document, rule.cap)
    start = Both(
        f"from day {rule.free_days + 1} after tender and a notice that arrived",
        f"自车辆备妥且通知送达后第{rule.free_days + 1}日起",
    )
    if rule.basis is StorageBasis.ACTUAL_COST:
        fee = Both(
            f"For a car that waits for its buyer the seller may, {start.en}, ask for its itemised "
            f"actual cost of storage, at most {daily.en} a day{most.en}.",
            f"因买方原因未提车的，{start.zh}，卖方可按实际发生并列明的费用收取保管费，"
            f"每日不超过{daily.zh}{most.zh}。",
        )
    else:
        fee = Both(
            f"For a car that waits for its buyer the seller charges, {start.en}, a flat "
            f"{daily.en} a day{most.en}.",
            f"因买方原因未提车的，{start.zh}，卖方每日收取固定保管费{daily.zh}{most.zh}。",
        )
    return clause("storage", fee, material=True, executed=False)


def handover(document: TermsDocument) -> Clause:
    """What changes hands with the car (CN-36)."""
    papers = None
    if document.handover_documents:
        names = names_of(document.handover_documents)
        papers = Both(f"With the car the buyer gets: {names.en}.", f"卖方随车交付：{names.zh}。")
    days = document.close_days_after_handover
    return clause(
        "handover",
        Both(
            "The car handed over is the car ordered: its configuration equals the order's. Until "
            "handover every damage is the seller's.",
            "交付的车辆应与订单配置一致。交车前，车辆毁损、灭失的风险由卖方承担。",
        ),
        papers,
        Both(
            f"The order is closed {count(days, 'day')} after handover; claims for defects stay.",
            f"交车满{days:,}日后订单办结，买方的质量索赔权利不受影响。",
        ),
    )
