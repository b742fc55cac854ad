"""Matches: by hand, approved by a second person, taken back, and all that is unambiguous again.

Not here: which matches stand by themselves (`core/reconciliation/matching.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.reconciliation.by_hand import MOST_TOGETHER, Match
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.group import KeyReused
from earnest.desk.reconciling import approve_match, make_match, match_again, undo_match
from earnest.web.api.accounts import BOOKKEEPERS
from earnest.web.api.terms import act_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access
from earnest.web.problems import TurnedAway
from earnest.web.reconciling_shapes import MatchShown, booked_place, line_place, match_shown
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Text

Keys = Annotated[tuple[Annotated[str, Meta(max_length=60)], ...], Meta(max_length=MOST_TOGETHER)]


class MatchAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is the same money, by the keys of lines and booked sums, and why.

    What they differ by is written off. That, and anything above the limit of an account, counts
    only once a second person approved it.
    """

    lines: Keys = ()
    booked: Keys = ()
    reason: Text = ""


class UndoAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a match is taken back."""

    reason: Text = ""


class MatchedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """How many matches were made."""

    made: int


async def match_by_hand(house: House, asked: Asked, wanted: MatchAsked) -> Reply:
    """Match what a person chose."""
    made = await make_match(
        house.reconciliations,
        act_of(asked),
        [line_place(each) for each in wanted.lines],
        [booked_place(each) for each in wanted.booked],
        wanted.reason,
    )
    return Reply(status=201, value=_shown(made))


async def approve(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Let a match count, as a second person."""
    act = act_of(asked)
    return Reply(
        value=_shown(await approve_match(house.reconciliations, asked.path["match_id"], act))
    )


async def undo(house: House, asked: Asked, wanted: UndoAsked) -> Reply:
    """Take a match back; it stays on record."""
    act, match_id = act_of(asked), asked.path["match_id"]
    undone = await undo_match(house.reconciliations, match_id, act, wanted.reason)
    return Reply(value=_shown(undone))


async def again(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Match what has become unambiguous since the last import."""
    made = await match_again(house.reconciliations, house.register, act_of(asked))
    return Reply(value=MatchedAgain(made=made))


def _shown(outcome: Match | Rejected | KeyReused) -> MatchShown:
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    return match_shown(outcome)


_BY_HAND = (
    *(Reason.CHOSEN_NOT_OPEN, Reason.MATCH_EMPTY, Reason.MATCH_TOO_LARGE),
    *(Reason.MATCH_REASON_MISSING, Reason.FEE_EXPLAINS_ITSELF, Reason.CURRENCY_DIFFERS),
)
_APPROVED = (Reason.MATCH_UNKNOWN, Reason.MATCH_NOT_WAITING, Reason.SECOND_PERSON_MISSING)


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/matches",
            operation="matchByHand",
            summary="Say which lines and booked sums are the same money.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=MatchAsked,
            handler=match_by_hand,
            gives=MatchShown,
            status=201,
            needs_key=True,
            codes=_BY_HAND,
        ),
        Route(
            method="POST",
            path="/matches/again",
            operation="matchAgain",
            summary="Match what has become unambiguous.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=NoInput,
            handler=again,
            gives=MatchedAgain,
            needs_key=True,
        ),
        Route(
            method="POST",
            path="/matches/{match_id}/approval",
            operation="approveMatch",
            summary="Approve a match as a second person.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=NoInput,
            handler=approve,
            gives=MatchShown,
            needs_key=True,
            codes=_APPROVED,
        ),
        Route(
            method="POST",
            path="/matches/{match_id}/undoing",
            operation="undoMatch",
            summary="Take a match back, with the reason.",
            tag="money",
            access=Access.ACTORS,
            roles=BOOKKEEPERS,
            takes=UndoAsked,
            handler=undo,
            gives=MatchShown,
            needs_key=True,
            codes=(Reason.MATCH_UNKNOWN, Reason.MATCH_UNDONE, Reason.MATCH_REASON_MISSING),
        ),
    ]
