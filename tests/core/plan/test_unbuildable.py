"""What no line of a sound document builds: said to whoever publishes it, and no fault."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.plan.capacity import Capacity, Holiday, Part, Plant, Receipt, TakeRate
from earnest.core.plan.faults import faults_of
from earnest.core.plan.supposing import Supposition, supposed
from earnest.core.plan.unbuildable import Offered, Ordered, Unbuilt, UnbuiltCode, unbuilt_in
from tests.core.plan.plants import CAPACITY, KNOWN, MONDAY, signatures_of, week

Code = UnbuiltCode
OFFERED = (
    Offered(model="aurora", market="CN", options=frozenset({"grey", "wheels_21", "titanium"})),
    Offered(model="breeze", market="DE", options=frozenset({"grey"})),
)


def _changed(**fields: object) -> Capacity:
    made = msgspec.structs.replace(CAPACITY, **fields)
    assert faults_of(made, KNOWN, MONDAY) == ()
    return made


def _found(
    capacity: Capacity,
    *ordered: Ordered,
    today: date = MONDAY,
    offered: tuple[Offered, ...] = OFFERED,
) -> list[tuple[str, int | None, UnbuiltCode, dict[str, str]]]:
    found = unbuilt_in(capacity, offered, ordered, today)
    return [(each.table, each.row, each.code, each.details) for each in found]


def _ordered(
    model: str, *options: str, market: str = "CN", orders: int = 1, **more: str
) -> Ordered:
    order_id = more.get("order_id", "A")
    return Ordered(model=model, options=options, market=market, orders=orders, order_id=order_id)


def test_what_is_built_needs_no_word() -> None:
    assert _found(CAPACITY, _ordered("aurora", "titanium")) == []


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (
            _changed(
                take_rates=(
                    TakeRate(plant="north", line="1", option="wheels_21", cars=0, of=2),
                    TakeRate(plant="south", line="1", option="wheels_21", cars=0, of=2),
                )
            ),
            (
                "take_rates",
                None,
                Code.OPTION_UNBUILT,
                {
                    "model": "aurora",
                    "market": "CN",
                    "option": "wheels_21",
                    "short": "option wheels_21",
                },
            ),
        ),
        (
            _changed(
                parts=(Part(code="chip", options=("titanium",), carries_over=False),),
                receipts=(Receipt("chip", MONDAY, 1), Receipt("chip", week(1), 0)),
            ),
            (
                "receipts",
                None,
                Code.OPTION_UNBUILT,
                {"model": "aurora", "market": "CN", "option": "titanium", "short": "part chip"},
            ),
        ),
        (
            _changed(
                parts=(*CAPACITY.parts, Part(code="roof", options=("breeze",))),
                receipts=(*CAPACITY.receipts, Receipt("roof", MONDAY, 1)),
                lines=(
                    CAPACITY.lines[0],
                    msgspec.structs.replace(CAPACITY.lines[1], models=("aurora",)),
                ),
            ),
            ("parts", 1, Code.PART_UNNEEDED, {"part": "roof"}),
        ),
        (
            _changed(
                take_rates=(TakeRate(plant="north", line="1", option="breeze", cars=1, of=2),)
            ),
            ("take_rates", 0, Code.CAP_UNNEEDED, {"line": "north/1", "option": "breeze"}),
        ),
        (
            _changed(plants=(CAPACITY.plants[0], Plant(code="south", name="South", transport=()))),
            ("plants", 1, Code.PLANT_UNREACHED, {"plant": "south"}),
        ),
        (
            _changed(plants=(CAPACITY.plants[0], Plant(code="south", name="South", transport=()))),
            ("lines", None, Code.MODEL_UNBUILT, {"model": "breeze", "market": "DE"}),
        ),
        (
            supposed(CAPACITY, (Supposition(name="south", percent=0),)),
            ("lines", 1, Code.LINE_IDLE, {"line": "south/1"}),
        ),
    ],
)
def test_each_thing_that_is_not_built_is_named(
    capacity: Capacity, expected: tuple[str, int | None, UnbuiltCode, dict[str, str]]
) -> None:
    assert expected in _found(capacity, today=week(1))


def test_orders_that_lack_the_same_are_counted_together_and_stand_first() -> None:
    south = msgspec.structs.replace(CAPACITY.lines[1], models=("aurora",))
    found = _found(
        _changed(lines=(CAPACITY.lines[0], south)),
        _ordered("breeze", market="DE", orders=3, order_id="C"),
        _ordered("breeze", "grey", market="DE", orders=2, order_id="B"),
        _ordered("aurora", market="FR", orders=9, order_id="D"),
        _ordered("aurora", orders=70),
    )

    assert found[:2] == [
        (
            "lines",
            None,
            Code.ORDERS_UNBUILT,
            {"orders": "9", "model": "aurora", "market": "FR", "short": "plant", "order_id": "D"},
        ),
        (
            "lines",
            None,
            Code.ORDERS_UNBUILT,
            {"orders": "5", "model": "breeze", "market": "DE", "short": "plant", "order_id": "B"},
        ),
    ]
    assert [code for _, _, code, _ in found[2:]] == [Code.MODEL_UNBUILT]


def test_days_that_are_over_build_nothing() -> None:
    """Chips of a first week that are not kept help nobody who orders in the second."""
    week_one = Part(code="chip", options=("titanium",), carries_over=False)
    capacity = _changed(
        parts=(week_one,), receipts=(Receipt("chip", MONDAY, 1), Receipt("chip", week(1), 0))
    )
    assert _found(capacity, _ordered("aurora", "titanium")) == []

    (first, *_) = _found(capacity, _ordered("aurora", "titanium"), today=week(1))
    assert first[3]["short"] == "part chip"
    (late, *_) = _found(capacity, _ordered("aurora"), today=week(9))
    assert late[3]["short"] == "horizon"


def test_a_plant_that_never_works_is_said_with_the_line() -> None:
    closed = _changed(
        holidays=tuple(
            Holiday("north", date.fromordinal(MONDAY.toordinal() + number)) for number in range(28)
        )
    )

    assert _found(closed) == [("lines", 0, Code.LINE_IDLE, {"line": "north/1"})]


@given(
    st.sampled_from(["aurora", "breeze"]),
    st.sets(st.sampled_from(["grey", "wheels_21", "titanium"])),
    st.sampled_from(["CN", "DE", "FR"]),
)
def test_orders_are_warned_of_exactly_where_no_line_builds_them(
    model: str, options: set[str], market: str
) -> None:
    signatures = signatures_of()
    chosen = tuple(sorted(options))
    number = signatures.number_of(model, chosen, market)

    found = unbuilt_in(CAPACITY, OFFERED, [_ordered(model, *chosen, market=market)], MONDAY)

    is_warned = Code.ORDERS_UNBUILT in {each.code for each in found}
    assert is_warned is not signatures.all[number].is_buildable
    assert all(isinstance(each, Unbuilt) for each in found)
