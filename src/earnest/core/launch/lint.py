"""What is unfair about a campaign: which key, against which provisions, why, and the cure.

A campaign can be published with findings of S2 and S3; S1 stands in the way. Not here: what makes
a document say nothing (`reading.py`) and the terms it sells under (`core/terms/lint`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec

from earnest.core.launch.admission import AdmissionKind
from earnest.core.launch.benefit import (
    Benefit,
    DepositedBefore,
    LockedBefore,
    NotLeft,
    ReservedWithin,
)
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.reading import ReadCampaign, read_campaign
from earnest.core.terms.fault import Fault
from earnest.core.terms.lint.citing import words
from earnest.core.terms.location import Path, line_of, locate
from earnest.core.terms.packs.registry import rules_of
from earnest.core.terms.packs.rule import Cure, Finding, Severity
from earnest.core.terms.publishing import PlacedFinding
from earnest.core.terms.sections.ordering import Jurisdiction

TIME_TO_READ = timedelta(minutes=10)
"""Somebody who is asked to be among the first has to have had time to read price and terms."""

TIME_TO_PAY = timedelta(hours=1)
"""A deposit that is asked for sooner after the opening rewards haste."""

EARLY_LOCK_PATTERN = 20
"""The cooling-off period ends by an act whose effect nobody weighed."""


class LintedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that can be read, with everything the linter says about it."""

    read: ReadCampaign
    findings: tuple[PlacedFinding, ...]

    @property
    def blocks_publishing(self) -> bool:
        """Whether it may not be published: any S1."""
        return any(each.finding.severity is Severity.S1 for each in self.findings)


def lint_campaign(text: str, name: str) -> LintedCampaign | tuple[Fault, ...]:
    """Lint a document's text; one with faults is not linted, because nobody knows what it says."""
    read = read_campaign(text, name)
    if isinstance(read, tuple):
        return read
    lines = locate(text)
    findings = [
        PlacedFinding(line=line_of(lines, _path(each.key)), finding=each)
        for each in findings_of(read.campaign, read.jurisdiction)
    ]
    in_order = sorted(findings, key=lambda x: (x.finding.severity, x.line, x.finding.key))
    return LintedCampaign(read=read, findings=tuple(in_order))


def findings_of(campaign: Campaign, jurisdiction: Jurisdiction) -> list[Finding]:
    """Everything that is unfair about a campaign under a law."""
    whole = Look(campaign=campaign, law=jurisdiction)
    own = [each for check in CHECKS for each in check(whole)]
    for place, benefit in enumerate(campaign.benefits):
        look = msgspec.structs.replace(whole, key=f"benefits[{place}]")
        for check_benefit in BENEFIT_CHECKS:
            own += check_benefit(look, benefit)
    return own


def _path(key: str) -> Path:
    """Where a key stands in the file: `benefits[2].quota`, `admission.public_source`."""
    section, bracket, rest = key.partition("[")
    if not bracket:
        return tuple(key.split("."))
    place, _, name = rest.partition("]")
    return (section, int(place), name.removeprefix("."))


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a check looks at: a campaign under a law, and the key of the table it is about."""

    campaign: Campaign
    law: Jurisdiction
    key: str = ""

    def found(
        self,
        key: str,
        severity: Severity,
        rule_ids: tuple[str, ...],
        *,
        why: dict[str, str],
        cure: Cure | None = None,
        pattern: int | None = None,
    ) -> Finding:
        """The finding, under those of the rules that the law contains."""
        law = rules_of(self.law)
        return Finding(
            key=key,
            clause_id="campaign",
            rule_ids=tuple(each for each in rule_ids if each in law),
            severity=severity,
            why=why,
            cures=() if cure is None else (cure,),
            pattern=pattern,
        )


def benefit_for_locking_early(look: Look, benefit: Benefit) -> list[Finding]:
    """A gift for giving up the cooling-off period buys a right that was advertised (ADR 0004)."""
    for condition in benefit.conditions:
        if isinstance(condition, LockedBefore):
            return [
                look.found(
                    f"{look.key}.locked_before",
                    Severity.S2,
                    ("CN-26", "CN-27", "CN-03", "EU-07", "EU-08"),
                    pattern=EARLY_LOCK_PATTERN,
                    why=words(
                        zh="以赠品换取提前锁单，等于出钱让人放弃公开承诺的冷静期，使犹豫者不利。"
                        "应改为按支付订购款的时间给予，并以未退出订单为条件。",
                        en="A gift for locking early pays people to give up the cooling-off "
                        "period that everybody was promised, and puts those who think it over "
                        "at a disadvantage. Give it for the deposit in time, to whoever does "
                        "not leave.",
                    ),
                    cure=Cure(f"{look.key}.deposited_before", condition.at.isoformat()),
                )
            ]
    return []


def benefit_without_measure(look: Look, benefit: Benefit) -> list[Finding]:
    """Whoever advertises a gift says its kind, number, time and manner (Advertising Law 8)."""
    is_limited = benefit.quota is not None or any(
        not isinstance(each, NotLeft) for each in benefit.conditions
    )
    if is_limited or look.campaign.closes_at is not None:
        return []
    return [
        look.found(
            f"{look.key}.quota",
            Severity.S3,
            ("CN-26", "CN-35"),
            why=words(
                zh="权益既无数量又无期限，活动也没有结束时间，日后终止时容易与先前的宣传冲突（广"
                "告法第八条要求明示赠品的品种、规格、数量、期限和方式）。应填写数量或期限。",
                en="The benefit has neither a number nor a time, and the campaign has no end, so "
                "that ending it will contradict what was advertised (Advertising Law 8 wants "
                "kind, number, time and manner of a gift said). Write a quota or a date.",
            ),
        )
    ]


def benefit_nobody_can_have(look: Look, benefit: Benefit) -> list[Finding]:
    """A condition that was over before anybody could reserve advertises what there is not."""
    opening = look.campaign.first_opening
    impossible = next(
        (
            name
            for each in benefit.conditions
            for name, end in (
                ("deposited_before", each.at if isinstance(each, DepositedBefore) else None),
                ("locked_before", each.at if isinstance(each, LockedBefore) else None),
                ("reserved_until", each.ends if isinstance(each, ReservedWithin) else None),
            )
            if end is not None and end <= opening
        ),
        None,
    )
    if impossible is None:
        return []
    return [
        look.found(
            f"{look.key}.{impossible}",
            Severity.S1,
            ("CN-26", "CN-30"),
            why=words(
                zh="该条件在任何人能够预订之前就已届满，宣传的权益无人能够取得，属于虚假宣传。应"
                "填写开始预订之后的时间。",
                en="The condition is over before anybody can reserve, so that the advertised "
                "benefit exists for nobody: a false statement. Write an instant after the "
                "opening.",
            ),
        )
    ]


def deposit_in_haste(look: Look, benefit: Benefit) -> list[Finding]:
    """A date within the first hour rewards not reading what is accepted (CN-03)."""
    for condition in benefit.conditions:
        if isinstance(condition, DepositedBefore):
            left = condition.at - look.campaign.opens_at
            if timedelta(0) < left < TIME_TO_PAY:
                return [
                    look.found(
                        f"{look.key}.deposited_before",
                        Severity.S3,
                        ("CN-03", "CN-26"),
                        why=words(
                            zh="公开开售后不足一小时即须付清订购款，使人来不及阅读条款。应至少留"
                            "出一小时。",
                            en="Less than an hour after the opening the deposit must be there, "
                            "which makes people accept what they had no time to read. Leave "
                            "an hour at least.",
                        ),
                        cure=Cure(
                            f"{look.key}.deposited_before",
                            (look.campaign.opens_at + TIME_TO_PAY).isoformat(),
                        ),
                    )
                ]
    return []


def benefit_for_those_who_left(look: Look, benefit: Benefit) -> list[Finding]:
    """Without the condition it is owed to whoever withdraws as well."""
    if any(isinstance(each, NotLeft) for each in benefit.conditions):
        return []
    return [
        look.found(
            f"{look.key}.not_left",
            Severity.S3,
            ("CN-06",),
            why=words(
                zh="未写明“未退出订单”的条件，退出者也有权取得该权益。如非本意，应写明not_left = "
                "true；事后不得再加。",
                en="Nothing says that the buyer must not have left, so whoever withdraws is owed "
                "it as well. If that is not meant, write not_left = true: it cannot be added "
                "afterwards.",
            ),
            cure=Cure(f"{look.key}.not_left", value=True),
        )
    ]


def no_time_to_read(look: Look) -> list[Finding]:
    """Price and options are shown so late that nobody can weigh them (CN-03, CN-35)."""
    if look.campaign.first_opening - look.campaign.reveal_at >= TIME_TO_READ:
        return []
    return [
        look.found(
            "reveal_at",
            Severity.S3,
            ("CN-03", "CN-35", "CN-38"),
            why=words(
                zh="价格与选装在可以预订之前不足十分钟才公布，购车人来不及比较。应至少提前十分钟"
                "公布。",
                en="Price and options can be read for less than ten minutes before the first may "
                "reserve, so that nobody can compare. Reveal them ten minutes earlier at "
                "least.",
            ),
            cure=Cure("reveal_at", (look.campaign.first_opening - TIME_TO_READ).isoformat()),
        )
    ]


def more_invited_than_units(look: Look) -> list[Finding]:
    """Units that are set aside for the invited leave none for those who were told to come."""
    edition = look.campaign.edition
    if edition is None or edition.units is None:
        return []
    aside = sum(each.quota for each in look.campaign.groups if each.reserves_units)
    if aside < edition.units:
        return []
    return [
        look.found(
            "groups",
            Severity.S1,
            ("CN-26", "CN-30"),
            why=words(
                zh="为受邀群体预留的名额不少于全部数量，公开销售形同虚设。应减少预留名额或增加数"
                "量。",
                en="As many units are set aside for the invited as there are, so that the public "
                "sale sells nothing. Set fewer aside, or sell more.",
            ),
        )
    ]


def lottery_without_public_source(look: Look) -> list[Finding]:
    """Whoever knows the seed could add entries that do well, until the digest is published."""
    rule = look.campaign.admission
    if rule is None or rule.kind is not AdmissionKind.LOTTERY or rule.public_source:
        return []
    return [
        look.found(
            "admission.public_source",
            Severity.S2,
            ("CN-26", "CN-30"),
            why=words(
                zh="抽签没有公共来源：知道种子的人可以在报名截止前加入会中签的报名，而事后无人能够查"
                "出。应写明一个报名截止之后才会公布的数值，例如截止之后某一指数的收盘点位。",
                en="The lottery has no public source: until the entries are closed, whoever knows "
                "the seed could add entries that will be drawn, and nobody could find it out. "
                "Name a value that is published only after that, such as an index at a later "
                "close.",
            ),
        )
    ]


def units_kept_without_end(look: Look) -> list[Finding]:
    """Units that nobody comes for are kept from those who wait, and nothing says until when."""
    edition = look.campaign.edition
    if edition is None or edition.units is None:
        return []
    ends = look.campaign.closes_at
    return [
        look.found(
            f"groups[{place}].closes_at",
            Severity.S1,
            ("CN-26", "CN-30"),
            why=words(
                zh="为该群体预留的名额没有截止时间：无人前来领取时，等候的人也永远得不到。应填写"
                "closes_at，届时余下的名额即按排号提供给等候者。",
                en="Nothing says until when units are set aside for this group. If nobody comes "
                "for them, whoever waits never gets one. Write closes_at: what is left then is "
                "offered to those who wait, by their rank.",
            ),
            cure=None if ends is None else Cure(f"groups[{place}].closes_at", ends.isoformat()),
        )
        for place, group in enumerate(look.campaign.groups)
        if group.reserves_units and group.closes_at is None
    ]


def nothing_to_set_aside(look: Look) -> list[Finding]:
    """Where units are not limited none can be set aside, and the key says what is not so."""
    edition = look.campaign.edition
    if edition is not None and edition.units is not None:
        return []
    return [
        look.found(
            f"groups[{place}].reserves_units",
            Severity.S3,
            ("CN-26",),
            why=words(
                zh="本活动不限台数，没有名额可以预留，该项不起作用。应删去，或在[edition]中填写"
                "units。",
                en="Units are not limited, so that none can be set aside and the key changes "
                "nothing. Leave it out, or write units under [edition].",
            ),
            cure=Cure(f"groups[{place}].reserves_units", value=False),
        )
        for place, group in enumerate(look.campaign.groups)
        if group.reserves_units
    ]


CHECKS: tuple[Callable[[Look], list[Finding]], ...] = (
    no_time_to_read,
    more_invited_than_units,
    lottery_without_public_source,
    units_kept_without_end,
    nothing_to_set_aside,
)
BENEFIT_CHECKS: tuple[Callable[[Look, Benefit], list[Finding]], ...] = (
    benefit_for_locking_early,
    benefit_nobody_can_have,
    benefit_without_measure,
    deposit_in_haste,
    benefit_for_those_who_left,
)
"""Every check, over the campaign and over each of its benefits."""
