"""`earnest terms lint`: what is unfair in terms documents, by which law, and what would be right.

Not here: the checks (`core/terms/lint`), and reading a file (`core/terms/reading.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.text import Text

from earnest.cli.printing import console, errors, say, table
from earnest.cli.sarif import sarif, written
from earnest.cli.terms import LanguageOption, TermsUnreadable, print_faults, source_of
from earnest.core.terms.lint.report import Report, Reported, report
from earnest.core.terms.packs.rule import Severity
from earnest.core.terms.reading import read_document
from earnest.desk.curing import cured_text, difference

STANDARD_INPUT = Path("-")
NAME_OF_STANDARD_INPUT = "standard-input.toml"
STYLES = {Severity.S1: "bold red", Severity.S2: "yellow", Severity.S3: "dim"}

FilesArgument = Annotated[
    list[Path],
    Parameter(help="Terms documents, TOML files; - for standard input.", allow_leading_hyphen=True),
]


def lint(
    files: FilesArgument,
    *,
    json: Annotated[
        bool, Parameter(help="Print the findings for machines instead.", negative="")
    ] = False,
    as_sarif: Annotated[
        bool,
        Parameter(
            name="--sarif", help="Print SARIF 2.1.0, for editors and code hosts.", negative=""
        ),
    ] = False,
    strict: Annotated[
        bool, Parameter(help="Exit code 1 for any finding, not only for S1.", negative="")
    ] = False,
    fix: Annotated[
        bool, Parameter(help="Show what the cures would change in one file.", negative="")
    ] = False,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="With --fix: write the cured copy.")
    ] = None,
    language: LanguageOption = "en",
) -> int:
    """Say what is unfair in terms documents, by which rule, and what would be right.

    S1: the term is void or the seller owes money, and publishing is refused. S2: a penalty, or a
    term that hardly holds. S3: good practice. Exit code 1 when a file has faults or an S1.
    """
    if fix or output is not None:
        return _fix(files, output, language)
    reports = [report(_text_of(file), _name_of(file)) for file in files]
    if as_sarif:
        _write(sarif(reports, language))
    elif json:
        _write(reports)
    else:
        for each in reports:
            print_report(each, language)
    return int(any(_fails(each, strict=strict) for each in reports))


def _fails(report: Report, *, strict: bool) -> bool:
    return report.blocks_publishing or (strict and bool(report.findings))


def _text_of(file: Path) -> str:
    if file != STANDARD_INPUT:
        return source_of(file)
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise TermsUnreadable("Standard input is not UTF-8. [encoding_wrong]") from error


def _name_of(file: Path) -> str:
    return NAME_OF_STANDARD_INPUT if file == STANDARD_INPUT else str(file)


def _write(value: object) -> None:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(f"{text.decode()}\n")


_HEADINGS = {
    "en": ("line>", "grave!", "what is wrong and what would be right", "rules"),
    "zh-Hans": ("行>", "等级!", "问题与改正", "依据"),
}
_CLEAN = {"en": "clean", "zh-Hans": "未发现问题"}
_BLOCKED = {"en": "cannot be published", "zh-Hans": "不得发布"}
_HOUSE = {"en": "good practice", "zh-Hans": "良好做法"}
_PATTERN = {"en": "pattern", "zh-Hans": "模式"}


def print_report(report: Report, language: str) -> None:
    """The findings of one file for people, gravest first, and a line that sums them up."""
    if report.faults:
        print_faults(report.faults, language)
        return
    title = f"{report.file}: {report.version} ({report.jurisdiction})"
    if report.findings:
        rows = table(title, *_HEADINGS[language])
        for finding in report.findings:
            severity = Text(finding.severity, style=STYLES[finding.severity])
            rows.add_row(
                str(finding.line),
                severity,
                _explained(finding, language),
                _cited(finding, language),
            )
            rows.add_section()
        console.print(rows)
        say("")
    say(f"{report.file}: {summed_up(report, language)}", style="bold")


def _explained(finding: Reported, language: str) -> Text:
    text = Text(finding.key, style="bold")
    text.append(f"\n{finding.why[language]}", style="not bold")
    for cure in finding.cures:
        text.append(f"\n→ {written(cure, language)}", style="not bold green")
    return text


def _cited(finding: Reported, language: str) -> str:
    lines = [f"{rule.rule_id} {rule.provision}" for rule in finding.rules]
    if finding.pattern is not None:
        lines.append(f"{_PATTERN[language]} {finding.pattern}")
    return "\n".join(lines) or _HOUSE[language]


def summed_up(report: Report, language: str) -> str:
    """How many findings of each severity, and whether the document can be published."""
    if not report.findings:
        return _CLEAN[language]
    severities = [finding.severity for finding in report.findings]
    counts = ", ".join(
        f"{severities.count(each)} {each}" for each in Severity if each in severities
    )
    return f"{counts}; {_BLOCKED[language]}" if report.blocks_publishing else counts


def _fix(files: list[Path], output: Path | None, language: str) -> int:
    """Show the cures of one file as a difference, or write the cured copy."""
    if len(files) != 1:
        raise TermsUnreadable("Cure one document at a time. [one_file]")
    name, text = _name_of(files[0]), _text_of(files[0])
    document = read_document(text, name)
    if isinstance(document, tuple):
        return print_faults(document, language)
    cured = cured_text(text, document, name)
    if output is None:
        sys.stdout.write(difference(text, cured, name))
        return 0
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(cured)
    except FileExistsError as error:
        raise TermsUnreadable(
            f"{output} is there already. Name a new file. [file_exists]"
        ) from error
    except OSError as error:
        raise TermsUnreadable(
            f"{output} cannot be written ({error.strerror}). [file_unwritable]"
        ) from error
    say(f"{output}: written. Figures that only you can know deserve a look.", to=errors)
    return 0
