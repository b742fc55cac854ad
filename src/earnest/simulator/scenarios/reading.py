"""Reading case files: from a text with lines to cases that can be executed, or to their faults.

Not here: finding the files (`files.py`) and executing a case (`running.py`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from earnest.core.terms.packs.registry import RULES
from earnest.core.values.instant import Instant
from earnest.simulator.scenarios import keys
from earnest.simulator.scenarios.case import (
    THE_ORDER,
    Case,
    Certainty,
    Claim,
    Expectation,
    Given,
    Step,
)
from earnest.simulator.scenarios.claiming import Claiming
from earnest.simulator.scenarios.expecting import SUBJECTS
from earnest.simulator.scenarios.expecting_money import MONEY_SUBJECTS
from earnest.simulator.scenarios.expecting_terms import TERMS_SUBJECTS
from earnest.simulator.scenarios.fault import Fault, FaultCode
from earnest.simulator.scenarios.given import GivenReader
from earnest.simulator.scenarios.shelf import Shelf
from earnest.simulator.scenarios.steps import COMMAND_NAMES, Steps
from earnest.simulator.scenarios.written import Faults, Written, read_yaml

CASE_KEYS = ("id", "title", "source", "certainty", "rules", "notes", "given", "when", "then")
EXPECTATION_KEYS = ("at", "order")
ALL_SUBJECTS = {**SUBJECTS, **MONEY_SUBJECTS, **TERMS_SUBJECTS}
END = "end"
RESERVE = COMMAND_NAMES["reserve"]


class Read(msgspec.Struct, frozen=True):
    """What was read of one file: its cases that can be executed, and the faults of the others."""

    cases: tuple[Case, ...]
    faults: tuple[Fault, ...]


def read_file(path: Path) -> Read:
    """Read one case file."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        unreadable = Fault(
            file=name,
            line=1,
            key="",
            code=FaultCode.FILE_UNREADABLE,
            message=f"The file cannot be read: {error}.",
        )
        return Read((), (unreadable,))
    return read_text(text, name, path.parent)


def read_text(text: str, name: str, folder: Path) -> Read:
    """Read the text of a case file. Documents it names are looked for from the folder."""
    faults = Faults(name)
    root = read_yaml(text, faults)
    if root is None:
        return Read((), tuple(faults.found))
    cases: list[Case] = []
    for written in _written_cases(root, faults):
        own = Faults(name)
        case = _case(written, Shelf(folder, own), own)
        faults.found.extend(own.found)
        if case is not None and not own.found:
            cases.append(case)
    return Read(tuple(cases), tuple(faults.found))


def _written_cases(root: Written, faults: Faults) -> list[Written]:
    """The cases of a file: those under `cases`, or the one that the file is."""
    if isinstance(root.value, dict) and "id" in root.value:
        return [root]
    known = keys.table(root, faults, ("cases",))
    found = keys.items(known.get("cases"), faults)
    if not found and not faults.found:
        faults.add(
            root,
            FaultCode.NOTHING_TO_RUN,
            "There is no case here; write them as a list under `cases:`.",
        )
    return found


def _case(written: Written, shelf: Shelf, faults: Faults) -> Case | None:
    known = keys.table(written, faults, CASE_KEYS)
    texts = {
        key: keys.text(each, faults)
        for key in ("id", "title", "source")
        if (each := keys.needed(known, key, written, faults, "every case has one.")) is not None
    }
    certainty_written = keys.needed(
        known, "certainty", written, faults, f"one of {', '.join(Certainty)}."
    )
    certainty = None
    if certainty_written is not None:
        certainty = keys.word(
            certainty_written, tuple(Certainty), faults, FaultCode.VALUE_MALFORMED
        )
    given_written = keys.needed(known, "given", written, faults, "write what the case starts from.")
    then = keys.needed(known, "then", written, faults, "write what is expected.")
    if given_written is None or then is None:
        return None
    runs = "when" in known or "ordered" in keys.table(given_written, Faults(faults.file), None)
    given = GivenReader(shelf, faults).read(given_written, runs=runs)
    if given is None or certainty is None or len(texts) < 3:  # noqa: PLR2004 - the three above
        return None
    steps = _steps(known, given_written, given, faults)
    return Case(
        file=faults.file,
        line=written.line,
        id=texts["id"],
        title=texts["title"],
        source=texts["source"],
        certainty=certainty,
        rules=_rules(known.get("rules"), faults),
        given=given,
        steps=tuple(steps),
        expectations=tuple(_expectations(then, given, steps, faults)),
    )


def _rules(written: Written | None, faults: Faults) -> tuple[str, ...]:
    """The rules of law that a case is about."""
    words = [
        keys.word(each, tuple(RULES), faults, FaultCode.RULE_UNKNOWN)
        for each in keys.items(written, faults)
    ]
    return tuple(each for each in words if each is not None)


def _steps(
    known: dict[str, Written], given_written: Written, given: Given, faults: Faults
) -> list[Step]:
    """All steps in the order of their dates; every order is reserved before anything else."""
    reading = Steps(given, faults)
    first = reading.first(keys.table(given_written, faults, None))
    steps = sorted([*first, *reading.all(known.get("when"))], key=lambda each: each.at)
    reserved: set[str] = set()
    for step in steps:
        if step.command is RESERVE:
            reserved.add(step.order)
        elif step.order not in reserved:
            faults.add_at(
                step.line,
                step.key,
                FaultCode.ORDER_UNKNOWN,
                f"{step.order.capitalize()} is not reserved before this step; write `ordered:` "
                "with its date under `given:`, or a step `reserve: {}` of that order.",
            )
    return steps


def _expectations(
    then: Written, given: Given, steps: list[Step], faults: Faults
) -> list[Expectation]:
    """What is expected, at its dates; the same thing is not expected twice with two values."""
    listed = then.value if isinstance(then.value, list) else [then]
    found = [
        expectation
        for each in listed
        if (expectation := _expectation(each, given, steps, faults)) is not None
    ]
    said: dict[tuple[Instant | None, str, str], Claim] = {}
    for expectation in found:
        for claim in expectation.claims:
            place = (expectation.at, expectation.order, claim.subject)
            before = said.setdefault(place, claim)
            if before.expected != claim.expected:
                faults.add_at(
                    claim.line,
                    claim.key,
                    FaultCode.EXPECTATIONS_CONTRADICT,
                    f"Line {before.line} expects something else of the same thing at the same "
                    "time; keep one.",
                )
    return found


def _expectation(
    written: Written, given: Given, steps: list[Step], faults: Faults
) -> Expectation | None:
    known = keys.table(written, faults, (*EXPECTATION_KEYS, *ALL_SUBJECTS))
    at: Instant | None = None
    if "at" in known and known["at"].value != END:
        at = keys.when(known["at"], given.tongue.time_zone, faults, whole_day=True)
        if at is None:
            return None
    order = keys.text(known["order"], faults) if "order" in known else THE_ORDER
    claiming = Claiming(given.tongue, faults)
    claims = [
        claim
        for subject, each in known.items()
        if subject in ALL_SUBJECTS
        for claim in ALL_SUBJECTS[subject](claiming, each)
    ]
    if any(claim.needs_order for claim in claims):
        _check_order(written, at, order, known, steps, faults)
    if not claims and not faults.found:
        faults.add(
            written,
            FaultCode.KEY_MISSING,
            f"Nothing is expected here; there are: {', '.join(sorted(ALL_SUBJECTS))}.",
        )
    return Expectation(line=written.line, key=written.key, at=at, order=order, claims=tuple(claims))


def _check_order(
    written: Written,
    at: Instant | None,
    order: str,
    known: dict[str, Written],
    steps: list[Step],
    faults: Faults,
) -> None:
    """Something is expected of an order only once it is reserved."""
    reserved = [each.at for each in steps if each.command is RESERVE and each.order == order]
    if not reserved:
        faults.add(
            known.get("order", written),
            FaultCode.ORDER_UNKNOWN,
            f"No step reserves {order}; there is nothing to expect of it.",
        )
    elif at is not None and at < reserved[0]:
        faults.add(
            known["at"],
            FaultCode.EXPECTATION_BEFORE_ORDER,
            "At that date there is no order yet; expect it later.",
        )
