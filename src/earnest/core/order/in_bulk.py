"""What may be asked for many orders at once: only what takes nothing from any buyer.

Each order is still decided alone, by the same rules. Not here: choosing orders and keeping what was
asked (`desk/bulk.py`).
"""

from __future__ import annotations

from earnest.core.order.commands import AnswerDeferral, Command
from earnest.core.order.commands_of_agreements import OfferTerms, ProposeAgreement
from earnest.core.order.decide import decide
from earnest.core.order.events_of_agreements import AgreementProposed
from earnest.core.order.facts import Facts, Outcome
from earnest.core.order.state import Order
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

IN_BULK = frozenset(
    {
        "RevisePromise",
        "ProposeAgreement",
        "ApplyPublicPromise",
        "OfferTerms",
        "AnnounceChange",
        "AnswerDeferral",
    }
)
"""Commands that tell a buyer something, ask, or give: the buyer who is silent loses nothing.

Demands, cancellations, releases of money, and what is about one car are asked order by order.
"""


def decide_in_bulk(order: Order, command: Command, facts: Facts, now: Instant) -> Outcome:
    """What the rules say to a command that is asked for many orders.

    Rejections: those of the command, and `not_in_bulk` for whatever some buyer would have to refuse
    in order to lose nothing: terms that are worse, a request that is declined, an agreement that
    does not bind at once because it is not in the buyer's favour alone.
    """
    refused = Rejected(Reason.NOT_IN_BULK, {"command": type(command).__name__})
    if not _takes_nothing(command):
        return refused
    outcome = decide(order, command, facts, now)
    if isinstance(outcome, Rejected):
        return outcome
    waits = any(isinstance(event, AgreementProposed) for event in outcome.events)
    return refused if waits else outcome


def _takes_nothing(command: Command) -> bool:
    """Whether the command, as it is asked, takes nothing from anybody."""
    match command:
        case OfferTerms():
            return not command.even_if_worse
        case AnswerDeferral():
            return command.agreed
        case ProposeAgreement():
            # Another agreement that it put out of force would be another one for each order.
            return not command.replaces
        case _:
            return type(command).__name__ in IN_BULK
