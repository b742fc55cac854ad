"""Finding case files, and running all of them.

Not here: what a file says (`reading.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from earnest.simulator.scenarios.fault import Fault, FaultCode
from earnest.simulator.scenarios.reading import Read, read_file
from earnest.simulator.scenarios.running import CaseResult, Verdict, run_case

SUFFIXES = (".yaml", ".yml")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that came of some files."""

    results: tuple[CaseResult, ...]
    faults: tuple[Fault, ...]

    @property
    def failed(self) -> bool:
        """Whether any expectation failed."""
        return any(each.count(Verdict.FAILED) for each in self.results)

    def count(self, verdict: Verdict) -> int:
        """How many expectations of all cases came out so."""
        return sum(each.count(verdict) for each in self.results)


def case_files(paths: Iterable[Path]) -> tuple[list[Path], list[Fault]]:
    """The case files that some paths name; a folder stands for all that lie below it."""
    found: list[Path] = []
    faults = []
    for path in paths:
        named = [path]
        if path.is_dir():
            named = sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES)
        if not named or not named[0].exists():
            faults.append(
                Fault(
                    file=str(path),
                    line=1,
                    key="",
                    code=FaultCode.FILE_UNREADABLE,
                    message=f"There is no case file here; they end in {' or '.join(SUFFIXES)}.",
                )
            )
            continue
        found.extend(each for each in named if each not in found)
    return found, faults


def read_all(files: Iterable[Path]) -> Read:
    """Read all files. A case's id names it everywhere, so no two cases share one."""
    cases = []
    faults: list[Fault] = []
    places: dict[str, str] = {}
    for file in files:
        read = read_file(file)
        faults.extend(read.faults)
        for case in read.cases:
            place = f"{case.file}:{case.line}"
            if places.setdefault(case.id, place) != place:
                faults.append(
                    Fault(
                        file=case.file,
                        line=case.line,
                        key="id",
                        code=FaultCode.CASE_REPEATED,
                        message=f"{case.id} is the case in {places[case.id]}; give this another "
                        "id.",
                    )
                )
            else:
                cases.append(case)
    return Read(tuple(cases), tuple(faults))


async def run_all(read: Read, progress: Callable[[CaseResult], None]) -> Report:
    """Run every case in a world of its own; `progress` hears of each."""
    results = []
    for case in read.cases:
        result = await run_case(case)
        progress(result)
        results.append(result)
    impossible = tuple(each.fault for each in results if each.fault is not None)
    return Report(results=tuple(results), faults=(*read.faults, *impossible))
