"""The rule of admission that a launch publishes, and what an admission must say.

Not here: signatures (`tests/people/test_admissions.py`) and the counters of a waiting room.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.launch.admission import (
    CLOCK_SKEW,
    Admission,
    AdmissionKind,
    AdmissionRule,
    admission_fault,
    rule_fault,
)
from earnest.core.order.decide import Step
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.campaigns import CAMPAIGN, LOYAL
from tests.core.orders import answer
from tests.core.world import FACTS, local

OPENS_AT = local(2026, 11, 26, 20)
BUYER = BuyerId("BVYER00000000001")
ROOM = AdmissionRule(
    kind=AdmissionKind.FIRST_COME, joins_from=OPENS_AT - timedelta(hours=1), per_minute=60_000
)
LOTTERY = AdmissionRule(
    kind=AdmissionKind.LOTTERY,
    joins_from=OPENS_AT - timedelta(days=7),
    joins_until=OPENS_AT - timedelta(days=1),
    places=500,
    per_minute=100,
    public_source="SSE Composite, close of 2026-11-25",
)
ADMISSION = Admission(
    launch=CampaignId("yu9-2026"),
    buyer_id=BUYER,
    slot=7,
    not_before=OPENS_AT,
    ends_at=OPENS_AT + timedelta(minutes=30),
    nonce="N",
)


@pytest.mark.parametrize(
    "rule", [ROOM, LOTTERY, msgspec.structs.replace(LOTTERY, joins_until=None)]
)
def test_a_rule_that_fits_its_launch_has_no_fault(rule: AdmissionRule) -> None:
    assert rule_fault(rule, OPENS_AT) is None


@pytest.mark.parametrize(
    ("rule", "changes", "field"),
    [
        (ROOM, {"per_minute": 0}, "per_minute"),
        (ROOM, {"per_minute": 600_001}, "per_minute"),
        (ROOM, {"token_minutes": 0}, "token_minutes"),
        (ROOM, {"token_minutes": 1_441}, "token_minutes"),
        (ROOM, {"joins_from": OPENS_AT + timedelta(seconds=1)}, "joins_from"),
        (ROOM, {"joins_until": OPENS_AT}, "joins_until"),
        (ROOM, {"places": 1}, "places"),
        (ROOM, {"public_source": "dice"}, "public_source"),
        (LOTTERY, {"joins_until": OPENS_AT + timedelta(seconds=1)}, "joins_until"),
        (LOTTERY, {"joins_until": LOTTERY.joins_from}, "joins_until"),
        (LOTTERY, {"places": None}, "places"),
        (LOTTERY, {"places": 0}, "places"),
    ],
)
def test_a_rule_that_does_not_fit_names_its_field(
    rule: AdmissionRule, changes: dict[str, object], field: str
) -> None:
    fault = rule_fault(msgspec.structs.replace(rule, **changes), OPENS_AT)

    assert isinstance(fault, Rejected)
    assert (fault.reason.value, fault.details) == ("admission_rule_malformed", {"field": field})


def test_the_draw_takes_whoever_joined_before_its_end() -> None:
    assert ROOM.drawn_from(OPENS_AT) == OPENS_AT
    assert LOTTERY.joins_until == LOTTERY.drawn_from(OPENS_AT)


def code(admission: Admission | None, **changes: object) -> str | None:
    asked: dict[str, object] = {"launch": "yu9-2026", "buyer_id": BUYER, "at": OPENS_AT}
    fault = admission_fault(admission, **(asked | changes))  # type: ignore[arg-type]  # a table
    return None if fault is None else fault.reason.value


def test_an_admission_lets_its_buyer_in_as_often_as_they_ask() -> None:
    assert [code(ADMISSION) for _ in range(3)] == [None, None, None]


def test_an_admission_for_somebody_or_something_else_lets_nobody_in() -> None:
    assert code(None) == "admission_missing"
    assert code(ADMISSION, launch="su9-2026") == "admission_of_another_launch"
    assert code(ADMISSION, buyer_id="BVYER00000000002") == "admission_of_another_buyer"


def test_an_admission_is_good_inside_its_time_and_a_stated_skew_of_clocks() -> None:
    instant = timedelta(microseconds=1)
    begins, ends = OPENS_AT - CLOCK_SKEW, ADMISSION.ends_at + CLOCK_SKEW

    assert timedelta(seconds=5) == CLOCK_SKEW
    assert code(ADMISSION, at=begins - instant) == "admission_early"
    assert code(ADMISSION, at=begins) is None
    assert code(ADMISSION, at=ends - instant) is None
    assert code(ADMISSION, at=ends) == "admission_over"


def test_a_rule_reads_back_as_it_was_written() -> None:
    for rule in (ROOM, LOTTERY):
        assert msgspec.json.decode(msgspec.json.encode(rule), type=AdmissionRule) == rule


# The reservation itself -------------------------------------------------------------------------

DAY = local(2024, 7, 1, 20)


def reserving(admission: Admission | None, group_id: str | None = None) -> Step | Rejected:
    """A reservation in a campaign with a waiting room, by a loyal buyer or by anybody."""
    rule = msgspec.structs.replace(ROOM, joins_from=DAY - timedelta(hours=1))
    campaign = msgspec.structs.replace(CAMPAIGN, admission=rule)
    facts = msgspec.structs.replace(FACTS, campaign=campaign, rank=1)
    at = DAY if group_id is None else LOYAL.opens_at
    return answer(None, at, "buyer", "Reserve", facts, admission=admission, group_id=group_id)


def test_a_reservation_needs_an_admission_where_a_rule_says_so() -> None:
    mine = msgspec.structs.replace(
        ADMISSION,
        launch=CAMPAIGN.campaign_id,
        buyer_id=world.BUYER,
        not_before=DAY,
        ends_at=DAY + timedelta(minutes=30),
    )
    foreign = msgspec.structs.replace(mine, buyer_id=BUYER)
    outcomes = [reserving(each) for each in (mine, foreign, None)]

    assert [each.reason.value if isinstance(each, Rejected) else "" for each in outcomes] == [
        "",
        "admission_of_another_buyer",
        "admission_missing",
    ]


def test_whoever_is_invited_needs_no_admission() -> None:
    assert isinstance(reserving(None, LOYAL.group_id), Step)
