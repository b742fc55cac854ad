"""Executing a case: time passes, steps are asked, and what is claimed is looked for.

Not here: how results are shown (`report.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import fields

from earnest.core.order.commands import Command, Reserve
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.simulator.scenarios.carrying import moves
from earnest.simulator.scenarios.case import (
    UNKNOWN,
    Case,
    Certainty,
    Expectation,
    Step,
)
from earnest.simulator.scenarios.claiming import holds
from earnest.simulator.scenarios.completing import Known, as_shown, complete
from earnest.simulator.scenarios.fault import Fault, FaultCode, Impossible
from earnest.simulator.scenarios.meaning import AS_SHOWN
from earnest.simulator.scenarios.people import actor_of
from earnest.simulator.scenarios.provisions import rules_of_events, rules_of_reason
from earnest.simulator.scenarios.shown import shown
from earnest.simulator.scenarios.steps import BASE_FIELDS
from earnest.simulator.scenarios.world import BEGINNING, World, key_of

_NOISE = frozenset({"stage", "command"})
"""Details of a rejection that the line of the report says anyway."""


class Verdict(StrEnum):
    """What became of one expectation."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the report: expected, got, the rule that decided, and the verdict.

    `at` is None for what is expected of terms alone, which have no date.
    """

    line: int
    at: Instant | None
    subject: str
    expected: str
    got: str
    rule: str
    verdict: Verdict


class CaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """A case with everything that came of it."""

    case: Case
    results: tuple[Result, ...]
    fault: Fault | None = None

    def count(self, verdict: Verdict) -> int:
        """How many expectations came out so."""
        return sum(each.verdict is verdict for each in self.results)

    @property
    def passed(self) -> bool:
        """Whether nothing failed; what is open cannot."""
        return self.fault is None and self.count(Verdict.FAILED) == 0


async def run_case(case: Case) -> CaseResult:
    """Execute one case from its beginning to its last date."""
    results: list[Result] = []
    try:
        async with World.open(case.given) as world:
            running = _Running(case, world)
            for moment in _timeline(case):
                results.extend(await running.at(moment))
    except Impossible as impossible:
        return CaseResult(case=case, results=tuple(results), fault=impossible.fault)
    return CaseResult(case=case, results=tuple(results))


_Moment = tuple[Instant, Step | Expectation]


def _timeline(case: Case) -> list[_Moment]:
    """Steps and expectations by date; at one date first what happens, then what is expected."""
    dates = [each.at for each in case.steps]
    dates += [each.at for each in case.expectations if each.at is not None]
    end = max(dates, default=BEGINNING)
    moments: list[_Moment] = [(each.at, each) for each in case.steps]
    moments += [(each.at or end, each) for each in case.expectations]
    return sorted(moments, key=lambda each: (each[0], isinstance(each[1], Expectation)))


class _Running:
    """One case in its world."""

    def __init__(self, case: Case, world: World) -> None:
        self._case = case
        self._world = world
        self._asked = 0
        self._digits = case.given.tongue.digits
        self._time_zone = case.given.tongue.time_zone

    async def at(self, moment: _Moment) -> list[Result]:
        """Let time come to a moment, then carry out its step or look for what is claimed."""
        instant, what = moment
        await self._world.advance(instant)
        if isinstance(what, Expectation):
            return list(self._claims(what, instant))
        if what.command is None:
            return [await self._fact(what)]
        return [await self._step(what, what.command)]

    async def _step(self, step: Step, command: type[Command]) -> Result:
        before = self._world.order(step.order)
        answer = await self._ask(step, command, step.fields)
        expected = "accepted" if step.rejected is None else f"rejected: {step.rejected}"
        if step.leads_to is not None:
            expected = f"accepted: {', '.join(step.leads_to) or 'nothing'}"
        held = (
            answer.reason == step.rejected
            if step.leads_to is None
            else answer.reason is None and answer.events == step.leads_to
        )
        if not held and answer.reason is Reason.ORDER_OVER:
            assert before is not None, "only an order can be over"
            raise self._impossible(
                step,
                FaultCode.AFTER_THE_END,
                f"The order ended before this step, at the stage {before.stage}; leave the step "
                "out, or write `rejected: order_over` if that is what you mean to show.",
            )
        return self._result(step, expected, answer, held=held)

    async def _fact(self, step: Step) -> Result:
        """A fact holds when every command on its way is accepted."""
        answer: Answer | None = None
        for move in moves(step.name, lambda: self._world.order(step.order)):
            actor = actor_of(str(move.role), key_of(step.order).buyer_id)
            played = msgspec.structs.replace(step, actor=actor)
            answer = await self._ask(played, move.command, move.fields)
            if answer.reason is not None:
                break
        if answer is None:
            raise self._impossible(
                step,
                FaultCode.NOTHING_TO_FILL_IN,
                "Nothing is left to do for this: the order is past it, or never gets there from "
                "where it stands.",
            )
        return self._result(step, "accepted", answer, held=answer.reason is None)

    async def _ask(self, step: Step, command: type[Command], written: dict[str, object]) -> Answer:
        self._asked += 1
        key = f"step {self._asked}"
        order = self._world.order(step.order)
        if command is Reserve and order is not None:
            raise self._impossible(
                step,
                FaultCode.ORDER_REPEATED,
                f"{step.order.capitalize()} is reserved already; name another with `order:`.",
            )
        view = self._world.view(step.order)
        known = Known(
            given=self._case.given,
            at=step.at,
            key=key,
            command=command,
            written=written,
            order=order,
            policy=view.policy or self._case.given.offered(step.at).terms.policy,
            others=self._world.others(step.order),
        )
        values: dict[str, Any] = {
            name: self._acknowledged(step, known) if value is AS_SHOWN else value
            for name, value in written.items()
        }
        for field in fields(command):
            if field.name in values or field.name in BASE_FIELDS or not field.required:
                continue
            value = complete(field.name, known)
            if value is not None:
                values[field.name] = value
            else:
                raise self._impossible(
                    step,
                    FaultCode.NOTHING_TO_FILL_IN,
                    f"Nothing about the order says which `{field.encode_name}` is meant; write it.",
                )
        buyer_id, order_id = self._world.identity(step.order)
        assert step.actor is not None, "a fact has given its move an actor"
        return await self._world.ask(
            command(
                buyer_id=buyer_id,
                order_id=order_id,
                actor=step.actor,
                key=key,
                received_at=step.at,
                **values,
            )
        )

    def _acknowledged(self, step: Step, known: Known) -> Acknowledgement:
        shown_text = as_shown(known)
        if shown_text is None:
            raise self._impossible(
                step,
                FaultCode.NOTHING_TO_FILL_IN,
                "This step is about no text of its own; name the clause that is accepted.",
            )
        return shown_text

    def _result(self, step: Step, expected: str, answer: Answer, *, held: bool) -> Result:
        if answer.reason is None:
            view = self._world.view(step.order)
            events = view.events
            caused = events[len(events) - len(answer.events) :] if answer.events else ()
            got = f"accepted: {', '.join(answer.events) or 'nothing'}"
            rule = rules_of_events(caused, view.policy) or ", ".join(answer.events)
        else:
            details = ", ".join(
                f"{key} {value}" for key, value in answer.details.items() if key not in _NOISE
            )
            got = f"rejected: {answer.reason}" + (f" ({details})" if details else "")
            rule = rules_of_reason(answer.reason, step.name)
        return Result(
            line=step.line,
            at=step.at,
            subject=step.name,
            expected=expected,
            got=got,
            rule=rule,
            verdict=self._verdict(held=held),
        )

    def _claims(self, expectation: Expectation, at: Instant) -> Iterator[Result]:
        view = self._world.view(expectation.order)
        for claim in expectation.claims:
            if view.order is None and claim.needs_order:
                raise Impossible(
                    Fault(
                        file=self._case.file,
                        line=claim.line,
                        key=claim.key,
                        code=FaultCode.ORDER_UNKNOWN,
                        message=f"There is no such order at that date: the reservation of "
                        f"{expectation.order} was rejected.",
                    )
                )
            seen = claim.look(view)
            unknown = claim.expected is UNKNOWN
            yield Result(
                line=claim.line,
                at=at if claim.needs_order else None,
                subject=claim.subject,
                expected=self._shown(claim.expected),
                got=self._shown(seen.value),
                rule=seen.rule,
                verdict=Verdict.OPEN
                if unknown
                else self._verdict(held=holds(claim.expected, seen)),
            )

    def _shown(self, value: object) -> str:
        return shown(value, self._digits, self._time_zone)

    def _verdict(self, *, held: bool) -> Verdict:
        """What is open is reported and never asserted."""
        if self._case.certainty is Certainty.OPEN:
            return Verdict.OPEN
        return Verdict.PASSED if held else Verdict.FAILED

    def _impossible(self, step: Step, code: FaultCode, message: str) -> Impossible:
        return Impossible(
            Fault(file=self._case.file, line=step.line, key=step.key, code=code, message=message)
        )
