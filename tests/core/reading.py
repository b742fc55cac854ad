"""Values as the tables write them: money, instants, windows, configurations, lists.

Not here: the lines of a table (`stories.py`).
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.launch.attribution import referral_of
from earnest.core.launch.code import PriorityCode
from earnest.core.order.parts import ChecklistItem, Slot
from earnest.core.queue.pause import SalePause
from earnest.core.terms.override import Override, OverrideField
from earnest.core.terms.policy import Policy
from earnest.core.terms.version import Acknowledgement
from earnest.core.values.ids import BuyerId, CampaignId, CodeId, GroupId
from earnest.core.values.instant import Instant, Window
from earnest.core.values.money import Money
from tests.core import world
from tests.core.asking import COMMANDS, Fields


def instant(text: str) -> Instant:
    """`2024-07-01 10:05` or `2024-07-01T10:05:30`, by the clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=world.SHANGHAI)


def money(text: str) -> Money:
    """`5000`, `5000.50` (yuan and fen) or `5000USD`."""
    currency = text[-3:] if text[-3:].isalpha() else "CNY"
    return Money(int(Decimal(text.removesuffix(currency)) * 100), currency)


def written(amount: Money) -> str:
    """Money as the tables write it."""
    return f"{Decimal(amount.amount) / 100:.2f}"


def window(text: str) -> Window:
    """`2024-08-29T10:00/11:00`, or with a whole second instant after the stroke."""
    begins, _, ends = text.partition("/")
    start = instant(begins)
    return Window(start, instant(ends) if "T" in ends else instant(f"{start.date()}T{ends}"))


def configuration(text: str) -> Configuration:
    """`aurora/grey+wheels_19`: the model and its options."""
    model, _, options = text.partition("/")
    return Configuration(model, tuple(options.split("+")) if options else ())


def slot(text: str) -> Slot:
    """`changping/2024-W34`: plant and production week."""
    plant, _, week = text.partition("/")
    return Slot(plant=plant, week=week)


def acknowledgement(text: str) -> Acknowledgement:
    """`forfeiture`, `forfeiture@en`, or `forfeiture!` for a text that was not the clause's.

    `agreement-1:Pay at once.` acknowledges what was said of a side agreement.
    """
    clause_id, _, said = text.partition(":")
    if said:
        digest = hashlib.sha256(said.encode()).hexdigest()
        return Acknowledgement(
            clause_id=clause_id, text_hash=digest, language=world.LANGUAGE, at=world.AGREED_AT
        )
    clause_id, _, language = text.partition("@")
    terms = world.with_clauses(world.TERMS, "deferral", "storage", "forum")
    shown = world.acknowledgement(clause_id.removesuffix("!"), world.local(2024, 7, 1), terms)
    if language:
        return msgspec.structs.replace(shown, language=language)
    return msgspec.structs.replace(shown, text_hash="altered") if clause_id[-1] == "!" else shown


def checklist_item(text: str) -> ChecklistItem:
    """`interior`, or `interior!` when it is not in order."""
    return ChecklistItem(item=text.removesuffix("!"), in_order=not text.endswith("!"))


def override(text: str) -> Override:
    """`cure_days:30`, `tax_difference_cap:200yuan`, `price_falls_passed_on:yes`, or an instant."""
    name, _, value = text.partition(":")
    field = OverrideField(name)
    if value in {"yes", "no"}:
        return Override(field, value == "yes")
    if value.endswith("yuan"):
        return Override(field, money(value.removesuffix("yuan")))
    if value.isdigit():
        return Override(field, int(value))
    return Override(field, instant(value))


def priority_code(text: str) -> PriorityCode:
    """`summer/vip/2024-08-01T00:00@B-2`: campaign, group, good until, and whose it is."""
    said, _, buyer = text.partition("@")
    campaign, group, expires = said.split("/")
    return PriorityCode(
        code_id=CodeId("code"),
        campaign_id=CampaignId(campaign),
        group_id=GroupId(group),
        valid_until=instant(expires),
        buyer_id=BuyerId(buyer) if buyer else None,
    )


def sale_pause(text: str) -> SalePause:
    """`2024-07-01T19:30/20:30`: from when to when the sale was paused."""
    ran = window(text)
    return SalePause(
        queue_id=world.QUEUE,
        number=1,
        since=ran.begins,
        texts={"en": "The price list was wrong.", "zh-Hans": "价目表有误。"},
        paused_by="staff:chen",
        resumed_at=ran.ends,
        resumed_by="staff:chen",
    )


READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    bool: {"yes": True, "no": False}.__getitem__,
    datetime: instant,
    Money: money,
    Window: window,
    Configuration: configuration,
    Slot: slot,
    Acknowledgement: acknowledgement,
    ChecklistItem: checklist_item,
    Override: override,
    PriorityCode: priority_code,
    SalePause: sale_pause,
}


def _read(kind: object, text: str) -> object:
    """A text as a value of this type; `none` is nothing, and lists have commas."""
    if get_origin(kind) in {types.UnionType, Union}:
        return None if text == "none" else _read(get_args(kind)[0], text)
    if get_origin(kind) is tuple:
        return () if text == "none" else tuple(_read(get_args(kind)[0], x) for x in text.split(","))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(text)
    return READERS[getattr(kind, "__supertype__", kind)](text)


_HINTS = {name: get_type_hints(command) for name, command in COMMANDS.items()}


def fields(name: str, words: tuple[str, ...]) -> Fields:
    """The fields of a command, from `name=value` words."""
    pairs = [word.partition("=")[::2] for word in words]
    read = {field: _read(_HINTS[name][field], text) for field, text in pairs}
    if read.get("referral") == "self":
        read["referral"] = referral_of(world.BUYER)
    return read


def numbers(words: tuple[str, ...]) -> Fields:
    """Changed numbers of a policy, from `name=value` words."""
    hints = get_type_hints(Policy)
    pairs = [word.partition("=")[::2] for word in words]
    return {field: _read(hints[field], text) for field, text in pairs}
