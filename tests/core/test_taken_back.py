"""What was kept comes back once another order takes slot or car: before the click, and afterwards.

Not here: the rule itself, step by step (`tables/26_back_if_taken.txt`), and the letter
(`tests/desk`).
"""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from earnest.audit.rules import CHECKS, Rule
from earnest.core.order import events as happened
from earnest.core.order.exits import Exit, exits
from earnest.core.order.facts import Facts
from earnest.core.order.parts import Slot
from earnest.core.order.parts_of_planning import Taker
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.settlement.statement import LineKind
from earnest.core.terms.policy import Policy
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


def test_terms_that_exist_keep_their_digest() -> None:
    assert world.TERMS.terms_hash != GIVES.terms.terms_hash
    stored = msgspec.to_builtins(world.TERMS)
    del stored["policy"]["deposit_back_if_taken_days"]
    again = msgspec.convert(stored, type(world.TERMS))
    assert again == world.TERMS
    digested = msgspec.json.encode(stored, order="deterministic")
    assert b"deposit_back_if_taken_days" not in digested
    assert _sha256(digested) == world.TERMS.terms_hash
    assert "deposit_back_if_taken_days" in Policy.__struct_fields__


def _sha256(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


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
