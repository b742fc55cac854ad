"""Importing outside statements and matching their lines: seen first, then kept, each thing once.

Not here: reading files (`gateways/statements`), the rules (`core/reconciliation`), and the books,
which nothing here touches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from earnest.core.reconciliation.booked import Booked, BookedPlace
from earnest.core.reconciliation.by_hand import Chosen, Match, approve, match_by_hand, undo
from earnest.core.reconciliation.matching import (
    Found,
    Matching,
    OpenLine,
    amounts_of,
    match,
)
from earnest.core.reconciliation.statement import (
    Gap,
    LineKind,
    LinePlace,
    OutsideAccount,
    OutsideKind,
    OutsideStatement,
    StatementHead,
    gaps_of,
    overlapping,
    statement_id_of,
    why_unsound,
)
from earnest.core.values.ids import BuyerId, derive_id
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.publishing import Act
from earnest.desk.reconciliation_ports import (
    Imported,
    KeptMatch,
    OutsideBooks,
    Reconciliations,
)
from earnest.desk.views import Register

MOST_OPEN = 200_000
"""Open lines and open booked sums that are compared at a time."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement holds and what of it would match, before anything is kept.

    `is_known` tells that it was imported already: then importing it changes nothing. `gaps` are
    those beside it. `fees` are sums that explain themselves.
    """

    head: StatementHead
    lines: int
    is_known: bool
    gaps: tuple[Gap, ...]
    matched: int
    doubtful: int
    fees: int
    unmatched: tuple[OpenLine, ...]


async def add_account(
    store: Reconciliations, account: OutsideAccount, act: Act
) -> OutsideAccount | Rejected:
    """Make an outside account known; the same one again changes nothing.

    Rejections: `outside_account_exists` (under this id, with other content).
    """
    async with store.transaction() as books:
        known = {each.account_id: each for each in await books.accounts()}
        if account.account_id not in known:
            await books.add_account(account, act.actor_id, act.received_at)
            return account
        if known[account.account_id] == account:
            return account
        return Rejected(Reason.OUTSIDE_ACCOUNT_EXISTS, {"account": account.account_id})


async def preview_statement(
    books: OutsideBooks,
    register: Register,
    account: OutsideAccount,
    statement: OutsideStatement,
    digest: str,
) -> Preview | Rejected:
    """What importing a statement would do. Rejections: those of `judged`."""
    known = [each for each in await books.statements() if each.account_id == account.account_id]
    head = judged(account, statement, digest, known)
    if isinstance(head, Rejected):
        return head
    is_known = head in known
    lines = [] if is_known else lines_of(head, account, statement)
    matching = await _matching(books, register, lines)
    own = {each.place for each in lines}
    matched = {place for each in matching.found for place in each.lines if place in own}
    doubtful = {each.line for each in matching.doubts if each.line in own}
    fees = {each.place for each in lines if each.line.kind is LineKind.FEE}
    beside = gaps_of(known if is_known else [*known, head])
    return Preview(
        head=head,
        lines=len(statement.lines),
        is_known=is_known,
        gaps=tuple(
            each for each in beside if head.begins == each.before or head.ends == each.after
        ),
        matched=len(matched),
        doubtful=len(doubtful),
        fees=len(fees),
        unmatched=tuple(each for each in lines if each.place not in matched | fees),
    )


def judged(
    account: OutsideAccount,
    statement: OutsideStatement,
    digest: str,
    known: Sequence[StatementHead],
) -> StatementHead | Rejected:
    """The head under which a statement is kept; the known one when it was imported already.

    Rejections: those of `why_unsound`, `statement_differs` (the number is known with other
    content), `statement_overlaps`.
    """
    unsound = why_unsound(statement, account)
    if unsound is not None:
        return unsound
    head = StatementHead(
        statement_id=statement_id_of(account.account_id, statement.number),
        account_id=account.account_id,
        number=statement.number,
        digest=digest,
        currency=statement.currency,
        begins=statement.begins,
        ends=statement.ends,
        opening=statement.opening,
        closing=statement.closing,
    )
    for each in known:
        if each.digest == digest:
            return each
        if each.statement_id == head.statement_id:
            if msgspec.structs.replace(each, digest=digest) == head:
                return each
            return Rejected(Reason.STATEMENT_DIFFERS, {"number": each.number})
    beside = overlapping(head.begins, head.ends, known)
    if beside is not None:
        return Rejected(Reason.STATEMENT_OVERLAPS, {"number": beside.number})
    return head


def lines_of(
    head: StatementHead, account: OutsideAccount, statement: OutsideStatement
) -> list[OpenLine]:
    """The lines of a statement that is not kept yet."""
    return [
        OpenLine(place=LinePlace(head.statement_id, line.number), account=account, line=line)
        for line in statement.lines
    ]


async def import_statement(
    store: Reconciliations,
    register: Register,
    account: OutsideAccount,
    statement: OutsideStatement,
    digest: str,
    act: Act,
) -> StatementHead | Rejected:
    """Keep a statement and match what is unambiguous; one that is known changes nothing.

    Rejections: those of `judged`.
    """
    async with store.transaction() as books:
        known = [each for each in await books.statements() if each.account_id == account.account_id]
        head = judged(account, statement, digest, known)
        if not isinstance(head, Rejected) and head not in known:
            await books.add_statement(
                Imported(
                    head=head,
                    lines=statement.lines,
                    imported_by=act.actor_id,
                    imported_at=act.received_at,
                )
            )
            await _match_open(books, register, act)
        await books.drop_draft(act.actor_id)
        return head


async def match_again(store: Reconciliations, register: Register, act: Act) -> int:
    """Match what has become unambiguous since; how many matches that made."""
    async with store.transaction() as books:
        return await _match_open(books, register, act)


async def make_match(
    store: Reconciliations,
    act: Act,
    lines: Sequence[LinePlace],
    booked: Sequence[BookedPlace],
    reason: str,
) -> Match | Rejected | KeyReused:
    """Match by hand what somebody chose; the same act again gives the first match.

    Rejections: `chosen_not_open` (something does not exist, or is matched already), those of
    `match_by_hand`.
    """
    match_id = derive_id("match", act.actor_id, act.key)
    async with store.transaction() as books:
        known = await books.match(match_id)
        if known is not None:
            return known.match if known.content_hash == act.content_hash else KeyReused()
        open_lines = await books.lines_at(lines)
        open_booked = await books.booked_at(booked)
        if len(open_lines) < len(set(lines)) or len(open_booked) < len(set(booked)):
            return Rejected(Reason.CHOSEN_NOT_OPEN)
        chosen = Chosen(match_id=match_id, lines=open_lines, booked=open_booked, reason=reason)
        made = match_by_hand(chosen, act.actor_id, act.received_at)
        if isinstance(made, Match):
            await books.put_matches([KeptMatch(match=made, content_hash=act.content_hash)])
        return made


async def approve_match(store: Reconciliations, match_id: str, act: Act) -> Match | Rejected:
    """Let a second person approve a match. Rejections: `match_unknown`, those of `approve`."""
    async with store.transaction() as books:
        known = await books.match(match_id)
        if known is None:
            return Rejected(Reason.MATCH_UNKNOWN)
        return await _became(books, known, approve(known.match, act.actor_id, act.received_at))


async def undo_match(
    store: Reconciliations, match_id: str, act: Act, reason: str
) -> Match | Rejected:
    """Take a match back. Rejections: `match_unknown`, those of `undo`."""
    async with store.transaction() as books:
        known = await books.match(match_id)
        if known is None:
            return Rejected(Reason.MATCH_UNKNOWN)
        undone = undo(known.match, act.actor_id, act.received_at, reason)
        return await _became(books, known, undone)


async def _became(
    books: OutsideBooks, known: KeptMatch, outcome: Match | Rejected
) -> Match | Rejected:
    if isinstance(outcome, Match):
        await books.put_matches([msgspec.structs.replace(known, match=outcome)])
    return outcome


async def doubts_now(books: OutsideBooks, register: Register) -> Matching:
    """What would match now and what is doubtful, without keeping anything."""
    return await _matching(books, register, [])


async def _match_open(books: OutsideBooks, register: Register, act: Act) -> int:
    lines = {each.place: each for each in await books.open_lines(MOST_OPEN)}
    matching = await _matching(books, register, [])
    made = [_kept(each, lines, act) for each in matching.found]
    await books.put_matches(made)
    return len(made)


def _kept(found: Found, lines: Mapping[LinePlace, OpenLine], act: Act) -> KeptMatch:
    currency = lines[found.lines[0]].account.currency
    places = [str(part) for place in found.lines for part in place]
    return KeptMatch(
        match=Match(
            match_id=derive_id("match", act.received_at.isoformat(), *places),
            cause=found.cause,
            lines=found.lines,
            booked=found.booked,
            currency=currency,
            difference=0,
            made_by=act.actor_id,
            made_at=act.received_at,
        )
    )


async def _matching(books: OutsideBooks, register: Register, more: Sequence[OpenLine]) -> Matching:
    """What of everything that is open matches, together with lines that are not kept yet."""
    lines = [*await books.open_lines(MOST_OPEN), *more]
    booked = await books.open_booked(MOST_OPEN)
    names = await _names(register, lines, booked)
    # Many open items take a while, in which nobody else should wait.
    return await asyncio.to_thread(match, lines, booked, names)


async def _names(
    register: Register, lines: Sequence[OpenLine], booked: Sequence[Booked]
) -> Mapping[BuyerId, str]:
    """The names of buyers whose sums a bank's payer could have paid, and of nobody else."""
    wanted = amounts_of([each for each in lines if each.account.kind is OutsideKind.BANK])
    buyers = {each.place.buyer_id for each in booked if (each.currency, each.amount) in wanted}
    profiles = await register.buyers(sorted(buyers)) if buyers else []
    return {each.buyer_id: each.name for each in profiles}
