"""The contract of reconciling: one suite for PostgreSQL and for the twin in memory.

Not here: what matches what (`tests/core/test_reconciliation.py`). At the end stands what only a
database does.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import psycopg
import pytest

from earnest.core.reconciliation.by_hand import Match, approve, undo
from earnest.core.reconciliation.explained import ItemKind, explain
from earnest.core.reconciliation.matching import Cause
from earnest.core.reconciliation.statement import (
    BankColumns,
    LineKind,
    LinePlace,
    OutsideLine,
    OutsideStatement,
    StatementHead,
)
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.publishing import Act
from earnest.desk.reconciliation_ports import Draft, KeptMatch, OpenCount
from earnest.desk.reconciling import (
    add_account,
    import_statement,
    make_match,
    match_again,
    preview_statement,
)
from tests.core.reconciling import BANK, PAY
from tests.store.house import PROVIDER, START, House

pytestmark = pytest.mark.anyio

DEPOSIT = 500_000
PAID_AT = START + timedelta(minutes=10)
DAY = date(2024, 4, 1)


def act(name: str, by: str = "staff:gu") -> Act:
    return Act(actor_id=by, key=name, content_hash=name, received_at=PAID_AT)


def outside_line(number: int, amount: int, **said: str) -> OutsideLine:
    kind = LineKind.PAYMENT if amount > 0 else LineKind.FEE
    return OutsideLine(number=number, kind=kind, booked_on=DAY, amount=amount, **said)


def statement(*lines: OutsideLine, number: str = "1", day: date = DAY) -> OutsideStatement:
    return OutsideStatement(
        number=number,
        account_number=PAY.number,
        currency="CNY",
        begins=day,
        ends=day,
        opening=100,
        closing=100 + sum(each.amount for each in lines),
        lines=lines,
    )


async def imported(house: House, told: OutsideStatement, digest: str = "a") -> StatementHead:
    head = await import_statement(
        house.reconciliations, house.register, PAY, told, digest * 64, act(f"import-{digest}")
    )
    assert isinstance(head, StatementHead), head
    return head


async def paid(house: House) -> str:
    """Two buyers' deposits; the provider's id of the first."""
    for key in await house.reserved("li", "zhang"):
        await house.live(key, "RecordPayment", PAID_AT, PROVIDER, provider_payment_id=key.order_id)
    async with house.reconciliations.reading() as books:
        return (await books.open_booked(10))[0].reference


async def test_an_account_is_kept_whole_and_never_changes(house: House) -> None:
    columns = BankColumns(booked_on="日期", amount="金额", balance_after="余额")
    bank = msgspec.structs.replace(BANK, columns=columns)
    store = house.reconciliations

    assert [await add_account(store, each, act("add")) for each in (PAY, bank, bank)] == [
        *(PAY, bank, bank)
    ]
    other = msgspec.structs.replace(bank, name="Other Bank")
    rejected = Rejected(Reason.OUTSIDE_ACCOUNT_EXISTS, {"account": "bank"})
    assert await add_account(store, other, act("add")) == rejected
    async with store.reading() as books:
        assert list(await books.accounts()) == [bank, PAY]


async def test_a_draft_is_one_for_each_person_and_goes(house: House) -> None:
    first = Draft(
        actor_id="staff:gu",
        account_id="pay",
        digest="a" * 64,
        content=b"\x00\xff",
        uploaded_at=START,
    )
    second = msgspec.structs.replace(first, digest="b" * 64, content=b"x")
    async with house.reconciliations.transaction() as books:
        await books.keep_draft(first)
        await books.keep_draft(second)
    left_lying = msgspec.structs.replace(first, actor_id="staff:old")
    next_day = START + timedelta(days=1, seconds=1)
    tomorrow = msgspec.structs.replace(first, actor_id="staff:new", uploaded_at=next_day)
    async with house.reconciliations.transaction() as books:
        await books.keep_draft(left_lying)
        await books.keep_draft(second)
        assert await books.draft("staff:old") == left_lying
        await books.keep_draft(tomorrow)
        assert await books.draft("staff:old") is None
        await books.keep_draft(second)
    async with house.reconciliations.reading() as books:
        assert await books.draft("staff:gu") == second
        assert await books.draft("staff:han") is None
        await books.drop_draft("staff:gu")
        assert await books.draft("staff:gu") is None


async def test_importing_matches_once_and_the_same_again_changes_nothing(house: House) -> None:
    reference = await paid(house)
    await add_account(house.reconciliations, PAY, act("add"))
    told = statement(
        outside_line(2, DEPOSIT, reference=reference, text="who paid"),
        outside_line(3, 700, payer="Li Wen", text="for a car"),
        outside_line(4, -10, reference="fee"),
    )
    async with house.reconciliations.reading() as books:
        seen = await preview_statement(books, house.register, PAY, told, "a" * 64)
    assert not isinstance(seen, Rejected)
    assert (seen.lines, seen.matched, seen.fees, seen.is_known) == (3, 1, 1, False)
    assert [each.line.payer for each in seen.unmatched] == ["Li Wen"]

    head = await imported(house, told)

    assert await imported(house, told) == head
    # The same statement, downloaded again with other line ends.
    assert await imported(house, told, "b") == head
    async with house.reconciliations.reading() as books:
        assert list(await books.statements()) == [head]
        assert list(await books.statement_lines(head.statement_id)) == list(told.lines)
        assert await books.open_count() == OpenCount(lines=1, booked=1)
        (line,) = await books.open_lines(10)
        assert line.line == told.lines[1]
        (sums,) = await books.sums()
        explained = explain(sums)
        again = await preview_statement(books, house.register, PAY, told, "a" * 64)
        # What matched by itself is found by its order and by its reference.
        assert list(await books.matches(10, "")) == []
        (match,) = await books.matches(10, reference)
        assert (match.cause, match.booked[0].order_id) == (Cause.REFERENCE, reference)
        assert list(await books.matches(10, "nothing")) == []
    assert not isinstance(again, Rejected)
    assert again.is_known
    assert (explained.ledger, explained.remainder) == (2 * DEPOSIT, 0)
    assert {each.kind: each.amount for each in explained.items} == {
        ItemKind.HELD: 100 + DEPOSIT + 700 - 10,
        ItemKind.STOOD_BEFORE: -100,
        ItemKind.FEE: 10,
        ItemKind.NOT_IN_BOOKS: -700,
        ItemKind.NOT_SHOWN: DEPOSIT,
    }


async def test_a_statement_that_contradicts_what_is_known_is_rejected(house: House) -> None:
    await add_account(house.reconciliations, PAY, act("add"))
    await imported(house, statement(outside_line(2, 5)))

    async def rejected(told: OutsideStatement) -> object:
        store, register = house.reconciliations, house.register
        return await import_statement(store, register, PAY, told, "c" * 64, act("third"))

    other = statement(outside_line(2, 6))
    assert await rejected(other) == Rejected(Reason.STATEMENT_DIFFERS, {"number": "1"})
    beside = statement(outside_line(2, 5), number="2")
    assert await rejected(beside) == Rejected(Reason.STATEMENT_OVERLAPS, {"number": "1"})
    unbalanced = msgspec.structs.replace(beside, closing=0)
    assert isinstance(await rejected(unbalanced), Rejected)
    async with house.reconciliations.reading() as books:
        assert len(await books.statements()) == 1


async def test_what_is_paid_after_the_import_is_matched_when_asked_again(house: House) -> None:
    await add_account(house.reconciliations, PAY, act("add"))
    (key,) = await house.reserved("li")
    await imported(house, statement(outside_line(2, DEPOSIT, reference="pay_1")))
    await house.live(key, "RecordPayment", PAID_AT, PROVIDER, provider_payment_id="pay_1")

    made = [await match_again(house.reconciliations, house.register, act("x")) for _ in range(2)]

    assert made == [1, 0]


async def test_a_match_by_hand_holds_waits_and_lets_go(house: House) -> None:
    await paid(house)
    await add_account(house.reconciliations, PAY, act("add"))
    head = await imported(house, statement(outside_line(2, DEPOSIT - 5), outside_line(3, -7)))
    store, line = house.reconciliations, LinePlace(head.statement_id, 2)
    async with store.reading() as books:
        first, second = [each.place for each in await books.open_booked(10)]

    made = await make_match(store, act("hand"), [line], [first], "five short")
    assert isinstance(made, Match)
    assert (made.cause, made.difference, made.needs_second) == (Cause.BY_HAND, -5, True)
    assert await make_match(store, act("hand"), [line], [first], "five short") == made
    other = msgspec.structs.replace(act("hand"), content_hash="other")
    assert await make_match(store, other, [line], [first], "x") == KeyReused()
    taken = Rejected(Reason.CHOSEN_NOT_OPEN)
    assert await make_match(store, act("two"), [line], [second], "x") == taken
    assert await make_match(store, act("three"), [], [first], "x") == taken

    async with store.transaction() as books:
        # It holds both and explains nothing yet.
        assert await books.open_count() == OpenCount(lines=0, booked=1)
        (waiting,) = await books.sums()
        assert (waiting.written_off, waiting.booked_during) == (0, 2 * DEPOSIT)
        approved = approve(made, "staff:han", PAID_AT)
        assert isinstance(approved, Match)
        await books.put_matches([KeptMatch(match=approved, content_hash="hand")])
        (standing,) = await books.sums()
        assert (standing.written_off, standing.booked_during) == (-5, DEPOSIT)
        assert explain(standing).remainder == 0
        assert list(await books.matches(10, "")) == [approved]
        undone = undo(approved, "staff:gu", PAID_AT, "wrong")
        assert isinstance(undone, Match)
        await books.put_matches([KeptMatch(match=undone, content_hash="hand")])
        assert list(await books.matches(10, "")) == []
        assert await books.match(made.match_id) == KeptMatch(match=undone, content_hash="hand")
        assert await books.match("none") is None
    again = await make_match(store, act("four"), [line], [first], "right after all")
    assert isinstance(again, Match)


async def test_nothing_is_matched_twice_whoever_writes(house: House) -> None:
    await add_account(house.reconciliations, PAY, act("add"))
    head = await imported(house, statement(outside_line(2, 5)))
    made = Match(
        match_id="M" * 16,
        cause=Cause.REFERENCE,
        lines=(LinePlace(head.statement_id, 2),),
        booked=(),
        currency="CNY",
        difference=0,
        made_by="staff:gu",
        made_at=PAID_AT,
    )

    async def put(match_id: str) -> None:
        match = msgspec.structs.replace(made, match_id=match_id)
        async with house.reconciliations.transaction() as books:
            await books.put_matches([KeptMatch(match=match)])

    await put("M" * 16)
    with pytest.raises(house.violation):
        await put("N" * 16)
    async with house.reconciliations.reading() as books:
        assert await books.match("N" * 16) is None


def test_the_database_lets_nobody_write_off_alone_and_keeps_payers_apart(
    application: psycopg.Connection,
) -> None:
    adding = (
        "INSERT INTO earnest.outside_match (match_id, cause, currency, difference_minor, reason,"
        " needs_second, made_by, made_at, content_hash, approved_by, approved_at)"
        " VALUES ('MATCH00000000001', 'by_hand', 'CNY', 5, 'x', {}, 'staff:gu', now(), '', {})"
    )
    for needs, approval, constraint in (
        ("false", "'', NULL", "writes_off_with_a_second_person"),
        ("true", "'staff:GU', now()", "is_approved_by_another"),
    ):
        refused = pytest.raises(psycopg.errors.CheckViolation, match=constraint)
        with refused, application.transaction():
            application.execute(adding.format(needs, approval).encode())
    for statement_ in (
        "UPDATE earnest.outside_match SET difference_minor = 0",
        "DELETE FROM earnest.outside_match",
        "UPDATE earnest.outside_line SET amount_minor = 1",
        "UPDATE people.outside_line_text SET payer = ''",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), application.transaction():
            application.execute(statement_.encode())
    columns = application.execute(
        "SELECT table_schema FROM information_schema.columns"
        " WHERE column_name IN ('payer', 'text') AND table_name LIKE 'outside%'"
    ).fetchall()
    assert columns == [("people",), ("people",)]
