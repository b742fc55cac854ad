"""A place, and every move that changed it, in words for the buyer.

Not here: letters about events of the order itself (`desk/telling`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.queue.move import Cause, Direction
from earnest.core.queue.position import Position
from earnest.desk.places.queue_book import Stands
from earnest.desk.places.snapshot import MoveLine, Place

_CAUSES: Mapping[str, Mapping[Cause, tuple[str, str]]] = {
    "en": {
        Cause.RESERVED: ("reserved", "reserved"),
        Cause.REINSTATED: (
            "lapsed wrongly",
            "came back: the deposit had been paid in time, so the old rank counts",
        ),
        Cause.LAPSED: ("did not pay the deposit in time", "came back"),
        Cause.WITHDRAWN: ("withdrew", "came back"),
        Cause.CANCELLED_BY_BUYER: ("cancelled", "came back"),
        Cause.CANCELLED_BY_SELLER: ("was cancelled by the seller", "came back"),
        Cause.DELAY_NOT_AGREED: (
            "did not agree to a further delay and got the money back",
            "came back",
        ),
        Cause.TERMINATED: ("ended the order", "came back"),
        Cause.DEFERRED: ("asked to have the car later and stepped aside", "came back"),
        Cause.RESUMED: ("stepped aside", "asked for the car again and stands at the old rank"),
        Cause.CONFIGURATION_CHANGED: (
            "changed the configuration and waits in another lane",
            "changed the configuration and joined this lane at the old rank",
        ),
        Cause.SWITCHED: (
            "took another car that the maker offered and waits in another lane",
            "took another car that the maker offered and joined this lane at the old rank",
        ),
        Cause.BUILT: ("got its car", "came back"),
        Cause.REALLOCATED: ("got a car or slot that another order had given free", "came back"),
        Cause.CAR_REFUSED: (
            "left",
            "refused its car at the joint inspection and waits again at the old rank",
        ),
        Cause.CAR_DECLINED: (
            "left",
            "did not want the car it was given and waits again at the old rank",
        ),
    },
    "zh-Hans": {
        Cause.RESERVED: ("预订", "预订"),
        Cause.REINSTATED: ("曾被误作失效", "恢复排队：订购款实际按时支付，原排号有效"),
        Cause.LAPSED: ("未按时支付订购款", "恢复排队"),
        Cause.WITHDRAWN: ("退订", "恢复排队"),
        Cause.CANCELLED_BY_BUYER: ("取消订单", "恢复排队"),
        Cause.CANCELLED_BY_SELLER: ("订单被卖方取消", "恢复排队"),
        Cause.DELAY_NOT_AGREED: ("未同意再次延期，款项已退还", "恢复排队"),
        Cause.TERMINATED: ("解除合同", "恢复排队"),
        Cause.DEFERRED: ("申请延期交付，暂时让出位置", "恢复排队"),
        Cause.RESUMED: ("暂时让出位置", "恢复交付，回到原排号的位置"),
        Cause.CONFIGURATION_CHANGED: (
            "更改配置，转入另一配置的队列",
            "更改配置，按原排号加入本队列",
        ),
        Cause.SWITCHED: (
            "接受厂家提供的另一款车，转入另一队列",
            "接受厂家提供的另一款车，按原排号加入本队列",
        ),
        Cause.BUILT: ("已有车辆", "恢复排队"),
        Cause.REALLOCATED: ("获得其他订单让出的车辆或名额", "恢复排队"),
        Cause.CAR_REFUSED: ("离开", "在共同验车时拒收车辆，回到原排号的位置"),
        Cause.CAR_DECLINED: ("离开", "未接受改配的车辆，回到原排号的位置"),
    },
}
"""What a rank did, as one who left a lane and as one who entered it."""

_SINCE: Mapping[str, Mapping[Direction, str]] = {
    "en": {
        Direction.LEFT: "{n:,} left",
        Direction.DEFERRED: "{n:,} deferred",
        Direction.SERVED: "{n:,} got their car",
        Direction.OTHER_LANE: "{n:,} changed to another configuration",
        Direction.CAME: "{n:,} came back or joined with an earlier rank",
    },
    "zh-Hans": {
        Direction.LEFT: "{n} 位离开",
        Direction.DEFERRED: "{n} 位延期",
        Direction.SERVED: "{n} 位已有车辆",
        Direction.OTHER_LANE: "{n} 位转为其他配置",
        Direction.CAME: "{n} 位以更早的排号恢复或加入",
    },
}

_OUT = {
    "en": "This order waits in no queue any more: it has its car, or it has ended.",
    "zh-Hans": "该订单已不在排队：已有车辆，或订单已结束。",
}

_ASIDE = {
    "en": "Your order is deferred and keeps its rank. Were you to resume now: ",
    "zh-Hans": "您的订单正在延期，排号保留。如现在恢复：",
}


def place_words(place: Place, language: str) -> str:
    """A place in a sentence or two, with what happened since the order joined its lane."""
    if place.stands is Stands.OUT:
        return _OUT[language]
    aside = _ASIDE[language] if place.stands is Stands.ASIDE else ""
    return aside + _waiting(place.position, language) + _since(place.position, language)


def _waiting(position: Position, language: str) -> str:
    ahead, queue = position.ahead_in_lane, position.ahead_in_queue
    if language == "en":
        who = "Nobody is" if ahead == 0 else f"{ahead:,} {'is' if ahead == 1 else 'are'}"
        return f"{who} ahead of you for this configuration and region ({queue:,} in all)."
    return f"同配置、同地区您前面还有 {ahead} 位（全部配置共 {queue} 位）。"


def _since(position: Position, language: str) -> str:
    """What happened ahead since the order joined; nothing is said of what did not happen."""
    words = _SINCE[language]
    told = [words[kind].format(n=count) for kind, count in position.since.items() if count]
    if not told:
        return ""
    if language == "en":
        return f" Since you joined: {', '.join(told)}."
    return f"自您加入以来：{'，'.join(told)}。"


def line_words(line: MoveLine, language: str) -> str:
    """One move with its single cause, and how many were ahead after it."""
    did = _CAUSES[language][line.cause][line.change > 0]
    return _LINE[language].format(rank=line.rank, did=did, ahead=line.ahead_after)


_LINE = {
    "en": "Rank {rank:,} {did}: {ahead:,} ahead of you then.",
    "zh-Hans": "排号 {rank} {did}；此后您前面有 {ahead} 位。",
}
