"""The demo maker's published documents, read from the TOML files beside this module.

Not here: storing them; `main.py` publishes them when a demo starts.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.queue.offer import Offer
from earnest.core.queue.rank import Queue
from earnest.core.terms.compile import read_and_compile
from earnest.core.terms.version import TermsVersion
from earnest.core.values.ids import QueueId

OPENED_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""The demo's sale is open at once."""

QUEUES = (
    Queue(queue_id=QueueId("s7-cn"), model_line="s7", market="CN", time_zone="Asia/Shanghai"),
    Queue(queue_id=QueueId("y7-cn"), model_line="y7", market="CN", time_zone="Asia/Shanghai"),
)
"""One queue for each model line of the demo maker."""


LAUNCH_QUEUE = Queue(
    queue_id=QueueId("y7-launch-cn"), model_line="y7", market="CN", time_zone="Asia/Shanghai"
)
"""A queue that nobody sells yet: the example of a campaign is for it."""

TERMS_FILE = "terms.toml"


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def demo_terms() -> TermsVersion:
    """The terms version of the demo maker, compiled from its document."""
    compiled = read_and_compile(_text(TERMS_FILE), TERMS_FILE)
    assert isinstance(compiled, TermsVersion), "the demo's terms are without a fault"
    return compiled


def demo_catalogue() -> Catalogue:
    """The catalogue of the demo maker."""
    return msgspec.convert(tomllib.loads(_text("catalogue.toml")), Catalogue)


def demo_offers(terms: TermsVersion, catalogue: Catalogue) -> tuple[Offer, ...]:
    """Both queues on sale under the same terms and catalogue, without an end."""
    return tuple(
        Offer(
            queue_id=queue.queue_id,
            terms_hash=terms.terms_hash,
            catalogue_hash=catalogue.catalogue_hash,
            opens_at=OPENED_AT,
        )
        for queue in QUEUES
    )
