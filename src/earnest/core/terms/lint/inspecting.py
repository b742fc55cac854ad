"""Checks on the car itself: inspection, collection, storage, the papers that come with it.

Not here: what is due afterwards (`paying.py`).
"""

from __future__ import annotations

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.lint.citing import (
    AT_MOST_S2,
    BY_ITS_RULES,
    GOOD_PRACTICE,
    IF_A_RULE_SAYS_SO,
    Found,
    found,
    knows,
    words,
)
from earnest.core.terms.lint.paying import as_amount
from earnest.core.terms.packs.rule import Cure
from earnest.core.terms.policy import LEAST_CURE_DAYS
from earnest.core.terms.sections.delivering import NoShow, StorageBasis
from earnest.core.values.money import Money

LEAST_COLLECTION_DAYS = 10
"""Three days to collect and pay were too short for the Federal Court of Justice (DE-06)."""

LEAST_FREE_STORAGE_DAYS = 7
LONGEST_STORAGE_CHARGED = 30
"""Days of storage that a cure caps the fee at."""

PAPERS_BY_LAW = (
    "certificate_of_conformity",
    "consistency_certificate",
    "invoice",
    "manual",
    "three_guarantee_card",
)
"""What comes with a new car in China (CN-36, CN-37)."""

USUAL_CHECKLIST = (
    "vin_matches",
    "exterior_paint",
    "glass_and_lights",
    "wheels_and_tyres",
    "interior",
    "electronics",
    "charging",
    "accessories",
    "configuration_matches",
)


def no_joint_inspection(document: TermsDocument) -> Found:
    """The seller does not look at the car together with the buyer (CN-37)."""
    if document.inspection.joint:
        return ()
    return found(
        document,
        ("CN-25", "CN-37", "EU-08"),
        clause="inspection",
        cures=(Cure("inspection.joint", value=True),),
        why=words(
            zh="不与买方共同验车。家用汽车三包规定要求卖方与消费者共同查验外观、内饰等现场可查验"
            "的质量；单方认定合格没有效力。",
            en="The seller does not inspect the car together with the buyer. The three-guarantee "
            "rules demand it for everything that can be seen on the spot; a seller cannot "
            "judge alone that it has performed.",
        ),
    )


def no_checklist(document: TermsDocument) -> Found:
    """Good practice: an inspection follows a list that both sides know beforehand."""
    if document.inspection.checklist:
        return ()
    return found(
        document,
        ("CN-37",),
        weight=GOOD_PRACTICE,
        clause="inspection",
        cures=(Cure("inspection.checklist", USUAL_CHECKLIST),),
        why=words(
            zh="没有验车清单。没有清单的验车往往只有十几分钟，事后难以证明查过什么。",
            en="There is no checklist. Without one an inspection is over in ten minutes, and "
            "nobody can prove later what was looked at.",
        ),
    )


def signature_is_acceptance(document: TermsDocument) -> Found:
    """Pattern 11: signing for the car means that its quality is accepted."""
    if not document.inspection.signature_means_accepted:
        return ()
    return found(
        document,
        ("CN-25", "EU-08", "UK-01"),
        pattern=11,
        clause="inspection",
        cures=(Cure("inspection.signature_means_accepted", value=False),),
        why=words(
            zh="“签字即视为质量合格”无效。签收不等于认可质量，隐蔽瑕疵的责任不因签字而免除。",
            en="A signature is said to accept the quality. That is void: to sign for the car is "
            "not to accept it, and hidden defects stay the seller's.",
        ),
    )


def acceptance_assumed(document: TermsDocument) -> Found:
    """Pattern 11: the car of a buyer who does not come counts as accepted."""
    if document.collection.if_buyer_does_not_come is not NoShow.ASSUMED_ACCEPTED:
        return ()
    return found(
        document,
        ("CN-25", "CN-37", "EU-08", "UK-01"),
        pattern=11,
        clause="collection",
        cures=(Cure("collection.if_buyer_does_not_come", NoShow.DEMAND),),
        why=words(
            zh="买方未到场即视为验收合格。验收不能推定；卖方应当催告提车并给予合理期限。",
            en="If the buyer does not come, the car counts as accepted. An inspection cannot be "
            "assumed; the seller asks for collection and gives time.",
        ),
    )


def order_lost_by_not_coming(document: TermsDocument) -> Found:
    """Pattern 3: who misses the appointment loses order and deposit, without a demand."""
    if document.collection.if_buyer_does_not_come is not NoShow.CANCELLED:
        return ()
    return found(
        document,
        ("CN-11", "CN-17", "EU-07", "DE-06", "UK-01", "KR-01"),
        pattern=3,
        clause="collection",
        cures=(Cure("collection.if_buyer_does_not_come", NoShow.DEMAND),),
        why=words(
            zh="一次未到场就取消订单、没收定金。未经催告和宽限期的解除不发生效力，订单和款项都还"
            "在。",
            en="One missed appointment cancels the order and takes the deposit. Without a demand "
            "and time to cure such a cancellation ends nothing: order and money stay.",
        ),
    )


def short_collection(document: TermsDocument) -> Found:
    """Pattern 17: fewer than ten days to collect a car."""
    if document.collection.days >= LEAST_COLLECTION_DAYS:
        return ()
    return found(
        document,
        ("DE-06", "CN-04", "EU-07", "UK-01", "KR-01"),
        pattern=17,
        clause="collection",
        cures=(Cure("collection.days", LEAST_CURE_DAYS),),
        why=words(
            zh="提车期限不足10天。德国联邦最高法院认为三天提车付款过短，卖方据此解除合同无效，定"
            "金应全额退还。",
            en="Fewer than 10 days to collect the car. Three days to collect and pay were too "
            "short for the German Federal Court of Justice: the seller's rescission had no "
            "effect, and the deposit had to be returned in full.",
        ),
        weight=BY_ITS_RULES if knows(document, "DE-06") else AT_MOST_S2,
    )


def storage_not_by_cost(document: TermsDocument) -> Found:
    """Pattern 18: a storage fee that is not the actual cost."""
    if document.storage.basis is not StorageBasis.FLAT:
        return ()
    return found(
        document,
        ("CN-19", "EU-07", "DE-03", "UK-01", "KR-01"),
        weight=AT_MOST_S2,
        pattern=18,
        clause="storage",
        cures=(Cure("storage.basis", StorageBasis.ACTUAL_COST),),
        why=words(
            zh="按固定标准收取保管费。受领迟延时卖方只能要求赔偿实际增加的费用，须逐项列明。",
            en="A flat storage fee. From a buyer who is late in taking the car the seller can "
            "claim the cost that really arose, item by item, and no more.",
        ),
    )


def storage_without_limit(document: TermsDocument) -> Found:
    """Pattern 18: a storage fee without a cap (CN-19)."""
    storage = document.storage
    per_day = document.money(storage.per_day)
    if (
        storage.basis is StorageBasis.NONE
        or not per_day.is_positive
        or document.money(storage.cap).is_positive
    ):
        return ()
    limit = Money(per_day.amount * LONGEST_STORAGE_CHARGED, document.currency)
    return found(
        document,
        ("CN-19", "EU-07", "UK-01", "KR-01"),
        weight=AT_MOST_S2,
        pattern=18,
        clause="storage",
        cures=(Cure("storage.cap", as_amount(limit)),),
        why=words(
            zh="保管费没有上限。只能要求赔偿实际增加的费用，不能无限累计。",
            en="The storage fee has no cap. What can be claimed is the cost that arose, not a sum "
            "that grows without end.",
        ),
    )


def storage_from_the_first_day(document: TermsDocument) -> Found:
    """Pattern 18: a storage fee before the buyer had a week to come (CN-19)."""
    storage = document.storage
    if storage.basis is StorageBasis.NONE or storage.free_days >= LEAST_FREE_STORAGE_DAYS:
        return ()
    return found(
        document,
        ("CN-19", "EU-07", "UK-01", "KR-01"),
        weight=AT_MOST_S2,
        pattern=18,
        clause="storage",
        cures=(Cure("storage.free_days", LEAST_CURE_DAYS),),
        why=words(
            zh="没有足够的宽限期就开始收取保管费。只有在车辆到场、通知送达并过了合理期限之后，买"
            "方才构成受领迟延。",
            en="Storage is charged almost from the first day. A buyer is late in taking the car "
            "only after tender, a notice that arrived and a reasonable time to come.",
        ),
    )


def papers_missing(document: TermsDocument) -> Found:
    """The papers that the law wants handed over with the car are not all promised (CN-36)."""
    missing = [each for each in PAPERS_BY_LAW if each not in document.handover_documents]
    if not missing:
        return ()
    return found(
        document,
        ("CN-36",),
        weight=IF_A_RULE_SAYS_SO,
        clause="handover",
        cures=(Cure("handover_documents", (*document.handover_documents, *missing)),),
        why=words(
            zh=f"随车文件不全，缺少：{'、'.join(missing)}。交车时必须交付合格证、一致性证书、发票"
            "、说明书和三包凭证。",
            en=f"Papers that must come with the car are missing: {', '.join(missing)}. A dealer "
            "has to hand over certificate, consistency certificate, invoice, manual and "
            "three-guarantee card.",
        ),
    )
