"""What must hold for the cases of one order: its notices are proven, its evidence is there.

Not here: money and everything else of an order (`rules.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from earnest.core.cases.evidence import EvidenceKind
from earnest.core.cases.notice import BY_STAFF, Means
from earnest.core.order import events as happened
from earnest.core.terms.policy import Policy
from earnest.desk.ports import RecordedEvent
from earnest.desk.records import OrderFile


def notices_proven(file: OrderFile, _: Policy | None) -> Iterator[str]:
    """Every demand whose time runs has a proof that fits who recorded it (CN-11, CN-39)."""
    receipts: set[int] = set()
    for recorded in file.events:
        event = recorded.event
        if isinstance(event, happened.EvidenceAdded):
            if event.evidence_kind is EvidenceKind.RECEIPT:
                receipts.add(event.number)
        elif isinstance(event, happened.NoticeDelivered) and not _proven(recorded, receipts):
            yield f"demand {event.demand_number} counts as delivered without its proof"


def _proven(recorded: RecordedEvent, receipts: set[int]) -> bool:
    event = recorded.event
    assert isinstance(event, happened.NoticeDelivered), "the caller looked"
    by = recorded.actor_id.partition(":")[0]
    match event.means:
        case None:
            # From before means were kept: the words of whoever recorded it are all there is.
            return bool(event.proof.strip())
        case Means.IN_APP:
            return by == "buyer"
        case Means.SMS:
            return by == "provider"
        case _:
            return event.means in BY_STAFF and event.evidence_number in receipts


def evidence_stored(file: OrderFile, _: Policy | None) -> Iterator[str]:
    """Every piece of evidence is stored, whole, under the digest of what is stored."""
    stored = {each.digest: each for each in file.contents}
    for piece in file.state.evidence:
        content = stored.get(piece.digest)
        if content is None:
            yield f"the content of evidence {piece.number} is not stored"
        elif (content.actual_digest, content.size_bytes) != (piece.digest, piece.size_bytes):
            yield f"the content of evidence {piece.number} is not what was filed"
