"""Events of a launch: places without a unit or before they can be paid, and what opens them.

Not here: the other events (`samples.py`, `samples_settling.py`).
"""

from __future__ import annotations

import msgspec

from earnest.core.order import events as happened
from earnest.core.order.parts_of_launch import UnitFact, UnitState
from tests.desk.samples import AT, LATER, RESERVED, surplus

WAITS = UnitFact(state=UnitState.WAITING, offer_minutes=1440, waiting_number=7)

LAUNCHING: tuple[happened.Event, ...] = (
    msgspec.structs.replace(RESERVED, pay_until=None, unit=WAITS, person="a" * 16),
    msgspec.structs.replace(RESERVED, pay_until=None),
    happened.Reinstated(at=AT, unit_gone=True),
    happened.UnitAllotted(at=AT),
    happened.PaymentOpened(at=AT, payment_number=1, pay_until=LATER, is_offer=True),
    happened.PaymentOpened(at=AT, payment_number=1, pay_until=LATER, link="https://pay.example/1"),
    surplus("no_unit"),
    surplus("unit_gone"),
)
"""Every occasion of a launch that has words of its own."""
