"""How people are let in to a launch: the published rule, and what an admission must say.

A launch without a rule lets everybody in at its opening. Not here: the waiting room's counters
(`room.py`), the draw (`draw.py`), and signatures, which the door checks (`people/admissions.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

import msgspec

from earnest.core.values.ids import BuyerId, CampaignId
from earnest.core.values.instant import Instant
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason

CLOCK_SKEW = timedelta(seconds=5)
"""How far the clocks of two servers of one launch may differ without turning anybody away."""

DIGEST_STANDS = timedelta(minutes=1)
"""How long the digest of a lottery's entries is public before the seed is shown: time to note it,
for people who look and for programs that ask every few seconds. Whoever noted it can prove later
that no entry was added with the seed in view. Where people are let in by arrival, the draw is made
at the opening, which is not held up for this."""

FASTEST_PER_MINUTE = 600_000
LONGEST_TOKEN_MINUTES = 1_440


class AdmissionKind(StrEnum):
    """In which order people are let in."""

    FIRST_COME = "first_come"
    """Whoever joined before the opening is drawn, whoever came later stands behind by arrival."""
    LOTTERY = "lottery"
    """Whoever entered in time is drawn, and only so many as there are places are let in."""


class PlacesRaised(msgspec.Struct, frozen=True, kw_only=True):
    """A version that let more people in: there were `before` places until this instant."""

    before: int
    at: Instant


class AdmissionRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rule that a launch publishes before anybody joins.

    `joins_from` is when joining begins. `per_minute` people are let in each minute from the
    opening on, and an admission is good for `token_minutes`. Only a lottery has `joins_until`
    (None: the opening), the number of `places`, and a `public_source`: a value that nobody can
    know while entries are taken, such as a named stock index at its close, mixed into the draw.

    `raised` is not written by anybody: it follows from the versions (`raising.py`), the
    earliest first.
    """

    kind: AdmissionKind
    joins_from: Instant
    per_minute: int
    token_minutes: int = 30
    joins_until: Instant | None = None
    places: int | None = None
    public_source: str = ""
    raised: tuple[PlacesRaised, ...] = ()

    def drawn_from(self, opens_at: Instant) -> Instant:
        """The instant from which on nobody can join the draw any more."""
        return self.joins_until or opens_at

    def seed_not_before(self, closed_at: Instant) -> Instant:
        """The instant before which the seed of entries that were closed then is not shown."""
        return closed_at + DIGEST_STANDS if self.kind is AdmissionKind.LOTTERY else closed_at


def only_raises_places(before: AdmissionRule | None, after: AdmissionRule | None) -> bool:
    """Whether a rule is another one in nothing but more places, which takes from nobody."""
    if before is None or after is None or before.places is None or after.places is None:
        return False
    same = msgspec.structs.replace(after, places=before.places, raised=before.raised)
    return after.places > before.places and same == before


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified admission token says: this buyer may reserve in this launch then.

    `launch` is the campaign's id and `slot` the place in the order of letting in, from 1. The
    time is half-open `[not_before, ends_at)`. The `nonce` follows from all of this, so that
    a lost token is issued again and not replaced.
    """

    launch: CampaignId
    buyer_id: BuyerId
    slot: int
    not_before: Instant
    ends_at: Instant
    nonce: str


def rule_fault(rule: AdmissionRule, opens_at: Instant) -> Rejected | None:
    """Why a rule cannot be published with a launch that opens then. `admission_rule_malformed`."""
    key = next(faulty_keys(rule, opens_at), None)
    return None if key is None else Rejected(Reason.ADMISSION_RULE_MALFORMED, {"field": key})


def faulty_keys(rule: AdmissionRule, opens_at: Instant) -> Iterator[str]:
    """Every key of a rule whose value does not fit the others, or the opening."""
    if not 1 <= rule.per_minute <= FASTEST_PER_MINUTE:
        yield "per_minute"
    if not 1 <= rule.token_minutes <= LONGEST_TOKEN_MINUTES:
        yield "token_minutes"
    if rule.joins_from > opens_at:
        yield "joins_from"
    if rule.kind is AdmissionKind.FIRST_COME:
        given = {
            "joins_until": rule.joins_until is not None,
            "places": rule.places is not None,
            "public_source": rule.public_source != "",
        }
        yield from (key for key, is_given in given.items() if is_given)
        return
    if not rule.joins_from < rule.drawn_from(opens_at) <= opens_at:
        yield "joins_until"
    if rule.places is None or rule.places < 1:
        yield "places"


def admission_fault(
    admission: Admission | None,
    *,
    launch: CampaignId,
    buyer_id: BuyerId,
    at: Instant,
) -> Rejected | None:
    """Why this admission does not let this buyer reserve in this launch at this instant.

    A token is no ticket that is torn: it lets its buyer in as often as they ask. What one person
    may have is limited by the launch, and one reservation is one by its idempotency key.

    Rejections: `admission_missing`, `admission_of_another_launch`,
    `admission_of_another_buyer`, `admission_early`, `admission_over`.
    """
    if admission is None:
        return Rejected(Reason.ADMISSION_MISSING, {"launch": launch})
    if admission.launch != launch:
        return Rejected(Reason.ADMISSION_OF_ANOTHER_LAUNCH, {"launch": launch})
    if admission.buyer_id != buyer_id:
        return Rejected(Reason.ADMISSION_OF_ANOTHER_BUYER)
    if at + CLOCK_SKEW < admission.not_before:
        return Rejected(Reason.ADMISSION_EARLY, {"not_before": admission.not_before.isoformat()})
    if at - CLOCK_SKEW >= admission.ends_at:
        return Rejected(Reason.ADMISSION_OVER, {"ends_at": admission.ends_at.isoformat()})
    return None
