"""Reads a campaign document from TOML, or says everything that is wrong with it at once.

Not here: what is unfair about it (`lint.py`) and what may be published when (`announcing.py`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from earnest.core.launch.admission import AdmissionKind, AdmissionRule, faulty_keys
from earnest.core.launch.benefit import (
    Benefit,
    Condition,
    DepositedBefore,
    FirstRanks,
    LockedBefore,
    NotLeft,
    OfGroup,
    Referred,
    ReservedWithin,
    ThroughChannel,
)
from earnest.core.launch.campaign import Campaign, Group, SalesChannel
from earnest.core.launch.document import (
    Admitting,
    BenefitTable,
    CampaignDocument,
    ChannelTable,
    GroupTable,
    Table,
)
from earnest.core.launch.edition import Edition
from earnest.core.terms.clauses.words import LANGUAGES
from earnest.core.terms.document import MINOR_DIGITS
from earnest.core.terms.fault import Fault, FaultCode, FoundFault, found, in_order
from earnest.core.terms.location import Path, locate
from earnest.core.terms.reading import malformed
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.terms.shapes import shape_faults
from earnest.core.values.ids import CampaignId, GroupId, QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money

OF_A_LOTTERY = ("joins_until", "places", "public_source")
ONLY_OF_A_LOTTERY = (
    "belongs to a lottery; where people are let in as they come, leave it out",
    "仅用于抽签；先到先得时请删去",
)
RULE_WANTS = {
    "per_minute": (
        "is how many people are let in each minute; write 1 to 600000",
        "为每分钟放行人数；应填写 1 至 600000",
    ),
    "token_minutes": (
        "is how long an admission is good; write 1 to 1440 minutes",
        "为入场凭证的有效分钟数；应填写 1 至 1440",
    ),
    "joins_from": (
        "is later than the opening; people join before it",
        "晚于开售时间；排队应在此之前开始",
    ),
    "joins_until": (
        "has to be later than joins_from, and no later than the opening",
        "应晚于 joins_from，且不晚于开售时间",
    ),
    "places": (
        "is how many of those who entered are let in; write 1 or more",
        "为中签名额；应填写不小于 1 的数",
    ),
}
"""What each key of a rule of admission wants, in both languages."""


class ReadCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign with the law under which its document wants to be judged."""

    campaign: Campaign
    jurisdiction: Jurisdiction


def read_campaign(text: str, name: str) -> ReadCampaign | tuple[Fault, ...]:
    """The campaign that a TOML text says, or every fault of it in the order of its lines.

    What the values mean together is looked at once their shapes are right.
    """
    try:
        raw = _with_texts(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return (malformed(error, text, name),)
    faults = list(shape_faults(raw, CampaignDocument))
    if not faults:
        document = msgspec.convert(raw, CampaignDocument)
        faults = [*_instant_faults(document), *_word_faults(document), *_id_faults(document)]
        if not faults:
            faults = list(_contradictions(document))
        if not faults:
            return ReadCampaign(campaign=_campaign(document), jurisdiction=document.jurisdiction)
    lines = locate(text)
    return in_order([fault.at(name, lines) for fault in faults])


def _with_texts(value: Any) -> Any:  # noqa: ANN401 - TOML holds anything
    """The same with instants as text, so that both spellings of TOML are one."""
    if isinstance(value, dict):
        return {key: _with_texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_texts(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _instants(document: CampaignDocument) -> Iterator[tuple[Path, str]]:
    """Every instant of a document with its place; one that is left out is no instant."""
    tables: list[tuple[Path, msgspec.Struct]] = [((), document)]
    tables += [(("groups", place), each) for place, each in enumerate(document.groups)]
    tables += [(("benefits", place), each) for place, each in enumerate(document.benefits)]
    tables.append((("admission",), document.admission))
    for path, table in tables:
        for name in table.__struct_fields__:
            if name.endswith(("_at", "_from", "_until", "_before")) and getattr(table, name):
                yield (*path, name), getattr(table, name)


def _instant_faults(document: CampaignDocument) -> Iterator[FoundFault]:
    for path, written in _instants(document):
        try:
            datetime.fromisoformat(written)
        except ValueError:
            yield found(
                path,
                FaultCode.TEXT_UNSUITABLE,
                f'"{written}" is no instant; write one that exists, for example '
                "2026-11-27T22:00:00+08:00",
                f"“{written}”不是真实存在的时间；应填写例如 2026-11-27T22:00:00+08:00",
            )


def _word_faults(document: CampaignDocument) -> Iterator[FoundFault]:
    """Whatever people read is there in every language."""
    named: list[tuple[Path, dict[str, str]]] = [(("names",), document.names)]
    named += [(("groups", n, "names"), each.names) for n, each in enumerate(document.groups)]
    named += [(("benefits", n, "texts"), each.texts) for n, each in enumerate(document.benefits)]
    named += [(("channels", n, "names"), each.names) for n, each in enumerate(document.channels)]
    for path, words in named:
        for language in words.keys() - {*LANGUAGES}:
            yield found(
                (*path, language),
                FaultCode.LANGUAGE_UNKNOWN,
                f"is no language of the house; write {' and '.join(LANGUAGES)}",
                f"不是本系统所用的语言；应填写 {' 与 '.join(LANGUAGES)}",
            )
        for language in {*LANGUAGES} - words.keys():
            yield found(
                path,
                FaultCode.KEY_MISSING,
                f"has no words in {language}; buyers read both languages",
                f"缺少 {language} 文字；购车人会阅读两种语言",
            )


def _id_faults(document: CampaignDocument) -> Iterator[FoundFault]:
    lists: tuple[tuple[str, Sequence[GroupTable | BenefitTable | ChannelTable]], ...] = (
        ("groups", document.groups),
        ("benefits", document.benefits),
        ("channels", document.channels),
    )
    for section, tables in lists:
        ids = [each.id for each in tables]
        for place, each in enumerate(ids):
            if each in ids[:place]:
                yield found(
                    (section, place, "id"),
                    FaultCode.VALUE_REPEATED,
                    f"{each} is there already; give this one another id",
                    f"已有 {each}；请另取编号",
                )
    known = {
        "groups": {each.id for each in document.groups},
        "channels": {each.id for each in document.channels},
    }
    for place, benefit in enumerate(document.benefits):
        for key, wanted in (("groups", benefit.groups), ("channels", benefit.channels)):
            for each in [each for each in wanted if each not in known[key]]:
                yield found(
                    ("benefits", place, key),
                    FaultCode.VALUE_NOT_ALLOWED,
                    f"names {each}, which this campaign does not have",
                    f"提到了 {each}，而本活动并无此项",
                )


def _contradictions(document: CampaignDocument) -> Iterator[FoundFault]:
    opens, reveal = _at(document.opens_at), _at(document.reveal_at)
    closes = _maybe(document.closes_at)
    if closes is not None and closes <= opens:
        yield _contradiction(("closes_at",), "ends before it opens", "早于开始时间")
    first = min((opens, *(_at(each.opens_at) for each in document.groups)))
    if reveal > first:
        yield _contradiction(
            ("reveal_at",),
            "is later than somebody may reserve; nobody orders at a price they cannot read",
            "晚于最早的预订时间；任何人都不应在看不到价格时下单",
        )
    for place, group in enumerate(document.groups):
        ends = _maybe(group.closes_at)
        if ends is not None and ends <= _at(group.opens_at):
            path: Path = ("groups", place, "closes_at")
            yield _contradiction(path, "ends before it opens", "早于开始时间")
    for place, benefit in enumerate(document.benefits):
        yield from _benefit_faults(("benefits", place), benefit, document.currency)
    yield from _edition_faults(document)
    yield from _admission_faults(document, opens)


def _benefit_faults(path: Path, benefit: BenefitTable, currency: str) -> Iterator[FoundFault]:
    begins, ends = _maybe(benefit.reserved_from), _maybe(benefit.reserved_until)
    if (begins is None) != (ends is None) or (begins and ends and begins >= ends):
        yield _contradiction(
            (*path, "reserved_until"),
            "needs reserved_from before it; both say when to reserve",
            "须与更早的 reserved_from 一并填写，二者共同说明预订时间",
        )
    digits = len(benefit.worth.partition(".")[2])
    if digits > MINOR_DIGITS.get(currency, 2):
        yield found(
            (*path, "worth"),
            FaultCode.AMOUNT_TOO_PRECISE,
            f"has more digits than {currency} has",
            f"小数位数多于 {currency} 的位数",
        )


def _admission_faults(document: CampaignDocument, opens: Instant) -> Iterator[FoundFault]:
    """What is wrong with how people are let in; whatever would change nothing is wrong too."""
    table = document.admission
    if table.kind is Admitting.ALL:
        for key in _written(table):
            yield _contradiction(
                ("admission", key),
                'changes nothing, as everybody is let in; write kind = "first_come" or "lottery"',
                '不起作用，因为所有人均可进入；请填写 kind = "first_come" 或 "lottery"',
            )
        return
    rule = _rule(document)
    if rule is None:
        yield _contradiction(
            ("admission", "joins_from"),
            "says when joining begins, and has to be there",
            "说明何时开始排队，不可缺少",
        )
        return
    for key in faulty_keys(rule, opens):
        is_lotterys = key in OF_A_LOTTERY and rule.kind is AdmissionKind.FIRST_COME
        english, chinese = ONLY_OF_A_LOTTERY if is_lotterys else RULE_WANTS[key]
        yield _contradiction(("admission", key), english, chinese)


def _edition_faults(document: CampaignDocument) -> Iterator[FoundFault]:
    table = document.edition
    if _edition(document) is None:
        for key in _written(table):
            yield _contradiction(
                ("edition", key),
                "changes nothing where nothing is scarce; write units, per_person or both",
                "在没有限量时不起作用；请填写 units、per_person 或两者",
            )


def _written(table: Table) -> Iterator[str]:
    """The keys of a table that say something else than their absence."""
    plain = type(table)()
    for key in table.__struct_fields__:
        if getattr(table, key) != getattr(plain, key):
            yield key


def _contradiction(path: Path, english: str, chinese: str) -> FoundFault:
    return found(path, FaultCode.PARAMETERS_CONTRADICT, english, chinese)


def _at(written: str) -> Instant:
    return datetime.fromisoformat(written).astimezone(UTC)


def _maybe(written: str) -> Instant | None:
    return _at(written) if written else None


def _campaign(document: CampaignDocument) -> Campaign:
    return Campaign(
        campaign_id=CampaignId(document.id),
        version=document.version,
        queue_id=QueueId(document.queue),
        names=document.names,
        opens_at=_at(document.opens_at),
        reveal_at=_at(document.reveal_at),
        closes_at=_maybe(document.closes_at),
        groups=tuple(_group(each) for each in document.groups),
        benefits=tuple(_benefit(each, document.currency) for each in document.benefits),
        channels=tuple(
            SalesChannel(channel_id=each.id, names=each.names) for each in document.channels
        ),
        edition=_edition(document),
        admission=_rule(document),
    )


def _group(table: GroupTable) -> Group:
    return Group(
        group_id=GroupId(table.id),
        names=table.names,
        entry=table.entry,
        quota=table.quota,
        opens_at=_at(table.opens_at),
        closes_at=_maybe(table.closes_at),
        models=table.models,
        reserves_units=table.reserves_units,
    )


def _benefit(table: BenefitTable, currency: str) -> Benefit:
    whole, _, part = table.worth.partition(".")
    digits = MINOR_DIGITS.get(currency, 2)
    worth = Money(int(whole + part.ljust(digits, "0")), currency)
    return Benefit(
        benefit_id=table.id,
        texts=table.texts,
        conditions=tuple(_conditions(table)),
        quota=table.quota or None,
        worth=worth if worth.is_positive else None,
    )


def _conditions(table: BenefitTable) -> Iterator[Condition]:
    if table.first_ranks:
        yield FirstRanks(last_rank=table.first_ranks)
    if table.reserved_from:
        yield ReservedWithin(begins=_at(table.reserved_from), ends=_at(table.reserved_until))
    if table.groups:
        yield OfGroup(group_ids=tuple(map(GroupId, table.groups)))
    if table.channels:
        yield ThroughChannel(channel_ids=table.channels)
    if table.referred:
        yield Referred()
    if table.deposited_before:
        yield DepositedBefore(at=_at(table.deposited_before))
    if table.locked_before:
        yield LockedBefore(at=_at(table.locked_before))
    if table.not_left:
        yield NotLeft()


def _edition(document: CampaignDocument) -> Edition | None:
    table = document.edition
    if not table.units and not table.per_person:
        return None
    return Edition(
        units=table.units or None,
        per_person=table.per_person or None,
        offer_minutes=table.offer_minutes,
        proof=table.proof,
    )


def _rule(document: CampaignDocument) -> AdmissionRule | None:
    table = document.admission
    if table.kind is Admitting.ALL or not table.joins_from:
        return None
    return AdmissionRule(
        kind=AdmissionKind(table.kind.value),
        joins_from=_at(table.joins_from),
        per_minute=table.per_minute,
        token_minutes=table.token_minutes,
        joins_until=_maybe(table.joins_until),
        places=table.places or None,
        public_source=table.public_source,
    )
