"""The demo's launch: hidden before its reveal, published once, with codes that are on record."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from earnest.core.values.instant import Instant
from earnest.demo.launch import (
    CODES,
    DEMO_LAUNCH,
    DEMO_LAUNCH_QUEUE,
    demo_campaign,
    demo_launch_catalogue,
    publish_demo_launch,
)
from earnest.demo.maker import demo_catalogue, demo_terms
from earnest.store.memory import MemoryStore
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.memory_rooms import MemoryRooms
from tests.core.campaigns import never_over
from tests.demo.running import Running, asked

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


@pytest.mark.parametrize(
    ("started", "revealed"),
    [
        (NOON, datetime(2026, 11, 27, 11, 0, tzinfo=UTC)),
        (NOON - timedelta(hours=5), datetime(2026, 11, 26, 11, 0, tzinfo=UTC)),
        (NOON - timedelta(hours=5, seconds=-1), datetime(2026, 11, 27, 11, 0, tzinfo=UTC)),
    ],
)
def test_the_reveal_is_the_next_evening_that_is_half_a_day_ahead(
    started: Instant, revealed: Instant
) -> None:
    campaign = demo_campaign(started)

    assert campaign.reveal_at == revealed
    assert campaign.opens_at - campaign.reveal_at == timedelta(hours=3)
    assert [(each.group_id, campaign.opens_at - each.opens_at) for each in campaign.groups] == [
        ("loyal", timedelta(hours=1)),
        ("priority", timedelta(minutes=30)),
    ]


def test_it_sells_what_nobody_sells_yet() -> None:
    launched = {model.code for model in demo_launch_catalogue().models}

    assert launched.isdisjoint(model.code for model in demo_catalogue().models)
    assert {model.model_line for model in demo_launch_catalogue().models} == {
        DEMO_LAUNCH_QUEUE.model_line
    }


def test_it_is_published_once_however_often_a_demo_starts() -> None:
    async def story() -> None:
        store = MemoryStore()
        campaigns = MemoryCampaigns(store, MemoryRooms())
        for start in range(3):
            now = NOON + timedelta(days=40 * start)
            await publish_demo_launch(store, campaigns, store, demo_terms(), now)

        (announced,) = await campaigns.campaigns()
        (offer,) = await store.offers()
        (codes,) = await campaigns.codes_by_group(DEMO_LAUNCH, never_over)
        assert announced.published_at == NOON
        assert announced.campaign == demo_campaign(NOON)
        assert offer.opens_at == announced.campaign.groups[0].opens_at
        assert (codes.group_id, codes.issued, codes.used) == ("priority", CODES, 0)

    asyncio.run(story())


def test_in_a_running_demo_the_countdown_can_be_read_and_the_price_cannot(demo: Running) -> None:
    shown = asked(f"{demo.url}/api/v1/campaigns/{DEMO_LAUNCH}")
    offers = asked(f"{demo.url}/api/v1/offers")

    assert shown["now"] < shown["reveal_at"] < shown["opens_at"]
    assert DEMO_LAUNCH_QUEUE.queue_id in str(shown)
    assert "309900" not in str(shown)
    assert "30990000" not in str(offers)
    assert demo_launch_catalogue().catalogue_hash not in str(offers)
