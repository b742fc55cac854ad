"""Standard terms, public promise, side agreement: which of them decides, and what that can cost.

Not here: how agreements and promises come about, which stands in the tables.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from earnest.core.order.effective import effective_policy, running_policy
from earnest.core.order.exits import exits
from earnest.core.order.state import Order
from earnest.core.settlement.ground import Ground
from earnest.core.terms.agreement import Agreement, AppliedPromise, Origin, Party
from earnest.core.terms.comparing import worse_for_buyer
from earnest.core.terms.effective import Source, decided, effective
from earnest.core.terms.override import (
    FIELDS,
    ORDERS_OWN,
    Override,
    OverrideField,
    Shape,
    Value,
    favour,
    standard_value,
    why_not_overridden,
)
from earnest.core.terms.policy import Policy
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from tests.core import world
from tests.core.orders import order_after, then
from tests.core.world import FACTS, POLICY, local

AT = local(2024, 7, 10)


def agreement(
    number: int,
    *overrides: Override,
    since: Instant = AT,
    until: Instant | None = None,
    replaces: tuple[int, ...] = (),
) -> Agreement:
    return Agreement(
        number=number,
        origin=Origin.CHAT,
        overrides=overrides,
        text="As we said.",
        valid_from=since,
        valid_until=until,
        proposed_by=Party.SELLER,
        proposed_at=since,
        seller_accepted_at=since,
        replaces=replaces,
    )


def promise(number: int, *overrides: Override, since: Instant = AT) -> AppliedPromise:
    public = world.public_promise(f"promise-{number}", *overrides)
    return AppliedPromise(number=number, applied_at=since, promise=public)


def days(value: int) -> Override:
    return Override(OverrideField.BALANCE_DUE_DAYS, value)


def who_decides(
    promises: tuple[AppliedPromise, ...], agreements: tuple[Agreement, ...], at: Instant = AT
) -> tuple[object, str, int, tuple[str, ...]]:
    """Value, source, number and overlaps for the days in which a balance is due."""
    found = next(
        each
        for each in decided(POLICY, promises, agreements, at)
        if each.field is OverrideField.BALANCE_DUE_DAYS
    )
    return found.value, found.source, found.number, found.overlaps


def test_every_field_has_its_rule_and_stands_in_the_policy() -> None:
    assert set(FIELDS) == set(OverrideField)
    fields = {each.value for each in set(OverrideField) - ORDERS_OWN}
    assert fields <= set(Policy.__struct_fields__)


def test_an_order_without_promise_and_agreement_runs_by_the_very_standard_policy() -> None:
    assert effective(POLICY, (), (), AT) is POLICY
    assert running_policy(order_after("Locked"), POLICY, AT) is POLICY
    assert effective_policy(None, FACTS, AT) is POLICY
    over = agreement(1, days(30), until=AT + timedelta(days=1))
    assert effective(POLICY, (), (over,), AT + timedelta(days=1)) is POLICY


def test_the_more_individual_decides() -> None:
    said, agreed = promise(1, days(10)), agreement(1, days(8))

    assert who_decides((), ()) == (7, Source.STANDARD, 0, ())
    assert who_decides((said,), ()) == (10, Source.PUBLIC_PROMISE, 1, ())
    assert who_decides((), (agreed,)) == (8, Source.AGREEMENT, 1, ())
    assert who_decides((said,), (agreed,)) == (8, Source.AGREEMENT, 1, ("public_promise 1",))


def test_a_better_promise_made_after_an_agreement_is_the_later_word() -> None:
    later = promise(1, days(10), since=AT + timedelta(days=1))
    worse = promise(2, days(8), since=AT + timedelta(days=1))
    agreed = agreement(1, days(9))

    decision = who_decides((later, worse), (agreed,), AT + timedelta(days=2))

    assert decision == (
        10,
        Source.PUBLIC_PROMISE,
        1,
        ("public_promise 2", "agreement 1"),
    )


def test_of_two_that_overlap_the_one_that_favours_the_buyer_wins_and_the_other_is_named() -> None:
    both = (agreement(1, days(9)), agreement(2, days(12)), agreement(3, days(9)))

    assert who_decides((), both) == (12, Source.AGREEMENT, 2, ("agreement 1", "agreement 3"))
    replaced = (*both, agreement(4, days(8), replaces=(1, 2, 3)))
    assert who_decides((), replaced) == (8, Source.AGREEMENT, 4, ())


def test_a_promise_decides_only_where_it_is_better_than_what_was_said_before() -> None:
    day = timedelta(days=1)
    agreed = agreement(1, days(10))

    assert who_decides((promise(1, days(7)),), ()) == (7, Source.STANDARD, 0, ())
    assert who_decides((promise(1, days(10), since=AT + day),), (agreed,)) == (
        10,
        Source.AGREEMENT,
        1,
        (),
    )
    assert who_decides((promise(1, days(8)), promise(2, days(9))), ()) == (
        9,
        Source.PUBLIC_PROMISE,
        2,
        ("public_promise 1",),
    )
    first = (promise(1, days(9)), promise(2, days(9)))
    assert who_decides(first, ()) == (9, Source.PUBLIC_PROMISE, 1, ())


def test_the_standard_is_named_whatever_decides() -> None:
    (over,) = (
        each
        for each in decided(POLICY, (), (agreement(1, days(9)),), AT)
        if each.source is Source.AGREEMENT
    )
    standard = {each.field: each for each in decided(POLICY, (), (), AT)}

    assert (over.value, over.instead_of) == (9, 7)
    cure = standard[OverrideField.CURE_DAYS]
    assert (cure.value, cure.instead_of) == (POLICY.cure_days, POLICY.cure_days)


def test_an_agreement_counts_from_the_last_act_that_made_it_bind() -> None:
    """The buyer's acceptance, else the seller's, else the proposal."""
    day = timedelta(days=1)
    said = promise(1, days(20), since=AT + day)
    proposed = msgspec.structs.replace(agreement(1, days(10)), seller_accepted_at=None)
    by_seller = msgspec.structs.replace(proposed, seller_accepted_at=AT + 2 * day)
    by_buyer = msgspec.structs.replace(by_seller, buyer_accepted_at=AT)

    by = [who_decides((said,), (each,))[1] for each in (proposed, by_seller, by_buyer)]

    assert by == [Source.PUBLIC_PROMISE, Source.AGREEMENT, Source.PUBLIC_PROMISE]


def test_agreements_that_follow_each_other_do_not_overlap() -> None:
    noon, night = AT + timedelta(hours=12), AT + timedelta(hours=24)
    morning = agreement(1, days(9), until=noon)
    afternoon = agreement(2, days(9), since=noon, until=night)
    whole_day = agreement(3, days(9), until=night)

    assert not morning.overlaps(afternoon)
    assert not afternoon.overlaps(morning)
    assert whole_day.overlaps(afternoon)
    assert afternoon.overlaps(whole_day)
    assert afternoon.overlaps(agreement(4, days(9)))


def test_a_public_promise_is_addressed_to_whoever_orders_from_its_first_instant() -> None:
    public = msgspec.structs.replace(
        world.public_promise("promise-1", days(9)), valid_from=AT, valid_until=AT + timedelta(1)
    )
    instant = timedelta(microseconds=1)

    assert [
        public.in_force(at)
        for at in (AT - instant, AT, AT + timedelta(1) - instant, AT + timedelta(1))
    ] == [False, True, True, False]


@pytest.mark.parametrize(
    ("change", "worse"),
    [
        ({"inspection_checklist": ("interior", "exterior", "vin")}, ()),
        ({"inspection_checklist": ("exterior",)}, ("inspection_checklist",)),
        ({"balance_due_days": 8}, ()),
        ({"balance_due_days": 6}, ("balance_due_days",)),
        ({"time_zone": "Europe/Berlin"}, ("time_zone",)),
        ({"payment_window_minutes": 1}, ()),
    ],
)
def test_a_newer_policy_is_worse_where_a_number_or_a_list_takes_something(
    change: dict[str, object], worse: tuple[str, ...]
) -> None:
    was = msgspec.structs.replace(POLICY, inspection_checklist=("exterior", "interior"))

    assert worse_for_buyer(was, msgspec.structs.replace(was, **change)) == worse


def test_a_list_in_another_order_is_not_worse() -> None:
    was = msgspec.structs.replace(POLICY, inspection_checklist=("exterior", "interior"))
    now = msgspec.structs.replace(POLICY, inspection_checklist=("interior", "exterior"))

    assert worse_for_buyer(was, now) == ()


def test_nothing_can_be_agreed_as_a_sum_but_less_than_nothing_cannot() -> None:
    def said(amount: int) -> object:
        override = Override(OverrideField.STORAGE_PER_DAY, Money(amount, "CNY"))
        return why_not_overridden((override,), "CNY")

    assert said(0) is None
    assert said(-1) is not None


def test_an_agreement_decides_only_in_its_time() -> None:
    later = agreement(1, days(30), since=AT + timedelta(days=2), until=AT + timedelta(days=4))
    by_day = [who_decides((), (later,), AT + timedelta(days=day))[0] for day in range(6)]

    assert by_day == [7, 7, 30, 30, 7, 7]


def test_a_shorter_promised_window_is_still_a_window() -> None:
    weeks = agreement(1, Override(OverrideField.PROMISE_WEEKS_TO, 4))
    longer = agreement(1, Override(OverrideField.PROMISE_WEEKS_TO, 40))

    short = effective(POLICY, (), (weeks,), AT)
    assert (short.promise_weeks_from, short.promise_weeks_to) == (4, 4)
    assert effective(POLICY, (), (longer,), AT).promise_weeks_from == POLICY.promise_weeks_from


def test_storage_is_charged_only_where_its_clause_was_acknowledged() -> None:
    charging = msgspec.structs.replace(POLICY, storage_per_day=world.yuan(50))
    order = order_after("Locked")
    aware = msgspec.structs.replace(order, acknowledged=(*order.acknowledged, "storage"))

    assert running_policy(order, charging, AT).storage_per_day is None
    assert running_policy(aware, charging, AT) is charging


# What an agreement can cost ----------------------------------------------------------------


@st.composite
def better_overrides(draw: st.DrawFn) -> Override:
    """Any single override that is at least as good for the buyer as the standard terms."""
    field = draw(st.sampled_from(sorted(set(OverrideField) - {OverrideField.PRICE_REDUCTION})))
    rule = FIELDS[field]
    value: Value
    match rule.shape:
        case Shape.FLAG:
            value = True
        case Shape.COUNT:
            value = draw(st.integers(rule.least, rule.most))
        case Shape.SUM:
            value = Money(draw(st.integers(0, 10**9)), "CNY")
        case Shape.INSTANT:
            value = AT + timedelta(days=draw(st.integers(0, 75)))
    standard = standard_value(POLICY, field)
    if field not in ORDERS_OWN and favour(field, value) < favour(field, standard):
        assume(standard is not None)
        assert standard is not None
        value = standard
    return Override(field, value)


def owed(order: Order) -> dict[tuple[str, Ground], tuple[bool, int]]:
    """For every exit, whether it is open and what comes back, with the better of two claims."""
    best: dict[tuple[str, Ground], tuple[bool, int]] = {}
    for way in exits(order, FACTS, AT + timedelta(days=80)):
        key = (way.command, way.ground)
        seen = (way.is_open, way.statement.owed_to_buyer.amount)
        best[key] = max(seen, best.get(key, seen))
    return best


@given(st.lists(better_overrides(), min_size=1, max_size=4, unique_by=lambda each: each.field))
def test_an_agreement_in_the_buyers_favour_never_costs_the_buyer_money(
    overrides: list[Override],
) -> None:
    assert why_not_overridden(tuple(overrides), "CNY") is None
    plain = order_after("Locked")
    fields = {"overrides": tuple(overrides), "text": "As we said.", "origin": Origin.CHAT}
    better = then(plain, AT, "sales", "ProposeAgreement", **fields)

    before, after = owed(plain), owed(better)

    assert better.agreements, "what only favours the buyer binds at once"
    for way, (was_open, sum_before) in before.items():
        is_open, sum_after = after[way]
        assert is_open or not was_open, f"{way} is closed by an agreement in the buyer's favour"
        assert sum_after >= sum_before, way


@given(st.sets(st.sampled_from(("forfeiture", "lock_effect", "deferral", "storage"))))
def test_an_unacknowledged_clause_never_makes_the_buyer_worse_off(
    acknowledged: set[str],
) -> None:
    clauses = ("terms", "forfeiture", "lock_effect", "deferral", "storage")
    aware = msgspec.structs.replace(order_after("Locked"), acknowledged=clauses)
    order = msgspec.structs.replace(aware, acknowledged=("terms", *sorted(acknowledged)))

    bound, free = owed(aware), owed(order)

    assert set(bound) == set(free)
    for way, (was_open, sum_bound) in bound.items():
        is_open, sum_free = free[way]
        assert is_open == was_open, way
        assert sum_free >= sum_bound, way
