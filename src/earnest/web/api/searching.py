"""GET /search and /work: what the office looks for, and what waits for it.

A name, a telephone number or an address is personal, so only those who handle buyers may search by
it. Not here: walking all orders (`orders.py`), which needs none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.actor import Role
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.order.work import Work, WorkKind, work_of
from earnest.core.settlement.refund_clock import REFUND_RULES
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.values.ids import OrderId, QueueId, vin_is_valid
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.sights import Seen, SightKind
from earnest.desk.views import BuyerProfile, OrderFilter
from earnest.web.api.order_shown import OrderLine, order_line
from earnest.web.finding import key_of, order_asked_for, page_of_orders
from earnest.web.house import House
from earnest.web.identity import Access, looks_like_id
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Name

HANDLES_BUYERS = frozenset({Role.SALES, Role.FINANCE, Role.DELIVERY})
"""Staff who talk to buyers and so may know who they are; planning builds cars without it."""

MOST_BUYERS = 50
MOST_ON_A_PAGE = 200
MOST_WORK = 500


class SearchAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for: an order's number, a VIN, a name, a telephone number, an address.

    Without a text, every order that fits the rest, page by page.
    """

    text: Annotated[str, Meta(max_length=200)] = ""
    stage: Stage | None = None
    queue_id: Name | None = None
    cursor: Annotated[str, Meta(max_length=200)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ON_A_PAGE)] = 50


class WorkAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many orders with work to look at, the soonest first."""

    limit: Annotated[int, Meta(ge=1, le=MOST_WORK)] = 100


async def search_orders(house: House, asked: Asked, wanted: SearchAsked) -> Reply:  # noqa: ARG001 - as all
    """The orders that fit, each with whose it is."""
    text = " ".join(wanted.text.split())
    if text:
        found = [
            order
            for order in await _with_text(house, text, wanted.limit)
            if wanted.stage in {None, order.stage} and wanted.queue_id in {None, order.queue_id}
        ]
        return await _found(house, found, None)
    fitting = OrderFilter(
        stage=wanted.stage,
        queue_id=None if wanted.queue_id is None else QueueId(wanted.queue_id),
    )
    page, after = await page_of_orders(house, fitting, wanted.cursor, wanted.limit)
    return await _found(house, page, after)


async def _found(house: House, orders: Sequence[Order], after: str | None) -> Reply:
    """A page of orders with whose they are; those without a known buyer show nobody."""
    profiles = await house.register.buyers(list({order.buyer_id for order in orders}))
    known = {each.buyer_id: each for each in profiles}
    found = tuple(
        FoundOrder(order=order_line(order), buyer=_buyer(known.get(order.buyer_id)))
        for order in orders
    )
    keys = tuple(key_of(order) for order in orders if order.buyer_id in known)
    seen = (Seen(kind=SightKind.FOUND, of=keys),) if keys else ()
    return Reply(value=FoundOrders(orders=found, next_cursor=after), seen=seen)


async def _with_text(house: House, text: str, limit: int) -> Sequence[Order]:
    """Orders by the most exact thing that the text can be."""
    if looks_like_id(text):
        order = await house.reader.order_by_id(OrderId(text))
        if order is not None:
            return [order]
    if vin_is_valid(text.upper()):
        return await house.reader.orders(OrderFilter(vin=text.upper()), None, limit)
    buyers = await house.register.find_buyers(text, MOST_BUYERS)
    return await house.reader.orders_of([each.buyer_id for each in buyers], limit)


async def show_buyer(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Who ordered, and how to reach them."""
    order = await order_asked_for(house, asked)
    profile = await house.register.buyer(order.buyer_id)
    seen = () if profile is None else (Seen(kind=SightKind.BUYER, of=(key_of(order),)),)
    return Reply(value=_buyer(profile), seen=seen)


async def list_work(house: House, asked: Asked, wanted: WorkAsked) -> Reply:
    """What waits for somebody: cases, requests, releases, refunds, the soonest first."""
    found = [
        (work, order)
        for order in await house.reader.orders_with_work(wanted.limit)
        for work in work_of(order)
        if not _waits(work, order, asked.received_at)
    ]
    found.sort(key=lambda each: (each[0].due_at, each[1].order_id))
    shown = [
        WorkShown(
            kind=work.kind,
            work=work,
            is_overdue=work.due_at <= asked.received_at,
            order=order_line(order),
            rule=await _rule(house, work, order),
        )
        for work, order in found
    ]
    return Reply(value=WorkList(work=tuple(shown)))


def _waits(work: Work, order: Order, at: Instant) -> bool:
    """Whether this cannot be done yet, because the sum may still go back to the buyer."""
    forfeiture = order.forfeiture if work.kind is WorkKind.RELEASE_FORFEITURE else None
    return forfeiture is not None and forfeiture.may_come_back(at)


async def _rule(house: House, work: Work, order: Order) -> str:
    """The rule of the order's own law that limits the clock of a refund; empty for other work."""
    if work.kind is not WorkKind.REFUND:
        return ""
    policy = (await house.desk.library.facts_to_read(order)).policy
    return REFUND_RULES.get(Jurisdiction(policy.jurisdiction), "")


class BuyerShown(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is. Everything is empty for a buyer who was erased or never registered."""

    name: str = ""
    email: str | None = None
    phone: str | None = None
    language: str | None = None


class FoundOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order with whose it is."""

    order: OrderLine
    buyer: BuyerShown


class FoundOrders(msgspec.Struct, frozen=True, kw_only=True):
    """The orders that were found.

    `next_cursor` is null on the last page; one before it may be short or empty.
    """

    orders: tuple[FoundOrder, ...]
    next_cursor: str | None


class WorkShown(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, and for which order.

    `rule` limits the clock of a refund by law, beside the days of the
    order's own terms; it is empty for other work, and where no rule of that law names the limit.
    """

    kind: WorkKind
    work: Work
    is_overdue: bool
    order: OrderLine
    rule: str = ""


class WorkList(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that waits, the soonest first."""

    work: tuple[WorkShown, ...]


def _buyer(profile: BuyerProfile | None) -> BuyerShown:
    if profile is None:
        return BuyerShown()
    return BuyerShown(
        name=profile.name,
        email=profile.email,
        phone=profile.phone,
        language=profile.language,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/search",
            operation="searchOrders",
            summary="Orders by number, VIN, name, telephone or address, with whose they are.",
            description="A name is found by its beginning, a telephone number by its last digits "
            "(four at least), an address whole.",
            tag="office",
            access=Access.OFFICE,
            roles=HANDLES_BUYERS,
            takes=SearchAsked,
            handler=search_orders,
            gives=FoundOrders,
        ),
        Route(
            method="GET",
            path="/work",
            operation="listWork",
            summary="What waits for the office: cases, deferral requests, second persons, refunds.",
            tag="office",
            access=Access.OFFICE,
            roles=HANDLES_BUYERS,
            takes=WorkAsked,
            handler=list_work,
            gives=WorkList,
        ),
        Route(
            method="GET",
            path="/orders/{order_id}/buyer",
            operation="showBuyer",
            summary="Who ordered, and how to reach them.",
            tag="office",
            access=Access.OFFICE,
            roles=HANDLES_BUYERS,
            takes=NoInput,
            handler=show_buyer,
            gives=BuyerShown,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
    ]
