"""More places in a lottery: who is let in by them, when, and who may publish them.

Not here: the draw, which they do not change (`test_draw.py`), and places of groups.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.launch.admission import AdmissionRule, PlacesRaised, only_raises_places
from earnest.core.launch.announcing import Announced, why_not_announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.edition import Edition
from earnest.core.launch.raising import with_places_raised
from earnest.core.launch.room import Joining, join, let_in_at, over_since, standing
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.test_room import (
    COMMITTED,
    HOUR,
    LOTTERY,
    OPENS_AT,
    ROOM,
    SECOND,
    launch,
    opened,
    somebody,
)

DRAWN_AT = OPENS_AT - 23 * HOUR
LATER = OPENS_AT + HOUR


def with_places(places: int | None, **changes: object) -> AdmissionRule:
    return msgspec.structs.replace(LOTTERY, places=places, **changes)


def version(number: int, at: Instant, rule: AdmissionRule | None) -> Announced:
    return Announced(
        campaign=launch(rule, version=number), published_at=at, published_by="staff:lin"
    )


def in_force(*versions: Announced) -> Campaign:
    return with_places_raised(versions[-1].campaign, versions)


def raised(*versions: Announced) -> tuple[PlacesRaised, ...]:
    rule = in_force(*versions).admission
    assert rule is not None
    return rule.raised


def test_places_may_rise_and_never_fall_once_people_joined() -> None:
    before = version(1, OPENS_AT - 99 * HOUR, LOTTERY)

    def refused(rule: AdmissionRule | None) -> Rejected | None:
        return why_not_announced(launch(rule, version=2), before, (), LATER)

    fixed = Rejected(Reason.ADMISSION_RULE_FIXED)
    assert refused(with_places(3)) is None
    assert refused(LOTTERY) is None
    assert refused(with_places(1)) == fixed
    assert refused(with_places(3, per_minute=61)) == fixed
    assert refused(None) == fixed
    assert not only_raises_places(ROOM, with_places(3))
    assert not only_raises_places(None, with_places(3))
    assert not only_raises_places(with_places(3), ROOM)


def test_raises_follow_from_the_versions() -> None:
    first = version(1, DRAWN_AT, LOTTERY)
    same = version(2, DRAWN_AT + HOUR, LOTTERY)
    more = version(3, LATER, with_places(4))
    most = version(4, LATER + HOUR, with_places(9))
    fewer = version(2, DRAWN_AT + HOUR, with_places(1))
    other = msgspec.structs.replace(
        more, campaign=msgspec.structs.replace(more.campaign, campaign_id=CampaignId("other"))
    )
    free = version(2, DRAWN_AT, None)

    assert raised(first) == ()
    assert raised(first, same) == ()
    assert raised(other, first, same, more) == (PlacesRaised(before=2, at=LATER),)
    assert raised(first, same, more, most) == (
        PlacesRaised(before=2, at=LATER),
        PlacesRaised(before=4, at=LATER + HOUR),
    )
    assert raised(first, fewer) == ()
    assert raised(first, fewer, version(3, LATER, LOTTERY)) == (PlacesRaised(before=1, at=LATER),)
    assert raised(first, free, more) == ()
    assert in_force(first, free) == free.campaign
    by_arrival = version(2, DRAWN_AT, ROOM)
    assert in_force(first, by_arrival) == by_arrival.campaign


def test_more_places_let_in_the_next_of_the_same_order_from_then_on() -> None:
    first = version(1, OPENS_AT - 99 * HOUR, LOTTERY)
    room, places = opened(first.campaign, 6, at=DRAWN_AT)
    more = in_force(first, version(2, LATER, with_places(4)))
    soon = in_force(first, version(2, OPENS_AT + SECOND, with_places(4)))

    def times(campaign: Campaign) -> list[Instant | None]:
        return [let_in_at(places[slot], room, campaign) for slot in range(1, 7)]

    begins = [OPENS_AT, OPENS_AT + SECOND]
    assert times(first.campaign) == [*begins, None, None, None, None]
    assert times(more) == [*begins, LATER, LATER + SECOND, None, None]
    assert times(soon) == [*begins, OPENS_AT + 2 * SECOND, OPENS_AT + 3 * SECOND, None, None]

    draw = msgspec.structs.replace(room.draw, entries=6)
    room = msgspec.structs.replace(room, draw=draw)

    def ahead(at: Instant) -> int | None:
        return standing(places[4], room, more, (), at).ahead

    assert [ahead(DRAWN_AT), ahead(OPENS_AT), ahead(LATER - SECOND)] == [3, 2, 1]
    assert [ahead(LATER), ahead(LATER + SECOND)] == [0, 0]


def test_a_winner_whose_turn_is_over_is_told_so() -> None:
    campaign = launch(LOTTERY)
    room, places = opened(campaign, 3, at=DRAWN_AT)
    ends = OPENS_AT + timedelta(minutes=LOTTERY.token_minutes)
    winner, loser = places[1], places[3]

    def again(at: Instant) -> object:
        asks = Joining(buyer_id=winner.buyer_id, entry=winner.entry, at=at)
        return join(room, campaign, winner, asks)

    assert again(ends - SECOND) == (room, winner)
    assert again(ends) == Rejected(Reason.DRAWN_TURN_OVER, {"ends_at": ends.isoformat()})
    assert over_since(loser, room, campaign, ends, ()) is None
    assert over_since(winner, room, launch(None), ends, ()) is None


def test_one_person_has_one_entry_where_the_edition_counts_persons() -> None:
    free, counted = launch(LOTTERY), launch(LOTTERY, edition=Edition(per_person=1))
    only_units = launch(LOTTERY, edition=Edition(units=9))
    asks = somebody(1, LOTTERY.joins_from)
    proven = msgspec.structs.replace(asks, person="p")
    again = msgspec.structs.replace(proven, entered_by=BuyerId("another"))

    assert not isinstance(join(COMMITTED, free, None, asks), Rejected)
    assert not isinstance(join(COMMITTED, only_units, None, asks), Rejected)
    assert join(COMMITTED, counted, None, asks) == Rejected(
        Reason.PERSON_UNVERIFIED, {"proof": "phone"}
    )
    assert join(COMMITTED, counted, None, again) == Rejected(Reason.PERSON_ENTERED)
    outcome = join(COMMITTED, counted, None, proven)
    assert not isinstance(outcome, Rejected)
    assert outcome[1].person == "p"


def test_who_comes_again_by_arrival_stays_the_person_who_came_first() -> None:
    campaign = launch(edition=Edition(per_person=1))
    room, places = opened(launch(), 1)
    over = OPENS_AT + HOUR
    known = msgspec.structs.replace(places[1], person="p")

    def place(asks: Joining, known_as: object = known) -> object:
        outcome = join(room, campaign, known_as, asks)  # type: ignore[arg-type]  # a place
        return outcome if isinstance(outcome, Rejected) else outcome[1].person

    asks = Joining(buyer_id=known.buyer_id, entry=known.entry, at=over)
    assert place(asks) == "p"
    assert place(asks, places[1]) == Rejected(Reason.PERSON_UNVERIFIED, {"proof": "phone"})
    own = msgspec.structs.replace(asks, person="q", entered_by=known.buyer_id)
    assert place(own, places[1]) == "q"
