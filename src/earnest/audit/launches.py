"""Whether what is stored beside the orders of launches is what follows from the orders themselves.

Units of an edition, places of a quota, codes in use, pages to open and bays of delivery centres
are tables of their own, so that nobody need count orders. Each is written with the order; here all
of them are computed anew and compared. Not here: how they are written (`desk/units.py`,
`desk/taking.py`, `desk/centres.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from earnest.audit.rules import Fault, Rule
from earnest.core.launch.admitting import benefit_counter, group_counter
from earnest.core.order.centre import Delivery
from earnest.core.order.state import Order
from earnest.desk.centres import delivery_of
from earnest.desk.checkouts import wants_checkout
from earnest.desk.ports import Allotted, OrderKey
from earnest.desk.records import LaunchTables
from earnest.desk.taking import holds_place, uses_code
from earnest.desk.units import allotted


class LaunchBooks:
    """What the orders say, gathered one by one; only what a launch gave is remembered."""

    def __init__(self) -> None:
        """Begin without an order."""
        self._units: dict[OrderKey, Allotted] = {}
        self._places: Counter[tuple[str, str]] = Counter()
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._pages: set[OrderKey] = set()
        self._deliveries: dict[OrderKey, Delivery] = {}
        self._unread: set[OrderKey] = set()

    def unreadable(self, key: OrderKey) -> None:
        """Leave an order out of which nobody knows what follows from it; that is its own fault."""
        self._unread.add(key)

    def note(self, order: Order) -> None:
        """Add what follows from an order."""
        key = OrderKey(order.buyer_id, order.order_id)
        unit = allotted(order)
        if unit is not None:
            self._units[key] = unit
        delivery = delivery_of(order)
        if delivery is not None:
            self._deliveries[key] = delivery
        if wants_checkout(order):
            self._pages.add(key)
        if order.code_id is not None and uses_code(order):
            self._codes[order.code_id].add(order.order_id)
        came = order.attribution
        if came is None or came.campaign_id is None:
            return
        if came.group_id is not None:
            counter = group_counter(came.group_id)
            self._places[came.campaign_id, counter] += holds_place(order)
        for each in order.benefits:
            if each.benefit.quota is not None:
                counter = benefit_counter(each.benefit.benefit_id)
                self._places[came.campaign_id, counter] += 1

    def compared(self, stored: LaunchTables) -> Iterator[Fault]:
        """Every difference between the tables and the orders."""
        yield from self._units_differ(stored)
        yield from self._counts_differ(stored)
        yield from self._codes_differ(stored)
        yield from self._pages_differ(stored)
        yield from self._deliveries_differ(stored)

    def _units_differ(self, stored: LaunchTables) -> Iterator[Fault]:
        rows = {each.order: each for each in stored.units}
        for key in sorted((rows.keys() | self._units.keys()) - self._unread):
            row, unit = rows.get(key), self._units.get(key)
            is_, ought = (
                None if each is None else (each.queue_id, each.rank, str(each.state), each.person)
                for each in (row, unit)
            )
            if is_ != ought:
                yield _fault(Rule.UNITS_FOLLOW, key, f"stored is {is_}, the order says {ought}")
        if self._unread:
            return
        held: dict[str, tuple[int, int]] = {}
        for unit in self._units.values():
            has, waits = held.get(unit.queue_id, (0, 0))
            is_held = unit.state.value == "held"
            held[unit.queue_id] = has + is_held, waits + (not is_held)
        for queue_id in sorted(stored.counted.keys() | held.keys()):
            counted, orders = stored.counted.get(queue_id), held.get(queue_id, (0, 0))
            if counted != orders:
                told = f"queue {queue_id} counts {counted} held and waiting, its orders {orders}"
                yield _fault(Rule.UNITS_FOLLOW, None, told)

    def _counts_differ(self, stored: LaunchTables) -> Iterator[Fault]:
        if self._unread:
            return
        taken = {(each.campaign_id, each.counter): each.taken for each in stored.counts}
        for key in sorted(taken.keys() | (+self._places).keys()):
            if taken.get(key, 0) != self._places[key]:
                told = (
                    f"campaign {key[0]} counts {taken.get(key, 0)} of {key[1]}, "
                    f"its orders took {self._places[key]}"
                )
                yield _fault(Rule.PLACES_COUNTED, None, told)

    def _codes_differ(self, stored: LaunchTables) -> Iterator[Fault]:
        unread = {key.order_id for key in self._unread}
        for code_id in sorted(stored.codes.keys() | self._codes.keys()):
            user, users = stored.codes.get(code_id), self._codes.get(code_id, set())
            # A late payment brings back an order whose code another one may have by then.
            if user in users or user in unread:
                continue
            told = f"code {code_id} is stored with order {user}, used by {sorted(users) or None}"
            yield Fault(rule=Rule.CODES_FOLLOW, order_id=user, explanation=told)

    def _pages_differ(self, stored: LaunchTables) -> Iterator[Fault]:
        for key in sorted((stored.pages ^ self._pages) - self._unread):
            told = "no page is to be opened, and one is stored as to be opened"
            if key in self._pages:
                told = "a page is to be opened for the deposit, and nobody will open it"
            yield _fault(Rule.PAGES_FOLLOW, key, told)

    def _deliveries_differ(self, stored: LaunchTables) -> Iterator[Fault]:
        for key in sorted((stored.deliveries.keys() | self._deliveries.keys()) - self._unread):
            is_, ought = stored.deliveries.get(key), self._deliveries.get(key)
            if is_ != ought:
                told = f"stored is {is_}, the order says {ought}"
                yield _fault(Rule.DELIVERIES_FOLLOW, key, told)


def _fault(rule: Rule, key: OrderKey | None, explanation: str) -> Fault:
    order_id = None if key is None else key.order_id
    return Fault(rule=rule, order_id=order_id, explanation=explanation)
