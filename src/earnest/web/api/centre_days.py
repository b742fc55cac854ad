"""GET /centres/{centre_id}/days: what a delivery centre sees: appointments, cars, what is missing.

Not here: doing anything about it, which are commands (`commands.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.centre import Centre
from earnest.core.order.effective import effective_policy
from earnest.core.order.parts import PreparationFact
from earnest.core.order.preparing import preparation_of
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import CentreId, OrderId
from earnest.core.values.instant import Instant, Window, midnight
from earnest.core.values.reason import Reason
from earnest.desk.handover_queue import Lack, lacking, missing_documents
from earnest.desk.sights import Seen, SightKind
from earnest.web.api.centres import KEEPERS
from earnest.web.finding import key_of
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route

MOST_VISITS = 500
"""Orders of a centre that are shown at most; those with appointments come first."""

MOST_DAYS = 14


class DaysAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which local day on (today without one), and how many days."""

    day: date | None = None
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = 1


class CentreVisit(msgspec.Struct, frozen=True, kw_only=True):
    """An order of a centre: car, window, appointment with its bay, and what is still missing.

    `missed` are appointments of this tender to which nobody came: that alone is never a default.
    `is_demanded` says whether the balance was asked for.
    """

    order_id: OrderId
    buyer_name: str
    stage: Stage
    sequence: int
    model: str
    vin: str | None
    promise: Window
    appointment: Window | None
    bay: int | None
    missed: tuple[Window, ...]
    preparation: PreparationFact | None
    is_demanded: bool
    missing_documents: tuple[str, ...]
    lacks: tuple[Lack, ...]


class CentreDays(msgspec.Struct, frozen=True, kw_only=True):
    """The days of a centre: the times of each, and everybody who comes or whose car does."""

    centre: Centre
    begins: Instant
    ends: Instant
    times: tuple[Window, ...]
    visits: tuple[CentreVisit, ...]


async def show_days(house: House, asked: Asked, wanted: DaysAsked) -> Reply:
    """Some days of a centre, with every car that is on its way to it or stands there."""
    at = asked.received_at
    standing = await house.centres.standing(CentreId(asked.path["centre_id"]), at)
    if standing is None:
        raise TurnedAway(Reason.CENTRE_UNKNOWN)
    centre = standing.centre
    first = wanted.day or centre.day_of(at)
    days = [first + timedelta(days=ahead) for ahead in range(wanted.days)]
    zone = centre.time_zone
    seen = Window(midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone))
    orders = await house.centres.orders_at(centre.centre_id, seen, MOST_VISITS)
    keys = tuple(key_of(order) for order in orders)
    return Reply(
        seen=(Seen(kind=SightKind.APPOINTMENTS, of=keys),) if keys else (),
        value=CentreDays(
            centre=centre,
            begins=seen.begins,
            ends=seen.ends,
            times=tuple(window for day in days for window in centre.times_on(day)),
            visits=await _visits(house, orders, at),
        ),
    )


async def _visits(house: House, orders: Sequence[Order], at: Instant) -> tuple[CentreVisit, ...]:
    profiles = await house.register.buyers(list({order.buyer_id for order in orders}))
    names = {each.buyer_id: each.name for each in profiles}
    return tuple(
        [await _visit(house, order, names.get(order.buyer_id, ""), at) for order in orders]
    )


async def _visit(house: House, order: Order, name: str, at: Instant) -> CentreVisit:
    facts = await house.desk.library.facts_to_read(order)
    policy = effective_policy(order, facts, at)
    tender = order.tender
    return CentreVisit(
        order_id=order.order_id,
        buyer_name=name,
        stage=order.stage,
        sequence=order.sequence,
        model=order.configuration.model,
        vin=None if order.car is None else order.car.vin,
        promise=order.promise,
        appointment=None if tender is None else tender.appointment,
        bay=None if tender is None else tender.bay,
        missed=() if tender is None else tender.missed,
        preparation=preparation_of(order),
        is_demanded=order.balance_demand is not None,
        missing_documents=missing_documents(order, policy),
        lacks=lacking(order, policy),
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/centres/{centre_id}/days",
            operation="showCentreDays",
            summary="Some days of a delivery centre: appointments by bay, cars, what is missing.",
            tag="delivery",
            access=Access.OFFICE,
            roles=KEEPERS,
            takes=DaysAsked,
            handler=show_days,
            gives=CentreDays,
            codes=(Reason.CENTRE_UNKNOWN,),
        )
    ]
