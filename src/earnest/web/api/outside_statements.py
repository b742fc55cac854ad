"""Outside accounts and their statements: adding an account, seeing a file, importing it.

A file is looked at first and imported by its digest afterwards. Not here: what of it matches by
hand (`matches.py`), and what the room shows (`reconciliation.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.reconciliation.statement import (
    BankColumns,
    Gap,
    OutsideAccount,
    OutsideKind,
    OutsideStatement,
    StatementHead,
)
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.reconciliation_ports import Draft
from earnest.desk.reconciling import Preview, add_account, import_statement, preview_statement
from earnest.gateways.statements.faults import LARGEST_FILE, StatementFaulty
from earnest.gateways.statements.reading import columns_suit, digest_of, read_statement
from earnest.web.api.accounts import BOOKKEEPERS
from earnest.web.api.terms import act_of
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reconciling_shapes import LineShown, line_shown, payers_seen
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import LARGEST_AMOUNT, Name
from earnest.web.telling_statements import FileFaultShown, file_faults_shown

SECOND_PERSON_ABOVE = 1_000_000
"""Minor units above which a match by hand takes two people, unless the account says otherwise."""

MOST_LISTED = 200
"""Lines of a preview that are listed; its figures count all of them."""

Text = Annotated[str, Meta(max_length=100)]


class NewOutsideAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account at a provider or a bank; an account that is known never changes."""

    account_id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    kind: OutsideKind
    name: Name
    number: Name
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    appears_as: Text = ""
    second_person_above: Annotated[int, Meta(ge=0, le=LARGEST_AMOUNT)] = SECOND_PERSON_ABOVE
    columns: BankColumns | None = None


class ImportAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which file to import: the digest that its preview showed."""

    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class OutsideAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """Every outside account, by id."""

    accounts: tuple[OutsideAccount, ...]


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds and what importing it would do. With faults there is nothing else.

    `digest` imports it. `matched` lines find their sum at once, `doubtful` ones fit several things
    or differ by their sum, `fees` explain themselves, and `unmatched` lists the rest, the first
    two hundred.
    """

    account_id: str
    digest: str
    faults: tuple[FileFaultShown, ...] = ()
    head: StatementHead | None = None
    lines: int = 0
    is_known: bool = False
    gaps: tuple[Gap, ...] = ()
    matched: int = 0
    doubtful: int = 0
    fees: int = 0
    open: int = 0
    unmatched: tuple[LineShown, ...] = ()


async def list_accounts(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every outside account, with how its files are read."""
    async with house.reconciliations.reading() as books:
        return Reply(value=OutsideAccounts(accounts=tuple(await books.accounts())))


async def add_outside_account(house: House, asked: Asked, wanted: NewOutsideAccount) -> Reply:
    """Make an account known. The same again changes nothing."""
    if wanted.columns is not None and not columns_suit(wanted.columns):
        raise TurnedAway(Reason.COLUMNS_UNSUITABLE)
    account = OutsideAccount(
        account_id=wanted.account_id,
        kind=wanted.kind,
        name=wanted.name,
        number=wanted.number,
        currency=wanted.currency,
        appears_as=wanted.appears_as,
        second_person_above=wanted.second_person_above,
        columns=wanted.columns,
    )
    added = await add_account(house.reconciliations, account, act_of(asked))
    if isinstance(added, Rejected):
        raise TurnedAway(added.reason, added.details)
    return Reply(status=201, value=added)


async def preview(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """What a file holds, what matches and what does not; nothing of it is imported."""
    async with house.reconciliations.reading() as books:
        account = _named(await books.accounts(), asked)
        digest = digest_of(asked.content)
        statement = await _read(asked.content, account)
        if isinstance(statement, StatementFaulty):
            faults = file_faults_shown(statement.faults, asked.language)
            return Reply(
                value=Previewed(account_id=account.account_id, digest=digest, faults=faults)
            )
        seen = await preview_statement(books, house.register, account, statement, digest)
        if isinstance(seen, Rejected):
            raise TurnedAway(seen.reason, seen.details)
        await books.keep_draft(
            Draft(
                actor_id=asked.by.actor.actor_id,
                account_id=account.account_id,
                digest=digest,
                content=asked.content,
                uploaded_at=asked.received_at,
            )
        )
    return Reply(value=_shown(seen, digest), seen=payers_seen(seen.unmatched[:MOST_LISTED]))


async def import_file(house: House, asked: Asked, wanted: ImportAsked) -> Reply:
    """Import the file that was looked at, and match what is unambiguous."""
    act = act_of(asked)
    async with house.reconciliations.reading() as books:
        account = _named(await books.accounts(), asked)
        draft = await books.draft(act.actor_id)
        known = [each for each in await books.statements() if each.digest == wanted.digest]
    if draft is None or (draft.account_id, draft.digest) != (account.account_id, wanted.digest):
        if known and known[0].account_id == account.account_id:
            return Reply(value=known[0])
        raise TurnedAway(Reason.STATEMENT_NOT_PREVIEWED)
    statement = await _read(draft.content, account)
    assert isinstance(statement, OutsideStatement), "only what could be read is kept as a draft"
    kept = await import_statement(
        house.reconciliations, house.register, account, statement, wanted.digest, act
    )
    if isinstance(kept, Rejected):
        raise TurnedAway(kept.reason, kept.details)
    return Reply(status=201, value=kept)


async def _read(content: bytes, account: OutsideAccount) -> OutsideStatement | StatementFaulty:
    """The statement in a file. A long one takes a while, in which nobody else should wait."""
    try:
        return await asyncio.to_thread(read_statement, content, account)
    except StatementFaulty as faulty:
        return faulty


def _named(accounts: Sequence[OutsideAccount], asked: Asked) -> OutsideAccount:
    found = [each for each in accounts if each.account_id == asked.path["account_id"]]
    if not found:
        raise TurnedAway(Reason.OUTSIDE_ACCOUNT_UNKNOWN)
    return found[0]


def _shown(seen: Preview, digest: str) -> Previewed:
    return Previewed(
        account_id=seen.head.account_id,
        digest=digest,
        head=seen.head,
        lines=seen.lines,
        is_known=seen.is_known,
        gaps=seen.gaps,
        matched=seen.matched,
        doubtful=seen.doubtful,
        fees=seen.fees,
        open=len(seen.unmatched),
        unmatched=tuple(line_shown(each, with_payer=True) for each in seen.unmatched[:MOST_LISTED]),
    )


_CODES = (
    Reason.OUTSIDE_ACCOUNT_UNKNOWN,
    Reason.STATEMENT_OF_ANOTHER_ACCOUNT,
    Reason.CURRENCY_DIFFERS,
    Reason.STATEMENT_UNBALANCED,
    Reason.BATCH_DIFFERS,
    Reason.STATEMENT_DIFFERS,
    Reason.STATEMENT_OVERLAPS,
)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/outside-accounts",
            operation="listOutsideAccounts",
            summary="Every account at a provider or a bank.",
            tag="money",
            access=Access.OVERSEERS,
            roles=BOOKKEEPERS,
            takes=NoInput,
            handler=list_accounts,
            gives=OutsideAccounts,
        ),
        Route(
            method="POST",
            path="/outside-accounts",
            operation="addOutsideAccount",
            summary="Make an account at a provider or a bank known.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=NewOutsideAccount,
            handler=add_outside_account,
            gives=OutsideAccount,
            status=201,
            needs_key=True,
            codes=(Reason.COLUMNS_UNSUITABLE, Reason.OUTSIDE_ACCOUNT_EXISTS),
        ),
        Route(
            method="POST",
            path="/outside-accounts/{account_id}/preview",
            operation="previewStatement",
            summary="What a statement's file holds, and what of it would match.",
            description="The provider's CSV file for a provider; CAMT.053, MT940 or a CSV file by "
            "the account's columns for a bank (docs/money.md). Faults are listed with their lines.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=NoInput,
            handler=preview,
            gives=Previewed,
            largest_upload=LARGEST_FILE,
            codes=_CODES,
        ),
        Route(
            method="POST",
            path="/outside-accounts/{account_id}/statements",
            operation="importStatement",
            summary="Import the file that was looked at, and match what is unambiguous.",
            description="A statement that is known changes nothing and is answered as it is.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=ImportAsked,
            handler=import_file,
            gives=StatementHead,
            status=201,
            needs_key=True,
            codes=(*_CODES, Reason.STATEMENT_NOT_PREVIEWED),
        ),
    ]
