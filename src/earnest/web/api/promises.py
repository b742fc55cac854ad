"""GET and POST /public-promises: what a maker promises to everybody who orders in a queue.

Not here: holding a promise against an order, which is a command (`commands.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.actor import Role
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.override import Override, why_not_overridden
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, Reply, Route
from earnest.web.shapes import AskedOverride, Moment, Name, Text

MOST_OVERRIDES = 30


class PromiseGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promise with its text and where it stands. Its id makes a repeated request the same one.

    `valid_from` is now unless given; without `valid_until` it is addressed to everybody for ever.
    """

    promise_id: Name
    queue_id: Name
    overrides: Annotated[tuple[AskedOverride, ...], Meta(min_length=1, max_length=MOST_OVERRIDES)]
    text: Annotated[Text, Meta(min_length=1)]
    source: Annotated[Text, Meta(min_length=1)]
    valid_from: Moment | None = None
    valid_until: Moment | None = None


class PromisesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which queue; of every queue without one."""

    queue_id: Name | None = None


async def publish_promise(house: House, asked: Asked, given: PromiseGiven) -> Reply:
    """Publish a promise. It can never be taken back, only end at the instant it names."""
    promise = _promise(house, asked, given)
    if not await house.promises.publish_promise(promise):
        known = {each.promise_id: each for each in await house.promises.public_promises()}
        if not _is_same(known[promise.promise_id], promise, given):
            raise TurnedAway(DoorCode.KEY_REUSED)
        promise = known[promise.promise_id]
    await house.desk.library.refresh_offers()
    return Reply(value=_shown(promise, asked.received_at), status=201)


def _promise(house: House, asked: Asked, given: PromiseGiven) -> PublicPromise:
    library = house.desk.library
    offers = [each for each in library.offers() if each.queue_id == given.queue_id]
    if not offers:
        raise TurnedAway(Reason.QUEUE_UNKNOWN, {"queue_id": given.queue_id})
    overrides = tuple(each.meant(asked.received_at) for each in given.overrides)
    currency = library.terms(offers[-1].terms_hash).policy.currency
    wrong = why_not_overridden(overrides, currency)
    if wrong is not None:
        raise TurnedAway(wrong.reason, wrong.details)
    valid_from = given.valid_from or asked.received_at
    if given.valid_until is not None and given.valid_until <= valid_from:
        until = given.valid_until.isoformat()
        raise TurnedAway(Reason.AGREEMENT_MALFORMED, {"valid_until": until})
    return PublicPromise(
        promise_id=given.promise_id,
        queue_id=QueueId(given.queue_id),
        overrides=overrides,
        text=given.text,
        source=given.source,
        valid_from=valid_from,
        valid_until=given.valid_until,
        published_at=asked.received_at,
        published_by=asked.by.actor.actor_id,
    )


def _is_same(known: PublicPromise, promise: PublicPromise, given: PromiseGiven) -> bool:
    """Whether a repeated request says what the first one said; `now` was another then."""
    like_then = msgspec.structs.replace(
        promise,
        valid_from=known.valid_from if given.valid_from is None else promise.valid_from,
        published_at=known.published_at,
        published_by=known.published_by,
    )
    return like_then == known


async def list_promises(house: House, asked: Asked, wanted: PromisesAsked) -> Reply:
    """Every public promise, the oldest first, also those whose time is over."""
    library = house.desk.library
    queues = dict.fromkeys(each.queue_id for each in library.offers())
    shown = [
        _shown(promise, asked.received_at)
        for queue_id in queues
        if wanted.queue_id in {None, queue_id}
        for promise in library.promises(queue_id)
    ]
    return Reply(
        value=PublicPromises(promises=tuple(shown)),
        headers=[(b"cache-control", b"public, max-age=5")],
    )


class PublicPromiseShown(msgspec.Struct, frozen=True, kw_only=True):
    """A public promise; `in_force` is whether it is addressed to somebody who orders now."""

    promise_id: str
    queue_id: QueueId
    overrides: tuple[Override, ...]
    text: str
    source: str
    valid_from: Instant
    valid_until: Instant | None
    published_at: Instant
    in_force: bool


class PublicPromises(msgspec.Struct, frozen=True):
    """All public promises of a queue, or of every queue."""

    promises: tuple[PublicPromiseShown, ...]


_SAME = frozenset(PublicPromiseShown.__struct_fields__) - {"in_force"}


def _shown(promise: PublicPromise, at: Instant) -> PublicPromiseShown:
    same = {name: getattr(promise, name) for name in _SAME}
    return PublicPromiseShown(in_force=promise.in_force(at), **same)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="GET",
            path="/public-promises",
            operation="listPublicPromises",
            summary="What makers promise to everybody who orders.",
            tag="shop",
            access=Access.PUBLIC,
            takes=PromisesAsked,
            handler=list_promises,
            gives=PublicPromises,
            is_cacheable=True,
        ),
        Route(
            method="POST",
            path="/public-promises",
            operation="publishPublicPromise",
            summary="Promise something to everybody who orders in a queue.",
            tag="shop",
            access=Access.ACTORS,
            roles=frozenset({Role.SALES}),
            takes=PromiseGiven,
            handler=publish_promise,
            gives=PublicPromiseShown,
            status=201,
            codes=(
                Reason.QUEUE_UNKNOWN,
                Reason.OVERRIDE_REPEATED,
                Reason.OVERRIDE_MALFORMED,
                Reason.BELOW_MANDATORY_MINIMUM,
                Reason.AGREEMENT_MALFORMED,
                DoorCode.KEY_REUSED,
            ),
        ),
    ]
