"""Codes as texts: what is signed is read back, and nothing else is read at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.launch.attribution import referral_of
from earnest.core.launch.code import PriorityCode
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId
from earnest.people.codes import LONGEST_CODE, CodeForged, Codes
from earnest.people.tokens import SigningKey

OLD = SigningKey("old", b"an old key for tests, thirty-two bytes")
NEW = SigningKey("new", b"a new key for tests, of thirty-two bytes")
CODE = PriorityCode(
    code_id=CodeId("C0DE000000000001"),
    campaign_id=CampaignId("summer"),
    group_id=GroupId("vip"),
    valid_until=datetime(2026, 12, 1, tzinfo=UTC),
)
PERSONAL = PriorityCode(
    code_id=CodeId("C0DE000000000002"),
    campaign_id=CampaignId("夏季.2026"),
    group_id=GroupId("vip"),
    valid_until=datetime(2026, 12, 1, tzinfo=UTC),
    buyer_id=BuyerId("BUYER00000000001"),
)


@pytest.mark.parametrize("code", [CODE, PERSONAL])
def test_a_code_is_read_as_it_was_signed(code: PriorityCode) -> None:
    codes = Codes([NEW])

    assert codes.read(codes.sign(code)) == code
    assert codes.sign(code) == codes.sign(code)
    assert len(codes.sign(code)) < LONGEST_CODE


def test_a_friends_code_names_nobody() -> None:
    codes = Codes([NEW])
    buyer = BuyerId("BUYER00000000001")

    assert codes.read_referral(codes.sign_referral(buyer)) == referral_of(buyer)
    assert buyer not in codes.sign_referral(buyer)


def test_a_code_outlives_the_change_of_keys_and_not_their_end() -> None:
    text = Codes([OLD]).sign(CODE)

    assert Codes([NEW, OLD]).read(text) == CODE
    with pytest.raises(CodeForged):
        Codes([NEW]).read(text)
    with pytest.raises(CodeForged):
        Codes([SigningKey("old", NEW.secret)]).read(text)


def test_codes_of_one_kind_are_none_of_another() -> None:
    codes = Codes([NEW])
    buyer = BuyerId("BUYER00000000001")

    with pytest.raises(CodeForged):
        codes.read(codes.sign_referral(buyer))
    with pytest.raises(CodeForged):
        codes.read_referral(codes.sign(CODE))


@given(st.data())
def test_a_text_with_one_character_changed_is_forged(data: st.DataObject) -> None:
    codes = Codes([NEW])
    text = codes.sign(CODE)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda each: each != text[place]))

    with pytest.raises(CodeForged):
        codes.read(text[:place] + other + text[place + 1 :])


@given(st.text(max_size=LONGEST_CODE + 10))
def test_any_other_text_is_forged(text: str) -> None:
    with pytest.raises(CodeForged):
        Codes([NEW]).read(text)


def test_a_text_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(CodeForged):
        Codes([NEW]).read("x" * (LONGEST_CODE + 1))


def test_keys_are_needed_each_with_an_id_of_its_own() -> None:
    for keys in ([], [NEW, NEW]):
        with pytest.raises(ValueError, match="id of its own"):
            Codes(keys)
