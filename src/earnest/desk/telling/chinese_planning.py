"""Simplified Chinese: slots, windows, and what a delay gives the buyer.

Not here: the rest of an order's life (`chinese.py`, `chinese_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

RIGHTS = (
    "您可以在订单页面选择等待、同意新的交付期、在仍可变更时更换配置、申请延期，或退出并取回全部订购款。"
    "页面会逐分列明每种选择对您款项的影响。"
)

PASSED = (
    "同一配置队列中排在您之后的第{by_rank}号已于{given_at:day}先于您获得排产名额。公示的排队规则[CN-26]在此情形下"
    "允许这样安排：{reason}。您的排号、价格和各项权利保持不变。"
)

PASSED_BECAUSE = {
    "asked_for_later": "您此前要求晚些提车，或未同意在承诺交付期之前提车",
    "plant_not_allowed": "有空余名额的工厂不生产您选的车",
    "scarce": "您的车所需的某个零部件当时短缺，而对方的车不需要它",
    "hold": "您的订单当时处于暂停状态（款项未付或已被撤回）",
    "cooling_off": "您当时仍可自由退订，在此之前不为订单备料",
}

PLANNING = {
    "Scheduled": Wording(
        "您的车已排产",
        "您的车已排入{slot.plant}工厂{slot.week:week}生产。自此开始备料，再延期需厂家同意。",
    ),
    "Rescheduled": Wording(
        "排产名额有变动",
        "您的排产名额改为{slot.plant}工厂{slot.week:week}，原因：{cause:quoted}。承诺交付期不因此改变。",
    ),
    "PromiseRevised": Wording(
        "预计交付期有变动",
        "卖方现预计在{promise:days}交付，原因：{cause:quoted}。您可以等待、申请延期或退出，也可以不同意："
        "随订单作出的承诺交付期对卖方仍有约束力[CN-09]，逾期后您可以催告交付，经合理期限仍未交付的，您可以"
        "解除订单[CN-12]并{owed}。",
        "请在订单页面比较各种选择，页面会逐分列明每种选择对您款项的影响。",
    ),
    "PromiseRevised.earlier": Wording(
        "好消息：您的车预计提前交付",
        "卖方现预计在{promise:days}交付，原因：{cause:quoted}。其他一切不变：您的排号、价格和各项权利保持不变，"
        "随订单作出的承诺交付期对卖方仍有约束力[CN-09]。",
        "如提前的日期对您不便，可在订单页面申请延期。",
    ),
    "PromiseRevised.undated_delay": Wording(
        "卖方暂无法给出您的车的交付日期，请您选择",
        "在工厂已公布的全部产能中，没有可生产您的车的日期，原因：{cause:quoted}。卖方期望在{promise:days}交付，但不作"
        "承诺。您没有同意的义务：只要您不答复，此前承诺的交付期{delay.was:days}对卖方仍有约束力[CN-09]，逾期后您可以"
        "催告交付，经合理期限仍未交付的，您可以解除订单[CN-12]并{owed}。在车辆发运之前，您也可以立即退出并取回全部"
        "订购款。",
        RIGHTS,
    ),
    "PromiseRevised.undated_consent": Wording(
        "卖方暂无法给出您的车的交付日期，请您答复",
        "在工厂已公布的全部产能中，没有可生产您的车的日期，原因：{cause:quoted}；此前承诺的交付期为"
        "{delay.was:days}。卖方期望在{promise:days}交付，但不作承诺。只有您在{delay.answer_until:until}之前明确同意，"
        "订单才继续履行。如您不答复，订单届时终止，您已支付的全部款项无需申请即退还给您[CN-12]。在车辆发运之前，"
        "您也可以立即退出。",
        RIGHTS,
    ),
    "PromiseRevised.delay": Wording(
        "您的车将晚于承诺交付，请您选择",
        "卖方现预计在{promise:days}交付，原因：{cause:quoted}。您没有同意的义务：只要您不答复，此前承诺的交付期"
        "{delay.was:days}对卖方仍有约束力[CN-09]，逾期后您可以催告交付，经合理期限仍未交付的，您可以解除订单"
        "[CN-12]并{owed}。在车辆发运之前，您也可以立即退出并取回全部订购款。",
        RIGHTS,
    ),
    "PromiseRevised.consent": Wording(
        "您的车将晚于承诺交付，请您答复",
        "卖方现预计在{promise:days}交付，原因：{cause:quoted}；此前承诺的交付期为{delay.was:days}。只有您在"
        "{delay.answer_until:until}之前明确同意，订单才继续履行。如您不答复，订单届时终止，您已支付的全部款项"
        "无需申请即退还给您[CN-12]。在车辆发运之前，您也可以立即退出。",
        RIGHTS,
    ),
    "DelayAnswered": Wording(
        "您已同意延后交付",
        "您已同意新的交付期，自此{promise:days}对卖方有约束力[CN-09]。条款约定的逾期补偿仍自最初承诺的交付期"
        "届满起计算。",
    ),
    "DelayAnswered.leave": Wording(
        "您因交付延后选择退出",
        "因卖方将晚于承诺交付，您选择退出，订购款将退还给您。",
    ),
    "DelayUnanswered": Wording(
        "您的订单已终止，款项将退还",
        "您未同意延后交付，沉默不视为同意：您的订单已终止，您已支付的全部款项无需申请即退还给您[CN-12]。",
    ),
    "EarlierAllowed": Wording(
        "您的车可以提前交付",
        "您已同意提前：有更早的排产名额空出时，您的车可以提前生产。其他一切不变；在排产之前，您可以随时撤回。",
    ),
    "EarlierAllowed.taken_back": Wording(
        "您的车不再提前",
        "您的订单不再改排到更早的名额，其他一切不变。",
    ),
    "Overtaken": Wording(
        "排在您之后的订单先获得了名额",
        "同一配置队列中排在您之后的第{by_rank}号已于{given_at:day}先于您获得排产名额，而公示的各项理由均不能说明这一"
        "安排。按照公示的排队规则[CN-26]，当时应当轮到您。您的排号、价格和各项权利保持不变，承诺的交付期对卖方仍有"
        "约束力[CN-09]。",
        "如需卖方说明或纠正，请在订单页面提交投诉。",
    ),
    **{
        f"Overtaken.{code}": Wording(
            "排在您之后的订单因公示的理由先获得了名额",
            PASSED.replace("{reason}", reason),
            "如您认为该理由不成立，请在订单页面提交投诉。",
        )
        for code, reason in PASSED_BECAUSE.items()
    },
    "CarAllocated": Wording(
        "为您准备的车已就绪",
        "另一位买家放弃了一辆与您所订完全相同的车，车架号{vin}。您是下一位等待该车的买家，这辆车因此归您，订单其他内容"
        "不变。您在支付尾款之前验车，并可以像对待其他车辆一样拒绝接收[CN-25]。",
    ),
    "SlotTaken": Wording(
        "您让出的排产名额已归他人",
        "您的订单让出的{slot.plant}工厂{slot.week:week}排产名额已给予下一位等待同类车的买家。您的订单不因此有任何变化。",
    ),
    "SlotTaken.returned": Wording(
        "您让出的排产名额已归他人，款项退还给您",
        "您的订单让出的{slot.plant}工厂{slot.week:week}排产名额已给予下一位等待同类车的买家。按您订单的条款，所扣款项中的"
        "{payout.amount}将在{payout.due_at:until}之前退还给您。",
        "结算明细见订单页面。",
    ),
    "CarHeld": Wording(
        "您放弃的车暂缓转配",
        "您的订单放弃的车（车架号{vin}）在转给他人之前正在检查。您的订单不因此有任何变化。",
    ),
    "CarHeld.released": Wording(
        "您放弃的车可以转配",
        "您的订单放弃的车（车架号{vin}）现在可以转给其他买家。您的订单不因此有任何变化。",
    ),
    "CarTaken": Wording(
        "您放弃的车已归他人",
        "另一位等待同款车的买家以{price}购买了您订单的车辆。已扣金额不因此改变。",
        "如您认为应当少扣，请在订单页面提出异议。",
    ),
    "CarTaken.refused": Wording(
        "您拒收的车已归他人",
        "另一位买家接受了您拒收的车，车架号{vin}。您的订单不因此有任何变化。",
    ),
    "CarTaken.returned": Wording(
        "您放弃的车已归他人，差额退还给您",
        "另一位等待同款车的买家以{price}购买了您订单的车辆，卖方实际损失低于已扣金额：{payout.amount}将在"
        "{payout.due_at:until}之前退还给您。",
        "结算明细见订单页面。",
    ),
    "Reminded.overtakings": Wording(
        "您等待延长期间先于您获得名额的订单",
        "您的车将晚于承诺交付；在此期间，同一配置队列中排在您之后的订单因公示的排队规则[CN-26]所允许的理由先于您获得"
        "名额。每一次及其理由均记录在您的订单历史中，今后不再就此另行致信。",
        "如您认为某项理由不成立，请在订单页面提交投诉。",
    ),
    "Reminded.delay_answer_due": Wording(
        "交付延后等待您的答复",
        "卖方将晚于承诺交付，您的答复期限即将届满。如您不答复，订单终止，您已支付的全部款项退还给您[CN-12]。",
        "请在订单页面选择同意或退出。",
    ),
}
"""What Chinese says about slots, windows and delays."""
