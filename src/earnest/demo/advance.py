"""Moving the time of a demo forward, at Earnest and at its payment provider alike.

Not here: what falls due then.
"""

from __future__ import annotations

from datetime import datetime

import aiohttp

from earnest.demo.stage import DemoFile


class ClockRefused(Exception):
    """The demo or its provider would not move its clock; the message is its answer."""


async def advance_demo(file: DemoFile, seconds: int) -> datetime:
    """Move both clocks by a number of seconds and return the demo's new present.

    The provider goes first, so that nothing is ever paid in Earnest's future. Raises
    `ClockRefused`.
    """
    admin = {"authorization": f"Bearer {file.tokens['admin']}"}
    async with aiohttp.ClientSession() as session:
        clock = await _asked(session, "GET", f"{file.url}/api/v1/demo/clock", admin, None)
        offset = int(clock["offset_seconds"]) + seconds
        await _asked(
            session,
            "POST",
            f"{file.sandbox_url}/api/clock",
            {},
            {"offset_seconds": offset},
        )
        moved = await _asked(
            session,
            "POST",
            f"{file.url}/api/v1/demo/clock",
            admin,
            {"advance_seconds": seconds},
        )
    return datetime.fromisoformat(str(moved["now"]))


async def _asked(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: dict[str, str],
    body: dict[str, int] | None,
) -> dict[str, str | int]:
    async with session.request(method, url, headers=headers, json=body) as answer:
        if not answer.ok:
            raise ClockRefused(f"{url} answered {answer.status}: {await answer.text()}")
        content: dict[str, str | int] = await answer.json()
        return content
