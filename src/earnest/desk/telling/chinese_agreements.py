"""Simplified Chinese: what departs from the standard terms of one order.

Not here: the rest of an order's life (`chinese.py`, `chinese_exits.py`).
"""

from earnest.desk.telling.sentence import Wording

CHOOSE = (
    "您可以保持原订单、在有可选方案时换购，或退出并取回订购款：订单页面列明每种选择的车价、交付期和款项。"
    "如不答复，一切不变。"
)

AGREEMENTS = {
    "AgreementProposed": Wording(
        "有一份补充协议待确认",
        "您的订单有第{agreement.number}号补充协议待确认：{agreement.overrides:overrides}。原话为：{agreement.text:quoted}"
        "。在双方均接受之前，一切不变。",
        "请在订单页面查看，并选择接受或拒绝。",
    ),
    "AgreementMade": Wording(
        "补充协议已生效",
        "第{agreement.number}号补充协议已生效，并优先于标准条款[CN-05]：{agreement.overrides:overrides}。原话为："
        "{agreement.text:quoted}。",
    ),
    "AgreementDeclined": Wording(
        "补充协议未获接受",
        "第{number}号补充协议提议已被拒绝或撤回，其他一切不变。{explanation:reason}",
    ),
    "PublicPromisesApplied": Wording(
        "公开承诺已适用于您的订单",
        "厂家的公开承诺已成为您订单的内容，并在订单存续期间始终有效[CN-26]：{promised:overrides}。",
    ),
    "PriceLowered": Wording(
        "您的订单降价了",
        "您的订单车价由{previous_price}降为{price}，其他一切不变。",
    ),
    "TermsOffered": Wording(
        "您可以选用新版条款",
        "卖方向您的订单提供{version}版条款。在您接受之前，您的订单仍适用原版本；您没有接受的义务[EU-08]。",
        "请在订单页面比较两个版本，并选择接受或拒绝。",
    ),
    "TermsOffered.worse": Wording(
        "卖方提供的其他条款有对您不利之处",
        "卖方向您的订单提供{version}版条款，其中部分内容对您较为不利。在您明确接受之前，您的订单仍适用原版本；您没有接受的义务[EU-08]。",
        "请在订单页面比较两个版本，并选择接受或拒绝。",
    ),
    "TermsAccepted": Wording(
        "您的订单已适用其他条款",
        "您已为订单接受{version}版条款。只有您单独确认过的重要条款才成为合同内容[CN-03]。",
    ),
    "TermsDeclined": Wording(
        "您的条款不变",
        "您拒绝了卖方提供的条款，您的订单仍适用原版本，一切不变。",
    ),
    "ChangeAnnounced": Wording(
        "等待期间情况有变，请您选择",
        "厂家一方情况有变：{change.explanation:quoted}。除非您在{change.answer_until:until}之前另作选择，您的订单保持不变[CN-09]。",
        CHOOSE,
    ),
    "ChangeAnnounced.price_fell": Wording(
        "您订购的车降价了，请您选择",
        "您订购的车现价为{change.switch.price}：{change.explanation:quoted}。除非您在{change.answer_until:until}之前另作选择，"
        "您的订单保持不变[CN-09]。",
        CHOOSE,
    ),
    "ChangeAnnounced.model_refreshed": Wording(
        "您订购的车型已改款，请您选择",
        "您订购的车型已改款：{change.explanation:quoted}。除非您在{change.answer_until:until}之前另作选择，您的订单保持不变[CN-09]。",
        CHOOSE,
    ),
    "ChangeAnnounced.option_withdrawn": Wording(
        "您选装的配置已停供，请您选择",
        "厂家停供您选装的配置：{change.explanation:quoted}。除非您在{change.answer_until:until}之前另作选择，原订单对卖方仍有约束力"
        "[CN-09]。",
        CHOOSE,
    ),
    "ChangeAnnounced.tax_year_passed": Wording(
        "您的车将跨年度开票，请您选择",
        "您的车将在预期之外的纳税年度开票：{change.explanation:quoted}。除非您在{change.answer_until:until}之前另作选择，"
        "您的订单保持不变[CN-09]。",
        CHOOSE,
    ),
    "ChangeAnnounced.guarantee_missed": Wording(
        "您的车将错过保障日期，请您选择",
        "您的车将在所保障的日期之后生产：{change.explanation:quoted}。除非您在{change.answer_until:until}之前另作选择，您的订单保持不变；"
        "您因迟延享有的权利不受影响[CN-12]。",
        CHOOSE,
    ),
    "ChangeAnswered": Wording(
        "您的订单保持不变",
        "您选择在变更后保持原订单，一切不变。",
    ),
    "ChangeAnswered.switch": Wording(
        "您已选择换购，排号不变",
        "您选择在变更后换购，排号保持不变。",
    ),
    "ChangeAnswered.leave": Wording(
        "您已选择退出",
        "您选择在变更后退出，订购款将退还给您。",
    ),
    "Switched": Wording(
        "您的订单已换购",
        "您的订单已改为所换购的车，车价由{previous_price}变为{switch.price}，排号始终不变。",
    ),
    "ChangeUnanswered": Wording(
        "您的订单保持不变",
        "答复期限已过而您未作答复，您的订单与原先完全一致[EU-08]。",
    ),
}
"""What Chinese says about promises and agreements."""
