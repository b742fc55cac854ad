"""One word for one thing: names in the code use the words of `GLOSSARY.md`, not their neighbours.

Only names that Earnest gives are looked at, never names that a library gave. Words that mean
something else elsewhere are banned only where they would be wrong.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from earnest.core.order.stage import Stage
from tests.tidy.source import files, findings, report, text_of


class Ban(NamedTuple):
    """Words that are not used, what to say instead, and where that holds."""

    words: str
    cure: str
    within: str = "src/earnest/"
    but_not: str = " "


BANS = (
    Ban("booking, bookings, preorder, preorders, pre order", "say reservation"),
    Ban("down payment, downpayment", "say deposit, and give its kind"),
    Ban("final payment", "say balance_due"),
    Ban("finalise, finalize, lockdown, lock down, freeze", "say lock"),
    Ban("eta, etas", "say promise; it has a window, a basis and a history"),
    Ban("pickup, pick up", "say handover"),
    Ban("rank change", "say move, and give its cause"),
    Ban("consent flag", "say acknowledgement; it is evidence, not a flag"),
    Ban("journal line", "say posting or entry"),
    Ban("util, utils, helper, helpers, misc", "name the subject that the code is about"),
    Ban("manager, managers", "name what it does: a noun for one thing, a verb for one act"),
    Ban(
        "acct, amt, calc, cfg, cmd, cnt, conn, ctx, evt, mgr, pwd, qty, req, resp, txn, usr",
        "write the word out",
    ),
    Ban("backlog", "say order bank", "src/earnest/core/"),
    Ban("trial, grace", "say cooling_off", "src/earnest/core/"),
    Ban(
        "pause",
        "say deferral of an order; only a sale is paused",
        "src/earnest/core/",
        "src/earnest/core/queue/pause.py",
    ),
    Ban("penalty", "say forfeiture, double return or compensation", "src/earnest/core/"),
    Ban("transaction, transactions, movement", "say posting or entry", "src/earnest/core/"),
    Ban(
        "authorise, authorize, capture, captured",
        "say hold; these are a provider's verbs",
        "src/earnest/core/",
    ),
    Ban(
        "void, voided",
        "say cancel; only a hold is voided",
        "src/earnest/core/",
        "src/earnest/core/ledger/",
    ),
    Ban(
        "expire, expired, expires",
        "say lapse; only a hold expires",
        "src/earnest/core/",
        "src/earnest/core/ledger/",
    ),
)

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def words(identifier: str) -> str:
    """An identifier as words: `preOrder` and `PRE_ORDER` are both ` pre order `."""
    return f" {' '.join(word.lower() for word in _WORD.findall(identifier))} "


def given_names(name: str, module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that this file gives: its own, its functions, classes, arguments and variables."""
    yield 1, PurePosixPath(name).stem
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def foreign_word(name: str, text: str) -> list[str]:
    """A name made with a word that the glossary replaced."""
    bans = [ban for ban in BANS if name.startswith(ban.within) and not name.startswith(ban.but_not)]
    return [
        f"{name}:{line}: {identifier}: {ban.cure} (GLOSSARY.md)"
        for line, identifier in given_names(name, ast.parse(text))
        for ban in bans
        if any(f" {word} " in words(identifier) for word in ban.words.split(", "))
    ]


def bare_balance(name: str, text: str) -> list[str]:
    """An argument or a field called `balance`, which could be the price's or an account's."""
    cure = "say balance_due for the price, account_balance for the ledger"
    return [
        f"{name}:{node.lineno}: balance: {cure}"
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.arg) and node.arg == "balance")
        or (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == "balance"
        )
    ]


def test_names_use_the_glossary() -> None:
    found = findings(foreign_word, files("src/"))

    assert not found, report(found)


def test_balance_says_which() -> None:
    found = findings(bare_balance, files("src/"))

    assert not found, report(found)


def test_the_glossary_knows_every_stage() -> None:
    glossary = text_of("GLOSSARY.md")

    missing = [stage.value for stage in Stage if f"`{stage.value}`" not in glossary]

    assert missing == [], "say in GLOSSARY.md what these stages mean"


def test_a_foreign_word_is_found() -> None:
    bad = [
        ("src/earnest/web/a.py", "def make_booking(): ..."),
        ("src/earnest/web/a.py", "class PreOrder: ..."),
        ("src/earnest/web/a.py", "def show(*, eta): ..."),
        ("src/earnest/desk/a.py", "FINAL_PAYMENT = 1"),
        ("src/earnest/desk/helpers.py", "rank = 1"),
        ("src/earnest/desk/a.py", "self.lock_manager = 1"),
        ("src/earnest/core/order/a.py", "def void_order(): ..."),
        ("src/earnest/core/order/a.py", "expired: bool = False"),
        ("src/earnest/core/a.py", "for transaction in entries: ..."),
    ]

    silent = [(name, text) for name, text in bad if len(foreign_word(name, text)) != 1]

    assert silent == []


def test_words_that_only_resemble_them_pass() -> None:
    good = [
        ("src/earnest/core/ledger/hold.py", "def void(): ...\ndef expire(): ..."),
        ("src/earnest/gateways/payments/a.py", "def capture(): ..."),
        ("src/earnest/store/a.py", "transaction = connection.transaction()"),
        ("src/earnest/web/a.py", "pool.manager()\ndetail = beta = 1"),
    ]

    assert [found for name, text in good for found in foreign_word(name, text)] == []


def test_a_bare_balance_is_found() -> None:
    assert len(bare_balance("a.py", "def pay(balance): ...")) == 1
    assert len(bare_balance("a.py", "class Order:\n    balance: int")) == 1
    assert not bare_balance("a.py", "def pay(balance_due, account_balance): ...")
