"""Every story of `tables/` happens as it is written, and together they reach every rejection.

Not here: the stories. They are text, so that people who do not program can read and write them.
"""

from __future__ import annotations

import pytest

from earnest.core.values.reason import Reason
from tests.core.stories import Story, TableUnreadable, parse, stories
from tests.core.telling import told

STORIES = stories()

PUBLISHING = frozenset(
    {
        *(Reason.TERMS_FAULTY, Reason.TERMS_UNFAIR, Reason.VERSION_TAKEN, Reason.QUEUE_UNKNOWN),
        *(Reason.OFFER_IN_THE_PAST, Reason.OFFER_CLOSES_TOO_EARLY, Reason.OFFER_EXISTS),
        *(Reason.MODEL_LINE_MISSING, Reason.PRICE_BELOW_TERMS),
    }
)
"""Reasons for which nothing is published; there is no order to tell of."""

ANNOUNCING = frozenset(
    {
        *(Reason.CAMPAIGN_UNKNOWN, Reason.CAMPAIGN_FAULTY, Reason.CAMPAIGN_UNFAIR),
        *(Reason.CAMPAIGN_VERSION_STALE, Reason.CAMPAIGN_OF_ANOTHER_QUEUE, Reason.QUEUE_ON_SALE),
        *(Reason.CAMPAIGN_RUNNING, Reason.OPENING_IN_THE_PAST, Reason.OPENING_TOO_CLOSE),
        *(Reason.OPENING_PASSED, Reason.BENEFIT_TAKEN_AWAY, Reason.QUOTA_TAKEN_AWAY),
        *(Reason.PERIOD_TAKEN_AWAY, Reason.GROUP_TAKEN_AWAY, Reason.CHANNEL_TAKEN_AWAY),
        *(Reason.GROUP_UNSUITABLE, Reason.CODES_EXCEED_QUOTA, Reason.NOT_INVITED),
        *(Reason.CODE_FORGED, Reason.REFERRAL_FORGED, Reason.NOTHING_TO_REFER_TO),
    }
)
"""Reasons for which no campaign is published and no code is issued or read, before any order
(tests/core/test_announcing.py, tests/web/test_campaigns.py)."""

FORESEEING = frozenset({Reason.NO_PLANT_BUILDS_IT, Reason.BEYOND_HORIZON})
"""Reasons for which no car is sold without a date (tests/core/test_foreseen.py)."""

ADMITTING = frozenset(
    reason for reason in Reason if reason.value.startswith(("admission_", "room_"))
) | {Reason.DRAWN_TURN_OVER, Reason.PERSON_ENTERED}
"""Reasons at the door of a launch, before there is an order (`test_admission.py`,
`test_places_raised.py`)."""


PLANNING = frozenset(
    {
        *(Reason.CAPACITY_FAULTY, Reason.CAPACITY_MISSING, Reason.HORIZON_SHORT),
        *(Reason.PLAN_OUTDATED, Reason.PLAN_UNKNOWN),
        *(reason for reason in Reason if reason.value.startswith("supposition_")),
        *(Reason.CAPACITY_NAME_UNKNOWN, Reason.CAPACITY_OUTDATED),
        *(Reason.PLAN_RUN_UNKNOWN, Reason.PLAN_RUN_UNFIT),
    }
)
"""Reasons for which no plan is made or published; there is no order to tell of."""

KEEPING_CENTRES = frozenset({Reason.CENTRE_MALFORMED, Reason.CENTRE_BOOKED})
"""Reasons for which a delivery centre is not kept as it was sent (tests/web/test_delivery.py,
tests/store/test_centres.py)."""

GIVING_ON = frozenset(
    {
        *(Reason.CAR_NOT_RELEASED, Reason.CAR_REFUSED_BEFORE),
        *(Reason.CAR_OF_ANOTHER_KIND, Reason.NOT_NEXT_IN_LINE),
    }
)
"""Reasons that two orders have to be known for (tests/core/test_reallocate.py)."""

SCARCE = frozenset(
    {
        *(Reason.EDITION_EMPTY, Reason.EDITION_SHRUNK, Reason.FREED_OFFER_TOO_SHORT),
        Reason.UNITS_SET_ASIDE,
        *(Reason.PERSON_UNVERIFIED, Reason.PERSON_LIMIT_REACHED),
    }
)
"""Reasons of limited editions (tests/core/test_edition.py, tests/core/test_scarcity.py)."""

PAUSED = frozenset({Reason.SALE_PAUSED, Reason.SALE_NOT_PAUSED})
"""Reasons of a pause, found before any rule of an order (tests/core/test_pause.py, tests/desk)."""

RECONCILING = frozenset(
    reason
    for reason in Reason
    if reason.value.startswith(("match_", "outside_account_", "statement_"))
) | {
    *(Reason.COLUMNS_UNSUITABLE, Reason.BATCH_DIFFERS, Reason.FEE_EXPLAINS_ITSELF),
    Reason.CHOSEN_NOT_OPEN,
}
"""Reasons of reconciling, which changes no order (tests/core/test_reconciliation.py)."""


@pytest.mark.parametrize("story", STORIES, ids=[f"{each.file}: {each.title}" for each in STORIES])
def test_a_story_happens_as_it_is_written(story: Story) -> None:
    told(story)


def test_every_reason_for_a_rejection_is_told_somewhere() -> None:
    reached = {reason for story in STORIES for reason in told(story).reasons}

    elsewhere = PUBLISHING | ANNOUNCING | ADMITTING | FORESEEING | PLANNING | SCARCE | GIVING_ON
    elsewhere |= PAUSED
    elsewhere |= KEEPING_CENTRES
    # What is asked for many orders is no story of one (tests/core/test_in_bulk.py).
    elsewhere |= {Reason.NOT_IN_BULK}
    elsewhere |= RECONCILING
    never = [reason.value for reason in set(Reason) - reached - elsewhere]

    assert never == [], "tell a story that ends in these rejections, or delete the reason"


def test_no_title_is_used_twice() -> None:
    titles = [story.title for story in STORIES]

    assert sorted(set(titles)) == sorted(titles)


def test_a_wrong_story_is_found() -> None:
    wrong_event = "story: a\n2024-07-01 10:00 buyer Reserve -> Locked\nstage: none\n"
    wrong_money = (
        "story: a\n2024-07-01 10:00 buyer Reserve -> Reserved\n"
        "stage: reserved\nmoney: provider_clearing 1.00\n"
    )
    wrong_reason = "story: a\n2024-01-01 10:00 buyer Reserve -> rejected order_over\nstage: none\n"

    for text in (wrong_event, wrong_money, wrong_reason):
        [story] = parse("a.txt", text)
        with pytest.raises(AssertionError):
            told(story)


def test_an_unreadable_line_is_named_with_its_place() -> None:
    with pytest.raises(TableUnreadable, match=r"a\.txt:2: neither a step nor a heading: nonsense"):
        parse("a.txt", "story: a\nnonsense")
    with pytest.raises(TableUnreadable, match=r"a\.txt:1: a table begins with `story:`"):
        parse("a.txt", "stage: locked")
