"""`earnest serve --demo --orders`: orders in every stage, lived once, whatever interrupts it.

Not here: a demo without orders (`test_serve.py`), which everything that counts orders starts.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from earnest.demo.buyers import demo_buyer_id
from earnest.demo.lives import LIVES
from earnest.demo.orders import SeededOrders, demo_order_id, steps_until
from earnest.gateways.clock import Clock
from earnest.seeding import SEEDED_FILE, seed_demo_orders
from earnest.settings import SettingsError, read_settings
from tests.demo.running import Running, asked, directory, earnest, free_ports, start

STAGES = {
    "closed": "closed",
    "late": "scheduled",
    "handed-over": "handed_over",
    "paid": "paid",
    "inspected": "inspected",
    "refused": "built",
    "tendered": "tendered",
    "in-transit": "in_transit",
    "built": "built",
    "deferred": "locked",
    "scheduled": "scheduled",
    "no-show": "tendered",
    "first-today": "tendered",
    "second-today": "tendered",
    "third-today": "tendered",
    "tomorrow": "tendered",
    "unprepared": "tendered",
    "by-the-lake": "tendered",
    "on-its-way": "in_transit",
    "at-risk": "locked",
    "next-week": "scheduled",
    "with-it": "scheduled",
    "locked": "locked",
    "waits-1": "locked",
    "waits-2": "locked",
    "waits-3": "locked",
    "waits-4": "locked",
    "waits-5": "locked",
    "cools": "deposited",
    "withdrawn": "withdrawn",
    "deposited": "deposited",
    "reserved": "reserved",
}
ORDERS = {life.name: demo_order_id(life) for life in LIVES}
INTERRUPTED_AFTER = next(
    number
    for number, step in enumerate(steps_until(datetime(2026, 11, 23, tzinfo=UTC)))
    if step.life.name == "first-today"
)
"""Capacity is published by then, and no plan is applied yet."""
WITHIN_S = 60
MAKERS_ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def demo() -> Iterator[Running]:
    """A demo that was killed while its orders were lived, and started again."""
    with directory() as data:
        port = free_ports()
        _killed_half_way(data, port)
        running = start(data, port, "--demo", "--orders")
        try:
            yield running
        finally:
            running.stop()


def _killed_half_way(data: Path, port: int) -> None:
    command = [sys.executable, "-m", "earnest", "serve", "--demo", "--orders"]
    environment = {name: each for name, each in os.environ.items() if name[:8] != "EARNEST_"}
    process = subprocess.Popen(
        [*command, "--data", str(data), "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(WITHIN_S * 100):
        if _reached(data)["steps_done"] >= INTERRUPTED_AFTER or process.poll() is not None:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    reached = _reached(data)
    assert reached["steps_done"] >= INTERRUPTED_AFTER
    assert not reached["is_complete"]


def _reached(data: Path) -> dict[str, Any]:
    path = data / "demo-orders.json"
    if not path.exists():
        return {"steps_done": 0, "is_complete": False}
    found: dict[str, Any] = json.loads(path.read_bytes())
    return {"steps_done": 0, "is_complete": False} | found


def _audit(running: Running) -> dict[str, Any]:
    done = running.earnest("audit", "--json")
    assert done.code == 0, done
    found: dict[str, Any] = json.loads(done.out)
    return found


def _shown(running: Running, name: str) -> dict[str, Any]:
    found: dict[str, Any] = running.ask(f"/orders/{ORDERS[name]}")
    return found


def _paid_back(running: Running) -> list[str]:
    return [each["state"] for each in _shown(running, "withdrawn")["payouts"]]


@pytest.mark.slow
def test_there_is_an_order_in_every_stage(demo: Running) -> None:
    assert {name: _shown(demo, name)["stage"] for name in ORDERS} == STAGES
    assert "demo_order_ends_early" not in demo.said


@pytest.mark.slow
def test_those_that_went_another_way_show_it(demo: Running) -> None:
    kinds = {
        name: [each["kind"] for each in demo.ask(f"/orders/{ORDERS[name]}/timeline")["events"]]
        for name in ("late", "refused", "deferred", "withdrawn")
    }

    assert {"DeliveryDemanded", "CaseOpened"} <= set(kinds["late"])
    assert kinds["refused"][-1] == "Inspected"
    assert "Deferred" in kinds["deferred"]
    assert "Withdrawn" in kinds["withdrawn"]


@pytest.mark.slow
def test_the_withdrawn_deposit_comes_back_and_the_provider_agrees(demo: Running) -> None:
    for _ in range(WITHIN_S * 10):
        if _paid_back(demo) == ["paid"]:
            break
        time.sleep(0.1)

    provider = asked(f"{demo.file.sandbox_url}/api/status")

    assert _paid_back(demo) == ["paid"]
    assert provider["webhooks"]["pending"] == 0
    assert _audit(demo)["orders"] == len(LIVES)


@pytest.mark.slow
def test_its_provider_and_bank_send_statements_of_which_the_last_can_be_imported(
    demo: Running, tmp_path: Path
) -> None:
    seen = demo.ask("/reconciliation")
    (explained,) = seen["explained"]
    kinds = {each["kind"] for each in explained["items"]}
    assert explained["remainder"] == 0
    assert {"held", "stood_before", "fee", "in_transit", "not_in_books", "not_yet_shown"} <= kinds
    assert {each["payer"] for each in seen["lines"]} >= {"王芳"}

    assert demo.earnest("money", "example", str(tmp_path)).code == 0
    provider = str(tmp_path / "provider.csv")
    looked = demo.earnest("money", "import", provider, "--account", "sandbox")
    assert "Nothing was imported" in looked.out
    taken = [
        demo.earnest("money", "import", path, "--account", account, "--as", "han-finance")
        for path, account in (
            (provider, "sandbox"),
            (str(tmp_path / "bank-mt940.sta"), "harbour-bank"),
            (str(tmp_path / "bank-camt053.xml"), "harbour-bank"),
            (provider, "harbour-bank"),
            (provider, "nowhere"),
            (str(tmp_path / "none"), "sandbox"),
        )
    ]
    assert [each.code for each in taken] == [0, 0, 1, 1, 1, 1]
    assert [each.err.rpartition("[")[2].strip() for each in taken[2:]] == [
        *("statement_overlaps]", "column_missing]", "outside_account_unknown]"),
        "file_unreadable]",
    ]
    again = demo.earnest("money", "import", provider, "--account", "sandbox", "--as", "gu-finance")
    assert "nothing changed" in again.out
    shown = demo.earnest("money", "show", columns=160)
    assert "harbour-bank" in shown.out
    (after,) = demo.ask("/reconciliation")["explained"]
    assert after["remainder"] == 0
    assert demo.earnest("money", "example", str(tmp_path)).code == 1


@pytest.mark.slow
def test_capacity_and_a_plan_were_published_once_and_promises_tell_how_they_stand(
    demo: Running,
) -> None:
    versions = demo.ask("/capacity/history", "planning")["versions"]
    plan = demo.ask("/plans/current", "planning")
    cohorts = demo.ask("/plans/promises", "planning")["cohorts"]

    assert [each["version"] for each in versions] == [1]
    assert (plan["version"], plan["summary"]["placed"]) == (1, 13)
    assert {"kept", "open", "put_off", "by_terms"} <= {
        state for each in cohorts for state, count in each.items() if count
    }


@pytest.mark.slow
def test_buyers_come_to_the_delivery_centres_today_and_tomorrow(demo: Running) -> None:
    started = datetime.fromisoformat(_reached(demo.data)["started_at"])

    _assert_they_come_around(demo, started.astimezone(MAKERS_ZONE).date())


@pytest.mark.slow
@pytest.mark.parametrize("hour", [0, 19, 23])
def test_they_come_on_the_same_days_whatever_the_hour_at_which_a_demo_starts(hour: int) -> None:
    now = Clock().now().astimezone(MAKERS_ZONE)
    started = now.replace(hour=hour, minute=20, second=0, microsecond=0)
    started -= timedelta(days=started > now)
    with directory() as data:
        data.mkdir(mode=0o700)
        note = msgspec.json.encode(SeededOrders(started_at=started.astimezone(UTC)))
        (data / SEEDED_FILE).write_bytes(note)
        running = start(data, free_ports(), "--demo", "--orders")
        try:
            _assert_they_come_around(running, started.date())
        finally:
            running.stop()


def _assert_they_come_around(running: Running, today: date) -> None:
    named = {order_id: name for name, order_id in ORDERS.items()}
    near = _visits(running, "shanghai-meridian", today, 2)
    booked = {named[each["order_id"]]: each for each in near if each["appointment"]}
    on = {name: _day(each["appointment"]) for name, each in booked.items()}

    assert {name for name, day in on.items() if day == today} == {
        *("first-today", "second-today", "third-today"),
    }
    assert {name for name, day in on.items() if day == today + timedelta(days=1)} == {"tomorrow"}
    assert {booked[name]["bay"] for name in ("first-today", "second-today")} == {1, 2}
    assert [named[each["order_id"]] for each in near if each["missed"]] == ["no-show"]
    by_the_lake = _visits(running, "hangzhou-lakeside", today, 7)
    assert "by-the-lake" in {named[x["order_id"]] for x in by_the_lake if x["appointment"]}


def _day(appointment: dict[str, str]) -> date:
    return datetime.fromisoformat(appointment["begins"]).astimezone(MAKERS_ZONE).date()


def _visits(running: Running, centre: str, day: date, days: int) -> list[dict[str, Any]]:
    shown = running.ask(f"/centres/{centre}/days?day={day}&days={days}", "delivery")
    found: list[dict[str, Any]] = shown["visits"]
    return found


@pytest.mark.slow
def test_one_of_the_buyers_finds_them_under_the_same_name(demo: Running) -> None:
    owners = {name: _shown(demo, name)["buyer_id"] for name in ORDERS}

    assert owners == {life.name: demo_buyer_id(life.who) for life in LIVES}


@pytest.mark.slow
def test_another_start_adds_nothing() -> None:
    with directory() as data:
        port = free_ports()
        first = start(data, port, "--demo")
        first.reserved("somebody")
        first.stop()

        second = start(data, port, "--demo", "--orders")
        audited = _audit(second)
        second.stop()

        assert audited["orders"] == 1
        assert not (data / "demo-orders.json").exists()


def test_made_up_orders_are_for_a_demo_only(tmp_path: Path) -> None:
    refused = earnest("serve", "--orders", "--data", tmp_path / "data")

    assert refused.code == 2
    assert "orders_without_demo" in refused.err
    assert not (tmp_path / "data").exists()


def test_a_note_of_how_far_they_came_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "demo-orders.json").write_text("{")
    settings = read_settings({}, data=tmp_path, demo=True, demo_orders=True)

    with pytest.raises(SettingsError, match=r"Remove it, .* \[demo_orders_unreadable\]"):
        asyncio.run(seed_demo_orders(settings, "postgresql://nowhere"))
