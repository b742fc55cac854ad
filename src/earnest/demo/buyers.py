"""The demo's buyers as the register knows them: who has orders, or signs in with a click.

Not here: their sessions (`web/site/signing_in.py`) and their orders (`orders.py`).
"""

from __future__ import annotations

from earnest.core.values.ids import BuyerId, derive_id
from earnest.core.values.instant import Instant
from earnest.demo.stage import BUYERS, OTHER_BUYERS
from earnest.desk.views import Admission, BuyerProfile, Register


def demo_buyer_id(who: str) -> BuyerId:
    """The id of one of the demo's buyers."""
    return BuyerId(derive_id("buyer", "demo", who))


async def register_demo_buyer(register: Register, who: str, language: str, at: Instant) -> BuyerId:
    """Have one of the demo's buyers in the register, however often somebody asks, and name them."""
    buyer_id = demo_buyer_id(who)
    admission = Admission(actor_id="demo", key=who, content_hash=who, admitted_at=at)
    profile = BuyerProfile(
        buyer_id=buyer_id,
        name=(BUYERS | OTHER_BUYERS)[who]["zh-Hans"],
        email=f"{who}@buyers.example",
        phone=None,
        language=language,
        created_at=at,
    )
    await register.admit(admission, [profile])
    return buyer_id
