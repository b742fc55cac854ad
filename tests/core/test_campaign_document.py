"""A campaign document: read whole, or every fault of it; and what the linter says about it.

Not here: publishing a version (`test_announcing.py`).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from earnest.core.launch.admission import AdmissionKind
from earnest.core.launch.benefit import (
    DepositedBefore,
    FirstRanks,
    LockedBefore,
    NotLeft,
    OfGroup,
    Referred,
    ReservedWithin,
    ThroughChannel,
)
from earnest.core.launch.campaign import Entry
from earnest.core.launch.document import CampaignDocument
from earnest.core.launch.edition import Edition
from earnest.core.launch.lint import LintedCampaign, findings_of, lint_campaign
from earnest.core.launch.reading import ReadCampaign, read_campaign
from earnest.core.terms.fault import FaultCode
from earnest.core.terms.packs.rule import Severity
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.values.money import Money

EXAMPLES = Path(__file__).parents[2] / "examples" / "campaigns"
SUMMER = (EXAMPLES / "summer.toml").read_text(encoding="utf-8")
SMALL = """\
id = "small"
version = 1
queue = "aurora-cn"
jurisdiction = "CN"
currency = "CNY"
names = { en = "Small", zh-Hans = "小" }
reveal_at = "2026-11-27T20:00:00+08:00"
opens_at = 2026-11-27T22:00:00+08:00
"""
GROUP = """
[[groups]]
id = "loyal"
names = { en = "Loyal", zh-Hans = "老车主" }
entry = "members"
quota = 10
opens_at = 2026-11-27T21:00:00+08:00
"""
RESERVES = GROUP + "reserves_units = true\n"
ENDS = "closes_at = 2026-11-27T22:00:00+08:00\n"
BENEFIT = """
[[benefits]]
id = "wheels"
texts = { en = "Wheels", zh-Hans = "轮毂" }
"""
FULL = """\
worth = "2000.50"
quota = 7
first_ranks = 100
reserved_from = 2026-11-27T22:00:00+08:00
reserved_until = 2026-11-28T22:00:00+08:00
groups = ["loyal"]
channels = ["live"]
referred = true
deposited_before = 2026-11-29T22:00:00+08:00
locked_before = 2026-11-30T22:00:00+08:00
not_left = true
"""
CHANNEL = '\n[[channels]]\nid = "live"\nnames = { en = "Live", zh-Hans = "直播" }\n'
EDITION = "\n[edition]\nunits = 5\nper_person = 2\n"
LOTTERY = """
[admission]
kind = "lottery"
joins_from = 2026-11-26T22:00:00+08:00
joins_until = 2026-11-27T12:00:00+08:00
per_minute = 100
places = 50
"""


def read(text: str) -> ReadCampaign:
    found = read_campaign(text, "a.toml")
    assert isinstance(found, ReadCampaign), [each.sentence() for each in found]
    return found


def faults(text: str) -> list[tuple[int, str, FaultCode]]:
    found = read_campaign(text, "a.toml")
    assert isinstance(found, tuple), "a document at fault"
    assert all(each.sentence("zh-Hans") for each in found)
    return [(each.line, each.key, each.code) for each in found]


def findings(text: str) -> list[tuple[str, Severity]]:
    linted = lint_campaign(text, "a.toml")
    assert isinstance(linted, LintedCampaign)
    for each in linted.findings:
        assert each.finding.rule_ids
        assert set(each.finding.why) == {"en", "zh-Hans"}
    return [(each.finding.key, each.finding.severity) for each in linted.findings]


# Reading ------------------------------------------------------------------------------------


def test_the_smallest_document_has_the_plain_values() -> None:
    small = read(SMALL)

    campaign = small.campaign
    assert small.jurisdiction is Jurisdiction.CN
    assert (campaign.campaign_id, campaign.version, campaign.queue_id) == (
        "small",
        1,
        "aurora-cn",
    )
    assert campaign.reveal_at == datetime.fromisoformat("2026-11-27T12:00:00+00:00")
    assert campaign.opens_at == datetime.fromisoformat("2026-11-27T14:00:00+00:00")
    assert campaign.closes_at is None
    assert [*campaign.groups, *campaign.benefits, *campaign.channels] == []
    assert campaign.edition is None
    assert campaign.admission is None


def test_every_key_has_its_meaning() -> None:
    campaign = read(SMALL + GROUP + BENEFIT + FULL + CHANNEL + EDITION + LOTTERY).campaign

    (group,) = campaign.groups
    assert (group.entry, group.quota, group.models) == (Entry.MEMBERS, 10, ())
    (benefit,) = campaign.benefits
    assert (benefit.quota, benefit.worth) == (7, Money(200_050, "CNY"))
    assert [type(each) for each in benefit.conditions] == [
        FirstRanks,
        ReservedWithin,
        OfGroup,
        ThroughChannel,
        Referred,
        DepositedBefore,
        LockedBefore,
        NotLeft,
    ]
    assert campaign.edition == Edition(units=5, per_person=2)
    assert campaign.admission is not None
    assert campaign.admission.kind is AdmissionKind.LOTTERY
    assert [each.channel_id for each in campaign.channels] == ["live"]


def test_the_shipped_examples_read_and_are_fair() -> None:
    scarce = (EXAMPLES / "edition.toml").read_text(encoding="utf-8")

    assert (findings(SUMMER), findings(scarce)) == ([], [])
    assert read(SUMMER).campaign.queue_id == "y7-launch-cn"
    campaign = read(scarce).campaign
    assert campaign.edition is not None
    assert campaign.edition.units == 1_000
    assert campaign.admission is not None
    assert campaign.admission.public_source


def test_editors_know_edition_and_admission_by_the_schema() -> None:
    shapes = msgspec.json.schema(CampaignDocument)["$defs"]

    assert set(shapes["AdmissionTable"]["properties"]) == {
        "kind",
        "joins_from",
        "per_minute",
        "token_minutes",
        "joins_until",
        "places",
        "public_source",
    }
    assert set(shapes["EditionTable"]["properties"]) == {
        "units",
        "per_person",
        "offer_minutes",
        "proof",
    }
    assert shapes["Admitting"]["enum"] == ["all", "first_come", "lottery"]


FAULTS: list[tuple[str, list[tuple[int, str, FaultCode]]]] = [
    ("id =", [(1, "", FaultCode.TOML_MALFORMED)]),
    (
        SMALL.replace('id = "small"\n', "").replace("version", "versoin"),
        [
            (1, "id", FaultCode.KEY_MISSING),
            (1, "version", FaultCode.KEY_MISSING),
            (1, "versoin", FaultCode.KEY_UNKNOWN),
        ],
    ),
    (
        SMALL.replace("22:00:00+08:00", "22:00:00"),
        [(8, "opens_at", FaultCode.TEXT_UNSUITABLE)],
    ),
    (
        SMALL.replace("2026-11-27T20", "2026-11-31T20"),
        [(7, "reveal_at", FaultCode.TEXT_UNSUITABLE)],
    ),
    (
        SMALL.replace('"Small", zh-Hans = "小"', '"Small", fr = "Petit"'),
        [
            (6, "names", FaultCode.KEY_MISSING),
            (6, "names.fr", FaultCode.LANGUAGE_UNKNOWN),
        ],
    ),
    (SMALL + GROUP + GROUP, [(18, "groups[1].id", FaultCode.VALUE_REPEATED)]),
    (
        SMALL + BENEFIT + 'groups = ["loyal"]\nchannels = ["live"]\n',
        [
            (13, "benefits[0].groups", FaultCode.VALUE_NOT_ALLOWED),
            (14, "benefits[0].channels", FaultCode.VALUE_NOT_ALLOWED),
        ],
    ),
    (
        SMALL + "closes_at = 2026-11-27T22:00:00+08:00\n",
        [(9, "closes_at", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL.replace("T20:00:00", "T21:00:01") + GROUP,
        [(7, "reveal_at", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL + GROUP + "closes_at = 2026-11-27T21:00:00+08:00\n",
        [(16, "groups[0].closes_at", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL + BENEFIT + "reserved_until = 2026-11-27T21:00:00+08:00\n",
        [(13, "benefits[0].reserved_until", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL
        + BENEFIT
        + "reserved_from = 2026-11-28T21:00:00+08:00\nreserved_until = 2026-11-27T21:00:00+08:00\n",
        [(14, "benefits[0].reserved_until", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL + BENEFIT + 'worth = "1.005"\n',
        [(13, "benefits[0].worth", FaultCode.AMOUNT_TOO_PRECISE)],
    ),
    (
        SMALL + '\n[admission]\nkind = "lottery"\n',
        [(10, "admission.joins_from", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL + LOTTERY.replace("places = 50\n", ""),
        [(10, "admission.places", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL + '\n[admission]\nplaces = 5\npublic_source = "index"\n',
        [
            (11, "admission.places", FaultCode.PARAMETERS_CONTRADICT),
            (12, "admission.public_source", FaultCode.PARAMETERS_CONTRADICT),
        ],
    ),
    (
        SMALL + LOTTERY.replace("lottery", "first_come").replace("= 100", "= 0"),
        [
            (13, "admission.joins_until", FaultCode.PARAMETERS_CONTRADICT),
            (14, "admission.per_minute", FaultCode.PARAMETERS_CONTRADICT),
            (15, "admission.places", FaultCode.PARAMETERS_CONTRADICT),
        ],
    ),
    (
        SMALL
        + LOTTERY.replace("27T12", "27T23").replace("-26T", "-28T")
        + "token_minutes = 1441\n",
        [
            (12, "admission.joins_from", FaultCode.PARAMETERS_CONTRADICT),
            (13, "admission.joins_until", FaultCode.PARAMETERS_CONTRADICT),
            (16, "admission.token_minutes", FaultCode.PARAMETERS_CONTRADICT),
        ],
    ),
    (
        SMALL + '\n[admission]\nkind = "fastest"\nplacse = 1\n',
        [
            (11, "admission.kind", FaultCode.VALUE_NOT_ALLOWED),
            (12, "admission.placse", FaultCode.KEY_UNKNOWN),
        ],
    ),
    (
        SMALL + "\n[edition]\noffer_minutes = 120\n",
        [(11, "edition.offer_minutes", FaultCode.PARAMETERS_CONTRADICT)],
    ),
    (
        SMALL + EDITION + "offer_minutes = 59\n",
        [(13, "edition.offer_minutes", FaultCode.NUMBER_OUT_OF_RANGE)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_every_fault_is_named_with_its_line(
    text: str, expected: list[tuple[int, str, FaultCode]]
) -> None:
    assert faults(text) == expected


# Linting ------------------------------------------------------------------------------------


def test_a_document_with_faults_is_not_linted() -> None:
    assert isinstance(lint_campaign("id =", "a.toml"), tuple)


FINDINGS: list[tuple[str, list[tuple[str, Severity]]]] = [
    (SMALL, []),
    (
        SMALL.replace("T20:00:00", "T21:50:01"),
        [("reveal_at", Severity.S3)],
    ),
    (
        SMALL + BENEFIT + "locked_before = 2026-11-30T22:00:00+08:00\nnot_left = true\n",
        [("benefits[0].locked_before", Severity.S2)],
    ),
    (
        SMALL + BENEFIT,
        [("benefits[0].not_left", Severity.S3), ("benefits[0].quota", Severity.S3)],
    ),
    (
        SMALL
        + BENEFIT
        + "quota = 3\nnot_left = true\ndeposited_before = 2026-11-27T22:30:00+08:00\n",
        [("benefits[0].deposited_before", Severity.S3)],
    ),
    (
        SMALL
        + BENEFIT
        + "not_left = true\nreserved_from = 2026-11-20T22:00:00+08:00\n"
        + "reserved_until = 2026-11-27T22:00:00+08:00\n",
        [("benefits[0].reserved_until", Severity.S1)],
    ),
    (
        SMALL + BENEFIT + "not_left = true\nlocked_before = 2026-11-27T22:00:00+08:00\n",
        [
            ("benefits[0].locked_before", Severity.S1),
            ("benefits[0].locked_before", Severity.S2),
        ],
    ),
    (SMALL + RESERVES + ENDS + "[edition]\nunits = 10\n", [("groups", Severity.S1)]),
    (SMALL + RESERVES + ENDS + "[edition]\nunits = 11\n", []),
    (SMALL + GROUP + "[edition]\nunits = 11\n", []),
    (SMALL + RESERVES + "[edition]\nunits = 11\n", [("groups[0].closes_at", Severity.S1)]),
    (
        SMALL + RESERVES + ENDS + "[edition]\nper_person = 1\n",
        [("groups[0].reserves_units", Severity.S3)],
    ),
    (SMALL + RESERVES, [("groups[0].reserves_units", Severity.S3)]),
    (SMALL + LOTTERY + 'public_source = "an index at its close"\n', []),
    (
        SMALL + LOTTERY,
        [("admission.public_source", Severity.S2)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FINDINGS)
def test_what_is_unfair_is_found_with_its_severity(
    text: str, expected: list[tuple[str, Severity]]
) -> None:
    assert findings(text) == expected


def test_only_the_gravest_findings_stand_in_the_way() -> None:
    early = SMALL + BENEFIT + "locked_before = 2026-11-30T22:00:00+08:00\nnot_left = true\n"
    linted = lint_campaign(early, "a.toml")
    assert isinstance(linted, LintedCampaign)
    (finding,) = linted.findings

    assert not linted.blocks_publishing
    assert finding.line == 13
    assert finding.finding.pattern == 20
    assert finding.finding.cures[0].key == "benefits[0].deposited_before"
    never = early.replace("2026-11-30", "2026-11-20")
    blocked = lint_campaign(never, "a.toml")
    assert isinstance(blocked, LintedCampaign)
    assert blocked.blocks_publishing


@pytest.mark.parametrize(
    ("ends", "cured"), [("", []), ("closes_at = 2026-12-24T22:00:00+08:00\n", ["2026-12-24"])]
)
def test_units_that_are_set_aside_without_an_end_end_with_the_campaign(
    ends: str, cured: list[str]
) -> None:
    linted = lint_campaign(SMALL + ends + RESERVES + "[edition]\nunits = 11\n", "a.toml")
    assert isinstance(linted, LintedCampaign)
    (finding,) = linted.findings

    assert linted.blocks_publishing
    assert [str(each.value)[:10] for each in finding.finding.cures] == cured


def test_only_rules_of_the_law_are_cited() -> None:
    campaign = read(SMALL + BENEFIT + "locked_before = 2026-11-30T22:00:00+08:00\n").campaign

    cited = {each for x in findings_of(campaign, Jurisdiction.EU) for each in x.rule_ids}
    assert cited == {"EU-07", "EU-08"}
