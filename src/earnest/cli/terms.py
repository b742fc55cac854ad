"""`earnest terms`: print the contract of a terms document, and the schema it is written by.

Not here: what is unfair about it (`terms_lint.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from cyclopts import App, Parameter
from rich.text import Text

from earnest.cli.printing import console, errors, paragraph, say
from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.fault import Fault
from earnest.core.terms.reading import read_document
from earnest.core.terms.schema import json_schema
from earnest.core.terms.version import Clause

terms = App(name="terms", help="Read, print, check and publish terms documents.")

FileArgument: TypeAlias = Annotated[Path, Parameter(help="The terms document, a TOML file.")]
LanguageOption: TypeAlias = Annotated[
    Literal["en", "zh-Hans"], Parameter(help="The language of the text.")
]


class TermsUnreadable(Exception):
    """A file that is not there or no text; the message says what to do."""


def source_of(file: Path) -> str:
    """The text of a document's file. Raises `TermsUnreadable`."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise TermsUnreadable(
            f"{file} cannot be read ({error.strerror}). Name a terms document. [file_unreadable]"
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TermsUnreadable(
            f"{file}:{line}: this is not UTF-8. Save the file as UTF-8. [encoding_wrong]"
        ) from error


def print_faults(faults: tuple[Fault, ...], language: str = "en") -> int:
    """Print every fault on its own line as `file:line: key: what [code]`; the exit code."""
    for fault in faults:
        say(fault.sentence(language), to=errors)
    return 1


@terms.command
def render(file: FileArgument, *, language: LanguageOption = "en") -> int:
    """Print the contract that a document says, clause by clause, fair or not.

    A clause of major impact is marked, and so is one that Earnest does not execute. Exit code 1
    when the document has faults.
    """
    document = read_document(source_of(file), str(file))
    if isinstance(document, tuple):
        return print_faults(document, language)
    _print_head(document, language)
    print_clauses(clauses_of(document), language)
    return 0


@terms.command
def schema() -> None:
    """Print the JSON Schema of a terms document, for editors that complete and check it."""
    text = msgspec.json.format(msgspec.json.encode(json_schema()), indent=2)
    sys.stdout.write(f"{text.decode()}\n")


def _print_head(document: TermsDocument, language: str) -> None:
    names = {"en": "Terms of sale", "zh-Hans": "购车条款"}
    say(f"{names[language]} {document.version}", style="bold")
    say(f"{document.seller.name} · {document.jurisdiction} · {document.currency}", style="dim")
    say("")


_MATERIAL = {"en": "major impact: acknowledged on its own", "zh-Hans": "重大利害关系：须单独确认"}
_NOT_EXECUTED = {"en": "not executed by Earnest", "zh-Hans": "系统不自动执行"}


def print_clauses(clauses: tuple[Clause, ...], language: str) -> None:
    """Print numbered clauses; marks stand beside the title."""
    for number, clause in enumerate(clauses, start=1):
        title = TITLES.get(clause.clause_id)
        name = clause.clause_id if title is None else title[language]
        head = Text(f"{number}. {name}", style="bold")
        head.append(f"  {clause.clause_id}", style="dim")
        console.print(head)
        if clause.material:
            say(f"   ▸ {_MATERIAL[language]}", style="yellow")
        if not clause.executed:
            say(f"   ▸ {_NOT_EXECUTED[language]}", style="yellow")
        say(paragraph(clause.texts[language], indent=3))
        say("")
