"""Delivery centres beside the desk's path, and their bays inside one group of commands.

Whoever books a bay has locked its centre, so a bay is never given twice; what an order frees is
free in the same commit. Not here: which times there are (`core/order/centre.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from earnest.core.order.centre import BayTaken, Centre, CentreStanding, Delivery
from earnest.core.order.commands import BookAppointment, Command, Ship, Tender
from earnest.core.order.commands_of_delivery import ChooseCentre
from earnest.core.order.facts import Facts
from earnest.core.order.stage import EXITS
from earnest.core.order.state import Order
from earnest.core.values.ids import CentreId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.outcome import Rejected
from earnest.desk.ports import Loaded, Lookup, OrderKey

NamingCentre = ChooseCentre | Ship | Tender
"""Commands that name the centre to which a car goes."""


class KeptCentre(msgspec.Struct, frozen=True, kw_only=True):
    """A centre as it is kept: who changed it last, and when."""

    centre: Centre
    changed_by: str
    changed_at: Instant


class Centres(Protocol):
    """The centres in the database. Every method raises `StoreUnavailable`."""

    async def keep(self, kept: KeptCentre) -> Rejected | None:
        """Add a centre or replace what is known of it.

        Rejections: `centre_booked` while an appointment ahead has a bay that it would not have.
        """

    async def centres(self) -> Sequence[KeptCentre]:
        """Every centre, by id."""

    async def standing(self, centre_id: CentreId, since: Instant) -> CentreStanding | None:
        """A centre with the bays that are taken from an instant on."""

    async def orders_at(self, centre_id: CentreId, seen: Window, limit: int) -> Sequence[Order]:
        """At most `limit` orders that go to a centre, by their appointments, then by their keys.

        Those with an appointment in a window, and all whose car is built and not handed over.
        """


def delivery_of(order: Order) -> Delivery | None:
    """The order's row among those that go to a centre, if it does."""
    if order.centre_id is None or order.stage in EXITS:
        return None
    booked, tender = None, order.tender
    if tender is not None and tender.bay is not None and tender.appointment is not None:
        booked = BayTaken(tender.bay, tender.appointment)
    return Delivery(centre_id=order.centre_id, booked=booked)


def with_centres(lookup: Lookup, commands: Iterable[Command]) -> Lookup:
    """The lookup with the centres that commands name, or at which they book a bay."""
    listed = [each for each in commands if isinstance(each, NamingCentre | BookAppointment)]
    if not listed:
        return lookup
    named = {
        each.centre_id
        for each in listed
        if isinstance(each, NamingCentre) and each.centre_id is not None
    }
    choosing = {
        OrderKey(each.buyer_id, each.order_id)
        for each in listed
        if isinstance(each, BookAppointment)
    }
    return msgspec.structs.replace(
        lookup,
        centres=tuple(sorted(named)),
        centres_of=tuple(sorted(choosing)),
        bays_since=min(each.received_at for each in listed),
    )


class Bays:
    """The bays of every centre that a group locked, each command on what those before it left."""

    def __init__(self, loaded: Loaded) -> None:
        """Begin with what the transaction read after it held the locks."""
        self._centres = loaded.centres
        self._held = dict(loaded.deliveries)

    def known(self, facts: Facts, command: Command, order: Order | None) -> Facts:
        """The facts with the centre that is named or booked at, and the bays of others there."""
        wanted = None
        if isinstance(command, NamingCentre):
            wanted = command.centre_id
        elif isinstance(command, BookAppointment) and order is not None:
            wanted = order.centre_id
        centre = None if wanted is None else self._centres.get(wanted)
        if centre is None:
            return facts
        own = OrderKey(command.buyer_id, command.order_id)
        taken = taken_at(centre.centre_id, self._held, but=own)
        standing = CentreStanding(centre=centre, taken=taken)
        return msgspec.structs.replace(facts, centre=standing)

    def note(self, after: Order) -> None:
        """Remember where an order stands after a command."""
        key = OrderKey(after.buyer_id, after.order_id)
        delivery = delivery_of(after)
        if delivery is not None:
            self._held[key] = delivery
        else:
            self._held.pop(key, None)


def taken_at(
    centre_id: CentreId, deliveries: Mapping[OrderKey, Delivery], but: OrderKey | None = None
) -> tuple[BayTaken, ...]:
    """The bays that orders have at a centre, without those of one order."""
    return tuple(
        each.booked
        for key, each in deliveries.items()
        if each.centre_id == centre_id and key != but and each.booked is not None
    )
