"""A letter about a campaign to whoever waits for it: what moved, from when to when.

Not here: letters about orders (`letter.py`), and who waits (`desk/campaign_ports.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from earnest.core.launch.campaign import Campaign
from earnest.core.values.instant import Instant
from earnest.desk.telling import language_of, moment_words
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.english import ENGLISH
from earnest.desk.telling.language import one_line
from earnest.desk.telling.letter import Letter

_LAYOUTS = {
    ENGLISH.tag: (
        "Dear {name},\n\n"
        "Something moved in the campaign “{campaign}” for which you wait:\n\n"
        "{moves}\n\n"
        "Nothing else was taken away. The rule in force stands here: {link}\n\n"
        "--\n"
        "Version {version}. Times are those of {time_zone}. You get this letter because you asked "
        "for news of this campaign, are invited to it, or wait in its room and keep your place.\n"
    ),
    CHINESE.tag: (
        "{name}，您好！\n\n"
        "您所等待的活动“{campaign}”有如下变动：\n\n"
        "{moves}\n\n"
        "其他内容均未取消。现行规则见：{link}\n\n"
        "--\n"
        "第{version}版。文中时间均为{time_zone}当地时间。您收到本信，是因为您曾要求获知本活动的消息，"
        "或在受邀之列，或已加入等候室；您在等候室的位置保持不变。\n"
    ),
}
_SUBJECTS = {
    ENGLISH.tag: "A launch you wait for has moved",
    CHINESE.tag: "您等待的首发活动有变动",
}
_MOVES = {
    ENGLISH.tag: {
        "opens_at": "Everybody may reserve from {after}",
        "reveal_at": "Price and options can be read from {after}",
        "closes_at": "The campaign ends at {after}",
        "endless": "The campaign has no end",
        "group": "“{group}” may reserve from {after}",
        "places": "The lottery lets in {after}, so those drawn next are let in as well",
        "was": " (it was {before}).",
        "without": "without an end",
        "stop": ".",
    },
    CHINESE.tag: {
        "opens_at": "公开预订自{after}开始",
        "reveal_at": "价格与选装自{after}起可以查看",
        "closes_at": "活动于{after}结束",
        "endless": "活动不再设结束时间",
        "group": "“{group}”自{after}起可以预订",
        "places": "抽签的入场名额为{after}个，按抽签次序在后的人也可入场",
        "was": "（原为{before}）。",
        "without": "不设期限",
        "stop": "。",
    },
}
_NONE = object()

Move: TypeAlias = tuple[
    str, dict[str, str] | None, Instant | int | object | None, Instant | int | None
]
"""What moved: the kind, a group's names, and the instant or the number before and after."""


def moved(before: Campaign, after: Campaign) -> bool:
    """Whether anything moved that people wait for."""
    return any(True for _ in _moves(before, after))


def _moves(before: Campaign, after: Campaign) -> Iterator[Move]:
    """What moved, in the order in which it is told."""
    for kind in ("reveal_at", "opens_at", "closes_at"):
        was, becomes = getattr(before, kind), getattr(after, kind)
        if was != becomes:
            yield kind, None, was, becomes
    was, becomes = _places(before), _places(after)
    if was is not None and becomes is not None and was != becomes:
        yield "places", None, was, becomes
    for group in after.groups:
        known = before.group(group.group_id)
        if known is None:
            yield "group", group.names, _NONE, group.opens_at
        elif known.opens_at != group.opens_at:
            yield "group", group.names, known.opens_at, group.opens_at


def _places(campaign: Campaign) -> int | None:
    return None if campaign.admission is None else campaign.admission.places


def news(
    before: Campaign, after: Campaign, *, name: str, language: str, time_zone: str, link: str
) -> Letter:
    """The letter about a version of a campaign to somebody of that name."""
    spoken = language_of(language)
    text = _LAYOUTS[spoken].format(
        name=one_line(name),
        campaign=one_line(after.names[spoken]),
        moves="\n".join(_told(each, spoken, time_zone) for each in _moves(before, after)),
        link=link,
        version=after.version,
        time_zone=time_zone,
    )
    return Letter(subject=_SUBJECTS[spoken], text=text, language=spoken)


def _told(
    move: Move,
    spoken: str,
    time_zone: str,
) -> str:
    kind, names, was, becomes = move
    words = _MOVES[spoken]

    def told(value: Instant | int | None) -> str:
        if isinstance(value, int):
            return f"{value:,}"
        return words["without"] if value is None else moment_words(value, spoken, time_zone)

    group = one_line(names[spoken]) if names is not None else ""
    said = "endless" if becomes is None else kind
    sentence = words[said].format(after=told(becomes), group=group)
    if was is None or isinstance(was, Instant | int):
        return sentence + words["was"].format(before=told(was))
    return sentence + words["stop"]
