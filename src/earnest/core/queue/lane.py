"""Lanes: who waits for the same configuration in the same region.

A queue is a model line in a market. Inside it, orders for the same model with the same answers to
the questions that have exactly one answer (paint, wheels, interior) wait in one lane and are served
in the order of their ranks. Extras, of which a buyer may take any number, open no lane: whoever
adds a tow bar stays beside those who did not. Where an extra is scarce, it is a reason why a
later rank was served earlier (`overtaking.py`), not another queue.

Not here: reading the answers from a catalogue (`core/order/standing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NewType

Lane = NewType("Lane", str)
"""The name of a lane inside its queue: the model and the answers, for example `s7-max/red/19`."""


def lane_named(model: str, answers: Iterable[str]) -> Lane:
    """The lane of a model with these answers, whatever order they come in."""
    return Lane("/".join((model, *sorted(answers))))
