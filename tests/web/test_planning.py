"""Capacity and plans at the doors: published whole or not at all, tried dry, applied or outdated.

Not here: plans themselves (`tests/core/plan`, `tests/desk/planning`), and who may enter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec

from earnest.core.plan.capacity import Capacity, Line, Plant, Stretch, Transport
from tests.web.asking import Client
from tests.web.maker import OPENED, World, world

BASE = "/api/v1"


def document(cars: int = 5, model: str = "s7-max") -> dict[str, Any]:
    """A plant that builds one model from the next Monday on."""
    today = OPENED.date()
    begins = today + timedelta(days=8 - today.isoweekday())
    ends = begins + timedelta(weeks=60)
    capacity = Capacity(
        begins=begins,
        ends=ends,
        frozen_days=10,
        plants=(Plant(code="north", name="North", transport=(Transport("CN", 3),)),),
        lines=(Line(plant="north", code="1", models=(model,)),),
        calendar=(
            Stretch(
                plant="north", line="1", begins=begins, ends=ends, shifts=1, cars_per_shift=cars
            ),
        ),
    )
    built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(capacity))
    return built


def told(story: Callable[[World, Client], Awaitable[None]]) -> None:
    """Play a story in a house with somebody who plans."""

    async def played() -> None:
        async with world() as here:
            await story(here, here.staff("planning"))

    asyncio.run(played())


async def put(who: Client, body: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - as the client gives it
    """Publish capacity under a key."""
    headers = {"idempotency-key": key, "content-type": "application/json"}
    return await who.ask("PUT", f"{BASE}/capacity", msgspec.json.encode(body), headers=headers)


def test_capacity_is_published_shown_and_listed() -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        before = await eva.get(f"{BASE}/capacity")
        assert before.code == "capacity_missing"
        assert (await eva.get(f"{BASE}/capacity/history")).json == {"versions": []}

        first = await put(eva, document(), "one")
        assert (first.status, first.json["version"]) == (200, 1)
        assert first.json["published_by"] == "staff:lin"
        assert len(first.json["changes"]["weeks"]) == 60
        more = (await put(eva, document(cars=6), "two")).json
        assert more["version"] == 2
        assert more["changes"]["weeks"][0]["before"] == 35
        assert more["changes"]["weeks"][0]["after"] == 42

        shown = (await eva.get(f"{BASE}/capacity")).json
        assert (shown["version"], shown["capacity"]) == (2, document(cars=6))
        listed = (await eva.get(f"{BASE}/capacity/history")).json["versions"]
        assert [each["version"] for each in listed] == [2, 1]

    told(story)


def test_a_repeated_act_is_the_first_and_a_key_has_one_document() -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        first = await put(eva, document(), "one")
        again = await put(eva, document(), "one")
        other = await put(eva, document(cars=6), "one")

        assert again.json["version"] == first.json["version"] == 1
        assert other.code == "key_reused"

    told(story)


def test_every_fault_is_named_and_nothing_is_published() -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        wrong = document(model="s8") | {"frozen_days": -1}

        refused = await put(eva, wrong, "one")

        assert (refused.status, refused.code) == (422, "capacity_faulty")
        assert refused.json["details"]["faults"] == (
            "capacity number_negative field=frozen_days value=-1; lines[1] model_unknown model=s8"
        )
        assert refused.json["detail"] == (
            "What is wrong: capacity frozen_days: This number is below zero: -1. Give 0 or more. "
            "lines[1] models: No catalogue has this model: s8. Write the code of a model that is "
            "on sale, or publish its catalogue first."
        )
        assert (await eva.get(f"{BASE}/capacity")).code == "capacity_missing"

    told(story)


def test_days_that_are_over_may_be_said_again_but_not_otherwise() -> None:
    async def story(here: World, eva: Client) -> None:
        await put(eva, document(), "one")
        here.pass_time(days=16)
        later = here.staff("planning")
        exported = (await later.get(f"{BASE}/capacity")).json["capacity"]

        again = await put(later, exported, "two")
        assert (again.status, again.json["version"]) == (200, 2)

        refused = await put(later, document(cars=6), "three")
        assert (refused.status, refused.code) == (422, "capacity_faulty")
        begins = exported["begins"]
        assert refused.json["details"]["faults"].startswith(f"calendar[1] day_past day={begins} ")
        assert (await later.get(f"{BASE}/capacity")).json["version"] == 2

    told(story)


def test_a_plan_is_tried_dry_applied_and_shown() -> None:
    async def story(here: World, eva: Client) -> None:
        assert (await eva.post(f"{BASE}/plans", {})).code == "capacity_missing"
        assert (await eva.get(f"{BASE}/plans/current")).code == "plan_unknown"
        order_id = await here.deposited()
        await put(eva, document(), "capacity")

        tried = (await eva.post(f"{BASE}/plans", {})).json
        assert [each["order"]["order_id"] for each in tried["moves"]] == [order_id]
        assert (await eva.post(f"{BASE}/plans", {"most_moves": 0})).json["moves"] == []
        assert (await eva.get(f"{BASE}/plans/current")).code == "plan_unknown"

        chosen = {"digest": tried["digest"], "basis": tried["basis"]}
        applied = await eva.post(f"{BASE}/plans/apply", chosen, "plan")
        assert (applied.status, applied.json["version"]) == (201, 1)
        again = await eva.post(f"{BASE}/plans/apply", chosen, "plan")
        assert again.json == applied.json
        shown = (await eva.get(f"{BASE}/plans/current")).json
        assert shown == applied.json
        assert (shown["summary"]["orders"], shown["is_carried_out"]) == (1, False)

    told(story)


def test_a_plan_of_another_day_is_refused_in_words() -> None:
    async def story(here: World, eva: Client) -> None:
        await here.deposited()
        await put(eva, document(), "capacity")
        tried = (await eva.post(f"{BASE}/plans", {})).json
        basis = tried["basis"]
        today = basis["today"]
        for day in ("9999-12-31", "0001-01-01"):
            chosen = {"digest": tried["digest"], "basis": basis | {"today": day}}
            refused = await eva.post(f"{BASE}/plans/apply", chosen, day)
            assert (refused.status, refused.code) == (409, "plan_outdated")
            assert refused.json["details"] == {"today": f"{day} -> {today}"}
            assert f"Changed: Today: {day} in the dry run, {today} now." in refused.json["detail"]
        nobody = {"digest": tried["digest"], "basis": basis | {"queues": []}}
        refused = await eva.post(f"{BASE}/plans/apply", nobody, "nobody")
        assert (
            "Orders of s7-cn that the plan is about: 0 in the dry run, 1 now; "
            "Orders of s7-cn that cool off: 0 in the dry run, 1 now."
        ) in refused.json["detail"]

    told(story)


def test_a_plan_that_is_outdated_says_what_changed() -> None:
    async def story(here: World, eva: Client) -> None:
        await here.deposited()
        await put(eva, document(), "capacity")
        tried = (await eva.post(f"{BASE}/plans", {"way": "fresh"})).json
        chosen = {"digest": tried["digest"], "basis": tried["basis"]}
        await put(eva, document(cars=6), "more")

        refused = await eva.post(f"{BASE}/plans/apply", chosen, "plan")

        assert (refused.status, refused.code) == (409, "plan_outdated")
        assert refused.json["details"]["capacity_version"] == "1 -> 2"
        changed = "Version of the capacity: 1 in the dry run, 2 now."
        assert refused.json["detail"].endswith(f"Changed: {changed}")
        fresh = (await eva.post(f"{BASE}/plans", {})).json
        chosen = {"digest": fresh["digest"], "basis": fresh["basis"]}
        assert (await eva.post(f"{BASE}/plans/apply", chosen, "plan")).status == 201
        reused = await eva.post(f"{BASE}/plans/apply", chosen | {"digest": "x"}, "plan")
        assert reused.code == "key_reused"

    told(story)
