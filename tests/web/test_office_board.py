"""The plan board in the office: the heat map, days, tables, what if, dry runs, what is watched.

Not here: who may open the pages (`test_office.py`), and the operations (`test_plan_board.py`).
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta

import msgspec
import pytest

from earnest.core.plan.loads import DayLoad
from earnest.core.queue.overtaking import Why
from earnest.demo.capacity import demo_capacity
from earnest.desk.places.passing import Passing
from earnest.desk.planning.runs import PlanRun, RunWanted, Step
from earnest.desk.planning.tables import write_tables
from earnest.web.api.plan_board import LineLoad
from earnest.web.office.planning.board import SHADES, WEEKS, heat_rows
from earnest.web.office.planning.watching import REASONS
from tests.web.browsing import Browser
from tests.web.life import begun
from tests.web.maker import World, world
from tests.web.test_office import staff
from tests.web.test_office_figures import figure

BOARD = "/office/plan"
WEEK = "2024-08-19"
DAYS = f"{BOARD}/days?line=north%2F1&week={WEEK}"


def told(story: Callable[[World, Browser], Awaitable[None]]) -> None:
    """Play a story with somebody who plans with a browser."""

    async def played() -> None:
        async with world() as here:
            await story(here, staff(here, "planning"))

    asyncio.run(played())


async def with_capacity(here: World) -> None:
    """Publish the demo's capacity."""
    content = msgspec.json.encode(demo_capacity(here.clock.now().date()))
    headers = {"idempotency-key": "capacity"}
    put = await here.staff("planning").ask("PUT", "/api/v1/capacity", content, headers=headers)
    assert put.status == 200, put.body


async def goes_on(who: Browser, path: str, fields: Mapping[str, str | list[str]]) -> str:
    """Send a form that starts a dry run; the address where the run is shown."""
    sent = await who.send(path, fields)
    assert sent.status == 303, sent.body
    return sent.headers["location"]


def hidden(body: bytes, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', body.decode())
    assert found is not None, name
    return html.unescape(found[1])


def file_form(fields: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """A form with files, as a browser sends it: its body and media type."""
    parts = [
        f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files.items():
        head = f'--x\r\ncontent-disposition: form-data; name="tables"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join([*parts, b"--x--\r\n"]), "multipart/form-data; boundary=x"


# The board ------------------------------------------------------------------------------------


def test_without_capacity_every_page_says_what_to_do() -> None:
    async def story(here: World, eva: Browser) -> None:  # noqa: ARG001 - as all
        for page in ("", "/what-if"):
            assert b"No capacity is published" in (await eva.get(f"{BOARD}{page}")).body
        tried = await eva.send(BOARD, {"form": "try", "way": "gentle", "key": "a"})
        assert b'data-code="capacity_missing"' in tried.body
        assert b"Nobody reserved in these weeks." in (await eva.get(f"{BOARD}/promises")).body
        assert b"Nobody was." in (await eva.get(f"{BOARD}/inversions")).body
        assert b"All as ZIP" not in (await eva.get(f"{BOARD}/capacity")).body

    told(story)


def test_a_cell_says_in_figures_what_its_colour_shows() -> None:
    monday = date(2026, 11, 23)

    def load(day: int, cars: int, booked: int) -> DayLoad:
        return DayLoad(
            day=monday + timedelta(days=day),
            shifts=1,
            cars_per_shift=cars,
            is_holiday=False,
            cars=cars,
            booked=booked,
        )

    days = (load(0, 10, 0), load(6, 10, 1), load(7, 5, 5), load(14, 0, 0), load(21, 4, 6))
    weeks = [monday + number * timedelta(days=7) for number in range(5)]
    (row,) = heat_rows((LineLoad(line="north/1", models=(), days=days),), weeks)

    shown = [(each.cars, each.booked, each.share, each.shade, each.is_over) for each in row.cells]
    assert shown == [
        (20, 1, 5, 1, False),
        (5, 5, 100, SHADES, False),
        (0, 0, None, 0, False),
        (4, 6, 150, SHADES, True),
        (0, 0, None, 0, False),
    ]
    assert [each.week for each in row.cells] == weeks


def test_the_board_leads_to_every_week_of_every_line_and_part() -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        body = (await eva.get(BOARD)).body.decode()
        weeks = re.findall(r'href="/office/plan/days\?line=north%2F1&amp;week=([^"]+)"', body)
        assert len(weeks) == WEEKS
        assert body.count("/office/plan/days?part=ceramic-discs") == WEEKS
        shown = await eva.get(DAYS)
        assert shown.body.decode().count('<th scope="row">') == 7
        assert b"1200" in shown.body
        part = (await eva.get(f"{BOARD}/days?part=ceramic-discs&week={WEEK}")).body
        assert b"600" in part
        assert b"sport-brakes" in part
        for wrong in ("line=west", "part=seat", ""):
            assert (await eva.get(f"{BOARD}/days?{wrong}")).status == 422

    told(story)


# Changing capacity ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "fields", "change"),
    [
        (
            DAYS,
            {
                "form": "days",
                "first": "2024-08-20",
                "last": "2024-08-21",
                "shifts": "1",
                "cars": "500",
                "weekday": ["1", "2", "3"],
            },
            ("north/1", "7200", "5800"),
        ),
        (
            DAYS,
            {"form": "holiday", "day": "2024-08-20", "builds": "no"},
            ("north/2", "4800", "4000"),
        ),
        (
            f"{BOARD}/days?part=ceramic-discs&week={WEEK}",
            {"form": "receipt", "day": WEEK, "units": "70"},
            ("ceramic-discs", "600", "70"),
        ),
    ],
)
def test_a_change_is_looked_at_and_then_kept(
    path: str, fields: dict[str, str | list[str]], change: tuple[str, str, str]
) -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        run = await goes_on(eva, path, {**fields, "key": "change"})
        shown = (await eva.get(run)).body.decode()
        assert "Nobody moves." in shown
        cells = re.sub(r"<[^>]+>", " ", shown).split()
        place = cells.index(change[0])
        assert tuple(cells[place : place + 3]) == change

        kept = await eva.send(run, {"form": "keep", "key": "keep"})

        assert kept.headers["location"] == f"{BOARD}?kept=yes"
        listed = (await eva.get(f"{BOARD}/capacity")).body.decode()
        assert "/office/plan/capacity/2/all.zip" in listed
        again = await eva.send(run, {"form": "keep", "key": "other"})
        assert b'data-code="capacity_outdated"' in again.body

    told(story)


def test_a_change_that_makes_no_sense_says_so_beside_its_form() -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        fields = {"form": "days", "shifts": "1", "cars": "5", "weekday": ["1"], "key": "a"}
        outside = await eva.send(DAYS, {**fields, "first": "2024-07-15", "last": "2024-07-16"})
        assert outside.status == 422
        assert b"This day is outside the days of the document" in outside.body
        reversed_days = {"first": "2024-08-21", "last": "2024-08-12"}
        assert b"ends before it begins" in (await eva.send(DAYS, fields | reversed_days)).body
        unread = await eva.send(DAYS, fields | {"first": "soon", "last": "later"})
        assert unread.status == 400
        assert b'value="soon"' in unread.body
        assert len(await here.house.plans.capacity_history()) == 1

    told(story)


def test_tables_are_imported_with_every_fault_by_its_line() -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        path = f"{BOARD}/capacity"
        tables = write_tables(demo_capacity(here.clock.now().date()))
        calendar = tables["calendar"].replace(",2,600,", ",2,many,", 1)

        async def sent(**files: bytes) -> tuple[int, str, str]:
            fields = {"form": "import", "key": str(len(files)), "seal": await eva.seal(path)}
            named = {f"{name}.csv": content for name, content in files.items()}
            body, media_type = file_form(fields, named)
            answer = await eva.raw(path, body, media_type)
            return answer.status, answer.body.decode(), answer.headers.get("location", "")

        status, body, _ = await sent(calendar=calendar.encode(), holidays="plant,天".encode("gbk"))
        assert status == 422
        assert "holidays.csv" in body
        assert "The file is not written in UTF-8" in body
        status, body, _ = await sent(calendar=calendar.encode())
        assert (status, body.count('class="finding"')) == (422, 1)
        assert "line 2" in body
        assert "The cell cannot be read: many" in body
        assert "Write whole numbers with digits only" in body
        status, _, _ = await sent()
        assert status == 400

        receipts = tables["receipts"].replace(",600\n", ",10\n")
        status, _, run = await sent(receipts=receipts.encode("utf-8-sig"))
        assert status == 303
        shown = (await eva.get(run)).body.decode()
        assert "and 96 more weeks" in shown or "more weeks" in shown
        assert "Keep this change" in shown
        assert "data-unbuilt" not in shown

        lines = tables["lines"].splitlines()
        emptied = "\n".join([lines[0], *(f"{each.rsplit(',', 1)[0]},y7-max" for each in lines[1:])])
        status, _, run = await sent(lines=emptied.encode(), receipts=tables["receipts"].encode())
        assert status == 303
        shown = (await eva.get(run)).body.decode()
        assert "What no line builds" in shown
        assert "No line builds s7-max for CN, where it is on sale" in shown

    told(story)


def test_versions_are_kept_as_files() -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        one = await eva.get(f"{BOARD}/capacity/1/calendar.csv")
        assert one.headers["content-type"] == "text/csv; charset=utf-8"
        tables = write_tables(demo_capacity(here.clock.now().date()))
        assert one.body.decode("utf-8-sig") == tables["calendar"]
        every = await eva.get(f"{BOARD}/capacity/1/all.zip")
        assert (every.headers["content-type"], every.body[:2]) == ("application/zip", b"PK")
        assert (await eva.get(f"{BOARD}/capacity/2/all.zip")).status == 409
        assert (await eva.get(f"{BOARD}/capacity/x/all.zip")).status == 400
        assert (await eva.get(f"{BOARD}/capacity/1/prices.csv")).status == 422

    told(story)


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Why)


# Dry runs -------------------------------------------------------------------------------------


def test_a_plan_is_tried_and_applied_whole_or_not_at_all() -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        life = await begun(here)
        await life.until_locked()
        run = await goes_on(eva, BOARD, {"form": "try", "way": "gentle", "key": "try"})
        shown = (await eva.get(run)).body
        assert figure(shown, "newly placed") == "1"
        assert b"First place in a plan" in shown
        fields = {
            "form": "apply",
            "digest": hidden(shown, "digest"),
            "basis": hidden(shown, "basis"),
        }
        malformed = await eva.send(run, {**fields, "basis": "{", "key": "b"})
        assert malformed.status == 400
        moves = await eva.get(f"{run}/moves.csv")
        assert life.order_id in moves.body.decode()
        assert moves.headers["content-type"] == "text/csv; charset=utf-8"

        assert (await eva.send(run, {**fields, "key": "c"})).headers["location"] == (
            f"{BOARD}?applied=yes"
        )
        assert b"The plan that counts" in (await eva.get(BOARD)).body
        again = await eva.send(run, {**fields, "key": "d"})
        assert b'data-code="plan_outdated"' in again.body
        assert b"<li>Version of the published plan: 0 in the dry run, 1 now</li>" in again.body
        fresh = await goes_on(eva, BOARD, {"form": "try", "way": "fresh", "key": "fresh"})
        assert b"Nobody moves." in (await eva.get(fresh)).body
        assert (await eva.send(BOARD, {"form": "try", "way": "x", "key": "x"})).status == 400
        assert (await eva.get(f"{run}?page=x")).status == 400
        past_the_end = (await eva.get(f"{run}?page=300")).body
        assert life.order_id.encode() in past_the_end
        assert b"Nobody moves." not in past_the_end

    told(story)


def test_what_if_moves_nobody_and_says_who_would() -> None:
    async def story(here: World, eva: Browser) -> None:
        await with_capacity(here)
        life = await begun(here)
        await life.until_locked()
        path = f"{BOARD}/what-if"
        run = await goes_on(eva, BOARD, {"form": "try", "way": "gentle", "key": "try"})
        shown = (await eva.get(run)).body
        fields = {"digest": hidden(shown, "digest"), "basis": hidden(shown, "basis")}
        await eva.send(run, {"form": "apply", **fields, "key": "apply"})

        stop = {"form": "suppose", "name-0": "north", "percent-0": "0", "key": "stop"}
        supposed = (await eva.get(await goes_on(eva, path, stop))).body.decode()
        assert "north at 0 %" in supposed
        assert "no day any more" in supposed
        assert "nothing of it was saved" in supposed
        assert '<th scope="row">mean wait in days</th>' in supposed
        assert "This alone: 0 come later, 0 earlier, 1 lose their day, 0 get one." in supposed
        assert 'name="digest"' not in supposed
        weeks = stop | {"begins-0": "2024-09-02", "weeks-0": "2", "name-1": "", "key": "weeks"}
        later = (await eva.get(await goes_on(eva, path, weeks))).body.decode()
        assert "until before 2024-09-16" in later
        wrong = await eva.send(path, stop | {"percent-0": "much", "key": "wrong"})
        assert wrong.status == 400
        for fields, code in (
            ({"percent-0": "-5"}, b"supposition_percent_unsuitable"),
            ({"begins-0": "2024-09-02", "weeks-0": "0"}, b"supposition_days_empty"),
            ({"begins-0": "2044-09-02", "weeks-0": "1"}, b"supposition_outside"),
        ):
            refused = await eva.send(path, stop | fields | {"key": str(code)})
            assert b'data-code="' + code in refused.body
        unknown = await eva.send(path, stop | {"name-0": "west", "key": "unknown"})
        assert b'data-code="capacity_name_unknown"' in unknown.body

    told(story)


def test_a_run_that_goes_on_says_its_step_and_one_that_was_left_says_so() -> None:
    async def story(here: World, eva: Browser) -> None:
        now = here.clock.now()
        run = PlanRun(
            run_id="0123456789ABCDEF",
            actor_id="staff:lin",
            content_hash="c",
            wanted=RunWanted(),
            asked_at=now,
            step_at=now,
        )
        path = f"{BOARD}/runs/{run.run_id}"
        await here.kept.runs.add(run)
        await here.kept.runs.say(msgspec.structs.replace(run, step=Step.PLANNING))
        shown = (await eva.get(path)).body.decode()
        assert f'<body data-live="plan-run:{run.run_id}?seen=' in shown
        assert re.search(r'<li class="now" aria-current="step"><span>Making the plan', shown)
        assert "Look again" in shown
        await here.kept.runs.say(msgspec.structs.replace(run, step=Step.FAILED))
        failed = (await eva.get(path)).body.decode()
        assert "This dry run did not end" in failed
        assert "data-live=" not in failed
        assert (await eva.get(f"{BOARD}/runs/none")).status == 404

    told(story)


# What is watched ------------------------------------------------------------------------------


def test_promises_are_drawn_and_told_in_figures() -> None:
    async def story(here: World, eva: Browser) -> None:
        await here.deposited()
        body = (await eva.get(f"{BOARD}/promises")).body.decode()
        assert "2024-07-15" in body
        assert "no claim" in body
        earlier = (await eva.get(f"{BOARD}/promises?begins=2024-01-01")).body
        assert b"Nobody reserved in these weeks." in earlier

    told(story)


def test_overtakings_lead_to_both_orders() -> None:
    async def story(here: World, eva: Browser) -> None:
        ann, bo = await here.deposited("ann"), await here.deposited("bo")
        here.pass_time(hours=168)
        await here.time_acts()
        planning = here.staff("planning")
        slot = {"slot": {"plant": "north", "week": "2024-W40"}}
        given = await planning.post(f"/api/v1/orders/{bo}/schedule", slot, "s")
        assert given.status == 200, given.body
        here.pass_time(hours=2)
        await look_for_passed(here)

        eva = staff(here, "planning")
        body = (await eva.get(f"{BOARD}/inversions?only=inversions")).body.decode()
        assert f'href="/office/orders/{ann}"' in body
        assert f'href="/office/orders/{bo}"' in body
        assert "Inversion: no reason" in body

    told(story)


async def look_for_passed(here: World) -> None:
    """Let the job look that puts overtakings on record."""
    await here.house.places.refresh()
    passing = Passing(here.desk, here.house.places, here.house.reader.events)
    assert await passing.look(here.clock.now()) == 1
