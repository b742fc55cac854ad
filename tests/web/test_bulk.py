"""One command for many orders: previewed, asked once, counted exactly, read again, kept as a table.

Not here: which commands these are (`tests/core/test_in_bulk.py`).
"""

from __future__ import annotations

import asyncio
import csv
import re
from io import StringIO
from typing import Any

from earnest.desk.bulk import carry_out_all
from tests.web.browsing import Browser
from tests.web.maker import LASTS, World, world

BULK = "/api/v1/bulk"
PAGE = "/office/orders/bulk"
GIFT: dict[str, Any] = {
    "command": "ProposeAgreement",
    "overrides": [{"field": "deferrals_free", "value": 3}],
    "text": "One more deferral for everybody who waits.",
    "origin": "mail",
}
LATER = {
    "command": "RevisePromise",
    "promise": {"begins": "2025-03-01T00:00:00+08:00", "ends": "2025-04-01T00:00:00+08:00"},
    "cause": "A supplier of displays is late.",
}


async def carried_out(here: World) -> None:
    """What a server does beside its doors."""
    await carry_out_all(here.desk, here.kept.bulk_acts, here.clock.now())


def chen(here: World) -> Browser:
    """Somebody of sales with a browser without scripts."""
    made = Browser(here)
    token = here.house.tokens.for_staff("chen", ["sales"], here.clock.now(), LASTS)
    made.cookies["earnest_session"] = token
    return made


def counted(body: bytes) -> dict[str, int]:
    """The counts on the page of an act."""
    found = re.findall(rb'data-count="(\w+)">(\d+)<', body)
    return {name.decode(): int(number) for name, number in found}


def test_a_preview_says_what_each_order_would_answer_and_writes_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            paid, unpaid = (
                await here.deposited("one"),
                (await here.reserve("two")).json["order_id"],
            )
            before = here.snapshot()

            body = {"act": LATER, "orders": [paid, unpaid, paid]}
            told = (await here.staff("sales").post(f"{BULK}/preview", body)).json

            assert (told["accepted"], told["refused"]) == (1, 1)
            by_order = {each["order"]["order_id"]: each for each in told["lines"]}
            assert "A supplier of displays is late" in " ".join(by_order[paid]["words"])
            assert by_order[unpaid]["problem"]["code"] == "stage_unsuitable"
            assert here.snapshot() == before

    asyncio.run(story())


def test_each_order_gets_a_command_of_its_own_and_asking_again_changes_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            paid = [await here.deposited(name) for name in ("one", "two")]
            unpaid = (await here.reserve("three")).json["order_id"]
            sales = here.staff("sales", name="chen")
            body = {"act": LATER, "orders": [*paid, unpaid]}

            asked = await sales.post(BULK, body, "later")
            assert (asked.status, asked.json["waiting"]) == (201, 3)
            await carried_out(here)
            again = await sales.post(BULK, body, "later")
            other = await sales.post(BULK, {**body, "orders": paid}, "later")

            path = f"{BULK}/{asked.json['head']['bulk_id']}"
            done = (await sales.get(path)).json
            assert again.json == done
            assert (other.status, other.code) == (422, "key_reused")
            counts = [done[each] for each in ("accepted", "refused", "waiting", "failed")]
            assert (counts, done["head"]["is_finished"]) == ([2, 1, 0, 0], True)
            rows = csv.DictReader(StringIO((await sales.get(f"{path}/table")).body.decode()))
            found = {row["order_id"]: (row["outcome"], row["code"]) for row in rows}
            assert found == dict.fromkeys(paid, ("accepted", "")) | {
                unpaid: ("refused", "stage_unsuitable")
            }
            events = (await sales.get(f"/api/v1/orders/{paid[0]}/timeline")).json["events"]
            assert [each["kind"] for each in events].count("PromiseRevised") == 1
            heads = (await sales.get(BULK)).json["acts"]
            assert [each["bulk_id"] for each in heads] == [done["head"]["bulk_id"]]

    asyncio.run(story())


def test_a_server_that_died_half_way_goes_on_where_it_was() -> None:
    async def story() -> None:
        async with world() as here:
            orders = [await here.deposited(name) for name in ("one", "two")]
            body = {"act": GIFT, "orders": orders}
            asked = (await here.staff("sales").post(BULK, body, "gift")).json
            act = await here.kept.bulk_acts.act(asked["head"]["bulk_id"])
            assert act is not None
            await here.desk.submit(act.command_for(act.orders[0]), act.content_hash)

            half = (await here.staff("sales").get(f"{BULK}/{act.bulk_id}")).json
            await carried_out(here)
            whole = (await here.staff("sales").get(f"{BULK}/{act.bulk_id}")).json

            assert (half["accepted"], half["waiting"]) == (1, 1)
            assert (whole["accepted"], whole["waiting"]) == (2, 0)
            for order_id in orders:
                told = (await here.staff("sales").get(f"/api/v1/orders/{order_id}/contract")).json
                assert [each["text"] for each in told["agreements"]] == [GIFT["text"]]

    asyncio.run(story())


def test_nothing_is_asked_of_anybody_when_one_would_be_worse_off() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited()
            worse = {**GIFT, "overrides": [{"field": "deferrals_free", "value": 0}]}
            for act, who, code in (
                (worse, here.staff("sales"), "not_in_bulk"),
                (GIFT, here.staff("planning"), "not_permitted"),
            ):
                body = {"act": act, "orders": [order_id]}
                assert (await who.post(BULK, body, "worse")).code == code
            unknown = {"act": GIFT, "orders": [order_id, "0000000000000000"]}
            assert (await here.staff("sales").post(BULK, unknown, "u")).code == "order_unknown"
            assert (await here.staff("sales").get(f"{BULK}/none")).code == "bulk_unknown"
            assert (await here.staff("sales").get(BULK)).json["acts"] == []

    asyncio.run(story())


def test_from_the_list_over_the_preview_to_the_result_without_scripts() -> None:
    async def story() -> None:
        async with world() as here:
            paid = [await here.deposited(name) for name in ("one", "two")]
            unpaid = (await here.reserve("three")).json["order_id"]
            who = chen(here)
            assert unpaid.encode() in (await who.get("/office/orders")).body
            chosen = {"form": "choose", "which": "all", "command": "RevisePromise"}
            fields = await who.post(PAGE, {"seal": await who.seal("/office/orders"), **chosen})
            assert b"3 orders" in fields.body
            filled = {
                "form": "fill",
                "command": "RevisePromise",
                "orders": " ".join([*paid, unpaid]),
                "promise-begins": "2025-03-01",
                "promise-ends": "2025-03-31",
                "cause": "A supplier of displays is late.",
            }
            preview = await who.send(PAGE, filled)
            assert b"Do it for 2 orders" in preview.body
            hidden = dict(re.findall(r'name="(act|orders)" value="([^"]*)"', preview.body.decode()))
            hidden["act"] = hidden["act"].replace("&#34;", '"')
            apply = {"form": "apply", "command": "RevisePromise", "key": "k1", **hidden}
            done = await who.send(PAGE, apply)
            assert done.status == 303
            waiting = await who.get(done.headers["location"])
            assert counted(waiting.body) == {"accepted": 0, "refused": 0}
            await carried_out(here)
            finished = await who.get(done.headers["location"])
            assert counted(finished.body) == {"accepted": 2, "refused": 0}
            table = await who.get(f"{done.headers['location']}/table")
            assert table.body.count(b"accepted") == 2

    asyncio.run(story())


def test_nothing_chosen_and_nothing_filled_in_is_said_beside_the_form() -> None:
    async def story() -> None:
        async with world() as here:
            order_id, who = await here.deposited(), chen(here)
            for fields, code in (
                ({"form": "choose", "which": "ticked", "command": "OfferTerms"}, "bulk_empty"),
                ({"form": "fill", "command": "OfferTerms"}, "bulk_empty"),
                ({"form": "choose", "order": order_id, "command": "Lock"}, "form_malformed"),
                (
                    {"form": "apply", "command": "OfferTerms", "orders": order_id, "act": "{"},
                    "form_malformed",
                ),
                ({"form": "fill", "command": "RevisePromise", "orders": order_id}, "wrong_type"),
            ):
                told = await who.send(PAGE, fields)
                assert f'data-code="{code}"'.encode() in told.body, fields
            terms = {"form": "choose", "order": order_id, "command": "OfferTerms"}
            assert (
                here.house.desk.library.offers()[0].terms_hash.encode()
                in (await who.send(PAGE, terms)).body
            )

    asyncio.run(story())
