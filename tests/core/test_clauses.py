"""The words of the contract in both languages: one whole contract, and what each parameter changes.

`clauses/whole.txt` is the contract of `examples/terms/cn.toml`, a sentence to a line. The other
tables say, for values that parameters can have, how the contract reads then:

    changed: cooling_off.hours=1                          parameters, their values as JSON
      cooling_off                                         a clause that reads differently
        - For 168 hours from payment the buyer can ...    a sentence that is gone
        + For 1 hour from payment the buyer can ...       a sentence that stands in its place

`[material]` says that a clause is acknowledged on its own, `[by the parties]` that no rule of the
engine stands behind it. After a wording was changed on purpose, `python -m tests.core.test_clauses`
writes the tables anew, and a person reads the difference. Not here: whether a wording is fair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import msgspec
import pytest

from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.reading import read_document
from earnest.core.terms.version import Clause
from tests.core.lint.documents import spoilt

FOLDER = Path(__file__).parent / "clauses"
WHOLE = FOLDER / "whole.txt"
TABLES = sorted(set(FOLDER.glob("*.txt")) - {WHOLE})

_ENDS = {"zh-Hans": re.compile(r"(?<=[。])"), "en": re.compile(r"(?<=\.) (?=[A-Z])")}
_PARAMETER = re.compile(r"([a-z_]+(?:\.[a-z_]+)?)=(\".*?\"|\[.*?\]|\S+)(?: |$)")
_CHANGED = "changed: "


def template() -> TermsDocument:
    """The document whose contract is written out whole."""
    path = Path(__file__).parents[2] / "examples" / "terms" / "cn.toml"
    document = read_document(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(document, TermsDocument), document
    return document


def lines_of(clause: Clause) -> list[str]:
    """A clause with a sentence to a line, the Chinese ones first."""
    marks = [("[material]", clause.material), ("[by the parties]", not clause.executed)]
    said = [each for language, end in _ENDS.items() for each in end.split(clause.texts[language])]
    return [mark for mark, holds in marks if holds] + [sentence for sentence in said if sentence]


def written(document: TermsDocument) -> str:
    """A whole contract as `whole.txt` shows it."""
    return "\n\n".join(
        "\n  ".join([clause.clause_id, *lines_of(clause)]) for clause in clauses_of(document)
    )


def _differences(before: list[str], after: list[str]) -> Iterator[str]:
    for _, start, end, other_start, other_end in _opcodes(before, after):
        yield from (f"    - {line}" for line in before[start:end])
        yield from (f"    + {line}" for line in after[other_start:other_end])


def _opcodes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [each for each in matcher.get_opcodes() if each[0] != "equal"]


def block(words: str) -> str:
    """How the template reads with these parameters changed, as the tables show it."""
    document = template()
    changes = {key: msgspec.json.decode(value) for key, value in _PARAMETER.findall(words)}
    before = {each.clause_id: lines_of(each) for each in clauses_of(document)}
    lines = [f"{_CHANGED}{words}"]
    for clause in clauses_of(spoilt(document, changes)):
        differences = _differences(before.get(clause.clause_id, []), lines_of(clause))
        if found := list(differences):
            lines += [f"  {clause.clause_id}", *found]
    return "\n".join(lines)


def blocks(table: Path) -> list[str]:
    """The blocks of a table, without the comment at its head."""
    return table.read_text(encoding="utf-8").strip().split("\n\n")[1:]


def test_the_contract_of_the_template_reads_as_written() -> None:
    expected = WHOLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]

    for clause, text in zip(written(template()).split("\n\n"), expected, strict=True):
        assert text == clause


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_a_changed_parameter_reads_as_the_table_says(table: Path) -> None:
    for expected in blocks(table):
        assert expected == block(expected.partition("\n")[0].removeprefix(_CHANGED))


def write_anew() -> None:
    """Write every table as the contract reads now, each with the comment that it has."""
    for table in [WHOLE, *TABLES]:
        head = table.read_text(encoding="utf-8").split("\n\n")[0]
        changes = [each.partition("\n")[0].removeprefix(_CHANGED) for each in blocks(table)]
        texts = [written(template())] if table == WHOLE else [block(each) for each in changes]
        table.write_text("\n\n".join([head, *texts]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_anew()
