"""The time of a demo: asking for it, and moving it forward at Earnest and its provider alike.

Not here: what falls due then.
"""

from __future__ import annotations

from datetime import datetime

import aiohttp

from earnest.demo.stage import DemoFile, DemoNotRunning


class ClockRefused(Exception):
    """The demo or its provider would not move its clock; the message is its answer."""


async def present_of_demo(file: DemoFile) -> datetime:
    """The demo's present. Raises `DemoNotRunning` and `ClockRefused`."""
    async with aiohttp.ClientSession() as session:
        clock = await _asked(session, "GET", f"{file.url}/api/v1/demo/clock", _admin(file), None)
    return datetime.fromisoformat(str(clock["now"]))


async def advance_demo(file: DemoFile, seconds: int) -> datetime:
    """Move both clocks by a number of seconds and return the demo's new present.

    The provider goes first, so that nothing is ever paid in Earnest's future. Raises
    `DemoNotRunning` and `ClockRefused`.
    """
    async with aiohttp.ClientSession() as session:
        address = f"{file.url}/api/v1/demo/clock"
        clock = await _asked(session, "GET", address, _admin(file), None)
        offset = {"offset_seconds": int(clock["offset_seconds"]) + seconds}
        await _asked(session, "POST", f"{file.sandbox_url}/api/clock", {}, offset)
        step = {"advance_seconds": seconds}
        moved = await _asked(session, "POST", address, _admin(file), step)
    return datetime.fromisoformat(str(moved["now"]))


def _admin(file: DemoFile) -> dict[str, str]:
    return {"authorization": f"Bearer {file.tokens['admin']}"}


async def _asked(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: dict[str, str],
    body: dict[str, int] | None,
) -> dict[str, str | int]:
    try:
        async with session.request(method, url, headers=headers, json=body) as answer:
            if not answer.ok:
                raise ClockRefused(f"{url} answered {answer.status}: {await answer.text()}")
            content: dict[str, str | int] = await answer.json()
            return content
    except aiohttp.ClientConnectionError as error:
        raise DemoNotRunning(
            f"The demo does not answer at {url}. Start it again with `earnest serve --demo` and "
            "the same --data and --port. [demo_not_running]"
        ) from error
