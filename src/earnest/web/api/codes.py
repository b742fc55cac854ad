"""POST /campaigns/{campaign_id}/codes and /members: who is invited; GET /referral-code.

Not here: what a code opens (`core/launch/admitting.py`) and a campaign's page (`campaigns.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.launch.campaign import Campaign, Entry
from earnest.core.launch.keeping import code_good_until
from earnest.core.order.actor import Role
from earnest.core.order.stage import EXITS
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId, OrderId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from earnest.desk.campaign_ports import IssuedCode
from earnest.desk.campaigns import WantedCodes, issue_codes
from earnest.desk.group import KeyReused
from earnest.desk.views import OrderFilter
from earnest.web.api.campaigns import current, versions_named
from earnest.web.api.terms import act_of
from earnest.web.codes import DoorCode
from earnest.web.house import House
from earnest.web.identity import Access, owner_of
from earnest.web.problems import TurnedAway
from earnest.web.route import Asked, NoInput, Reply, Route
from earnest.web.shapes import Moment, Name

MOST_CODES = 1_000
"""Codes of one act; more are issued by several."""

MOST_ORDERS = 50
_SALES = frozenset({Role.SALES})


class CodesWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many codes of a group, or one for each of these buyers, good until an instant."""

    group_id: Name
    valid_until: Moment
    count: Annotated[int, Meta(ge=0, le=MOST_CODES)] = 0
    buyer_ids: Annotated[tuple[Name, ...], Meta(max_length=MOST_CODES)] = ()


class CodesNamed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Codes by the ids under which they are listed."""

    code_ids: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_CODES)]


class MembersGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Buyers for the list of a group."""

    group_id: Name
    buyer_ids: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_CODES)]


async def add_codes(house: House, asked: Asked, wanted: CodesWanted) -> Reply:
    """Issue codes. They are signed anew whenever the same act is repeated, and kept nowhere."""
    if bool(wanted.count) == bool(wanted.buyer_ids):
        details = {"field": "count", "expected": "count, or buyer_ids, and not both"}
        raise TurnedAway(DoorCode.WRONG_TYPE, details)
    await house.desk.library.refresh_offers()
    versions = versions_named(house, asked)
    outcome = await issue_codes(
        house.campaigns,
        versions,
        act_of(asked),
        WantedCodes(
            campaign_id=CampaignId(asked.path["campaign_id"]),
            group_id=GroupId(wanted.group_id),
            count=wanted.count or len(wanted.buyer_ids),
            valid_until=wanted.valid_until,
            buyer_ids=tuple(map(BuyerId, wanted.buyer_ids)),
        ),
        house.desk.library.pauses_of(versions[-1].campaign.queue_id),
    )
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    house.counting.codes_changed(CampaignId(asked.path["campaign_id"]))
    codes = tuple(
        CodeMade(code_id=each.code_id, buyer_id=each.buyer_id, code=house.codes.sign(each))
        for each in outcome
    )
    return Reply(status=201, value=CodesMade(codes=codes))


async def list_codes(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every issued code with the order that uses it, without what makes it a code."""
    campaign = current(house, asked)
    codes = await house.campaigns.codes(campaign.campaign_id)
    listed = tuple(_listed(each, house, campaign, asked.received_at) for each in codes)
    return Reply(value=CodesListed(codes=listed))


def _listed(code: IssuedCode, house: House, campaign: Campaign, now: Instant) -> CodeListed:
    pauses = house.desk.library.pauses_of(campaign.queue_id)
    valid_until = code_good_until(code.group_id, code.valid_until, campaign, pauses, now)
    return CodeListed(
        code_id=code.code_id,
        group_id=code.group_id,
        valid_until=valid_until,
        issued_by=code.issued_by,
        buyer_id=code.buyer_id,
        order_id=code.order_id,
        state=_state(code, valid_until, now),
        revoked_at=code.revoked_at,
    )


def _state(code: IssuedCode, valid_until: Instant, now: Instant) -> CodeState:
    if code.order_id is not None:
        return CodeState.USED
    if code.revoked_at is not None:
        return CodeState.REVOKED
    return CodeState.ISSUED if now < valid_until else CodeState.OVER


async def revoke_codes(house: House, asked: Asked, named: CodesNamed) -> Reply:
    """Revoke codes that nobody uses. What was had by one that is used stays its buyer's."""
    campaign = current(house, asked)
    revoked = await house.campaigns.revoke(
        campaign.campaign_id,
        list(map(CodeId, named.code_ids)),
        by=asked.by.actor.actor_id,
        at=asked.received_at,
    )
    house.counting.codes_changed(campaign.campaign_id)
    return Reply(value=CodesRevoked(code_ids=tuple(revoked)))


async def add_members(house: House, asked: Asked, given: MembersGiven) -> Reply:
    """Put buyers on the list of a group; being on it twice is being on it once."""
    campaign = current(house, asked)
    group = campaign.group(GroupId(given.group_id))
    if group is None:
        raise TurnedAway(Reason.GROUP_UNKNOWN)
    if group.entry is not Entry.MEMBERS:
        raise TurnedAway(Reason.GROUP_UNSUITABLE, {"entry": group.entry.value})
    buyers = list(map(BuyerId, given.buyer_ids))
    await house.campaigns.invite(campaign.campaign_id, group.group_id, buyers)
    return Reply(value=given)


async def show_referral_code(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """The buyer's own code for friends; whoever has no order has nothing to speak of yet."""
    buyer_id = owner_of(asked.by)
    orders = await house.reader.orders(OrderFilter(buyer_id=buyer_id), None, MOST_ORDERS)
    if all(order.stage in EXITS for order in orders):
        raise TurnedAway(Reason.NOTHING_TO_REFER_TO)
    return Reply(value=ReferralCode(code=house.codes.sign_referral(buyer_id)))


class CodeMade(msgspec.Struct, frozen=True, kw_only=True):
    """A code to hand over, and the id by which it stands in lists."""

    code_id: CodeId
    buyer_id: BuyerId | None
    code: str


class CodesMade(msgspec.Struct, frozen=True, kw_only=True):
    """The codes of one act."""

    codes: tuple[CodeMade, ...]


class CodeState(StrEnum):
    """How an issued code stands."""

    ISSUED = "issued"
    USED = "used"
    OVER = "over"
    """Its time passed unused."""
    REVOKED = "revoked"


class CodesRevoked(msgspec.Struct, frozen=True, kw_only=True):
    """Those that were revoked now; what is used or was revoked before is not among them."""

    code_ids: tuple[CodeId, ...]


class CodeListed(msgspec.Struct, frozen=True, kw_only=True):
    """An issued code: whose it is, until when, who issued it, the order that uses it, its state."""

    code_id: CodeId
    group_id: GroupId
    valid_until: Instant
    issued_by: str
    buyer_id: BuyerId | None
    order_id: OrderId | None
    state: CodeState
    revoked_at: Instant | None


class CodesListed(msgspec.Struct, frozen=True, kw_only=True):
    """Every code of a campaign."""

    codes: tuple[CodeListed, ...]


class ReferralCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code for friends. Nobody can read from it whose it is."""

    code: str


def routes() -> list[Route[Any]]:
    """The routes of this module."""
    return [
        Route(
            method="POST",
            path="/campaigns/{campaign_id}/codes",
            operation="issueCodes",
            summary="Issue priority codes of a group, within its published quota.",
            description="Whoever published a version of the campaign cannot issue its codes.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=_SALES,
            takes=CodesWanted,
            handler=add_codes,
            gives=CodesMade,
            status=201,
            needs_key=True,
            codes=(
                DoorCode.KEY_REUSED,
                Reason.CAMPAIGN_UNKNOWN,
                Reason.GROUP_UNKNOWN,
                Reason.GROUP_UNSUITABLE,
                Reason.CODE_OVER,
                Reason.CODES_EXCEED_QUOTA,
                Reason.SECOND_PERSON_MISSING,
            ),
        ),
        Route(
            method="GET",
            path="/campaigns/{campaign_id}/codes",
            operation="listCodes",
            summary="Every issued code, and the order that uses it.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=_SALES,
            takes=NoInput,
            handler=list_codes,
            gives=CodesListed,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
        Route(
            method="POST",
            path="/campaigns/{campaign_id}/codes/revoked",
            operation="revokeCodes",
            summary="Revoke codes that nobody uses.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=_SALES,
            takes=CodesNamed,
            handler=revoke_codes,
            gives=CodesRevoked,
            codes=(Reason.CAMPAIGN_UNKNOWN,),
        ),
        *_other_routes(),
    ]


def _other_routes() -> list[Route[Any]]:
    """Those about lists and friends."""
    return [
        Route(
            method="POST",
            path="/campaigns/{campaign_id}/members",
            operation="inviteMembers",
            summary="Put buyers on the list of an invited group.",
            tag="campaigns",
            access=Access.ACTORS,
            roles=_SALES,
            takes=MembersGiven,
            handler=add_members,
            gives=MembersGiven,
            codes=(Reason.CAMPAIGN_UNKNOWN, Reason.GROUP_UNKNOWN, Reason.GROUP_UNSUITABLE),
        ),
        Route(
            method="GET",
            path="/referral-code",
            operation="showReferralCode",
            summary="The buyer's own code for friends.",
            tag="campaigns",
            access=Access.BUYER,
            takes=NoInput,
            handler=show_referral_code,
            gives=ReferralCode,
            codes=(Reason.NOTHING_TO_REFER_TO,),
        ),
    ]
