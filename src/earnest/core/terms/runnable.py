"""What the engine cannot run: parameters that a document can say and no policy can hold.

Each refusal names the key, what the engine does instead, and the rule behind it. Not here: the
policy itself (`compile.py`) and the full reasons in law, which the linter gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import FaultCode, FoundFault, found
from earnest.core.terms.packs.law import Remedy
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import LEAST_CURE_DAYS, LONGEST_REFUND_DAYS, DepositKind
from earnest.core.terms.runnable_values import ONLY, Only
from earnest.core.terms.sections.leaving import BuyerDefault, Channel, Kept, Returned
from earnest.core.terms.sections.ordering import Ending, WaitingChoice

Faults: TypeAlias = Iterator[FoundFault]


def cannot_run(document: TermsDocument) -> Faults:
    """Everything in a document that the engine does not do, in the order of the rules."""
    for only in ONLY:
        value = getattr(getattr(document, only.section), only.key)
        if value not in only.runs:
            yield _refused(only, value)
    yield from _early_endings(document)
    yield from _choices_while_waiting(document)
    yield from _periods(document)
    yield from _grounds(document)
    yield from _channels(document)
    yield from _sums(document)
    yield from _deposit(document)


def _written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(_written(each) for each in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _refused(only: Only, value: object) -> FoundFault:
    allowed = [_written(each) for each in only.runs]
    return _fault(
        (only.section, only.key),
        f"{_written(value)} cannot run, because {only.english}; write {' or '.join(allowed)}",
        f"{_written(value)} 无法运行，因为{only.chinese}；应填写 {' 或 '.join(allowed)}",
        *only.rule_ids,
    )


def _fault(path: tuple[str, ...], english: str, chinese: str, *rule_ids: str) -> FoundFault:
    return found(path, FaultCode.ENGINE_CANNOT_RUN, english, chinese, *rule_ids)


def _early_endings(document: TermsDocument) -> Faults:
    others = [each for each in document.cooling_off.ended_by if each is not Ending.BUYER_LOCK]
    if others:
        acts = ", ".join(others)
        yield _fault(
            ("cooling_off", "ended_by"),
            f"{acts} cannot end the cooling-off period, because only the buyer's own lock does; "
            'write ["buyer_lock"] or []',
            f'{acts} 不能结束冷静期，因为只有买方本人锁单才有此效力；应填写 ["buyer_lock"] 或 []',
            "CN-03",
        )


def _choices_while_waiting(document: TermsDocument) -> Faults:
    missing = [each for each in WaitingChoice if each not in document.changes.while_waiting]
    if missing:
        choices = ", ".join(missing)
        yield _fault(
            ("changes", "while_waiting"),
            f"{choices} cannot be left out, because a buyer is always offered to keep, switch or "
            "leave; leave the key out",
            f"不能省略 {choices}，因为买方始终可选择维持、改订或退出；请删去此键",
            "CN-09",
        )


def _periods(document: TermsDocument) -> Faults:
    if document.buyers_default.cure_days < LEAST_CURE_DAYS:
        yield _fault(
            ("buyers_default", "cure_days"),
            f"{document.buyers_default.cure_days} days to cure cannot run, because a buyer has at "
            f"least {LEAST_CURE_DAYS}; write {LEAST_CURE_DAYS} or more",
            f"宽限期{document.buyers_default.cure_days}日无法运行，因为买方至少有{LEAST_CURE_DAYS}日；"
            f"应填写 {LEAST_CURE_DAYS} 或以上",
            "DE-06",
        )
    if not 0 < document.refunds.days <= LONGEST_REFUND_DAYS:
        yield _fault(
            ("refunds", "days"),
            f"a refund within {document.refunds.days} days cannot run; write 1 to "
            f"{LONGEST_REFUND_DAYS}",
            f"{document.refunds.days}日内退款无法运行；应填写 1 至 {LONGEST_REFUND_DAYS}",
            "CN-29",
        )


def _grounds(document: TermsDocument) -> Faults:
    missing = [each for each in BuyerDefault if each not in document.buyers_default.grounds]
    if missing:
        grounds = ", ".join(missing)
        yield _fault(
            ("buyers_default", "grounds"),
            f"{grounds} cannot be left out, because staff can demand each of them; leave the key "
            "out",
            f"不能省略 {grounds}，因为工作人员可就各项事由催告；请删去此键",
        )


def _channels(document: TermsDocument) -> Faults:
    if Channel.ONLINE not in document.refunds.channels:
        yield _fault(
            ("refunds", "channels"),
            "a buyer can always cancel online, where the order was made; write a list with "
            '"online"',
            '买方始终可在下单的线上渠道取消；列表中应有 "online"',
            "KR-01",
        )


def _sums(document: TermsDocument) -> Faults:
    if not document.money(document.deposit.amount).is_positive:
        yield _fault(
            ("deposit", "amount"),
            "an order without a deposit cannot run, because its payment starts the cooling-off "
            "period; write a sum above zero",
            "没有订购款的订单无法运行，因为冷静期自其支付时起算；应填写大于零的金额",
        )
    for section, per_day, cap in (
        ("late_delivery", document.late_delivery.per_day, document.late_delivery.cap),
        ("storage", document.storage.per_day, document.storage.cap),
    ):
        if document.money(per_day).is_positive and not document.money(cap).is_positive:
            yield _fault(
                (section, "cap"),
                "a sum for each day cannot run without a cap; write the most that is paid",
                "没有上限的每日金额无法运行；请填写最高金额",
            )


def _deposit(document: TermsDocument) -> Faults:
    """What a deposit secures follows from its kind and the law; less may be kept, never more."""
    kind, where = document.deposit.kind, document.jurisdiction
    law = LAWS[where]
    if law.remedy is Remedy.REFUNDABLE and kind is not DepositKind.INTENT:
        yield _fault(
            ("deposit", "kind"),
            f'"{kind}" cannot run under {where}, where a deposit comes back; write "intent"',
            f'在 {where} 法域下订购款应予退还，“{kind}”无法运行；应填写 "intent"',
            law.citations.not_kept,
        )
        return
    keeps, returns = _secured(kind, law.remedy)
    if document.buyers_default.keeps not in {keeps, Kept.NOTHING}:
        yield _fault(
            ("buyers_default", "keeps"),
            f'"{document.buyers_default.keeps}" cannot run for a deposit of the kind {kind} under '
            f'{where}; write "{keeps}"',
            f"在 {where} 法域下，{kind} 类订购款不能适用“{document.buyers_default.keeps}”；"
            f'应填写 "{keeps}"',
            law.citations.kept,
        )
    if document.sellers_default.returns not in returns:
        right = " or ".join(f'"{each}"' for each in returns)
        zh_right = " 或 ".join(f'"{each}"' for each in returns)
        yield _fault(
            ("sellers_default", "returns"),
            f'"{document.sellers_default.returns}" cannot run for a deposit of the kind {kind} '
            f"under {where}; write {right}",
            f"在 {where} 法域下，{kind} 类订购款不能适用“{document.sellers_default.returns}”；"
            f"应填写 {zh_right}",
            law.citations.own_breach,
        )


def _secured(kind: DepositKind, remedy: Remedy) -> tuple[Kept, tuple[Returned, ...]]:
    """What settlement lets the seller keep of a deposit at most, and what it gives back."""
    once = (Returned.SINGLE_WITH_INTEREST, Returned.SINGLE)
    if kind is DepositKind.INTENT:
        return Kept.NOTHING, once
    if remedy is Remedy.LOSS:
        return Kept.LOSS, once
    if kind is DepositKind.FEE:
        return Kept.DEPOSIT, once
    return Kept.EARNEST, (Returned.DOUBLE,)
