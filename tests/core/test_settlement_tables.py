"""The tables of `tables/settlement`: under each law, who owes whom what on every ground.

A table is a text file for one law, a block for each case:

    case: earnest money, the clause acknowledged            what the block shows, in words
    with: kind=earnest acknowledged=yes                      what departs from the usual position

    delay, refusal               seller  -> earnest_returned 18000.00 by CN-17, ...

A row names grounds, who answers for the end, and the lines of the statement. The usual position is
a car of 90,000 with a deposit of 20,000, of which a fifth of the price, 18,000, can be earnest
money; nothing else is paid. Every block names every ground once.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from earnest.core.ledger.account import Account
from earnest.core.settlement.ground import Ground, who_answers
from earnest.core.settlement.position import Fleet, Position
from earnest.core.settlement.settle import settle
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.policy import DepositKind
from tests.core.reading import money, written
from tests.core.world import yuan

TABLES = Path(__file__).parent / "tables" / "settlement"
_ROW = re.compile(r"([a-z_, ]+?)\s+(nobody|buyer|seller|both)\s+->\s+(.+)")

USUAL = Position(
    price=yuan(90_000),
    deposit_kind=DepositKind.EARNEST,
    deposit_account=Account.COMMITTED_DEPOSITS,
    deposit_paid=yuan(20_000),
    balance_paid=yuan(0),
    charged_back=yuan(0),
    earnest_cap_basis_points=2_000,
    forfeiture_acknowledged=True,
)


class Row(msgspec.Struct, frozen=True):
    """Grounds with the same outcome: who answers, and the lines of the statement."""

    line: int
    grounds: tuple[Ground, ...]
    answers: str
    lines: str


class Block(msgspec.Struct):
    """One case under one law."""

    law: str
    title: str
    words: tuple[str, ...]
    rows: list[Row]


def blocks(path: Path) -> list[Block]:
    """The blocks of one table."""
    found: list[Block] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        name, _, rest = line.partition(":")
        row = _ROW.fullmatch(line)
        if not line:
            continue
        if name == "case":
            found.append(Block(path.stem, rest.strip(), (), []))
        elif name == "with":
            found[-1].words = tuple(rest.split())
        else:
            assert row is not None, f"{path.name}:{number}: neither a case nor a row: {line}"
            grounds = tuple(Ground(each.strip()) for each in row[1].split(","))
            found[-1].rows.append(Row(number, grounds, row[2], row[3]))
    return found


def position(words: tuple[str, ...]) -> Position:
    """The usual position with what the words change."""
    changed: dict[str, object] = {}
    for word in words:
        name, _, text = word.partition("=")
        match name:
            case "kind":
                changed["deposit_kind"] = DepositKind(text)
            case "acknowledged":
                changed["forfeiture_acknowledged"] = text == "yes"
            case "buyer_broke_seriously" | "seller_broke_seriously" | "is_shipped":
                changed[name] = text == "yes"
            case "deposit_days" | "interest_basis_points":
                changed[name] = int(text)
            case "fleet":
                delivered, _, vehicles = text.partition("/")
                changed[name] = Fleet(vehicles=int(vehicles), delivered=int(delivered))
            case _:
                changed[name] = money(text)
    return msgspec.structs.replace(USUAL, **changed)


def statement(law: str, ground: Ground, words: tuple[str, ...]) -> str:
    """The lines of a statement as the tables write them."""
    lines = settle(ground, position(words), LAWS[law]).lines
    return ", ".join(f"{line.kind} {written(line.amount)} by {line.rule}" for line in lines)


ALL = [block for path in sorted(TABLES.glob("*.txt")) for block in blocks(path)]


@pytest.mark.parametrize("block", ALL, ids=lambda block: f"{block.law}: {block.title}")
def test_the_law_settles_as_the_table_says(block: Block) -> None:
    named = [ground for row in block.rows for ground in row.grounds]
    assert sorted(named) == sorted(Ground), "a block names every ground once"

    usual = position(block.words)
    for row in block.rows:
        for ground in row.grounds:
            who = who_answers(
                ground,
                buyer_broke_seriously=usual.buyer_broke_seriously,
                seller_broke_seriously=usual.seller_broke_seriously,
            )
            expected = f"{row.answers} -> {row.lines}"
            assert expected == f"{who} -> {statement(block.law, ground, block.words)}", (
                f"{block.law}.txt:{row.line}: {ground}"
            )


def test_every_law_has_its_table_with_the_same_cases() -> None:
    cases = {
        law: [(each.title, each.words) for each in ALL if each.law == law] for law in sorted(LAWS)
    }

    assert {each.law for each in ALL} == set(LAWS)
    assert all(each == cases["CN"] for each in cases.values())
