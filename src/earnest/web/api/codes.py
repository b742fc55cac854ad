"""POST /campaigns/{campaign_id}/codes and /members: who is invited; GET /referral-code.

Not here: what a code opens (`core/launch/admitting.py`) and a campaign's page (`campaigns.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from earnest.core.launch.campaign import Entry
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
    outcome = await issue_codes(
        house.campaigns,
        versions_named(house, asked),
        act_of(asked),
        WantedCodes(
            campaign_id=CampaignId(asked.path["campaign_id"]),
            group_id=GroupId(wanted.group_id),
            count=wanted.count or len(wanted.buyer_ids),
            valid_until=wanted.valid_until,
            buyer_ids=tuple(map(BuyerId, wanted.buyer_ids)),
        ),
    )
    if isinstance(outcome, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if isinstance(outcome, Rejected):
        raise TurnedAway(outcome.reason, outcome.details)
    codes = tuple(
        CodeMade(code_id=each.code_id, buyer_id=each.buyer_id, code=house.codes.sign(each))
        for each in outcome
    )
    return Reply(status=201, value=CodesMade(codes=codes))


async def list_codes(house: House, asked: Asked, nothing: NoInput) -> Reply:  # noqa: ARG001 - as all
    """Every issued code with the order that uses it, without what makes it a code."""
    campaign = current(versions_named(house, asked), asked.received_at)
    codes = await house.campaigns.codes(campaign.campaign_id)
    return Reply(value=CodesListed(codes=tuple(map(_listed, codes))))


def _listed(code: IssuedCode) -> CodeListed:
    return CodeListed(
        code_id=code.code_id,
        group_id=code.group_id,
        valid_until=code.valid_until,
        issued_by=code.issued_by,
        buyer_id=code.buyer_id,
        order_id=code.order_id,
    )


async def add_members(house: House, asked: Asked, given: MembersGiven) -> Reply:
    """Put buyers on the list of a group; being on it twice is being on it once."""
    campaign = current(versions_named(house, asked), asked.received_at)
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


class CodeListed(msgspec.Struct, frozen=True, kw_only=True):
    """An issued code: whose it is, until when, who issued it, and the order that uses it."""

    code_id: CodeId
    group_id: GroupId
    valid_until: Instant
    issued_by: str
    buyer_id: BuyerId | None
    order_id: OrderId | None


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
