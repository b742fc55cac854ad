"""Who of the staff was shown whose personal data: noted by every door, and read by whom it is for.

The walk asks every reading operation and every page of the office in the name of every role and
looks for the buyer in the answer, so a new door that forgets to say what it shows is found. Not
here: how sights are kept (`tests/store/test_sights.py`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from earnest.core.values.ids import OrderId
from earnest.desk.ports import StoreUnavailable
from earnest.desk.sights import Sight, SightKind
from earnest.store.memory_sights import MemorySights
from earnest.web.app import described
from earnest.web.office import office_pages
from earnest.web.wiring import BASE
from tests.web.asking import Told
from tests.web.life import Life, begun
from tests.web.maker import World, buyer_id, world
from tests.web.test_office import filled, registered, staff
from tests.web.test_order_pages import fields_of

ROLES = ("sales", "planning", "auditor")
PERSONAL = ("Li Wen", "li@example.cn", "138 0013 8000", "Where is my car", "a scratched door")
"""The buyer's name, address and telephone, what they wrote, and what they complained of."""


def noted(here: World) -> list[Sight]:
    """Everything that was noted."""
    assert isinstance(here.house.sights, MemorySights)
    return here.house.sights.noted


async def known_buyer(here: World) -> Life:
    """An order of a buyer with a name, who wrote, complained and filed a photograph."""
    await registered(here)
    life = await begun(here)
    buyer = here.buyer()
    said = await buyer.post(f"{life.path}/conversation", {"text": "Where is my car?"}, "a")
    assert said.status == 201
    await life.done(buyer, "open-case", subject="paint")
    filed = await buyer.post(
        f"{life.path}/evidence?kind=photo&description=a+scratched+door&case_number=1",
        b"\x89PNG\r\n\x1a\n a picture",
        "b",
    )
    assert filed.status == 201, filed.body
    return life


def of(life: Life, by: str, *kinds: SightKind, roles: tuple[str, ...], at: World) -> Sight:
    """A sight of this order's buyer by somebody without a noted session."""
    return Sight(
        at=at.clock.now(),
        actor_id=f"staff:{by}",
        session_id="",
        roles=roles,
        kinds=tuple(sorted(kinds)),
        buyer_ids=(buyer_id(life.name),),
        order_ids=(OrderId(life.order_id),),
    )


def test_whatever_shows_a_buyer_to_staff_is_noted_and_nothing_else() -> None:
    async def story() -> None:
        async with world(is_demo=True) as here:
            life = await known_buyer(here)
            sights, unnoted, shown = noted(here), [], set()

            def look(door: str, role: str, told: Told) -> None:
                is_personal = any(each.encode() in told.body for each in PERSONAL)
                if is_personal:
                    shown.add(door)
                if is_personal and (not sights or buyer_id("one") not in sights[-1].buyer_ids):
                    unnoted.append((door, role, told.status))
                if told.status >= 400 and sights:
                    unnoted.append((door, role, told.status))
                sights.clear()

            for role in ROLES:
                program, browser = here.staff(role), staff(here, role)
                for each in described():
                    if each.method == "GET":
                        path = each.path.replace("{order_id}", life.order_id)
                        path = path.replace("{number}", "1").replace("{paper}", "contract")
                        told = await program.get(BASE + path)
                        look(each.operation, role, told)
                for query in ("?text=Li+Wen", f"?text={life.order_id}"):
                    look("searchOrders", role, await program.get(f"{BASE}/search{query}"))
                for page in office_pages():
                    if page.show is not None:
                        told = await browser.get(filled(page, life.order_id))
                        look(page.name, role, told)

            assert unnoted == []
            assert shown >= {
                *("searchOrders", "showBuyer", "showConversation", "listWaitingConversations"),
                *("showCases", "showDisputePack", "office-orders", "office-order"),
                *("office-case", "office-messages", "office-conversation"),
            }

    asyncio.run(story())


def test_one_request_is_one_sight_with_everything_that_it_showed() -> None:
    async def story() -> None:
        async with world() as here:
            life = await known_buyer(here)
            roles = ("finance", "sales")
            await staff(here, *roles).get(f"/office/orders/{life.order_id}")
            await here.staff("sales").get(f"{life.path}/evidence/1")
            kinds = (SightKind.BUYER, SightKind.MESSAGES, SightKind.CASES)

            assert noted(here) == [
                of(life, "lin", *kinds, roles=roles, at=here),
                of(life, "lin", SightKind.EVIDENCE, roles=("sales",), at=here),
            ]

    asyncio.run(story())


def test_buyers_who_look_at_what_is_theirs_and_forms_that_only_lead_on_are_not_noted() -> None:
    async def story() -> None:
        async with world() as here:
            life = await known_buyer(here)
            for path in ("", "/conversation", "/cases"):
                assert (await here.buyer().get(life.path + path)).status == 200
            sales = staff(here, "sales")
            page = f"/office/orders/{life.order_id}/messages"
            fields = fields_of((await sales.get(page)).body.decode(), "say")
            noted(here).clear()

            assert (await sales.post(page, fields | {"text": "In May."})).status == 303

            assert noted(here) == []

    asyncio.run(story())


class Unreachable(MemorySights):
    """Sights while their table cannot be reached."""

    async def note(self, sight: Sight) -> None:  # noqa: ARG002 - as the real one
        raise StoreUnavailable


def test_what_cannot_be_noted_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with world() as here:
            life = await known_buyer(here)
            monkeypatch.setattr(here.house.sights, "note", Unreachable().note)
            for path in (f"{life.path}/buyer", f"{life.path}/dispute-pack"):
                told = await here.staff("sales").get(path)
                assert (told.status, told.code) == (503, "store_unavailable")
            page = await staff(here, "sales").get(f"/office/orders/{life.order_id}")
            assert (page.status, b"Li Wen" in page.body) == (503, False)
            # Who sees no person waits for nobody.
            assert (await here.staff("planning").get(life.path)).status == 200

    asyncio.run(story())


def test_overseers_find_sights_by_whom_and_about_whom_page_by_page() -> None:
    async def story() -> None:
        async with world() as here:
            life = await known_buyer(here)
            for name in ("an", "bo", "an"):
                here.pass_time(minutes=1)
                await here.staff("sales", name=name).get(f"{life.path}/buyer")
            auditor, by = here.staff("auditor", name="cy"), []

            async def found(query: str) -> list[str]:
                told = await auditor.get(f"{BASE}/sights?{query}")
                assert told.status == 200, told.body
                by.append(told.json["next_cursor"])
                return [each["actor_id"].removeprefix("staff:") for each in told.json["sights"]]

            assert await found("") == ["an", "bo", "an"]
            assert await found("by=bo") == ["bo"]
            assert await found(f"about={life.order_id}&by=an") == ["an", "an"]
            assert await found(f"about={buyer_id('one')}") == ["an", "bo", "an"]
            assert await found(f"about={buyer_id('two')}") == []
            assert await found("limit=2") == ["an", "bo"]
            assert await found(f"limit=2&cursor={by[-1]}") == ["an"]
            assert by[-1] is None
            for broken in ("x", "WyIyMDI0LTAxLTAxVDAwOjAwOjAwWiIsICJhYiJd"):
                told = await auditor.get(f"{BASE}/sights?cursor={broken}")
                assert (told.status, told.code) == (400, "cursor_malformed")
            page = await staff(here, "admin").get(f"/office/people/sights?about={life.order_id}")
            assert page.body.count(b"<tr>") == 4
            assert (b"Name and how to reach them" in page.body, b"Li Wen" in page.body) == (
                True,
                False,
            )

    asyncio.run(story())


def test_a_buyer_learns_the_day_and_the_role_and_no_name() -> None:
    async def story() -> None:
        async with world() as here:
            life = await known_buyer(here)
            await here.staff("sales", name="an").get(f"{life.path}/buyer")
            await here.staff("sales", name="bo").get(f"{life.path}/conversation")
            here.pass_time(days=1)
            await here.staff("auditor", name="cy").get(f"{life.path}/dispute-pack")
            own, other = here.buyer(), here.buyer("two")
            today = here.clock.now().date()

            told = await own.get(f"{BASE}/me/sights")

            assert told.json == {
                "days": [
                    {"day": f"{today}", "roles": ["auditor"], "kinds": ["dispute_pack"]},
                    {
                        "day": f"{today - timedelta(days=1)}",
                        "roles": ["sales"],
                        "kinds": ["buyer", "messages"],
                    },
                ]
            }
            assert (await other.get(f"{BASE}/me/sights")).json == {"days": []}

    asyncio.run(story())
