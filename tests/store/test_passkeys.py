"""Passkeys and answered challenges: one suite for PostgreSQL and for the twin."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from earnest.core.values.ids import BuyerId
from earnest.desk.passkeys import KeptPasskey
from earnest.desk.staff import Act, StaffMember
from earnest.desk.views import Admission, BuyerProfile
from tests.store.house import START, House

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
ANNA, LI = "buyer:00000000000000a1", "staff:li"
TELEPHONE = KeptPasskey(
    credential_id=b"a telephone",
    actor_id=ANNA,
    public_key=b"a key",
    sign_count=0,
    transports=("hybrid", "internal"),
    name="Telephone",
    added_at=START,
)
OFFICE = msgspec.structs.replace(TELEPHONE, credential_id=b"an office", actor_id=LI, name="Office")


def act(kind: str) -> Act:
    return Act(at=START, actor_id=LI, kind=kind, subject="li", detail="Office")


async def registered(house: House) -> None:
    """Anna and Li, to whom passkeys can belong."""
    anna = BuyerProfile(
        buyer_id=BuyerId(ANNA.removeprefix("buyer:")),
        name="Anna",
        email="anna@example.com",
        phone=None,
        language="en",
        created_at=START,
    )
    admission = Admission(actor_id="site", key="anna", content_hash="a", admitted_at=START)
    await house.register.admit(admission, [anna])
    li = StaffMember(staff_id="li", name="Li", email="li@maker.example", language="en")
    await house.staff.put_demo([li])


async def test_a_passkey_belongs_to_one_person_who_alone_removes_it(house: House) -> None:
    await registered(house)
    laptop = msgspec.structs.replace(
        TELEPHONE, credential_id=b"a laptop", added_at=START + HOUR, transports=()
    )
    assert await house.passkeys.add(laptop, None)
    assert await house.passkeys.add(TELEPHONE, None)
    assert await house.passkeys.add(OFFICE, act("passkey_added"))

    stolen = msgspec.structs.replace(TELEPHONE, actor_id=LI)
    assert not await house.passkeys.add(stolen, act("passkey_added"))
    assert await house.passkeys.passkeys_of(ANNA) == [TELEPHONE, laptop]
    assert await house.passkeys.passkey(b"an office") == OFFICE
    assert await house.passkeys.passkey(b"a dream") is None
    assert await house.passkeys.holders() == {"li": 1}

    assert not await house.passkeys.remove(b"a telephone", LI, act("passkey_removed"))
    assert await house.passkeys.remove(b"a telephone", ANNA, None)
    assert not await house.passkeys.remove(b"a telephone", ANNA, None)
    assert await house.passkeys.remove(b"an office", LI, act("passkey_removed"))
    assert await house.passkeys.passkeys_of(ANNA) == [laptop]
    assert await house.passkeys.holders() == {}


async def test_a_use_is_noted_by_a_counter_that_goes_on(house: House) -> None:
    await registered(house)
    await house.passkeys.add(TELEPHONE, None)
    key = TELEPHONE.credential_id

    # A device that counts nothing.
    assert await house.passkeys.note_use(key, 0, START)
    assert await house.passkeys.note_use(key, 0, START)
    assert await house.passkeys.note_use(key, 7, START + HOUR)
    for counted in (7, 6, 0):
        assert not await house.passkeys.note_use(key, counted, START + 2 * HOUR)
    assert not await house.passkeys.note_use(b"a dream", 9, START)

    used = msgspec.structs.replace(TELEPHONE, sign_count=7, last_used_at=START + HOUR)
    assert await house.passkeys.passkey(key) == used


async def test_tries_are_used_up_and_come_back_with_time_or_success(house: House) -> None:
    await registered(house)
    await house.passkeys.add(TELEPHONE, None)
    key, since = TELEPHONE.credential_id, START - HOUR

    assert [await house.passkeys.use_try(key, START, since, 2) for _ in range(3)] == [
        True,
        True,
        False,
    ]
    assert await house.passkeys.use_try(key, START + HOUR, START, 2)
    assert await house.passkeys.use_try(key, START + HOUR, START, 2)
    assert await house.passkeys.note_use(key, 0, START + HOUR)
    assert await house.passkeys.use_try(key, START + HOUR, START, 2)
    assert not await house.passkeys.use_try(b"a dream", START, since, 2)


async def test_a_challenge_is_taken_once_and_forgotten_when_it_has_lapsed(house: House) -> None:
    first, second = b"a" * 32, b"b" * 32

    assert await house.passkeys.take_challenge(first, START + HOUR, START)
    assert not await house.passkeys.take_challenge(first, START + HOUR, START)
    assert await house.passkeys.take_challenge(second, START + HOUR, START)
    # By then its seal says that it is over; nothing needs to remember it.
    assert await house.passkeys.take_challenge(first, START + 2 * HOUR, START + HOUR)


async def test_whose_second_factor_is_reset_has_no_passkey_left(house: House) -> None:
    await registered(house)
    await house.passkeys.add(TELEPHONE, None)
    assert not await house.staff.reset_factors("li", act("factor_reset"))
    await house.passkeys.add(OFFICE, act("passkey_added"))
    assert await house.staff.reset_factors("li", act("factor_reset"))
    await house.staff.begin_factor("li", "one", "a" * 32)
    await house.staff.confirm_factor("li", ["a" * 64], act("factor_set"))
    await house.passkeys.add(OFFICE, act("passkey_added"))

    assert await house.staff.reset_factors("li", act("factor_reset"))

    assert await house.staff.factor("li") is None
    assert await house.passkeys.passkeys_of(LI) == []
    assert await house.passkeys.passkeys_of(ANNA) == [TELEPHONE]
    assert not await house.staff.use_recovery_code("li", "a" * 64, act("recovery_code_used"))
