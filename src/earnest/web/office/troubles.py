"""What is wrong with a sale as it runs, in words, and what to do about it.

Not here: the figures (`web/api/watching.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from earnest.web.api.watching import Figures
from earnest.web.pages.wording import said

SLOW_MS = 1_000
"""Above this a buyer wonders whether the click was heard."""

LONG_QUEUE = 2_000
"""Half of what a desk lets wait before it turns anybody away."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong: what, what it means, what to do. `values` stand in the texts."""

    title: str
    text: str
    cure: str
    kind: str = "warn"
    values: dict[str, str] = {}


def troubles(figures: Figures) -> Iterator[Trouble]:
    """Everything that is wrong now, the worst first."""
    if not figures.servers:
        yield Trouble(
            title=said("No server says how it fares"),
            text=said("None wrote its figures in the last five seconds."),
            cure=said("Look whether the servers run and reach the database."),
            kind="bad",
        )
    if figures.troubled:
        yield Trouble(
            title=said("Parts of a server failed"),
            text=said("They start again by themselves: %(parts)s."),
            cure=said("If one stays here for minutes, read the server's log for it."),
            kind="bad",
            values={"parts": ", ".join(figures.troubled)},
        )
    yield from _of_payments(figures)
    if figures.is_slower or (figures.within_ms or 0) > SLOW_MS:
        yield Trouble(
            title=said("Answers are slow"),
            text=said("One of a hundred reservations waits longer than a second."),
            cure=said("Add server processes, or pause the sale until the database keeps up."),
        )
    if figures.waiting > LONG_QUEUE:
        yield Trouble(
            title=said("Many wait for the next transaction"),
            text=said("%(number)s commands wait in the desks."),
            cure=said("A desk turns people away at four thousand; their keys stay valid."),
            values={"number": str(figures.waiting)},
        )
    if figures.turned_away:
        yield Trouble(
            title=said("Some were asked to come again"),
            text=said("Desks were full %(number)s times since the servers began."),
            cure=said(
                "Nobody lost a place: the same key succeeds later. Add servers if it goes on."
            ),
            values={"number": str(figures.turned_away)},
        )


def _of_payments(figures: Figures) -> Iterator[Trouble]:
    refused = sum(n for status, n in figures.messages.items() if status in {"400", "401"})
    if refused:
        yield Trouble(
            title=said("Messages of the payment provider are refused"),
            text=said("%(number)s did not carry a signature that fits, or came too late."),
            cure=said("Compare the webhook secret and the clocks of both sides."),
            kind="bad",
            values={"number": str(refused)},
        )
    if figures.payments.refused:
        yield Trouble(
            title=said("The provider will not open payments"),
            text=said("%(number)s buyers have a place and no page to pay on."),
            cure=said("Read why in the log (checkout_refused). Their time to pay has not begun."),
            kind="bad",
            values={"number": str(figures.payments.refused)},
        )
    unmatched = sum(number for _, _, number in figures.payments.unmatched)
    if unmatched:
        yield Trouble(
            title=said("Messages that belong to no order"),
            text=said("%(number)s messages of providers wait in the inbox for a person."),
            cure=said("Finance looks at each: money that nobody owes goes back."),
            values={"number": str(unmatched)},
        )
