"""What was kept comes back once another order takes slot or car: before the click, and afterwards.

Not here: the rule itself, step by step (`tables/26_back_if_taken.txt`), and the letter
(`tests/desk`).
"""

from __future__ import annotations

import msgspec
import pytest

from earnest.audit.rules import CHECKS, Rule
from earnest.core.order import events as happened
from earnest.core.order.exits import Exit, exits
from earnest.core.order.facts import Facts
from earnest.core.order.parts import ForfeitureFact, Slot
from earnest.core.order.parts_of_planning import Taker
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import LineKind
from earnest.core.terms.version import TermsVersion
from tests.audit.test_losses import file_of, lived
from tests.core import world
from tests.core.asking import Fields
from tests.core.orders import answer, order_after, then
from tests.core.world import facts_of, local, terms_with, yuan

AT = local(2024, 8, 22, 10)
UNTIL = local(2024, 9, 22)
GIVES = facts_of(terms_with(deposit_back_if_taken_days=30))


def under(facts: Facts, event: str) -> Order:
    """An order that has come so far under these terms."""
    return msgspec.structs.replace(order_after(event), terms_hash=facts.terms.terms_hash)


def leaving(order: Order, facts: Facts) -> Exit:
    """What leaving by wish would mean."""
    return next(each for each in exits(order, facts, AT) if each.ground is Ground.BUYER_WISH)


@pytest.mark.parametrize("event", ["Scheduled", "Built", "Shipped", "Tendered"])
def test_the_preview_says_what_comes_back_and_until_when(event: str) -> None:
    way = leaving(under(GIVES, event), GIVES)

    assert (way.back, way.back_until) == (yuan(5_000), UNTIL)


def test_the_preview_promises_nothing_that_the_terms_do_not_say() -> None:
    silent = leaving(under(world.FACTS, "Scheduled"), world.FACTS)
    without_slot = leaving(under(GIVES, "Locked"), GIVES)
    free = facts_of(terms_with(deposit_back_if_taken_days=30, forfeiture_waived=True))

    for way in (silent, without_slot, leaving(under(free, "Scheduled"), free)):
        assert (way.back, way.back_until) == (None, None)


def test_what_is_kept_of_documented_costs_does_not_come_back() -> None:
    order = then(under(GIVES, "Scheduled"), AT, "finance", "DocumentLoss", GIVES)
    order = then(order, AT, "finance:bo", "ApproveLoss", GIVES)
    assert leaving(order, GIVES).back == yuan(4_200)
    costly = msgspec.structs.replace(order.losses[0], amount=yuan(9_000), approved_by="finance:bo")
    assert leaving(msgspec.structs.replace(order, losses=(costly,)), GIVES).back is None


def test_a_slot_that_was_left_before_is_not_the_one_the_order_ended_with() -> None:
    earlier = Slot(plant="changping", week="2024-W20")
    left = then(under(GIVES, "Scheduled"), AT, "buyer", "CancelByBuyer", GIVES)
    left = msgspec.structs.replace(left, freed_slots=(earlier, *left.freed_slots))
    taker = Taker(order_id=world.OTHER_ORDER, vin="", price=left.price)
    known = msgspec.structs.replace(GIVES, taker=taker)
    once = then(left, AT, "planning", "RecordSlotTaken", known, slot=earlier)
    assert (once.payouts, once.forfeiture) == ((), left.forfeiture)

    step = answer(once, AT, "planning", "RecordSlotTaken", known, slot=left.slot)
    [event] = getattr(step, "events")  # noqa: B009 - of an accepted command
    assert event.line.kind is LineKind.TAKEN_RETURNED
    assert (event.line.amount, event.line.rule) == (yuan(5_000), "CN-21")


PUBLISHED = (
    '{"version":"2024-03","seller":"Aurora Haikou","payee":"Aurora Pay","policy":{"jurisd'
    'iction":"CN","currency":"CNY","time_zone":"Asia/Shanghai","deposit_kind":"earnest","'
    'deposit":{"amount":500000,"currency":"CNY"},"earnest_cap_basis_points":2000,"payment'
    '_window_minutes":30,"cooling_off_hours":168,"early_lock_offered":true,"undo_lock_hou'
    'rs":24,"change_hours_after_lock":48,"deferrals_free":1,"deferral_days_longest":360,"'
    'deferral_reminder_days":[60,30,7],"promise_weeks_from":8,"promise_weeks_to":12,"appo'
    'intments_before_demand":1,"balance_due_days":7,"cure_days":14,"delivery_cure_days":3'
    '0,"cooling_off_refund_hours":24,"refund_days":7,"release_days":3,"close_days_after_h'
    'andover":30,"inspection_checklist":["exterior","interior","electronics"],"handover_d'
    'ocuments":["invoice","certificate","manuals","three_guarantee_card"],"late_delivery_'
    'per_day":null,"late_delivery_cap":null,"late_delivery_free_days":0,"refund_interest_'
    'basis_points":0,"storage_per_day":null,"storage_cap":null,"storage_free_days":14,"ta'
    'x_difference_cap":null,"price_falls_passed_on":true,"change_answer_days":14,"deposit'
    '_returned_if_finance_declined":true,"withdrawal_days_after_handover":0,"forfeiture_w'
    'aived":false,"withdrawal_exempt":false},"clauses":[{"clause_id":"terms","material":f'
    'alse,"texts":{"en":"Earnest money.","zh-Hans":"定金。"}}]}'
)
"""A version as it was stored before terms could say anything of this."""

ITS_DIGEST = "df62c613a88ebde500f92742c2caa6d7030878cfa1185500d3b7bbcaaf13e167"


def test_terms_that_exist_keep_their_digest() -> None:
    version = msgspec.json.decode(PUBLISHED, type=TermsVersion)
    assert version.policy.deposit_back_if_taken_days == 0
    assert version.terms_hash == ITS_DIGEST
    again = msgspec.json.decode(msgspec.json.encode(version), type=TermsVersion)
    assert again.terms_hash == ITS_DIGEST
    gives = msgspec.structs.replace(version.policy, deposit_back_if_taken_days=30)
    assert msgspec.structs.replace(version, policy=gives).terms_hash != ITS_DIGEST


def test_a_release_before_its_time_is_found_by_the_audit() -> None:
    schedule: tuple[int, str, str, Fields] = (9, "planning", "Schedule", {})
    events = lived(GIVES, schedule, (10, "buyer", "CancelByBuyer", {}))
    release = happened.ForfeitureReleased(
        at=local(2024, 8, 9), amount=yuan(5_000), staff_id="finance:bo"
    )
    late = msgspec.structs.replace(release, at=local(2024, 8, 10))

    check = CHECKS[Rule.FORFEITURE_CONDITIONS]
    assert list(check(file_of([*events, late]), None)) == []
    assert list(check(file_of([*events, release]), None)) == [
        "the forfeiture was released while it could still go back to the buyer"
    ]


def test_letting_a_car_go_that_was_not_kept_back_moves_no_date() -> None:
    kept = ForfeitureFact(
        amount=yuan(5_000),
        fixed_at=AT,
        fixed_by="buyer:li",
        release_due_at=UNTIL,
        back_until=UNTIL,
    )
    assert kept.held(AT, is_held=False) is kept
