"""The waiting room of a launch: numbers, the draw's order, slots, and when each is let in.

One row of counters a launch, one place a buyer. Whoever joins in time for the draw has a number
but no slot yet; the draw gives slots 1, 2, 3 ..., and whoever joins after it stands behind by
arrival. Slots are let in at the published rate. Not here: keeping rows (`store/rooms.py`), groups
of those who join (`desk/rooms.py`), and the draw itself (`draw.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from earnest.core.launch.admission import Admission, AdmissionKind, AdmissionRule
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import Draw
from earnest.core.queue.pause import SalePause, kept_open
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The counters of one launch and its draw.

    `numbers` is the last number given and `slots` the last slot. `free_from` is when the next
    slot by arrival could be let in. Before anybody committed a seed nobody can join.
    """

    draw: Draw
    numbers: int = 0
    slots: int = 0
    free_from: Instant | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer's place in the room of one launch.

    `entry` is the opaque id under which it stands in the draw. Without `slot` it was not drawn
    yet. `let_in_at` is set where the slot came by arrival; a drawn slot's time follows from it.
    `drawn_slot` is what the draw gave, and stays when somebody joins again. `person` is who the
    buyer is to this queue, where the edition limits what one person may hold.
    """

    launch: CampaignId
    buyer_id: BuyerId
    entry: str
    number: int
    joined_at: Instant
    slot: int | None = None
    let_in_at: Instant | None = None
    drawn_slot: int | None = None
    person: str | None = None


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who wants to join, received at this instant.

    `person` is who they are to the queue, if that is proven, and `entered_by` the account with
    which this person has joined already.
    """

    buyer_id: BuyerId
    entry: str
    at: Instant
    person: str | None = None
    entered_by: BuyerId | None = None


def interval(rule: AdmissionRule) -> timedelta:
    """From one slot to the next."""
    return timedelta(minutes=1) / rule.per_minute


def let_in_at(place: Place, room: Room, campaign: Campaign) -> Instant | None:
    """When a place is let in; None while that is not known, or if it was not drawn.

    Drawn slots count from the opening, or from the draw where that came later; so an opening that
    is moved before it comes moves everybody with it. Places that were added later count from the
    version that added them, behind those who are still to be let in.
    """
    rule = campaign.admission
    if rule is None or place.slot is None or room.draw.revealed_at is None:
        return None
    if place.let_in_at is not None:
        return place.let_in_at
    if rule.places is not None and place.slot > rule.places:
        return None
    waves = _waves(rule, max(campaign.opens_at, room.draw.revealed_at))
    ahead, begins = next((ahead, begins) for ahead, begins in waves if ahead < place.slot)
    return begins + (place.slot - 1 - ahead) * interval(rule)


def _waves(rule: AdmissionRule, opening: Instant) -> list[tuple[int, Instant]]:
    """How many drawn slots are ahead of each wave, and when its first is let in; the last first.

    Those drawn first are a wave, and so are those whom each raise of the places lets in.
    """
    waves = [(0, opening)]
    for each in rule.raised:
        ahead, begins = waves[0]
        done = begins + (each.before - ahead) * interval(rule)
        waves.insert(0, (each.before, max(done, each.at)))
    return waves


def admission_of(place: Place, room: Room, campaign: Campaign, nonce: str) -> Admission | None:
    """What a token of this place says; None while nobody can say when it is let in."""
    begins = let_in_at(place, room, campaign)
    if begins is None or campaign.admission is None:
        return None
    assert place.slot is not None, "only a slot is let in"
    ends = begins + timedelta(minutes=campaign.admission.token_minutes)
    return Admission(
        launch=place.launch,
        buyer_id=place.buyer_id,
        slot=place.slot,
        not_before=begins,
        ends_at=ends,
        nonce=nonce,
    )


def join(
    room: Room | None,
    campaign: Campaign,
    known: Place | None,
    joining: Joining,
    pauses: Sequence[SalePause] = (),
) -> tuple[Room, Place] | Rejected:
    """A place in the room: the one that the buyer has, or a new one behind all others.

    Joining again changes nothing while the place is good. Whoever let the time of their
    admission pass gets a new place at the end, in a launch that goes by arrival; a lottery lets
    nobody in twice.

    Rejections: `room_not_open` (no rule, too early, or no seed committed yet), `room_closed`
    (the launch is over, or the entries of its lottery are closed), `drawn_turn_over`; where the
    edition limits what one person may hold, `person_unverified` and `person_entered`.
    """
    rule = campaign.admission
    if rule is None or room is None or joining.at < rule.joins_from:
        opening = "" if rule is None else rule.joins_from.isoformat()
        return Rejected(Reason.ROOM_NOT_OPEN, {"joins_from": opening})
    if known is not None:
        over_at = over_since(known, room, campaign, joining.at, pauses)
        if over_at is None:
            return room, known
        if rule.kind is AdmissionKind.LOTTERY:
            return Rejected(Reason.DRAWN_TURN_OVER, {"ends_at": over_at.isoformat()})
    if campaign.closes_at is not None and joining.at >= campaign.closes_at:
        return Rejected(Reason.ROOM_CLOSED)
    drawn_from = rule.drawn_from(campaign.opens_at)
    is_closed = room.draw.closed_at is not None
    if rule.kind is AdmissionKind.LOTTERY and (is_closed or joining.at >= drawn_from):
        return Rejected(Reason.ROOM_CLOSED)
    fault = None if known is not None and known.person else _person_fault(campaign, joining)
    if fault is not None:
        return fault
    place = Place(
        launch=campaign.campaign_id,
        buyer_id=joining.buyer_id,
        entry=joining.entry if known is None else known.entry,
        number=room.numbers + 1,
        # Whoever comes when the draw has begun stands behind it, however early they were sent.
        joined_at=max(joining.at, drawn_from) if is_closed else joining.at,
        drawn_slot=None if known is None else known.drawn_slot,
        person=joining.person if known is None else known.person or joining.person,
    )
    room = msgspec.structs.replace(room, numbers=place.number)
    if room.draw.revealed_at is None:
        return room, place
    return _by_arrival(room, rule, place)


def _person_fault(campaign: Campaign, joining: Joining) -> Rejected | None:
    """Why somebody does not join a room in which one person has one entry."""
    edition = campaign.edition
    if edition is None or edition.per_person is None:
        return None
    if joining.person is None:
        return Rejected(Reason.PERSON_UNVERIFIED, {"proof": edition.proof.value})
    if joining.entered_by not in {None, joining.buyer_id}:
        return Rejected(Reason.PERSON_ENTERED)
    return None


def over_since(
    place: Place, room: Room, campaign: Campaign, at: Instant, pauses: Sequence[SalePause]
) -> Instant | None:
    """When the time of this place's admission ended; None while it has not."""
    rule = campaign.admission
    begins = let_in_at(place, room, campaign)
    if rule is None or begins is None:
        return None
    ends = kept_open(begins, begins + timedelta(minutes=rule.token_minutes), pauses, at)
    return ends if at >= ends else None


def _by_arrival(room: Room, rule: AdmissionRule, place: Place) -> tuple[Room, Place]:
    """The next slot behind everybody, let in when its turn comes and no sooner than it joined."""
    assert room.free_from is not None, "a draw that was revealed says when the next is let in"
    begins = max(room.free_from, place.joined_at)
    room = msgspec.structs.replace(room, slots=room.slots + 1, free_from=begins + interval(rule))
    return room, msgspec.structs.replace(place, slot=room.slots, let_in_at=begins)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands: how many are ahead, and when they are let in; None before the draw."""

    place: Place
    ahead: int | None
    let_in_at: Instant | None


def standing(
    place: Place, room: Room, campaign: Campaign, arrivals: Sequence[Place], at: Instant
) -> Standing:
    """Where a place stands at an instant. `arrivals` are the slots by arrival, in their order."""
    begins = let_in_at(place, room, campaign)
    if begins is None or place.slot is None:
        return Standing(place=place, ahead=None, let_in_at=None)
    if begins <= at:
        return Standing(place=place, ahead=0, let_in_at=begins)
    passed = _slots_let_in(room, campaign, arrivals, at)
    return Standing(place=place, ahead=max(0, place.slot - 1 - passed), let_in_at=begins)


def _slots_let_in(room: Room, campaign: Campaign, arrivals: Sequence[Place], at: Instant) -> int:
    """The last slot that was let in by an instant; slots are let in in their order."""
    place = bisect_right(arrivals, at, key=lambda each: each.let_in_at or at)
    if place:
        return arrivals[place - 1].slot or 0
    rule, revealed_at = campaign.admission, room.draw.revealed_at
    assert rule is not None, "only a launch with a rule lets anybody in"
    assert revealed_at is not None, "nobody is let in before the draw"
    most = room.draw.entries
    for ahead, begins in _waves(rule, max(campaign.opens_at, revealed_at)):
        if begins <= at:
            return min(most, ahead + (at - begins) // interval(rule) + 1)
        most = min(most, ahead)
    return 0


def taking_part(places: Sequence[Place], campaign: Campaign) -> tuple[str, ...]:
    """The sorted entries of those who joined in time for the draw."""
    rule = campaign.admission
    assert rule is not None, "only a launch with a rule is drawn"
    drawn_from = rule.drawn_from(campaign.opens_at)
    return tuple(sorted(each.entry for each in places if each.joined_at < drawn_from))


def drawn(
    room: Room, campaign: Campaign, places: Sequence[Place], order: Sequence[str]
) -> tuple[Room, list[Place]]:
    """The room after its draw was revealed, and every place that got a slot by it.

    `places` are those without a slot. Whoever joined while it was drawn follows by number.
    """
    rule, draw = campaign.admission, room.draw
    assert rule is not None, "only a launch with a rule is drawn"
    assert draw.revealed_at is not None, "slots are given when the seed is shown"
    slots = {entry: slot for slot, entry in enumerate(order, start=1)}
    opening = max(campaign.opens_at, draw.revealed_at)
    room = msgspec.structs.replace(
        room, slots=len(slots), free_from=opening + len(slots) * interval(rule)
    )
    placed = [
        msgspec.structs.replace(each, slot=slots[each.entry], drawn_slot=slots[each.entry])
        for each in places
        if each.entry in slots
    ]
    behind = sorted(
        (each for each in places if each.entry not in slots), key=lambda each: each.number
    )
    for each in behind:
        room, place = _by_arrival(room, rule, each)
        placed.append(place)
    return room, placed
