"""A pause of a sale: for a time nobody new can reserve in a queue, and nobody loses by it.

Whoever has a place keeps it, may pay and may leave. Time that ran for buyers is given back: a
payment window stands still, and what was announced with an end stays open longer (docs/adr/0026;
CN-26, Civil Code 473: what was said to everybody binds). Not here: an order's own part of it
(`core/order/standing_still.py`) and refusing under the lock of the queue (`desk/group.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import msgspec

from earnest.core.values.ids import QueueId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

LONGEST_EXPLANATION = 400
"""Characters of what buyers are told; it stands on a telephone beside a button."""


class SalePause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pause of a queue's sale, by its number in the queue from 1.

    `texts` tell buyers in every language why. Without `resumed_at` it goes on. `settled_at` is
    when the time had been given back to every order that ran into it.
    """

    queue_id: QueueId
    number: int
    since: Instant
    texts: dict[str, str]
    paused_by: str
    resumed_at: Instant | None = None
    resumed_by: str | None = None
    settled_at: Instant | None = None

    @property
    def is_running(self) -> bool:
        """Whether nobody new can reserve."""
        return self.resumed_at is None


def why_not_paused(
    running: SalePause | None, texts: Mapping[str, str], languages: Sequence[str]
) -> Rejected | None:
    """Why a sale may not be paused: buyers are told why, in each of these languages.

    Rejections: `explanation_missing`, `sale_paused`.
    """
    for language in languages:
        if not 0 < len(texts.get(language, "").strip()) <= LONGEST_EXPLANATION:
            return Rejected(Reason.EXPLANATION_MISSING, {"language": language})
    if running is not None:
        return refusal_of(running)
    return None


def refusal_of(pause: SalePause) -> Rejected:
    """What is said to whoever wants to reserve meanwhile: since when, and why in each language."""
    details = {"since": pause.since.isoformat()}
    details |= {f"why.{language}": text for language, text in pause.texts.items()}
    return Rejected(Reason.SALE_PAUSED, details)


def kept_open(begins: Instant, ends: Instant, pauses: Sequence[SalePause], at: Instant) -> Instant:
    """The end of something that was announced for `[begins, ends)`, with its pauses given back.

    After each pause that it ran into it goes on at least as long as that pause was. One that goes
    on counts as far as it has come `at` an instant.
    """
    for started, stopped in _ran_into(begins, pauses, at):
        if started < ends:
            ends = max(ends, stopped) + (stopped - started)
    return ends


def stood_still(
    begins: Instant, ends: Instant, pauses: Sequence[SalePause], at: Instant
) -> Instant:
    """The end of a window that stands still in every pause: it is longer by what it was stopped."""
    for started, stopped in _ran_into(begins, pauses, at):
        if started < ends:
            ends += stopped - started
    return ends


def _ran_into(
    begins: Instant, pauses: Sequence[SalePause], at: Instant
) -> Iterator[tuple[Instant, Instant]]:
    """From when to when each pause lay beside something that began then, the earliest first."""
    for pause in pauses:
        stopped = at if pause.resumed_at is None else pause.resumed_at
        started = max(pause.since, begins)
        if stopped - started > timedelta(0):
            yield started, stopped
