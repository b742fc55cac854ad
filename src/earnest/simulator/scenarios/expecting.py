"""What a case can expect of an order, subject by subject, and where each looks.

Not here: exits and money (`expecting_money.py`), and judging a claim (`running.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec import inspect

from earnest.core.order.effective import what_decided
from earnest.core.order.events import EVENTS, Event
from earnest.core.order.evolve import evolve
from earnest.core.order.lateness import is_late
from earnest.core.order.stage import Stage
from earnest.core.order.state import Order
from earnest.core.terms.effective import Decided, Source
from earnest.core.terms.override import OverrideField
from earnest.core.terms.policy import Policy
from earnest.core.timers import DeadlineKind, deadlines
from earnest.core.values.instant import Instant
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.case import Claim, Seen
from earnest.simulator.scenarios.claiming import Claiming, Look
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.meaning import info_of, struct_info
from earnest.simulator.scenarios.provisions import rules_of_events
from earnest.simulator.scenarios.view import View
from earnest.simulator.scenarios.written import Written

Reader = Callable[[Claiming, Written], Iterator[Claim]]

HAPPENED = "happened"
DID_NOT_HAPPEN = "did not happen"

_EVENTS: dict[str, type[Event]] = {each.__name__: each for each in EVENTS}


def decided_by(view: View, read: Callable[[Order], object]) -> str:
    """The event that made something of an order what it is now, with the rule told with it."""
    order: Order | None = None
    before: object = None
    deciding: Event | None = None
    for event in view.events:
        order = evolve(order, event)
        after = read(order)
        if deciding is None or after != before:
            deciding, before = event, after
    if deciding is None:
        return ""
    rules = rules_of_events([deciding], view.policy)
    name = type(deciding).__name__
    return f"{name} ({rules})" if rules else name


def of_order(read: Callable[[Order], object]) -> Look:
    """Look at an order as it stands."""

    def look(view: View) -> Seen:
        assert view.order is not None, "the runner asks only once there is an order"
        return Seen(value=read(view.order), rule=decided_by(view, read))

    return look


def stage(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Where the order stands."""
    yield from claiming.claim(written, "stage", Stage, of_order(lambda order: order.stage))


def rank(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """The place in the queue."""
    yield from claiming.claim(written, "rank", int, of_order(lambda order: order.rank))


def late(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Whether the seller is late."""

    def look(view: View) -> Seen:
        assert view.order is not None, "the runner asks only once there is an order"
        return Seen(value=is_late(view.order, view.at), rule="CN-12")

    yield from claiming.claim(written, "late", bool, look)


def terms(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """The version of the terms that runs for the order."""

    def look(view: View) -> Seen:
        assert view.facts is not None, "the runner asks only once there is an order"
        return Seen(value=view.facts.terms.version, rule="CN-09")

    yield from claiming.claim(written, "terms", str, look)


def policy(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Numbers of the policy that runs for the order."""
    known = {each.name: each for each in struct_info(Policy).fields}
    for name, each in keys.table(written, claiming.faults, known).items():

        def look(view: View, name: str = name) -> Seen:
            assert view.policy is not None, "the runner asks only once there is an order"
            return Seen(value=getattr(view.policy, name), rule=_source(view, name))

        yield from claiming.claim_info(each, f"policy.{name}", known[name].type, look)


def _decided(view: View) -> dict[str, Decided]:
    """Every number that can be agreed otherwise, with what decided it."""
    assert view.order is not None, "the runner asks only once there is an order"
    assert view.facts is not None, "an order has its facts"
    found = what_decided(view.order, view.facts.terms.policy, view.at)
    return {each.field.value: each for each in found}


def _source(view: View, name: str) -> str:
    """What a number comes from: the terms by their version, a promise or an agreement."""
    assert view.facts is not None, "an order has its facts"
    decided = _decided(view).get(name)
    if decided is None or decided.source is Source.STANDARD:
        return f"terms {view.facts.terms.version}"
    return f"{decided.source} {decided.number} (CN-05)"


def came_from(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """What decided a number: `standard`, `public_promise` or `agreement`."""
    for name, each in keys.table(written, claiming.faults, tuple(OverrideField)).items():

        def look(view: View, name: str = name) -> Seen:
            return Seen(value=_decided(view)[name].source, rule=_source(view, name))

        yield from claiming.claim(each, f"decided_by.{name}", Source, look)


def events(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Events that happened to the order so far."""
    yield from _events(claiming, written, "events", HAPPENED, _has_happened)


def no_events(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Events that did not happen to the order so far."""
    yield from _events(claiming, written, "events", DID_NOT_HAPPEN, _has_happened)


def told(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Events about which the buyer was written to."""
    yield from _events(claiming, written, "told", HAPPENED, _was_told)


def not_told(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Events about which the buyer was not written to."""
    yield from _events(claiming, written, "told", DID_NOT_HAPPEN, _was_told)


def _has_happened(view: View, name: str) -> bool:
    return any(type(each).__name__ == name for each in view.events)


def _was_told(view: View, name: str) -> bool:
    return name in view.told


def _events(
    claiming: Claiming,
    written: Written,
    subject: str,
    expected: str,
    is_so: Callable[[View, str], bool],
) -> Iterator[Claim]:
    """Claims about events by name; that one happened and did not is one subject said twice."""
    for each in keys.items(written, claiming.faults):
        name = keys.word(each, tuple(_EVENTS), claiming.faults, FaultCode.EXPECTATION_UNKNOWN)
        if name is None:
            continue

        def look(view: View, name: str = name) -> Seen:
            caused = [event for event in view.events if type(event).__name__ == name]
            return Seen(
                value=HAPPENED if is_so(view, name) else DID_NOT_HAPPEN,
                rule=rules_of_events(caused, view.policy) or name,
            )

        yield claiming.exactly(each, f"{subject}.{name}", expected, look)


def open_cases(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """The subjects of the cases that are open, in the order of their opening."""
    yield from claiming.claim(
        written,
        "open_cases",
        tuple[str, ...],
        of_order(lambda order: tuple(each.subject for each in order.cases if each.is_open)),
    )


def due(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Deadlines of the order: the next one of each kind, or nothing."""
    kinds = tuple(DeadlineKind)
    for name, each in keys.table(written, claiming.faults, kinds).items():

        def look(view: View, name: str = name) -> Seen:
            assert view.order is not None, "the runner asks only once there is an order"
            assert view.facts is not None, "an order has its facts"
            policy = view.facts.terms.policy

            def first(order: Order) -> Instant | None:
                found = sorted(
                    each.due_at for each in deadlines(order, policy) if each.kind == name
                )
                return found[0] if found else None

            return Seen(value=first(view.order), rule=decided_by(view, first))

        yield from claiming.claim(each, f"deadlines.{name}", Instant | None, look)


def facts(claiming: Claiming, written: Written) -> Iterator[Claim]:
    """Anything else the order holds, by its name: `contested.missing`, `demands.last.cure_until`.

    `last` and numbers from 1 choose from a list; a fact of something that is not there is nothing.
    """
    for name, each in keys.table(written, claiming.faults, None).items():
        path = tuple(name.split("."))
        info = _type_at(info_of(Order), path)
        if info is None:
            known = [field.name for field in struct_info(Order).fields]
            claiming.faults.add(
                each,
                FaultCode.EXPECTATION_UNKNOWN,
                f"An order has no `{name}`. {did_you_mean(path[0], known)}",
            )
            continue
        yield from claiming.claim_info(
            each, f"facts.{name}", info, of_order(partial(_value_at, path))
        )


def _type_at(info: inspect.Type, path: tuple[str, ...]) -> inspect.Type | None:
    """The type that a path through an order leads to; nothing may stand there as well."""
    if not path:
        if isinstance(info, inspect.UnionType | inspect.NoneType):
            return info
        return inspect.UnionType((info, inspect.NoneType()))
    step, rest = path[0], path[1:]
    if isinstance(info, inspect.UnionType):
        inner = [_type_at(each, path) for each in info.types]
        return next((each for each in inner if each is not None), None)
    if isinstance(info, inspect.StructType):
        found = next((each.type for each in info.fields if each.encode_name == step), None)
        return None if found is None else _type_at(found, rest)
    if isinstance(info, inspect.VarTupleType) and (step == "last" or step.isdecimal()):
        return _type_at(info.item_type, rest)
    return None


def _value_at(path: tuple[str, ...], value: Any) -> object:  # noqa: ANN401 - parts of any kind
    """What stands at the end of a path; nothing when a part of it is not there."""
    for step in path:
        if value is None:
            return None
        if isinstance(value, tuple):
            number = len(value) if step == "last" else int(step)
            value = value[number - 1] if 0 < number <= len(value) else None
        else:
            value = getattr(value, step)
    return value


SUBJECTS: dict[str, Reader] = {
    "stage": stage,
    "rank": rank,
    "late": late,
    "terms": terms,
    "policy": policy,
    "decided_by": came_from,
    "events": events,
    "no_events": no_events,
    "told": told,
    "not_told": not_told,
    "open_cases": open_cases,
    "deadlines": due,
    "facts": facts,
}
"""Everything about an order that is not money. Each docstring is also the schema's."""
