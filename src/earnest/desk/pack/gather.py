"""Gathering what a dispute pack is made of.

Not here: who may have it, which the doors decide, and making the pack (`assemble.py`).
"""

from __future__ import annotations

from earnest.core.order.state import Order
from earnest.desk.pack.assemble import PackSources, terms_of
from earnest.desk.ports import OrderKey
from earnest.desk.private import NoticeBook
from earnest.desk.views import Reader, Register


async def gather(
    order: Order, reader: Reader, notices: NoticeBook, register: Register
) -> PackSources:
    """Everything stored of an order up to the state that was read."""
    key = OrderKey(order.buyer_id, order.order_id)
    # What happens meanwhile belongs to the next pack, so that this one agrees with itself.
    events = [each for each in await reader.events(key) if each.sequence <= order.sequence]
    postings = [each for each in await reader.postings(key) if each.sequence <= order.sequence]
    terms = {}
    for terms_hash, _ in terms_of(events):
        version = await reader.terms(terms_hash)
        assert version is not None, f"an order refers to unknown terms {terms_hash}"
        terms[terms_hash] = version
    profile = await register.buyer(order.buyer_id)
    return PackSources(
        order=order,
        events=events,
        postings=postings,
        marks=await notices.marks(order.buyer_id, order.order_id),
        terms=terms,
        buyer_name="" if profile is None else profile.name,
    )
