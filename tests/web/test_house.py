"""The doors for those who run the house: buyers, the demo's clock, metrics, the description.

Not here: who may enter (`test_access.py`).
"""

from __future__ import annotations

import asyncio
from typing import Any

import jwt
import msgspec

from earnest.core.order.commands import COMMANDS
from earnest.gateways.supervisor import Health
from earnest.web.api.commands import asked_by_people, body_of, kebab
from earnest.web.app import described
from tests.web.maker import world

PEOPLE = {
    "buyers": [
        {"name": "王小明", "email": "wang@example.com", "phone": "+86 138 0000 0000"},
        {"name": "A. Reader", "language": "en"},
    ]
}


def test_registered_buyers_get_ids_and_tokens_that_work() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.staff("admin").post("/api/v1/buyers", PEOPLE, "import-1")

            assert told.status == 201
            first = told.json["buyers"][0]
            profile = await here.kept.register.buyer(first["buyer_id"])
            assert profile is not None
            assert (profile.name, profile.language) == ("王小明", "zh-Hans")
            assert jwt.decode(first["token"], options={"verify_signature": False})["roles"] == [
                "buyer"
            ]
            orders = await here.anybody().get(
                "/api/v1/orders", authorization=f"Bearer {first['token']}"
            )
            assert orders.json == {"orders": [], "next_cursor": None}

    asyncio.run(story())


def test_the_same_import_registers_nobody_twice() -> None:
    async def story() -> None:
        async with world() as here:
            admin = here.staff("admin")
            first = await admin.post("/api/v1/buyers", PEOPLE, "import-1")
            here.pass_time(hours=1)

            again = await admin.post("/api/v1/buyers", PEOPLE, "import-1")
            other = await admin.post("/api/v1/buyers", {"buyers": [{"name": "x"}]}, "import-1")
            new = await admin.post("/api/v1/buyers", PEOPLE, "import-2")

            assert (again.status, again.body) == (201, first.body)
            assert (other.status, other.code) == (422, "key_reused")
            assert new.json["buyers"][0]["buyer_id"] != first.json["buyers"][0]["buyer_id"]

    asyncio.run(story())


def test_personal_data_that_cannot_be() -> None:
    async def story() -> None:
        async with world() as here:
            admin = here.staff("admin")
            wrong: list[dict[str, Any]] = [
                {"buyers": []},
                {"buyers": [{"name": "x"}] * 1_001},
                {"buyers": [{"name": ""}]},
                {"buyers": [{"name": "x", "email": "nobody"}]},
                {"buyers": [{"name": "x", "phone": "call me"}]},
                {"buyers": [{"name": "x", "language": "tlh"}]},
            ]
            for body in wrong:
                told = await admin.post("/api/v1/buyers", body, "k")
                assert (told.status, told.code) == (400, "wrong_type")
            assert (await admin.post("/api/v1/buyers", PEOPLE)).code == "key_missing"

    asyncio.run(story())


def test_a_demo_moves_its_clock_forward_and_never_back() -> None:
    async def story() -> None:
        async with world(is_demo=True) as here:
            admin = here.staff("admin")
            before = (await admin.get("/api/v1/demo/clock")).json

            moved = await admin.post("/api/v1/demo/clock", {"advance_seconds": 604_800})
            back = await admin.post("/api/v1/demo/clock", {"advance_seconds": -1})

            assert before == {"now": "2024-07-19T04:00:00Z", "offset_seconds": 0}
            assert moved.json == {"now": "2024-07-26T04:00:00Z", "offset_seconds": 604_800}
            assert (back.status, back.code) == (400, "wrong_type")

    asyncio.run(story())


def test_outside_a_demo_the_clock_has_no_door() -> None:
    async def story() -> None:
        async with world() as here:
            admin = here.staff("admin")
            for told in (
                await admin.get("/api/v1/demo/clock"),
                await admin.post("/api/v1/demo/clock", {"advance_seconds": 1}),
            ):
                assert (told.status, told.code) == (404, "demo_only")
            assert (await here.staff("sales").get("/api/v1/demo/clock")).status == 403

    asyncio.run(story())


def test_metrics_count_the_desk_and_the_hot_doors() -> None:
    async def story() -> None:
        async with world() as here:
            await here.deposited()
            await here.reserve("one")
            await here.anybody().post("/api/v1/reservations", b"{}", "k")

            told = await here.staff("auditor").get("/metrics")

            assert told.headers["content-type"].startswith("text/plain")
            lines = set(told.body.decode().splitlines())
            assert {
                "earnest_desk_commands_total 3.0",
                "earnest_desk_waiting 0.0",
                'earnest_hot_answers_total{door="reservations",status="201"} 2.0',
                'earnest_hot_answers_total{door="reservations",status="401"} 1.0',
                'earnest_hot_answers_total{door="webhooks",status="204"} 1.0',
            } <= lines

    asyncio.run(story())


def test_metrics_say_which_part_beside_the_doors_failed() -> None:
    async def story() -> None:
        async with world() as here:
            parts = {"places": Health(), "outbox": Health(failures=2, rests=True)}
            here.house = msgspec.structs.replace(here.house, parts=parts)

            told = await here.staff("auditor").get("/metrics")

            assert {
                'earnest_part_failures_total{part="places"} 0.0',
                'earnest_part_rests{part="places"} 0.0',
                'earnest_part_failures_total{part="outbox"} 2.0',
                'earnest_part_rests{part="outbox"} 1.0',
            } <= set(told.body.decode().splitlines())

    asyncio.run(story())


def test_every_command_of_people_has_a_route_and_no_other_has() -> None:
    machines = {"Lapse", "EndDeferral", "EndChange", "Remind", "RecordPayment", "RecordPayout"}
    machines |= {"RecordChargeback", "AllotUnit", "OpenPayment", "EndDelay", "RecordOvertaking"}
    machines |= {"GiveTimeBack", "EndDeferralRequest"}
    doors_of_their_own = {"Reserve", "AddEvidence"}

    assert {each.__name__ for each in asked_by_people()} == {
        each.__name__ for each in COMMANDS
    } - machines - doors_of_their_own
    assert kebab("TerminateForForceMajeure") == "terminate-for-force-majeure"
    assert body_of(asked_by_people()[0]).__struct_fields__ == ()


def references(node: object) -> set[str]:
    """Everything that a document refers to."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(each) for each in node.values()))
    if isinstance(node, list):
        return set().union(*(references(each) for each in node))
    return set()


def test_the_description_is_whole() -> None:
    async def story() -> None:
        async with world() as here:
            told = await here.anybody().get("/api/v1/openapi.json")
            again = await here.anybody().get("/api/v1/openapi.json")

            whole = told.json
            assert (whole["openapi"], again.body) == ("3.1.0", told.body)
            operations = [each for path in whole["paths"].values() for each in path.values()]
            names = [each["operationId"] for each in operations]
            assert sorted(names) == sorted(each.operation for each in described())
            assert len(names) == len(set(names))
            schemas = {f"#/components/schemas/{name}" for name in whole["components"]["schemas"]}
            assert references(whole) <= schemas
            assert all(each["summary"].endswith(".") for each in operations)

    asyncio.run(story())


def test_the_description_says_what_a_door_takes_and_gives() -> None:
    async def story() -> None:
        async with world() as here:
            whole = (await here.anybody().get("/api/v1/openapi.json")).json

            lock = whole["paths"]["/orders/{order_id}/lock"]["post"]
            assert lock["operationId"] == "lock"
            assert lock["summary"] == (
                "Fix configuration and commitment: at expiry by the timer, early by the buyer."
            )
            assert lock["description"].endswith("For: buyer.")
            assert lock["security"] == [{"token": []}]
            assert [(each["in"], each["name"]) for each in lock["parameters"]] == [
                ("path", "order_id"),
                ("header", "Accept-Language"),
                ("header", "Idempotency-Key"),
                ("header", "If-Match"),
            ]
            assert not lock["requestBody"]["required"]
            body = whole["components"]["schemas"]["LockBody"]
            assert (list(body["properties"]), body["additionalProperties"]) == (
                ["acknowledgement"],
                False,
            )
            assert {"200", "400", "401", "403", "404", "409", "412", "422", "503"} <= set(
                lock["responses"]
            )
            listed = whole["paths"]["/orders"]["get"]["parameters"]
            limit = next(each for each in listed if each["name"] == "limit")
            assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 200}
            stage = next(each for each in listed if each["name"] == "stage")
            assert "reserved" in stage["schema"]["enum"]
            assert whole["paths"]["/reservations"]["post"]["responses"]["201"]["content"]
            assert whole["paths"]["/offers"]["get"]["security"] == []

    asyncio.run(story())
