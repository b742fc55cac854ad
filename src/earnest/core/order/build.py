"""Building and shipping the car.

Not here: offering it to the buyer (`tender.py`).
"""

from __future__ import annotations

from earnest.core.order.commands import RecordBuilt, Ship
from earnest.core.order.events import Built, Shipped
from earnest.core.order.facts import Facts, Outcome, accepted
from earnest.core.order.parts import BuiltCar
from earnest.core.order.preparing import wrong_centre
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order, changed
from earnest.core.terms.policy import Policy
from earnest.core.values.ids import Vin, vin_is_valid
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason


def record_built(
    order: Order, command: RecordBuilt, facts: Facts, policy: Policy, now: Instant
) -> Outcome:
    """Note VIN and built configuration. A difference is shown now and stops the handover."""
    if not vin_is_valid(command.vin):
        return Rejected(Reason.VIN_MALFORMED, {"vin": command.vin})
    return accepted(
        Built(at=now, vin=Vin(command.vin), configuration=command.configuration.sorted())
    )


def ship(order: Order, command: Ship, facts: Facts, policy: Policy, now: Instant) -> Outcome:
    """Note that the car is on its way. Until the handover all risk is the seller's (CN-24).

    Rejections: `place_missing`, `centre_differs`, `centre_unknown`.
    """
    if not command.destination.strip():
        return Rejected(Reason.PLACE_MISSING)
    wrong = wrong_centre(order, command.centre_id, facts)
    if wrong is not None:
        return wrong
    return accepted(Shipped(at=now, destination=command.destination, centre_id=command.centre_id))


def built(order: Order, event: Built) -> Order:
    """The order has an identified car."""
    car = BuiltCar(vin=event.vin, configuration=event.configuration, built_at=event.at)
    return changed(order, event.at, stage=Stage.BUILT, car=car)


def shipped(order: Order, event: Shipped) -> Order:
    """The car is on its way."""
    centre_id = event.centre_id or order.centre_id
    return changed(order, event.at, stage=Stage.IN_TRANSIT, centre_id=centre_id)
