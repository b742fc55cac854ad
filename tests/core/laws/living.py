"""Living a life to its end under the eyes of the judge.

Not here: how many lives, and what their number shows (`test_lives.py`).
"""

from __future__ import annotations

from random import Random

from earnest.core.order.decide import carry_out
from tests.core.laws.ends import Judge
from tests.core.laws.goals import towards
from tests.core.laws.lives import CarryOut, Happening, Life, Seen, Way
from tests.core.laws.nonsense import nonsense

LONGEST_PURSUIT = 14
"""Asks after which a life gives a goal up."""


def live(chance: Random, seen: Seen, rules: CarryOut = carry_out) -> Life:
    """One whole life; raises `LawBroken` with everything that happened in it."""
    life = Life(chance, rules)
    judge = Judge(life)
    try:
        _live(life, judge, seen)
        judge.close()
    except AssertionError as broken:
        broken.add_note(written(life))
        raise
    return life


def _live(life: Life, judge: Judge, seen: Seen) -> None:
    goal: Way | None = None
    tries = 0
    for _ in range(life.chance.randrange(25, 70)):
        life.pass_time()
        if life.chance.random() < 0.2:
            ask = nonsense(life)
        else:
            if goal is None or goal[0] is not life.order.stage or tries == LONGEST_PURSUIT:
                goal, tries = seen.goal(life.order.stage, life.chance), 0
            tries += 1
            wanted = towards(life, goal)
            if wanted is None:
                goal = None
                continue
            ask = wanted
        happening = life.ask(ask)
        if happening is None:
            continue
        judge.look(happening)
        way = _way(happening)
        seen.note(way)
        if way == goal:
            goal = None


def _way(happening: Happening) -> Way | None:
    if happening.before is None or not happening.events:
        return None
    return happening.before.stage, type(happening.command).__name__, happening.after.stage


def written(life: Life) -> str:
    """A life as the tables write it, one line for each accepted command."""
    lines = [
        f"{each.command.received_at:%Y-%m-%d %H:%M:%S}  {each.command.actor.actor_id}  "
        f"{type(each.command).__name__} -> "
        f"{', '.join(type(event).__name__ for event in each.events) or 'nothing'}"
        for each in life.happened
    ]
    return "\n".join(lines)
