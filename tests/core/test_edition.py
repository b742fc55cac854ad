"""Editions: what can be published, and what may never shrink.

Not here: orders in an edition (`test_scarcity.py`).
"""

from __future__ import annotations

import pytest

from earnest.core.launch.edition import Allotment, Edition, Proof, check_edition
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

LIMITED = Edition(units=1_000, per_person=2)


@pytest.mark.parametrize(
    ("edition", "reason"),
    [
        (LIMITED, None),
        (Edition(units=1), None),
        (Edition(per_person=1, proof=Proof.IDENTITY_NUMBER), None),
        (Edition(), Reason.EDITION_EMPTY),
        (Edition(units=0), Reason.EDITION_EMPTY),
        (Edition(units=5, per_person=0), Reason.EDITION_EMPTY),
        (Edition(units=5, offer_minutes=59), Reason.FREED_OFFER_TOO_SHORT),
        (Edition(units=5, offer_minutes=60), None),
    ],
)
def test_an_edition_limits_something_and_gives_time(
    edition: Edition, reason: Reason | None
) -> None:
    assert reason == _reason(check_edition(edition))


@pytest.mark.parametrize(
    ("edition", "shrinks"),
    [
        (LIMITED, False),
        (Edition(units=1_001, per_person=3, offer_minutes=24 * 60 + 1), False),
        (Edition(units=999, per_person=2), True),
        (Edition(units=1_000, per_person=1), True),
        (Edition(units=1_000), False),
        (Edition(per_person=2), False),
        (Edition(units=1_000, per_person=2, offer_minutes=60), True),
        (Edition(units=1_000, per_person=2, proof=Proof.IDENTITY_NUMBER), True),
    ],
)
def test_what_was_announced_grows_and_never_shrinks(edition: Edition, *, shrinks: bool) -> None:
    assert shrinks == (_reason(check_edition(edition, LIMITED)) is Reason.EDITION_SHRUNK)


def test_a_limit_cannot_be_added_to_what_was_announced_without() -> None:
    found = check_edition(LIMITED, Edition(per_person=2))

    assert Rejected(Reason.EDITION_SHRUNK) == found


def test_units_are_left_until_all_are_taken() -> None:
    assert _left(Allotment(edition=Edition(units=5), taken=2)) == (3, True)
    assert _left(Allotment(edition=Edition(units=5), taken=5)) == (0, False)
    assert _left(Allotment(edition=Edition(units=5), taken=2, set_aside=3)) == (3, False)
    assert _left(Allotment(edition=Edition(per_person=1), taken=5)) == (None, True)


@pytest.mark.parametrize(
    ("units", "waiting", "is_kept", "expected"),
    [
        (5, 0, False, True),
        (5, 1, False, False),
        (5, 1, True, True),
        (2, 0, True, False),
        (None, 0, False, True),
        (None, 1, False, False),
        (None, 1, True, False),
    ],
)
def test_nobody_new_gets_a_unit_while_somebody_waits_who_could_have_it(
    units: int | None, waiting: int, *, is_kept: bool, expected: bool
) -> None:
    """Units are set aside for a group only where they are limited."""
    allotment = Allotment(edition=Edition(units=units), taken=2, waiting=waiting, is_kept=is_kept)

    assert allotment.is_free_to_new == expected


def _left(allotment: Allotment) -> tuple[int | None, bool]:
    return allotment.left, allotment.is_free


def _reason(rejected: Rejected | None) -> Reason | None:
    return None if rejected is None else rejected.reason
