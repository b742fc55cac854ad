"""What a door makes of the desk's result: an accepted answer, or a refusal in words.

Not here: deciding. The desk has done that.
"""

from __future__ import annotations

from earnest.desk.answer import Answer
from earnest.desk.group import KeyReused
from earnest.web.codes import DoorCode
from earnest.web.problems import TurnedAway


def accepted_only(result: Answer | KeyReused) -> Answer:
    """The answer if the command was accepted; otherwise the request is turned away."""
    if isinstance(result, KeyReused):
        raise TurnedAway(DoorCode.KEY_REUSED)
    if result.reason is not None:
        raise TurnedAway(result.reason, result.details)
    return result
