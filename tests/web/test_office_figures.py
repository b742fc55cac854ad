"""Launches and money in the office: figures of a sale, the books, the journal as a file.

Not here: who may open the pages (`test_office.py`).
"""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest

from earnest.gateways.supervisor import Health
from earnest.web.counting import Counting
from earnest.web.figures import FiguresKeeper
from tests.web.life import begun
from tests.web.maker import world
from tests.web.test_office import staff


def figure(body: bytes, term: str) -> str:
    """A figure of a page by its term."""
    found = re.search(rf"<dt>{term}</dt><dd[^>]*>([^<]+)</dd>", body.decode())
    assert found is not None, term
    return found[1]


# Launches -------------------------------------------------------------------------------------


def test_a_launch_is_watched_in_figures() -> None:
    async def story() -> None:
        async with world() as here:
            # Counts are remembered for a second, by the clock of this test.
            counting = Counting(lambda: here.clock.now().timestamp())
            here.house = msgspec.structs.replace(here.house, counting=counting)
            who = staff(here, "sales")
            path = "/office/launches/s7-cn"
            assert b"Nobody has reserved yet." in (await who.get(path)).body
            here.pass_time(seconds=2)
            await here.deposited("one")
            await here.reserve("two")
            body = (await who.get(path)).body
            assert b'data-live="figures:s7-cn?seen=' in body
            assert figure(body, "reservations") == "2"
            assert figure(body, "deposits paid") == "1"
            assert figure(body, "reservations a second") == "2.0"
            assert figure(body, "wait in the desks") == "0"
            assert b"Messages of null" in body
            here.pass_time(minutes=2)
            assert figure((await who.get(path)).body, "reservations a second") == "0.0"
            listed = (await who.get("/office/launches")).body.decode()
            assert 'href="/office/launches/s7-cn"' in listed
            assert "2 reservations" in listed
            assert (await who.get("/office/launches/none")).status == 404

    asyncio.run(story())


def test_what_is_in_trouble_stands_on_top() -> None:
    async def story() -> None:
        async with world() as here:
            parts = {"messages": Health(failures=1, rests=True), "deadlines": Health(failures=1)}
            here.house = msgspec.structs.replace(here.house, parts=parts)
            here.house.desk.counts.full = 3
            await FiguresKeeper(here.house, "one:1").write()
            body = (await staff(here, "sales").get("/office/launches/s7-cn")).body
            assert b"They start again by themselves: messages." in body
            assert b"Desks were full 3 times" in body

    asyncio.run(story())


# Money ----------------------------------------------------------------------------------------


def test_the_books_and_what_waits_of_them_are_shown() -> None:
    async def story() -> None:
        async with world() as here:
            gu = staff(here, "finance")
            assert b"No money has moved." in (await gu.get("/office/money")).body
            life = await begun(here)
            body = (await gu.get("/office/money")).body.decode()
            assert "Deposits that buyers may take back" in body
            assert "¥5,000.00" in body
            assert "No refund and no release waits for anybody." in body
            await life.done(here.buyer(), "withdraw")
            here.pass_time(days=2)
            body = (await gu.get("/office/money")).body.decode()
            assert "Owed to buyers, not paid out yet" in body
            assert "1 overdue" in body
            # The rule of the order's own law stands beside the clock of its refund.
            assert '<span class="code muted">CN-29</span>' in body
            admin = (await staff(here, "admin").get("/office/money")).body
            assert b"Refunds and releases" not in admin

    asyncio.run(story())


def test_the_journal_is_kept_as_a_file_of_the_days_asked_for() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited()
            gu = staff(here, "finance")
            path = "/office/money/journal?first=2024-07-19&last=2024-07-19"
            told = await gu.get(path)
            assert told.headers["content-type"].startswith("text/csv")
            assert "journal-2024-07-19-2024-07-19.csv" in told.headers["content-disposition"]
            assert told.body.decode().splitlines() == [
                "recorded_at,order_id,sequence,line,cause,debit,credit,amount,currency",
                (
                    f"2024-07-19T04:00:00+00:00,{order_id},2,1,DepositReceived,provider_clearing,"
                    "customer_deposits,5000.00,CNY"
                ),
            ]
            before = "/office/money/journal?first=2024-07-01&last=2024-07-18"
            assert len((await gu.get(before)).body.splitlines()) == 1
            for wrong in ("", "?first=x&last=y", "?first=2024-07-01&last=9999-12-31"):
                assert (await gu.get(f"/office/money/journal{wrong}")).status == 400

    asyncio.run(story())


def test_a_journal_that_is_too_long_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("earnest.web.api.accounts.MOST_LINES", 0)

    async def story() -> None:
        async with world() as here:
            await here.deposited()
            query = "begins=2024-07-01T00:00:00Z&ends=2024-08-01T00:00:00Z"
            told = await here.staff("finance").get(f"/api/v1/journal?{query}")
            assert (told.status, told.code) == (422, "journal_too_long")

    asyncio.run(story())
