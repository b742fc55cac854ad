"""What the values of a document cannot mean together, whatever one thinks of their fairness.

A balance due before tender is unfair but can be meant; a promise that ends before it starts
cannot. Not here: shapes (`shapes.py`) and unfairness (`lint/`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfoNotFoundError, available_timezones

import msgspec

from earnest.core.terms.document import MINOR_DIGITS, TermsDocument
from earnest.core.terms.fault import FaultCode, FoundFault, found
from earnest.core.terms.location import Path
from earnest.core.terms.nearest import nearest
from earnest.core.terms.sections.delivering import (
    BalanceDue,
    NoticeTrigger,
    PromiseKind,
    StorageBasis,
)
from earnest.core.terms.sections.ordering import Ending, Jurisdiction
from earnest.core.values.instant import zone

CURRENCY_OF = {
    Jurisdiction.CN: "CNY",
    Jurisdiction.EU: "EUR",
    Jurisdiction.DE: "EUR",
    Jurisdiction.FR: "EUR",
    Jurisdiction.UK: "GBP",
    Jurisdiction.US_FTC: "USD",
    Jurisdiction.US_CA: "USD",
    Jurisdiction.US_NY: "USD",
    Jurisdiction.KR: "KRW",
}
"""The currency in which prices are stated to consumers of each jurisdiction."""

AMOUNTS: tuple[tuple[str, str], ...] = (
    ("deposit", "amount"),
    ("late_delivery", "per_day"),
    ("late_delivery", "cap"),
    ("storage", "per_day"),
    ("storage", "cap"),
    ("price", "lowest"),
    ("tax", "cap"),
)
"""Every sum of a document, by section and key."""

Faults: TypeAlias = Iterator[FoundFault]


class Contradiction(NamedTuple):
    """A check with the keys it looks at; it is silent while one of them is itself at fault."""

    reads: tuple[Path, ...]
    check: Callable[[TermsDocument], Faults]


def contradictions(document: TermsDocument, unsound: frozenset[Path]) -> Faults:
    """Everything that cannot be meant; `unsound` are paths whose values are already at fault."""
    roots = {path[:length] for path in unsound for length in range(1, len(path) + 1)}
    for contradiction in CONTRADICTIONS:
        if not roots.intersection(contradiction.reads):
            yield from contradiction.check(document)


def _known_time_zone(document: TermsDocument) -> Faults:
    try:
        zone(document.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(document.time_zone, available_timezones())
        english = f"did you mean {near}?" if near else "write an IANA name, such as Asia/Shanghai"
        chinese = f"是否应为 {near}？" if near else "应填写 IANA 时区名，例如 Asia/Shanghai"
        yield found(
            ("time_zone",),
            FaultCode.TIME_ZONE_UNKNOWN,
            f'"{document.time_zone}" is no known time zone; {english}',
            f"“{document.time_zone}”不是已知时区；{chinese}",
        )


def _known_currency(document: TermsDocument) -> Faults:
    if document.currency not in MINOR_DIGITS:
        known = list(MINOR_DIGITS)
        yield found(
            ("currency",),
            FaultCode.CURRENCY_UNKNOWN,
            f'"{document.currency}" is no known currency; allowed are {", ".join(known)}',
            f"“{document.currency}”不是已知货币；可填：{'、'.join(known)}",
        )


def _suitable_currency(document: TermsDocument) -> Faults:
    right = CURRENCY_OF[document.jurisdiction]
    if document.currency in MINOR_DIGITS and document.currency != right:
        yield found(
            ("currency",),
            FaultCode.CURRENCY_UNSUITABLE,
            f"{document.currency} does not fit jurisdiction {document.jurisdiction}; write {right}",
            f"{document.currency} 与法域 {document.jurisdiction} 不符；应填写 {right}",
        )


def _precise_amount(section: str, key: str) -> Contradiction:
    """An amount has no more decimals than its currency."""

    def check(document: TermsDocument) -> Faults:
        digits = MINOR_DIGITS.get(document.currency)
        amount: str = getattr(getattr(document, section), key)
        if digits is None or len(amount.partition(".")[2]) <= digits:
            return
        allowed = "no decimals" if digits == 0 else f"at most {digits} decimals"
        zh_allowed = "不能有小数" if digits == 0 else f"至多 {digits} 位小数"
        yield found(
            (section, key),
            FaultCode.AMOUNT_TOO_PRECISE,
            f'"{amount}" is finer than {document.currency} can be paid; {allowed} are allowed',
            f"“{amount}”的精度超出 {document.currency} 的最小单位；{zh_allowed}",
        )

    return Contradiction(((section, key), ("currency",)), check)


def _contradicting(path: Path, english: str, chinese: str) -> FoundFault:
    return found(path, FaultCode.PARAMETERS_CONTRADICT, english, chinese)


def _sums(document: TermsDocument, *amounts: str) -> tuple[int, ...] | None:
    """Amounts in minor units, or None where one is too precise to be told."""
    digits = MINOR_DIGITS.get(document.currency, 0)
    if any(len(amount.partition(".")[2]) > digits for amount in amounts):
        return None
    known = document
    if document.currency not in MINOR_DIGITS:
        known = msgspec.structs.replace(document, currency="KRW")
    return tuple(known.money(amount).amount for amount in amounts)


def _promise_window(document: TermsDocument) -> Faults:
    promise = document.promise
    path: Path = ("promise", "weeks_to")
    if promise.kind is PromiseKind.NONE:
        if promise.weeks_from or promise.weeks_to:
            yield _contradicting(
                ("promise", "kind"),
                "no delivery time is promised, but weeks are given; leave out weeks_from and "
                "weeks_to, or write window",
                "未承诺交付时间，却填写了周数；请删去 weeks_from 和 weeks_to，或填写 window",
            )
    elif promise.weeks_to < promise.weeks_from:
        yield _contradicting(
            path,
            f"the promise ends (week {promise.weeks_to}) before it starts (week "
            f"{promise.weeks_from}); write at least {promise.weeks_from}",
            f"承诺期的结束（第{promise.weeks_to}周）早于开始（第{promise.weeks_from}周）；"
            f"至少应为 {promise.weeks_from}",
        )
    elif promise.weeks_to == 0:
        yield _contradicting(
            path,
            "a promise without an end is none; write the week in which the window ends",
            "没有截止时间的承诺不成其为承诺；请填写承诺期在第几周结束",
        )


def _deferral_reminders(document: TermsDocument) -> Faults:
    deferral = document.deferral
    if deferral.longest_days == 0:
        if deferral.free:
            yield _contradicting(
                ("deferral", "longest_days"),
                f"{deferral.free} free deferrals of no days are none; write how long one may "
                "last, or free = 0",
                f"允许免费延期{deferral.free}次却不给任何天数；请填写最长天数，或填写 free = 0",
            )
        return
    late = [days for days in deferral.reminder_days if days >= deferral.longest_days]
    if late:
        yield _contradicting(
            ("deferral", "reminder_days"),
            f"a deferral lasts at most {deferral.longest_days} days, so no reminder can come "
            f"{late[0]} days before its end; write fewer than {deferral.longest_days}",
            f"延期最长{deferral.longest_days}天，无法在期满前{late[0]}天提醒；"
            f"应小于 {deferral.longest_days}",
        )


def _daily_sum_and_cap(section: str, document: TermsDocument, per_day: str, cap: str) -> Faults:
    sums = _sums(document, per_day, cap)
    if sums is None:
        return
    daily, most = sums
    path: Path = (section, "cap")
    if 0 < most < daily:
        yield _contradicting(
            path,
            f"the cap of {cap} is below the sum for one day; write at least {per_day}",
            f"上限 {cap} 低于一日的金额；至少应为 {per_day}",
        )
    elif most and not daily:
        yield _contradicting(
            (section, "per_day"),
            f'there is a cap of {cap}, but nothing for a day; write per_day, or cap = "0"',
            f'填写了上限 {cap}，却没有每日金额；请填写 per_day，或填写 cap = "0"',
        )


def _late_delivery(document: TermsDocument) -> Faults:
    rule = document.late_delivery
    yield from _daily_sum_and_cap("late_delivery", document, rule.per_day, rule.cap)


def _storage(document: TermsDocument) -> Faults:
    rule = document.storage
    yield from _daily_sum_and_cap("storage", document, rule.per_day, rule.cap)
    sums = _sums(document, rule.per_day)
    if sums is None:
        return
    if rule.basis is StorageBasis.NONE and sums[0]:
        yield _contradicting(
            ("storage", "basis"),
            f"there is no storage fee, but {rule.per_day} a day; write actual_cost, or leave "
            "per_day out",
            f"约定不收保管费，却填写了每日 {rule.per_day}；请填写 actual_cost，或删去 per_day",
        )
    if rule.basis is not StorageBasis.NONE and not sums[0]:
        yield _contradicting(
            ("storage", "per_day"),
            "there is a storage fee, but of nothing a day; write per_day and cap, or basis = "
            '"none"',
            '约定收取保管费，却没有每日金额；请填写 per_day 和 cap，或填写 basis = "none"',
        )


def _deposit_and_price(document: TermsDocument) -> Faults:
    sums = _sums(document, document.deposit.amount, document.price.lowest)
    if sums is None:
        return
    deposit, lowest = sums
    if lowest == 0:
        yield _contradicting(
            ("price", "lowest"),
            "nothing is sold for nothing; write the lowest price under these terms",
            "价格不能为零；请填写适用本条款的最低车价",
        )
    elif deposit > lowest:
        yield _contradicting(
            ("deposit", "amount"),
            f"the deposit of {document.deposit.amount} is above the lowest price of "
            f"{document.price.lowest}; write less",
            f"订购款 {document.deposit.amount} 高于最低车价 {document.price.lowest}；"
            "应填写更小的金额",
        )


def _notice_and_balance_due(document: TermsDocument) -> Faults:
    rule = document.balance_due
    if rule.when is not BalanceDue.ON_NOTICE and rule.notice is not NoticeTrigger.INSPECTION:
        yield _contradicting(
            ("balance_due", "notice"),
            f"the balance is due {rule.when}, so a notice for {rule.notice} has no meaning; "
            'leave notice out, or write when = "on_notice"',
            f"尾款的到期时点为 {rule.when}，以 {rule.notice} 为由的通知没有意义；请删去 notice，"
            '或填写 when = "on_notice"',
        )


def _early_lock(document: TermsDocument) -> Faults:
    is_ending = Ending.BUYER_LOCK in document.cooling_off.ended_by
    if not document.lock.early_offered and is_ending:
        yield _contradicting(
            ("cooling_off", "ended_by"),
            "no early lock is offered, so it cannot end the cooling-off period; write "
            "ended_by without buyer_lock (ended_by = [] for none)",
            "不提供提前锁单，冷静期便不能因此结束；ended_by 中不应有 buyer_lock"
            "（没有任何事由时填写 ended_by = []）",
        )


def _withdrawal_after_handover(document: TermsDocument) -> Faults:
    rule = document.withdrawal_after_handover
    if rule.days and rule.exempt_as_made_to_specification:
        yield _contradicting(
            ("withdrawal_after_handover", "days"),
            f"{rule.days} days to withdraw are given, yet the car is exempt from withdrawal; "
            "write days = 0, or exempt_as_made_to_specification = false",
            f"给予{rule.days}日撤回期，却又以定制商品为由排除撤回；请填写 days = 0，"
            "或填写 exempt_as_made_to_specification = false",
        )


def _tax_difference(document: TermsDocument) -> Faults:
    sums = _sums(document, document.tax.cap)
    if sums is None:
        return
    if document.tax.difference_borne and not sums[0]:
        yield _contradicting(
            ("tax", "cap"),
            "the seller bears the tax difference, up to nothing; write the cap",
            "约定由卖方承担税费差额，上限却为零；请填写上限 cap",
        )
    if sums[0] and not document.tax.difference_borne:
        yield _contradicting(
            ("tax", "difference_borne"),
            f"there is a cap of {document.tax.cap}, but no difference is borne; write true, or "
            "leave cap out",
            f"填写了上限 {document.tax.cap}，却不承担差额；请填写 true，或删去 cap",
        )


CONTRADICTIONS: tuple[Contradiction, ...] = (
    Contradiction((("time_zone",),), _known_time_zone),
    Contradiction((("currency",),), _known_currency),
    Contradiction((("currency",), ("jurisdiction",)), _suitable_currency),
    *(_precise_amount(section, key) for section, key in AMOUNTS),
    Contradiction((("promise",),), _promise_window),
    Contradiction((("deferral",),), _deferral_reminders),
    Contradiction((("late_delivery",), ("currency",)), _late_delivery),
    Contradiction((("storage",), ("currency",)), _storage),
    Contradiction((("deposit", "amount"), ("price", "lowest"), ("currency",)), _deposit_and_price),
    Contradiction((("balance_due", "when"), ("balance_due", "notice")), _notice_and_balance_due),
    Contradiction((("lock", "early_offered"), ("cooling_off", "ended_by")), _early_lock),
    Contradiction((("withdrawal_after_handover",),), _withdrawal_after_handover),
    Contradiction((("tax",), ("currency",)), _tax_difference),
)
"""Every contradiction, in the order of a document."""
