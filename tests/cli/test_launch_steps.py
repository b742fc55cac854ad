"""The steps of a draw by hand: foretold first, taken once, and checked from its public address.

Not here: checking a document itself (`test_launch.py`), the steps (`tests/desk/test_drawing.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from earnest.core.launch.admission import AdmissionKind, AdmissionRule
from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.room import Joining
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.demo.maker import LAUNCH_QUEUE, QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.desk.campaign_ports import Announcement
from earnest.desk.rooms import WaitingRooms
from earnest.gateways.clock import Clock
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import open_pool
from earnest.store.rooms import PostgresRooms
from tests.cli.calling import Terminal
from tests.demo.running import Running, running_demo

NOW = Clock().now()
HOUR = timedelta(hours=1)
RULE = AdmissionRule(
    kind=AdmissionKind.LOTTERY,
    joins_from=NOW - 2 * HOUR,
    joins_until=NOW - HOUR,
    per_minute=10,
    places=2,
    public_source="the index at its close",
)
DRAWN = Campaign(
    campaign_id=CampaignId("drawn"),
    version=1,
    queue_id=LAUNCH_QUEUE.queue_id,
    names={"en": "The launch", "zh-Hans": "开售"},
    opens_at=NOW + HOUR,
    reveal_at=NOW - 3 * HOUR,
    admission=RULE,
)
OPEN = msgspec.structs.replace(DRAWN, campaign_id=CampaignId("open"), admission=None)
SOON = msgspec.structs.replace(
    DRAWN,
    campaign_id=CampaignId("soon"),
    admission=msgspec.structs.replace(RULE, joins_until=None),
)
ROOM = msgspec.structs.replace(
    DRAWN,
    campaign_id=CampaignId("room"),
    admission=AdmissionRule(
        kind=AdmissionKind.FIRST_COME, joins_from=NOW - 2 * HOUR, per_minute=10
    ),
)
VALUE = ("--public-value", "3912.45")


async def published(url: str) -> None:
    """Launches whose entries are over, that are not drawn, that are still open, that have none."""
    async with await open_pool(url, size_min=1, size_max=2) as pool:
        terms, catalogue = demo_terms(), demo_catalogue()
        await PostgresStore(pool).publish(
            queues=(*QUEUES, LAUNCH_QUEUE),
            terms=terms,
            catalogue=catalogue,
            offers=demo_offers(terms, catalogue),
        )
        for each in (DRAWN, OPEN, SOON, ROOM):
            version = Announced(
                campaign=each, published_at=NOW - 3 * HOUR, published_by="staff:ida"
            )
            name = each.campaign_id
            wanted = Announcement(announced=version, key=name, content_hash=name)
            await PostgresCampaigns(pool).announce(wanted, lambda _: False)


async def joined(url: str) -> None:
    """Three buyers join the draw in time."""
    async with await open_pool(url, size_min=1, size_max=2) as pool:
        rooms = WaitingRooms(PostgresRooms(pool), lambda: [DRAWN])
        working = asyncio.create_task(rooms.run())
        for number in range(3):
            joining = Joining(
                buyer_id=BuyerId(f"{number:016}"), entry=f"e{number}", at=NOW - 1.5 * HOUR
            )
            await rooms.join(DRAWN.campaign_id, joining)
        working.cancel()


async def later(url: str) -> None:
    """The digest of the entries has stood long enough to be noted."""
    async with await open_pool(url, size_min=1, size_max=2) as pool:
        await PostgresStore(pool).move_clock(120)


KEYS_OF_THE_SERVERS = msgspec.json.encode(
    {
        "token_key": "the key of the servers, thirty-two bytes",
        "merchant_key": "a key of the merchant, thirty-two bytes",
        "provider_webhook_secret": "whsec_" + "QUFB" * 11,
        "webhook_secret": "whsec_" + "QUFB" * 11,
    }
)


@pytest.fixture
def url(fresh_database_url: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with these launches and without a server, named to every command."""
    assert isinstance(terminal, Terminal), "its environment is empty"
    asyncio.run(published(fresh_database_url))
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("EARNEST_TOKEN_KEY", "the key of the servers, thirty-two bytes")
    return fresh_database_url


def test_no_seed_is_committed_under_a_key_that_the_servers_do_not_have(
    terminal: Terminal, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert url
    monkeypatch.delenv("EARNEST_TOKEN_KEY")
    looked = terminal.run("launch", "show", "drawn", "--data", tmp_path)

    refused = terminal.run("launch", "commit-seed", "drawn", "--yes", "--data", tmp_path)

    assert (looked.code, refused.code, refused.out) == (0, 2, "")
    assert "Set EARNEST_TOKEN_KEY" in refused.err
    assert "[token_key_missing]" in refused.err
    assert not (tmp_path / "keys.json").exists()
    (tmp_path / "keys.json").write_bytes(KEYS_OF_THE_SERVERS)
    assert terminal.run("launch", "commit-seed", "drawn", "--data", tmp_path).code == 0


def test_every_step_is_foretold_taken_once_and_shown(
    terminal: Terminal, url: str, tmp_path: Path
) -> None:
    def ran(step: str, *more: str) -> str:
        found = terminal.run("launch", step, "drawn", *more, "--data", tmp_path)
        assert (found.code, found.err) == (0, "")
        return found.out

    assert "Next: earnest launch commit-seed drawn" in ran("show")
    foretold = ran("commit-seed")
    assert "Nothing was done: add --yes." in foretold
    assert "public_keys at /api/v1/campaigns/drawn/draw" in foretold
    assert ran("commit-seed") == foretold
    commitment = ran("commit-seed", "--yes").split()[-1].rstrip(".")
    assert commitment in foretold
    assert ran("commit-seed", "--yes").startswith("Done before: the seed of drawn")
    assert "Next: earnest launch close-entries drawn" in ran("show")
    asyncio.run(joined(url))

    assert "Afterwards 3 entries of drawn are fixed" in ran("close-entries")
    assert ran("close-entries", "--yes").startswith("Done: 3 entries of drawn are fixed by ")
    assert ran("close-entries").startswith("Done before: 3 entries")
    assert "Next: earnest launch reveal drawn --public-value VALUE" in ran("show")

    early = terminal.run("launch", "reveal", "drawn", *VALUE, "--data", tmp_path)
    assert (early.code, early.out) == (1, "")
    assert "[digest_stands]" in early.err
    asyncio.run(later(url))

    foretold = ran("reveal", *VALUE)
    assert 'Afterwards 3 entries of drawn are drawn with the public value "3912.45"' in foretold
    assert ran("reveal", *VALUE, "--yes").startswith("Done: 3 entries of drawn are drawn")
    again = ran("reveal", "--public-value", "another", "--yes")
    assert again.startswith("Done before: ")
    assert '"3912.45"' in again
    shown = ran("show")
    assert "2 places, 10 are let in each minute" in shown
    assert "mixed in: the index at its close" in shown
    assert "3 entries were drawn" in shown


def test_a_rule_without_places_and_source_names_none(
    terminal: Terminal, url: str, tmp_path: Path
) -> None:
    assert url
    shown = terminal.run("launch", "show", "room", "--data", tmp_path)

    assert (shown.code, shown.err) == (0, "")
    assert "first_come: 10 are let in each minute" in shown.out
    assert "mixed in" not in shown.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "none"), "campaign_unknown"),
        (("show", "open"), "nothing_to_draw"),
        (("commit-seed", "open", "--yes"), "nothing_to_draw"),
        (("close-entries", "drawn", "--yes"), "draw_not_committed"),
        (("reveal", "drawn", *VALUE, "--yes"), "draw_not_committed"),
        (("close-entries", "soon", "--yes"), "entries_open"),
    ],
)
def test_a_step_that_cannot_be_taken_says_what_comes_before_it(
    arguments: tuple[str, ...], code: str, terminal: Terminal, url: str, tmp_path: Path
) -> None:
    assert url
    ran = terminal.run("launch", *arguments, "--data", tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert f"[{code}]" in ran.err


# Beside a running demo ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def moved_demo() -> Iterator[Running]:
    """A demo of its own, because its time is moved forward."""
    with running_demo() as running:
        yield running


def document(folder: Path) -> Path:
    """A lottery that opens in an hour and whose public value nobody knows yet."""
    text = f"""\
id = "lottery"
version = 1
queue = "y7-launch-cn"
jurisdiction = "CN"
currency = "CNY"
names = {{ en = "The lottery", zh-Hans = "抽签" }}
reveal_at = {(NOW + HOUR / 2).isoformat()}
opens_at = {(NOW + HOUR).isoformat()}

[admission]
kind = "lottery"
joins_from = {(NOW - HOUR).isoformat()}
places = 1
per_minute = 6
public_source = "the index at its close"
"""
    file = folder / "lottery.toml"
    file.write_text(text, encoding="utf-8")
    return file


def known(demo: Running, path: str) -> dict[str, object]:
    """What the server shows once it knows a new campaign, which takes it some seconds."""
    for _ in range(600):
        try:
            found: dict[str, object] = demo.ask(path)
        except AssertionError:
            time.sleep(0.1)
        else:
            return found
    raise AssertionError(f"{path} was never known")


def test_a_draw_is_taken_through_its_course_beside_a_server_and_checked_from_its_address(
    terminal: Terminal, moved_demo: Running, tmp_path: Path
) -> None:
    here = ("--data", moved_demo.data)
    publish = ("campaign", "publish", document(tmp_path), "--as", "ida-terms", "--yes")
    assert terminal.run(*publish, *here).code == 0
    committed = terminal.run("launch", "commit-seed", "lottery", "--yes", *here).out
    shown = known(moved_demo, "/campaigns/lottery/draw")
    address = f"{moved_demo.url}/api/v1/campaigns/lottery/draw/document"
    early = terminal.run("launch", "verify-draw", address)
    assert early.code == 1
    assert "[draw_not_revealed]" in early.err
    assert terminal.run("demo", "--advance-hours", "1", *here).code == 0

    assert terminal.run("launch", "close-entries", "lottery", "--yes", *here).code == 0
    assert terminal.run("demo", "--advance-hours", "1", *here).code == 0
    missing = terminal.run("launch", "reveal", "lottery", "--yes", *here)
    assert (missing.code, "[public_value_missing]" in missing.err) == (1, True)
    assert terminal.run("launch", "reveal", "lottery", *VALUE, "--yes", *here).code == 0

    draw = shown["draw"]
    assert draw is None or isinstance(draw, dict)
    commitment = committed.split()[-1].rstrip(".")
    assert draw is None or draw["commitment"] == commitment
    checked = terminal.run("launch", "verify-draw", address, "--commitment", commitment)
    assert (checked.code, checked.err) == (0, "")
    assert "holds. Seed and 0 entries of lottery give this order." in checked.out
    assert "the first 1 of the order are let in" in checked.out
