"""Taking a draw through its course: commit the seed, close the entries, show the seed.

A server does all three by itself when their time has come; `earnest launch` does them by hand.
Each step is done once, whoever does it. Not here: the draw itself (`core/launch/draw.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

import msgspec
import structlog

from earnest.core.launch.admission import AdmissionRule
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import (
    FORM,
    Draw,
    DrawDocument,
    commitment_of,
    drawn_order,
    entries_digest,
)
from earnest.core.launch.room import Room, drawn, taking_part
from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.desk.ports import StoreUnavailable
from earnest.desk.room_store import RoomStore

log = structlog.get_logger(__name__)

CLOSING_GRACE = timedelta(seconds=2)
"""How long after the end a server waits before it fixes the entries, for joins under way."""

LOOK_SECONDS = 0.5
"""How often a server looks whether a step is due."""


class DrawRefused(Exception):
    """A step of a draw that cannot be taken now; the message says why and ends with its code."""


class Seeds(Protocol):
    """Who knows the seeds: `people/admissions.py`."""

    def seed(self, launch: str) -> str:
        """The seed (hex) of a launch's draw, as it is committed now."""

    def seed_of(self, launch: str, commitment: str) -> str | None:
        """The seed that was committed; None when its key is gone."""


def rule_of(campaign: Campaign) -> AdmissionRule:
    """The rule by which a launch lets people in. Raises `DrawRefused` where it has none."""
    if campaign.admission is None:
        raise DrawRefused(
            f"{campaign.campaign_id} lets everybody in at its opening, so nothing is drawn. "
            "A rule stands in the table [admission] of a campaign. [nothing_to_draw]"
        )
    return campaign.admission


async def commit_seed(
    store: RoomStore, launch: CampaignId, seeds: Seeds, now: Instant, *, for_good: bool = True
) -> Draw:
    """Commit the seed of a launch, which opens its waiting room; a first commitment stays.

    Like the two steps after it, it foretells the draw and writes nothing if it is not for good.
    """
    known = await _room(store, launch)
    if known is not None:
        return known.draw
    commitment = commitment_of(launch, seeds.seed(launch))
    draw = Draw(launch=launch, commitment=commitment, committed_at=now)
    if not for_good:
        return draw
    await store.commit_seed(draw)
    return (await room_of(store, launch)).draw


async def _room(store: RoomStore, launch: CampaignId) -> Room | None:
    return next((each for each in await store.rooms() if each.draw.launch == launch), None)


async def room_of(store: RoomStore, launch: CampaignId) -> Room:
    """The room of a launch. Raises `DrawRefused` while no seed is committed."""
    found = await _room(store, launch)
    if found is None:
        raise DrawRefused(
            f"No seed is committed for {launch}, so nobody can join it yet. "
            f"Commit one: earnest launch commit-seed {launch}. [draw_not_committed]"
        )
    return found


async def close_entries(
    store: RoomStore, campaign: Campaign, now: Instant, *, for_good: bool = True
) -> Draw:
    """Fix who is drawn, by the digest of all entries. Raises `DrawRefused` before their end."""
    rule, launch = rule_of(campaign), campaign.campaign_id
    if now < rule.drawn_from(campaign.opens_at):
        ends = rule.drawn_from(campaign.opens_at).isoformat()
        raise DrawRefused(
            f"Entries of {launch} are open until {ends}. Close them then. [entries_open]"
        )
    await room_of(store, launch)
    async with store.transaction() as transaction:
        room = (await transaction.lock([launch]))[launch]
        if room.draw.closed_at is not None:
            return room.draw
        entries = taking_part(await transaction.without_slot(launch), campaign)
        draw = msgspec.structs.replace(
            room.draw, closed_at=now, entries=len(entries), entries_digest=entries_digest(entries)
        )
        if for_good:
            await transaction.put([msgspec.structs.replace(room, draw=draw)], [])
    return draw


async def reveal(
    store: RoomStore,
    campaign: Campaign,
    seeds: Seeds,
    now: Instant,
    public_value: str = "",
    *,
    for_good: bool = True,
) -> Draw:
    """Show the seed and give everybody a slot, once. Raises `DrawRefused`.

    Never before the digest of a lottery's entries has stood alone for its time.

    Foretold, the draw is the one before: nobody learns its order before everybody can.
    """
    rule, launch = rule_of(campaign), campaign.campaign_id
    before = await room_of(store, launch)
    if before.draw.closed_at is None:
        raise DrawRefused(
            f"The entries of {launch} are not fixed yet. "
            f"Close them first: earnest launch close-entries {launch}. [entries_not_closed]"
        )
    if before.draw.revealed_at is not None:
        return before.draw
    shown_from = rule.seed_not_before(before.draw.closed_at)
    if now < shown_from:
        raise DrawRefused(
            f"The digest of the entries of {launch} stands alone until {shown_from.isoformat()}, "
            "so that everybody can note it before the seed is shown. Show it then. [digest_stands]"
        )
    seed = seeds.seed_of(launch, before.draw.commitment)
    if seed is None:
        raise DrawRefused(
            f"No key of this installation gives the seed that was committed for {launch}. "
            "Bring back the key of that day. [seed_lost]"
        )
    if (rule.public_source == "") != (public_value == ""):
        raise DrawRefused(
            f"The rule of {launch} names as public source: {rule.public_source or 'none'}. "
            "Give its value with --public-value, or none where none is named. "
            "[public_value_missing]"
        )
    if not for_good:
        return before.draw
    async with store.transaction() as transaction:
        room = (await transaction.lock([launch]))[launch]
        if room.draw.revealed_at is not None:
            return room.draw
        places = await transaction.without_slot(launch)
        entries = taking_part(places, campaign)
        # A large draw takes seconds, in which nobody else should wait.
        order = await asyncio.to_thread(drawn_order, launch, seed, entries, public_value)
        draw = msgspec.structs.replace(
            room.draw, revealed_at=now, seed=seed, public_value=public_value
        )
        room, placed = drawn(msgspec.structs.replace(room, draw=draw), campaign, places, order)
        await transaction.put([room], placed)
    return draw


async def document(store: RoomStore, campaign: Campaign) -> DrawDocument:
    """The whole draw, for whoever wants to repeat it. Raises `DrawRefused` before it is shown."""
    room = await room_of(store, campaign.campaign_id)
    if room.draw.revealed_at is None:
        raise DrawRefused(
            f"The seed of {campaign.campaign_id} is not shown yet. [draw_not_revealed]"
        )
    order = await store.drawn_entries(campaign.campaign_id)
    return DrawDocument(
        form=FORM,
        draw=room.draw,
        public_source="" if campaign.admission is None else campaign.admission.public_source,
        entries=tuple(sorted(order)),
        result=tuple(order),
        places=None if campaign.admission is None else campaign.admission.places,
    )


async def take_due_steps(
    store: RoomStore, campaigns: Sequence[Campaign], seeds: Seeds, now: Instant
) -> tuple[DrawRefused, ...]:
    """Take every step of every draw whose time has come, and say which wait for a person."""
    rooms = {each.draw.launch: each for each in await store.rooms()}
    refused: list[DrawRefused] = []
    for campaign in campaigns:
        room = rooms.get(campaign.campaign_id)
        try:
            await _take_due(store, campaign, None if room is None else room.draw, seeds, now)
        except DrawRefused as waits:
            refused.append(waits)
    return tuple(refused)


async def _take_due(
    store: RoomStore, campaign: Campaign, draw: Draw | None, seeds: Seeds, now: Instant
) -> None:
    rule = campaign.admission
    if rule is None:
        return
    if draw is None:
        draw = await commit_seed(store, campaign.campaign_id, seeds, now)
    if draw.closed_at is None and now >= rule.drawn_from(campaign.opens_at) + CLOSING_GRACE:
        draw = await close_entries(store, campaign, now)
    if draw.closed_at is None or draw.revealed_at is not None or rule.public_source:
        return
    if now >= rule.seed_not_before(draw.closed_at):
        await reveal(store, campaign, seeds, now)


async def keep_drawing(
    store: RoomStore,
    campaigns: Callable[[], Sequence[Campaign]],
    seeds: Seeds,
    now: Callable[[], Instant],
) -> None:
    """Take steps for ever, each when its time has come; what waits for a person is said once."""
    said: set[str] = set()
    while True:
        try:
            waiting = {str(each) for each in await take_due_steps(store, campaigns(), seeds, now())}
        except StoreUnavailable:
            log.warning("draws_wait_for_store")
        else:
            for explanation in sorted(waiting - said):
                log.warning("draw_waits_for_a_person", explanation=explanation)
            said = waiting
        await asyncio.sleep(LOOK_SECONDS)
