"""Simplified Chinese: the life of an order, from the reservation to the closed file.

Not here: exits, payouts, cases and reminders (`chinese_exits.py`).
"""

from __future__ import annotations

from earnest.desk.telling.chinese_agreements import AGREEMENTS
from earnest.desk.telling.chinese_exits import EXITS
from earnest.desk.telling.chinese_launch import LAUNCH
from earnest.desk.telling.chinese_planning import PLANNING
from earnest.desk.telling.chinese_scarcity import SCARCE
from earnest.desk.telling.chinese_settling import SETTLING
from earnest.desk.telling.language import Chinese
from earnest.desk.telling.sentence import Wording

WORDS = {
    "balance": "尾款",
    "deposit": "订购款",
    # Grounds.
    "cooling_off": "冷静期内自由撤回",
    "changed_while_waiting": "等待期间厂家一方情况有变",
    "delay_not_agreed": "交付延后且购车人未同意",
    "force_majeure": "双方均无需负责的不可抗力",
    "buyer_wish": "购车人自愿取消",
    "balance_default": "尾款逾期未付",
    "collection_default": "未到场验车提车",
    "deferral_silence": "延期届满后未作答复",
    "delay": "经催告后仍迟延交付",
    "refusal": "卖方拒绝履行",
    "unfounded_cancellation": "卖方无权取消而取消订单",
    "breached_agreement": "卖方违反单独达成的补充协议",
    "finance_declined": "贷款或融资租赁未获批准",
    "withdrawal_after_handover": "交付后无理由退货",
    # What was lost.
    "costs": "费用",
    "lost_price": "售价损失",
    "lost_subsidy": "补贴损失",
    # Why a seller's cancellation ended nothing.
    "agreement_open": "延期协议仍在有效期内",
    "ground": "没有法律认可的解除事由",
    "demand": "未经催告",
    "notice_delivered": "未证明催告已送达",
    "cure_period_over": "补正期限尚未届满",
    "right_alive": "解除权未及时行使，已经消灭",
    "second_person": "未经第二人复核",
    # How a case ended.
    "for_buyer": "支持购车人",
    "for_seller": "支持卖方",
    "settled": "双方和解",
    "withdrawn": "购车人撤回",
    "referred": "移交法院、主管部门或调解机构",
    # What a piece of evidence is.
    "message": "沟通记录",
    "photo": "照片",
    "document": "文件",
    "receipt": "送达证明",
}
"""The core's stable codes in words."""

CITATIONS = {
    "CN-03": "（CN-03，《民法典》第496条）",
    "CN-05": "（CN-05，《民法典》第498条）",
    "CN-06": "（CN-06，《民法典》第509条）",
    "CN-08": "（CN-08，《民法典》第526条）",
    "CN-09": "（CN-09，《民法典》第543条）",
    "CN-11": "（CN-11，《民法典》第565条）",
    "CN-12": "（CN-12，《民法典》第563条）",
    "CN-16": "（CN-16，《民法典》第586条）",
    "CN-17": "（CN-17，《民法典》第587条）",
    "CN-20": "（CN-20，《民法典》第590条）",
    "CN-24": "（CN-24，《民法典》第604条至第610条）",
    "CN-25": "（CN-25，《民法典》第620条至第623条）",
    "CN-26": "（CN-26，《消费者权益保护法》第23条、《民法典》第473条）",
    "CN-27": "（CN-27，《消费者权益保护法》第25条）",
    "CN-29": "（CN-29，《消费者权益保护法》第53条）",
    "CN-33": "（CN-33，《电子商务法》第59条）",
    "CN-36": "（CN-36，《汽车销售管理办法》第15条）",
    "CN-37": "（CN-37，家用汽车三包规定第13条）",
    "CN-23": "（CN-23，《合同编通则司法解释》第67条）",
    "EU-02": "（EU-02，欧盟指令2011/83第9条、第13条）",
    "EU-05": "（EU-05，欧盟指令2011/83第18条）",
    "EU-06": "（EU-06，欧盟指令93/13附件第1条(d)项）",
    "EU-07": "（EU-07，欧盟指令93/13附件第1条(e)项、(f)项）",
    "EU-08": "（EU-08，欧盟指令93/13附件第1条(j)项、(k)项）",
    "DE-03": "（DE-03，《德国民法典》309条）",
    "DE-06": "（DE-06，德国联邦最高法院VIII ZR 318/19号判决）",
    "FR-02": "（FR-02，法国《消费法典》L.214-1条）",
    "UK-01": "（UK-01，英国《2015年消费者权利法》）",
    "UK-02": "（UK-02，英国竞争与市场管理局汽车经销商指引）",
    "US-02": "（US-02，美国《联邦法规汇编》第16编第435.2条）",
    "US-03": "（US-03，美国《联邦法规汇编》第16编第435部分）",
    "US-04": "（US-04，美国加利福尼亚州《车辆法典》11713条、《民法典》2982.7条）",
    "US-05": "（US-05，美国纽约州《一般商业法》第396-p条）",
    "KR-01": "（KR-01，韩国公平交易委员会2020年及2023年决定）",
}
"""The sources of the rules that sentences mention."""

CHINESE = Chinese(WORDS, CITATIONS)

_PATH = {
    "Reserved": Wording(
        "已为您保留排号",
        "您在队列中的排号为{rank}，车价{price}，承诺交付期为{promise:days}。请在{pay_until}之前支付"
        "订购款{deposit}；逾期未付则预订失效，您无需承担任何费用。",
        "请在订单页面支付订购款。",
    ),
    "DepositReceived": Wording(
        "已收到您的订购款",
        "已收到您的订购款{amount}。在{cooling_off_ends:until}之前，您可以自由撤回并获得全额退款"
        "[CN-27]；届时订单自动锁定。",
        "请从容核对配置：您可以在订单页面修改配置或撤回。",
    ),
    "Lapsed": Wording(
        "您的预订已失效",
        "付款时限已过而未收到订购款，预订因此失效，您无需承担任何费用。如果您已按时付款，经支付机构"
        "确认后，预订将连同原排号一并恢复。",
    ),
    "Reinstated": Wording(
        "您的预订已恢复",
        "经确认，您的订购款是按时支付的，预订已连同原排号一并恢复。",
    ),
    "ClauseAcknowledged": Wording(
        "您已确认一项条款",
        "您以单独操作确认了条款{acknowledgement.clause_id:clause}[CN-03]。",
    ),
    "Locked": Wording(
        "您的订单已锁定",
        "冷静期已结束，订单已锁定：配置就此固定，订购款{deposit}转为已承诺款项。您仍可延期交付或退出；"
        "订单页面会事先逐分列明每种选择对您款项的影响。",
    ),
    "Locked.early": Wording(
        "您已提前锁单",
        "您在冷静期结束前锁定了订单。在{undo_until}之前，您可以撤销锁单，之后仍可自由撤回。",
        "如非本意，请在订单页面撤销锁单。",
    ),
    "LockUndone": Wording(
        "锁单已撤销",
        "您撤销了提前锁单，订购款{deposit}恢复为可自由退还。在{cooling_off_ends:until}之前，您可以撤回"
        "并获得全额退款[CN-27]。",
    ),
    "ConfigurationChanged": Wording(
        "您的配置已变更",
        "您的配置已变更，车价由{previous_price}变为{price}，排号不变。",
    ),
    "ConfigurationChanged.same_price": Wording(
        "您的配置已变更",
        "您的配置已变更，车价仍为{price}，排号不变。",
    ),
    "DeferralRequested": Wording(
        "您已申请延期交付",
        "您申请将交付延期至{valid_until:until}，现阶段需厂家同意。厂家最迟应在14天内答复；在此之前一切不变，也不会"
        "向您提出任何要求。厂家如不答复，申请即告终止，您不会因此失去任何权益[CN-06]。",
        "在厂家答复之前，您可以在订单页面撤回申请。",
    ),
    "DeferralDeclined": Wording(
        "延期申请未获同意",
        "厂家未同意您的延期申请，其他一切不变。{explanation:reason}",
    ),
    "DeferralDeclined.time_given_back": Wording(
        "延期申请未获同意",
        "厂家未同意您的延期申请。{explanation:reason}等待答复期间，催告给予您的期限停止计算，现顺延至"
        "{cure_until:until}[CN-06]；其他一切不变。",
    ),
    "DeferralTakenBack": Wording(
        "延期申请已撤回",
        "您撤回了延期申请，订单照常进行，如同从未申请；您可以再次申请。",
    ),
    "DeferralTakenBack.time_given_back": Wording(
        "延期申请已撤回",
        "您撤回了延期申请，订单照常进行，如同从未申请；您可以再次申请。等待答复期间，催告给予您的期限停止"
        "计算，现顺延至{cure_until:until}[CN-06]。",
    ),
    "DeferralUnanswered": Wording(
        "厂家未答复您的延期申请",
        "厂家未在期限内答复您的延期申请，申请就此终止。您不会因此失去任何权益：订单照常进行，此前已约定的"
        "内容保持不变[CN-06]。",
        "如仍希望延期，请在订单页面再次申请。",
    ),
    "DeferralUnanswered.time_given_back": Wording(
        "厂家未答复您的延期申请",
        "厂家未在期限内答复您的延期申请，申请就此终止。您不会因此失去任何权益：订单照常进行，等待答复期间"
        "催告给予您的期限停止计算，现顺延至{cure_until:until}[CN-06]。",
        "如仍希望延期，请在订单页面再次申请。",
    ),
    "Deferred": Wording(
        "交付已延期",
        "交付已延期至{agreement.valid_until:until}。您的排号不变，在您提出要车之前不会生产，期间也不会"
        "向您提出任何要求[CN-05]；延期届满不会使您失去任何权益。",
        "您可以随时在订单页面提出要车。",
    ),
    "Deferred.while_late": Wording(
        "交付已延期，卖方迟延给您的权利保留",
        "交付已延期至{agreement.valid_until:until}。您的排号不变，在您提出要车之前不会生产，期间也不会"
        "向您提出任何要求[CN-05]；延期届满不会使您失去任何权益。卖方截至今天的迟延天数仍然计算。您如已可因"
        "迟延退出或解除订单，在车辆于您要车时新约定的交付期内备妥之前，仍可如此[CN-12]。正在计期的交付催告"
        "停止计算，新约定的交付期也未能兑现时继续计算。",
        "订单页面列明您现在可以做什么；您可以随时在那里提出要车。",
    ),
    "Resumed": Wording(
        "您的订单继续执行",
        "您已提出要车，订单按原排号继续执行。现承诺交付期为{promise:days}。",
    ),
    "DeferralEnded": Wording(
        "延期已届满，请告知您的选择",
        "约定的延期已届满，您不会因此失去任何权益：订单、排号和款项均保持不变，未经您要求不会生产。请告知"
        "您要现在提车、再次延期还是退出；即使未答复，也只可能收到给予至少14天答复期的催告，绝不会自动"
        "失去款项[CN-11]。",
        "请在订单页面选择：恢复、再次延期或退出。页面会逐分列明每种选择对您款项的影响。",
    ),
    "Built": Wording(
        "您的车已下线",
        "您的车已下线，车辆识别代号为{vin}。在双方联合验车之前，您无需支付任何款项[CN-08][CN-37]。",
    ),
    "Shipped": Wording(
        "您的车正在运输途中",
        "您的车正运往{destination}。交车之前，一切风险由卖方承担[CN-24]。",
    ),
    "CentreChosen": Wording(
        "您已选择交付中心",
        "您已选择在交付中心（{centre_id}）验车和交车。车辆发运之前，您可以改选其他中心。",
    ),
    "Prepared": Wording(
        "交付中心已完成交付前检查",
        "交付中心已在您到场之前检查了车辆识别代号为{vin}的车，各项均正常。该检查不代替任何环节：只有您看过"
        "车，才算验车[CN-25]。",
    ),
    "Prepared.with_faults": Wording(
        "交付前检查发现问题",
        "交付中心已在您到场之前检查了车辆识别代号为{vin}的车，并记录了不正常的项目，您可以在订单页面查看；"
        "您到场后看到的同样算数[CN-25]。",
    ),
    "Tendered": Wording(
        "您的车可以验车了",
        "车辆识别代号为{vin}的车已停放在{place}，等候联合验车。您可以选择{appointments:choices}；验车通过"
        "之前，您无需支付任何款项[CN-37]。",
        "请在订单页面选择验车时间。",
    ),
    "AppointmentBooked": Wording(
        "验车时间已约定",
        "您将于{appointment}验车。请不必着急：车辆与订单不符的，您可以拒收并保留订单[CN-24]。",
        "如时间不便，请在订单页面另选时段。",
    ),
    "AppointmentMissed": Wording(
        "您未到场验车",
        "{appointment}的验车预约已过，您未到场。我们不会据此作任何推定：只有您看过车，才算验车[CN-25]。",
        "请在订单页面另选时段，或申请延期。",
    ),
    "Inspected": Wording(
        "联合验车已记录",
        "您的车已完成联合验车并记录在案：您已接受。此后方可要求支付尾款。",
    ),
    "Inspected.accepted_with_remarks": Wording(
        "联合验车已记录",
        "您的车已完成联合验车并记录在案：您已接受，并备注{remarks:quoted}。此后方可要求支付尾款；您对质量"
        "问题的权利不受影响[CN-25]。",
    ),
    "Inspected.refused_repair": Wording(
        "您拒收了该车：先行修复",
        "您在联合验车时拒收了该车：{remarks:quoted}。该车修复后再次备车待验；您无需支付任何款项，订单、"
        "排号和款项均保持不变[CN-24]。",
    ),
    "Inspected.refused_another_car": Wording(
        "您拒收了该车：将为您换车",
        "您在联合验车时拒收了该车：{remarks:quoted}。将在最先匹配的排产名额为您另造一辆；您无需支付任何"
        "款项，订单、排号和款项均保持不变[CN-24]。",
    ),
    "BalanceDemanded": Wording(
        "卖方请您支付所验车辆的尾款",
        "您确认的联合验车在先且已通过[CN-37]，因此卖方请您支付尾款{amount}，期限为{due_days}天。该期限"
        "尚未起算，自证明本通知送达您之时起算[CN-11]。该款项对应的正是您验过的那辆车，可分次支付。",
        "请在订单页面一次或分次支付。",
    ),
    "BalanceDemanded.dated": Wording(
        "您验过的车，尾款现已到期",
        "您确认的联合验车在先且已通过[CN-37]，因此尾款{amount}现应在{due_at:until}之前支付。该款项对应的"
        "正是您验过的那辆车，可分次支付。",
        "请在订单页面一次或分次支付。",
    ),
    "PaymentRequested": Wording(
        "您已发起一笔付款",
        "您发起了第{payment_number}笔付款，{purpose:word}{amount}。",
    ),
    "PaymentRequested.starts_days": Wording(
        "您已发起一笔付款",
        "您发起了第{payment_number}笔付款，{purpose:word}{amount}。这表明尾款通知已送达您，其期限自此起算"
        "[CN-11]：尾款应在{balance_due_at:until}之前付清。",
    ),
    "BalanceReceived": Wording(
        "已收到您的付款",
        "已收到尾款{amount}，尚余{outstanding}未付。",
        "请在订单页面支付余额。",
    ),
    "BalanceReceived.all": Wording(
        "车价已付清",
        "已收到尾款{amount}，车价至此付清。交车之前，该款项一直为您保管。",
    ),
    "HandedOver": Wording(
        "车已交付给您",
        "车辆识别代号为{vin}的车已连同全部文件交付给您[CN-36]。您依法享有的质量权利不受影响[CN-25]。",
    ),
    "Closed": Wording(
        "您的订单已完结",
        "本订单已完结归档。您对质量问题的权利并不因此终止[CN-25]。",
    ),
}

TABLE = _PATH | PLANNING | AGREEMENTS | EXITS | SETTLING | LAUNCH | SCARCE
"""What Chinese says on every occasion."""
