"""Admission tokens: what the house signed is read back, and nothing else.

Not here: whom an admission lets in (`tests/core/test_admission.py`) and the door.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as some

from earnest.core.launch.admission import Admission
from earnest.core.launch.draw import commitment_of
from earnest.core.values.ids import BuyerId, CampaignId
from earnest.people.admissions import AdmissionInvalid, Admissions
from earnest.people.tokens import SigningKey

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OLD = SigningKey("2025", b"an old key, thirty-two bytes long")
NEW = SigningKey("2026", b"the new key, thirty-two bytes long")
LAUNCH, BUYER = CampaignId("yu9-2026"), BuyerId("0123456789ABCDEF")
ADMISSION = Admission(
    launch=LAUNCH,
    buyer_id=BUYER,
    slot=4_711,
    not_before=NOON,
    ends_at=NOON + timedelta(minutes=30, microseconds=1),
    nonce="n",
)
HOUSE = Admissions([NEW])


def is_read(token: str, house: Admissions = HOUSE) -> bool:
    try:
        house.read(token)
    except AdmissionInvalid:
        return False
    return True


@given(
    some.text(max_size=30),
    some.integers(1, 10**9),
    some.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
)
def test_a_token_says_what_was_signed(launch: str, slot: int, begins: datetime) -> None:
    admission = msgspec.structs.replace(
        ADMISSION, launch=CampaignId(launch[:30]), slot=slot, not_before=begins
    )

    assert HOUSE.read(HOUSE.sign(admission)) == admission


def test_a_lost_token_is_signed_again_and_is_the_same() -> None:
    assert HOUSE.sign(ADMISSION) == Admissions([NEW]).sign(ADMISSION)


def test_no_other_character_anywhere_makes_another_token() -> None:
    token = HOUSE.sign(ADMISSION)
    changed = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        for place in range(len(token))
    ]

    assert is_read(token)
    assert [each for each in changed if is_read(each)] == []


def test_a_key_that_is_not_ours_signs_nothing() -> None:
    forger = SigningKey("2026", b"somebody else's key of the same id")

    assert not is_read(Admissions([forger]).sign(ADMISSION))
    assert not is_read(Admissions([OLD]).sign(ADMISSION))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "a.b.c.d.e",
        "earnest-admission-1.2026..",
        "é" * 20,
        "x" * 601,
        HOUSE.sign(ADMISSION) + "=",
        HOUSE.sign(ADMISSION).replace("earnest-admission-1", "earnest-admission-2"),
    ],
)
def test_what_is_no_token_is_not_read(text: str) -> None:
    assert not is_read(text)


def test_what_another_part_of_the_house_signed_is_no_admission() -> None:
    """A signature is worth nothing for a content that is not an admission's."""
    signed = f"earnest-admission-1.2026.{urlsafe_b64encode(b'[1]').rstrip(b'=').decode()}"
    signature = HOUSE._private["2026"].sign(signed.encode())  # noqa: SLF001 - a forger with our own key

    assert not is_read(f"{signed}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}")


def test_the_public_key_alone_checks_a_token() -> None:
    signed, _, signature = HOUSE.sign(ADMISSION).rpartition(".")
    padded = signature + "=" * (-len(signature) % 4)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(HOUSE.public_keys()["2026"]))

    public.verify(
        msgspec.json.decode(f'"{padded}"'.replace("-", "+").replace("_", "/"), type=bytes),
        signed.encode(),
    )


def test_what_was_checked_is_not_signed_again_and_a_twin_of_it_still_is() -> None:
    house = Admissions([NEW])
    first, second = (house.sign(msgspec.structs.replace(ADMISSION, slot=slot)) for slot in (1, 2))
    assert house.read(first).slot == 1
    house._private.clear()  # noqa: SLF001 - whoever signs now fails

    assert house.read(first).slot == 1
    assert not is_read(second, house)
    assert not is_read(first + "A", house)


def test_only_what_was_signed_here_is_remembered_and_no_more_than_there_is_room_for() -> None:
    house = Admissions([NEW], remembered_most=2)
    tokens = [house.sign(msgspec.structs.replace(ADMISSION, slot=slot)) for slot in range(4)]
    forged = [Admissions([OLD]).sign(ADMISSION), "x", *(each[:-1] + "!" for each in tokens)]

    assert [house.read(each).slot for each in tokens] == [0, 1, 2, 3]
    assert [each for each in forged if is_read(each, house)] == []
    assert house.remembered == 2
    assert [house.read(each).slot for each in tokens] == [0, 1, 2, 3]


def test_what_the_house_reads_is_what_the_public_key_verifies() -> None:
    """The house signs again instead of verifying; both have to agree about every signature."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(HOUSE.public_keys()["2026"]))
    order = 2**252 + 27742317777372353535851937790883648493
    signed, _, signature = HOUSE.sign(ADMISSION).rpartition(".")
    raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    other = raw[:32] + ((int.from_bytes(raw[32:], "little") + order) % 2**256).to_bytes(
        32, "little"
    )

    public.verify(raw, signed.encode())
    with pytest.raises(InvalidSignature):
        public.verify(other, signed.encode())
    assert not is_read(
        f"{signed}.{urlsafe_b64encode(other).rstrip(b'=').decode()}", Admissions([NEW])
    )


def test_after_a_rotation_old_tokens_and_old_commitments_hold() -> None:
    before, after = Admissions([OLD]), Admissions([NEW, OLD])
    commitment = commitment_of(LAUNCH, before.seed(LAUNCH))

    assert after.read(before.sign(ADMISSION)) == ADMISSION
    assert after.seed_of(LAUNCH, commitment) == before.seed(LAUNCH)
    assert after.seed(LAUNCH) != before.seed(LAUNCH)
    assert Admissions([NEW]).seed_of(LAUNCH, commitment) is None


def test_what_the_house_derives_differs_by_launch_buyer_and_place() -> None:
    other = BuyerId("0123456789ABCDEG")
    entries = {HOUSE.entry(LAUNCH, BUYER), HOUSE.entry(LAUNCH, other), HOUSE.entry("su9", BUYER)}
    nonces = {HOUSE.nonce(LAUNCH, BUYER, 1), HOUSE.nonce(LAUNCH, BUYER, 2)}

    assert (len(entries), len(nonces)) == (3, 2)
    assert HOUSE.entry(LAUNCH, BUYER) == Admissions([NEW]).entry(LAUNCH, BUYER)
    assert BUYER not in HOUSE.entry(LAUNCH, BUYER)


@pytest.mark.parametrize("keys", [[], [NEW, NEW]])
def test_a_house_needs_keys_with_ids_of_their_own(keys: list[SigningKey]) -> None:
    with pytest.raises(ValueError, match="at least one signing key"):
        Admissions(keys)
