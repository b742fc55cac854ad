"""How a life comes to a delay, to an answer or to silence, and is overtaken.

Not here: the other goals (`goals.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.order.stage import Stage
from earnest.core.queue.overtaking import Why
from earnest.core.terms.packs.laws import LAWS
from earnest.core.values.instant import Window
from tests.core.laws.lives import Ask, Life

DAY = timedelta(days=1)


def revise(life: Life, _: Stage) -> Ask | None:
    """Another window: earlier or later than the binding one, sometimes without a firm date."""
    days = life.chance.choice((7, 20, 90, 300))
    promise = Window(life.at + days * DAY, life.at + (days + 7) * DAY)
    fields = {
        "promise": promise,
        "cause": "supplier",
        "is_indefinite": life.chance.random() < 0.2,
    }
    return Ask("RevisePromise", life.at, fields)


def _announce(life: Life) -> Ask:
    """A window that is later than any before, so that it has to be answered."""
    ends = max(life.at, life.order.binding_promise.ends, life.order.promise.ends)
    promise = Window(ends + 30 * DAY, ends + 40 * DAY)
    return Ask("RevisePromise", life.at, {"promise": promise, "cause": "supplier"})


def _resume(life: Life) -> Ask | None:
    return Ask("Resume", life.at) if life.order.deferral is not None else None


def answer(life: Life, _: Stage) -> Ask | None:
    """Say yes to the open delay."""
    delay = life.order.open_delay
    if delay is None or (delay.answer_until is not None and life.at >= delay.answer_until):
        return _resume(life) or _announce(life)
    return Ask("ConsentToDelay", life.at)


def leave(life: Life, target: Stage) -> Ask | None:
    """Leave for the open delay."""
    asked = answer(life, target)
    answers = asked is not None and asked.name == "ConsentToDelay"
    return Ask("LeaveForDelay", life.at) if answers else asked


def end(life: Life, _: Stage) -> Ask | None:
    """Let the time to answer pass, under a law that sends the money back then."""
    if LAWS[life.facts.policy.jurisdiction].silence_agrees_days is None:
        return None
    delay = life.order.open_delay
    if delay is None or delay.answer_until is None:
        return _resume(life) or _announce(life)
    return Ask("EndDelay", max(life.at, delay.answer_until))


def allow_earlier(life: Life, _: Stage) -> Ask | None:
    """Ask to be pulled in, or take that back."""
    if life.order.deferral is not None:
        return _resume(life)
    return Ask("AllowEarlier", life.at, {"is_allowed": not life.order.is_earlier_allowed})


def overtaken(life: Life, _: Stage) -> Ask | None:
    """A later rank was served first, with a reason or without."""
    return Ask("RecordOvertaking", life.at, {"why": life.chance.choice((None, *Why))})
