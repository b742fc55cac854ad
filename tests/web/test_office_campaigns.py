"""Campaigns in the office: drafted, announced, a refused change, codes handed out once, a report.

Not here: what may be announced (`tests/core/test_announcing.py`) and the doors of the API
(`test_campaigns.py`).
"""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re

from earnest.web.figures import FiguresKeeper
from tests.web.browsing import Browser
from tests.web.maker import world
from tests.web.test_campaigns import DOCUMENT, OPENS, announced, reserve
from tests.web.test_office import staff

ROOM = "/office/campaigns"


async def read(who: Browser, path: str) -> str:
    told = await who.get(path)
    assert told.status == 200, told
    return told.body.decode()


def document_in(page: str) -> str:
    """The document as it stands in the field."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_a_campaign_is_drafted_announced_and_changed_without_taking_away() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            ida = staff(here, "terms_editor", name="ida")
            assert f'href="{ROOM}/launch"' in await read(ida, ROOM)
            path = f"{ROOM}/draft?from=launch"
            text = document_in(await read(ida, path))
            assert text == DOCUMENT.lstrip("\n").replace("version = 1", "version = 2") or (
                text.strip() == DOCUMENT.replace("version = 1", "version = 2").strip()
            )
            here.pass_time(hours=3)

            poorer = text.replace("quota = 10", "quota = 9")
            checked = await ida.send(path, {"form": "draft", "deed": "check", "document": poorer})
            assert (checked.status, b'data-code="quota_taken_away"' in checked.body) == (200, True)
            refused = await ida.send(
                path, {"form": "draft", "deed": "announce", "document": poorer, "key": "a"}
            )
            assert refused.status == 409
            assert b'data-code="quota_taken_away"' in refused.body
            assert b"quota = 9" in refused.body

            richer = text.replace("quota = 10", "quota = 20")
            checked = await ida.send(path, {"form": "draft", "deed": "check", "document": richer})
            assert b"benefits.wheels.quota" in checked.body
            done = await ida.send(
                path, {"form": "draft", "deed": "announce", "document": richer, "key": "b"}
            )
            assert (done.status, done.headers["location"]) == (303, f"{ROOM}/launch")
            page = await read(staff(here, "planning"), f"{ROOM}/launch")
            assert "<del>10</del> → <ins>20</ins>" in page
            assert "0 used, 20 left of 20" in page
            assert "draft?from=launch" not in page
            faulty = await ida.send(path, {"form": "draft", "deed": "check", "document": "id = 1"})
            assert b"the document says nothing yet" in faulty.body

    asyncio.run(story())


def test_codes_are_shown_once_kept_as_a_file_listed_by_state_and_taken_back() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            path = f"{ROOM}/launch/codes"
            chen = staff(here, "sales", name="chen")
            assert b"There are none in this state." in (await chen.get(path)).body
            until = OPENS.strftime("%Y-%m-%dT%H:%M+00:00")
            wanted = {"group_id": "vip", "count": "3", "valid_until": until, "buyer_ids": ""}

            made = await chen.send(path, {"form": "issue", "key": "batch", **wanted})
            assert made.status == 200
            batch = re.search(rb'name="batch" value="([^"]+)"', made.body)
            assert batch is not None
            kept = await chen.send(path, {"form": "keep", "batch": batch[1].decode(), **wanted})
            rows = list(csv.DictReader(io.StringIO(kept.body.decode())))
            assert kept.headers["content-disposition"] == 'attachment; filename="codes-launch.csv"'
            assert [row["code"] in made.body.decode() for row in rows] == [True] * 3
            page = await read(chen, path)
            assert [row["code"] in page for row in rows] == [False] * 3

            more = await chen.send(path, {"form": "issue", "key": "more", **wanted})
            assert b'data-code="codes_exceed_quota"' in more.body
            first, second = rows[0]["code_id"], rows[1]["code_id"]
            done = await chen.send(path, {"form": "revoke", "code_id": [first, second]})
            assert done.status == 303
            listed = await read(chen, f"{path}?state=revoked")
            assert (first in listed, rows[2]["code_id"] in listed) == (True, False)

            here.pass_time(hours=2)
            told = await reserve(here, code=rows[0]["code"])
            assert (told.status, told.json.get("code")) == (409, "code_revoked"), told

    asyncio.run(story())


def test_the_report_tells_what_came_through_each_channel_and_goes_into_a_file() -> None:
    async def story() -> None:
        async with world() as here:
            await announced(here)
            chen, anna = staff(here, "sales", name="chen"), Browser(here)
            path = f"{ROOM}/launch/report"
            assert "Nobody has come yet." in await read(chen, path)

            for channel in ("live", "live", "made-up", ""):
                await anna.get(f"/launch/launch?channel={channel}")
            await anna.get("/launch/launch?channel=live", sec_fetch_dest="empty")
            await FiguresKeeper(here.house, "one:1").write()
            assert here.house.counts.looks == {}
            assert "<svg class=" not in await read(chen, path)
            here.pass_time(hours=3)
            assert (await reserve(here, channel="live")).status == 201

            page = await read(chen, path)
            report = (await here.staff("sales").get("/api/v1/campaigns/launch/report")).json
            assert report["looks"] == {"": 2, "live": 2}
            assert '<svg class="chart"' in page
            file = await chen.get(f"{path}.csv")
            assert (
                file.headers["content-disposition"] == 'attachment; filename="campaign-launch.csv"'
            )
            assert file.body.decode().splitlines()[1:] == [
                "live,,,1,0,0,0,0,0,0.00,CNY",
                "",
                "channel,looked",
                ",2",
                "live,2",
            ]
            assert (await staff(here, "planning").get(path)).status == 403

    asyncio.run(story())
