"""Proving who one is through the doors, and a queue that limits what one person may hold.

Not here: tries and digests (`tests/people/test_proving.py`).
"""

from __future__ import annotations

import asyncio
import re

from earnest.gateways.sms import NullSms
from tests.web.maker import World, world

PHONE = {"phone": "+86 138 0013 8000"}


def code_sent(here: World) -> str:
    """The code in the newest message."""
    sms = here.house.people._sms  # noqa: SLF001 - the telephone in the buyer's hand
    assert isinstance(sms, NullSms)
    found = re.search(r"\d{6}", list(sms.sent.values())[-1].text)
    assert found is not None
    return found[0]


def test_a_telephone_and_a_number_are_proven_through_the_doors() -> None:
    async def story() -> None:
        async with world() as here:
            li, base = here.buyer("li"), "/api/v1/people/me/proofs"
            sent = await li.post(f"{base}/codes", PHONE)
            assert (sent.status, sent.json) == (200, {"taken": True})
            wrong = await li.post(f"{base}/phone", {**PHONE, "code": "000000"})
            assert wrong.status in {200, 422}
            right = await li.post(f"{base}/phone", {**PHONE, "code": code_sent(here)})
            assert right.status == 200
            number = {"name": "Li", "number": "11010519491231002X"}
            assert (await li.post(f"{base}/identity-number", number)).status == 200
            slip = {"name": "Li", "number": "110105194912310021"}
            refused = await li.post(f"{base}/identity-number", slip)
            assert (refused.status, refused.code) == (422, "proof_number_unconfirmed")
            other = {"name": "Li", "number": "440524188001010014"}
            kept = await li.post(f"{base}/identity-number", other)
            assert (kept.status, kept.code) == (409, "proof_number_kept")
            unreadable = await li.post(f"{base}/codes", {"phone": "138 0013 80001"})
            assert (unreadable.status, unreadable.code) == (422, "proof_phone_unreadable")

    asyncio.run(story())
