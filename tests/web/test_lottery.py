"""A lottery of an edition through the doors: proofs, the draw, and places that rise.

Not here: slots and times (`tests/core/test_places_raised.py`) and launches by arrival
(`test_waiting_room.py`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec

from earnest.core.launch.admission import DIGEST_STANDS, AdmissionKind, AdmissionRule
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.draw import DrawDocument, verify
from earnest.core.launch.edition import Edition, Proof
from earnest.core.values.ids import CampaignId, QueueId
from earnest.desk.campaigns import Circumstances, Draft, publish_campaign
from earnest.desk.publishing import Act
from tests.web.browsing import Browser, signed_in
from tests.web.maker import OPENED, World, world
from tests.web.test_waiting_room import asked, steps

LAUNCH = "/api/v1/campaigns/launch"
ROOM = f"{LAUNCH}/waiting-room"
HOUR = timedelta(hours=1)
NUMBERS = {
    "a": "110101199001010015",
    "b": "110101199001010023",
    "c": "110101199001010031",
    "second": "110101199001010015",
}
"""Two of these accounts are of one person."""

RULE = AdmissionRule(
    kind=AdmissionKind.LOTTERY,
    joins_from=OPENED,
    joins_until=OPENED + HOUR,
    per_minute=60,
    places=1,
)
FIRST = Campaign(
    campaign_id=CampaignId("launch"),
    version=1,
    queue_id=QueueId("s7-cn"),
    names={"en": "The launch", "zh-Hans": "开售"},
    opens_at=OPENED + 2 * HOUR,
    reveal_at=OPENED,
    edition=Edition(units=2, per_person=1, proof=Proof.IDENTITY_NUMBER),
    admission=RULE,
)


async def published(here: World, campaign: Campaign) -> None:
    key = f"v{campaign.version}"
    act = Act(actor_id="staff:lin", key=key, content_hash=key, received_at=here.clock.now())
    around = Circumstances(offers=[])
    found = await publish_campaign(
        here.house.campaigns, here.house.shelf, act, Draft(campaign=campaign), around
    )
    assert hasattr(found, "announced"), found
    await here.desk.library.refresh_offers()
    await steps(here)


async def proven(here: World, name: str) -> None:
    number = {"name": "王", "number": NUMBERS[name]}
    told = await here.buyer(name).post("/api/v1/people/me/proofs/identity-number", number)
    assert told.status == 200, told.body


async def drawn(here: World) -> dict[int, str]:
    """Three persons enter; who has which slot, after the draw."""
    await published(here, FIRST)
    for name in NUMBERS:
        assert (await here.buyer(name).post(ROOM)).code == "person_unverified"
        await proven(here, name)
    for name in ("a", "b", "c"):
        assert (await here.buyer(name).post(ROOM)).status == 200
    assert (await here.buyer("second").post(ROOM)).code == "person_entered"
    assert (await here.buyer("a").post(ROOM)).json["number"] == 1
    here.pass_time(hours=1, seconds=2)
    await steps(here)
    shown = (await here.anybody().get(f"{LAUNCH}/draw")).json
    assert (shown["draw"]["entries"], "seed" in shown["draw"]) == (3, False)
    here.pass_time(seconds=int(DIGEST_STANDS.total_seconds()))
    await steps(here)
    after = (await here.anybody().get(f"{LAUNCH}/draw")).json
    assert after["draw"]["entries_digest"] == shown["draw"]["entries_digest"]
    assert after["draw"]["revealed_at"] == shown["seed_not_before"]
    places = {name: (await here.buyer(name).get(ROOM)).json for name in ("a", "b", "c")}
    return {each["slot"]: name for name, each in places.items()}


async def document(here: World) -> DrawDocument:
    whole = await here.anybody().get(f"{LAUNCH}/draw/document")
    return msgspec.json.decode(whole.body, type=DrawDocument)


async def sold_on_when_a_winner_does_not_come(here: World) -> None:
    """A later version lets in the next of the same order, and the draw stays true."""
    slots = await drawn(here)
    before = await document(here)
    winner, second = here.buyer(slots[1]), here.buyer(slots[2])
    here.pass_time(hours=2)
    over = (await winner.get(ROOM)).json
    assert (over["is_over"], over["admission"]) == (True, None)
    told = await winner.post(ROOM)
    assert (told.status, told.code) == (409, "drawn_turn_over")
    assert (await second.get(ROOM)).json["admission"] is None

    more = msgspec.structs.replace(RULE, places=2)
    await published(here, msgspec.structs.replace(FIRST, version=2, admission=more))

    let_in = (await second.get(ROOM)).json
    assert (let_in["is_over"], let_in["ahead"]) == (False, 0)
    assert await asked(here, slots[2], let_in["admission"]) == "201"
    assert (await here.buyer(slots[3]).get(ROOM)).json["admission"] is None
    rule = (await here.anybody().get(f"{LAUNCH}/draw")).json["rule"]
    assert [each["before"] for each in rule["raised"]] == [1]
    after = await document(here)
    assert (verify(after), before.places, after.places) == ((), 1, 2)
    assert msgspec.structs.replace(after, places=1) == before
    edition = (await here.anybody().get(LAUNCH)).json["edition"]
    assert (edition["left"], edition["set_aside"], edition["waiting"]) == (1, [], 0)


STORIES = (sold_on_when_a_winner_does_not_come,)
"""Told here in memory, and on PostgreSQL in `test_on_postgres.py`."""


def test_an_edition_is_sold_on_when_a_winner_does_not_come() -> None:
    async def story() -> None:
        async with world() as here:
            await sold_on_when_a_winner_does_not_come(here)
            news = [each for each in here.memory.tables.messages if each.subject == "launch"]
            assert [each.sequence for each in news] == [2, 2, 2]

    asyncio.run(story())


def test_the_page_shows_the_rule_to_everybody_at_every_step() -> None:
    async def story() -> None:
        async with world() as here:
            await published(here, FIRST)
            nobody, anna = Browser(here), await signed_in(here)

            async def page(who: Browser = nobody) -> str:
                return (await who.get("/launch/launch")).body.decode()

            def holds(text: str) -> None:
                for words in ("Lottery", "1 place is given", "One person has one entry"):
                    assert words in text
                assert "no public source" in text
                assert "Cars of this edition" in text

            before = await page()
            holds(before)
            assert "Sign in to join" in before
            assert "shown no sooner than" in before
            assert "Show who you are, then join" in await page(anna)
            here.pass_time(hours=1, seconds=2)
            await steps(here)
            closed = await page()
            holds(closed)
            draw = (await here.anybody().get(f"{LAUNCH}/draw")).json["draw"]
            assert draw["entries_digest"] in closed
            assert "It cannot be joined any more." in closed
            assert "verify-draw" not in closed
            here.pass_time(minutes=1)
            await steps(here)
            shown = await page()
            holds(shown)
            draw = (await here.anybody().get(f"{LAUNCH}/draw")).json["draw"]
            assert draw["seed"] in shown
            assert f"--entries-digest {draw['entries_digest']}" in shown
            assert f"{LAUNCH}/draw/document" in shown

    asyncio.run(story())
