"""What `earnest launch` reads of a draw, and the steps it takes, beside a running server.

Not here: the steps themselves (`desk/drawing.py`) and what is printed (`cli/launch.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import StrEnum

import msgspec

from earnest.core.launch.announcing import Announced, in_force
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import Draw
from earnest.core.launch.raising import with_places_raised
from earnest.core.launch.room import Room
from earnest.core.values.ids import CampaignId
from earnest.core.values.instant import Instant
from earnest.desk.drawing import DrawRefused, close_entries, commit_seed, reveal, rule_of
from earnest.gateways.clock import VirtualClock
from earnest.keyring import admissions_of
from earnest.main import database_to_read
from earnest.settings import Settings
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.pool import open_pool
from earnest.store.publications import PostgresPublications
from earnest.store.rooms import PostgresRooms


class Step(StrEnum):
    """A step of a draw; none of them can be undone."""

    COMMIT_SEED = "commit-seed"
    CLOSE_ENTRIES = "close-entries"
    REVEAL = "reveal"


class LaunchFile(msgspec.Struct, frozen=True, kw_only=True):
    """A launch in the version in force, its waiting room if a seed was committed, and the time."""

    campaign: Campaign
    room: Room | None
    now: Instant


@asynccontextmanager
async def _opened(
    settings: Settings, launch: CampaignId
) -> AsyncIterator[tuple[PostgresRooms, Campaign, Instant]]:
    """Where rooms are kept, the campaign in force and the present. Raises `DrawRefused`."""
    with database_to_read(settings) as url:
        async with await open_pool(url, size_min=1, size_max=1) as pool:
            offset = await PostgresPublications(pool).clock_offset_seconds()
            now = VirtualClock(timedelta(seconds=offset)).now()
            versions = await PostgresCampaigns(pool).campaigns()
            own: list[Announced] = [x for x in versions if x.campaign.campaign_id == launch]
            found = in_force(own, now)
            if found is None:
                raise DrawRefused(
                    f"There is no campaign {launch}. "
                    "Publish one first: earnest campaign publish FILE. [campaign_unknown]"
                )
            yield PostgresRooms(pool), with_places_raised(found.campaign, own), now


async def read_launch(settings: Settings, launch: str) -> LaunchFile:
    """A launch as it stands. Raises `DrawRefused` for one that is not there or is not drawn."""
    async with _opened(settings, CampaignId(launch)) as (store, campaign, now):
        rule_of(campaign)
        found = [each for each in await store.rooms() if each.draw.launch == launch]
        return LaunchFile(campaign=campaign, room=found[0] if found else None, now=now)


async def take_step(
    settings: Settings, launch: str, step: Step, public_value: str = "", *, for_good: bool
) -> tuple[Draw, bool]:
    """Take a step, or foretell it; the draw after it, and whether it had been taken before.

    Raises `DrawRefused`.
    """
    seeds = admissions_of(settings)
    async with _opened(settings, CampaignId(launch)) as (store, campaign, now):
        rule_of(campaign)
        before = [each.draw for each in await store.rooms() if each.draw.launch == launch]
        was_taken = bool(before) and is_taken(before[0], step)
        if step is Step.COMMIT_SEED:
            draw = await commit_seed(store, campaign.campaign_id, seeds, now, for_good=for_good)
        elif step is Step.CLOSE_ENTRIES:
            draw = await close_entries(store, campaign, now, for_good=for_good)
        else:
            draw = await reveal(store, campaign, seeds, now, public_value, for_good=for_good)
    return draw, was_taken


def is_taken(draw: Draw, step: Step) -> bool:
    """Whether a draw is past a step."""
    if step is Step.COMMIT_SEED:
        return True
    return (draw.closed_at if step is Step.CLOSE_ENTRIES else draw.revealed_at) is not None
