"""The waiting room: numbers, slots and times, whoever joins when.

Not here: rows in the database (`tests/store/test_rooms.py`) and the draw (`test_draw.py`).
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as some

from earnest.core.launch.admission import AdmissionKind, AdmissionRule
from earnest.core.launch.announcing import Announced, why_not_announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import Draw, drawn_order, entries_digest
from earnest.core.launch.room import (
    Joining,
    Place,
    Room,
    Standing,
    admission_of,
    drawn,
    interval,
    join,
    let_in_at,
    standing,
    taking_part,
)
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from tests.core.world import QUEUE, local

OPENS_AT = local(2026, 11, 26, 20)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LAUNCH = CampaignId("yu9-2026")
SEED = "5e" * 32
ROOM = AdmissionRule(
    kind=AdmissionKind.FIRST_COME, joins_from=OPENS_AT - HOUR, per_minute=60, token_minutes=10
)
LOTTERY = AdmissionRule(
    kind=AdmissionKind.LOTTERY,
    joins_from=OPENS_AT - 48 * HOUR,
    joins_until=OPENS_AT - 24 * HOUR,
    places=2,
    per_minute=60,
)
COMMITTED = Room(draw=Draw(launch=LAUNCH, commitment="c", committed_at=OPENS_AT - 99 * HOUR))


def launch(rule: AdmissionRule | None = ROOM, **changes: object) -> Campaign:
    campaign = Campaign(
        campaign_id=LAUNCH,
        version=1,
        queue_id=QUEUE,
        names={"en": "The launch"},
        opens_at=OPENS_AT,
        reveal_at=OPENS_AT,
        closes_at=OPENS_AT + 5 * HOUR,
        admission=rule,
    )
    return msgspec.structs.replace(campaign, **changes)


def somebody(number: int, at: Instant) -> Joining:
    return Joining(buyer_id=BuyerId(f"{number:016}"), entry=f"{number:020x}", at=at)


def joined(
    room: Room, campaign: Campaign, joining: Joining, known: Place | None = None
) -> tuple[Room, Place]:
    outcome = join(room, campaign, known, joining)
    assert not isinstance(outcome, Rejected), outcome
    return outcome


def code(room: Room | None, campaign: Campaign, at: Instant) -> str:
    outcome = join(room, campaign, None, somebody(1, at))
    assert isinstance(outcome, Rejected)
    return outcome.reason.value


def revealed(room: Room, at: Instant) -> Room:
    """The room with its seed shown at this instant."""
    draw = msgspec.structs.replace(room.draw, closed_at=at, revealed_at=at, seed=SEED)
    return msgspec.structs.replace(room, draw=draw)


def closed(room: Room, at: Instant) -> Room:
    return msgspec.structs.replace(room, draw=msgspec.structs.replace(room.draw, closed_at=at))


def opened(campaign: Campaign, ahead: int, at: Instant = OPENS_AT) -> tuple[Room, dict[int, Place]]:
    """The room after its draw, with so many who joined in time, by their slots."""
    room, places = COMMITTED, []
    rule = campaign.admission
    assert rule is not None
    for number in range(ahead):
        room, place = joined(room, campaign, somebody(number, rule.joins_from))
        places.append(place)
    order = drawn_order(LAUNCH, SEED, taking_part(places, campaign))
    room, places = drawn(revealed(room, at), campaign, places, order)
    return room, {each.slot: each for each in places if each.slot is not None}


# Joining --------------------------------------------------------------------------------------


def test_nobody_joins_without_a_rule_a_commitment_or_before_its_time() -> None:
    early = ROOM.joins_from - SECOND

    assert code(COMMITTED, launch(None), OPENS_AT) == "room_not_open"
    assert code(None, launch(), OPENS_AT) == "room_not_open"
    assert code(COMMITTED, launch(), early) == "room_not_open"


def test_nobody_joins_when_it_is_over() -> None:
    closes_at = launch().closes_at
    assert closes_at is not None

    assert code(COMMITTED, launch(), closes_at) == "room_closed"
    assert code(COMMITTED, launch(LOTTERY), LOTTERY.drawn_from(OPENS_AT)) == "room_closed"
    assert code(closed(COMMITTED, OPENS_AT), launch(LOTTERY), LOTTERY.joins_from) == "room_closed"
    without_end = launch(closes_at=None)
    assert joined(COMMITTED, without_end, somebody(1, closes_at))[1].number == 1


def test_joining_again_changes_nothing() -> None:
    room, place = joined(COMMITTED, launch(), somebody(1, ROOM.joins_from))

    assert joined(room, launch(), somebody(1, OPENS_AT), place) == (room, place)
    assert (place.number, place.slot) == (1, None)


def test_whoever_arrives_when_the_draw_has_begun_stands_behind_it() -> None:
    """However early their request was received: what is drawn was fixed before."""
    room = closed(COMMITTED, OPENS_AT + SECOND)

    _, place = joined(room, launch(), somebody(9, OPENS_AT - SECOND))

    assert place.joined_at == OPENS_AT
    assert taking_part([place], launch()) == ()


# The draw and after it --------------------------------------------------------------------------


def test_those_who_waited_are_let_in_as_drawn_and_the_rest_by_arrival() -> None:
    room, places = opened(launch(), 5)
    later = [somebody(number, OPENS_AT + number * SECOND) for number in (10, 11)]
    for each in later:
        room, place = joined(room, launch(), each)
        assert place.slot is not None
        places[place.slot] = place

    times = [let_in_at(places[slot], room, launch()) for slot in range(1, 8)]
    assert times == [OPENS_AT + n * SECOND for n in (0, 1, 2, 3, 4, 10, 11)]
    assert [places[slot].buyer_id for slot in (6, 7)] == [each.buyer_id for each in later]


def test_whoever_joined_while_it_was_drawn_follows_by_number() -> None:
    room, first = joined(COMMITTED, launch(), somebody(1, OPENS_AT - SECOND))
    room, third = joined(room, launch(), somebody(3, OPENS_AT + SECOND))
    room, second = joined(room, launch(), somebody(2, OPENS_AT))
    order = drawn_order(LAUNCH, SEED, taking_part([first, second, third], launch()))

    room, placed = drawn(
        revealed(room, OPENS_AT + 2 * SECOND), launch(), [second, first, third], order
    )

    by_buyer = {each.buyer_id[-1]: each.slot for each in placed}
    assert by_buyer == {"1": 1, "3": 2, "2": 3}
    assert room.slots == 3


def test_an_opening_that_is_moved_moves_everybody_with_it() -> None:
    room, places = opened(launch(), 3, at=OPENS_AT - HOUR)
    moved = launch(opens_at=OPENS_AT + HOUR)

    assert let_in_at(places[3], room, launch()) == OPENS_AT + 2 * SECOND
    assert let_in_at(places[3], room, moved) == OPENS_AT + HOUR + 2 * SECOND


def test_a_lottery_lets_in_as_many_as_it_has_places() -> None:
    campaign = launch(LOTTERY)
    room, places = opened(campaign, 4, at=OPENS_AT - 23 * HOUR)

    admissions = [admission_of(places[slot], room, campaign, "n") for slot in (1, 2, 3, 4)]

    assert [each and each.not_before for each in admissions] == [
        OPENS_AT,
        OPENS_AT + SECOND,
        None,
        None,
    ]
    again = somebody(0, OPENS_AT + 4 * HOUR)
    known = next(each for each in places.values() if each.buyer_id == again.buyer_id)
    assert joined(room, campaign, again, known) == (room, known)


def test_nobody_is_let_in_before_the_draw_or_without_a_rule() -> None:
    room, place = joined(COMMITTED, launch(), somebody(1, ROOM.joins_from))
    after, places = opened(launch(), 1)

    assert admission_of(place, room, launch(), "n") is None
    assert let_in_at(places[1], room, launch()) is None
    assert let_in_at(places[1], after, launch(None)) is None
    assert admission_of(places[1], after, launch(None), "n") is None


def test_an_admission_says_slot_and_time() -> None:
    room, places = opened(launch(), 2)

    admission = admission_of(places[2], room, launch(), "n")

    assert admission is not None
    assert (admission.launch, admission.slot, admission.nonce) == (LAUNCH, 2, "n")
    assert admission.not_before == OPENS_AT + SECOND
    assert admission.ends_at == OPENS_AT + SECOND + timedelta(minutes=10)


def test_whoever_let_their_time_pass_gets_a_new_place_at_the_end() -> None:
    room, places = opened(launch(), 3)
    late = somebody(int(places[1].buyer_id), OPENS_AT + timedelta(minutes=10))

    in_time = joined(room, launch(), msgspec.structs.replace(late, at=late.at - SECOND), places[1])
    after, place = joined(room, launch(), late, places[1])

    assert in_time == (room, places[1])
    assert (place.slot, place.number, after.slots) == (4, 4, 4)
    assert let_in_at(place, after, launch()) == late.at


arrivals = some.lists(some.integers(-1_800, 600), max_size=60)


@given(arrivals)
def test_slots_are_dense_in_order_of_time_and_never_faster_than_published(steps: list[int]) -> None:
    campaign = launch()
    room, waiting = COMMITTED, []
    times = sorted(OPENS_AT + step * SECOND for step in steps)
    for number, at in enumerate(each for each in times if each < OPENS_AT):
        room, place = joined(room, campaign, somebody(number, at))
        waiting.append(place)
    order = drawn_order(LAUNCH, SEED, taking_part(waiting, campaign))
    room, places = drawn(revealed(room, OPENS_AT), campaign, waiting, order)
    for number, at in enumerate((each for each in times if each >= OPENS_AT), start=len(waiting)):
        room, place = joined(room, campaign, somebody(number, at))
        places.append(place)

    by_slot = sorted((each.slot or 0, each) for each in places)
    begins = [let_in_at(each, room, campaign) for _, each in by_slot]
    assert [slot for slot, _ in by_slot] == [*range(1, len(times) + 1)]
    assert sorted(each for each in begins if each) == begins
    assert all(
        count <= 60
        for count in Counter(
            (each - OPENS_AT) // timedelta(minutes=1) for each in begins if each
        ).values()
    )
    assert all(
        each >= place.joined_at for each, (_, place) in zip(begins, by_slot, strict=True) if each
    )


@given(
    some.integers(0, 6),
    some.lists(some.integers(0, 20), max_size=6),
    some.integers(-5, 60),
)
def test_ahead_are_exactly_those_before_who_are_not_let_in_yet(
    ahead: int, later: list[int], after: int
) -> None:
    """Whether drawn or by arrival, and whenever somebody looks."""
    room, places = opened(launch(), ahead)
    draw = msgspec.structs.replace(room.draw, entries=ahead)
    room, at = msgspec.structs.replace(room, draw=draw), OPENS_AT
    for number, wait in enumerate(later, start=100):
        at += wait * SECOND / 2
        room, place = joined(room, launch(), somebody(number, at))
        assert place.slot is not None
        places[place.slot] = place
    arrivals = [places[slot] for slot in sorted(places) if places[slot].let_in_at is not None]
    looked = OPENS_AT + after * SECOND / 2

    for slot, place in places.items():
        stands = standing(place, room, launch(), arrivals, looked)
        times = {other: let_in_at(places[other], room, launch()) for other in range(1, slot)}
        waiting = sum(each is not None and each > looked for each in times.values())
        assert (stands.ahead, stands.let_in_at) == (waiting, let_in_at(place, room, launch()))


def test_where_nobody_is_let_in_nobody_says_who_is_ahead() -> None:
    campaign = launch(LOTTERY)
    room, places = opened(campaign, 3, LOTTERY.drawn_from(OPENS_AT))

    lost = standing(places[3], room, campaign, [], OPENS_AT)

    assert lost == Standing(place=places[3], ahead=None, let_in_at=None)


def test_the_published_rate_is_the_time_between_two_slots() -> None:
    assert interval(ROOM) == SECOND
    assert interval(msgspec.structs.replace(ROOM, per_minute=600_000)) == timedelta(
        microseconds=100
    )


# A rule and the versions of its launch ----------------------------------------------------------


def announcing(before: Campaign, after: Campaign, now: Instant) -> str | None:
    announced = Announced(campaign=before, published_at=now - HOUR, published_by="lin")
    after = msgspec.structs.replace(after, version=2)
    fault = why_not_announced(after, announced, (), now)
    return None if fault is None else fault.reason.value


def test_a_rule_changes_only_until_somebody_could_join_under_it() -> None:
    faster = msgspec.structs.replace(ROOM, per_minute=61)
    before = ROOM.joins_from - SECOND

    assert announcing(launch(), launch(faster), before) is None
    assert announcing(launch(), launch(faster), ROOM.joins_from) == "admission_rule_fixed"
    assert announcing(launch(None), launch(), OPENS_AT - SECOND) is None
    assert announcing(launch(None), launch(), OPENS_AT) == "admission_rule_fixed"
    assert (
        announcing(
            launch(),
            launch(opens_at=OPENS_AT + HOUR, closes_at=OPENS_AT + 6 * HOUR),
            OPENS_AT - HOUR,
        )
        is None
    )


def test_a_rule_that_does_not_fit_is_not_announced() -> None:
    wrong = msgspec.structs.replace(ROOM, per_minute=0)

    assert announcing(launch(), launch(wrong), ROOM.joins_from) == "admission_rule_malformed"
    assert entries_digest(()) != ""
