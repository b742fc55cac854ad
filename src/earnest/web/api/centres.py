"""/centres and the times of an order: where cars are handed over, and when one can come.

Not here: choosing a centre and booking a time, which are commands (`commands.py`), and what a
centre sees of its days (`centre_days.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.actor import Role
from earnest.core.order.centre import DAYS_AHEAD, Centre, FreeTime, faulty_field
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.centres import KeptCentre
from earnest.web.finding import order_asked_for
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

KEEPERS = frozenset({Role.DELIVERY})
"""Who says when a centre is open and how many bays it has."""


class CentresShown(msgspec.Struct, frozen=True, kw_only=True):
    """Every centre, by id. One without hours takes no appointments any more."""

    centres: tuple[Centre, ...]


class CentreShown(msgspec.Struct, frozen=True, kw_only=True):
    """A centre as it is kept now, who changed it last, and when."""

    centre: Centre
    changed_by: str
    changed_at: Instant


class TimesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days ahead to look."""

    days: Annotated[int, Meta(ge=1, le=DAYS_AHEAD)] = 14


class AppointmentTimes(msgspec.Struct, frozen=True, kw_only=True):
    """The free times at the centre of an order, the soonest first; none before one is chosen.

    Times are free as of now: until one is booked, somebody else can take it.
    """

    centre: Centre | None
    times: tuple[FreeTime, ...]


async def list_centres(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Where cars are handed over."""
    kept = await house.centres.centres()
    return Reply(value=CentresShown(centres=tuple(each.centre for each in kept)))


async def keep_centre(house: House, asked: Asked, centre: Centre) -> Reply:
    """Add a centre, or replace what is known of it. The same again changes nothing."""
    field = "centre_id" if centre.centre_id != asked.path["centre_id"] else faulty_field(centre)
    if field is not None:
        raise TurnedAway(Reason.CENTRE_MALFORMED, {"field": field})
    kept = KeptCentre(
        centre=centre, changed_by=asked.by.actor.actor_id, changed_at=asked.received_at
    )
    rejected = await house.centres.keep(kept)
    if rejected is not None:
        raise TurnedAway(rejected.reason, rejected.details)
    return Reply(
        value=CentreShown(centre=centre, changed_by=kept.changed_by, changed_at=kept.changed_at)
    )


async def list_times(house: House, asked: Asked, wanted: TimesAsked) -> Reply:
    """When the buyer of an order can come; a time that it booked itself is not free any more."""
    order = await order_asked_for(house, asked)
    at = asked.received_at
    standing = None
    if order.centre_id is not None:
        standing = await house.centres.standing(order.centre_id, at)
    times = () if standing is None else tuple(standing.free_times(at, wanted.days))
    shown = AppointmentTimes(centre=None if standing is None else standing.centre, times=times)
    return Reply(value=shown)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/centres",
            operation="listCentres",
            summary="Where cars are inspected and handed over, with hours and bays.",
            tag="delivery",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=list_centres,
            gives=CentresShown,
        ),
        Route(
            method="PUT",
            path="/centres/{centre_id}",
            operation="keepCentre",
            summary="Add a delivery centre, or replace what is known of it.",
            description="The whole centre. Appointments that were booked stay as they are, so a "
            "bay cannot go while somebody comes to it. Without hours a centre is closed.",
            tag="delivery",
            access=Access.ACTORS,
            roles=KEEPERS,
            takes=Centre,
            handler=keep_centre,
            gives=CentreShown,
            codes=(Reason.CENTRE_MALFORMED, Reason.CENTRE_BOOKED),
        ),
        Route(
            method="GET",
            path="/orders/{order_id}/appointment-times",
            operation="listAppointmentTimes",
            summary="The free times at the delivery centre of an order.",
            tag="delivery",
            access=Access.READERS,
            takes=TimesAsked,
            handler=list_times,
            gives=AppointmentTimes,
            codes=(Reason.ORDER_UNKNOWN,),
        ),
    ]
