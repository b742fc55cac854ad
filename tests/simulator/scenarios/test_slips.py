"""Slips of the pen: whatever happens to the lines of a case, it is answered and never breaks.

Not here: what the answers say (`test_faults.py`).
"""

import asyncio
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from earnest.simulator.scenarios.reading import read_text
from earnest.simulator.scenarios.running import run_case

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "cases"
CASES = tuple(
    written
    for path in sorted(EXAMPLES.glob("*.yaml"))
    for written in re.split(r"(?=^  - id: )", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
)

SLIPS = (
    *("null", "true", "-1", "99999999999999999999", "[]", "{}", '"x"', "UNKNOWN", "[null]", "-"),
    *("2024-13-01", "2024-07-01T24:00", "9999-12-31T24:00", "0001-01-01", "1990-01-01T00:00"),
    *("{a: {b: c}}", "{1: 2}", "é", "10.5", ".inf", "[[1]]", "buyer", "5000", "2199-12-31"),
)
_VALUE = re.compile(r"(?<=: )[^,}\]\n]*")


@st.composite
def slipped(draw: st.DrawFn) -> str:
    """A shipped case with some lines gone, doubled, exchanged, or with another value."""
    lines = ["cases:", *draw(st.sampled_from(CASES)).splitlines()]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["value", "value", "value", "gone", "doubled", "exchanged"])):
            case "gone" if len(lines) > 1:
                del lines[at]
            case "doubled":
                lines.insert(at, lines[other])
            case "exchanged":
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                value = _VALUE.search(lines[at])
                if value is not None:
                    slip = draw(st.sampled_from(SLIPS))
                    lines[at] = lines[at][: value.start()] + slip + lines[at][value.end() :]
    return "\n".join(lines)


@given(text=slipped())
def test_a_slip_of_the_pen_is_answered(text: str) -> None:
    read = read_text(text, "slipped.yaml", EXAMPLES)

    for case in read.cases:
        result = asyncio.run(run_case(case))
        assert result.results or result.fault is not None
    for fault in read.faults:
        assert 1 <= fault.line <= len(text.splitlines()) + 1
        assert fault.message.endswith((".", "?", "`"))
