"""What every finding says, word for word: its clause, its cures, and why in both languages.

Beside each table of `faults` stands one of `words` with the same faults:

    fault: balance_due.when="with_order"
      CN EU DE: balance_due.when="after_inspection"     the laws, and the cures of the finding
        [balance_due]                                   the clause whose text comes of it
        车辆尚未到场 ...                                why, in Chinese and in English
        The balance is due before ...

After a wording was changed on purpose, `python -m tests.core.lint.test_words` writes the tables
anew, and a person reads the difference. Not here: under which rules something is found, and how
grave it is (`test_faults.py`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from earnest.core.terms.lint.run import lint
from earnest.core.terms.packs.rule import Finding
from earnest.core.terms.sections.ordering import Jurisdiction
from tests.core.lint.documents import fair, spoilt
from tests.core.lint.test_faults import TABLES, Fault, read

FOLDER = Path(__file__).with_name("words")


def said(finding: Finding) -> str:
    """The cures, the clause and the sentences of a finding."""
    cures = " ".join(
        f"{cure.key}={msgspec.json.encode(cure.value).decode()}" for cure in finding.cures
    )
    sentences = [f"[{finding.clause_id}]", finding.why["zh-Hans"], finding.why["en"]]
    return "\n    ".join([cures, *sentences])


def block(fault: Fault) -> str:
    """Everything that is said about a fault, each time with the laws under which it is."""
    laws: dict[str, list[Jurisdiction]] = {}
    for law in Jurisdiction:
        for finding in lint(spoilt(fair(law), fault.changes)):
            laws.setdefault(said(finding), []).append(law)
    findings = [f"  {' '.join(under)}: {text}" for text, under in laws.items()]
    return "\n".join([f"fault: {fault.name}", *findings])


def faults(table: Path) -> list[Fault]:
    """The faults of one table of `faults`."""
    return read(table.read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_a_finding_says_what_the_table_says(table: Path) -> None:
    blocks = (FOLDER / table.name).read_text(encoding="utf-8").strip().split("\n\n")

    for fault, expected in zip(faults(table), blocks, strict=True):
        assert expected == block(fault)


def write_anew() -> None:
    """Write every table as the linter speaks now."""
    for table in TABLES:
        text = "\n\n".join(block(fault) for fault in faults(table))
        (FOLDER / table.name).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write_anew()
