"""What a maker's own systems are told of an event: its facts, and nobody's words or names.

Not here: posting it (`webhooks.py`). Only fields that are known to be harmless are told, so that
a field somebody adds stays inside until it was looked at.
"""

from __future__ import annotations

from typing import Any

import msgspec

from earnest.desk.ports import RecordedEvent

TOLD = frozenset(
    {
        # Which order, under which documents.
        *("buyer_id", "order_id", "queue_id", "rank", "terms_hash", "catalogue_hash"),
        *("acknowledgement", "acknowledgements", "clause_id", "text_hash", "language"),
        *("configuration", "model", "options", "vin"),
        # Money.
        *("amount", "currency", "price", "previous_price", "deposit", "balance_paid"),
        *("outstanding", "payment_number", "purpose", "paid_at", "provider"),
        *("provider_payment_id", "provider_reference", "payout", "payouts", "payout_number"),
        *("attempt", "next_attempt", "statement", "lines", "rule", "posting", "debit", "credit"),
        # What bears on a settlement.
        *("line", "claim", "side", "fleet", "vehicles", "delivered", "rest_needed", "income"),
        *("after_handover", "payout_numbers", "late_payout_number", "days_late"),
        # Time.
        *("at", "begins", "ends", "promise", "pay_until", "cooling_off_ends", "undo_until"),
        "is_to_pay",
        *(
            "valid_until",
            "agreed_at",
            "due_at",
            "release_due_at",
            "cure_until",
            "cure_days",
            "due_days",
        ),
        *(
            "delivered_at",
            "occurred_at",
            "notified_at",
            "appointment",
            "appointments",
            "slot",
            "plant",
            "week",
        ),
        # What kind of thing, and its number.
        *("kind", "number", "state", "mode", "ground", "missing", "breaches", "result", "remedy"),
        *(
            "why",
            "documents",
            "tender_number",
            "demand_number",
            "agreement",
            "origin",
            "counts_as_free",
        ),
        "build_only_on_request",
        # The maker's own centre, which is no address of the buyer.
        *("centre_id", "bay"),
        # Cases and their evidence, without what anybody wrote or showed.
        *("case_number", "evidence_number", "evidence_kind", "media_type", "size_bytes", "means"),
        *("answer_due_at", "decision_due_at"),
        # What departs from the standard terms.
        *("overrides", "field", "value", "replaces", "valid_from", "proposed_by", "proposed_at"),
        *("seller_accepted_at", "buyer_accepted_at", "balance_due_at", "reduction", "by"),
        *("promises", "promise_id", "applied_at", "published_at"),
        *("version", "worse", "previous_terms_hash"),
        # How an order came, and what was published for it.
        *("attribution", "campaign_id", "group_id", "channel", "referral", "code_id"),
        *("benefits", "benefit_id", "texts", "conditions", "quota", "worth", "last_rank"),
        *("group_ids", "channel_ids"),
        # Units of an edition, and when they can be paid.
        *("unit", "unit_gone", "waiting_number", "offer_minutes", "is_offer"),
        # Promises: the reason of a window, and a delay with the rights it gives.
        *("promise_reason", "capacity", "horizon", "lane_group", "ahead", "weekly", "resource"),
        *("name", "planned", "transport_days", "first", "last", "basis", "cohorts", "errors"),
        *("known_until", "given_on", "earliest", "rank_ahead"),
        "built_at",
        *("delay", "was", "rights", "counts", "is_indefinite", "is_allowed"),
        *("is_earlier", "is_held", "frees"),
        # Overtakings: a rank and a lane are public and say nothing about a person.
        *("lane", "by_rank", "given_at"),
        *("change", "switch", "choice", "announced_at", "answer_until", "answered_at", "ended_at"),
    }
)
"""Fields of events, and of what they hold, that a maker's systems get."""

KEPT_INSIDE = frozenset(
    {
        # What a deferral keeps of a delay, and until when a kept deposit may come back.
        *("back_until", "days", "days_left", "demand", "demanded_at", "in_vain_since", "is_kept"),
        *("kept", "leave", "promised", "puts_off", "until"),
        # What people wrote.
        *("cause", "explanation", "outcome", "proof", "remark", "remarks", "subject"),
        *("text", "source", "reasons", "description", "digest", "answer", "evidence"),
        *("checklist", "item", "in_order"),
        # Where the buyer comes, which can be the buyer's home.
        *("place", "destination"),
        # Who did it or signed it.
        *("approved_by", "confirmed_by", "declared_by", "fixed_by", "signatures", "staff_id"),
        *("published_by", "added_by", "decided_by", "answered_by", "opened_by"),
        *("documented_by", "buyer_signature"),
        # Who the buyer is as a person, and where the buyer pays.
        *("person", "link"),
        # Whose car it was or becomes.
        *("from_order_id", "to_order_id"),
    }
)
"""Fields that stay inside. A test holds both lists against the events as they are."""

_encode = msgspec.json.Encoder().encode


def announcement(recorded: RecordedEvent) -> bytes:
    """The body of a webhook: `type`, `timestamp` and `data`, as Standard Webhooks suggests."""
    facts = _told(msgspec.to_builtins(recorded.event))
    return _encode(
        {
            "type": type(recorded.event).__name__,
            "timestamp": recorded.recorded_at,
            "data": {
                "buyer_id": recorded.buyer_id,
                "order_id": recorded.order_id,
                "sequence": recorded.sequence,
                **{name: value for name, value in facts.items() if name != "kind"},
            },
        }
    )


def _told(value: Any) -> Any:  # noqa: ANN401 - plain values of any shape
    if isinstance(value, dict):
        return {name: _told(each) for name, each in value.items() if name in TOLD}
    if isinstance(value, list | tuple):
        return [_told(each) for each in value]
    return value
