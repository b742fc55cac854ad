"""Passkeys: what a device answers is taken once, in time, from its owner, here, and nothing else.

The clock is an argument and the device is ours. Not here: the doors (`tests/web/test_passkeys.py`),
the tables (`tests/store/test_passkeys.py`) and a real browser (`tests/browser`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from earnest.core.values.ids import BuyerId
from earnest.desk.passkeys import KeptPasskey
from earnest.desk.staff import Act
from earnest.people.passkey_answers import LONGEST_ANSWER
from earnest.people.passkey_site import Site, site_of
from earnest.people.passkeys import (
    CHALLENGE_LASTS,
    MOST,
    TRIES,
    TRIES_WITHIN,
    PasskeyRefused,
    Passkeys,
    PasskeyShown,
)
from earnest.people.tokens import SigningKey
from earnest.store.memory_passkeys import MemoryPasskeys
from earnest.store.memory_staff import MemoryStaff
from tests.people.authenticator import ORIGIN, Authenticator, altered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KEY = SigningKey("one", b"a first key for tests, of thirty-two bytes")
NEWER = SigningKey("two", b"a second key for tests, of thirty-two bytes")
ANNA, BERT = "buyer:00000000000000a1", "buyer:00000000000000b2"
LI, BO = "staff:li", "staff:bo"
HERE = "a session"
"""Where everything is asked, unless a test says otherwise."""


class Keyring:
    """Passkeys over the twin."""

    def __init__(self) -> None:
        self.staff = MemoryStaff()
        self.book = MemoryPasskeys(self.staff)
        self.passkeys = Passkeys(self.book, [KEY], site_of(ORIGIN))

    async def added(self, device: Authenticator, actor_id: str = ANNA) -> KeptPasskey:
        """A new passkey of somebody on a device."""
        ask = await self.passkeys.ask_to_add(actor_id, "anna@example.com", HERE, NOW)
        shown = PasskeyShown(device.makes(ask), HERE)
        kept = await self.passkeys.add(actor_id, "Telephone", shown, NOW)
        assert isinstance(kept, KeptPasskey)
        return kept

    async def signs_in(
        self, answer: str, now: datetime = NOW, asked_in: str = HERE
    ) -> BuyerId | PasskeyRefused:
        return await self.passkeys.sign_in(PasskeyShown(answer, asked_in), now)

    def ask(self, now: datetime = NOW) -> str:
        return self.passkeys.ask_to_sign_in(HERE, now)


def tell(story: Callable[[Keyring], Awaitable[None]]) -> None:
    async def told() -> None:
        await story(Keyring())

    asyncio.run(told())


def test_a_buyer_adds_a_passkey_and_signs_in_with_it() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        kept = await ring.added(device)
        assert (kept.actor_id, kept.name, kept.transports) == (ANNA, "Telephone", ("internal",))
        assert (kept.added_at, kept.last_used_at, kept.sign_count) == (NOW, None, 0)

        later = NOW + SECOND
        assert await ring.signs_in(device.shows(ring.ask(later)), later) == ANNA[6:]

        (used,) = await ring.passkeys.of(ANNA)
        assert (used.last_used_at, used.sign_count) == (later, 1)
        # What buyers do to their own account is nothing for the trail of the staff.
        assert ring.staff.acts == []

    tell(story)


def test_a_device_that_counts_nothing_is_good_each_time() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator(counts=False)
        await ring.added(device)
        for _ in range(TRIES + 1):
            assert await ring.signs_in(device.shows(ring.ask())) == ANNA[6:]

    tell(story)


def test_an_answer_is_taken_once() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator(counts=False)
        await ring.added(device)
        answer = device.shows(ring.ask())
        assert await ring.signs_in(answer) == ANNA[6:]
        assert await ring.signs_in(answer) is PasskeyRefused.CHALLENGE_USED

        ask = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        twice = PasskeyShown(device.makes(ask), HERE)
        assert isinstance(await ring.passkeys.add(ANNA, "One", twice, NOW), KeptPasskey)
        assert await ring.passkeys.add(ANNA, "Two", twice, NOW) is PasskeyRefused.CHALLENGE_USED

    tell(story)


def test_an_answer_is_taken_in_time_in_its_session_and_for_its_purpose() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        await ring.added(device)
        over = NOW + CHALLENGE_LASTS
        answer = device.shows(ring.ask())
        assert await ring.signs_in(answer, over) is PasskeyRefused.CHALLENGE_OVER
        elsewhere = await ring.signs_in(answer, asked_in="another session")
        assert elsewhere is PasskeyRefused.CHALLENGE_UNKNOWN
        to_add = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        assert await ring.signs_in(device.shows(to_add)) is PasskeyRefused.CHALLENGE_UNKNOWN
        foreign = Passkeys(ring.book, [NEWER], site_of(ORIGIN)).ask_to_sign_in(HERE, NOW)
        assert await ring.signs_in(device.shows(foreign)) is PasskeyRefused.CHALLENGE_UNKNOWN
        assert await ring.signs_in(answer, over - SECOND) == ANNA[6:]

    tell(story)


def test_an_answer_made_for_another_site_is_none() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        await ring.added(device)
        device.origin = "https://maker.example.evil"
        assert await ring.signs_in(device.shows(ring.ask())) is PasskeyRefused.ORIGIN_FOREIGN
        ask = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        shown = PasskeyShown(device.makes(ask), HERE)
        assert await ring.passkeys.add(ANNA, "One", shown, NOW) is PasskeyRefused.ORIGIN_FOREIGN

    tell(story)


def test_a_passkey_that_nobody_has_or_somebody_else_opens_nothing() -> None:
    async def story(ring: Keyring) -> None:
        device, other = Authenticator(), Authenticator()
        kept = await ring.added(device)
        await ring.added(other, LI)
        # The device of a member of staff does not let them in as a buyer.
        assert await ring.signs_in(other.shows(ring.ask())) is PasskeyRefused.OF_ANOTHER
        device.held[0].user = other.held[0].user
        assert await ring.signs_in(device.shows(ring.ask())) is PasskeyRefused.OF_ANOTHER
        assert await ring.passkeys.remove(BERT, kept.credential_id, NOW) is PasskeyRefused.UNKNOWN

        assert await ring.passkeys.remove(ANNA, kept.credential_id, NOW) == kept
        assert await ring.passkeys.remove(ANNA, kept.credential_id, NOW) is PasskeyRefused.UNKNOWN
        assert await ring.signs_in(device.shows(ring.ask())) is PasskeyRefused.UNKNOWN

    tell(story)


def test_a_counter_that_does_not_go_on_tells_a_copy() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        await ring.added(device)
        assert await ring.signs_in(device.shows(ring.ask())) == ANNA[6:]
        for back in (1, 2):
            told = await ring.signs_in(device.shows(ring.ask(), counts_back=back))
            assert told is PasskeyRefused.COUNTER_WENT_BACK
        (kept,) = await ring.passkeys.of(ANNA)
        assert kept.sign_count == 1

    tell(story)


def test_a_device_that_knows_nobody_is_not_believed() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        ask = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        shown = PasskeyShown(device.makes(ask, is_verified=False), HERE)
        told = await ring.passkeys.add(ANNA, "One", shown, NOW)
        assert told is PasskeyRefused.USER_NOT_VERIFIED
        await ring.added(device)
        answer = device.shows(ring.ask(), is_verified=False)
        assert await ring.signs_in(answer) is PasskeyRefused.USER_NOT_VERIFIED

    tell(story)


def test_five_wrong_answers_of_a_passkey_and_then_a_wait() -> None:
    async def story(ring: Keyring) -> None:
        device, stranger = Authenticator(), Authenticator()
        await ring.added(device)
        await ring.added(stranger, BERT)
        stranger.held[0].credential_id = device.held[0].credential_id
        stranger.held[0].user = device.held[0].user
        for _ in range(TRIES):
            # Another key's signature is no signature.
            assert await ring.signs_in(stranger.shows(ring.ask())) is PasskeyRefused.MALFORMED
        assert await ring.signs_in(device.shows(ring.ask())) is PasskeyRefused.TOO_OFTEN
        later = NOW + TRIES_WITHIN
        assert await ring.signs_in(device.shows(ring.ask(later)), later) == ANNA[6:]

    tell(story)


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "{}", '{"id": "x"}', '{"id":' * 3_000, "x" * (LONGEST_ANSWER + 1)]
)
def test_whatever_is_no_answer_is_refused_and_nothing_breaks(text: str) -> None:
    async def story(ring: Keyring) -> None:
        shown = PasskeyShown(text, HERE)
        assert await ring.passkeys.sign_in(shown, NOW) is PasskeyRefused.MALFORMED
        assert await ring.passkeys.add(ANNA, "One", shown, NOW) is PasskeyRefused.MALFORMED

    tell(story)


def test_an_answer_with_a_part_missing_or_exchanged_is_refused() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        await ring.added(device)
        for field in ("clientDataJSON", "authenticatorData", "signature"):
            for value in (None, "AAAA"):
                answer = altered(device.shows(ring.ask()), **{field: value})
                assert await ring.signs_in(answer) is PasskeyRefused.MALFORMED, (field, value)
        ask = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        answer = altered(device.makes(ask), attestationObject="AAAA")
        told = await ring.passkeys.add(ANNA, "One", PasskeyShown(answer, HERE), NOW)
        assert told is PasskeyRefused.MALFORMED
        # Its parts are whole, but it was made for another site's name.
        device.held[-1].rp_id = "other.example"
        device.held[-1].credential_id = device.held[0].credential_id
        assert await ring.signs_in(device.shows(ring.ask())) is PasskeyRefused.MALFORMED

    tell(story)


def test_a_new_key_for_another_sites_name_is_not_kept() -> None:
    async def story(ring: Keyring) -> None:
        ask = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        made = Authenticator().makes(ask.replace('"maker.example"', '"other.example"'))
        told = await ring.passkeys.add(ANNA, "One", PasskeyShown(made, HERE), NOW)
        assert told is PasskeyRefused.MALFORMED
        assert await ring.passkeys.of(ANNA) == []

    tell(story)


def test_a_passkey_is_kept_once_and_an_account_has_ten() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        kept = await ring.added(device)
        for _ in range(MOST - 1):
            await ring.added(device)
        ask = await ring.passkeys.ask_to_add(ANNA, "Anna", HERE, NOW)
        assert ask.count('"type": "public-key"') >= MOST
        shown = PasskeyShown(device.makes(ask), HERE)
        assert await ring.passkeys.add(ANNA, "One", shown, NOW) is PasskeyRefused.TOO_MANY

        ask = await ring.passkeys.ask_to_add(BERT, "Bert", HERE, NOW)
        answer = device.makes(ask)
        ring.staff.passkeys[device.held[-1].credential_id] = kept
        told = await ring.passkeys.add(BERT, "One", PasskeyShown(answer, HERE), NOW)
        assert told is PasskeyRefused.ADDED_ALREADY

    tell(story)


def test_a_passkey_of_staff_is_a_second_factor_and_stands_in_the_trail() -> None:
    async def story(ring: Keyring) -> None:
        assert await ring.passkeys.ask_for_factor("li", HERE, NOW) == ""
        device, other = Authenticator(), Authenticator()
        kept = await ring.added(device, LI)
        await ring.added(other, BO)
        assert await ring.passkeys.holders() == {"bo": 1, "li": 1}

        ask = await ring.passkeys.ask_for_factor("li", HERE, NOW)
        shown = PasskeyShown(altered(device.shows(ask), userHandle=None), HERE)
        assert await ring.passkeys.show_factor("li", shown, NOW) is None
        again = await ring.passkeys.show_factor("li", shown, NOW)
        assert again is PasskeyRefused.CHALLENGE_USED
        for held, why in (
            (other, PasskeyRefused.OF_ANOTHER),
            (Authenticator(), PasskeyRefused.UNKNOWN),
        ):
            if not held.held:
                held.makes(await ring.passkeys.ask_to_add(LI, "Li", HERE, NOW))
            shown = PasskeyShown(held.shows(ask), HERE)
            assert await ring.passkeys.show_factor("li", shown, NOW) is why
        forged = PasskeyShown("{}", HERE)
        assert await ring.passkeys.show_factor("li", forged, NOW) is PasskeyRefused.MALFORMED

        removed = await ring.passkeys.remove(LI, kept.credential_id, NOW)
        assert isinstance(removed, KeptPasskey)
        assert [each for each in ring.staff.acts if each.actor_id == LI] == [
            Act(at=NOW, actor_id=LI, kind=kind, subject="li", detail="Telephone")
            for kind in ("passkey_added", "passkey_removed")
        ]

    tell(story)


def test_who_added_a_passkey_before_the_keys_were_rotated_still_signs_in() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        await ring.added(device)
        rotated = Passkeys(ring.book, [NEWER, KEY], site_of(ORIGIN))
        for ask in (ring.ask(), rotated.ask_to_sign_in(HERE, NOW)):
            shown = PasskeyShown(device.shows(ask), HERE)
            assert await rotated.sign_in(shown, NOW) == ANNA[6:]

    tell(story)


@pytest.mark.parametrize(
    ("public_url", "site"),
    [
        ("https://maker.example", Site("maker.example", "https://maker.example")),
        ("https://maker.example:443", Site("maker.example", "https://maker.example")),
        ("https://shop.maker.cn:8443", Site("shop.maker.cn", "https://shop.maker.cn:8443")),
        ("http://127.0.0.1:8080", Site("localhost", "http://localhost:8080")),
        ("http://[::1]:8080", Site("localhost", "http://localhost:8080")),
        ("http://localhost:8080", Site("localhost", "http://localhost:8080")),
        ("http://maker.example", None),
        ("https://192.0.2.7", None),
        ("http://0.0.0.0:8080", None),
        ("https://", None),
    ],
)
def test_browsers_make_passkeys_for_names_over_https_and_for_their_own_machine(
    public_url: str, site: Site | None
) -> None:
    assert site_of(public_url) == site


def test_without_a_site_nothing_is_offered_and_everything_refused() -> None:
    async def story(ring: Keyring) -> None:
        device = Authenticator()
        await ring.added(device, LI)
        nowhere = Passkeys(ring.book, [KEY], site_of("http://192.0.2.7"))
        assert nowhere.site is None
        assert await nowhere.ask_to_add(LI, "Li", HERE, NOW) == ""
        assert nowhere.ask_to_sign_in(HERE, NOW) == ""
        assert await nowhere.ask_for_factor("li", HERE, NOW) == ""
        shown = PasskeyShown(device.shows(ring.ask()), HERE)
        assert await nowhere.sign_in(shown, NOW) is PasskeyRefused.UNAVAILABLE

    tell(story)
