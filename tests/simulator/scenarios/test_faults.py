"""Impossible and ambiguous cases: each fault is said with its code, at its line.

The flawed cases stand in `faults/`; a line at fault ends with a remark that names the codes.
"""

import asyncio
from pathlib import Path

import pytest

from earnest.simulator.scenarios.fault import FaultCode
from earnest.simulator.scenarios.files import case_files, read_all, run_all
from earnest.simulator.scenarios.reading import Read, read_file, read_text

FAULTS = Path(__file__).parent / "faults"
FILES = sorted(FAULTS.glob("*.yaml"))
REMARK = "# fault: "
HERE = Path()

Said = list[tuple[int, str]]


def expected(path: Path) -> Said:
    """What the remarks of a file say: each line with its codes."""
    return sorted(
        (number, code)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if REMARK in line
        for code in line.partition(REMARK)[2].split()
    )


def found(read: Read) -> Said:
    """What reading and running found."""
    report = asyncio.run(run_all(read, lambda _: None))
    return sorted((fault.line, fault.code.value) for fault in report.faults)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fault_is_said_at_its_line(path: Path) -> None:
    assert expected(path) == found(read_file(path))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, FaultCode.NOTHING_TO_RUN),
        ("# only a remark\n", 1, FaultCode.NOTHING_TO_RUN),
        ("cases: []\n", 1, FaultCode.NOTHING_TO_RUN),
        ("cases:\n  - {id: a\n", 3, FaultCode.YAML_MALFORMED),
        ("cases:\n\t- id: a\n", 2, FaultCode.YAML_MALFORMED),
        ("cases: \x00\n", 1, FaultCode.YAML_MALFORMED),
        ("cases:\n  - &one {id: a}\n  - *one\n", 2, FaultCode.YAML_MALFORMED),
        ("cases: []\n---\ncases: []\n", 2, FaultCode.YAML_MALFORMED),
        ("orders: []\n", 1, FaultCode.KEY_UNKNOWN),
        ("just words\n", 1, FaultCode.VALUE_MALFORMED),
        ("- a\n- b\n", 1, FaultCode.VALUE_MALFORMED),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text: str, line: int, code: FaultCode) -> None:
    read = read_text(text, "a.yaml", HERE)

    assert read.cases == ()
    assert (line, code) in [(fault.line, fault.code) for fault in read.faults]


def test_every_code_is_shown_by_a_flawed_case() -> None:
    shown = {code for path in FILES for _, code in expected(path)}
    elsewhere = {
        FaultCode.FILE_UNREADABLE,
        FaultCode.YAML_MALFORMED,
        FaultCode.NOTHING_TO_RUN,
        FaultCode.CASE_REPEATED,
    }

    assert {*FaultCode} - shown == elsewhere


def test_a_fault_reads_as_a_sentence_with_its_place() -> None:
    text = "id: a\ntitle: b\nsource: c\ncertainty: policy\ngiven: {}\nthen: {stagee: locked}\n"

    (fault,) = read_text(text, "a.yaml", HERE).faults

    assert str(fault) == (
        "a.yaml:6: then.stagee: `stagee` is not known. Did you mean stage? [key_unknown]"
    )


def test_a_folder_without_cases_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    files, missing = case_files([tmp_path, tmp_path / "no.yaml"])

    assert files == []
    assert [fault.code for fault in missing] == [FaultCode.FILE_UNREADABLE] * 2


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\x89PNG\xff")

    (fault,) = read_file(path).faults

    assert fault.code is FaultCode.FILE_UNREADABLE


def test_two_cases_never_share_an_id(tmp_path: Path) -> None:
    text = "id: a\ntitle: b\nsource: c\ncertainty: policy\ngiven: {}\nthen: {lint: {clean: true}}\n"
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")

    files, missing = case_files([tmp_path, tmp_path / "one.yaml"])
    read = read_all(files)

    assert missing == []
    assert [case.file for case in read.cases] == [str(tmp_path / "one.yaml")]
    assert [fault.code for fault in read.faults] == [FaultCode.CASE_REPEATED]
    assert str(tmp_path / "one.yaml") in read.faults[0].message
