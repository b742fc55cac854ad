"""Reading tables with known keys: which there are, which are missing, which contradict.

Not here: values of the core's types (`meaning.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from earnest.core.values.instant import Instant, end_of_day_after
from earnest.simulator.scenarios import moments
from earnest.simulator.scenarios.fault import FaultCode, did_you_mean
from earnest.simulator.scenarios.written import Faults, Written

Word = TypeVar("Word", bound=str)


def table(written: Written, faults: Faults, known: Collection[str] | None) -> dict[str, Written]:
    """The keys of a table; those that are not known are faults and left out.

    `known` is None where any key may stand.
    """
    if written.value is None:
        return {}
    if not isinstance(written.value, dict):
        faults.add(
            written,
            FaultCode.VALUE_MALFORMED,
            f"Write a table of keys here, not {written.form}."
            + (f" There are: {', '.join(sorted(known))}." if known is not None else ""),
        )
        return {}
    values = {}
    for key, each in written.value.items():
        if known is None or key in known:
            values[key] = each
        else:
            faults.add(
                each, FaultCode.KEY_UNKNOWN, f"`{key}` is not known. {did_you_mean(key, known)}"
            )
    return values


def items(written: Written | None, faults: Faults) -> list[Written]:
    """The items of a list; nothing written is an empty one."""
    if written is None or written.value is None:
        return []
    if isinstance(written.value, list):
        return written.value
    faults.add(written, FaultCode.VALUE_MALFORMED, f"Write a list here, not {written.form}.")
    return []


def text(written: Written, faults: Faults) -> str:
    """Words; a fault and an empty text when there are none."""
    if isinstance(written.value, str | int) and not isinstance(written.value, bool):
        return str(written.value)
    faults.add(written, FaultCode.VALUE_MALFORMED, f"Write text here, not {written.form}.")
    return ""


def needed(
    keys: dict[str, Written], key: str, of: Written, faults: Faults, help_text: str
) -> Written | None:
    """A key that must be there; None and a fault when it is not."""
    if key in keys:
        return keys[key]
    faults.add(of, FaultCode.KEY_MISSING, f"`{key}` is missing here; {help_text}")
    return None


def word(written: Written, known: Collection[Word], faults: Faults, code: FaultCode) -> Word | None:
    """One of several known words; None and a fault of this code when it is another."""
    said = written.value
    match = next((each for each in known if isinstance(said, str | int) and each == said), None)
    if match is None:
        faults.add(written, code, f"{written.form} is not known. {did_you_mean(str(said), known)}")
    return match


def when(
    written: Written, time_zone: str, faults: Faults, *, whole_day: bool = False
) -> Instant | None:
    """The instant of a step, or None with a fault.

    Of a date alone nothing more is known: a step then happened at noon; an expectation
    (`whole_day`) looks at the last second of that day.
    """
    read = moments.moment(str(written.value), time_zone)
    if read is not None:
        return read
    date = moments.day(str(written.value))
    if date is None:
        faults.add(
            written,
            FaultCode.VALUE_MALFORMED,
            "Write a date such as 2024-12-04 or 2024-12-04T10:00+08:00 (between "
            f"{moments.FIRST_YEAR} and {moments.LAST_YEAR}) here, not {written.form}.",
        )
        return None
    noon = moments.noon(date, time_zone)
    if not whole_day:
        return noon
    return end_of_day_after(noon, 0, time_zone) - moments.SECOND
