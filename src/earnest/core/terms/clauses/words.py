"""Sentences in both languages, and how sums, periods and lists are written in each.

Not here: any clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from earnest.core.terms.document import MINOR_DIGITS, TermsDocument
from earnest.core.terms.version import Clause

ENGLISH = "en"
CHINESE = "zh-Hans"
LANGUAGES = (CHINESE, ENGLISH)
"""The languages of every terms version."""

BASIS_POINTS_OF_PERCENT = 100

_CHINESE_UNITS = {"CNY": "元", "EUR": "欧元", "GBP": "英镑", "USD": "美元", "KRW": "韩元"}


class Both(NamedTuple):
    """The same words in English and in Chinese."""

    en: str
    zh: str


NOT_EXECUTED = Both(
    "Earnest does not execute this clause; the parties carry it out themselves.",
    "本条不由Earnest系统自动执行，由双方自行履行。",
)
"""What a clause says behind which no rule of the engine stands."""


def clause(
    clause_id: str, *sentences: Both | None, material: bool = False, executed: bool = True
) -> Clause:
    """A clause of these sentences; one that depends on a parameter may be left out as None."""
    said = [sentence for sentence in sentences if sentence is not None]
    if not executed:
        said.append(NOT_EXECUTED)
    return Clause(
        clause_id=clause_id,
        material=material,
        texts={
            CHINESE: "".join(sentence.zh for sentence in said),
            ENGLISH: " ".join(sentence.en for sentence in said),
        },
        executed=executed,
    )


def money(document: TermsDocument, amount: str) -> Both:
    """A sum as a contract names it: `CNY 5,000`, `人民币5,000元`; decimals only where there are."""
    currency = document.currency
    digits = MINOR_DIGITS[currency]
    minor = document.money(amount).amount
    whole, rest = divmod(minor, 10**digits)
    figure = f"{whole:,}.{rest:0{digits}d}" if rest else f"{whole:,}"
    sign = "人民币" if currency == "CNY" else ""
    return Both(f"{currency} {figure}", f"{sign}{figure}{_CHINESE_UNITS[currency]}")


def is_nothing(document: TermsDocument, amount: str) -> bool:
    """Whether a sum is zero."""
    return document.money(amount).amount == 0


def count(number: int, noun: str) -> str:
    """A number with its English noun: `1 day`, `7 days`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def percent(basis_points: int) -> str:
    """A rate as both languages write it: `20%`, `12.5%`."""
    whole, rest = divmod(basis_points, BASIS_POINTS_OF_PERCENT)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def listed(words: Sequence[Both], english: str = "and", chinese: str = "和") -> Both:
    """Words in a row: `a, b and c`, `甲、乙和丙`."""
    assert words, "an empty list has no words"
    *before, last = words
    if not before:
        return last
    return Both(
        f"{', '.join(word.en for word in before)} {english} {last.en}",
        f"{'、'.join(word.zh for word in before)}{chinese}{last.zh}",
    )
