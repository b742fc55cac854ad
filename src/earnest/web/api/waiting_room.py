"""The waiting room of a launch: joining it, looking where one stands, and its draw.

An admission is handed out as soon as the slot is known, good from its own instant on; so whoever
has one need not come back, and losing it costs one look here. Not here: who gets which slot
(`core/launch/room.py`), and the check of an admission, which the door of reservations makes.
"""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from earnest.core.launch.admission import AdmissionRule
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import Draw, DrawDocument
from earnest.core.launch.keeping import admission_kept_open
from earnest.core.launch.room import Joining, Place, Room, Standing, admission_of, over_since
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.drawing import DrawRefused, document
from earnest.people.reserving import ToKnow
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, owner_of
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

LOOK_AGAIN_SECONDS = 10
LOOK_AGAIN_SPREAD_SECONDS = 10
"""Who waits looks again after ten to twenty seconds, each after another time."""


async def join_room(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """A place in the waiting room: the one that the buyer has, or a new one."""
    campaign = _campaign(house, asked)
    buyer_id = owner_of(asked.by)
    joining = Joining(
        buyer_id=buyer_id,
        entry=house.admissions.entry(campaign.campaign_id, buyer_id),
        at=asked.received_at,
        person=await person_of(house, campaign, buyer_id),
    )
    outcome = await house.rooms.join(campaign.campaign_id, joining)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    return await _shown(house, asked, campaign, buyer_id, outcome)


async def person_of(house: House, campaign: Campaign, buyer_id: BuyerId) -> str | None:
    """Who a buyer is to the queue of a launch, where that counts and is proven."""
    edition = campaign.edition
    if edition is None or edition.per_person is None:
        return None
    asked = ToKnow(buyer_id=buyer_id, queue_id=campaign.queue_id, proof=edition.proof)
    return (await house.reservers.look_up(asked)).person


async def show_place(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Where the buyer stands."""
    return await _shown(house, asked, _campaign(house, asked), owner_of(asked.by))


async def show_draw(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The rule in force and how far its draw is."""
    campaign = _campaign(house, asked)
    room, rule = house.rooms.room(campaign.campaign_id), campaign.admission
    until = None if rule is None else rule.drawn_from(campaign.opens_at)
    closed_at = until if room is None else room.draw.closed_at or until
    shown = DrawShown(
        launch=campaign.campaign_id,
        rule=rule,
        opens_at=campaign.opens_at,
        entries_until=until,
        seed_not_before=None if rule is None or not closed_at else rule.seed_not_before(closed_at),
        joined=0 if room is None else room.numbers,
        draw=None if room is None else room.draw,
        public_keys=house.admissions.public_keys(),
    )
    return Reply(value=shown, headers=[(b"cache-control", b"public, max-age=2")])


async def show_draw_document(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The whole draw: commitment, seed, every entry, and the order, for whoever repeats it."""
    try:
        whole = await document(house.rooms.store, _campaign(house, asked))
    except DrawRefused as refused:
        raise TurnedAway(DoorCode.DRAW_NOT_REVEALED) from refused
    return Reply(value=whole, headers=[(b"cache-control", b"public, max-age=60")])


def _campaign(house: House, asked: Asked) -> Campaign:
    campaign = house.rooms.campaign(CampaignId(asked.path["campaign_id"]))
    if campaign is None:
        raise TurnedAway(Reason.CAMPAIGN_UNKNOWN)
    return campaign


class PlaceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer's place. Before the draw nobody knows who is ahead, so `slot` and `ahead` are null.

    `let_in_at` is when the admission begins to be good, exactly and not by estimate, and null for
    whoever was not drawn. `admission` goes into the header `Earnest-Admission` of a reservation;
    once its time has passed, at `admission_ends_at`, there is none and `is_over` is true.
    `entry` is the opaque id under which the buyer stands in the draw. Look again after
    `look_again_seconds`, unless there is an admission: then there is nothing left to wait for here.
    """

    launch: CampaignId
    number: int
    joined: int
    joined_at: Instant
    opens_at: Instant
    is_drawn: bool
    slot: int | None
    ahead: int | None
    let_in_at: Instant | None
    admission: str | None
    admission_ends_at: Instant | None
    is_over: bool
    entry: str
    look_again_seconds: int


class DrawShown(msgspec.Struct, frozen=True, kw_only=True):
    """The rule by which a launch lets people in (null: everybody at the opening), and its draw.

    Whoever joins before `entries_until` is drawn. Then the digest of all entries is published, and
    the seed no sooner than at `seed_not_before`: note the digest in between.
    `public_keys` are the Ed25519 keys (hex) with which anybody can check an admission.
    """

    launch: CampaignId
    rule: AdmissionRule | None
    opens_at: Instant
    entries_until: Instant | None
    seed_not_before: Instant | None
    joined: int
    draw: Draw | None
    public_keys: dict[str, str]


async def _shown(
    house: House, asked: Asked, campaign: Campaign, buyer_id: BuyerId, place: Place | None = None
) -> Reply:
    found = await house.rooms.standing(campaign, buyer_id, asked.received_at, place)
    if found is None:
        raise TurnedAway(DoorCode.PLACE_UNKNOWN)
    return Reply(value=_place_shown(house, campaign, *found, asked.received_at))


def _place_shown(
    house: House, campaign: Campaign, room: Room, stands: Standing, now: Instant
) -> PlaceShown:
    place = stands.place
    nonce = house.admissions.nonce(place.launch, place.buyer_id, place.slot or 0)
    admission = admission_of(place, room, campaign, nonce)
    pauses = house.desk.library.pauses_of(campaign.queue_id)
    is_over = over_since(place, room, campaign, now, pauses) is not None
    return PlaceShown(
        launch=place.launch,
        number=place.number,
        joined=room.numbers,
        joined_at=place.joined_at,
        opens_at=campaign.opens_at,
        is_drawn=place.slot is not None,
        slot=place.slot,
        ahead=stands.ahead,
        let_in_at=stands.let_in_at,
        admission=None if admission is None or is_over else house.admissions.sign(admission),
        admission_ends_at=None
        if admission is None
        else admission_kept_open(admission, pauses, now).ends_at,
        is_over=is_over,
        entry=place.entry,
        look_again_seconds=LOOK_AGAIN_SECONDS + secrets.randbelow(LOOK_AGAIN_SPREAD_SECONDS + 1),
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/campaigns/{campaign_id}/waiting-room",
            operation="joinWaitingRoom",
            summary="Join the waiting room of a launch, or its lottery.",
            description="Joining again changes nothing. Whoever joins before the opening is drawn, "
            "so being early gains nothing; whoever comes later stands behind by arrival. Where one "
            "person may hold only so many orders, a proof comes first (/people/me/proofs), and one "
            "person has one entry whatever the number of accounts.",
            tag="launch",
            access=Access.BUYER,
            takes=NoInput,
            handler=join_room,
            gives=PlaceShown,
            codes=(
                Reason.CAMPAIGN_UNKNOWN,
                Reason.ROOM_NOT_OPEN,
                Reason.ROOM_CLOSED,
                Reason.DRAWN_TURN_OVER,
                Reason.PERSON_UNVERIFIED,
                Reason.PERSON_ENTERED,
                DoorCode.DESK_FULL,
            ),
        ),
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/waiting-room",
            operation="showWaitingRoomPlace",
            summary="Where a buyer stands in the waiting room of a launch.",
            description="Answered from a snapshot at most a second old. The admission can be asked "
            "for as often as it is lost: it is the same each time.",
            tag="launch",
            access=Access.BUYER,
            takes=NoInput,
            handler=show_place,
            gives=PlaceShown,
            codes=(Reason.CAMPAIGN_UNKNOWN, DoorCode.PLACE_UNKNOWN),
        ),
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/draw",
            operation="showDraw",
            summary="By which rule a launch lets people in, and how far its draw is.",
            tag="launch",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_draw,
            gives=DrawShown,
            is_cacheable=True,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/draw/document",
            operation="showDrawDocument",
            summary="The whole draw, for whoever wants to repeat it.",
            description="`earnest launch verify-draw` repeats it from this document; "
            "docs/waiting-room.md does it by hand.",
            tag="launch",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=show_draw_document,
            gives=DrawDocument,
            is_cacheable=True,
            codes=(Reason.CAMPAIGN_UNKNOWN, DoorCode.DRAW_NOT_REVEALED),
        ),
    ]
