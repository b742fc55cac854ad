"""POST /queues/{queue_id}/pause and /resume: keeping new buyers out for a time, and telling why.

Not here: refusing (`desk/group.py`), and what a pause means for those who have a place
(`core/queue/pause.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.order.actor import Role
from earnest.core.queue.pause import LONGEST_EXPLANATION, SalePause
from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.pause_ports import PauseAct
from earnest.desk.pausing import pause_sale, resume_sale
from earnest.web.api.terms import act_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route

SECOND = (b"cache-control", b"public, max-age=1")
LAUNCH_CONTROL = frozenset({Role.SALES})
"""Who keeps new buyers out, and lets them in again."""


class WhyPaused(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What buyers are told in each language: `{"en": ..., "zh-Hans": ...}`."""

    texts: dict[str, Annotated[str, Meta(max_length=LONGEST_EXPLANATION)]]


async def pause(house: House, asked: Asked, why: WhyPaused) -> Reply:
    """Keep new buyers out. Once this is answered, no process lets anybody in any more."""
    found = await pause_sale(house.pauses, _act(house, asked), why.texts, house.clock.now)
    return await _kept(house, found)


async def resume(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Let people in again; the time that the pause took is given back within seconds."""
    return await _kept(house, await resume_sale(house.pauses, _act(house, asked), house.clock.now))


async def list_pauses(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every pause of a queue's sale, with why."""
    queue_id = QueueId(asked.path["queue_id"])
    if await house.shelf.queue(queue_id) is None:
        raise TurnedAway(DoorCode.QUEUE_NOT_FOUND)
    pauses = house.desk.library.pauses_of(queue_id)
    return Reply(value=Pauses(pauses=tuple(map(pause_shown, pauses))), headers=[SECOND])


def _act(house: House, asked: Asked) -> PauseAct:
    act, queue_id = act_of(asked), QueueId(asked.path["queue_id"])
    campaign = house.desk.library.campaign_at(queue_id, asked.received_at)
    return PauseAct(
        queue_id=queue_id,
        actor_id=act.actor_id,
        key=act.key,
        content_hash=act.content_hash,
        campaign_id=None if campaign is None else campaign.campaign_id,
    )


async def _kept(house: House, found: SalePause | Rejected | KeyReused) -> Reply:
    if isinstance(found, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(found, Rejected):
        if found.reason is Reason.QUEUE_UNKNOWN:
            raise TurnedAway(DoorCode.QUEUE_NOT_FOUND)
        raise TurnedAway(found.reason, found.details)
    await house.desk.library.refresh_pauses()
    return Reply(value=pause_shown(found))


class PauseShown(msgspec.Struct, frozen=True, kw_only=True):
    """A pause of a queue's sale: since when, why, and when it was over.

    `is_settled` says that the time it took was given back to every order.
    """

    number: int
    since: Instant
    texts: dict[str, str]
    resumed_at: Instant | None
    is_settled: bool


class Pauses(msgspec.Struct, frozen=True, kw_only=True):
    """The pauses of a queue's sale, the earliest first."""

    pauses: tuple[PauseShown, ...]


def pause_shown(paused: SalePause) -> PauseShown:
    """A pause as everybody may see it; who began it is the office's own affair."""
    return PauseShown(
        number=paused.number,
        since=paused.since,
        texts=paused.texts,
        resumed_at=paused.resumed_at,
        is_settled=paused.settled_at is not None,
    )


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/queues/{queue_id}/pause",
            operation="pauseSale",
            summary="Keep new buyers out of a queue for a time, and tell everybody why.",
            description="Once it is answered nobody new gets in, through whatever server. Places "
            "stay, may be paid and left; windows to pay stand still. Whoever waits for the "
            "campaign is written to.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=LAUNCH_CONTROL,
            takes=WhyPaused,
            handler=pause,
            gives=PauseShown,
            needs_key=True,
            codes=(
                DoorCode.QUEUE_NOT_FOUND,
                DoorCode.KEY_REUSED,
                Reason.EXPLANATION_MISSING,
                Reason.SALE_PAUSED,
            ),
        ),
        Route(
            method="POST",
            path="/queues/{queue_id}/resume",
            operation="resumeSale",
            summary="Let people into a queue again; whoever waits for it is written to.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=LAUNCH_CONTROL,
            takes=NoInput,
            handler=resume,
            gives=PauseShown,
            needs_key=True,
            codes=(DoorCode.QUEUE_NOT_FOUND, DoorCode.KEY_REUSED, Reason.SALE_NOT_PAUSED),
        ),
        Route(
            method="GET",
            path="/queues/{queue_id}/pauses",
            operation="listPauses",
            summary="Every pause of a queue's sale, with why.",
            tag="campaigns",
            access=Access.PUBLIC,
            takes=NoInput,
            handler=list_pauses,
            gives=Pauses,
            is_cacheable=True,
            codes=(DoorCode.QUEUE_NOT_FOUND,),
        ),
    ]
