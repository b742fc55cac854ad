"""Every kind of life that a sampled order can lead, as a list of steps that a lawyer can read.

Not here: the steps themselves (`life.py`) and which order leads which life (`lives.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from earnest.core.cases.notice import BALANCE_DEMAND
from earnest.simulator.life import Life

REPAIRABLE = ("scratch on the left rear door",)

_A_DAY = timedelta(days=1)


class Kind(msgspec.Struct, frozen=True):
    """A kind of life: its name, what it does, and the stage in which it ends."""

    name: str
    live: Callable[[Life], Awaitable[None]]
    ends: str


async def _handed_over(life: Life, parts: int) -> None:
    """From a built car to the end of the file."""
    await life.tender()
    await life.inspect("accepted", "inspected")
    await life.pay_balance(parts)
    await life.hand_over()
    await life.wait(days=life.policy.close_days_after_handover + 1)
    await life.stage_becomes("closed")


async def _in_one_payment(life: Life) -> None:
    await life.build()
    await _handed_over(life, 1)


async def _in_two_payments(life: Life) -> None:
    await life.build()
    await _handed_over(life, 2)


async def _in_three_payments(life: Life) -> None:
    await life.build()
    await _handed_over(life, 3)


async def _with_remarks(life: Life) -> None:
    await life.build()
    await life.tender()
    await life.inspect("accepted_with_remarks", "inspected", remarks=REPAIRABLE)
    await life.pay_balance(1)
    await life.hand_over()


async def _deferred_by_right(life: Life) -> None:
    """Deferred before anything was committed; built only when the buyer asks for it."""
    until = life.timeline.now() + timedelta(days=90)
    await life.do(life.buyer, "defer", "locked", until=until)
    slot = {"plant": "north-works", "week": "2030-W01"}
    await life.rejected(life.staff.planning, "schedule", "order_deferred", slot=slot)
    await life.wait(days=20)
    await life.do(life.buyer, "resume", "locked")
    await life.build()
    await _handed_over(life, 1)


async def _deferred_by_agreement(life: Life) -> None:
    """Deferred when the car already stood there: the maker has to agree, and the car is free."""
    await life.build()
    await life.tender()
    until = life.timeline.now() + timedelta(days=60)
    await life.do(life.buyer, "defer", "tendered", until=until)
    await life.do(life.staff.sales, "answer-deferral", "locked", agreed=True)
    await life.wait(days=10)
    await life.do(life.buyer, "resume", "locked")
    await life.build()
    await _handed_over(life, 1)


async def _refused_then_repaired(life: Life) -> None:
    await life.build()
    await life.tender()
    await life.inspect("refused", "built", remarks=REPAIRABLE, remedy="repair")
    await life.rejected(
        life.staff.delivery, "demand-balance", "inspection_refused", "not_inspected"
    )
    await life.tender(transit=False)
    await life.inspect("accepted", "inspected")
    await life.pay_balance(2)
    await life.hand_over()


async def _refused_then_another_car(life: Life) -> None:
    await life.build()
    await life.tender()
    await life.inspect("refused", "locked", remarks=REPAIRABLE, remedy="another_car")
    await life.build()
    await _handed_over(life, 1)


async def _cancelled_by_buyer(life: Life) -> None:
    await life.do(life.buyer, "cancel-by-buyer", "cancelled", explanation="my plans changed")
    await life.do(life.staff.finance, "release-forfeiture", "cancelled")
    await life.forfeited()


async def _balance_default(life: Life) -> None:
    """The seller cancels with every condition: default, demand, notice, cure, second person."""
    await life.build()
    await life.tender()
    await life.inspect("accepted", "inspected")
    await life.do(life.staff.delivery, "demand-balance", "inspected")
    demand = {"ground": "balance_default", "cure_days": life.policy.cure_days}
    await life.wait(days=life.policy.balance_due_days + 1)
    await life.rejected(life.staff.sales, "demand-performance", "no_default", **demand)
    await life.notice_opened(BALANCE_DEMAND)
    await life.rejected(life.staff.sales, "demand-performance", "no_default", **demand)
    await life.wait(days=life.policy.balance_due_days + 1)
    await life.do(life.staff.sales, "demand-performance", "inspected", **demand)
    await life.demanded_in_vain(1)
    await life.cancel_by_seller("balance_default")


async def _collection_default(life: Life) -> None:
    """The buyer does not come; nothing is assumed, and time to cure runs from the notice."""
    await life.build()
    appointment = await life.tender()
    await life.timeline.until(appointment["ends"])
    await life.do(life.staff.delivery, "record-missed-appointment", "tendered")
    cure = {"cure_days": life.policy.cure_days}
    await life.rejected(life.staff.sales, "demand-collection", "cure_period_too_short", cure_days=3)
    await life.do(life.staff.sales, "demand-collection", "tendered", **cure)
    await life.demanded_in_vain(1)
    await life.cancel_by_seller("collection_default")


async def _deferral_silence(life: Life) -> None:
    """The agreed time ends, the buyer stays silent: asked, given time, only then cancelled."""
    until = life.timeline.now() + timedelta(days=30)
    await life.do(life.buyer, "defer", "locked", until=until)
    demand = {"ground": "deferral_silence", "cure_days": life.policy.cure_days}
    await life.rejected(life.staff.sales, "demand-performance", "agreement_open", **demand)
    await life.timeline.until(until + _A_DAY)
    await life.do(life.staff.sales, "demand-performance", "locked", **demand)
    await life.demanded_in_vain(1)
    await life.cancel_by_seller("deferral_silence")


async def _unfounded_cancellation(life: Life) -> None:
    """A seller's cancellation without its conditions ends nothing; the buyer may leave for it."""
    await life.build()
    await life.do(life.staff.sales, "cancel-by-seller", "built", ground="balance_default")
    await life.books_become(
        {"provider_clearing": life.policy.deposit, "committed_deposits": life.policy.deposit}
    )
    await life.terminate_for_breach("unfounded_cancellation")


async def _breached_agreement(life: Life) -> None:
    """The trigger case: deferred by agreement, and cancelled by the seller all the same."""
    until = life.timeline.now() + timedelta(days=300)
    await life.do(life.buyer, "defer", "locked", until=until, origin="chat")
    await life.rejected(life.staff.sales, "demand-balance", "not_inspected", "agreement_open")
    await life.do(life.staff.sales, "cancel-by-seller", "locked", ground=None)
    await life.terminate_for_breach("breached_agreement")


async def _refusal(life: Life) -> None:
    await life.do(
        life.staff.sales, "refuse-performance", "locked", explanation="the model is discontinued"
    )
    await life.terminate_for_breach("refusal")


async def _delay(life: Life) -> None:
    """Late, asked to deliver, still late after reasonable time."""
    await life.rejected(life.buyer, "demand-delivery", "not_late")
    await life.be_late()
    await life.do(life.buyer, "demand-delivery", "locked")
    await life.rejected(life.buyer, "terminate-by-buyer", "cure_period_running", ground="delay")
    await life.wait(days=life.policy.delivery_cure_days + 2)
    await life.terminate_for_breach("delay")


async def _force_majeure(life: Life) -> None:
    """The seller ends an order for a flood, which takes two people like every end by a seller."""
    flood = {
        "occurred_at": life.timeline.now() - timedelta(hours=1),
        "proof": "notice of the flood authority, 2026-07",
    }
    end, ground = "terminate-for-force-majeure", {"ground": "force_majeure"}
    await life.rejected(life.staff.sales, end, "second_person_missing", **flood)
    await life.do(life.staff.finance_second, "approve-cancellation", "locked", **ground)
    await life.do(life.staff.sales, end, "terminated", **flood)
    await life.books_become({})


async def _early_lock_undone(life: Life) -> None:
    """Locked early by mistake: undone, and then left freely with everything back."""
    lock = {"acknowledgement": life.lock_acknowledgement}
    await life.rejected(life.buyer, "lock", "acknowledgement_missing")
    await life.do(life.buyer, "lock", "locked", **lock)
    await life.rejected(life.buyer, "withdraw", "cooling_off_over")
    await life.do(life.buyer, "undo-lock", "deposited")
    await life.do(life.buyer, "withdraw", "withdrawn")
    await life.books_become({})


BEFORE_THE_LOCK = (Kind("early lock undone, then withdrawn", _early_lock_undone, "withdrawn"),)
"""Lives that are led while the cooling-off runs."""

AFTER_THE_LOCK = (
    Kind("handed over, balance in one payment", _in_one_payment, "closed"),
    Kind("contested cancellation, terminated by the buyer", _unfounded_cancellation, "terminated"),
    Kind("deferred by right, resumed, handed over", _deferred_by_right, "closed"),
    Kind("inspection refused, repaired, handed over", _refused_then_repaired, "handed_over"),
    Kind("cancelled by the buyer", _cancelled_by_buyer, "cancelled"),
    Kind("cancelled by the seller for the balance", _balance_default, "cancelled"),
    Kind("handed over, balance in two payments", _in_two_payments, "closed"),
    Kind("terminated for a breached agreement", _breached_agreement, "terminated"),
    Kind("inspection refused, another car, handed over", _refused_then_another_car, "closed"),
    Kind("terminated for delay", _delay, "terminated"),
    Kind("force majeure", _force_majeure, "terminated"),
    Kind("cancelled by the seller, never collected", _collection_default, "cancelled"),
    Kind("deferred by agreement, resumed, handed over", _deferred_by_agreement, "closed"),
    Kind("terminated for refusal", _refusal, "terminated"),
    Kind("handed over, balance in three payments", _in_three_payments, "closed"),
    Kind("cancelled by the seller after a silent deferral", _deferral_silence, "cancelled"),
    Kind("handed over with remarks", _with_remarks, "handed_over"),
)
"""Lives that begin in the order bank, in the order in which a small sample takes them."""
