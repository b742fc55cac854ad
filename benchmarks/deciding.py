"""Groups decided as the desk decides them, for measurements that go round the desk.

Not here: the desk itself, which the measurements over HTTP go through.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.shop import CATALOGUE, OFFERS, TERMS
from earnest.core.values.instant import Instant
from earnest.demo.maker import QUEUES
from earnest.desk.group import Asked, Group
from earnest.desk.library import Library
from earnest.desk.ports import Changes, Loaded
from earnest.store.memory import MemoryStore


async def library_of_demo() -> Library:
    """What the demo maker published, without a database."""
    store = MemoryStore()
    await store.publish(queues=QUEUES, terms=TERMS, catalogue=CATALOGUE, offers=OFFERS)
    library = Library(store)
    await library.refresh_offers()
    return library


def decided(library: Library, loaded: Loaded, asked: Sequence[Asked], now: Instant) -> Changes:
    """Everything that a group of commands writes; each of them must be accepted."""
    group = Group(loaded, library.facts_of, now, lane_of=library.lane_of, webhooks=False)
    for each in asked:
        answer = group.decide(each)
        assert getattr(answer, "is_accepted", False), f"{answer} is not what is measured"
    return group.changes()
