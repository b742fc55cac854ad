"""How a life comes to a change while waiting, and to an answer.

Not here: the other goals (`goals.py`).
"""

from __future__ import annotations

from earnest.core.catalogue.configuration import quote
from earnest.core.order.parts_of_agreements import ChangeChoice, ChangeKind
from earnest.core.order.stage import Stage
from earnest.core.values.outcome import Rejected
from tests.core import world
from tests.core.asking import Fields
from tests.core.laws.lives import Ask, Life


def announce(life: Life, _: Stage) -> Ask | None:
    """Something changes: sometimes with another car to switch to, sometimes without."""
    waiting = {each.change for each in life.order.changes if each.is_unanswered}
    kinds = [each for each in ChangeKind if each not in waiting]
    if not kinds:
        return None
    kind = life.chance.choice(kinds)
    fields: Fields = {"change": kind}
    if kind is ChangeKind.PRICE_FELL:
        fields["price"] = life.order.price - world.yuan(100)
    elif life.chance.random() < 0.7:
        others = [each for each in (world.PLAIN, world.DEAR) if each != life.order.configuration]
        other = life.chance.choice(others)
        quoted = quote(life.facts.catalogue, other)
        assert not isinstance(quoted, Rejected), "the world's cars have prices"
        fields |= {"configuration": other, "price": quoted.price - world.yuan(50)}
    return Ask("AnnounceChange", life.at, fields)


def answer_change(life: Life, target: Stage) -> Ask | None:
    waiting = [
        each for each in life.order.changes if each.is_unanswered and life.at < each.answer_until
    ]
    if target not in {life.order.stage, Stage.CANCELLED}:
        waiting = [each for each in waiting if each.switch is not None]
    if not waiting:
        return announce(life, target)
    change = life.chance.choice(waiting)
    if target is Stage.CANCELLED:
        choice = ChangeChoice.LEAVE
    elif target is not life.order.stage:
        choice = ChangeChoice.SWITCH
    else:
        kept = life.order.stage not in {Stage.DEPOSITED, Stage.LOCKED} or change.switch is None
        choice = ChangeChoice.KEEP if kept else ChangeChoice.SWITCH
    return Ask("AnswerChange", life.at, {"number": change.number, "choice": choice})


def end_change(life: Life, target: Stage) -> Ask | None:
    waiting = [each.answer_until for each in life.order.changes if each.is_unanswered]
    if waiting:
        return Ask("EndChange", max(life.at, min(waiting)))
    return announce(life, target)
