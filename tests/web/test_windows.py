"""When the car comes: quotes with a window and its reason, the history, and deferral previews."""

from __future__ import annotations

import asyncio
from datetime import date

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.order.state import Order
from earnest.core.plan.capacity import Capacity, Line, Part, Plant, Receipt, Stretch, Transport
from earnest.core.values.ids import CatalogueHash
from earnest.demo.maker import QUEUES
from earnest.desk.foreseeing.live_book import LiveBook
from earnest.desk.ports import OrderKey, RecordedEvent
from earnest.store.memory_reader import MemoryReader
from earnest.web.app import create_app
from tests.web.asking import Client
from tests.web.life import begun
from tests.web.maker import CATALOGUE, SELECTION, World, world

BEGINS, ENDS = date(2024, 7, 1), date(2025, 7, 1)
SOME = CATALOGUE.catalogue_hash
LINE = Line(plant="one", code="1", models=("s7-max",))
CAPACITY = Capacity(
    begins=BEGINS,
    ends=ENDS,
    frozen_days=10,
    plants=(Plant(code="one", name="One", transport=(Transport(QUEUES[0].market, 4),)),),
    lines=(LINE,),
    calendar=(
        Stretch(plant="one", line="1", begins=BEGINS, ends=ENDS, shifts=1, cars_per_shift=100),
    ),
    parts=(Part(code="aqua", options=("paint-aqua",)),),
    receipts=(Receipt("aqua", date(2024, 9, 2), 1), Receipt("aqua", date(2024, 10, 7), 1)),
)


def with_capacity(here: World) -> None:
    here.desk.library.foresees = LiveBook(CAPACITY, QUEUES)


class Asked(MemoryReader):
    """A reader that notes what it was asked."""

    def __init__(self, here: World) -> None:
        super().__init__(here.memory)
        self.questions: list[str] = []

    async def catalogue(self, catalogue_hash: CatalogueHash) -> Catalogue | None:
        self.questions.append("catalogue")
        return await super().catalogue(catalogue_hash)

    async def order_of_buyer(self, key: OrderKey) -> Order | None:
        self.questions.append("order")
        return await super().order_of_buyer(key)

    async def events(self, key: OrderKey) -> list[RecordedEvent]:
        self.questions.append("events")
        return list(await super().events(key))


def asked(queue_id: str | None, model: str = SELECTION.model) -> dict[str, object]:
    options = list(SELECTION.options)
    selection = {"model": model, "options": options}
    return {"catalogue_hash": SOME, "configuration": selection, "queue_id": queue_id}


def test_a_quote_without_capacity_shows_the_window_of_the_terms() -> None:
    async def story() -> None:
        async with world() as here:
            quoted = await here.anybody().post("/api/v1/quotes", asked("s7-cn"))
            silent = await here.anybody().post("/api/v1/quotes", asked(None))
            elsewhere = await here.anybody().post("/api/v1/quotes", asked("s9-fr"))

            assert quoted.json["delivery"]["window"]["begins"] > "2024-07"
            assert quoted.json["delivery"]["reason"] is None
            assert silent.json["delivery"] is None
            assert elsewhere.json["code"] == "sale_not_open"

    asyncio.run(story())


def test_a_quote_shows_window_and_reason_before_anybody_pays_and_the_order_keeps_both() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            before = (await here.anybody().post("/api/v1/quotes", asked("s7-cn"))).json["delivery"]
            life = await begun(here)
            shown = await life.shown("/promises")
            after = await here.anybody().post("/api/v1/quotes", asked("s7-cn"))

            assert before["words"].startswith(
                "The part aqua is short, so your car is planned for 2024-09"
            )
            assert before["reason"]["planned"] == "2024-09-02"
            [first] = shown["promises"]
            assert (first["shown"], first["reason"]) == (before["window"], before["reason"])
            assert first["words"] == before["words"]
            assert after.json["delivery"]["words"].startswith("The part aqua decides: 1 before you")
            assert (await life.shown())["promise_reason"] == before["reason"]

    asyncio.run(story())


def test_what_cannot_be_built_is_said_at_once_and_is_not_sold() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            for name in ("one", "two"):
                await begun(here, name)
            quoted = await here.anybody().post("/api/v1/quotes", asked("s7-cn"))
            refused = await here.reserve("three")

            delivery = quoted.json["delivery"]
            assert delivery["window"] is None
            assert delivery["obstacle"]["code"] == refused.json["code"] == "beyond_horizon"
            assert delivery["words"] == "The part aqua is taken up to 2025-07-01: 2 before you."

    asyncio.run(story())


def test_an_unsound_selection_is_told_what_is_wrong_and_takes_no_place() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            here.desk.library.foresees = LiveBook(CAPACITY, QUEUES)
            refused = await here.anybody().post("/api/v1/quotes", asked("s7-cn", "nothing"))
            assert refused.json["code"] == "model_unknown"

    asyncio.run(story())


def test_a_quote_asks_the_database_nothing_and_a_buyers_promises_ask_it_once() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            life = await begun(here)
            reader = Asked(here)
            app = create_app(msgspec.structs.replace(here.house, reader=reader))
            promises = f"{life.path}/promises"
            quoted = await Client(app).post("/api/v1/quotes", asked("s7-cn"))
            own = await Client(app, here.buyer_token()).get(promises)

            assert (quoted.status, own.status) == (200, 200)
            assert reader.questions == ["events"]

            elsewhere = await Client(app, here.buyer_token("two")).get(promises)
            nonsense = await Client(app, here.buyer_token()).get("/api/v1/orders/none/promises")
            assert elsewhere.code == nonsense.code == "order_unknown"
            assert (await here.staff("sales").get(promises)).json == own.json

    asyncio.run(story())


def test_a_deferral_is_previewed_by_the_live_counters() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            life = await begun(here)
            ask = "/deferral-preview?until=2024-12-01T00:00:00Z"
            free = await life.shown(ask)
            chinese = await life.shown(f"{ask}&language=zh-Hans")
            too_long = await life.shown("/deferral-preview?until=2034-12-01T00:00:00Z")

            longest = await life.shown("/deferral-preview")
            assert longest["preview"]["until"].startswith("2025-07-1")
            assert free["preview"]["is_right"]
            assert free["obstacle"] is None
            assert free["words"].startswith("The first day")
            assert "尚有名额" in chinese["words"]
            assert too_long["obstacle"]["code"] == "deferral_too_long"
            assert free["preview"]["window_then"] != free["preview"]["window_now"]
            await life.done(here.buyer(), "defer", until="2024-12-01T00:00:00Z")

    asyncio.run(story())


def test_who_comes_back_is_promised_the_place_of_its_rank_before_all_who_came_meanwhile() -> None:
    async def story() -> None:
        async with world() as here:
            with_capacity(here)
            book = here.desk.library.foresees
            assert isinstance(book, LiveBook)
            life = await begun(here)
            before = (await life.shown())["promise"]
            await life.done(here.buyer(), "defer", until="2024-12-01T00:00:00Z")
            for rank in range(1, 1_000):
                book.enter(QUEUES[0].queue_id, rank, SELECTION, at=here.clock.now())
            book.leave(QUEUES[0].queue_id, 1)
            quoted = await here.anybody().post("/api/v1/quotes", asked("s7-cn"))
            await life.done(here.buyer(), "resume")

            order = await life.shown()
            assert order["promise"] == before
            assert order["promise"]["begins"] < quoted.json["delivery"]["window"]["begins"]
            assert order["promise_reason"]["rank_ahead"] == 0

    asyncio.run(story())


def test_a_delay_is_shown_with_its_rights_and_answered() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            window = {"begins": "2026-01-01T00:00:00Z", "ends": "2026-02-01T00:00:00Z"}
            planning = here.staff("planning")
            await life.done(planning, "revise-promise", promise=window, cause="wheels")
            [delay] = (await life.shown())["delays"]
            await life.done(here.buyer(), "consent-to-delay", number=delay["number"])
            await life.done(here.buyer(), "allow-earlier")
            order = await life.shown()

            assert {"wait", "agree", "leave"} <= set(delay["rights"])
            assert order["binding_promise"] == window
            assert order["is_earlier_allowed"]
            assert msgspec.json.encode(order["delays"])

    asyncio.run(story())
