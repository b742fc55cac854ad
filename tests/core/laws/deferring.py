"""How a life comes to a deferral, to a request for one, to an answer or to silence, and back.

Not here: the other goals (`goals.py`).
"""

from __future__ import annotations

from datetime import timedelta

from earnest.core.order.late_rights import kept_when_deferring
from earnest.core.order.stage import Stage
from tests.core.laws.lives import Ask, Life

DAY = timedelta(days=1)


def defer(life: Life, _: Stage) -> Ask | None:
    """Defer or ask for it, once an earlier request was answered."""
    if life.order.deferral_request is not None:
        return Ask("AnswerDeferral", life.at, {"agreed": False})
    kept = kept_when_deferring(life.order, life.at, life.facts.policy.time_zone)
    fields = {
        "until": life.at + life.chance.choice((1, 30, 200)) * DAY,
        "puts_off": () if kept is None else kept.puts_off,
    }
    return Ask("Defer", life.at, fields)


def answer(life: Life, target: Stage) -> Ask | None:
    """The maker's yes or no, which decides where the order goes from `scheduled` on."""
    request = life.order.deferral_request
    if request is None:
        return defer(life, target)
    at_home = life.order.stage in {Stage.DEPOSITED, Stage.LOCKED}
    agreed = life.chance.random() < 0.5 if at_home else target is Stage.LOCKED
    return Ask("AnswerDeferral", life.at, {"agreed": agreed})


def be_deferred(life: Life) -> Ask | None:
    """Get a deferral, asking the maker where the free ones are used up."""
    if life.order.deferral_request is not None:
        return Ask("AnswerDeferral", life.at, {"agreed": True})
    return defer(life, life.order.stage)


def resume(life: Life, _: Stage) -> Ask | None:
    """Come back from a deferral, or take a request back; from `scheduled` on only the latter."""
    order = life.order
    if order.deferral is not None:
        return Ask("Resume", life.at)
    at_home = order.stage in {Stage.DEPOSITED, Stage.LOCKED}
    if order.deferral_request is not None and (not at_home or life.chance.random() < 0.5):
        return Ask("Resume", life.at)
    return be_deferred(life)


def end_deferral(life: Life, _: Stage) -> Ask | None:
    """Let the agreed time run out."""
    deferral = life.order.deferral
    if deferral is None or life.order.deferral_ended_at is not None:
        return be_deferred(life)
    return Ask("EndDeferral", max(life.at, deferral.valid_until))


def end_request(life: Life, target: Stage) -> Ask | None:
    """Let the maker be silent about a request until its time to answer is over."""
    request = life.order.deferral_request
    if request is None:
        return defer(life, target)
    return Ask("EndDeferralRequest", max(life.at, request.answer_until))
