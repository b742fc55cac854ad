"""Terms: numbers that no version may have, and texts that are acknowledged exactly as shown."""

from __future__ import annotations

import msgspec
import pytest

from earnest.core.terms.agreement import DeferralAgreement, Origin
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import TermsVersion, acknowledged_as_shown
from tests.core import world
from tests.core.world import POLICY, TERMS, local, terms_with


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ({"cure_days": 13}, "a cure period has at least 14 days"),
        ({"refund_days": 0}, "a refund takes at most 15 days"),
        ({"refund_days": 16}, "a refund takes at most 15 days"),
        ({"earnest_cap_basis_points": 2_001}, "earnest cap is 20 %"),
        ({"earnest_cap_basis_points": -1}, "earnest cap is 20 %"),
        ({"currency": "EUR"}, "deposit and price share one currency"),
        ({"promise_weeks_from": 13}, "a window ends after it begins"),
    ],
)
def test_numbers_that_no_terms_may_yield(number: dict[str, object], why: str) -> None:
    fields = msgspec.structs.asdict(POLICY) | number

    with pytest.raises(AssertionError) as refused:
        Policy(**fields)

    assert str(refused.value) == why


@pytest.mark.parametrize(
    "number",
    [
        {"cure_days": 14},
        {"refund_days": 1},
        {"refund_days": 15},
        {"earnest_cap_basis_points": 0},
        {"earnest_cap_basis_points": 2_000},
        {"promise_weeks_from": POLICY.promise_weeks_to},
    ],
)
def test_the_last_numbers_that_terms_may_yield(number: dict[str, object]) -> None:
    policy = Policy(**(msgspec.structs.asdict(POLICY) | number))

    assert {field: getattr(policy, field) for field in number} == number


def test_the_digest_of_a_version_follows_from_all_of_it() -> None:
    again = msgspec.json.decode(msgspec.json.encode(TERMS), type=TermsVersion)

    assert TERMS.terms_hash == again.terms_hash
    assert TERMS.terms_hash != terms_with(cooling_off_hours=72).terms_hash


def test_a_clause_is_acknowledged_only_in_its_own_words_and_language() -> None:
    at = local(2024, 7, 1)
    shown = world.acknowledgement("forfeiture", at)

    assert acknowledged_as_shown(shown, TERMS)
    assert not acknowledged_as_shown(msgspec.structs.replace(shown, text_hash=""), TERMS)
    assert not acknowledged_as_shown(msgspec.structs.replace(shown, language="en"), TERMS)
    assert not acknowledged_as_shown(msgspec.structs.replace(shown, language="fr"), TERMS)
    assert not acknowledged_as_shown(world.acknowledgement("unknown", at), TERMS)


def test_an_agreement_is_open_until_the_instant_of_its_end() -> None:
    agreement = DeferralAgreement(
        number=1,
        agreed_at=local(2024, 10, 22),
        valid_until=local(2025, 7, 14),
        origin=Origin.CHAT,
    )

    assert agreement.is_open(local(2025, 7, 13, 23, 59))
    assert not agreement.is_open(local(2025, 7, 14))
    assert agreement.build_only_on_request
