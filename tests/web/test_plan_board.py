"""The plan board at the doors: proposals, dry runs, what if, load, promises and overtakings.

Not here: who may enter (`test_access.py`), and how runs are made (`tests/desk/planning`).
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from earnest.core.plan.capacity import Capacity, Part, Receipt
from earnest.desk.planning.runs import ABANDONED_AFTER, PlanRun, RunWanted
from earnest.desk.planning.tables import write_tables
from earnest.web.telling_capacity import fault_told
from tests.web.asking import Client
from tests.web.life import begun
from tests.web.maker import World, world
from tests.web.test_planning import BASE, document, put

Story = Callable[[World, Client], Awaitable[None]]


def told(story: Story) -> None:
    """Play a story in a house with somebody who plans."""

    async def played() -> None:
        async with world() as here:
            await story(here, here.staff("planning"))

    asyncio.run(played())


def with_part(**changed: object) -> dict[str, Any]:
    """The document with a scarce part that tow hooks need."""
    capacity = msgspec.convert(document(), Capacity, strict=False)
    made = msgspec.structs.replace(
        capacity,
        parts=(Part(code="hook", options=("tow-hook",)),),
        receipts=(Receipt("hook", capacity.begins, 10),),
    )
    built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    return {**built, **changed}


def tables(**changed: str) -> dict[str, str]:
    """The tables of the document, some with another text."""
    return write_tables(msgspec.convert(with_part(), Capacity, strict=False)) | changed


BEGINS = document()["begins"]
LAST_DAY = date.fromisoformat(document()["ends"]) - timedelta(days=1)


# Proposals ------------------------------------------------------------------------------------


def test_a_proposal_of_tables_says_what_would_change_and_writes_nothing() -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        first = (await eva.post(f"{BASE}/capacity/proposals", {"tables": tables()})).json
        assert (first["findings"], first["instead_of"]) == ([], None)
        assert (await eva.get(f"{BASE}/capacity")).code == "capacity_missing"
        await put(eva, with_part(), "one")

        # Tables that are not given stay as they are.
        lines = tables()["receipts"].replace(",10\n", ",7\n")
        told_of = await eva.post(f"{BASE}/capacity/proposals", {"tables": {"receipts": lines}})

        (change,) = told_of.json["changes"]["weeks"]
        assert (change["week"]["name"], change["before"], change["after"]) == ("hook", 10, 7)
        assert told_of.json["instead_of"] == 1
        assert len((await eva.get(f"{BASE}/capacity/history")).json["versions"]) == 1

    told(story)


HOLE = "plant,line,begins,ends,shifts,cars_per_shift\nnorth,1,2024-07-22,2024-08-01,1,5\n"
UNBUILT = "plant,code,models\nnorth,1,s7-max\nnorth,2,s7-max\n"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"calendar": HOLE}, ("calendar", 2, "calendar_hole")),
        ({"lines": UNBUILT}, ("lines", 3, "capacity_missing")),
        ({"receipts": "part,day,units\n"}, ("parts", 2, "part_unsupplied")),
        ({"receipts": f"part,day,units\nhook,{BEGINS},0\n"}, ("parts", 2, "part_unsupplied")),
        (
            {"receipts": f"part,day,units\nhook,{BEGINS},1000001\n"},
            ("receipts", 2, "number_too_large"),
        ),
        ({"receipts": "part,day\nhook,2024\n"}, ("receipts", 1, "column_missing")),
        ({"holidays": "plant,day\n\nnorth,soon\n"}, ("holidays", 3, "cell_unreadable")),
        ({"prices": "a,b\n"}, ("prices", 1, "table_unknown")),
    ],
)
def test_bad_tables_are_named_with_their_line_and_nothing_is_half_applied(
    changed: dict[str, str], expected: tuple[str, int, str]
) -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        await put(eva, with_part(), "one")
        proposed = (await eva.post(f"{BASE}/capacity/proposals", {"tables": changed})).json

        (finding,) = proposed["findings"]
        assert (finding["table"], finding["line"], finding["code"]) == expected
        told = fault_told(finding["table"], finding["code"], finding["details"], "en")
        assert (finding["key"], finding["what"], finding["cure"]) == (
            *(told.key, told.what, told.cure),
        )
        assert (proposed["capacity"], proposed["changes"]) == (None, None)
        assert (await eva.get(f"{BASE}/capacity")).json["capacity"] == with_part()

    told(story)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"calendar": [{**document()["calendar"][0], "ends": "2024-08-01"}]}, "calendar_hole"),
        ({"calendar": []}, "capacity_missing"),
        ({"receipts": []}, "part_unsupplied"),
        ({"calendar": [{**document()["calendar"][0], "ends": "0001-01-01"}]}, "stretch_empty"),
    ],
)
def test_bad_documents_are_refused_by_the_same_codes(changed: dict[str, Any], code: str) -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        refused = await put(eva, with_part(**changed), "one")
        started = await eva.post(f"{BASE}/plans/runs", {"capacity": with_part(**changed)}, "run")

        for each in (refused, started):
            assert (each.status, each.code) == (422, "capacity_faulty")
            assert code in each.json["details"]["faults"]
        assert (await eva.get(f"{BASE}/capacity")).code == "capacity_missing"

    told(story)


def test_what_no_line_builds_is_said_before_it_is_published() -> None:
    async def story(here: World, eva: Client) -> None:
        order_id = await here.deposited()
        await put(eva, with_part(), "one")
        usual = (await eva.post(f"{BASE}/capacity/proposals", {"tables": {}})).json
        assert "orders_unbuilt" not in {each["code"] for each in usual["warnings"]}

        lines = "plant,code,models\nnorth,1,s7-standard\n"
        body = {"tables": {"lines": lines}}
        proposed = (await eva.post(f"{BASE}/capacity/proposals", body)).json
        orders = proposed["warnings"][0]
        assert (proposed["findings"], orders["code"], orders["table"]) == (
            *([], "orders_unbuilt", "lines"),
        )
        assert (orders["line"], orders["row"], orders["key"]) == (1, None, "models")
        assert orders["details"] == {
            "orders": "1",
            "model": "s7-max",
            "market": "CN",
            "short": "plant",
            "order_id": order_id,
        }
        assert orders["what"].endswith(
            f"(missing: a plant for this market), for example {order_id}"
        )

        run = (await eva.post(f"{BASE}/plans/runs", {"capacity": proposed["capacity"]}, "r")).json
        (first, *_) = run["outcome"]["unbuilt"]
        assert (first["code"], first["details"]) == ("orders_unbuilt", orders["details"])
        edit = {"kind": "days", "line": "north/1", "begins": BEGINS, "ends": document()["ends"]}
        idle = {"edits": [{**edit, "shifts": 0, "cars_per_shift": 0}]}
        told_of = (await eva.post(f"{BASE}/capacity/proposals", idle)).json["warnings"]
        assert ("line_idle", 1, None) in {
            (each["code"], each["row"], each["line"]) for each in told_of
        }
        much = {"edits": [{**edit, "shifts": 3, "cars_per_shift": 9_999}]}
        (large,) = (await eva.post(f"{BASE}/capacity/proposals", much)).json["findings"]
        assert (large["code"], large["row"], large["key"]) == (
            *("number_too_large", 1, "cars_per_shift"),
        )

    told(story)


def test_an_edit_is_proposed_from_what_counts() -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        path = f"{BASE}/capacity/proposals"
        edit = {"kind": "receipt", "part": "hook", "day": BEGINS, "units": 3}
        assert (await eva.post(path, {"edits": [edit]})).code == "capacity_missing"
        await put(eva, with_part(), "one")

        proposed = (await eva.post(path, {"edits": [edit]})).json
        assert proposed["capacity"]["receipts"] == [{"part": "hook", "day": BEGINS, "units": 3}]
        assert proposed["findings"] == []

        unknown = await eva.post(path, {"edits": [{**edit, "part": "seat"}]})
        assert (unknown.status, unknown.code) == (422, "capacity_name_unknown")
        assert unknown.json["details"] == {"name": "seat", "known": "hook"}
        wrong = (await eva.post(path, {"edits": [{**edit, "day": "2024-07-01"}]})).json
        (finding,) = wrong["findings"]
        assert (finding["row"], finding["line"], finding["code"]) == (1, None, "day_outside")
        assert (await eva.post(path, {"edits": [{"kind": "price"}]})).status == 400

    told(story)


def test_a_version_is_kept_as_tables() -> None:
    async def story(here: World, eva: Client) -> None:  # noqa: ARG001 - as all
        path = f"{BASE}/capacity/document"
        assert (await eva.get(path)).code == "capacity_missing"
        await put(eva, with_part(), "one")

        one = await eva.get(f"{path}?table=receipts")
        assert one.headers["content-type"].startswith("text/csv")
        assert one.body.decode("utf-8-sig") == tables()["receipts"]
        every = await eva.get(path)
        assert every.headers["content-disposition"].endswith('filename="capacity-1.zip"')
        archive = zipfile.ZipFile(io.BytesIO(every.body))
        read = {
            each.removesuffix(".csv"): archive.read(each).decode("utf-8-sig")
            for each in archive.namelist()
        }
        assert read == tables()
        again = (await eva.post(f"{BASE}/capacity/proposals", {"tables": read})).json
        assert msgspec.convert(again["capacity"], Capacity, strict=False) == msgspec.convert(
            with_part(), Capacity, strict=False
        )
        assert (await eva.get(f"{path}?table=prices")).code == "capacity_name_unknown"
        assert (await eva.get(f"{path}?version=2")).code == "capacity_missing"

    told(story)


# Dry runs beside the doors --------------------------------------------------------------------


def test_a_run_is_started_looked_at_and_kept_as_a_file() -> None:
    async def story(here: World, eva: Client) -> None:
        assert (await eva.post(f"{BASE}/plans/runs", {}, "a")).code == "capacity_missing"
        order_id = await here.deposited()
        await put(eva, with_part(), "one")

        started = await eva.post(f"{BASE}/plans/runs", {}, "a")
        assert (started.status, started.json["step"]) == (202, "done")
        again = await eva.post(f"{BASE}/plans/runs", {}, "a")
        assert again.json["run_id"] == started.json["run_id"]
        other = await eva.post(f"{BASE}/plans/runs", {"way": "fresh"}, "a")
        assert other.code == "key_reused"
        path = f"{BASE}/plans/runs/{started.json['run_id']}"
        shown = (await eva.get(path)).json
        assert (shown["is_over"], shown["is_abandoned"], shown["pages"]) == (True, False, 1)
        assert shown["changes"] is None
        (lane,) = shown["outcome"]["lanes"]
        assert (lane["orders"], lane["newly_placed"]) == (1, 1)
        listed = (await eva.get(f"{path}/moves")).json
        assert [each["order"]["order_id"] for each in listed["moves"]] == [order_id]
        assert (await eva.get(f"{path}/moves?page=2")).json["moves"] == []
        head, line = (await eva.get(f"{path}/document")).body.decode().splitlines()
        assert head.split(",")[:4] == ["order_id", "queue_id", "previous_day", "day"]
        assert line.split(",")[:3] == [order_id, "s7-cn", ""]
        assert line.endswith(",first_plan,,false")
        outcome = shown["outcome"]
        chosen = {"digest": outcome["digest"], "basis": outcome["basis"]}
        assert (await eva.post(f"{BASE}/plans/apply", chosen, "plan")).status == 201
        for rest in ("", "/moves", "/document"):
            assert (await eva.get(f"{BASE}/plans/runs/none{rest}")).code == "plan_run_unknown"

    told(story)


MEANINGLESS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"percent": 1_001}, "supposition_percent_unsuitable", "north=1001"),
    ({"percent": -1}, "supposition_percent_unsuitable", "north=-1"),
    (
        {"begins": "2024-08-16", "ends": "2024-08-02"},
        "supposition_days_empty",
        "north@2024-08-16..2024-08-02=0",
    ),
    ({"ends": "2024-01-01"}, "supposition_outside", "north@..2024-01-01=0"),
    ({}, "supposition_leaves_nothing", "north=0"),
)


def test_what_if_names_what_there_is_and_cannot_be_kept() -> None:
    async def story(here: World, eva: Client) -> None:
        await here.deposited()
        await put(eva, with_part(), "one")
        path = f"{BASE}/plans/runs"
        wrong = await eva.post(path, {"suppositions": [{"name": "west", "percent": 0}]}, "a")
        assert wrong.code == "capacity_name_unknown"
        assert wrong.json["details"]["known"] == "hook, north, north/1"
        for number, (fields, code, written) in enumerate(MEANINGLESS):
            supposed = {"suppositions": [{"name": "north", "percent": 0, **fields}]}
            refused = await eva.post(path, supposed, f"refused-{number}")
            assert (refused.status, refused.code) == (422, code)
            assert refused.json["details"]["supposition"] == written
            assert written in refused.json["detail"]

        stop = {"name": "north", "percent": 0, "ends": str(LAST_DAY)}
        run = (await eva.post(path, {"suppositions": [stop]}, "c")).json
        assert run["outcome"]["summary"]["placed"] == 1
        effect = run["outcome"]["effect"]
        assert (effect["without"]["placed"], effect["later"], effect["lose_day"]) == (1, 1, 0)
        assert effect["without"]["mean_wait"] < run["outcome"]["summary"]["mean_wait"]
        kept = await eva.post(f"{path}/{run['run_id']}/capacity", b"", "d")
        assert (kept.status, kept.code) == (409, "plan_run_unfit")
        assert len((await eva.get(f"{BASE}/capacity/history")).json["versions"]) == 1

    told(story)


def test_the_same_key_names_its_run_also_when_it_could_not_be_asked_for_any_more() -> None:
    async def story(here: World, eva: Client) -> None:
        await here.deposited()
        await put(eva, with_part(), "one")
        path = f"{BASE}/plans/runs"
        fewer = {"suppositions": [{"name": "hook", "percent": 50}]}
        started = await eva.post(path, fewer, "a")
        await put(eva, document(), "two")

        assert (await eva.post(path, fewer, "a")).json["run_id"] == started.json["run_id"]
        # The control: asked for anew, it is refused.
        assert (await eva.post(path, fewer, "b")).code == "capacity_name_unknown"

    told(story)


def test_a_changed_document_is_kept_unless_another_one_came_first() -> None:
    async def story(here: World, eva: Client) -> None:
        await here.deposited()
        path = f"{BASE}/plans/runs"
        runs = [
            (await eva.post(path, {"capacity": with_part(frozen_days=days)}, f"r{days}")).json
            for days in (11, 12)
        ]
        assert [each["instead_of"] for each in runs] == [None, None]
        assert runs[0]["changes"]["frozen_days"] == [None, 11]
        first, second = (f"{path}/{each['run_id']}/capacity" for each in runs)

        kept = await eva.post(first, b"", "keep")
        assert (kept.status, kept.json["version"]) == (201, 1)
        assert (await eva.post(first, b"", "keep")).json["version"] == 1
        late = await eva.post(second, b"", "late")

        assert (late.status, late.code) == (409, "capacity_outdated")
        assert late.json["details"] == {"instead_of": "0", "version": "1"}
        assert (await eva.get(f"{BASE}/capacity")).json["capacity"]["frozen_days"] == 11

    told(story)


def test_a_run_whose_process_died_is_over_and_has_nothing_to_keep() -> None:
    async def story(here: World, eva: Client) -> None:
        now = here.clock.now()
        run = PlanRun(
            run_id="left",
            actor_id="staff:lin",
            content_hash="c",
            wanted=RunWanted(),
            asked_at=now,
            step_at=now,
        )
        await here.kept.runs.add(run)
        path = f"{BASE}/plans/runs/left"
        assert (await eva.get(path)).json["is_over"] is False
        here.pass_time(seconds=ABANDONED_AFTER.total_seconds() + 1)
        later = here.staff("planning")
        shown = (await later.get(path)).json
        assert (shown["step"], shown["is_over"], shown["is_abandoned"]) == ("waiting", True, True)
        assert (await later.get(f"{path}/document")).code == "plan_run_unfit"

    told(story)


# What planners watch over ---------------------------------------------------------------------


def test_the_load_of_lines_and_parts_is_shown_by_day() -> None:
    async def story(here: World, eva: Client) -> None:
        days = f"begins={BEGINS}&ends=2024-07-29"
        assert (await eva.get(f"{BASE}/capacity/load?{days}")).code == "capacity_missing"
        path = f"{BASE}/capacity/part-load?{days}"
        assert (await eva.get(f"{path}&part=hook")).code == "capacity_missing"
        await here.deposited()
        await put(eva, with_part(), "one")
        run = (await eva.post(f"{BASE}/plans", {})).json
        (day,) = {each["day"] for each in run["moves"]}
        assert (await eva.get(f"{BASE}/capacity/load?{days}")).json["plan_version"] is None
        chosen = {"digest": run["digest"], "basis": run["basis"]}
        await eva.post(f"{BASE}/plans/apply", chosen, "plan")

        begins = f"begins={day}&ends=2024-09-01"
        load = (await eva.get(f"{BASE}/capacity/load?{begins}")).json
        (line,) = load["lines"]
        assert (line["line"], load["plan_version"]) == ("north/1", 1)
        first = line["days"][0]
        assert (first["day"], first["cars"], first["booked"]) == (day, 5, 1)

        part = (await eva.get(f"{path}&part=hook")).json
        assert (part["options"], part["carries_over"]) == (["tow-hook"], True)
        assert part["days"][0] == {"day": BEGINS, "units": 10, "needed": 0, "left": 10}
        assert len(part["days"]) == 7
        unknown = await eva.get(f"{path}&part=seat")
        assert unknown.json["details"] == {"name": "seat", "known": "hook"}

    told(story)


def test_promises_are_counted_by_the_week_of_the_reservation() -> None:
    async def story(here: World, eva: Client) -> None:
        await here.deposited("one")
        await here.reserve("two")

        health = (await eva.get(f"{BASE}/plans/promises")).json
        assert (health["begins"], health["ends"]) == ("2024-04-29", "2024-07-22")
        (cohort,) = health["cohorts"]
        assert (cohort["week"], cohort["lane_group"]) == ("2024-07-15", "s7-max")
        assert (cohort["promised"], cohort["by_terms"]) == (2, 2)
        assert (cohort["share"], cohort["claim"]) == (None, None)
        before = await eva.get(f"{BASE}/plans/promises?begins=2024-01-03&weeks=2")
        assert (before.json["begins"], before.json["cohorts"]) == ("2024-01-01", [])
        assert (await eva.get(f"{BASE}/plans/promises?weeks=27")).status == 400

    told(story)


def test_overtakings_are_listed_with_or_without_a_reason() -> None:
    async def story(here: World, eva: Client) -> None:
        assert (await eva.get(f"{BASE}/overtakings")).json["overtakings"] == []
        life = await begun(here)
        await life.until_locked()
        told_of = await eva.get(f"{BASE}/overtakings?limit=1&only_inversions=true")
        assert told_of.json == {"page": 1, "has_more": False, "overtakings": []}
        assert (await eva.get(f"{BASE}/overtakings?page=0")).status == 400

    told(story)
