"""Checks on how the contract comes about: who sells, what binds, who interprets.

Not here: what is paid (`paying.py`) and when it binds (`committing.py`).
"""

from __future__ import annotations

import re

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import AT_MOST_S2, IF_A_RULE_SAYS_SO, Found, found, words
from earnest.core.terms.packs.rule import Cure
from earnest.core.terms.sections.ordering import Formation

CLEAR_BUTTONS = frozenset(
    {
        "order_with_obligation_to_pay",
        "order with obligation to pay",
        "buy now",
        "buy_now",
        "zahlungspflichtig bestellen",
        "jetzt kaufen",
        "commande avec obligation de paiement",
        "提交订单并付款",
    }
)
"""Labels that say without doubt that a click costs money (Directive 2011/83, article 8(2))."""


def payee_not_liable(document: TermsDocument) -> Found:
    """Pattern 19: another than the seller takes the money and does not answer for it."""
    if document.payee.name == document.seller.name or document.payee.jointly_liable:
        return ()
    return found(
        document,
        ("CN-28", "EU-01"),
        pattern=19,
        weight=AT_MOST_S2,
        clause="seller_and_payee",
        cures=(Cure("payee.jointly_liable", value=True),),
        why=words(
            zh="收款方不是卖方，又不承担连带责任：出了问题，买方不知道该向谁要钱。海口案中，法院"
            "判令收款公司承担连带责任。",
            en="Another company than the seller takes the money and does not answer for it, so a "
            "buyer must guess whom to sue. In the Haikou case the court held the collecting "
            "company jointly liable all the same.",
        ),
    )


def seller_forms_the_contract(document: TermsDocument) -> Found:
    """No contract until the seller says so, although the buyer has ordered and paid (CN-01)."""
    if document.contract.formed_by is not Formation.SELLER_CONFIRMS:
        return ()
    return found(
        document,
        ("CN-01", "CN-02", "EU-07", "UK-01"),
        clause="formation",
        cures=(Cure("contract.formed_by", Formation.PAYMENT),),
        why=words(
            zh="买方提交订单并付款后，合同即告成立。约定“卖方确认后合同才成立”的格式条款无效，卖"
            "方拒不履行仍须承担违约责任。",
            en="Once the order is submitted and paid there is a contract. A standard term that "
            "leaves it to the seller to confirm it later has no effect: a seller that backs "
            "out is in breach.",
        ),
    )


def staff_promises_denied(document: TermsDocument) -> Found:
    """Pattern 8: an entire-agreement clause against what staff promised."""
    if document.contract.staff_promises_bind:
        return ()
    return found(
        document,
        ("CN-05", "CN-32", "EU-09", "DE-01", "UK-01"),
        pattern=8,
        clause="agreements",
        cures=(Cure("contract.staff_promises_bind", value=True),),
        why=words(
            zh="个别约定优先于格式条款。销售人员在聊天或邮件中作出的承诺，不能用“以书面合同为准”"
            "一句话抹去；法院会按该承诺裁判。",
            en="What was agreed individually beats the standard terms. A sentence that nothing "
            "counts but the printed contract does not erase what staff promised in a chat or a "
            "mail: a court decides by the promise.",
        ),
    )


def public_promises_denied(document: TermsDocument) -> Found:
    """Pattern 8 as well: what the maker told the public is said not to count."""
    if document.contract.public_promises_bind:
        return ()
    return found(
        document,
        ("CN-26", "CN-32", "EU-09", "UK-01"),
        pattern=8,
        clause="agreements",
        cures=(Cure("contract.public_promises_bind", value=True),),
        why=words(
            zh="对公众作出的承诺必须履行。一边宣传“验车后付尾款”，一边在条款中另作规定，海口法院"
            "认定为违背诚信。",
            en="What is promised in public must be kept. To advertise that the balance is paid "
            "after inspection and to write otherwise in the terms is bad faith, as the Haikou "
            "court found.",
        ),
    )


def seller_interprets(document: TermsDocument) -> Found:
    """Pattern 10: the seller reserves the final interpretation."""
    if not document.contract.seller_interprets:
        return ()
    return found(
        document,
        ("CN-25", "CN-31", "EU-08", "UK-01"),
        pattern=10,
        clause="terms",
        cures=(Cure("contract.seller_interprets", value=False),),
        why=words(
            zh="“最终解释权归卖方”属于无效条款，还可能被罚款。条款有疑义的，应作出不利于提供格式"
            "条款一方的解释。",
            en="A right of final interpretation is void and can be fined. Where a clause is "
            "doubtful, a court reads it against the side that wrote it.",
        ),
    )


def unclear_button(document: TermsDocument) -> Found:
    """A button that does not say that a click costs money (EU-01)."""
    if document.contract.order_button.casefold() in CLEAR_BUTTONS:
        return ()
    return found(
        document,
        ("EU-01",),
        weight=IF_A_RULE_SAYS_SO,
        clause="formation",
        cures=(Cure("contract.order_button", "order_with_obligation_to_pay"),),
        why=words(
            zh="下单按钮没有写明点击即须付款。依欧盟规则，消费者不受这样的订单约束。",
            en="The button does not say that clicking it means paying. Under EU rules the "
            "consumer is not bound by an order placed with it.",
        ),
    )


_SMUGGLED: tuple[tuple[int, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        10,
        re.compile(r"最终解释权|解释权归|final (right of )?interpretation", re.IGNORECASE),
        ("CN-25", "CN-31", "EU-08", "UK-01"),
    ),
    (
        8,
        re.compile(
            r"口头承诺(均)?无效|销售人员的?承诺(均)?(无效|不作数)|entire agreement"
            r"|no (oral|verbal) (promise|statement)s?",
            re.IGNORECASE,
        ),
        ("CN-05", "CN-32", "EU-09", "DE-01", "UK-01"),
    ),
    (
        3,
        re.compile(
            r"概不退(还|款|换)?|一律不(予)?退|不退不换|under no circumstances refund"
            r"|non-refundable in (all|any) (cases?|circumstances)",
            re.IGNORECASE,
        ),
        ("CN-04", "CN-17", "CN-31", "EU-06", "UK-01", "US-05", "KR-01"),
    ),
    (
        9,
        re.compile(
            r"有权随时(修改|变更|调整)|单方(修改|变更|调整)|at (its|our) sole discretion",
            re.IGNORECASE,
        ),
        ("CN-09", "CN-31", "CN-34", "EU-08", "DE-04", "UK-01"),
    ),
    (
        11,
        re.compile(
            r"签(字|收)即视为(质量)?(合格|验收)|signature (means|confirms) acceptance",
            re.IGNORECASE,
        ),
        ("CN-25", "EU-08", "UK-01"),
    ),
)
"""Sentences that bring an unfair term back in through a clause of the maker's own."""


def smuggled_words(document: TermsDocument) -> Found:
    """Patterns 3, 8, 9, 10 and 11 in the words of a clause that no parameter describes."""
    findings: Found = ()
    for clause in document.clauses:
        text = f"{clause.zh_hans}\n{clause.en}"
        for pattern, sentence, rules in _SMUGGLED:
            match = sentence.search(text)
            if match is None:
                continue
            findings += found(
                document,
                rules,
                pattern=pattern,
                clause=clause.id,
                cures=(Cure(f"clauses.{clause.id}", ""),),
                why=words(
                    zh=f"自拟条款写有“{match[0]}”。此类规定无效，把它写进别的条款也不会变得有效。"
                    "应删去。",
                    en=f"A clause of the maker's own says {match[0]!r}. Such a term has no "
                    "effect, and writing it in another place does not give it any. Strike the "
                    "clause.",
                ),
            )
    return findings
