"""The order that a secret link shows: reading the link, and whether it is in force.

Not here: making and taking back a link (`api/order_links.py`), and the cookie that keeps it.
"""

from __future__ import annotations

from earnest.core.values.instant import Instant
from earnest.desk.ports import OrderKey
from earnest.people.seals import LinkForged
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.problems import TurnedAway


async def order_shown_by(house: House, link: str, at: Instant) -> OrderKey:
    """Which order a link shows at this instant.

    Raises `TurnedAway`: `link_unknown` for a text that is none of ours, `link_over` for a link
    that ended, was replaced or was taken back.
    """
    try:
        key, nonce = house.seals.read_link(link)
    except LinkForged as error:
        raise TurnedAway(DoorCode.LINK_UNKNOWN) from error
    kept = await house.links.link(key)
    if kept is None or kept.nonce != nonce or not kept.is_open(at):
        raise TurnedAway(DoorCode.LINK_OVER)
    return key
