"""Planning runs of the twin: the planner of `core/plan` over every order that waits.

Not here: the planner itself, and what the plants can build (`plants.py`).
"""

from __future__ import annotations

import time
from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from earnest.core.order import commands_of_planning as planned
from earnest.core.order.command import Command
from earnest.core.order.commands import Tender
from earnest.core.order.parts import Slot
from earnest.core.order.stage import EXITS, Stage
from earnest.core.order.state import Order
from earnest.core.plan.book import Book
from earnest.core.plan.calendar import written_out
from earnest.core.plan.counters import Binding
from earnest.core.plan.plan import Hold, Place, Plan, PlanOrder, Task, cars_by_place
from earnest.core.plan.possible import Possible
from earnest.core.plan.promise import Foreseen, Replanned, promised_anew
from earnest.core.plan.ranks import ranks_restored
from earnest.core.plan.repair import Start, gentle_plan, without_lost
from earnest.core.plan.signature import Signatures
from earnest.core.values.instant import Instant, last_day_of
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.simulator.twin.calibrating import Outcomes
from earnest.simulator.twin.crowd import DAY_S, HOUR_S
from earnest.simulator.twin.plants import capacity_known_on
from earnest.simulator.twin.shop import MARKET
from earnest.simulator.twin.world import PLANNING, Seen, World

LEARNED = "what the plants can build changed"
"""The cause that a rescheduled buyer reads."""

_CAN_BE_REVISED = frozenset({Stage.DEPOSITED, Stage.LOCKED, Stage.SCHEDULED})
_WAITING = frozenset({Stage.RESERVED, Stage.DEPOSITED, Stage.LOCKED, Stage.SCHEDULED})


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One planning run: its day, what came of it, and for the checks what it was made from.

    `earlier` and `later` count those whose day changed since the run before; `without` those who
    found no day in the horizon.
    """

    day: int
    planned: int
    earlier: int
    later: int
    without: int
    is_learned: bool


class Made(msgspec.Struct, frozen=True):
    """A plan with the task that it solves and the numbers of its orders."""

    task: Task
    numbers: list[int]
    plan: Plan


class Planning:
    """Plans every so many days, schedules who enters the frozen zone, and remembers the days."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._capacity = capacity_known_on(world.scenario, world.scenario.begins)
        self._look_at_capacity()
        self.planned: dict[int, Place] = {}
        self.fixed: dict[int, Place] = {}
        self.runs: list[Run] = []
        self._numbers: list[int] = []
        self._known = 0
        self._lost: set[int] = set()
        """Whose slot was lost by what was learned, until there is another."""
        self._known_as: dict[int, PlanOrder] = {}
        """Orders as the planner saw them last, of which nothing has changed since."""
        self._outcomes = Outcomes()
        self.book = self._empty_book(world.scenario.begins)
        self.seconds = 0.0
        self._of_kind: dict[int, list[int]] = {}

    def _look_at_capacity(self) -> None:
        self._grid = written_out(self._capacity)
        self._last_days: dict[Instant, int] = {}
        self._signatures = Signatures(self._capacity, self._grid)
        self._possible = Possible(self._grid, self._signatures)
        self._signature_of = [
            self._signatures.number_of(each.model, each.options, MARKET)
            for each in self._world.shop.configurations
        ]

    def _empty_book(self, today: date) -> Book:
        self._calibration = self._outcomes.calibration_on(today)
        book = Book(self._capacity, self._grid, self._calibration)
        self._number_in_book = [
            book.signatures.number_of(each.model, each.options, MARKET)
            for each in self._world.shop.configurations
        ]
        return book

    def foreseen(self, chosen: int, at: Instant) -> Foreseen:
        """What can be promised for a configuration (by its number) to whoever asks now."""
        policy = self._world.shop.terms.policy
        model = self._world.shop.configurations[chosen].model
        number = self._number_in_book[chosen]
        first = self.book.first_day(at.date(), -(-policy.cooling_off_hours // 24))
        return self.book.foresee(number, model, first, time_zone=policy.time_zone, now=at)

    def foreseen_by_rank(self, number: int, at: Instant) -> Foreseen:
        """What can be promised to an order (by its number) that comes back."""
        policy = self._world.shop.terms.policy
        kind = self._in_book(number)
        return self.book.foresee_by_rank(
            kind,
            self._world.orders[number].configuration.model,
            self.book.first_day(at.date(), 0),
            ahead=bisect_left(self._standing_of(kind), number),
            time_zone=policy.time_zone,
            now=at,
        )

    def _standing_of(self, kind: int) -> list[int]:
        """Who has a place for a kind of car since the last run, by rank."""
        if not self._of_kind:
            for number in self._numbers:
                if number in self.planned or number in self.fixed:
                    self._of_kind.setdefault(self._in_book(number), []).append(number)
        return self._of_kind.get(kind, [])

    def _take(self, number: int, at: Instant) -> None:
        """One more waits behind all others."""
        self.book.take(self._in_book(number), self.book.first_day(at.date(), 0))

    def _leave(self, number: int) -> None:
        """One fewer waits, so the next is promised an earlier day."""
        self.book.leave(self._in_book(number))

    def _in_book(self, number: int) -> int:
        """The number by which the book knows what an order uses."""
        return self._number_in_book[self._world.chosen[number]]

    def learn(self, today: date) -> bool:
        """Take over what is known of the capacity by today; whether it changed."""
        known = capacity_known_on(self._world.scenario, today)
        if known == self._capacity:
            return False
        self._capacity = known
        self._look_at_capacity()
        self._known_as.clear()
        return True

    def run(self, day: int, *, is_learned: bool) -> Made:
        """Plan all who wait, then schedule those whose car comes into the frozen zone.

        `is_learned` says that the run answers to something new about the capacity.
        """
        began = time.process_time()
        scenario = self._world.scenario
        numbers, orders = self._orders()
        frozen_until = min(day + scenario.build.frozen_days, self._grid.days)
        task = Task(
            capacity_digest=self._capacity.digest,
            grid=self._grid,
            signatures=tuple(self._signatures.all),
            transport=tuple(self._signatures.transport),
            orders=tuple(orders),
            today=day,
            frozen_until=frozen_until,
        )
        start = without_lost(task) if is_learned else Start(task, {})
        self._lose(numbers[place] for place in start.lost)
        task = ranks_restored(start).task
        made = Made(task, list(numbers), gentle_plan(task))
        self.seconds += time.process_time() - began
        self.runs.append(self._counted(day, made, is_learned=is_learned))
        self._publish(day, made, frozen_until + scenario.build.plan_every_days)
        return made

    def _lose(self, numbers: Iterable[int]) -> None:
        """Forget the slots of scheduled cars that no longer fit."""
        for number in numbers:
            del self.fixed[number]
            self._lost.add(number)
            self._known_as.pop(number, None)

    def _counted(self, day: int, made: Made, *, is_learned: bool) -> Run:
        earlier = later = planned = 0
        for number, planned_day in zip(made.numbers, made.plan.days, strict=True):
            if planned_day < 0:
                continue
            planned += 1
            before = self.planned.get(number)
            if before is not None:
                earlier += planned_day < before.day
                later += planned_day > before.day
        return Run(
            day=day,
            planned=planned,
            earlier=earlier,
            later=later,
            without=len(made.plan.short),
            is_learned=is_learned,
        )

    def _orders(self) -> tuple[list[int], list[PlanOrder]]:
        """Everybody who waits, by rank, as the planner sees them."""
        world = self._world
        self._numbers = [
            number for number in self._numbers if world.orders[number].stage in _WAITING
        ]
        self._numbers.extend(range(self._known, len(world.orders)))
        self._known = len(world.orders)
        known = self._known_as
        return self._numbers, [known.get(number) or self._seen(number) for number in self._numbers]

    def saw(self, seen: Seen) -> None:
        """Notice who comes, who leaves, and who gives a built car up."""
        before = seen.before
        self._known_as.pop(seen.number, None)
        if isinstance(seen.command, Tender):
            self._outcomes.saw(seen, self._world.shop.terms.policy.time_zone)
        if before is None:
            self._take(seen.number, seen.command.received_at)
            return
        if before.stage in _WAITING and seen.order.stage in EXITS:
            self._leave(seen.number)
        if seen.order.stage is Stage.LOCKED and before.stage not in _WAITING:
            self._waits_again(seen.number)

    def saw_rejected(self, command: Command, rejected: Rejected) -> None:
        """A rejection changes no plan."""

    def _waits_again(self, number: int) -> None:
        """A built car was given up, so the order waits for another in its old place."""
        if number not in self._numbers:
            insort(self._numbers, number)

    def _seen(self, number: int) -> PlanOrder:
        """An order for the planner, which knows it as this until something changes."""
        order = self._world.orders[number]
        fixed = self.fixed.get(number) if order.stage is Stage.SCHEDULED else None
        seen = self._known_as[number] = PlanOrder(
            order_id=order.order_id,
            signature=self._signature_of[self._world.chosen[number]],
            hold=_hold(order),
            fixed=fixed,
            current=None if fixed is not None else self.planned.get(number),
            arrives_by=self._last_day(order),
        )
        return seen

    def _last_day(self, order: Order) -> int:
        """The last day of the window that an order was promised, as the grid counts it.

        Thousands are promised windows with the same end.
        """
        ends = order.promise.ends
        found = self._last_days.get(ends)
        if found is None:
            time_zone = self._world.shop.terms.policy.time_zone
            found = self._last_days[ends] = self._grid.index(last_day_of(ends, time_zone))
        return found

    def _publish(self, today: int, made: Made, schedule_until: int) -> None:
        """The days of everybody, and a slot for those who enter the frozen zone until the next."""
        self._of_kind.clear()
        self.book = self._empty_book(self._grid.begins + timedelta(days=today))
        self._stand(made)
        for place_in_task, binding in made.plan.later.items():
            number = made.numbers[place_in_task]
            self._revise(number, today, self.planned[number], binding)
        for number, day in zip(made.numbers, made.plan.days, strict=True):
            if day < 0:
                continue
            if number in self._lost and self._world.orders[number].stage is Stage.SCHEDULED:
                self._fix(number, today, self.planned[number], planned.Reschedule, cause=LEARNED)
            elif day < schedule_until and _can_be_scheduled(self._world.orders[number]):
                self._fix(number, today, self.planned[number], planned.Schedule)

    def _stand(self, made: Made) -> None:
        """Everybody stands where the plan says, and so does the book, a place at a time."""
        for number, line, day in zip(made.numbers, made.plan.lines, made.plan.days, strict=True):
            place = self.planned.get(number)
            if place is None and day < 0:
                continue
            if day < 0:
                del self.planned[number]
            elif place is None or place.day != day or place.line != line:
                self.planned[number] = Place(line, day)
            else:
                continue
            self._known_as.pop(number, None)
        in_book = dict(zip(self._signature_of, self._number_in_book, strict=True))
        standing = cars_by_place(made.task, made.plan.lines, made.plan.days)
        for (signature, line, day), cars in standing.items():
            self.book.fix(in_book[signature], Place(line, day), cars)

    def _revise(self, number: int, today: int, place: Place, binding: Binding) -> None:
        """Tell a buyer whose car comes after the window that was shown."""
        world = self._world
        order = world.orders[number]
        kind = self._signature_of[world.chosen[number]]
        signature, transport = self._signatures.all[kind], self._signatures.transport[kind]
        arrives = place.day + transport[signature.lines.index(place.line)]
        second = today * DAY_S + HOUR_S
        at = world.instant(second)
        begins = world.instant(arrives * DAY_S)
        if begins < order.promise.ends or order.stage not in _CAN_BE_REVISED:
            return
        first = today + world.scenario.build.frozen_days
        possible = self._possible.first_arrival(kind, first)
        foreseen = promised_anew(
            Replanned(
                capacity=self._capacity.digest,
                horizon=self._capacity.ends,
                lane_group=order.configuration.model,
                planned=self._grid.day(place.day),
                plant=self._grid.lines[place.line].plant,
                transport_days=arrives - place.day,
                binding=binding,
                possible_from=None if possible is None else self._grid.day(possible),
            ),
            self._calibration,
            world.shop.terms.policy.time_zone,
            at,
        )
        world.ask(
            planned.RevisePromise,
            number,
            PLANNING,
            second,
            promise=foreseen.window,
            cause=LEARNED,
            reason=foreseen.reason,
        )

    def _fix(
        self, number: int, today: int, place: Place, kind: type[Command], **cause: str
    ) -> None:
        """Give an order a slot of its own, and its car a day on which it is built."""
        world = self._world
        plant = self._grid.lines[place.line].plant
        at = today * DAY_S + HOUR_S
        slot = Slot(plant=plant, week=_week(self._grid.begins + timedelta(days=place.day)))
        step = world.ask(kind, number, PLANNING, at, slot=slot, **cause)
        if isinstance(step, Rejected) and step.reason is not Reason.SLOT_UNCHANGED:
            return
        self.fixed[number] = place
        self._lost.discard(number)
        self._known_as.pop(number, None)
        world.built_on[number] = place.day
        world.agenda.add(place.day * DAY_S + 8 * HOUR_S, "build", number)


def _hold(order: Order) -> Hold | None:
    """Why an order cannot enter the frozen zone now, as the planner names it."""
    if order.deferral is not None:
        return Hold.DEFERRED
    if order.stage is Stage.RESERVED:
        return Hold.UNPAID
    if order.stage is Stage.DEPOSITED:
        return Hold.COOLING_OFF
    return Hold.ANSWER_OPEN if order.deferral_request is not None else None


def _can_be_scheduled(order: Order) -> bool:
    return order.stage is Stage.LOCKED and order.deferral is None


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
