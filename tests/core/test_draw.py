"""The draw: anybody repeats it, nobody steers it, every order is as likely as any other.

Not here: keeping the seed and the entries. The same figures at a million draws stand in
`tests/chaos/lottery.py`, which these tests run in short.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from earnest.core.launch.draw import (
    FORM,
    Draw,
    DrawDocument,
    DrawFault,
    commitment_of,
    draw_key,
    drawn_order,
    entries_digest,
    verify,
)
from tests.core.world import local

LAUNCH = "yu9-2026"
SEED = hashlib.sha256(b"a seed for tests").hexdigest()
NOON = local(2026, 11, 26, 12)
ENTRIES = tuple(sorted(hashlib.sha256(bytes([n])).hexdigest()[:16] for n in range(9)))
DRAW = Draw(
    launch=LAUNCH,
    commitment=commitment_of(LAUNCH, SEED),
    committed_at=NOON,
    closed_at=NOON + timedelta(hours=1),
    entries=len(ENTRIES),
    entries_digest=entries_digest(ENTRIES),
    revealed_at=NOON + timedelta(hours=2),
    seed=SEED,
)
DOCUMENT = DrawDocument(
    form=FORM,
    draw=DRAW,
    public_source="",
    entries=ENTRIES,
    result=drawn_order(LAUNCH, SEED, ENTRIES),
)

ids = some.lists(some.text("0123456789abcdef", min_size=1, max_size=8), unique=True, max_size=40)


@given(ids)
def test_a_draw_orders_exactly_its_entries(entries: list[str]) -> None:
    ordered = sorted(entries)

    assert sorted(drawn_order(LAUNCH, SEED, ordered)) == ordered


@given(ids, some.text("0123456789", max_size=3))
def test_a_draw_is_the_same_however_often_it_is_repeated(entries: list[str], value: str) -> None:
    ordered = sorted(entries)

    assert drawn_order(LAUNCH, SEED, ordered, value) == drawn_order(LAUNCH, SEED, ordered, value)


def test_the_order_of_a_draw_follows_from_sha256_and_hmac_alone() -> None:
    """The steps of docs/waiting-room.md, written once more without the code of the draw."""
    entries = ("a", "b", "c")
    text = "earnest/entries/v1\na\nb\nc\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    fixed = f"earnest/draw/v1\n{LAUNCH}\n{digest}\n3912.45\n"
    key = hmac.new(bytes.fromhex(SEED), fixed.encode(), hashlib.sha256).digest()
    block = hmac.new(key, b"0", hashlib.sha256).hexdigest()
    first, second = int(block[:16], 16) % 3, int(block[16:32], 16) % 2
    order = list(entries)
    order[2], order[first] = order[first], order[2]
    order[1], order[second] = order[second], order[1]

    assert draw_key(LAUNCH, SEED, entries_digest(entries), "3912.45") == key
    assert drawn_order(LAUNCH, SEED, entries, "3912.45") == tuple(order)


def test_every_part_that_was_fixed_before_changes_the_draw() -> None:
    other_seed = hashlib.sha256(b"another").hexdigest()
    orders = {
        drawn_order(LAUNCH, SEED, ENTRIES),
        drawn_order("su9-2026", SEED, ENTRIES),
        drawn_order(LAUNCH, other_seed, ENTRIES),
        drawn_order(LAUNCH, SEED, ENTRIES, "3912.45"),
    }

    assert len(orders) == 4
    assert commitment_of(LAUNCH, SEED) != commitment_of("su9-2026", SEED)


def test_a_true_document_is_verified() -> None:
    assert verify(DOCUMENT) == ()
    assert verify(msgspec.json.decode(msgspec.json.encode(DOCUMENT), type=DrawDocument)) == ()


def changed(**changes: object) -> DrawDocument:
    return msgspec.structs.replace(DOCUMENT, **changes)


def redrawn(**changes: object) -> DrawDocument:
    return changed(draw=msgspec.structs.replace(DRAW, **changes))


FALSE = [
    (changed(form="earnest-draw/9"), DrawFault.FORM_UNKNOWN),
    (redrawn(closed_at=None), DrawFault.NOT_REVEALED),
    (redrawn(revealed_at=None), DrawFault.NOT_REVEALED),
    (redrawn(seed="ab"), DrawFault.SEED_MALFORMED),
    (redrawn(seed="g" * 64), DrawFault.SEED_MALFORMED),
    (redrawn(commitment=commitment_of(LAUNCH, "00" * 32)), DrawFault.COMMITMENT_DIFFERS),
    (changed(entries=ENTRIES[::-1]), DrawFault.ENTRIES_UNSORTED),
    (changed(entries=(*ENTRIES, ENTRIES[-1])), DrawFault.ENTRIES_UNSORTED),
    (redrawn(entries=8), DrawFault.ENTRIES_DIGEST_DIFFERS),
    (redrawn(entries_digest=entries_digest(ENTRIES[1:])), DrawFault.ENTRIES_DIGEST_DIFFERS),
    (changed(public_source="SSE"), DrawFault.PUBLIC_VALUE_MISSING),
    (redrawn(committed_at=NOON + timedelta(days=1)), DrawFault.TIMES_OUT_OF_ORDER),
    (redrawn(closed_at=NOON + timedelta(days=1)), DrawFault.TIMES_OUT_OF_ORDER),
    (changed(result=DOCUMENT.result[::-1]), DrawFault.RESULT_DIFFERS),
]


@pytest.mark.parametrize(("document", "fault"), FALSE)
def test_a_false_document_is_found_out(document: DrawDocument, fault: DrawFault) -> None:
    assert verify(document) == (fault,)


def test_an_entry_slipped_in_after_the_closing_is_found_out() -> None:
    entries = tuple(sorted((*ENTRIES, "ffffffffffffffff")))
    forged = changed(entries=entries, result=drawn_order(LAUNCH, SEED, entries))

    assert verify(forged) == (DrawFault.ENTRIES_DIGEST_DIFFERS,)
