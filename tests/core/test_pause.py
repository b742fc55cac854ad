"""Pauses of a sale as rules: what ends later and by how much, and that nothing ends sooner.

Not here: stories of orders (`tables/25_pauses.txt`) and keeping people out (`tests/desk`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.launch.admission import Admission
from earnest.core.launch.announcing import why_not_announced
from earnest.core.launch.code import PriorityCode
from earnest.core.launch.keeping import admission_kept_open, campaign_kept_open, code_kept_open
from earnest.core.queue.pause import SalePause, kept_open, refusal_of, stood_still, why_not_paused
from earnest.core.values.ids import BuyerId, CodeId, GroupId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.campaigns import CAMPAIGN, VERSION
from tests.core.reading import sale_pause
from tests.core.world import local

NOON = local(2024, 7, 1, 12)
TEXTS = {"en": "The price list was wrong.", "zh-Hans": "价目表有误。"}
BOTH = ("zh-Hans", "en")
HOUR = timedelta(hours=1)


def paused(begins: float, ends: float | None, number: int = 1) -> SalePause:
    """A pause from and to so many hours after noon; without an end it goes on."""
    return msgspec.structs.replace(
        sale_pause("2024-07-01T19:30/20:30"),
        number=number,
        since=NOON + begins * HOUR,
        resumed_at=None if ends is None else NOON + ends * HOUR,
    )


def at(hours: float) -> Instant:
    """So many hours after noon."""
    return NOON + hours * HOUR


def test_a_pause_needs_a_reason_in_every_language_and_comes_once() -> None:
    assert why_not_paused(None, TEXTS, BOTH) is None
    missing = Rejected(Reason.EXPLANATION_MISSING, {"language": "en"})
    assert why_not_paused(None, TEXTS | {"en": " "}, BOTH) == missing
    assert why_not_paused(None, {"zh-Hans": "价目表有误。"}, BOTH) == missing
    assert why_not_paused(None, TEXTS | {"en": "a" * 401}, BOTH) == missing
    running = paused(1, None)
    assert why_not_paused(running, TEXTS, BOTH) == refusal_of(running)
    assert refusal_of(running).details == {
        "since": at(1).isoformat(),
        "why.en": "The price list was wrong.",
        "why.zh-Hans": "价目表有误。",
    }


def test_what_ended_in_a_pause_goes_on_as_long_again_as_the_pause_was() -> None:
    pauses = (paused(2, 5),)

    assert kept_open(at(0), at(1), pauses, at(9)) == at(1)
    assert kept_open(at(0), at(2), pauses, at(9)) == at(2)
    assert kept_open(at(0), at(3), pauses, at(9)) == at(8)
    assert kept_open(at(0), at(6), pauses, at(9)) == at(9)
    assert kept_open(at(4), at(6), pauses, at(9)) == at(7)
    assert kept_open(at(5), at(6), pauses, at(9)) == at(6)
    assert kept_open(at(0), at(3), (paused(2, None),), at(4)) == at(6)


def test_a_window_stands_still_and_is_longer_by_what_it_was_stopped() -> None:
    pauses = (paused(2, 5), paused(6, 7, 2))

    assert stood_still(at(0), at(2), pauses, at(9)) == at(2)
    assert stood_still(at(0), at(3), pauses, at(9)) == at(6)
    assert stood_still(at(0), at(3.5), pauses, at(9)) == at(7.5)
    assert stood_still(at(4), at(4.5), pauses, at(9)) == at(5.5)


hours = st.floats(0, 100, allow_nan=False)


@given(begins=hours, lasts=hours, since=hours, length=hours, now=hours)
def test_nothing_ends_sooner_by_a_pause_and_who_ran_into_it_has_its_length_afterwards(
    begins: float, lasts: float, since: float, length: float, now: float
) -> None:
    ends, pause = at(begins + lasts), paused(since, since + length)
    kept = kept_open(at(begins), ends, (pause,), at(now))
    still = stood_still(at(begins), ends, (pause,), at(now))

    assert ends <= still <= kept
    assert pause.resumed_at is not None
    if at(begins) <= pause.since < ends and length:
        assert kept - max(ends, pause.resumed_at) == pause.resumed_at - pause.since
        assert still - ends == pause.resumed_at - pause.since


def test_every_end_of_a_campaign_and_no_beginning_moves_with_a_pause_of_its_time() -> None:
    pause = sale_pause("2024-07-01T19:30/20:30")
    kept = campaign_kept_open(VERSION, (pause,), local(2024, 7, 2))

    assert kept.opens_at == CAMPAIGN.opens_at
    assert kept.closes_at == local(2024, 9, 1, 0, 30)
    assert [group.closes_at for group in kept.groups] == [local(2024, 7, 1, 21, 30), None]
    moved = [
        (
            each.benefit_id,
            [getattr(one, "at", None) or getattr(one, "ends", None) for one in each.conditions],
        )
        for each in kept.benefits
    ]
    assert moved == [
        ("wheels", [None, None]),
        ("seats", [local(2024, 7, 10, 1), None]),
        ("charger", [None]),
        ("scarf", [None]),
        ("early", [local(2024, 7, 4, 1)]),
        ("badge", [None]),
        ("cake", [local(2024, 7, 3)]),
    ]
    assert campaign_kept_open(VERSION, (), NOON) is CAMPAIGN


def test_a_version_written_after_a_pause_says_its_ends_itself_and_takes_none_away() -> None:
    pause = sale_pause("2024-07-01T20:10/20:40")
    later = msgspec.structs.replace(VERSION, published_at=local(2024, 7, 1, 21))
    now = local(2024, 7, 2)
    current = msgspec.structs.replace(VERSION, campaign=campaign_kept_open(VERSION, (pause,), now))
    second = msgspec.structs.replace(CAMPAIGN, version=2)
    longer = msgspec.structs.replace(current.campaign, version=2)

    assert campaign_kept_open(later, (pause,), now) == CAMPAIGN
    assert why_not_announced(second, current, [], now) == Rejected(
        Reason.PERIOD_TAKEN_AWAY, {"what": "closes_at"}
    )
    assert why_not_announced(longer, current, [], now) is None


def test_an_admission_and_a_code_are_good_for_longer_only_where_their_time_ran_into_it() -> None:
    pause = sale_pause("2024-07-01T20:10/20:40")
    early = Admission(
        launch=CAMPAIGN.campaign_id,
        buyer_id=BuyerId("B-1"),
        slot=1,
        not_before=local(2024, 7, 1, 20),
        ends_at=local(2024, 7, 1, 20, 30),
        nonce="n",
    )
    late = msgspec.structs.replace(
        early, not_before=local(2024, 7, 1, 20, 40), ends_at=local(2024, 7, 1, 21, 10)
    )
    code = PriorityCode(
        code_id=CodeId("code"),
        campaign_id=CAMPAIGN.campaign_id,
        group_id=GroupId("gone"),
        valid_until=local(2024, 7, 1, 21),
    )

    assert admission_kept_open(early, (pause,), NOON).ends_at == local(2024, 7, 1, 21, 10)
    assert admission_kept_open(late, (pause,), NOON) == late
    assert admission_kept_open(early, (), NOON) is early
    assert code_kept_open(code, CAMPAIGN, (pause,), NOON) is code
