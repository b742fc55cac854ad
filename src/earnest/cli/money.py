"""`earnest money`: look at a statement, import it, and see what is held beside the books.

Not here: the forms of files (`gateways/statements`) and matching by hand, which the office does.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from earnest.beside_money import Looked, example_files, look_at_statement, read_standing
from earnest.cli.migrate import DataOption
from earnest.cli.printing import console, errors, say, table
from earnest.core.reconciliation.statement import StatementHead
from earnest.core.values.outcome import Rejected
from earnest.gateways.statements.faults import LARGEST_FILE, StatementFaulty
from earnest.settings import settings_to_read
from earnest.web.refusals import wording_of
from earnest.web.spreadsheets import decimal_text
from earnest.web.telling_statements import file_faults_shown

money = App(
    name="money",
    help="""Hold the books against the statements of providers and banks.

    In a demo with orders begin with `earnest money example FOLDER` and import its files.""",
)


@money.command(name="import")
def import_(
    file: Annotated[Path, Parameter(help="A provider's CSV, or a bank's CAMT.053, MT940 or CSV.")],
    *,
    account: Annotated[str, Parameter(help="The id of the account that the file is about.")],
    staff: Annotated[
        str | None, Parameter(name="--as", help="The id of whoever imports it.")
    ] = None,
    preview: Annotated[
        bool, Parameter(help="Only look at it; without --as this is all that happens.", negative="")
    ] = False,
    data: DataOption = Path(".earnest"),
) -> int:
    """Show what a statement holds and what of it matches, and import it with --as.

    A statement that is known already changes nothing. Exit code 1 when nothing can be imported.
    """
    content = _content_of(file)
    if content is None:
        return 1
    by = None if preview else staff
    try:
        looked = asyncio.run(
            look_at_statement(settings_to_read(os.environ, data), account, content, by)
        )
    except StatementFaulty as faulty:
        for each in file_faults_shown(faulty.faults, "en"):
            name = f" {each.name}:" if each.name else ""
            say(f"{file}:{each.line}:{name} {each.words} [{each.code}]", to=errors)
        return 1
    if isinstance(looked, Rejected):
        words = wording_of(looked.reason, "en", looked.details)
        say(f"{words.detail} {words.way_out} [{looked.reason}]", to=errors)
        return 1
    _print_looked(looked)
    return 0


@money.command
def show(*, data: DataOption = Path(".earnest")) -> None:
    """Show the statements, how they lead to what the books say, and how much is open."""
    standing = asyncio.run(read_standing(settings_to_read(os.environ, data)))
    statements = table("Statements", "account!", "number!", "from", "to", "opening>", "closing>")
    for each in standing.statements:
        statements.add_row(*_head(each))
    console.print(statements)
    for explained in standing.explained:
        steps = table("From what is held to the books", "account!", "step", "sum>")
        for item in explained.items:
            words = item.kind.value.replace("_", " ")
            steps.add_row(item.account_id or "books", words, decimal_text(item.amount))
        steps.add_row("books", "taken and not given back", decimal_text(explained.ledger))
        console.print(steps)
    say(f"{standing.open.lines:,} lines and {standing.open.booked:,} booked sums are open.")


@money.command
def example(
    folder: Annotated[Path, Parameter(help="The folder for the files; made if needed.")],
    *,
    data: DataOption = Path(".earnest"),
) -> int:
    """Write what a demo's provider and bank would send next, up to yesterday.

    The bank's statement comes as CAMT.053, as MT940 and as CSV: import one of them. Exit code 1
    when there is nothing new.
    """
    files = asyncio.run(example_files(settings_to_read(os.environ, data)))
    if not files:
        say("No demo with orders waits for a statement. [nothing_new]", to=errors)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        say(f"wrote {folder / name}")
    return 0


def _content_of(file: Path) -> bytes | None:
    """What stands in a file; None, after saying why, when it cannot be taken."""
    try:
        content = file.read_bytes()
    except OSError as error:
        say(f"{file} cannot be read ({error.strerror}). [file_unreadable]", to=errors)
        return None
    if len(content) > LARGEST_FILE:
        say(f"{file} is larger than {LARGEST_FILE:,} bytes. [body_too_large]", to=errors)
        return None
    return content


def _print_looked(looked: Looked) -> None:
    preview, head = looked.preview, looked.preview.head
    opening, closing = decimal_text(head.opening), decimal_text(head.closing)
    say(f"{head.number}: {head.begins} to {head.ends}, {head.currency} {opening} to {closing}")
    say(
        f"{preview.lines:,} lines: {preview.matched:,} match, {preview.fees:,} fees, "
        f"{len(preview.unmatched):,} stay open, {preview.doubtful:,} of them doubtful"
    )
    for gap in preview.gaps:
        say(f"missing between {gap.after} and {gap.before}: {decimal_text(gap.amount)}")
    if looked.imported is None:
        say("Nothing was imported: add --as and the id of whoever does it.")
    elif preview.is_known:
        say("It was imported before; nothing changed.")
    else:
        say(f"imported {looked.imported.number} of {looked.account.name}")


def _head(each: StatementHead) -> tuple[str, ...]:
    days = (each.begins.isoformat(), each.ends.isoformat())
    return (
        *(each.account_id, each.number, *days),
        *(decimal_text(each.opening), decimal_text(each.closing)),
    )
