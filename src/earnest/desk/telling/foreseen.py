"""Why a promised window is the one that is shown, in words: who stands before, and what comes.

Not here: finding it out (`core/plan/book.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.catalogue.model import Catalogue
from earnest.core.plan.calibration import Basis
from earnest.core.plan.counters import Resource
from earnest.core.plan.promise import PromiseReason
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.english import ENGLISH

_KINDS: Mapping[str, Mapping[Resource, str]] = {
    ENGLISH.tag: {
        Resource.LINE: "the line {name}",
        Resource.OPTION: "the option “{name}”",
        Resource.PART: "the part {name}",
    },
    CHINESE.tag: {
        Resource.LINE: "生产线{name}",
        Resource.OPTION: "选项“{name}”",
        Resource.PART: "零件{name}",
    },
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    ENGLISH.tag: {
        "free": "The first day on which your car can be built is free.",
        "first_rank": "Your rank decides: nobody before you waits for the same kind of car.",
        "rank": "Your rank decides: {ranks} of the same kind of car are before you.",
        "decides": "{what} decides: {ahead} before you, {weekly} a week.",
        "short": "{what} is short, so your car is planned for {planned}.",
        "short_nowhere": "{what} is short up to {horizon}.",
        "nowhere": "{what} is taken up to {horizon}: {ahead} before you.",
        "plant": "No plant builds this car for your market.",
        "horizon": "The published capacity ends on {horizon}, before your car could be built.",
        "constant": " The window holds a fixed margin, because too few deliveries are known yet.",
        "calibrated": " The window is as wide as nine of ten earlier promises needed it, over "
        "{cohorts} weeks and {errors} cars.",
        "cut": " It begins on the first day on which such a car can arrive.",
    },
    CHINESE.tag: {
        "free": "您的车最早可生产的日期尚有名额。",
        "first_rank": "由您的排号决定：您之前没有人等待同类车。",
        "rank": "由您的排号决定：同类车中您之前有{ranks}辆。",
        "decides": "{what}决定交付期：您之前有{ahead}辆，每周约{weekly}辆。",
        "short": "{what}短缺，您的车改为计划于{planned}生产。",
        "short_nowhere": "截至{horizon}，{what}短缺。",
        "nowhere": "截至{horizon}，{what}已全部占用：您之前有{ahead}辆。",
        "plant": "没有工厂为您所在市场生产该配置。",
        "horizon": "已公布的产能截至{horizon}，在此之前无法生产您的车。",
        "constant": "因已交付数据尚少，交付期按固定余量给出。",
        "calibrated": "交付期宽度依据{cohorts}周共{errors}辆车的承诺记录，其中九成落在此宽度内。",
        "cut": "交付期自此类车辆最早可能到达之日起算。",
    },
}


def reason_words(reason: PromiseReason, language: str, catalogue: Catalogue) -> str:
    """A few sentences for the buyer, for example “The line north/1 decides: 2,310 before…”.

    An option is called what `catalogue` calls it; lines and parts have no other name than their
    code.
    """
    tag = CHINESE.tag if language.lower().startswith("zh") else ENGLISH.tag
    what = _what_decides(reason, tag, catalogue)
    told = _WORDS[tag][_which(reason)].format(
        what=what[:1].upper() + what[1:],
        ahead=f"{reason.ahead:,}",
        weekly=f"{reason.weekly:,}",
        ranks=f"{reason.rank_ahead or 0:,}",
        horizon=reason.horizon.isoformat(),
        planned=reason.planned,
    )
    if reason.planned is None:
        return told
    basis = "calibrated" if reason.basis is Basis.CALIBRATED else "constant"
    told += _WORDS[tag][basis].format(cohorts=reason.cohorts, errors=f"{reason.errors:,}")
    return told + _WORDS[tag]["cut"] if reason.begins > reason.first else told


def _what_decides(reason: PromiseReason, tag: str, catalogue: Catalogue) -> str:
    kind = None if reason.resource is None else _KINDS[tag].get(reason.resource)
    if kind is None:
        return ""
    name = reason.name
    if reason.resource is Resource.OPTION:
        options = (option for model in catalogue.models for option in model.options)
        names = next((option.names for option in options if option.code == name), {})
        name = names.get(tag, name)
    return kind.format(name=name)


def _which(reason: PromiseReason) -> str:
    if reason.resource is Resource.PLANT:
        return "plant"
    if reason.resource is Resource.HORIZON:
        return "horizon"
    is_short = reason.resource is not None and (reason.ahead, reason.weekly) == (0, 0)
    if reason.planned is None:
        return "short_nowhere" if is_short else "nowhere"
    if is_short:
        return "short"
    if reason.rank_ahead is not None:
        return "rank" if reason.rank_ahead else "first_rank"
    return "free" if reason.resource is None else "decides"
