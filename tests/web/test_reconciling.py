"""The room of money over the API and its pages: statements, matches, two people, and exports.

Not here: what matches what (`tests/core`), and a browser (`tests/browser/test_office.py`).
"""

from __future__ import annotations

import asyncio
import csv
from io import StringIO
from typing import Any

from tests.web.asking import Client, Told
from tests.web.maker import World, world
from tests.web.test_office import staff

API = "/api/v1"
PROVIDER = {
    "account_id": "pay",
    "kind": "provider",
    "name": "Sandbox Pay",
    "number": "earnest",
    "currency": "CNY",
    "appears_as": "Sandbox Pay",
}
BANK = {
    "account_id": "bank",
    "kind": "bank",
    "name": "Harbour Bank",
    "number": "6222",
    "currency": "CNY",
    "columns": {
        "booked_on": "day",
        "amount": "sum",
        "balance_after": "after",
        "payer": "payer",
        "text": "text",
    },
}
LOOK = {"form": "look", "key": "l", "account_id": "bank"}
BANK_FILE = b"day,sum,after,payer,text\n2024-07-19,77.00,77.00,=cmd(),@deposit\n"


def provider_file(*rows: str, closing: str = "5000.00", number: str = "S1") -> bytes:
    """A provider's file of the day on which the tests begin."""
    lines = (
        "kind,id,reference,batch,day,amount,currency",
        f"opening,{number},earnest,,2024-07-19,0.00,CNY",
        *rows,
        f"closing,{number},earnest,,2024-07-19,{closing},CNY",
    )
    return ("\n".join(lines) + "\n").encode()


async def add(who: Client, account: dict[str, Any], key: str = "add") -> Told:
    return await who.post(f"{API}/outside-accounts", account, f"{key}-{account['account_id']}")


async def look(who: Client, content: bytes, account: str = "pay") -> Told:
    return await who.post(f"{API}/outside-accounts/{account}/preview", content)


async def take(who: Client, digest: str, account: str = "pay", key: str = "take") -> Told:
    return await who.post(
        f"{API}/outside-accounts/{account}/statements", {"digest": digest}, f"{key}-{digest[:8]}"
    )


async def imported(who: Client, content: bytes, account: str = "pay") -> Any:  # noqa: ANN401 - a document
    seen = await look(who, content, account)
    assert seen.status == 200, seen.body
    taken = await take(who, seen.json["digest"], account)
    assert taken.status == 201, taken.body
    return taken.json


async def opened(here: World) -> tuple[Client, str]:
    """Finance with two accounts, and an order whose deposit was paid."""
    finance = here.staff("finance")
    order_id = await here.deposited()
    assert [(await add(finance, each)).status for each in (PROVIDER, BANK)] == [201, 201]
    return finance, order_id


async def shown(who: Client) -> Any:  # noqa: ANN401 - a document
    return (await who.get(f"{API}/reconciliation")).json


def test_a_statement_is_seen_first_then_imported_once_and_explains_the_books() -> None:
    async def story() -> None:
        async with world() as here:
            finance, order_id = await opened(here)
            ours = (await shown(finance))["booked"][0]
            row = f"payment,{ours['reference']},x,,2024-07-19,5000.00,CNY"
            content = provider_file(row)

            seen = (await look(finance, content)).json
            assert (seen["lines"], seen["matched"], seen["open"]) == (1, 1, 0)
            assert (await shown(finance))["accounts"][1]["statements"] == []
            assert (await take(finance, "0" * 64)).code == "statement_not_previewed"
            first = await take(finance, seen["digest"])
            again = await take(finance, seen["digest"], key="again")

            assert (first.status, again.status) == (201, 200)
            assert first.json == again.json
            assert (await look(finance, content)).json["is_known"]
            after = await shown(finance)
            assert (after["lines_open"], after["booked_open"]) == (0, 0)
            assert after["owed_to_buyers"] == [{"amount": 500_000, "currency": "CNY"}]
            (explained,) = after["explained"]
            assert (explained["ledger"], explained["remainder"]) == (500_000, 0)
            assert explained["items"] == [{"kind": "held", "amount": 500_000, "account_id": "pay"}]
            assert ours["order_id"] == order_id

    asyncio.run(story())


def test_a_file_that_is_wrong_is_refused_and_nothing_of_it_is_kept() -> None:
    async def story() -> None:
        async with world() as here:
            finance, _ = await opened(here)
            faulty = await look(finance, provider_file("payment,p,,,2024-07-19,1.234,CNY"))
            assert faulty.json["faults"] == [
                {
                    "line": 3,
                    "name": "amount",
                    "code": "sum_malformed",
                    "words": "A sum is digits with at most two decimals",
                }
            ]
            assert (await take(finance, faulty.json["digest"])).code == "statement_not_previewed"
            chinese = await finance.ask(
                "POST",
                f"{API}/outside-accounts/pay/preview",
                b"",
                headers={"accept-language": "zh-Hans"},
            )
            assert chinese.json["faults"][0]["words"] == "没有任何明细"
            refused = {
                "statement_unbalanced": provider_file(closing="1.00"),
                "statement_of_another_account": provider_file().replace(b"earnest", b"other"),
            }
            for code, content in refused.items():
                told = await look(finance, content)
                assert (told.status, told.code) == (422, code)
            assert (await look(finance, b"x" * (4 * 1_048_576 + 1))).code == "body_too_large"
            assert (await look(finance, b"", "none")).code == "outside_account_unknown"
            await imported(finance, provider_file(closing="0.00"))
            for code, content in {
                "statement_differs": provider_file("payment,p,,,2024-07-19,5000.00,CNY"),
                "statement_overlaps": provider_file(closing="0.00", number="S2"),
            }.items():
                assert (await look(finance, content)).code == code
            other = {**PROVIDER, "name": "Another"}
            assert (await add(finance, other, "other")).code == "outside_account_exists"
            columns = {**BANK["columns"], "credit": "in"}  # type: ignore[dict-item]  # a table
            wrong = {**BANK, "account_id": "new", "columns": columns}
            assert (await add(finance, wrong)).code == "columns_unsuitable"

    asyncio.run(story())


def test_a_match_by_hand_takes_two_people_and_changes_no_order() -> None:
    async def story() -> None:
        async with world() as here:
            finance, _ = await opened(here)
            await imported(finance, BANK_FILE, "bank")
            before, seen = here.snapshot(), await shown(finance)
            lines = [each["key"] for each in seen["lines"]]
            sums = [each["key"] for each in seen["booked"]]
            body = {"lines": lines, "booked": sums, "reason": "agreed by telephone"}

            made = await finance.post(f"{API}/matches", body, "hand")
            assert (made.status, made.json["state"]) == (201, "waiting")
            assert made.json["written_off"] == {"amount": 7_700 - 500_000, "currency": "CNY"}
            assert (await finance.post(f"{API}/matches", body, "hand")).json == made.json
            assert (await finance.post(f"{API}/matches", body, "new")).code == "chosen_not_open"
            one = f"{API}/matches/{made.json['match_id']}"
            assert (await finance.post(f"{one}/approval", None, "a")).code == (
                "second_person_missing"
            )
            other = here.staff("finance", name="han")
            approved = await other.post(f"{one}/approval", None, "b")
            assert (approved.json["state"], approved.json["approved_by"]) == (
                *("standing", "staff:han"),
            )
            assert (await other.post(f"{one}/approval", None, "c")).code == "match_not_waiting"
            (explained,) = (await shown(finance))["explained"]
            assert explained["remainder"] == 0
            undone = await finance.post(f"{one}/undoing", {"reason": "wrong car"}, "d")
            assert undone.json["state"] == "undone"
            assert (await finance.post(f"{one}/undoing", {"reason": "x"}, "e")).code == (
                "match_undone"
            )
            assert (await finance.post(f"{API}/matches/none/undoing", None, "f")).status == 404
            assert (await finance.post(f"{API}/matches/none/approval", None, "f")).status == 404
            assert (await finance.post(f"{API}/matches/again", None, "g")).json == {"made": 0}
            for field, key in (("lines", "nonsense"), ("booked", "1.2.3")):
                told = await finance.post(f"{API}/matches", {field: [key], "reason": "x"}, field)
                assert (told.status, told.json["details"]["field"]) == (400, field)
            assert (await finance.post(f"{API}/matches", {}, "h")).code == "match_empty"
            reused = {"lines": lines, "booked": [], "reason": "other"}
            assert (await finance.post(f"{API}/matches", reused, "hand")).code == "key_reused"
            assert here.snapshot() == before

    asyncio.run(story())


def test_payers_are_told_to_whoever_handles_buyers_and_no_cell_is_a_formula() -> None:
    async def story() -> None:
        async with world() as here:
            finance, _ = await opened(here)
            await imported(finance, BANK_FILE, "bank")
            for role, payer in (("finance", "=cmd()"), ("auditor", "=cmd()"), ("admin", "")):
                who = here.staff(role)
                assert [each["payer"] for each in (await shown(who))["lines"]] == [payer]
                told = await who.get(f"{API}/reconciliation/open-items")
                rows = list(csv.DictReader(StringIO(told.body.decode())))
                guarded = f"'{payer}" if payer else ""
                assert [(each["payer"], each["amount"]) for each in rows] == [
                    *((guarded, "77.00"), ("", "5000.00"))
                ]
                assert rows[0]["text"] == ("'@deposit" if payer else "")

    asyncio.run(story())


def test_the_pages_import_match_and_export_without_scripts() -> None:
    async def story() -> None:
        async with world() as here:
            await here.deposited()
            gu, path = staff(here, "finance", name="gu"), "/office/money/statements"
            account = {each: value for each, value in BANK.items() if each != "columns"}
            columns = {f"column-{each}": value for each, value in BANK["columns"].items()}  # type: ignore[attr-defined]  # a table
            fields = {"form": "account", "key": "k", "limit": "1,000", "separator": ","}
            more = {"day_form": "YYYY-MM-DD", "encoding": "utf-8", **account, **columns}
            assert (await gu.send(path, {**fields, **more})).status == 303

            seen = await gu.sends_file(path, LOOK, "file", BANK_FILE)
            body = seen.body.decode()
            assert "Import this statement" in body
            digest = body.partition('name="digest" value="')[2].partition('"')[0]
            form = {"form": "import", "key": "i", "account_id": "bank", "digest": digest}
            assert (await gu.send(path, form)).status == 303
            broken = await gu.sends_file(path, LOOK, "file", b"day,sum\n1,2\n")
            assert "nothing can be imported" in broken.body.decode()

            page = (await gu.get("/office/money/open")).body.decode()
            line = page.partition('name="lines" value="')[2].partition('"')[0]
            match = {"form": "match", "key": "m", "lines": line, "reason": "a gift"}
            assert (await gu.send("/office/money/open", match)).status == 303
            page = (await gu.get("/office/money/open")).body.decode()
            assert "Somebody else has to approve it." in page
            match_id = page.partition('name="match_id" value="')[2].partition('"')[0]
            han = staff(here, "finance", name="han")
            approve = {"form": f"approve-{match_id}", "key": "a", "match_id": match_id}
            assert (await han.send("/office/money/open", approve)).status == 303
            assert "Counts" in (await han.get("/office/money/open")).body.decode()
            assert "Written off by two people" in (await gu.get("/office/money")).body.decode()
            undo = {"form": f"undo-{match_id}", "key": "u", "match_id": match_id, "reason": "no"}
            assert (await gu.send("/office/money/open", undo)).status == 303
            again = {"form": "again", "key": "g"}
            assert (await gu.send("/office/money/open", again)).status == 303
            kept = await gu.get("/office/money/open/file")
            assert kept.headers["content-disposition"].startswith("attachment;")
            assert kept.body.count(b"\n") == 3
            # An auditor reads and has nothing to press; an admin learns no names.
            auditor = (await staff(here, "auditor").get("/office/money/open")).body.decode()
            assert 'name="lines"' not in auditor
            admin = (await staff(here, "admin").get("/office/money/open")).body.decode()
            assert "cmd()" in auditor
            assert "cmd()" not in admin

    asyncio.run(story())
