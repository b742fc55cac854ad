"""Places of campaigns in one group of commands: codes, groups' quotas and benefits, exactly once.

Whatever a reservation takes is taken in its own transaction, and what an exit frees is free in
the same one. Not here: deciding (`core/launch/admitting.py`), and the rest of a group (`group.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from earnest.core.launch.admitting import benefit_counter, group_counter, set_aside
from earnest.core.launch.campaign import Campaign
from earnest.core.launch.code import CodeFact
from earnest.core.order.commands import Command, Reserve
from earnest.core.order.facts import Facts
from earnest.core.order.stage import EXITS, OVER, Stage
from earnest.core.order.state import Order
from earnest.core.values.ids import CampaignId, CodeId, GroupId, OrderId, QueueId
from earnest.core.values.instant import Instant
from earnest.desk.ports import CodeMove, Counted, CountMove, Lookup

GIVES_ITS_CODE_BACK = frozenset({Stage.WITHDRAWN, Stage.LAPSED})
"""Exits by which the code of an order is free again: nothing was had of it. See ADR 0017."""

HasCampaign = Callable[[QueueId], bool]


def with_places(lookup: Lookup, commands: list[Command], has_campaign: HasCampaign) -> Lookup:
    """The lookup with the codes that reservations show and the counters of their campaigns."""
    codes = {
        command.priority_code.code_id
        for command in commands
        if isinstance(command, Reserve) and command.priority_code is not None
    }
    counted = tuple(queue_id for queue_id in lookup.queues if has_campaign(queue_id))
    if not codes and not counted:
        return lookup
    return msgspec.structs.replace(lookup, codes=tuple(sorted(codes)), counted=counted)


class Places:
    """What a group has loaded and locked of campaigns, and how it moves it."""

    def __init__(self, codes: dict[CodeId, CodeFact], taken: dict[Counted, int]) -> None:
        """Start from what the transaction loaded."""
        self._loaded = codes
        self._codes: dict[CodeId, OrderId | None] = {}
        self._moved: dict[CodeId, OrderId | None] = {}
        self._taken = taken
        self._changes: dict[Counted, int] = {}

    def facts(self, facts: Facts, command: Command) -> Facts:
        """The facts with what is known of the code and of the places taken so far."""
        campaign = facts.campaign
        if campaign is None:
            return facts
        taken = self._taken_in(campaign.campaign_id)
        if not isinstance(command, Reserve):
            return _with_units_aside(facts, campaign, taken, command.received_at, None)
        code = command.priority_code
        known = msgspec.structs.replace(
            facts, code=None if code is None else self._fact(code.code_id), taken=taken
        )
        group_id = command.group_id if code is None else code.group_id
        return _with_units_aside(known, campaign, taken, command.received_at, group_id)

    def _fact(self, code_id: CodeId) -> CodeFact | None:
        if code_id not in self._loaded:
            return None
        loaded = self._loaded[code_id]
        order_id = self._codes.get(code_id, loaded.order_id)
        return msgspec.structs.replace(loaded, order_id=order_id)

    def _taken_in(self, campaign_id: CampaignId) -> dict[str, int]:
        return {
            key.counter: taken + self._changes.get(key, 0)
            for key, taken in self._taken.items()
            if key.campaign_id == campaign_id
        }

    def note(self, before: Order | None, after: Order) -> None:
        """Take and free what follows from how an order changed."""
        attribution = after.attribution
        if attribution is None or attribution.campaign_id is None:
            return
        campaign_id = attribution.campaign_id
        change = _change(before, after)
        if attribution.group_id is not None and change:
            self._count(Counted(campaign_id, group_counter(attribution.group_id)), change)
        if before is None:
            for each in after.benefits:
                if each.benefit.quota is not None:
                    self._count(Counted(campaign_id, benefit_counter(each.benefit.benefit_id)), 1)
        if after.code_id is not None and change:
            self._move_code(after.code_id, after, change)

    def _move_code(self, code_id: CodeId, order: Order, change: int) -> None:
        if change < 0 and order.stage not in GIVES_ITS_CODE_BACK:
            return
        self._moved.setdefault(code_id, order.order_id if change < 0 else None)
        self._codes[code_id] = None if change < 0 else order.order_id

    def _count(self, key: Counted, change: int) -> None:
        self._changes[key] = self._changes.get(key, 0) + change

    def code_moves(self) -> list[CodeMove]:
        """Every code whose order is another one after the group."""
        return [
            CodeMove(
                code_id=code_id,
                order_before=before,
                order_id=self._codes[code_id],
                was_locked=code_id in self._loaded,
            )
            for code_id, before in self._moved.items()
            if before != self._codes[code_id]
        ]

    def count_moves(self) -> list[CountMove]:
        """Every counter that moved."""
        return [
            CountMove(campaign_id=key.campaign_id, counter=key.counter, change=change)
            for key, change in self._changes.items()
            if change
        ]


def _with_units_aside(
    facts: Facts,
    campaign: Campaign,
    taken: dict[str, int],
    at: Instant,
    group_id: GroupId | None,
) -> Facts:
    """The facts with what of an edition is kept for invited groups, and whether for this one."""
    if facts.allotment is None:
        return facts
    group = None if group_id is None else campaign.group(group_id)
    allotment = msgspec.structs.replace(
        facts.allotment,
        set_aside=set_aside(campaign, taken, at, group_id),
        is_kept=group is not None and group.reserves_units,
    )
    return msgspec.structs.replace(facts, allotment=allotment)


def holds_place(order: Order) -> bool:
    """Whether an order holds its places of a campaign, from how it stands alone."""
    return order.stage not in EXITS or order.handed_over_at is not None


def uses_code(order: Order) -> bool:
    """Whether the code that an order was reserved with is used up by it."""
    gave_it_back = order.stage in GIVES_ITS_CODE_BACK and not holds_place(order)
    return order.code_id is not None and not gave_it_back


def _change(before: Order | None, after: Order) -> int:
    """One place more, one less, or none: a place is held until the order ends without a car.

    A payment in time brings a lapsed order and its place back, even where it was given away
    meanwhile: being paid in time is the stronger right.
    """
    if before is None:
        return 1
    if before.stage not in OVER and after.stage in EXITS:
        return -1
    return 1 if before.stage is Stage.LAPSED and after.stage is not Stage.LAPSED else 0
