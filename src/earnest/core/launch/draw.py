"""A draw that anybody can repeat: a committed seed and the sorted entries give one order.

The steps use nothing but SHA-256 and HMAC over lines of text, so that `sha256sum` and `openssl`
are enough to follow them (docs/waiting-room.md does, by hand). Not here: who may enter, when
entries close, and where the seed is kept.

The order depends on the seed, on the digest of all entries and on the public value, if the rule
named a source for one. The seed is committed before the first entry and the entries are fixed
before the seed is shown, so the operator can choose neither with the other in view. An operator
who knows the seed could still add entries that do well; a public value, which nobody knows while
entries are taken, closes that as well (docs/adr/0023).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from earnest.core.values.instant import Instant

FORM = "earnest-draw/1"
"""The name of this way to draw; another way gets another name."""

SEED_BYTES = 32
_WORD_BYTES = 8
_WORDS = 1 << (8 * _WORD_BYTES)


class Draw(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A draw as everybody may see it, at whatever point it stands.

    `commitment` comes first, `entries_digest` and `entries` (their number) once entries are
    closed, `seed` (hex) and `public_value` when it is revealed.
    """

    launch: str
    commitment: str
    committed_at: Instant
    closed_at: Instant | None = None
    entries: int = 0
    entries_digest: str = ""
    revealed_at: Instant | None = None
    seed: str = ""
    public_value: str = ""


class DrawDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A revealed draw, whole, as it is exported and verified.

    `entries` are the opaque ids in ascending order, `result` the same ids in the drawn order. The
    draw orders all of them, however many are let in: the first `places` of `result`, by the version
    of the launch in force when the document was read; None where everybody is let in.
    """

    form: str
    draw: Draw
    public_source: str
    entries: tuple[str, ...]
    result: tuple[str, ...]
    places: int | None = None


class DrawFault(StrEnum):
    """What is wrong with a draw document."""

    FORM_UNKNOWN = "form_unknown"
    NOT_REVEALED = "not_revealed"
    SEED_MALFORMED = "seed_malformed"
    COMMITMENT_DIFFERS = "commitment_differs"
    ENTRIES_UNSORTED = "entries_unsorted"
    ENTRIES_DIGEST_DIFFERS = "entries_digest_differs"
    PUBLIC_VALUE_MISSING = "public_value_missing"
    TIMES_OUT_OF_ORDER = "times_out_of_order"
    RESULT_DIFFERS = "result_differs"


def commitment_of(launch: str, seed: str) -> str:
    """The digest that binds the operator to a seed (hex) before anybody enters."""
    return _digest(f"earnest/seed/v1\n{launch}\n{seed}\n")


def entries_digest(entries: Sequence[str]) -> str:
    """The digest of all entries, which must be sorted and without repetition."""
    return _digest("".join(("earnest/entries/v1\n", *(f"{entry}\n" for entry in entries))))


def drawn_order(
    launch: str, seed: str, entries: Sequence[str], public_value: str = ""
) -> tuple[str, ...]:
    """The entries in the order in which they are drawn: each order is as likely as any other.

    Fisher and Yates: from the last place down, each place gets one of those not yet placed.
    """
    words = _words(draw_key(launch, seed, entries_digest(entries), public_value))
    order = list(entries)
    for place in range(len(order) - 1, 0, -1):
        other = _below(place + 1, words)
        order[place], order[other] = order[other], order[place]
    return tuple(order)


def draw_key(launch: str, seed: str, digest: str, public_value: str) -> bytes:
    """The key of the draw: the seed applied to everything that is fixed before it is shown."""
    text = f"earnest/draw/v1\n{launch}\n{digest}\n{public_value}\n"
    return hmac.digest(bytes.fromhex(seed), text.encode(), hashlib.sha256)


def verify(document: DrawDocument) -> tuple[DrawFault, ...]:
    """Everything that is wrong with a document, in the order of the steps; empty: it holds."""
    draw = document.draw
    if document.form != FORM:
        return (DrawFault.FORM_UNKNOWN,)
    if draw.closed_at is None or draw.revealed_at is None:
        return (DrawFault.NOT_REVEALED,)
    if not _is_seed(draw.seed):
        return (DrawFault.SEED_MALFORMED,)
    sorted_entries = tuple(sorted(set(document.entries)))
    drawn = drawn_order(draw.launch, draw.seed, sorted_entries, draw.public_value)
    is_fixed = draw.entries == len(sorted_entries) and (
        draw.entries_digest == entries_digest(sorted_entries)
    )
    holds = {
        DrawFault.COMMITMENT_DIFFERS: draw.commitment == commitment_of(draw.launch, draw.seed),
        DrawFault.ENTRIES_UNSORTED: document.entries == sorted_entries,
        DrawFault.ENTRIES_DIGEST_DIFFERS: is_fixed,
        DrawFault.PUBLIC_VALUE_MISSING: (document.public_source == "") == (draw.public_value == ""),
        DrawFault.TIMES_OUT_OF_ORDER: draw.committed_at <= draw.closed_at <= draw.revealed_at,
        DrawFault.RESULT_DIFFERS: document.result == drawn,
    }
    return tuple(fault for fault, held in holds.items() if not held)


def _is_seed(text: str) -> bool:
    return len(text) == 2 * SEED_BYTES and all(each in "0123456789abcdef" for each in text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _words(key: bytes) -> Iterator[int]:
    """Numbers below 2^64 without end: HMAC-SHA256 of the counter 0, 1, 2 ..., four from each."""
    counter = 0
    while True:
        block = hmac.digest(key, str(counter).encode(), hashlib.sha256)
        for start in range(0, len(block), _WORD_BYTES):
            yield int.from_bytes(block[start : start + _WORD_BYTES], "big")
        counter += 1


def _below(limit: int, words: Iterator[int]) -> int:
    """A number below the limit, each as likely as any other.

    The highest words, which would make the first remainders likelier, are passed over.
    """
    largest = _WORDS - _WORDS % limit
    return next(word for word in words if word < largest) % limit
