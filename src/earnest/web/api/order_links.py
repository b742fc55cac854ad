"""GET, POST and DELETE /orders/{order_id}/link: the secret link that shows an order to read.

An order has one link at most. It ends by itself; a new one takes the place of the one before, and
taking it back closes it at once. Not here: what it shows (`web/pages/doors.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.conversing import OrderLink
from earnest.desk.ports import OrderKey
from earnest.people.seals import new_link_nonce
from earnest.web.finding import key_of, order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.route import Asked, NoInput, Reply, Route

LINK_LASTS = timedelta(days=30)
"""How long a link shows its order."""

SAME_AGAIN = timedelta(minutes=1)
"""Asked for again so soon, the same link is given: a double click makes one link and one mail."""


class LinkAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the link is mailed to the buyer's own address; it is never sent anywhere else."""

    mail: bool = True


async def show_link(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The link in force, if there is one."""
    key = key_of(await order_asked_for(house, asked))
    return Reply(value=_shown(house, key, await house.links.link(key), asked.received_at))


async def make_link(house: House, asked: Asked, wanted: LinkAsked) -> Reply:
    """Make a link in place of the one before."""
    key, now = key_of(await order_asked_for(house, asked)), asked.received_at
    known = await house.links.link(key)
    if known is not None and now < known.made_at + SAME_AGAIN:
        return Reply(value=_shown(house, key, known, now), status=201)
    link = OrderLink(nonce=new_link_nonce(), made_at=now, ends_at=now + LINK_LASTS)
    await house.links.put(key, link, is_mailed=wanted.mail)
    return Reply(value=_shown(house, key, link, now), status=201)


async def drop_link(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Take the link back; it can be repeated."""
    key = key_of(await order_asked_for(house, asked))
    await house.links.drop(key)
    return Reply(value=_shown(house, key, None, asked.received_at))


class LinkShown(msgspec.Struct, frozen=True, kw_only=True):
    """The link of an order. Without one in force, address and instants are None."""

    order_id: OrderId
    address: str | None
    made_at: Instant | None
    ends_at: Instant | None


def _shown(house: House, key: OrderKey, link: OrderLink | None, at: Instant) -> LinkShown:
    if link is None or not link.is_open(at):
        return LinkShown(order_id=key.order_id, address=None, made_at=None, ends_at=None)
    address = f"{house.settings.public_url}/o/{house.seals.link_of(key, link.nonce)}"
    return LinkShown(
        order_id=key.order_id, address=address, made_at=link.made_at, ends_at=link.ends_at
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    common: dict[str, Any] = {
        "path": "/orders/{order_id}/link",
        "tag": "orders",
        "access": Access.BUYER,
        "gives": LinkShown,
        "codes": (Reason.ORDER_UNKNOWN,),
    }
    return [
        Route(
            method="GET",
            operation="showOrderLink",
            summary="The secret link that shows the order to read, if there is one.",
            takes=NoInput,
            handler=show_link,
            **common,
        ),
        Route(
            method="POST",
            operation="makeOrderLink",
            summary="Make a secret link, in place of the one before, and mail it to the buyer.",
            description=(
                "It shows the order for thirty days to whoever has it, and lets nobody act. Asked "
                "for again within a minute, the same link is given."
            ),
            takes=LinkAsked,
            handler=make_link,
            status=201,
            **common,
        ),
        Route(
            method="DELETE",
            operation="dropOrderLink",
            summary="Take the secret link back: it opens nothing from now on.",
            takes=NoInput,
            handler=drop_link,
            **common,
        ),
    ]
