"""How a life comes to a unit of its edition, to a payment that opens later, and out of a pause.

Not here: the other goals (`goals.py`).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from earnest.core.launch.edition import Allotment
from earnest.core.order.allot import waits_for_unit
from earnest.core.order.stage import Stage
from earnest.core.queue.pause import SalePause
from tests.core import world
from tests.core.asking import Fields
from tests.core.laws.lives import EDITION, Ask, Life


def towards_payment(life: Life) -> Ask:
    """What lets a deposit be paid that cannot be paid yet."""
    if waits_for_unit(life.order):
        _free_a_unit(life)
        return Ask("AllotUnit", life.at)
    return Ask("OpenPayment", life.at, {"link": "https://pay.example/1"})


def allot(life: Life, _: Stage) -> Ask | None:
    """A freed unit, where the order waits for one."""
    return towards_payment(life) if waits_for_unit(life.order) else None


def open_payment(life: Life, _: Stage) -> Ask | None:
    """The provider is ready, where it had to be asked."""
    return towards_payment(life) if life.order.pay_until is None else None


def give_time_back(life: Life, _: Stage) -> Ask | None:
    """A pause is over that the time to pay, or the date of a benefit, ran into."""
    fields = past_pause(life)
    paused, order = fields["paused"], life.order
    assert isinstance(paused, SalePause)
    ran_into = order.pay_until is not None and order.pay_until > paused.since
    is_new = paused.number > order.pauses_seen
    waits = is_new and (ran_into if order.stage is Stage.RESERVED else order.benefits != ())
    return Ask("GiveTimeBack", life.at, fields) if waits else None


def past_pause(life: Life) -> Fields:
    """A pause of the sale for up to an hour, over now; sometimes one that is known already."""
    since = life.at - timedelta(minutes=life.chance.randrange(1, 60))
    return {
        "paused": SalePause(
            queue_id=world.QUEUE,
            number=life.order.pauses_seen + life.chance.randrange(2),
            since=since,
            texts={},
            paused_by="staff:chen",
            resumed_at=life.at,
            resumed_by="staff:chen",
        )
    }


def paid_after_all(life: Life, target: Stage, fields: Fields) -> Ask | None:
    """The provider's late word about a payment in time; the unit may have gone to another."""
    if life.order.unit is None and target is Stage.RESERVED:
        return None
    if life.order.unit is not None:
        taken = 10 if target is Stage.RESERVED else 9
        _set(life, Allotment(edition=EDITION, taken=taken))
    return Ask("RecordPayment", life.at, fields)


def _free_a_unit(life: Life) -> None:
    """One unit is free and nobody waits before this order."""
    first = life.order.rank if life.chance.random() < 0.8 else life.order.rank + 1
    _set(life, Allotment(edition=EDITION, taken=9, waiting=1, first_waiting=first))


def _set(life: Life, allotment: Allotment) -> None:
    life.facts = msgspec.structs.replace(life.facts, allotment=allotment)
