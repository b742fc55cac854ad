"""The planner's loop over arrays of whole numbers: plain Python that a compiler can take as it is.

`planner.py` and `counters.py` say the same in the words of the trade, and are what counts; a law
holds both together. Not here: orders and plans as arrays, and the compiling (`compiled.py`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from earnest.core.plan.counters import NOWHERE

Numbers = NDArray[np.int64]

PLANNED, FIXED, ENTERS, LEFT_OUT = range(4)
"""What happens to an order: it is given a place, stands, may stay where it is, or nothing."""

NOTHING, PLANT, HORIZON, PART, OPTION, LINE = range(6)
"""What was short, as a number."""


class Stock(NamedTuple):
    """What is left, and changes: cars by line and day, caps by row and day, units of parts.

    `open_parts[part, day]` is 1 where a unit is left. The receipts of a part are those from
    `receipts_of[part]` to the next; `latest[part, day]` is the last one until a day, counted from
    there, or `NOWHERE`.
    """

    cars: Numbers
    caps: Numbers
    open_parts: Numbers
    carries_over: Numbers
    receipts_of: Numbers
    receipt_day: Numbers
    receipt_left: Numbers
    latest: Numbers


class Kinds(NamedTuple):
    """Signatures in rows: the lines of one are `lines[lines_of[number]]` and on, parts likewise.

    `caps_of` says the same of the caps of each row of `lines`. `open_from` changes: before that
    day nothing is left on this line for this signature.
    """

    lines_of: Numbers
    lines: Numbers
    caps_of: Numbers
    caps: Numbers
    parts_of: Numbers
    parts: Numbers
    open_from: Numbers


class Served(NamedTuple):
    """Orders in the order of service: signature, first day, role, and the place that some have.

    The day of one without a place is the end of the horizon.
    """

    signature: Numbers
    earliest: Numbers
    role: Numbers
    line: Numbers
    day: Numbers


class Answer(NamedTuple):
    """What comes out: line and day of each order, and what was short by kind and number."""

    line: Numbers
    day: Numbers
    short: Numbers
    short_of: Numbers


def serve(stock: Stock, kinds: Kinds, orders: Served, answer: Answer) -> None:
    """Give every order its place, first those who stand somewhere already."""
    for role in (FIXED, ENTERS):
        for number in range(len(orders.role)):
            if orders.role[number] != role:
                continue
            of, line, day = orders.signature[number], orders.line[number], orders.day[number]
            if role == FIXED or _fits(stock, kinds, of, line, day):
                _take(stock, kinds, of, line, day)
                answer.line[number], answer.day[number] = line, day
    for number in range(len(orders.role)):
        role = orders.role[number]
        if role == LEFT_OUT or answer.day[number] != NOWHERE:
            continue
        of, earliest = orders.signature[number], orders.earliest[number]
        line, day = _first(stock, kinds, of, earliest)
        if line == NOWHERE or orders.day[number] < day:
            short, short_of = _binding(stock, kinds, of, earliest, line)
            answer.short[number], answer.short_of[number] = short, short_of
        if line != NOWHERE:
            _take(stock, kinds, of, line, day)
            answer.line[number], answer.day[number] = line, day


@register_jitable
def _first(stock: Stock, kinds: Kinds, of: int, earliest: int) -> tuple[int, int]:
    """Line and day of the first slot; of two lines on one day the one with more cars left."""
    best_line, best_day = NOWHERE, stock.cars.shape[1]
    for row in range(kinds.lines_of[of], kinds.lines_of[of + 1]):
        line = kinds.lines[row]
        known = kinds.open_from[row]
        begins = max(known, earliest)
        day = begins
        last = min(best_day, stock.cars.shape[1] - 1)
        while day <= last and not _is_open(stock, kinds, of, row, day):
            day += 1
        if begins == known:
            kinds.open_from[row] = day
        if day <= last and (
            best_line == NOWHERE
            or day < best_day
            or stock.cars[line, day] > stock.cars[best_line, day]
        ):
            best_line, best_day = line, day
    return best_line, best_day


@register_jitable
def _is_open(stock: Stock, kinds: Kinds, of: int, row: int, day: int) -> bool:
    """Whether everything that a signature needs on one of its lines is left on a day."""
    if stock.cars[kinds.lines[row], day] <= 0:
        return False
    for each in range(kinds.caps_of[row], kinds.caps_of[row + 1]):
        if stock.caps[kinds.caps[each], day] <= 0:
            return False
    for each in range(kinds.parts_of[of], kinds.parts_of[of + 1]):
        if not stock.open_parts[kinds.parts[each], day]:
            return False
    return True


@register_jitable
def _row_of(kinds: Kinds, of: int, line: int) -> int:
    """Where a line stands among those of a signature."""
    for row in range(kinds.lines_of[of], kinds.lines_of[of + 1]):
        if kinds.lines[row] == line:
            return row
    return NOWHERE


@register_jitable
def _fits(stock: Stock, kinds: Kinds, of: int, line: int, day: int) -> bool:
    row = _row_of(kinds, of, line)
    return row != NOWHERE and _is_open(stock, kinds, of, row, day)


@register_jitable
def _take(stock: Stock, kinds: Kinds, of: int, line: int, day: int) -> None:
    """Place a car; one that stands on a line which no longer builds it uses no cap."""
    stock.cars[line, day] -= 1
    row = _row_of(kinds, of, line)
    if row != NOWHERE:
        for each in range(kinds.caps_of[row], kinds.caps_of[row + 1]):
            stock.caps[kinds.caps[each], day] -= 1
    for each in range(kinds.parts_of[of], kinds.parts_of[of + 1]):
        _use(stock, kinds.parts[each], day)


@register_jitable
def _use(stock: Stock, part: int, day: int) -> None:
    """Use a unit of a part: of the latest receipt that has one, or of a later one."""
    first, end = stock.receipts_of[part], stock.receipts_of[part + 1]
    latest = first + stock.latest[part, day]
    for receipt in range(latest, first - 1, -1):
        if stock.receipt_left[receipt]:
            _use_of(stock, part, receipt)
            return
        if not stock.carries_over[part]:
            return
    if stock.carries_over[part]:
        for receipt in range(max(first, latest + 1), end):
            if stock.receipt_left[receipt]:
                _use_of(stock, part, receipt)
                return


@register_jitable
def _use_of(stock: Stock, part: int, receipt: int) -> None:
    stock.receipt_left[receipt] -= 1
    if stock.receipt_left[receipt] == 0:
        open_up(stock, part)


@register_jitable
def open_up(stock: Stock, part: int) -> None:
    """Find the days on which a unit of a part is left."""
    days = stock.open_parts.shape[1]
    stock.open_parts[part, :] = 0
    for receipt in range(stock.receipts_of[part], stock.receipts_of[part + 1]):
        if stock.receipt_left[receipt] > 0:
            ends = days
            if not stock.carries_over[part] and receipt + 1 < stock.receipts_of[part + 1]:
                ends = stock.receipt_day[receipt + 1]
            stock.open_parts[part, stock.receipt_day[receipt] : ends] = 1


@register_jitable
def _binding(stock: Stock, kinds: Kinds, of: int, earliest: int, line: int) -> tuple[int, int]:
    """What opens last on a line, or where no line fits on any of them: kind and number."""
    if kinds.lines_of[of] == kinds.lines_of[of + 1]:
        return PLANT, 0
    if earliest >= stock.cars.shape[1]:
        return HORIZON, 0
    best, short, short_of = NOWHERE, NOTHING, 0
    for row in range(kinds.lines_of[of], kinds.lines_of[of + 1]):
        if line in (NOWHERE, kinds.lines[row]):
            day, kind, number = _last_to_open(stock, kinds, of, row, earliest)
            if best == NOWHERE or day < best:
                best, short, short_of = day, kind, number
    if best <= earliest:
        return NOTHING, 0
    return short, short_of


@register_jitable
def _last_to_open(
    stock: Stock, kinds: Kinds, of: int, row: int, earliest: int
) -> tuple[int, int, int]:
    """The day, kind and number of what opens last on a line; the scarcer thing comes first."""
    last, kind, number = NOWHERE, NOTHING, 0
    for each in range(kinds.parts_of[of], kinds.parts_of[of + 1]):
        day = _opens(stock.open_parts[kinds.parts[each]], earliest)
        if day > last:
            last, kind, number = day, PART, kinds.parts[each]
    for each in range(kinds.caps_of[row], kinds.caps_of[row + 1]):
        day = _opens(stock.caps[kinds.caps[each]], earliest)
        if day > last:
            last, kind, number = day, OPTION, kinds.caps[each]
    day = _opens(stock.cars[kinds.lines[row]], earliest)
    if day > last:
        last, kind, number = day, LINE, kinds.lines[row]
    return last, kind, number


@register_jitable
def _opens(left: Numbers, earliest: int) -> int:
    """The first day from one on with something left; the end of the horizon if there is none."""
    for day in range(earliest, len(left)):
        if left[day] > 0:
            return day
    return len(left)
