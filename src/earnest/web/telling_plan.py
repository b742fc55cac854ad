"""What a check found wrong with a stored plan, in words: what is the matter, and what to do.

Not here: finding it (`core/plan/checker.py`, `desk/planning/checking.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from earnest.core.plan.checker import Breach

MISSING, PLAN_CHANGED = "missing", "plan_changed"
"""Codes of what no order of the plan has done: events or rows are not what they were."""

_AGAIN = (
    "Make a new plan: `earnest plan run`. If it is found again, the numbers of that day are wrong.",
    "请重新排产：`earnest plan run`。如仍有此问题，则当天的数字有误。",
)
_AUDIT = (
    "Somebody changed the database by hand: run `earnest audit`, and compare with a backup.",
    "数据库被手工改动过：请运行 `earnest audit`，并与备份比对。",
)

_WORDS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    Breach.LINE_OVERFULL: (
        ("More cars stand there than the line builds", "超过生产线的产量"),
        _AGAIN,
    ),
    Breach.OPTION_OVERFULL: (
        ("More cars have the option than its cap allows", "超过选装上限"),
        _AGAIN,
    ),
    Breach.PART_OVERUSED: (("More of the part is used than had come", "零件用量超过到货"), _AGAIN),
    Breach.WRONG_LINE: (
        ("The line does not build this car for its market", "该生产线不为其市场生产此车"),
        _AGAIN,
    ),
    Breach.TOO_EARLY: (
        ("The day was over, frozen, or too early for the order", "该日已过、已锁定或对该订单过早"),
        _AGAIN,
    ),
    Breach.FIXED_MOVED: (("A scheduled car was moved", "移动了已排产的车辆"), _AGAIN),
    Breach.HELD_PLANNED: (
        ("The order may not be planned, and has a day", "订单不可排产却有日期"),
        _AGAIN,
    ),
    Breach.OVERTAKEN: (
        (
            "A later rank has an earlier day, though what this order needs was there",
            "更晚的排号日期更早，而该订单所需并不缺",
        ),
        _AGAIN,
    ),
    Breach.LATER_THAN_NEEDED: (("An earlier day was free", "更早的日期尚有空位"), _AGAIN),
    MISSING: (
        (
            "Nothing is stored of the order from the time of the plan",
            "没有保存该订单在排产时的任何内容",
        ),
        _AUDIT,
    ),
    PLAN_CHANGED: (("What is stored is not what was applied", "保存的内容与所应用的不同"), _AUDIT),
}
_NUMBER = {"en": 0, "zh-Hans": 1}


def breach_words(code: str, language: str) -> str:
    """What is the matter."""
    return _WORDS[code][0][_NUMBER[language]]


def breach_cure(code: str, language: str) -> str:
    """What to do about it."""
    return _WORDS[code][1][_NUMBER[language]]
