"""Rows of whole orders as the desk writes them, multiplied by COPY: a million in a minute or two.

One order is decided by the rules under placeholders for buyer, order and rank; its rows, as the
store would write them, become forms that are filled for each order. So the rows are consistent
in every column, and the audit accepts them. Not here: deciding what to seed (`stored.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from benchmarks.deciding import decided
from benchmarks.shop import TERMS, paid, reserve
from earnest.core.catalogue.configuration import Quote
from earnest.core.order.actor import TIMER
from earnest.core.order.commands import Lock
from earnest.core.timers import Deadline, DeadlineKind
from earnest.core.values.ids import BuyerId, OrderId, QueueId, derive_id, derive_order_id
from earnest.core.values.instant import Instant
from earnest.demo.maker import QUEUES
from earnest.desk.group import Asked
from earnest.desk.library import Library
from earnest.desk.ports import Loaded
from earnest.store.saving import Columns, writes
from earnest.store.statements import STATEMENTS

BUYER = BuyerId("BVYERBVYERBVYER0")
ORDER = OrderId("0RDER0RDER0RDER0")
RANK = 987_654_321
_CHUNK = 500

_INSERT = re.compile(r"INSERT INTO (?P<table>[\w.]+) \((?P<columns>[^)]*)\)")
_ARRAY = re.compile(r"%\((\w+)\)b::")
_NAMES = re.compile(r"AS new \(([^)]*)\)")


class Form(msgspec.Struct, frozen=True):
    """The rows of one order in one table, as COPY takes them, with placeholders."""

    table: str
    columns: tuple[str, ...]
    text: str


def life(
    library: Library,
    reserved_at: Instant,
    queue_id: QueueId,
    *,
    locked: bool,
    car: Quote | None = None,
) -> Sequence[Form]:
    """The rows of an order that was reserved and paid at once, and locked when it could be.

    Without a car it is the one that every measurement buys.
    """
    begun = reserve(0, "rows")
    if car is not None:
        begun = msgspec.structs.replace(begun, configuration=car.configuration, price=car.price)
    begun = msgspec.structs.replace(
        begun,
        buyer_id=BUYER,
        order_id=ORDER,
        actor=msgspec.structs.replace(reserve(0, "rows").actor, actor_id=f"buyer:{BUYER}"),
        received_at=reserved_at,
        queue_id=queue_id,
    )
    payment = msgspec.structs.replace(paid(begun), received_at=reserved_at, paid_at=reserved_at)
    queue = next(each for each in QUEUES if each.queue_id == queue_id)
    counted = msgspec.structs.replace(queue, next_rank=RANK)
    loaded = Loaded(orders={}, queues={queue_id: counted}, commands={})
    asked = [Asked(begun, "rows"), Asked(payment, "rows")]
    now = reserved_at
    if locked:
        now = reserved_at + timedelta(hours=TERMS.policy.cooling_off_hours)
        lock = Lock(buyer_id=BUYER, order_id=ORDER, actor=TIMER, key="lock", received_at=now)
        asked.append(Asked(lock, "rows", Deadline(DeadlineKind.LOCK, now)))
    return [*_forms(writes(decided(library, loaded, asked, now), {}))]


def _forms(written: Iterator[tuple[str, Columns]]) -> Iterator[Form]:
    for name, columns in written:
        statement = STATEMENTS[name].text
        found = _INSERT.search(statement)
        if found is None:
            # Counters and jobs: the one is raised for all at once, the other was sent long ago.
            continue
        names = _NAMES.search(statement)
        assert names is not None, f"{name} names its arrays"
        arrays = dict(zip(_split(names[1]), _ARRAY.findall(statement), strict=True))
        wanted = tuple(_split(found["columns"]))
        yield Form(found["table"], wanted, _text([columns[arrays[each]] for each in wanted]))


def _split(names: str) -> list[str]:
    return [each.strip() for each in names.split(",")]


def _text(columns: Sequence[Sequence[Any]]) -> str:
    """Rows as lines of COPY's text format."""
    rows = zip(*columns, strict=True)
    return "".join("\t".join(_value(each) for each in row) + "\n" for row in rows)


def _value(value: object) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case datetime():
            return value.isoformat()
        case _:
            text = str(value)
    for character, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, escaped)
    return text


def copy(
    connection: Connection, forms: Sequence[Form], first_rank: int, count: int, name: str
) -> None:
    """Write so many orders with these ranks, all in one transaction of the caller's."""
    filled: list[Mapping[str, str]] = []
    for rank in range(first_rank, first_rank + count):
        buyer_id = BuyerId(derive_id("bench", name, f"{rank}"))
        order_id = derive_order_id(buyer_id, "k")
        filled.append({BUYER: buyer_id, ORDER: order_id, f"{RANK}": f"{rank}"})
    for form in forms:
        statement = f"COPY {form.table} ({', '.join(form.columns)}) FROM STDIN"
        with connection.cursor().copy(statement.encode()) as sink:
            for at in range(0, count, _CHUNK):
                sink.write("".join(_filled(form.text, each) for each in filled[at : at + _CHUNK]))


def _filled(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text
