"""Events about slots, windows and delays, one of every occasion.

Not here: the others (`samples.py`).
"""

from __future__ import annotations

from earnest.core.order import events as happened
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_planning import DelayChoice, DelayNotice, DelayRight
from earnest.core.queue.lane import Lane
from earnest.core.queue.overtaking import Why
from earnest.core.values.ids import OrderId
from earnest.core.values.instant import Instant, Window
from tests.desk.samples import AT, CONFIGURATION, LATER, MIDNIGHT, PRICE, PROMISE, VIN

ANOTHER = OrderId("0RDER00000000002")
WAS = Window(AT, LATER)


def delayed(
    answer_until: Instant | None, *, is_indefinite: bool = False
) -> happened.PromiseRevised:
    """The seller names a later window, or none; with an instant, silence is no yes."""
    notice = DelayNotice(
        number=1,
        announced_at=AT,
        was=WAS,
        promise=PROMISE,
        rights=(DelayRight.WAIT, DelayRight.AGREE, DelayRight.LEAVE),
        answer_until=answer_until,
        is_indefinite=is_indefinite,
    )
    return happened.PromiseRevised(at=AT, promise=PROMISE, cause="Wheels are late.", delay=notice)


DELAYED, UNCONSENTED = delayed(None), delayed(MIDNIGHT)

PLANNING: tuple[happened.Event, ...] = (
    DELAYED,
    UNCONSENTED,
    delayed(None, is_indefinite=True),
    delayed(MIDNIGHT, is_indefinite=True),
    happened.PromiseRevised(at=AT, promise=PROMISE, cause="slot_free", is_earlier=True),
    happened.DelayAnswered(at=AT, number=1, choice=DelayChoice.LEAVE),
    happened.DelayAnswered(at=AT, number=1, choice=DelayChoice.AGREE, promise=PROMISE),
    happened.DelayUnanswered(at=AT, number=1),
    happened.EarlierAllowed(at=AT, is_allowed=True),
    happened.EarlierAllowed(at=AT, is_allowed=False),
    *(
        happened.Overtaken(at=LATER, lane=Lane("s7/red/19"), by_rank=41, given_at=AT, why=why)
        for why in (None, *Why)
    ),
    happened.CarAllocated(
        at=AT, vin=VIN, configuration=CONFIGURATION, built_at=AT, from_order_id=ANOTHER
    ),
    happened.SlotTaken(at=AT, slot=Slot(plant="changping", week="2026-W50"), to_order_id=ANOTHER),
    happened.CarHeld(at=AT, vin=VIN, is_held=True, explanation="A scratch is polished."),
    happened.CarHeld(at=AT, vin=VIN, is_held=False),
    happened.CarTaken(at=AT, vin=VIN, to_order_id=ANOTHER),
    happened.CarTaken(at=AT, vin=VIN, to_order_id=ANOTHER, price=PRICE),
)
