"""/me/passkeys: one's own passkeys, of buyers and staff. Nobody else's can be reached here.

Adding one takes two steps: asking what the browser has to make, and sending what it made. Staff for
whom a second factor counts already show it for each change, because a passkey is one. Not here:
signing in with a passkey, which pages do, and the rules (`people/passkeys.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.values.instant import Instant
from earnest.desk.passkeys import KeptPasskey
from earnest.people.passkey_answers import LONGEST_ANSWER
from earnest.people.passkey_letters import Happened
from earnest.people.passkeys import LONGEST_NAME, MOST, PasskeyRefused, PasskeyShown
from earnest.web.api.me import factor_in, see_a_person, see_kept, stop_at
from earnest.web.codes import Code, DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

ADDED_WITHIN = timedelta(minutes=15)
"""So long after signing in may a buyer ask to add a passkey; afterwards it takes signing in again.

A browser that was left open, or a stolen session, must not become a way in that lasts. Staff show
their second factor for it, whenever they signed in.
"""

_OF_ANSWERS: tuple[Code, ...] = tuple(DoorCode(each.value) for each in PasskeyRefused)
_OF_FACTORS: tuple[Code, ...] = (
    DoorCode.PERSON_ONLY,
    DoorCode.STAFF_UNKNOWN,
    DoorCode.FACTOR_MISSING,
    DoorCode.FACTOR_NOT_SHOWN,
    DoorCode.FACTOR_CODE_WRONG,
    DoorCode.FACTOR_TOO_OFTEN,
)


class PasskeyGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a browser made, as the JSON of a `PublicKeyCredential`, and what it is to be called.

    Staff who have a second factor also give a code of it, or the JSON of a passkey in `shown`.
    """

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    answer: Annotated[str, Meta(min_length=1, max_length=LONGEST_ANSWER)]
    code: Annotated[str, Meta(max_length=40)] = ""
    shown: Annotated[str, Meta(max_length=LONGEST_ANSWER)] = ""


class PasskeyMeant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passkey to be removed. Staff also give a code, or the JSON of a passkey in `shown`."""

    passkey_id: Annotated[str, Meta(pattern="^([0-9a-f]{2}){1,1023}$")]
    code: Annotated[str, Meta(max_length=40)] = ""
    shown: Annotated[str, Meta(max_length=LONGEST_ANSWER)] = ""


async def list_passkeys(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """One's own passkeys, the oldest first."""
    found = await house.passkeys.of(asked.by.actor.actor_id)
    return Reply(value=PasskeyList(passkeys=tuple(_listed(each) for each in found), most=MOST))


async def ask_for_passkey(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """What a browser needs to make a passkey, and to show one that is there."""
    session = await see_a_person(house, asked)
    by, now = asked.by, asked.received_at
    add = show = ""
    sign_in_anew = not by.staff_id and now - session.begun_at > ADDED_WITHIN
    if not sign_in_anew:
        # Nothing can be added without a challenge, so whoever gets none needs no second look.
        name = await _device_name(house, asked)
        add = await house.passkeys.ask_to_add(by.actor.actor_id, name, by.session_id, now)
    if by.staff_id:
        show = await house.passkeys.ask_for_factor(by.staff_id, by.session_id, now)
    site = "" if house.passkeys.site is None else house.passkeys.site.rp_id
    return Reply(value=PasskeyAsked(site=site, add=add, show=show, sign_in_anew=sign_in_anew))


async def add_passkey(house: House, asked: Asked, given: PasskeyGiven) -> Reply:
    """Keep a passkey, and tell its owner by mail."""
    await see_a_person(house, asked)
    by, now = asked.by, asked.received_at
    if by.staff_id:
        await see_kept(house, asked)
        await _see_factor(house, asked, given.code, given.shown)
    shown = PasskeyShown(given.answer, by.session_id)
    added = await house.passkeys.add(by.actor.actor_id, given.name, shown, now)
    if isinstance(added, PasskeyRefused):
        raise TurnedAway(DoorCode(added.value))
    await house.passkey_letters.tell(added, Happened.ADDED, now)
    return await list_passkeys(house, asked, NoInput())


async def remove_passkey(house: House, asked: Asked, given: PasskeyMeant) -> Reply:
    """Forget a passkey, and tell its owner by mail."""
    await see_a_person(house, asked)
    by, now = asked.by, asked.received_at
    if by.staff_id:
        await _see_factor(house, asked, given.code, given.shown)
    credential_id = bytes.fromhex(given.passkey_id)
    removed = await house.passkeys.remove(by.actor.actor_id, credential_id, now)
    if isinstance(removed, PasskeyRefused):
        raise TurnedAway(DoorCode(removed.value))
    await house.passkey_letters.tell(removed, Happened.REMOVED, now)
    return await list_passkeys(house, asked, NoInput())


class PasskeyListed(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey of one's own. `last_used_at` is empty until it let its owner in."""

    passkey_id: str
    name: str
    added_at: Instant
    last_used_at: Instant | None


class PasskeyList(msgspec.Struct, frozen=True, kw_only=True):
    """One's own passkeys, and how many there may be."""

    passkeys: tuple[PasskeyListed, ...]
    most: int


class PasskeyAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser at `site` is asked, as JSON for `navigator.credentials`.

    `add` is for `create`, `show` for `get`. `site` and `add` are empty where there can be no
    passkeys, `show` for whoever has none to show. `add` is empty too where `sign_in_anew` says that
    this buyer signed in too long ago to add one.
    """

    site: str
    add: str
    show: str
    sign_in_anew: bool


async def _see_factor(house: House, asked: Asked, code: str, shown: str) -> None:
    """Turn away staff who show nothing of the second factor that they have."""
    staff_id, now = asked.by.staff_id, asked.received_at
    if await house.second_factors.is_set(staff_id):
        refused = await house.second_factors.check(staff_id, factor_in(asked, code, shown), now)
        stop_at(refused)


async def _device_name(house: House, asked: Asked) -> str:
    """How a device lists the passkey among others: by what its owner signs in with."""
    by = asked.by
    if by.buyer_id is None:
        member = await house.staffing.book.member(by.staff_id)
        return by.staff_id if member is None else (member.email or member.name)
    buyer = await house.register.buyer(by.buyer_id)
    return by.buyer_id if buyer is None else (buyer.email or buyer.phone or buyer.name)


def _listed(passkey: KeptPasskey) -> PasskeyListed:
    return PasskeyListed(
        passkey_id=passkey.credential_id.hex(),
        name=passkey.name,
        added_at=passkey.added_at,
        last_used_at=passkey.last_used_at,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/me/passkeys",
            operation="listMyPasskeys",
            summary="One's own passkeys.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=NoInput,
            handler=list_passkeys,
            gives=PasskeyList,
        ),
        Route(
            method="POST",
            path="/me/passkeys/ask",
            operation="askForPasskey",
            summary="What the browser needs to make a passkey or to show one.",
            description="Good for ten minutes, once, and in this session only. A buyer who signed "
            "in more than fifteen minutes ago signs in again first.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=NoInput,
            handler=ask_for_passkey,
            gives=PasskeyAsked,
            codes=(DoorCode.PERSON_ONLY,),
        ),
        Route(
            method="POST",
            path="/me/passkeys",
            operation="addPasskey",
            summary="Add a passkey that the browser has made.",
            description="A mail tells its owner.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=PasskeyGiven,
            handler=add_passkey,
            gives=PasskeyList,
            codes=(*_OF_FACTORS, *_OF_ANSWERS),
        ),
        Route(
            method="POST",
            path="/me/passkeys/remove",
            operation="removePasskey",
            summary="Remove one of one's own passkeys.",
            description="A mail tells its owner. Whoever signs in with a code still does.",
            tag="me",
            access=Access.SIGNED_IN,
            takes=PasskeyMeant,
            handler=remove_passkey,
            gives=PasskeyList,
            codes=(*_OF_FACTORS, *_OF_ANSWERS),
        ),
    ]
