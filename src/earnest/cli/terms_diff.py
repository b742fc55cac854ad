"""`earnest terms diff`: what changes for the buyer from one document to another, in words.

Not here: who is better off (`core/terms/diff.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.text import Text

from earnest.cli.printing import console, say, table
from earnest.cli.terms import LanguageOption, print_faults, source_of
from earnest.core.terms.diff import Difference, Verdict, differences, verdict
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import Fault
from earnest.core.terms.reading import read_document
from earnest.core.terms.weighing.measure import Effect

STYLES = {
    Effect.BETTER: "green",
    Effect.WORSE: "bold red",
    Effect.SAME: "dim",
    Effect.DEPENDS: "yellow",
}
EFFECTS = {
    "en": {each: each.value for each in Effect},
    "zh-Hans": {
        Effect.BETTER: "更有利",
        Effect.WORSE: "更不利",
        Effect.SAME: "无影响",
        Effect.DEPENDS: "视情况",
    },
}
_HEADINGS = {
    "en": ("what", "before", "after", "for the buyer!"),
    "zh-Hans": ("内容", "原", "新", "对买方!"),
}


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Two documents and what lies between them, for machines."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    verdict: Verdict


def diff(
    before: Annotated[Path, Parameter(help="The older document.")],
    after: Annotated[Path, Parameter(help="The newer document.")],
    *,
    json: Annotated[
        bool, Parameter(help="Print the differences for machines instead.", negative="")
    ] = False,
    language: LanguageOption = "en",
) -> int:
    """Say what changes for the buyer, parameter by parameter, and who is better off.

    Better, worse, or it depends: the reason stands beside each. Exit code 1 when a document has
    faults.
    """
    documents = [_read(file) for file in (before, after)]
    faults = tuple(fault for each in documents if isinstance(each, tuple) for fault in each)
    if faults:
        return print_faults(faults, language)
    old, new = (each for each in documents if isinstance(each, TermsDocument))
    changes = differences(old, new)
    compared = Compared(
        before=str(before), after=str(after), differences=changes, verdict=verdict(changes)
    )
    if json:
        text = msgspec.json.format(msgspec.json.encode(compared), indent=2)
        sys.stdout.write(f"{text.decode()}\n")
    else:
        print_compared(compared, language)
    return 0


def _read(file: Path) -> TermsDocument | tuple[Fault, ...]:
    return read_document(source_of(file), str(file))


def print_compared(compared: Compared, language: str) -> None:
    """Every difference with its reason, and the verdict."""
    if compared.differences:
        rows = table(f"{compared.before} → {compared.after}", *_HEADINGS[language])
        for change in compared.differences:
            what = Text(change.meaning[language], style="bold")
            what.append(f"\n{change.reason[language]}", style="not bold dim")
            effect = Text(EFFECTS[language][change.effect], style=STYLES[change.effect])
            rows.add_row(what, change.before[language], change.after[language], effect)
            rows.add_section()
        console.print(rows)
        say("")
    told = compared.verdict
    names = EFFECTS[language]
    counts = (
        f"{told.better} {names[Effect.BETTER]}, {told.worse} {names[Effect.WORSE]}, "
        f"{told.depends} {names[Effect.DEPENDS]}"
    )
    say(f"{counts}. {told.says[language]}", style="bold")
