"""`earnest terms`: the contract of a document, its schema, publishing it, and published terms.

Not here: what is unfair about it (`terms_lint.py`).
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from cyclopts import App, Parameter
from rich.text import Text

from earnest.beside import publish_document, read_terms
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, paragraph, say
from earnest.core.terms.clauses.contract import clauses_of
from earnest.core.terms.fault import Fault
from earnest.core.terms.manual import keys_as_markdown
from earnest.core.terms.paper import MATERIAL, NAME, NOT_EXECUTED, markdown, title_of
from earnest.core.terms.publishing import PlacedFinding, Unpublishable
from earnest.core.terms.reading import read_document
from earnest.core.terms.schema import json_schema
from earnest.core.terms.version import Clause
from earnest.core.values.outcome import Rejected
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of

terms = App(name="terms", help="Read, print, check and publish terms documents.")

FileArgument: TypeAlias = Annotated[Path, Parameter(help="The terms document, a TOML file.")]
LanguageOption: TypeAlias = Annotated[
    Literal["en", "zh-Hans"], Parameter(help="The language of the text.")
]


class TermsUnreadable(Exception):
    """A file that is not there or no text; the message says what to do."""


def source_of(file: Path, what: str = "a terms document") -> str:
    """The text of a document's file; `what` it should be is said where it cannot be read.

    Raises `TermsUnreadable`.
    """
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise TermsUnreadable(
            f"{file} cannot be read ({error.strerror}). Name {what}. [file_unreadable]"
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
    say(f"{NAME[language]} {document.version}", style="bold")
    say(f"{document.seller.name} · {document.jurisdiction} · {document.currency}\n", style="dim")
    print_clauses(clauses_of(document), language)
    return 0


@terms.command
def schema(
    *,
    as_markdown: Annotated[
        bool, Parameter(name="--markdown", help="A table of all keys, for people.", negative="")
    ] = False,
) -> None:
    """Print the JSON Schema of a terms document, for editors that complete and check it."""
    if as_markdown:
        sys.stdout.write(keys_as_markdown())
        return
    text = msgspec.json.format(msgspec.json.encode(json_schema()), indent=2)
    sys.stdout.write(f"{text.decode()}\n")


@terms.command
def publish(
    file: FileArgument,
    *,
    staff: Annotated[
        str, Parameter(name="--as", help="The member of staff in whose name it is published.")
    ],
    data: DataOption = Path(".earnest"),
    language: LanguageOption = "en",
) -> int:
    """Publish a document beside a running server, if the linter lets it pass.

    Prints the digest of the version. Publishing the same document again changes nothing. Exit
    code 1, with every fault and finding, when it may not be published.
    """
    source = source_of(file)
    settings = settings_to_read(os.environ, data)
    outcome = asyncio.run(publish_document(settings, source, str(file), staff))
    if isinstance(outcome, Rejected):
        wording = wording_of(outcome.reason, language, outcome.details)
        say(f"{wording.detail} {wording.way_out} [{outcome.reason}]", to=errors)
        return 1
    if isinstance(outcome, Unpublishable):
        print_faults(outcome.faults, language)
        print_findings(outcome.findings, str(file), language)
        return 1
    print_findings(outcome.findings, str(file), language)
    say(f"published {file} as")
    say(outcome.terms_hash)
    return 0


@terms.command
def show(
    terms_hash: Annotated[str, Parameter(help="The digest of a published version.")],
    *,
    language: LanguageOption = "en",
    as_markdown: Annotated[
        bool, Parameter(name="--markdown", help="As a paper to keep.", negative="")
    ] = False,
    as_source: Annotated[
        bool, Parameter(name="--source", help="The document as published.", negative="")
    ] = False,
    data: DataOption = Path(".earnest"),
) -> int:
    """Show published terms: the contract, clause by clause, or the document behind it."""
    version = asyncio.run(read_terms(settings_to_read(os.environ, data), terms_hash))
    if version is None:
        say(f"No terms with the digest {terms_hash} were published. [terms_unknown]", to=errors)
        return 1
    if as_source:
        sys.stdout.write(version.source)
    elif as_markdown:
        sys.stdout.write(markdown(version, language))
    else:
        say(f"{NAME[language]} {version.version}", style="bold")
        say(f"{version.seller} · {version.policy.jurisdiction} · {terms_hash}\n", style="dim")
        print_clauses(version.clauses, language)
    return 0


def print_findings(findings: tuple[PlacedFinding, ...], file: str, language: str) -> None:
    """Print every finding on its own line as `file:line: key: why (rules) [severity]`."""
    for each in findings:
        finding = each.finding
        rules = f" ({', '.join(finding.rule_ids)})" if finding.rule_ids else ""
        place = f"{file}:{each.line}: {finding.key}"
        say(f"{place}: {finding.why[language]}{rules} [{finding.severity}]", to=errors)


def print_clauses(clauses: tuple[Clause, ...], language: str) -> None:
    """Print numbered clauses; marks stand below the title."""
    for number, clause in enumerate(clauses, start=1):
        head = Text(f"{number}. {title_of(clause, language)}", style="bold")
        head.append(f"  {clause.clause_id}", style="dim")
        console.print(head)
        if clause.material:
            say(f"   ▸ {MATERIAL[language]}", style="yellow")
        if not clause.executed:
            say(f"   ▸ {NOT_EXECUTED[language]}", style="yellow")
        say(paragraph(clause.texts[language], indent=3))
        say("")
