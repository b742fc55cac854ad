"""Checks on money before handover: what the deposit is, and when the rest is due.

Not here: what is lost or returned at the end (`defaulting.py`, `refunding.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import MINOR_DIGITS, TermsDocument
from earnest.core.terms.lint.citing import (
    AT_MOST_S2,
    GOOD_PRACTICE,
    IF_A_RULE_SAYS_SO,
    Found,
    Weight,
    found,
    knows,
    words,
)
from earnest.core.terms.packs.rule import Cure, Severity
from earnest.core.terms.policy import STATUTORY_EARNEST_CAP, DepositKind
from earnest.core.terms.sections.delivering import BalanceDue, NoticeTrigger
from earnest.core.terms.sections.leaving import Kept
from earnest.core.terms.sections.ordering import Holding
from earnest.core.values.money import Money

UK_LARGEST_DEPOSIT = 1_000
"""A reservation takes a small share of the price (UK-02); ours is a tenth, in basis points."""

LEAST_BALANCE_DAYS = 7
"""Good practice: a transfer of a car's price needs a week after the inspection."""

WORDS_OF_KIND: dict[DepositKind, tuple[str, ...]] = {
    DepositKind.EARNEST: ("定金", "earnest", "arrhes"),
    DepositKind.INTENT: (
        *("订金", "意向金", "诚意金", "押金", "保证金", "预付款", "预约金"),
        *("intent", "prepayment", "refundable", "acompte", "anzahlung"),
    ),
    DepositKind.FEE: ("服务费", "手续费", "fee", "gebühr", "frais"),
}
"""What a label says that the money is (CN-23). The Chinese words decide cases in court."""

LABEL_OF_KIND = {
    DepositKind.EARNEST: "定金 (earnest money)",
    DepositKind.INTENT: "意向金 (intent, refundable)",
    DepositKind.FEE: "服务费 (fee)",
}

_PAYMENT_RULES = ("CN-04", "CN-07", "CN-08", "EU-10", "DE-02", "UK-01")


def balance_before_tender(document: TermsDocument) -> Found:
    """Pattern 1: the balance is due although no car stands there that could be inspected."""
    if document.balance_due.when not in {
        BalanceDue.WITH_ORDER,
        BalanceDue.AT_LOCK,
        BalanceDue.ON_NOTICE,
    }:
        return ()
    return found(
        document,
        _PAYMENT_RULES,
        pattern=1,
        clause="balance_due",
        cures=(
            Cure("balance_due.when", BalanceDue.AFTER_INSPECTION),
            Cure("balance_due.notice", NoticeTrigger.INSPECTION),
        ),
        why=words(
            zh="车辆尚未到场、无从验看，就要求付清尾款，加重了消费者的责任，剥夺了验车和拒付的权"
            "利。海口美兰法院认定此类条款无效：买方不构成违约，卖方没收定金的，应双倍返还。欧"
            "盟第93/13号指令附件第1（o）项同理。",
            en="The balance is due before an identified car stands there to be looked at. That "
            "burdens the buyer and takes away the right to inspect and to withhold. The Haikou "
            "court held such a term void: the buyer was not in default, and the seller that "
            "kept the deposit had to return it double. European law says the same (Directive "
            "93/13, annex 1(o)).",
        ),
    )


def balance_before_inspection(document: TermsDocument) -> Found:
    """Pattern 1, milder: the car stands there, but the money is due before it was looked at."""
    if document.balance_due.when is not BalanceDue.AFTER_TENDER:
        return ()
    return found(
        document,
        ("CN-04", "CN-25", "CN-37"),
        pattern=1,
        clause="balance_due",
        cures=(Cure("balance_due.when", BalanceDue.AFTER_INSPECTION),),
        why=words(
            zh="车已到场，但先付款后验车。验车应由双方共同进行，付款在验车之后；先收款会使拒收权"
            "落空。",
            en="The car is there, but the money is due before both have looked at it. Who has "
            "paid everything can hardly refuse the car any more; the inspection comes first.",
        ),
    )


def notice_by_sales_situation(document: TermsDocument) -> Found:
    """Pattern 2: the seller asks for the balance when its sales, not the car, suggest it."""
    if document.balance_due.notice is not NoticeTrigger.SALES_SITUATION:
        return ()
    return found(
        document,
        ("CN-04", "CN-34", "EU-07", "EU-10", "UK-01"),
        pattern=2,
        clause="balance_due",
        cures=(Cure("balance_due.notice", NoticeTrigger.INSPECTION),),
        why=words(
            zh="以“销售情况”作为催款条件，等于由卖方任意决定付款时间，把经营风险转嫁给消费者。",
            en="A demand that depends on the seller's sales lets the seller choose the day at "
            "will and puts its business risk on the buyer.",
        ),
    )


def notice_by_production(document: TermsDocument) -> Found:
    """Pattern 1 again: the state of production lets the seller ask for the balance."""
    if document.balance_due.notice is not NoticeTrigger.PRODUCTION:
        return ()
    return found(
        document,
        _PAYMENT_RULES,
        pattern=1,
        clause="balance_due",
        cures=(Cure("balance_due.notice", NoticeTrigger.INSPECTION),),
        why=words(
            zh="以生产进度作为催款条件：车下线不等于车可以验收。尾款只能在共同验车之后催收。",
            en="Production lets the seller ask for the balance. A car that left the line is not "
            "yet a car that was looked at; the balance can be asked for after the joint "
            "inspection.",
        ),
    )


def short_balance_days(document: TermsDocument) -> Found:
    """Good practice: after the inspection a buyer gets a week to pay."""
    if (
        document.balance_due.when is not BalanceDue.AFTER_INSPECTION
        or document.balance_due.days >= LEAST_BALANCE_DAYS
    ):
        return ()
    return found(
        document,
        ("DE-06",),
        weight=GOOD_PRACTICE,
        clause="balance_due",
        cures=(Cure("balance_due.days", LEAST_BALANCE_DAYS),),
        why=words(
            zh="验车后付款期不足7天。贷款放款和大额转账需要时间，过短的期限容易引起纠纷。",
            en="Fewer than 7 days to pay after the inspection. Loans and large transfers take "
            "time, and too short a term breeds disputes.",
        ),
    )


def label_of_another_kind(document: TermsDocument) -> Found:
    """The label says another thing than the terms; in doubt the buyer's reading counts (CN-23).

    In China money has the effect of earnest money only if it is called so; in France an advance
    counts as arrhes unless it is called something else (FR-02).
    """
    deposit = document.deposit
    label = deposit.label.casefold()
    named = [kind for kind, names in WORDS_OF_KIND.items() if any(word in label for word in names)]
    needs_its_word = deposit.kind is DepositKind.EARNEST and knows(document, "CN-23")
    if named == [deposit.kind] or not (named or needs_its_word):
        return ()
    # Refundable money is the reading for the buyer; a label without any word keeps the kind.
    kind = DepositKind.INTENT if DepositKind.INTENT in {*named, deposit.kind} else deposit.kind
    cures = [Cure("deposit.label", LABEL_OF_KIND[kind])]
    if kind is not deposit.kind:
        cures += [Cure("deposit.kind", kind), Cure("buyers_default.keeps", Kept.NOTHING)]
    return found(
        document,
        ("CN-23", "FR-02"),
        weight=IF_A_RULE_SAYS_SO,
        clause="deposit",
        cures=tuple(cures),
        why=words(
            zh="页面、收据上的名称与条款中款项的性质不一致。名称写“订金”“意向金”“押金”的，没有定"
            "金效力；有疑义时按有利于买方的解释，款项应退还。",
            en="The word on page and receipt does not say what the terms say the money is. Money "
            "that is not called earnest money (定金) has no such effect; in doubt the reading "
            "for the buyer counts and it comes back.",
        ),
    )


MORE_THAN_EARNEST = words(
    zh="预付款过高。定金不得超过主合同标的额的百分之二十，超过部分不产生定金效力，"
    "无论谁违约都应退还。",
    en="The deposit is too high. Earnest money reaches at most 20 % of the price; what lies above "
    "has no such effect and comes back whoever is in breach.",
)
MORE_THAN_A_SMALL_SHARE = words(
    zh="预付款过高。预订只应收取车价的一小部分，本系统以车价的百分之十为限；"
    "卖方只能扣留已证明的净损失。",
    en="The deposit is too high. A reservation should take only a small share of the price, which "
    "is read here as 10 %, and the seller may keep no more than its proven net loss.",
)


def deposit_above_cap(document: TermsDocument) -> Found:
    """Pattern 5: earnest money above 20 % of the lowest price (CN-16), or no small share (UK)."""
    is_uk = knows(document, "UK-02")
    is_earnest = document.deposit.kind is DepositKind.EARNEST
    if not is_uk and not is_earnest:
        return ()
    basis_points = UK_LARGEST_DEPOSIT if is_uk else STATUTORY_EARNEST_CAP
    lowest = document.money(document.price.lowest)
    largest = lowest.amount * basis_points // 10_000
    if document.money(document.deposit.amount).amount <= largest:
        return ()
    return found(
        document,
        ("CN-16", "UK-02"),
        pattern=5,
        clause="deposit",
        cures=(Cure("deposit.amount", as_amount(Money(largest, document.currency))),),
        why=MORE_THAN_A_SMALL_SHARE if is_uk else MORE_THAN_EARNEST,
    )


def deposit_not_credited(document: TermsDocument) -> Found:
    """A deposit that is not credited to the price makes the car dearer (CN-17, CN-35)."""
    if document.deposit.credited:
        return ()
    return found(
        document,
        ("CN-17", "CN-35", "EU-07", "UK-02"),
        weight=AT_MOST_S2,
        clause="deposit",
        cures=(Cure("deposit.credited", value=True),),
        why=words(
            zh="债务人履行债务的，定金应当抵作价款或者收回。不抵车款等于加价收费。",
            en="When the contract is performed the deposit is credited to the price or returned. "
            "Not to credit it is a hidden surcharge.",
        ),
    )


def deposit_not_kept_apart(document: TermsDocument) -> Found:
    """Deposits in the seller's own account are gone when it fails (UK-02)."""
    if document.deposit.holding is not Holding.OWN_ACCOUNT:
        return ()
    return found(
        document,
        ("UK-02",),
        weight=Weight(otherwise=Severity.S3),
        clause="deposit",
        cures=(Cure("deposit.holding", Holding.SEGREGATED),),
        why=words(
            zh="订车款与卖方自有资金混同，卖方一旦停业，买方很难要回。应专户或第三方存管。",
            en="Deposits are mixed with the seller's own money; if it fails, buyers queue with "
            "all its creditors. Keep them in a separate or escrow account.",
        ),
    )


def as_amount(money: Money) -> str:
    """A sum as a document writes it: units of the currency with all its decimals."""
    digits = MINOR_DIGITS[money.currency]
    if digits == 0:
        return str(money.amount)
    whole, minor = divmod(money.amount, 10**digits)
    return f"{whole}.{minor:0{digits}d}"
