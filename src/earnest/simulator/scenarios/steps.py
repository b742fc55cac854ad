"""The dated steps of a case: somebody's command by the name the API gives it, or a plain fact.

Commands, their fields and who may ask them are read from the core, so that a command which does
not exist yet can be written without a change here. Not here: carrying them out (`running.py`).
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import structs

from earnest.core.order.actor import Role
from earnest.core.order.authority import AUTHORITY
from earnest.core.order.commands import COMMANDS, Command, RecordPayment, Reserve
from earnest.core.order.events import EVENTS
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.carrying import FACTS
from earnest.simulator.scenarios.case import THE_ORDER, Given, Step
from earnest.simulator.scenarios.completing import FILLED_IN
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.meaning import Meaning, struct_info
from earnest.simulator.scenarios.people import MACHINES, PEOPLE, TIME, actor_of
from earnest.simulator.scenarios.world import BEGINNING, key_of
from earnest.simulator.scenarios.written import Faults, Written

STEP_KEYS = ("at", "by", "order", "rejected", "leads_to")
BASE_FIELDS = tuple(each.name for each in structs.fields(Command))
NEVER = "never"

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def kebab(name: str) -> str:
    """A class name as the API writes it: `CancelByBuyer` is `cancel-by-buyer`."""
    return _CAPITAL.sub("-", name).lower()


COMMAND_NAMES: dict[str, type[Command]] = {kebab(each.__name__): each for each in COMMANDS}
"""Every command by the name the API gives it."""

EVENT_NAMES = tuple(each.__name__ for each in EVENTS)


class Steps:
    """Reads the steps of one case."""

    def __init__(self, given: Given, faults: Faults) -> None:
        """Read in the tongue of what is given, into these faults."""
        self._given = given
        self._faults = faults
        self._time_zone = given.tongue.time_zone

    def first(self, known: dict[str, Written]) -> list[Step]:
        """The reservation and the deposit, which nearly every case begins with."""
        ordered = known.get("ordered")
        paid = known.get("paid")
        if ordered is None:
            if paid is not None:
                self._faults.add(
                    paid, FaultCode.KEY_MISSING, "`ordered` is missing; it comes before `paid`."
                )
            return []
        # A date that makes no sense is a fault already; the order is there nevertheless.
        at = keys.when(ordered, self._time_zone, self._faults) or BEGINNING
        steps = [self._plain(ordered, at, Reserve, str(Role.BUYER))]
        if paid is not None and paid.value == NEVER:
            return steps
        paid_at = at if paid is None else keys.when(paid, self._time_zone, self._faults)
        if paid_at is not None and paid_at < at:
            assert paid is not None, "without a date of its own the deposit is paid at once"
            self._faults.add(
                paid, FaultCode.DATE_OUT_OF_ORDER, "A deposit is paid after the order was made."
            )
        elif paid_at is not None:
            steps.append(self._plain(paid or ordered, paid_at, RecordPayment, str(Role.PROVIDER)))
        return steps

    def _plain(self, written: Written, at: Instant, command: type[Command], by: str) -> Step:
        return Step(
            line=written.line,
            key=written.key,
            at=at,
            order=THE_ORDER,
            name=kebab(command.__name__),
            actor=actor_of(by, key_of(THE_ORDER).buyer_id),
            command=command,
        )

    def all(self, written: Written | None) -> list[Step]:
        """The steps of `when`, which stand in the order of their dates."""
        steps: list[Step] = []
        for each in keys.items(written, self._faults):
            step = self._step(each)
            if step is None:
                continue
            if steps and step.at < steps[-1].at:
                self._faults.add(
                    each,
                    FaultCode.DATE_OUT_OF_ORDER,
                    f"This step comes before the one in line {steps[-1].line}; put the steps in "
                    "the order of their dates.",
                )
            steps.append(step)
        return steps

    def _step(self, written: Written) -> Step | None:
        known = keys.table(written, self._faults, None)
        names = [key for key in known if key not in STEP_KEYS]
        if len(names) != 1:
            self._faults.add(
                written,
                FaultCode.COMMAND_MISSING if not names else FaultCode.VALUE_AMBIGUOUS,
                "A step has a date and one command or fact, such as `demand-balance: {}`; "
                + ("there is none." if not names else f"here are {', '.join(names)}."),
            )
            return None
        at_written = keys.needed(known, "at", written, self._faults, "every step has a date.")
        at = None if at_written is None else keys.when(at_written, self._time_zone, self._faults)
        if at is None:
            return None
        order = keys.text(known["order"], self._faults) if "order" in known else THE_ORDER
        return self._named(names[0], known, at, order)

    def _named(self, name: str, known: dict[str, Written], at: Instant, order: str) -> Step | None:
        if name in FACTS:
            return self._fact(name, known, at, order)
        command = COMMAND_NAMES.get(name)
        if command is None:
            self._faults.add(
                known[name],
                FaultCode.COMMAND_UNKNOWN,
                f"There is no command or fact `{name}`. "
                f"{did_you_mean(name, (*COMMAND_NAMES, *FACTS))}",
            )
            return None
        by = self._by(known.get("by"), command, known[name])
        fields = self._fields(known[name], command, at)
        if by is None or fields is None:
            return None
        return Step(
            line=known[name].line,
            key=known[name].key,
            at=at,
            order=order,
            name=name,
            actor=actor_of(by, key_of(order).buyer_id),
            command=command,
            fields=fields,
            rejected=self._rejected(known),
            leads_to=self._leads_to(known),
        )

    def _fact(self, name: str, known: dict[str, Written], at: Instant, order: str) -> Step:
        for key in ("by", "rejected", "leads_to"):
            if key in known:
                self._faults.add(
                    known[key],
                    FaultCode.KEY_UNKNOWN,
                    f"`{name}` is a fact and has no `{key}`; write the commands out instead.",
                )
        keys.table(known[name], self._faults, ())
        return Step(line=known[name].line, key=known[name].key, at=at, order=order, name=name)

    def _by(self, written: Written | None, command: type[Command], named: Written) -> str | None:
        if written is not None:
            return keys.word(written, PEOPLE, self._faults, FaultCode.ACTOR_UNKNOWN)
        may = AUTHORITY[command.__name__]
        people = may - MACHINES or may
        if len(people) == 1:
            (role,) = people
            return TIME if role is Role.TIMER else str(role)
        self._faults.add(
            named,
            FaultCode.ACTOR_AMBIGUOUS,
            f"Several people may ask this; say who did: by: {' | '.join(sorted(people))}.",
        )
        return None

    def _fields(
        self, written: Written, command: type[Command], at: Instant
    ) -> dict[str, Any] | None:
        if written.value is None:
            written = structs.replace(written, value={})
        if not isinstance(written.value, dict):
            self._faults.add(
                written,
                FaultCode.VALUE_MALFORMED,
                f"Write the fields of the command here, {{}} if there is nothing to say, not "
                f"{written.form}.",
            )
            return None
        filled_in = dict.fromkeys(FILLED_IN)
        meaning = Meaning(self._given.tongue, self._faults, at)
        return meaning.fields(written, struct_info(command), filled_in, BASE_FIELDS)

    def _rejected(self, known: dict[str, Written]) -> Reason | None:
        if "rejected" not in known:
            return None
        reason = keys.word(known["rejected"], tuple(Reason), self._faults, FaultCode.REASON_UNKNOWN)
        if "leads_to" in known:
            self._faults.add(
                known["leads_to"],
                FaultCode.VALUE_CONTRADICTORY,
                "What is rejected leads to nothing; write either `rejected` or `leads_to`.",
            )
        return reason

    def _leads_to(self, known: dict[str, Written]) -> tuple[str, ...] | None:
        if "leads_to" not in known:
            return None
        code = FaultCode.EXPECTATION_UNKNOWN
        names = [
            keys.word(each, EVENT_NAMES, self._faults, code)
            for each in keys.items(known["leads_to"], self._faults)
        ]
        return tuple(each for each in names if each is not None)
